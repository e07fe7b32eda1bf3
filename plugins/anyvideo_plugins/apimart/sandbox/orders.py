"""What APIMart accepts: reads an order, and refuses as the vendor does.

A wrong value is HTTP 500 with a message that begins with `build_request_failed:`, as on the
vendor's pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from anyvideo.sandbox import (
    Answer,
    Call,
    Model,
    Problem,
    Refusal,
    UnreadableError,
    World,
    find_problem,
    json_answer,
    load_models,
)

_LARGEST_IMAGE = 10_000_000  # bytes
_IMAGE_TYPES = ("image/jpeg", "image/png", "image/webp")
_SINGLE = ("first_frame_image", "last_frame_image", "end_frame_image", "image_url")
_ROLES = ("first_frame", "last_frame", "reference_image", "reference")


def refuse(status: int, kind: str, message: str) -> Answer:
    """Return an error in the form of the vendor's pages; its code is the status."""
    return json_answer({"error": {"code": status, "message": message, "type": kind}}, status)


def refuse_early(status: int, code: str, message: str) -> Answer:
    """Return an error in the form of the gateway in front of the service."""
    text = f"{message} (request id: 20261120000000000sandbox)"
    error = {"code": code, "message": text, "param": "", "type": "apimart_error"}
    return json_answer({"error": error}, status)


def reject(message: str) -> NoReturn:
    """Raise the refusal of a body that cannot be read or is incomplete."""
    raise Refusal(refuse(400, "invalid_request_error", message))


def fail(message: str) -> NoReturn:
    """Raise the refusal of a wrong value."""
    raise Refusal(refuse(500, "server_error", f"build_request_failed: {message}"))


def read_json(call: Call) -> dict[str, Any]:
    """Return a JSON body.

    Raises:
        Refusal: the body is not a JSON object.
    """
    try:
        return call.read_json()
    except UnreadableError as error:
        reject(str(error))


def find_model(name: object) -> Model:
    """Return the model that an order names.

    Raises:
        Refusal: the model is unknown.
    """
    if not isinstance(name, str) or not name:
        reject("model is required")
    model = load_models("anyvideo_plugins.apimart.sandbox", "models.toml").get(name)
    if model is None:
        message = f"No available channel for model {name}"
        raise Refusal(refuse_early(503, "model_not_found", message))
    return model


def check(world: World, fields: Mapping[str, Any], model: Model) -> None:
    """Check an order against the rules of its model.

    Raises:
        Refusal: a parameter is missing or wrong, or belongs to other models only.
    """
    models = load_models("anyvideo_plugins.apimart.sandbox", "models.toml").values()
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
        _check_upload(world, url)


def refuse_problem(problem: Problem | None) -> None:
    """Raise the refusal of a problem; do nothing without one."""
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
    return json_answer({"error": error}, 400)


def _check_images(fields: Mapping[str, Any]) -> None:
    """Check the rules of the pages about images."""
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
    """Check the rules of a page about images and the rest of an order."""
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


def _check_upload(world: World, url: str) -> None:
    """Refuse an uploaded image that no model accepts; an image elsewhere is not fetched."""
    if not url.startswith((world.url, world.foreign_url)):
        return
    kind, size = world.uploads.get(url, ("", 0))
    if kind not in _IMAGE_TYPES or size > _LARGEST_IMAGE:
        fail(f"failed to fetch image: {url}")
