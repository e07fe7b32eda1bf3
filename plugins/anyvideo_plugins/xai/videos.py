"""xAI's wire for Grok Imagine Video.

    POST /v1/videos/generations    {"model", "prompt", ...} -> {"request_id"}
    POST /v1/videos/edits          the same from {"model", "prompt", "video": {"url"}}
    GET  /v1/videos/{request_id}   202 while it runs, then {"status", "video": {"url"}, "usage", ...}

There is no cancel, no list of jobs, no webhook, and no key that makes a second submit harmless.

Pages: https://docs.x.ai/developers/rest-api-reference/inference/videos (fields and answers) and
https://docs.x.ai/developers/model-capabilities/video/generation (modes, limits, failures). Limits and
prices are in offers.toml.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anyvideo.plugin import (
    Flow,
    Image,
    Inline,
    JobError,
    Offer,
    Plan,
    Report,
    Request,
    Task,
    load_offers,
    segment,
)
from anyvideo_plugins.xai.answers import read_created, read_location, read_video

# The only model that takes a video; it takes one of 8.7 seconds at most.
_EDITOR = "grok-imagine-video"


class XAI:
    """The adapter `xai`; it holds nothing, so one serves every provider."""

    name = "xai"
    base_url = "https://api.x.ai"
    key_env = "XAI_API_KEY"

    def offers(self) -> Sequence[Offer]:
        """Return the models of the family."""
        return load_offers("anyvideo_plugins.xai", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job; the answer holds its id and nothing else.

        Raises:
            JobError: an option replaces the job's own images.
        """
        response = yield encode(plan)
        return read_created(response)

    def status(self, task: Task) -> Flow[Report]:
        """Ask how a job stands."""
        response = yield _ask(task)
        return read_video(response, task.id)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the task's own URL, or at the one that the vendor names when asked.

        Raises:
            ExpiredError: the link has lapsed, or the vendor has forgotten the job.
            DownloadError: the job has no file, or not yet.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        response = yield _ask(task)
        return read_location(response, task)

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Flow[Report]:
        """Make a new video from that of a finished job; it keeps the length and the shape.

        Raises:
            JobError: the vendor does not edit such a video, or not into another size.
        """
        response = yield encode_edit(task, prompt, size)
        return read_created(response)


def _ask(task: Task) -> Request:
    return Request("GET", f"/v1/videos/{segment(task.id)}")


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan; the fields that are there choose the mode.

    An option of the caller is sent as it is; null removes a parameter.

    Raises:
        JobError: an option replaces the job's own images, or names a video, which this endpoint
            ignores: it would bill a video made of the prompt alone.
    """
    images = _place_images(plan)
    if clashes := ", ".join(sorted(images.keys() & plan.options.keys())):
        message = f"options.xai.{clashes} contradicts the job's images; give only one of them"
        raise JobError(message)
    if plan.options.get("video") is not None:
        message = "options.xai.video is ignored by the vendor where a video is made; use a remix"
        raise JobError(message)
    body = {**plan.parameters(), **images}
    known = {name: value for name, value in body.items() if value is not None}
    return Request("POST", "/v1/videos/generations", json=known, paid=True)


def _place_images(plan: Plan) -> dict[str, Any]:
    """Return `image`, `last_frame` and `reference_images` as far as the job has them."""
    first, last = plan.images("first_frame"), plan.images("last_frame")
    references = [_write_image(plan, image) for image in plan.images("reference")]
    placed = {
        "image": _write_image(plan, first[0]) if first else None,
        "last_frame": _write_image(plan, last[0]) if last else None,
        "reference_images": references or None,
    }
    return {name: value for name, value in placed.items() if value is not None}


def _write_image(plan: Plan, image: Image) -> dict[str, Any]:
    """Return an image as `{"url"}`: an address, or a local one as a data: URL."""
    return {"url": image.source if image.is_url else Inline(plan.uploads[image])}


def encode_edit(task: Task, prompt: str, size: str | None) -> Request:
    """Return the paid request that edits the video of a finished job.

    Raises:
        JobError: the job is of another model, a size is asked for, or the task has no video.
    """
    if task.model != _EDITOR:
        message = f"xAI edits videos with {_EDITOR} alone, and this one is of {task.model}"
        raise JobError(message)
    if size is not None:
        message = "xAI keeps the size of a video that it edits; leave the size out"
        raise JobError(message)
    if not task.video_url:
        message = f"task {task.id} is {task.status} and carries no video; ask for its status first"
        raise JobError(message)
    body: dict[str, Any] = {"model": _EDITOR, "prompt": prompt, "video": {"url": task.video_url}}
    return Request("POST", "/v1/videos/edits", json=body, paid=True)
