"""What xAI accepts: reads an order, and refuses as the vendor does.

Pages: docs.x.ai/developers/rest-api-reference/inference/videos and
docs.x.ai/developers/model-capabilities/video/generation.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    ImageInfo,
    Model,
    Refusal,
    UnreadableError,
    count_pixels,
    find_problem,
    inspect_image,
    json_answer,
    load_models,
)

_PACKAGE = "anyvideo_plugins.xai.sandbox"
_WEB = re.compile(r"https?://[^\s/]+\S*")
_DATA = re.compile(r"data:image/(?P<kind>[a-z0-9.+-]+);base64,(?P<content>.+)", re.DOTALL)
# What makes a job "reference-to-video"; a first frame alone does not.
_GUIDES = ("reference_images", "reference_audios", "last_frame", "keyframes")


def refuse(status: int, code: str, message: str) -> Answer:
    """Return an error in xAI's envelope, where `error` is text."""
    return json_answer({"code": code, "error": message}, status)


def reject(message: str) -> NoReturn:
    """Raise the refusal of a parameter."""
    raise Refusal(refuse(400, "invalid-argument", message))


def read_order(call: Call) -> tuple[dict[str, Any], Model]:
    """Return the fields of an order and its model.

    Raises:
        Refusal: the vendor does not take it.
    """
    fields = _parse(call, "generation")
    model = _find_model(fields)
    _check_mode(fields, model)
    for image in list_images(fields):
        _check_image(image)
    if not any(fields.get(name) for name in ("prompt", "image", *_GUIDES)):
        reject("Prompt cannot be empty. Please provide a prompt.")
    return fields, model


def read_edit(call: Call) -> tuple[dict[str, Any], Model]:
    """Return the fields of an edit and its model.

    Raises:
        Refusal: the vendor does not take it.
    """
    fields = _parse(call, "edit")
    model = _find_model(fields)
    if not model.facts.get("edits"):
        reject("Video editing is not supported for this model.")
    if not _WEB.fullmatch(str(fields["video"].get("url"))):
        reject("Invalid video URL.")
    return fields, model


def _parse(call: Call, schema: str) -> dict[str, Any]:
    if call.media_type != "application/json":
        message = "Expected request with `Content-Type: application/json`"
        raise Refusal(Answer(415, message.encode(), {"content-type": "text/plain"}))
    try:
        fields = call.read_json()
    except UnreadableError as error:
        reject(f"Failed to parse the request body as JSON: {error}")
    duration = fields.get("duration")
    if isinstance(duration, str) and duration.isdecimal():  # both are taken
        fields["duration"] = int(duration)
    if problem := find_problem(fields, load_models(_PACKAGE, "models.toml", "schema")[schema], ()):
        found = "missing field" if problem.kind == "missing" else "unknown variant or invalid type"
        wanted = f", expected one of {problem.accepted}" if problem.accepted else ""
        message = f"Failed to deserialize the JSON body into the target type: {problem.param}: "
        text = f"{message}{found}{wanted}"
        raise Refusal(Answer(422, text.encode(), {"content-type": "text/plain"}))
    return fields


def _find_model(fields: Mapping[str, Any]) -> Model:
    model = load_models(_PACKAGE, "models.toml").get(fields["model"])
    if model is None:
        message = f"The model {fields['model']} does not exist or your team does not have access"
        raise Refusal(refuse(404, "not-found", f"{message} to it."))
    return model


def _check_mode(fields: Mapping[str, Any], model: Model) -> None:
    """Check what the fields are together: the mode, and its limits at the model."""
    for name in model.facts["lacks"]:
        if fields.get(name):
            reject(f"`{name}` is not supported for this model.")
    guided = any(fields.get(name) for name in _GUIDES)
    if guided and fields.get("image") and not model.facts["mixes"]:
        reject("Only one of image-to-video or reference-to-video can be active per request.")
    if not 1 <= fields.get("duration", 1) <= 15:
        reject("Duration must be between 1 and 15 seconds")
    lines = fields.get("resolution", "480p")
    if lines not in model.facts["lines"]:
        reject(f"{lines} video resolution is not supported for this model.")
    if guided:
        _check_guides(fields, model)


def _check_guides(fields: Mapping[str, Any], model: Model) -> None:
    count, most = len(fields.get("reference_images") or ()), model.facts["references"]
    if count > most:
        reject(f"Too many reference images: {count}. Maximum allowed is {most}.")
    clips = len(fields.get("reference_audios") or ())
    if clips > 3:
        reject(f"Too many reference audio clips: {clips}. Maximum allowed is 3.")
    if len(fields.get("keyframes") or ()) > 4:
        reject("Too many keyframes. Maximum allowed is 4.")
    longest, seconds = model.facts["guided"], fields.get("duration", 8)
    if seconds > longest:
        why = f"exceeds the maximum allowed for reference-to-video, which is {longest}s."
        reject(f"Duration {seconds}s {why}")
    if fields.get("resolution") == "1080p":
        reject("1080p video resolution is not supported for reference-to-video requests.")


def list_images(fields: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the images of an order, each `{"url"}` or `{"file_id"}`."""
    for name in ("image", "last_frame"):
        if fields.get(name):
            yield fields[name]
    yield from fields.get("reference_images") or ()
    for frame in fields.get("keyframes") or ():
        yield frame.get("image") or {}


def _check_image(image: Mapping[str, Any]) -> None:
    url, file = image.get("url"), image.get("file_id")
    if (url is None) == (file is None):
        reject("Exactly one of `url` or `file_id` must be set for an image.")
    if isinstance(file, str) and file:
        return
    if not isinstance(url, str) or not (_WEB.fullmatch(url) or read_picture(url)):
        reject("Invalid image: expected a public URL or a base64-encoded JPEG, PNG or WebP.")


def read_picture(url: str) -> ImageInfo | None:
    """Return what a data: URL holds, None where it is not an image of the named type."""
    match = _DATA.fullmatch(url)
    if match is None:
        return None
    try:
        picture = inspect_image(base64.b64decode(match["content"], validate=True))
    except binascii.Error:
        return None
    named = f"image/{match['kind']}"
    return picture if picture is not None and picture.content_type == named else None


def count_pixels_of(fields: Mapping[str, Any]) -> tuple[int, int]:
    """Return the size of what an order makes; a first frame sets its ratio, if it is known here."""
    lines = fields.get("resolution", "480p")
    image: Mapping[str, Any] = fields.get("image") or {}
    picture = read_picture(image.get("url") or "")
    if picture is None:
        return count_pixels(fields.get("aspect_ratio", "16:9"), lines)
    return count_pixels(f"{picture.width}:{picture.height}", lines)
