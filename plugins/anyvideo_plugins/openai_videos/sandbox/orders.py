"""What the wire accepts: reads an order, and refuses in OpenAI's envelope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    File,
    Order,
    Refusal,
    UnreadableError,
    find_problem,
    inspect_image,
    is_object,
    json_answer,
    load_models,
    read_size,
)

_IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
_SIDES = range(16, 8193)  # what the sandbox can film


def refuse(
    status: int,
    message: str,
    kind: str = "invalid_request_error",
    code: str | None = None,
    param: str | None = None,
) -> Answer:
    """Return an error."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return json_answer({"error": error}, status)


def reject(message: str, param: str | None = None, code: str | None = "invalid_value") -> NoReturn:
    """Raise the refusal of a bad request."""
    raise Refusal(refuse(400, message, code=code, param=param))


def no_route(call: Call) -> Answer:
    """Return the answer to an unknown path."""
    return refuse(404, f"Invalid URL ({call.method} {call.path})")


def read_fields(call: Call) -> dict[str, Any]:
    """Return the fields of a JSON or multipart body.

    Raises:
        Refusal: the body is not what its Content-Type says.
    """
    try:
        return call.read_fields()
    except UnreadableError as error:
        reject(f"We could not parse the body of your request: {error}", code=None)


def read_order(fields: Mapping[str, Any]) -> Order:
    """Return what a call orders; `seconds` may be a number for a model that OpenAI never had.

    Raises:
        Refusal: a parameter is missing or wrong.
    """
    name = fields.get("model") or "sora-2"
    if not isinstance(name, str):
        reject("Invalid type for 'model': expected a string.", "model", "invalid_type")
    models = load_models("anyvideo_plugins.openai_videos.sandbox", "models.toml")
    model = models.get(name, models["*"])
    if model.name == "*" and type(fields.get("seconds")) is int:
        fields = {**fields, "seconds": str(fields["seconds"])}
    if problem := find_problem(fields, model, ()):
        code, message = _PROBLEMS[problem.kind]
        accepted = problem.accepted
        reject(message.format(param=problem.param, accepted=accepted), problem.param, code)
    seconds = fields.get("seconds") or model.takes["seconds"].default
    size = fields.get("size") or model.takes["size"].default
    width, height = read_size(size)
    if width not in _SIDES or height not in _SIDES:
        reject(f"Invalid value: '{size}'. Each side is from 16 to 8192 pixels.", "size")
    pixels = (width, height) if model.facts["match_size"] else None
    _check_image(fields.get("input_reference"), pixels)
    details = {"seconds": seconds, "size": size}
    return Order(name, fields["prompt"], float(seconds), width, height, details=details)


_PROBLEMS: Mapping[str, tuple[str, str]] = {
    "missing": ("missing_required_parameter", "Missing required parameter: '{param}'."),
    "type": ("invalid_type", "Invalid type for '{param}': expected a {accepted}."),
    "value": ("invalid_value", "Invalid value for '{param}'. Supported values are: {accepted}."),
}


def _check_image(image: object, pixels: tuple[int, int] | None) -> None:
    """Refuse a file that is no image, or not of these pixels; a reference is not opened."""
    if not isinstance(image, File):
        if not (image is None or isinstance(image, str) or is_object(image)):
            message = "Invalid type for 'input_reference': expected a file or a reference."
            reject(message, "input_reference", "invalid_type")
        return
    picture = inspect_image(image.body)
    if picture is None or picture.content_type not in _IMAGE_TYPES:
        kind = picture.content_type if picture else image.content_type
        message = f"Invalid file 'input_reference': unsupported mimetype ('{kind}')."
        reject(message, "input_reference", "unsupported_file_mimetype")
    if pixels not in {None, (picture.width, picture.height)}:
        reject("Inpaint image must match the requested width and height", code=None)
