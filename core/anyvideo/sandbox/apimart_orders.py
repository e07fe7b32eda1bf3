"""What APIMart takes: reads an order, and refuses as the vendor does.

Wrong values come back as HTTP 500 with a message that begins with `build_request_failed:`, as the
vendor's pages have it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox.exchange import Answer, Call, Refusal, UnreadableError, say
from anyvideo.sandbox.rules import Model, Problem, find_problem, load_models
from anyvideo.sandbox.studio import Studio

_LARGEST_IMAGE = 10_000_000  # bytes
_IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
_SINGLE = ("first_frame_image", "last_frame_image", "end_frame_image", "image_url")
_ROLES = ("first_frame", "last_frame", "reference_image", "reference")


def refuse(status: int, kind: str, message: str) -> Answer:
    """Return an error as the vendor's pages have it; its code is the status."""
    return say({"error": {"code": status, "message": message, "type": kind}}, status)


def refuse_early(status: int, code: str, message: str) -> Answer:
    """Return an error as the gateway in front of the service words it."""
    text = f"{message} (request id: 20261120000000000sandbox)"
    error = {"code": code, "message": text, "param": "", "type": "apimart_error"}
    return say({"error": error}, status)


def reject(message: str) -> NoReturn:
    """Raise the refusal of a body that cannot be read, or that lacks something."""
    raise Refusal(refuse(400, "invalid_request_error", message))


def fail(message: str) -> NoReturn:
    """Raise the refusal of a wrong value."""
    raise Refusal(refuse(500, "server_error", f"build_request_failed: {message}"))


def read_json(call: Call) -> dict[str, Any]:
    """Return a JSON body.

    Raises:
        Refusal: it is no JSON object.

    """
    try:
        return call.read_json()
    except UnreadableError as error:
        reject(str(error))


def find_model(name: object) -> Model:
    """Return the model that an order names.

    Raises:
        Refusal: there is none of this name.

    """
    if not isinstance(name, str) or not name:
        reject("model is required")
    model = load_models("apimart.toml").get(name)
    if model is None:
        message = f"No available channel for model {name}"
        raise Refusal(refuse_early(503, "model_not_found", message))
    return model


def check(studio: Studio, fields: Mapping[str, Any], model: Model) -> None:
    """Hold an order against its model.

    Raises:
        Refusal: a parameter is missing or wrong, or belongs to other models only.

    """
    models = load_models("apimart.toml").values()
    problem = find_problem(fields, model, {name: None for other in models for name in other.takes})
    if problem and problem.param == "duration" and model.facts.get("invalid_duration"):
        raise Refusal(_refuse_duration(f"duration: {problem.got}, allowed: {problem.accepted}"))
    refuse_problem(problem)
    _check_images(fields)
    _check_frames(fields, model)
    if model.name == "kling-v2-6" and fields.get("audio") and fields.get("mode", "std") != "pro":
        fail("audio is only supported in mode pro")
    if model.facts.get("invalid_duration") and fields.get("video_urls") and "duration" in fields:
        raise Refusal(_refuse_duration("duration is not allowed with video_urls"))
    for url in _list_images(fields):
        _check_upload(studio, url)


def refuse_problem(problem: Problem | None) -> None:
    """Raise the refusal of a problem, if there is one."""
    if problem is None:
        return
    name = problem.param
    if problem.kind == "missing":
        reject(f"{name} is required")
    if problem.kind == "type":
        reject(f"json: cannot unmarshal {name} into a value of type {problem.accepted}")
    if problem.kind == "unsupported":
        fail(f"unsupported parameter: {name}")
    fail(f"invalid {name}: {problem.got}, allowed: {problem.accepted}")


def _refuse_duration(message: str) -> Answer:
    kind = "invalid_request_error"
    error = {"message": message, "type": kind, "param": "duration", "code": "invalid_duration"}
    return say({"error": error}, 400)


def _check_images(fields: Mapping[str, Any]) -> None:
    """Hold together what the pages say about images."""
    images: list[str] = fields.get("image_urls") or []
    roles: list[dict[str, Any]] = fields.get("image_with_roles") or []
    if images and roles:
        fail("image_urls and image_with_roles are mutually exclusive")
    if any(item.get("role") not in _ROLES or not item.get("url") for item in roles):
        fail(f"invalid image_with_roles, allowed: {' / '.join(_ROLES)}")
    count = len(images) + len(roles)
    if fields.get("generation_type") == "frame" and count not in {1, 2}:
        fail("generation_type frame takes 1 or 2 images")
    if fields.get("generation_type") == "reference" and not count:
        fail("generation_type reference takes images")


def _check_frames(fields: Mapping[str, Any], model: Model) -> None:
    """Hold together what a page says about images and the rest of an order."""
    last = fields.get("last_frame_image") and not fields.get("first_frame_image")
    if last and not model.facts.get("last_alone"):
        fail("last_frame_image requires first_frame_image")
    ratio = fields.get("aspect_ratio") or fields.get("size")
    if model.facts.get("ratio_alone") and ratio and fields.get("image_urls"):
        fail("a ratio cannot be chosen with images")
    frames = model.facts.get("adaptive_frames") and fields.get("image_with_roles")
    if frames and ratio not in {None, "adaptive"}:
        fail(f"invalid size: {ratio}, allowed with frames: adaptive")


def _list_images(fields: Mapping[str, Any]) -> list[str]:
    roles: list[dict[str, Any]] = fields.get("image_with_roles") or []
    several: list[str] = fields.get("image_urls") or []
    single = [fields.get(name) for name in _SINGLE]
    return [str(url) for url in (*single, *several, *(item["url"] for item in roles)) if url]


def _check_upload(studio: Studio, url: str) -> None:
    """Refuse an image of our own that no model takes; what lies elsewhere is not fetched."""
    if not url.startswith((studio.url, studio.foreign_url)):
        return
    kind, size = studio.uploads.get(url, ("", 0))
    if kind not in _IMAGE_TYPES or size > _LARGEST_IMAGE:
        fail(f"failed to fetch image: {url}")
