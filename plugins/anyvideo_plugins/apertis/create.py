"""apertis-create: Veo and Sora as JSON.

    POST /v1/video/create            {id, status, status_update_time, enhanced_prompt}
    GET  /v1/video/query?id=...      the same, and video_url

Source: https://github.com/apertis-ai/docs, api/audio-video/video, "Create Video".
"""

from __future__ import annotations

from collections.abc import Sequence

from anyvideo.dialects.reports import read_report
from anyvideo.plugin import (
    JSON,
    DownloadError,
    Flow,
    JobError,
    Offer,
    Plan,
    Report,
    Request,
    Task,
    load_offers,
)
from anyvideo_plugins.apertis.characters import name_fields

BASE_URL = "https://api.apertis.ai"
KEY_ENV = "APERTIS_API_KEY"


class Create:
    """The vendor's own wire, with every parameter that it has."""

    name = "apertis-create"
    base_url = BASE_URL
    key_env = KEY_ENV

    def offers(self) -> Sequence[Offer]:
        """Return the offers of this wire."""
        return load_offers("anyvideo_plugins.apertis", self.name)

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the job."""
        response = yield encode(plan)
        return read_report(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task."""
        return query(task)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the URL that the task carries."""
        return locate(task)


def encode(plan: Plan) -> Request:
    """Return the request that creates the job.

    The page gives `images` as URLs, first frame before last frame, and `duration` as an integer.

    Raises:
        JobError: an image or the character cannot travel on this wire.
    """
    body = plan.parameters()
    if plan.job.seconds is not None:
        body[plan.offer.parameter("seconds")] = int(plan.job.seconds)
    if plan.job.images:
        body["images"] = _list_urls(plan)
    if plan.job.character is not None:
        if plan.job.character.from_task is not None:
            message = (
                "apertis-create takes a character from a video's url only; "
                "use apertis-videos for one from an earlier task"
            )
            raise JobError(message)
        body.update(name_fields(plan.job.character, prefix="character_"))
    return Request("POST", "/v1/video/create", json={**body, **plan.options}, paid=True)


def _list_urls(plan: Plan) -> list[JSON]:
    images = plan.images("first_frame", "last_frame", "reference")
    if not all(image.is_url for image in images):
        message = "apertis-create fetches images by URL; put the file where it can be fetched"
        raise JobError(message)
    return [str(image.source) for image in images]


def query(task: Task) -> Flow[Report]:
    """Ask for the state of a task; here a finished task must say where its video is.

    The id holds a colon (`veo3:1234567890-abcdefgh`), which the query string encodes.
    """
    response = yield Request("GET", "/v1/video/query", query={"id": task.id})
    return read_report(response, id=task.id, needs_url=True)


def locate(task: Task) -> Flow[Request]:
    """Find the file at the task's URL; a task that does not know it yet is asked for it.

    Raises:
        DownloadError: the task is not finished.
    """
    url = task.video_url
    if url is None:
        report = yield from query(task)
        url = report.video_url
        if url is None:
            message = f"{task.id} has no video: it is {report.status}"
            raise DownloadError(message, task=task)
    return Request("GET", url, expects="video")
