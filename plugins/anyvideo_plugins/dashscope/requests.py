"""The requests of DashScope's video models, from plans and tasks.

    {"model": "wan3.0-video",
     "input": {"prompt", "media": [{"type": "first_frame", "url"}, ...]},
     "parameters": {"resolution": "720P", "ratio", "duration", "audio", "seed", ...}}

Wan up to 2.6 has no `media`: an image to start from is `img_url`, references are `reference_urls`.

Pages: https://help.aliyun.com/en/model-studio/wan3-video-generation-api-reference, and
https://www.alibabacloud.com/help/en/model-studio/image-to-video-general-api-reference (Wan 2.7),
/legacy-image-to-video-api-reference and /legacy-wan-text-to-video-api-reference (2.6 and 2.5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyvideo.plugin import Image, Inline, JobError, Plan, Request, Task, segment

_SYNTHESIS = "/api/v1/services/aigc/video-generation/video-synthesis"
_TASKS = "/api/v1/tasks"
# Without it: 403, "current user api does not support synchronous calls".
_ASYNC = {"X-DashScope-Async": "enable"}
# With it the vendor takes a file that was uploaded to it before:
# https://www.alibabacloud.com/help/en/model-studio/get-temporary-file-url
_UPLOADED = {"X-DashScope-OssResourceResolve": "enable"}
# What is part of `input`; everything else but the model is a parameter.
_IMAGES = frozenset({"media", "img_url", "reference_urls"})
_INPUT = _IMAGES | {"prompt", "negative_prompt", "audio_url", "reference_video_urls", "template"}
_LEGACY = ("wan2.6", "wan2.5")
_TYPES = {"reference": "reference_image"}


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    An option of the caller is sent as it is, in `input` or in `parameters`, wherever it belongs; null
    removes a parameter.

    Raises:
        JobError: an option is one of these objects, or replaces the job's own images.
    """
    images = plan.images("first_frame", "last_frame", "reference")
    _check_options(plan, images)
    named = {**plan.parameters(), **_place(plan, images)}
    known = {name: value for name, value in named.items() if value is not None}
    inputs = {name: value for name, value in known.items() if name in _INPUT}
    others = {name: value for name, value in known.items() if name not in {*_INPUT, "model"}}
    model = {"model": known["model"]} if "model" in known else {}
    body: dict[str, Any] = {**model, "input": inputs, "parameters": others}
    uploaded = any("oss://" in str(value) for name, value in inputs.items() if name != "prompt")
    headers = {**_ASYNC, **_UPLOADED} if uploaded else _ASYNC
    return Request("POST", _SYNTHESIS, json=body, headers=headers, paid=True)


def _check_options(plan: Plan, images: Sequence[Image]) -> None:
    for name in ("input", "parameters"):
        if name in plan.options:
            message = f"options.dashscope.{name} hides what is priced; give its fields themselves"
            raise JobError(message)
    if images and (names := sorted(_IMAGES & plan.options.keys())):
        message = (
            f"options.dashscope.{names[0]} contradicts the job's images; give only one of them"
        )
        raise JobError(message)


def _place(plan: Plan, images: Sequence[Image]) -> dict[str, Any]:
    """Return the images in the form of the model: URLs, or local ones as data: URLs."""
    urls = [image.source if image.is_url else Inline(plan.uploads[image]) for image in images]
    if not images:
        return {}
    if not plan.wire_model.startswith(_LEGACY):
        types = [_TYPES.get(image.role, image.role) for image in images]
        pairs = zip(types, urls, strict=True)
        return {"media": [{"type": kind, "url": url} for kind, url in pairs]}
    return {"reference_urls": urls} if images[0].role == "reference" else {"img_url": urls[0]}


def ask(task: Task) -> Request:
    """Return the request for the state of a task."""
    return Request("GET", f"{_TASKS}/{segment(task.id)}")


def ask_to_cancel(task: Task) -> Request:
    """Return the request that cancels a task; it has no body."""
    return Request("POST", f"{_TASKS}/{segment(task.id)}/cancel")
