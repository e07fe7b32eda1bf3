"""What OpenRouter accepts: reads an order, and refuses as the vendor does.

A wrong type or an unknown word is a ZodError; a value that only the model does not take is refused
with the values that it takes. Both are HTTP 400.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    Model,
    Problem,
    Refusal,
    UnreadableError,
    find_problem,
    inspect_image,
    is_object,
    json_answer,
    load_models,
)

_PACKAGE = "anyvideo_plugins.openrouter.sandbox"
_WEB = re.compile(r"https?://\S+")
_DATA = re.compile(r"data:image/[a-z0-9.+-]+;base64,(?P<content>.*)", re.DOTALL)
_FRAMES = ("first_frame", "last_frame")
_NAMES = {"duration": "durations", "resolution": "resolutions", "aspect_ratio": "aspect ratios"}


def refuse(status: int, message: str, **metadata: object) -> Answer:
    """Return an error in the vendor's envelope; its code is the status."""
    more = {"metadata": metadata} if metadata else {}
    return json_answer({"error": {"code": status, "message": message, **more}}, status)


def read_order(call: Call) -> tuple[dict[str, Any], Model]:
    """Return the fields of an order and its model.

    Raises:
        Refusal: the vendor does not take it.
    """
    try:
        fields = call.read_json()
    except UnreadableError as error:
        raise Refusal(refuse(400, "Invalid request parameters")) from error
    schema = load_models(_PACKAGE, "models.toml", "schema")["request"]
    if problem := find_problem(fields, schema, ()):
        _reject([problem.param], problem.accepted or "Required")
    for name in ("frame_images", "input_references"):
        for number, entry in enumerate(fields.get(name) or ()):
            _check_entry(entry, [name, number], framed=name == "frame_images")
    model = load_models(_PACKAGE, "models.toml").get(fields["model"])
    if model is None:
        raise Refusal(refuse(404, "Resource not found"))
    _check_model(fields, model)
    return fields, model


def _reject(path: list[str | int], message: str) -> NoReturn:
    """Raise a ZodError, whose message is JSON."""
    issues = [{"code": "invalid_type", "path": path, "message": f"Invalid input: {message}"}]
    error = {"name": "ZodError", "message": json.dumps(issues, indent=2)}
    raise Refusal(json_answer({"success": False, "error": error}, 400))


def _check_entry(entry: Mapping[str, Any], path: list[str | int], *, framed: bool) -> None:
    """Check one image: {"type": "image_url", "image_url": {"url"}}, and a frame's place."""
    if entry.get("type") not in {"image_url", *(() if framed else ("audio_url", "video_url"))}:
        _reject([*path, "type"], 'expected "image_url"')
    kind = entry["type"]
    inner = entry.get(kind)
    if not is_object(inner) or not isinstance(inner.get("url"), str):
        _reject([*path, kind], "expected object with url")
    if framed and entry.get("frame_type") not in _FRAMES:
        _reject([*path, "frame_type"], 'expected one of "first_frame"|"last_frame"')
    if kind == "image_url":
        _check_image(inner["url"])


def _check_image(url: str) -> None:
    """Refuse what is neither a web address nor an image in base64; a web address is not fetched."""
    if _WEB.fullmatch(url):
        return
    found = _DATA.fullmatch(url)
    try:
        body = base64.b64decode(found["content"], validate=True) if found else b""
    except binascii.Error:
        body = b""
    if inspect_image(body) is None:
        raise Refusal(refuse(400, "Invalid image URL"))


def _check_model(fields: Mapping[str, Any], model: Model) -> None:
    """Refuse what the model does not take.

    Raises:
        Refusal: with the values that it takes.
    """
    if problem := find_problem(fields, model, ()):
        _refuse_value(problem)
    if not (fields.get("prompt") or "").strip():
        _deny("A prompt is required for this model")
    if model.facts.get("always_sound") and fields.get("generate_audio") is False:
        _deny("Audio cannot be disabled for this model")
    kinds = [entry["frame_type"] for entry in fields.get("frame_images") or ()]
    accepted: list[str] = model.facts["frames"]
    for kind in kinds:
        if kind not in accepted or kinds.count(kind) > 1:
            _deny(f"Frame images {kinds} are not supported for this model: {', '.join(accepted)}")


def _refuse_value(problem: Problem) -> NoReturn:
    word = problem.param.replace("_", " ").capitalize()
    got = f"{problem.got}s" if problem.param == "duration" else problem.got
    accepted = problem.accepted.replace(" / ", ", ")
    _deny(
        f"{word} {got} is not supported for this model. Supported {_NAMES[problem.param]}: {accepted}"
    )


def _deny(message: str) -> NoReturn:
    raise Refusal(refuse(400, message, failed_routing_step="Validate Video Parameters"))
