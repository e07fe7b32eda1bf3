"""Characters: how a person or thing to keep the same is named, made and answered for.

Source: https://github.com/apertis-ai/docs, api/audio-video/video, "Character Parameters" and
"Create Character".
"""

from __future__ import annotations

from anyvideo.plugin import JSON, Character, CharacterRef, Flow, Request, Response, diagnose


def name_fields(character: Character, *, prefix: str = "") -> dict[str, JSON]:
    """Return a character as the vendor's parameters: url or from_task, and timestamps."""
    named = {"url": character.url, "timestamps": None, "from_task": character.from_task}
    if character.timestamps is not None:
        named["timestamps"] = ",".join(map(_show, character.timestamps))
    return {prefix + name: value for name, value in named.items() if value is not None}


def _show(seconds: float) -> str:
    return str(int(seconds)) if seconds == int(seconds) else str(seconds)


def create(character: Character) -> Flow[CharacterRef]:
    """Make a character that prompts can name; the path is not under /v1.

    It is marked `paid` because a repeated call would make a second one.
    """
    response = yield Request("POST", "/sora/v1/characters", json=name_fields(character), paid=True)
    return read_character(response)


def read_character(response: Response) -> CharacterRef:
    """Return the character that an answer names.

    Raises:
        ProviderError: the answer is an error, or names no username, without which no prompt can
            use the character.
    """
    username = (_read_text(response, "username") or "").removeprefix("@")
    if not response.ok or not username:
        failure = diagnose(response, paid=True)
        if failure.kind == "malformed" and response.find() is not None:
            failure.message = "answered without the username of the character"
        raise failure
    return CharacterRef(
        id=_read_text(response, "id") or username,
        username=username,
        permalink=_read_text(response, "permalink"),
        profile_picture_url=_read_text(response, "profile_picture_url"),
    )


def _read_text(response: Response, name: str) -> str | None:
    value = response.find(name)
    return value.strip() or None if isinstance(value, str) else None
