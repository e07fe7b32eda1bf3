"""The requests of both editions of Kling's API, from a plan to the body that is sent.

The first edition has the model in the body, and a path for each way to make a video:
https://kling.ai/document-api/apiReference/model/textToVideo and its sibling pages. The second has
the model in the path: https://kling.ai/document-api/api/video/3-0-turbo/text-to-video. What belongs
to which is data; offers.toml says what `names` holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyvideo.plugin import Image, Inline, Plan, Request, is_object, segment

TEXT = "/v1/videos/text2video"
FRAMES = "/v1/videos/image2video"
REFERENCES = "/v1/videos/multi-image2video"
OMNI = "/v1/videos/omni-video"
TASKS = "/tasks"
FIRST_EDITION = (TEXT, FRAMES, REFERENCES, OMNI)
# Where a task may be known, the second edition last.
PATHS = (*FIRST_EDITION, TASKS)
# What offers.toml calls the second edition.
SECOND_EDITION = "path-per-model"
# The caller's own id of a job, unique in an account. The second edition has it inside `options`.
_REFERENCE = "external_task_id"
_SETTINGS = ("resolution", "aspect_ratio", "duration")
_OMNI_TYPES = {"first_frame": "first_frame", "last_frame": "end_frame"}


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    An option of the caller is sent as it is; null removes a parameter.
    """
    if plan.offer.names.get("api") == SECOND_EDITION:
        return _encode_second(plan)
    omni = plan.offer.names.get("api") == "omni-video"
    path, images = _place_omni(plan) if omni else _place_images(plan)
    told = {"callback_url": plan.callback} if plan.callback else {}
    body = {**told, **plan.parameters(), **_mark(plan), **images, **plan.options}
    reference = "" if _REFERENCE in plan.options else _REFERENCE
    return Request("POST", path, json=_drop_nulls(body), paid=True, reference=reference)


def encode_poll(path: str, id: str) -> Request:  # noqa: A002 (the field's own name)
    """Return the request that asks for a task by Kling's id, or in the first edition by the caller's."""
    if path == TASKS:
        return Request("GET", path, query={"task_ids": id})
    return Request("GET", f"{path}/{segment(id)}")


def find_home(request: Request) -> str:
    """Return the path at which the task of a paid request is known."""
    return request.url if request.url in PATHS else TASKS


def _place_images(plan: Plan) -> tuple[str, dict[str, Any]]:
    """Return the path that the images of a job ask for, and the parameters that hold them."""
    if references := plan.images("reference"):
        return REFERENCES, {"image_list": [{"image": _send(plan, item)} for item in references]}
    frames = plan.images("first_frame", "last_frame")
    names = {"first_frame": "image", "last_frame": "image_tail"}
    placed = {names[image.role]: _send(plan, image) for image in frames}
    return (FRAMES if placed else TEXT), placed


def _place_omni(plan: Plan) -> tuple[str, dict[str, Any]]:
    """Return the path of the omni models; an image that is no frame has no type."""
    placed: list[dict[str, Any]] = []
    for image in plan.images("first_frame", "last_frame", "reference"):
        kind = _OMNI_TYPES.get(image.role)
        placed.append({"image_url": _send(plan, image), **({"type": kind} if kind else {})})
    return OMNI, {"image_list": placed} if placed else {}


def _send(plan: Plan, image: Image) -> Any:  # noqa: ANN401 (a URL, or an image inside JSON)
    """Return the URL of an image, or its base64 without the prefix of a data: URL."""
    return image.source if image.is_url else Inline(plan.uploads[image], bare=True)


def _mark(plan: Plan) -> dict[str, Any]:
    marked = plan.job.watermark
    return {} if marked is None else {"watermark_info": {"enabled": marked}}


def _encode_second(plan: Plan) -> Request:
    """Return the request with the model in its path, and the options of the caller merged in."""
    body = plan.parameters()
    model, prompt = body.pop("model"), body.pop("prompt")
    frames = [
        {"type": "first_frame", "url": _send(plan, image)} for image in plan.images("first_frame")
    ]
    kind = "image-to-video" if frames else "text-to-video"
    text = {"type": "prompt", "text": prompt}
    whole: dict[str, Any] = {"contents": [text, *frames]} if frames else {"prompt": prompt}
    whole["settings"] = {name: body.pop(name) for name in _SETTINGS if name in body}
    whole["options"] = _mark(plan)
    body.pop("watermark", None)
    for name, value in body.items():
        own = whole.get(name)
        whole[name] = {**own, **value} if is_object(own) and is_object(value) else value
    kept = {name: _clean(value) for name, value in whole.items() if value not in (None, {})}
    return Request("POST", f"/{kind}/{segment(str(model))}", json=kept, paid=True)


def _clean(value: Any) -> Any:  # noqa: ANN401 (whatever the body holds)
    return _drop_nulls(value) if is_object(value) else value


def _drop_nulls(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}
