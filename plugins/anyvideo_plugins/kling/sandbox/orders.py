"""What Kling's paths accept: reads the body of an order, and refuses as the vendor does.

Every refusal is {"code", "message", "request_id"} with an HTTP status:
https://kling.ai/document-api/api/get-started/error-codes
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NoReturn

from attrs import frozen

from anyvideo.sandbox import (
    Answer,
    Call,
    Model,
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

_REQUEST = "9984d27b-a408-4073-ae28-17ca6a13622d"  # the one of the vendor's own sample
_LARGEST_IMAGE = 10_000_000  # bytes
_SHORTEST_SIDE = 300  # pixels
_LEAST_RATIO, _MOST_RATIO = 0.4, 2.5
# What a body without model_name orders, by path.
_DEFAULTS = {
    "text2video": "kling-v1",
    "image2video": "kling-v1",
    "multi-image2video": "kling-v1-6",
    "omni-video": "kling-video-o1",
}
_MODES = {"omni-video": "pro"}
_IMAGES_AND_ELEMENTS = 7
_WITH_VIDEO = 4


@frozen
class Wish:
    """What a body orders."""

    model: Model
    prompt: str
    seconds: float
    width: int
    height: int
    rate: str
    external_id: str


def refuse(status: int, code: int, message: str) -> Answer:
    """Return an error in the vendor's envelope."""
    return json_answer({"code": code, "message": message, "request_id": _REQUEST}, status)


def reject(message: str) -> NoReturn:
    """Raise the refusal of a wrong parameter."""
    raise Refusal(refuse(400, 1201, message))


def read_order(call: Call, mode: str) -> Wish:
    """Return the order in a body of the first edition, for the last word of its path.

    Raises:
        Refusal: a parameter is missing, wrong, unknown, or wrong beside another.
    """
    body = _read_body(call)
    name = body.get("model_name") or _DEFAULTS[mode]
    model = _find_model(name, mode.replace("-", "_"))
    _check(body, model, ignored=("model",))
    quality = body.get("mode") or _MODES.get(mode, "std")
    if mode == "image2video":
        _check_frames(body, model, quality)
    elif mode == "omni-video":
        _check_omni(body, model)
    else:
        for item in body.get("image_list") or ():
            _check_image(item.get("image"))
    sound = body.get("sound") == "on"
    if sound and quality not in model.facts.get("loud", ()):
        reject(f"sound is not supported in mode {quality}")
    lines = model.facts.get("lines") or quality
    width, height = count_pixels(body.get("aspect_ratio"), lines)
    rate = f"{quality} on" if sound else quality
    text = body.get("prompt") or ""
    own = body.get("external_task_id") or ""
    return Wish(model, text, float(body.get("duration") or 5), width, height, rate, own)


def read_second(call: Call, name: str, *, images: bool) -> Wish:
    """Return the order in a body of the second edition, which has the model in its path.

    Raises:
        Refusal: a parameter is missing, wrong or unknown.
    """
    model = _find_model(name, "image_settings" if images else "text_settings")
    body = _read_body(call)
    known = {"contents" if images else "prompt", "settings", "options"}
    if unknown := sorted(body.keys() - known):
        reject(f"unknown parameter: {unknown[0]}")
    settings: Any = body.get("settings", {})
    options: Any = body.get("options", {})
    if not is_object(settings) or not is_object(options):
        reject("settings and options are objects")
    _check(settings, model)
    if unknown := sorted(options.keys() - {"callback_url", "external_task_id", "watermark_info"}):
        reject(f"unknown parameter: options.{unknown[0]}")
    _check_watermark(options)
    prompt = _read_contents(body) if images else body.get("prompt")
    if not isinstance(prompt, str) or not prompt:
        reject("contents cannot be empty" if images else "prompt cannot be empty")
    lines = settings.get("resolution") or "720p"
    width, height = count_pixels(settings.get("aspect_ratio"), lines)
    seconds, own = settings.get("duration") or 5, options.get("external_task_id") or ""
    return Wish(model, prompt, float(seconds), width, height, lines, own)


def _read_body(call: Call) -> dict[str, Any]:
    if call.media_type != "application/json":
        reject("Content-Type must be application/json")
    try:
        return call.read_json()
    except UnreadableError as error:
        raise Refusal(refuse(400, 1200, str(error))) from error


