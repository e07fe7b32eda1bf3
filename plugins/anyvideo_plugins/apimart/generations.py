"""APIMart's one wire for every model, from https://docs.apimart.ai/en/api-reference.

    POST /v1/uploads/images        a local image -> {"url"}, free and before the submit
    POST /v1/videos/generations    -> {"code": 200, "data": [{"task_id", "status"}]}
    GET  /v1/tasks/{id}            -> {"code": 200, "data": {"id", "status", "result", "cost", ...}}
    POST /v1/videos/{id}/remix     a new task that makes a finished video longer (Veo)

What differs between models is data: limits, prices and the names of parameters are in the TOML
files beside this module, and offers.toml says what `names` holds beyond the canonical fields.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from anyvideo.dialects.reports import find_url, read_report
from anyvideo.dialects.urls import segment
from anyvideo.plugin import (
    JSON,
    DownloadError,
    ExpiredError,
    Flow,
    Image,
    JobError,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    Upload,
    VideoJob,
    diagnose,
    load_offers,
)

_FILES = (
    "offers.toml",
    "offers_omni.toml",
    "offers_kling.toml",
    "offers_seedance.toml",
    "offers_seedance_1.toml",
    "offers_wan.toml",
    "offers_happyhorse.toml",
    "offers_minimax.toml",
    "offers_vidu.toml",
    "offers_pixverse.toml",
    "offers_others.toml",
    "offers_veo.toml",  # in doubt, so last
)


class Apimart:
    """The adapter `apimart`; it holds nothing, so one serves every provider."""

    name = "apimart"
    base_url = "https://api.apimart.ai"
    key_env = "APIMART_API_KEY"

    def offers(self) -> Sequence[Offer]:
        """Return every model of the vendor's video pages."""
        return tuple(_list_offers())

    def submit(self, plan: Plan) -> Flow[Report]:
        """Upload the local images one by one, then create the job."""
        encode(plan, {})  # an error in the job is raised before anything is sent
        urls: dict[Image, str] = {}
        for image in plan.job.images:
            if not image.is_url and image not in urls:
                response = yield encode_upload(plan.uploads[image])
                urls[image] = read_upload(response)
        response = yield encode(plan, urls)
        return read_report(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task; a finished one carries its URL."""
        response = yield _ask(task)
        return read_report(response, id=task.id, needs_url=True)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the task's own URL, or at the one that the vendor names when asked.

        Raises:
            ExpiredError: the vendor no longer knows the task; it forgets them after some days.
            DownloadError: the task has no file, or not yet.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        response = yield _ask(task)
        return read_location(response, task)

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Flow[Report]:
        """Make a new task that continues the video of a finished one, with the same model.

        Raises:
            JobError: the prompt is empty, or the model does not come in that size.
        """
        response = yield encode_remix(task, VideoJob(prompt, size=size))
        return read_report(response, paid=True)


def _list_offers() -> Iterator[Offer]:
    for file in _FILES:
        yield from load_offers("anyvideo_plugins.apimart", "apimart", file)


def encode_upload(upload: Upload) -> Request:
    """Return the request that puts a local image where the vendor's models can fetch it.

    POST /v1/uploads/images, multipart with one `file`; the link lives 72 hours.
    https://docs.apimart.ai/en/api-reference/uploads/images
    """
    assumed = f"https://upload.apimart.ai/f/image/{upload.sha256}"
    return Request(
        "POST", "/v1/uploads/images", form={}, files={"file": upload}, rehearsal={"url": assumed}
    )


def read_upload(response: Response) -> str:
    """Return where an uploaded image lies: `url`, or `data.url`.

    Raises:
        ProviderError: the image was refused, or the answer names no http(s) URL.
    """
    try:
        url = find_url(response.json()) if response.ok else None
    except ValueError:
        url = None
    if url is None:
        raise diagnose(response)
    return url


def encode(plan: Plan, urls: Mapping[Image, str]) -> Request:
    """Return the paid request for a plan; `urls` says where its local images were uploaded to.

    An option of the caller is sent as it is; null removes a parameter.

    Raises:
        JobError: an option replaces the job's own images or character.
    """
    images = _place_images(plan, urls)
    own = {**images, **_place_character(plan)}
    if clashes := ", ".join(sorted(own.keys() & plan.options.keys())):
        message = f"options.apimart.{clashes} contradicts the job's own; give only one of them"
        raise JobError(message)
    body = {**plan.parameters(), **own}
    if images:
        for name, word in _describe_images(plan):
            body.setdefault(name, word)
    known = {name: value for name, value in body.items() if value is not None}
    return Request("POST", "/v1/videos/generations", json=known, paid=True)


def _place_images(plan: Plan, urls: Mapping[Image, str]) -> dict[str, JSON]:
    """Return the images under the parameters that the offer has for their roles."""
    placed: dict[str, Any] = {}
    for image in plan.images("first_frame", "last_frame", "reference"):
        name = plan.offer.names.get(image.role, "image_urls")
        url = urls.get(image, image.source)
        if name.endswith("_roles"):
            role = (
                plan.offer.parameter("reference_image") if image.role == "reference" else image.role
            )
            placed.setdefault(name, []).append({"url": url, "role": role})
        elif name.endswith("_urls"):
            placed.setdefault(name, []).append(url)
        else:
            placed[name] = url
    return placed


def _describe_images(plan: Plan) -> list[tuple[str, str]]:
    """Return the parameters that say what the images are for, where the offer has such."""
    kind = "reference" if plan.images("reference") else "frame"
    words = (("images_as", kind), ("adaptive", "adaptive"))
    return [(plan.offer.names[key], word) for key, word in words if key in plan.offer.names]


def _place_character(plan: Plan) -> dict[str, JSON]:
    character = plan.job.character
    if character is None:
        return {}
    if character.url is None:
        message = "apimart takes a character from a url, not from a task; give its url"
        raise JobError(message)
    placed: dict[str, JSON] = {plan.offer.parameter("character"): character.url}
    if character.timestamps is not None:
        start, end = character.timestamps
        placed["character_timestamps"] = f"{start:g},{end:g}"
    return placed


def _ask(task: Task) -> Request:
    return Request("GET", f"/v1/tasks/{segment(task.id)}")


def read_location(response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a status call.

    Raises:
        ExpiredError: the vendor no longer knows the task.
        DownloadError: the task has no file, or not yet.
    """
    try:
        report = read_report(response, id=task.id)
    except ProviderError as error:
        if error.kind != "not_found":
            raise
        message = f"{task.provider} no longer knows the task {task.id}: {error.message}"
        raise ExpiredError(message, task=task) from error
    if report.status == Status.EXPIRED:
        message = f"{task.provider} no longer has the video of {task.id}"
        raise ExpiredError(message, task=task)
    if report.video_url is None:
        message = f"{task.provider} names no video for {task.id}, which is {report.status}"
        raise DownloadError(message, task=task)
    return Request("GET", report.video_url, expects="video")


def encode_remix(task: Task, job: VideoJob) -> Request:
    """Return the paid request that continues a finished video; the model must be the parent's.

    POST /v1/videos/{id}/remix, https://docs.apimart.ai/en/api-reference/videos/veo3/remix

    Raises:
        JobError: the model does not come in the job's size.
    """
    offer = next((item for item in _list_offers() if item.answers_to(task.model)), None)
    body: dict[str, JSON] = {"model": offer.wire_model if offer else task.model}
    body["prompt"] = job.prompt
    if job.size is not None:
        body.update(_find_shape(offer, job))
    return Request("POST", f"/v1/videos/{segment(task.id)}/remix", json=body, paid=True)


def _find_shape(offer: Offer | None, job: VideoJob) -> Mapping[str, JSON]:
    if offer is None:
        return {"aspect_ratio": job.aspect_ratio, "resolution": job.resolution}
    for shape in (shape for tier in offer.tiers for shape in tier.shapes):
        if (shape.aspect_ratio, shape.resolution) == (job.aspect_ratio, job.resolution):
            return shape.wire
    message = f"{offer.name} is not available in {job.size} ({job.aspect_ratio}, {job.resolution})"
    raise JobError(message)
