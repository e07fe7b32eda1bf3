"""What Runway accepts: reads an order, and refuses as the vendor does.

Each body is a strict union by `model` (https://docs.dev.runwayml.com/openapi.json): a field that the
model does not have is refused like one with a wrong value.
"""

from __future__ import annotations

import base64
import binascii
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
    is_list,
    is_object,
    json_answer,
    load_models,
)

_DOCS = "https://docs.dev.runwayml.com/api"
_CODES = {
    "missing": "invalid_type",
    "type": "invalid_type",
    "value": "invalid_value",
    "unsupported": "unrecognized_keys",
}
_MEDIA = {"image/png": "image/png", "image/jpeg": "image/jpeg", "image/jpg": "image/jpeg"}
_MEDIA["image/webp"] = "image/webp"
_DATA = re.compile(r"data:(image/[a-z]+);base64,(.*)", re.DOTALL)
_URL = re.compile(r"https://[a-z][^\s/]*\.[^\s/]+(/\S*)?", re.IGNORECASE)
_LONGEST_URI = 5 * 1024 * 1024  # characters of a data URI
_LONGEST_URL = 2048


def refuse(status: int, message: str) -> Answer:
    """Return an error in the vendor's form: https://docs.dev.runwayml.com/errors/errors."""
    return json_answer({"error": message, "docUrl": _DOCS}, status)


def reject(path: list[str | int], code: str, message: str) -> NoReturn:
    """Raise the refusal of a field."""
    issue = {"code": code, "path": path, "message": message}
    body = {"error": "Validation of body failed", "issues": [issue], "docUrl": _DOCS}
    raise Refusal(json_answer(body, 400))


def read_order(call: Call, table: str) -> tuple[dict[str, Any], Model]:
    """Return the body of an order and its model at one endpoint.

    Raises:
        Refusal: the body, the model or a field is not what the endpoint takes.
    """
    try:
        body = call.read_json()
    except UnreadableError:
        raise Refusal(refuse(400, "Invalid JSON")) from None
    name, models = body.get("model"), load_models(__package__ or "", "models.toml", table)
    if not isinstance(name, str):
        reject(["model"], "invalid_type", "Invalid input: expected string, received undefined")
    if name not in models:
        reject(["model"], "invalid_union", "Invalid input")
    _check_fields(body, models[name], table)
    return body, models[name]


def _check_fields(body: Mapping[str, Any], model: Model, table: str) -> None:
    own = {"promptImage"} if table == "image" else set[str]()
    known = {name: value for name, value in body.items() if name not in own}
    for name, value in known.items():
        if value is None or value == "":
            reject([name], "invalid_type", f"Invalid input: received {value!r}")
    if problem := find_problem(known, model, known):
        _refuse_problem(problem)
    text = str(body.get("promptText", ""))
    longest = model.takes["promptText"].max or 0
    if len(text.encode("utf-16-le")) // 2 > longest:
        reject(
            ["promptText"], "too_big", f"Too big: expected string to have <={longest:g} characters"
        )
    for number, item in enumerate(body.get("references", ())):
        _check_uri(item.get("uri"), ["references", number, "uri"])
    if own:
        _check_frames(body, model)


def _refuse_problem(problem: Problem) -> NoReturn:
    """Raise the refusal of a problem, in words like those of the vendor's validator."""
    words = {
        "missing": "Invalid input: received undefined",
        "type": f"Invalid input: expected {problem.accepted}",
        "value": f"Invalid option: expected one of {problem.accepted}",
        "unsupported": f"Unrecognized key: {problem.param!r}",
    }
    reject([problem.param], _CODES[problem.kind], words[problem.kind])


def _check_frames(body: Mapping[str, Any], model: Model) -> None:
    """Check `promptImage`: one URI, or images with their positions."""
    given = body.get("promptImage")
    if isinstance(given, str):
        _check_uri(given, ["promptImage"])
        return
    if not is_list(given) or not given or not all(map(is_object, given)):
        reject(["promptImage"], "invalid_union", "Invalid input")
    positions = [item.get("position") for item in given]
    for number, item in enumerate(given):
        place: list[str | int] = ["promptImage", number]
        if extra := item.keys() - {"uri", "position"}:
            reject(place, "unrecognized_keys", f"Unrecognized key: {min(extra)!r}")
        _check_uri(item.get("uri"), [*place, "uri"])
        free = positions[number] is None and model.facts.get("unplaced")
        if not free and positions[number] not in model.facts["positions"]:
            reject([*place, "position"], "invalid_value", "Invalid option")
    placed = [position for position in positions if position is not None]
    if placed and len(placed) < len(positions):
        reject(["promptImage"], "custom", "Keyframes and references cannot be mixed")
    if len(placed) != len(set(placed)) or placed == ["last"]:
        reject(["promptImage"], "custom", "Expected a first frame and at most one last frame")
    if placed and model.facts.get("follows") and not str(body.get("ratio")).startswith("auto_"):
        reject(["ratio"], "custom", "Keyframe requests must use auto_480p, auto_720p or auto_1080p")


def _check_uri(uri: object, place: list[str | int]) -> None:
    """Check the URI of an image: https://docs.dev.runwayml.com/assets/inputs."""
    if not isinstance(uri, str):
        reject(place, "invalid_type", "Invalid input: expected string")
    if found := _DATA.fullmatch(uri):
        _check_data(found[1], found[2], place)
        if len(uri) >= _LONGEST_URI:
            reject(place, "too_big", "Too big: expected string to have <5242880 characters")
    elif not uri.startswith("runway://") and not (_URL.fullmatch(uri) and len(uri) <= _LONGEST_URL):
        reject(place, "invalid_format", "Only HTTPS URLs are allowed.")


def _check_data(kind: str, text: str, place: list[str | int]) -> None:
    try:
        picture = inspect_image(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        reject(place, "custom", "Invalid data URI.")
    if kind not in _MEDIA or picture is None or picture.content_type != _MEDIA[kind]:
        reject(place, "custom", "Unsupported asset type.")