def _find_model(name: object, table: str) -> Model:
    models = load_models("anyvideo_plugins.kling.sandbox", "models.toml", table)
    model = models.get(name) if isinstance(name, str) else None
    if model is None:
        raise Refusal(refuse(404, 1203, f"model {name} is not exist"))
    return model


def _check(body: Mapping[str, Any], model: Model, ignored: tuple[str, ...] = ()) -> None:
    problem = find_problem(body, model, [name for name in body if name not in ignored])
    if problem is not None:
        why = {"missing": "cannot be empty", "unsupported": "is not supported"}
        reject(f"{problem.param} {why.get(problem.kind) or f'must be {problem.accepted}'}")
    _check_watermark(body)


def _check_watermark(fields: Mapping[str, Any]) -> None:
    mark = fields.get("watermark_info")
    if mark is not None and not (is_object(mark) and isinstance(mark.get("enabled"), bool)):
        reject("watermark_info.enabled must be boolean")


def _read_contents(body: Mapping[str, Any]) -> object:
    """Return the prompt of an order from an image, which has one of each."""
    contents: Any = body.get("contents")
    if not is_list(contents) or not all(map(is_object, contents)):
        reject("contents cannot be empty")
    by_type = {item.get("type"): item for item in contents}
    if len(by_type) != len(contents) or by_type.keys() != {"prompt", "first_frame"}:
        reject("contents must hold one prompt and one first_frame")
    _check_image(by_type["first_frame"].get("url"))
    return by_type["prompt"].get("text")


def _check_frames(body: Mapping[str, Any], model: Model, quality: str) -> None:
    frames = [body.get("image"), body.get("image_tail")]
    if not any(frames):
        reject("image and image_tail cannot both be empty")
    for image in filter(None, frames):
        _check_image(image)
    if not frames[1]:
        return
    if quality not in model.facts.get("tail", ()):
        reject(f"image_tail is not supported by {model.name} in mode {quality}")
    if not frames[0] and not model.facts.get("tail_alone"):
        reject("image_tail requires image")
    if body.get("sound") == "on" and model.name == "kling-v2-6":
        reject("image_tail is not supported with sound")
    if any(body.get(name) for name in ("dynamic_masks", "static_mask", "camera_control")):
        reject("image_tail excludes dynamic_masks, static_mask and camera_control")


def _check_omni(body: Mapping[str, Any], model: Model) -> None:
    items: list[dict[str, Any]] = body.get("image_list") or []
    kinds = [item["type"] for item in items if "type" in item]
    videos = body.get("video_list")
    for item in items:
        _check_image(item.get("image_url"))
    if len(items) + len(body.get("element_list") or ()) > (
        _WITH_VIDEO if videos else _IMAGES_AND_ELEMENTS
    ):
        reject("too many images and elements")
    if len(set(kinds)) != len(kinds) or not set(kinds) <= {"first_frame", "end_frame"}:
        reject("image_list.type must be first_frame or end_frame")
    if kinds == ["end_frame"]:
        reject("end_frame requires first_frame")
    if bool(body.get("aspect_ratio")) == bool(kinds) and not videos:
        reject("aspect_ratio is required without a first frame, and not supported with one")
    if videos and body.get("sound") == "on":
        reject("sound must be off with video_list")
    free = videos or len(kinds) < len(items)
    if (
        model.name == "kling-video-o1"
        and not free
        and body.get("duration") not in {None, "5", "10"}
    ):
        reject("duration must be 5 or 10 without reference images")


def _check_image(value: object) -> None:
    """Refuse an image that is neither a URL nor base64, or that no model takes; a URL is not fetched."""
    if not isinstance(value, str) or not value:
        reject("image cannot be empty")
    if value.startswith(("http://", "https://")):
        return
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        reject("image must be a URL, or base64 without the prefix of a data URL")
    picture = inspect_image(data)
    if picture is None or picture.content_type not in {"image/jpeg", "image/png"}:
        reject("image format must be jpg, jpeg or png")
    if len(data) > _LARGEST_IMAGE or min(picture.width, picture.height) < _SHORTEST_SIDE:
        reject("image must have up to 10MB and 300px or more")
    if not _LEAST_RATIO <= picture.width / picture.height <= _MOST_RATIO:
        reject("image aspect ratio must be between 1:2.5 and 2.5:1")
