"""What the Interactions API accepts: reads an order, and refuses as Google does.

The API is strict: a parameter that it does not know is an error, and so is a length that is no text.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Model,
    Order,
    Refusal,
    UnreadableError,
    VendorCall,
    count_pixels,
    find_problem,
    inspect_image,
    is_list,
    is_object,
    json_answer,
    load_models,
)

_KEEPS = 48 * 3600  # seconds: https://ai.google.dev/gemini-api/docs/files
_USUAL_LENGTH = 10.0
_PARAMETERS = (
    *("model", "input", "response_format", "generation_config", "background", "store", "stream"),
    *("previous_interaction_id", "webhook_config", "response_modalities", "labels"),
)
_RETIRED = ("veo-3.1-", "gemini-omni-flash-preview")
_TASKS = ("text_to_video", "image_to_video", "reference_to_video", "edit", "extend")
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)s")
_FRAMES = ("<FIRST_FRAME>", "<LAST_FRAME>")


def refuse(status: int, code: str, message: str) -> Answer:
    """Return an error of the Interactions API: its code is a word."""
    return json_answer({"error": {"message": message, "code": code}}, status)


def refuse_early(status: int, word: str, message: str) -> Answer:
    """Return an error of the front end of Google's APIs."""
    return json_answer({"error": {"code": status, "message": message, "status": word}}, status)


def reject(message: str) -> NoReturn:
    """Raise the refusal of an order that is wrong."""
    raise Refusal(refuse(400, "invalid_request", message))


def read_order(call: VendorCall) -> Order:
    """Return what an order asks for.

    Raises:
        Refusal: something in it is missing, unknown or wrong.
    """
    if call.http.media_type != "application/json":
        reject("Content-Type must be application/json")
    try:
        fields = call.http.read_json()
    except UnreadableError as error:
        reject(str(error))
    model = _find_model(fields.get("model"))
    _check_parameters(fields)
    form = fields.get("response_format")
    form = {"type": "video"} if form is None else form
    if not is_object(form):
        reject("response_format must be an object")
    _check_names(form, model.takes, "response_format")
    if problem := find_problem(form, model, ()):
        reject(f"Invalid value at 'response_format.{problem.param}': expected {problem.accepted}")
    prompt = _read_input(fields.get("input"), model)
    width, height = count_pixels(form.get("aspect_ratio"), form.get("resolution"))
    seconds = _read_length(form.get("duration"), model)
    details = {"delivery": form.get("delivery", "inline")}
    return Order(model.name, prompt, seconds, width, height, _KEEPS, details)


def _find_model(name: object) -> Model:
    if not isinstance(name, str) or not name:
        reject("model is required")
    model = load_models("anyvideo_plugins.gemini.sandbox", "models.toml").get(name)
    if model is None:
        gone = "is no longer available." if name.startswith(_RETIRED) else "is not found."
        raise Refusal(refuse(404, "not_found", f"This model models/{name} {gone}"))
    return model


def _check_parameters(fields: dict[str, Any]) -> None:
    _check_names(fields, _PARAMETERS, "")
    for name in ("background", "store", "stream"):
        if not isinstance(fields.get(name, False), bool):
            reject(f"Invalid value at '{name}': expected boolean")
    if fields.get("background") is not True:
        # The sandbox makes no caller wait for a clip inside one call.
        reject("the sandbox takes background=true alone")
    if fields.get("store", True) is not True:
        reject("background requires store")
    config = fields.get("generation_config", {})
    video = config.get("video_config", {}) if is_object(config) else None
    if not is_object(video) or video.get("task", _TASKS[0]) not in _TASKS:
        reject("Invalid value at 'generation_config.video_config.task'")


def _check_names(given: dict[str, Any], known: Any, where: str) -> None:  # noqa: ANN401 (names)
    for name in given:
        if name not in known:
            reject(f"Unknown parameter '{f'{where}.' if where else ''}{name}'.")


def _read_input(value: object, model: Model) -> str:
    """Return the prompt of an input, which is a text, blocks of content, or steps that hold them."""
    if isinstance(value, str):
        value = [{"type": "text", "text": value}]
    if not is_list(value) or not value or not all(map(is_object, value)):
        reject("input must be a text, a list of content or a list of steps")
    blocks: list[Any] = []
    for item in value:
        blocks += item.get("content", []) if item.get("type") == "user_input" else [item]
    images = [block for block in blocks if block.get("type") == "image"]
    for image in images:
        _check_image(image)
    texts = [block.get("text") for block in blocks if block.get("type") == "text"]
    if len(images) + len(texts) != len(blocks) or not all(isinstance(text, str) for text in texts):
        reject("Unknown content in 'input'")
    if len(images) > model.facts["images"]:
        reject(f"at most {model.facts['images']} images are allowed")
    prompt = " ".join(texts)
    if _FRAMES[1] in prompt and _FRAMES[0] not in prompt:
        reject("<LAST_FRAME> must be used with <FIRST_FRAME>")
    return prompt


def _check_image(block: dict[str, Any]) -> None:
    """Refuse an image that is no base64, or of another type than it says."""
    _check_names(block, ("type", "data", "mime_type", "uri"), "input")
    if str(block.get("uri", "")).startswith("http"):
        reject("Unsupported file URI; upload the file with the Files API")
    kind, data = block.get("mime_type"), block.get("data")
    if kind not in _IMAGE_TYPES or not isinstance(data, str):
        reject("Invalid value at 'input': an image has data and a supported mime_type")
    try:
        info = inspect_image(base64.b64decode(data, validate=True))
    except binascii.Error:
        reject("Invalid value at 'input': data is not base64")
    if info is None or info.content_type != kind:
        reject("Unable to process input image")


def _read_length(value: object, model: Model) -> float:
    if value is None:
        return _USUAL_LENGTH
    match = _LENGTH.fullmatch(str(value))
    shortest, longest = model.facts["shortest"], model.facts["longest"]
    if match is None or not shortest <= float(match[1]) <= longest:
        reject(f"Invalid value at 'response_format.duration': {shortest}s to {longest}s")
    return float(match[1])
