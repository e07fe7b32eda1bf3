"""What Vidu's paths accept: reads the body of an order, and refuses as the vendor does.

Every refusal is {"code", "reason", "message", "metadata"}, with the HTTP status as its code:
https://platform.vidu.com/docs/error-code
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from attrs import frozen

from anyvideo.sandbox import (
    Answer,
    Call,
    ImageInfo,
    Model,
    Problem,
    Refusal,
    UnreadableError,
    count_pixels,
    find_problem,
    inspect_image,
    is_list,
    is_object,
    json_answer,
    load_models,
)

_TRACE = "04e5c2fe159ff7c574acd0424e78c35f"  # the one of the vendor's own sample
_WEB = re.compile(r"https?://[^\s/]+\S*")
_DATA = re.compile(r"data:(?P<type>image/[a-z0-9.+-]+);base64,(?P<content>.*)", re.DOTALL)
_LARGEST_BODY = 20_000_000  # bytes
_SHORTEST_SIDE = 128  # pixels
_LEAST_RATIO, _MOST_RATIO = 0.25, 4.0
_LEAST_CHANGE, _MOST_CHANGE = 0.8, 1.25  # of the ratio from the first frame to the last
_TYPES = {"image/png", "image/jpeg", "image/webp"}
# How many images a path takes.
_COUNTS = {"img2video": (1, 1), "start-end2video": (2, 2), "reference2video": (1, 7)}
# Where they are.
_LISTS = {**dict.fromkeys(_COUNTS, ("images",)), "reference2video": ("images", "subjects")}
_PROBLEMS = {
    "missing": ("FieldLacking", "field is missing or empty"),
    "unsupported": ("FieldUnwanted", "unwanted field"),
}


@frozen
class Wish:
    """What a body orders; `credits` is None where the price list names no number."""

    fields: Mapping[str, Any]
    seconds: int
    resolution: str
    width: int
    height: int
    credits: int | None


def refuse(status: int, reason: str, message: str) -> Answer:
    """Return an error in the vendor's envelope."""
    trace = {"trace_id": _TRACE}
    body = {"code": status, "reason": reason, "message": message, "metadata": trace}
    return json_answer(body, status)


def reject(reason: str, message: str) -> NoReturn:
    """Raise the refusal of a wrong parameter."""
    raise Refusal(refuse(400, reason, message))


def read_order(call: Call, mode: str) -> Wish:
    """Return the order in a body, for the last word of its path.

    Raises:
        Refusal: a parameter is missing, wrong, unknown, or wrong beside another.
    """
    fields = read_body(call)
    model = _find_model(fields, mode)
    checked = {"model", *_LISTS.get(mode, ())}
    if problem := find_problem(fields, model, [name for name in fields if name not in checked]):
        _report(problem)
    seconds = fields.get("duration") or model.facts["seconds"]
    lines = model.facts["lines"].get(str(seconds)) or model.facts["lines"]["any"]
    resolution = fields.get("resolution") or lines[0]
    if resolution not in lines:
        reject("FieldInvalid", "invalid field: resolution")
    pictures = _read_images(fields, mode) if mode in _LISTS else []
    shape = fields.get("aspect_ratio")
    if mode in {"img2video", "start-end2video"} and pictures[0]:
        shape = f"{pictures[0].width}:{pictures[0].height}"
    size = count_pixels(shape, resolution)
    return Wish(fields, seconds, resolution, *size, _count_credits(model, seconds, resolution))


def read_body(call: Call) -> dict[str, Any]:
    """Return the JSON object of a call.

    Raises:
        Refusal: there is none, or it is too large.
    """
    if call.media_type != "application/json":
        reject("BadRequest", "bad request")
    if len(call.body) > _LARGEST_BODY:
        raise Refusal(refuse(413, "BadRequest", "request body is too large"))
    try:
        return call.read_json()
    except UnreadableError:
        reject("BadRequest", "bad request")


def _find_model(fields: Mapping[str, Any], mode: str) -> Model:
    name = fields.get("model")
    if not name:
        reject("FieldLacking", "field is missing or empty: model")
    table = mode.replace("-", "_")
    model = load_models("anyvideo_plugins.vidu.sandbox", "models.toml", table).get(str(name))
    if model is None:
        reject("FieldInvalid", "invalid field: model")
    return model


def _report(problem: Problem) -> NoReturn:
    reason, message = _PROBLEMS.get(problem.kind, ("FieldInvalid", "invalid field"))
    reject(reason, f"{message}: {problem.param}")


def _count_credits(model: Model, seconds: int, resolution: str) -> int | None:
    """Return what an order takes: so many a second, or for the whole clip."""
    rates = model.facts.get("rates", {})
    if resolution in rates:
        rate: int = rates[resolution]
        return rate * seconds
    whole: int | None = model.facts.get("whole", {}).get(f"{resolution} {seconds}")
    return whole


def _read_images(fields: Mapping[str, Any], mode: str) -> list[ImageInfo | None]:
    """Return what is known of each image of an order: one by URL is not fetched.

    Raises:
        Refusal: there are too few or too many, or one of them is not taken.
    """
    subjects = fields.get("subjects") if mode == "reference2video" else None
    if subjects is not None and fields.get("images") is not None:
        reject("FieldUnwanted", "unwanted field: images")
    images: Any = fields.get("images") if subjects is None else _list_images(subjects)
    if not images:
        reject("FieldLacking", "field is missing or empty: images")
    least, most = _COUNTS[mode]
    if not is_list(images) or not least <= len(images) <= most:
        reject("FieldItemCountOutOfRange", "field item count out of range: images")
    pictures = [_read_image(image) for image in images]
    if mode == "start-end2video":
        _compare(pictures)
    return pictures


def _list_images(subjects: object) -> Sequence[object]:
    """Return the images of all subjects, which the prompt names as @name."""
    if not is_list(subjects):
        reject("FieldInvalid", "invalid field: subjects")
    images: list[object] = []
    for subject in subjects:
        given = subject.get("images") if is_object(subject) else None
        if not is_list(given) or not 1 <= len(given) <= 3:
            reject("FieldItemCountOutOfRange", "field item count out of range: subjects.images")
        images += given
    return images


def _read_image(image: object) -> ImageInfo | None:
    if isinstance(image, str) and _WEB.fullmatch(image):
        return None
    match = _DATA.fullmatch(image) if isinstance(image, str) else None
    if match is None:
        reject("FieldInvalid", "invalid field: images")
    try:
        picture = inspect_image(base64.b64decode(match["content"], validate=True))
    except binascii.Error:
        reject("ImageFormatInvalid", "invalid image format")
    if picture is None or picture.content_type not in _TYPES or picture.content_type != match[1]:
        reject("ImageFormatInvalid", "invalid image format")
    ratio = picture.width / picture.height
    small = min(picture.width, picture.height) < _SHORTEST_SIDE
    if small or not _LEAST_RATIO <= ratio <= _MOST_RATIO:
        reject("PageSizeOutOfRange", "page size out of range")
    return picture


def _compare(pictures: Sequence[ImageInfo | None]) -> None:
    """Refuse a first and a last frame of different shapes."""
    ratios = [picture.width / picture.height for picture in pictures if picture]
    if len(ratios) == len(pictures) and not _LEAST_CHANGE <= ratios[0] / ratios[1] <= _MOST_CHANGE:
        reject("PageSizeOutOfRange", "page size out of range")
