"""Runway's wire, from https://docs.dev.runwayml.com/api, version 2024-11-06.

    POST   /v1/text_to_video    {"model", "promptText", "ratio": "1280:720", "duration": 5} -> {"id"}
    POST   /v1/image_to_video   the same with "promptImage": [{"uri", "position": "first"}]
    POST   /v1/video_to_video   the same with "videoUri" or "promptVideo", which options bring
    GET    /v1/tasks/{id}       {"id", "status", "progress": 0.5, "output": [URL], "failureCode"}
    DELETE /v1/tasks/{id}       cancels a task; one that has ended loses its output

The version is a header of each call. What differs between models is data, in the TOML files beside
this module: `ratio` is a pair of pixels, so a format of an offer is one word of the wire.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from attrs import evolve

from anyvideo.plugin import (
    JSON,
    DownloadError,
    ErrorKind,
    ExpiredError,
    Flow,
    Image,
    Inline,
    JobError,
    Offer,
    Plan,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    is_list,
    is_object,
    load_offers,
    read_progress,
    read_status,
    segment,
)

_FILES = (
    "offers.toml",
    "offers_google.toml",
    "offers_seedance.toml",
    "offers_wan.toml",
    "offers_minimax.toml",
    "offers_kling.toml",
    "offers_others.toml",
)
_VERSION = {"X-Runway-Version": "2024-11-06"}
# The states of GET /v1/tasks/{id}. A throttled task waits for one of the account's slots, which is
# no error: https://docs.dev.runwayml.com/usage/tiers
_WORDS = {
    "PENDING": "queued",
    "THROTTLED": "queued",
    "RUNNING": "running",
    "SUCCEEDED": "succeeded",
    "FAILED": "failed",
    "CANCELLED": "cancelled",
}
# What each code begins with: https://docs.dev.runwayml.com/errors/task-failures
_FAILURES: Mapping[str, ErrorKind] = {
    "SAFETY": "content_policy",
    "INPUT_PREPROCESSING.SAFETY": "content_policy",
    "INPUT_PREPROCESSING": "server",
    "INTERNAL": "server",
    "ASSET": "invalid_request",
}
# A refusal has no code, and says in words what is wrong: https://docs.dev.runwayml.com/errors/errors
_REFUSALS: Mapping[str, ErrorKind] = {
    "validation of body failed": "invalid_request",
    "not have enough credits": "insufficient_funds",
    # https://github.com/runwayml/sdk-python/issues/139; the HTTP status is 403.
    "model variant": "model_unavailable",
}


class Runway:
    """The adapter `runway`; it holds nothing, so one serves every provider."""

    name = "runway"
    base_url = "https://api.dev.runwayml.com"
    key_env = "RUNWAYML_API_SECRET"

    def offers(self) -> Sequence[Offer]:
        """Return every model that makes a video from a prompt or from images."""
        package = "anyvideo_plugins.runway"
        return tuple(offer for file in _FILES for offer in load_offers(package, self.name, file))

    def submit(self, plan: Plan) -> Flow[Report]:
        """Create the task; the answer is its id."""
        response = yield encode(plan)
        return read_task(response, paid=True)

    def status(self, task: Task) -> Flow[Report]:
        """Ask for the state of a task; a finished one carries its URL."""
        response = yield _ask(task)
        return read_task(response, task_id=task.id)

    def locate(self, task: Task) -> Flow[Request]:
        """Find the file at the task's own URL, or at a fresh one, which each status call has.

        Raises:
            ExpiredError: the vendor no longer knows the task.
            DownloadError: the task has no file, or not yet.
        """
        if task.video_url:
            return Request("GET", task.video_url, expects="video")
        response = yield _ask(task)
        return read_location(response, task)

    def cancel(self, task: Task) -> Flow[Report]:
        """Cancel a task that has not ended; of one that has, only report it.

        The same call deletes the output of a task that has ended, so the state is asked for first.
        No page says what a cancelled task costs: https://docs.dev.runwayml.com/api
        """
        response = yield _ask(task)
        report = read_task(response, task_id=task.id)
        if report.status.final:
            return report
        response = yield Request("DELETE", f"/v1/tasks/{segment(task.id)}", headers=_VERSION)
        if not response.ok:
            raise _refuse(response)
        return Report(task.id, Status.CANCELLED)


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    An option of the caller is sent as it is; null removes a parameter.

    Raises:
        JobError: an option replaces the job's own images, or an image is not at an https URL.
    """
    images = _place_images(plan)
    if clashes := ", ".join(sorted(images.keys() & plan.options.keys())):
        message = f"options.runway.{clashes} contradicts the job's own; give only one of them"
        raise JobError(message)
    known = {name: value for name, value in plan.parameters().items() if value is not None}
    path = _find_path({*known, *images})
    return Request("POST", path, json={**known, **images}, headers=_VERSION, paid=True)


def _find_path(names: set[str]) -> str:
    """Return the endpoint that takes a body with these parameters; a video counts before an image."""
    if names & {"videoUri", "promptVideo"}:
        return "/v1/video_to_video"
    return "/v1/image_to_video" if "promptImage" in names else "/v1/text_to_video"


def _place_images(plan: Plan) -> dict[str, list[dict[str, str | Inline]]]:
    """Return the frames with their positions, and the references, which have none."""
    frames = [
        {"uri": _find_uri(plan, image), "position": image.role.removesuffix("_frame")}
        for image in plan.images("first_frame", "last_frame")
    ]
    references = [{"uri": _find_uri(plan, image)} for image in plan.images("reference")]
    placed = {"promptImage": frames, "references": references}
    return {name: images for name, images in placed.items() if images}


def _find_uri(plan: Plan, image: Image) -> str | Inline:
    """Return the URL of an image, or the local image, which goes into the body as a data URI.

    https://docs.dev.runwayml.com/assets/inputs: a data URI has less than 5 MB.

    Raises:
        JobError: the URL has another scheme than https.
    """
    if not image.is_url:
        return Inline(plan.uploads[image])
    url = str(image.source)
    if not url.lower().startswith("https:"):
        message = f"runway fetches images over https alone, not {url}; give the file instead"
        raise JobError(message)
    return url


def _ask(task: Task) -> Request:
    return Request("GET", f"/v1/tasks/{segment(task.id)}", headers=_VERSION)


def read_task(response: Response, *, task_id: str = "", paid: bool = False) -> Report:
    """Return what an answer says of a task; that to a submit has its id alone.

    `cost.credits`, of 0.01 USD, is what a task that has ended was billed: 0 where the credits were
    given back. https://docs.dev.runwayml.com/guides/pricing

    Raises:
        ProviderError: the answer is an error, says nothing of a task, or says that the task
            succeeded without saying where its output is.
    """
    word = response.find("status")
    status = read_status(word, _WORDS) if word is not None else Status.QUEUED
    url = _find_url(response) if status == Status.SUCCEEDED else None
    if status == Status.SUCCEEDED and response.find("output") == []:
        status = Status.FAILED  # no output is no success
    elif status == Status.SUCCEEDED and url is None and paid:
        status = Status.RUNNING  # the id is what matters; the next answer says where the output is
    report = Report(
        id=task_id or response.find("id"),
        status=status,
        progress=read_progress(response.find("progress"), whole=1),
        video_url=url,
        error=_read_failure(response) if status == Status.FAILED else None,
        cost=f"{response.find('cost', 'credits')}e-2",  # as text, so that it stays exact
        created_at=response.find("createdAt"),
    )
    if not response.ok or not report.id or (task_id and not isinstance(word, str)):
        raise _refuse(response, paid=paid)
    if status == Status.SUCCEEDED and report.video_url is None:
        error, message = _refuse(response, paid=paid), "the task succeeded, and names no output"
        raise ProviderError(error.kind, message, status=error.status, retryable=error.retryable)
    return report


def _find_url(response: Response) -> str | None:
    """Return the first URL of the output, which is a list; a URL alone is one too."""
    output = response.find("output")
    listed = output if is_list(output) else [output]
    return next(filter(None, (Report("", video_url=item).video_url for item in listed)), None)


def _read_failure(response: Response) -> TaskError:
    """Return why a task failed; where the vendor does not say, its own fault is meant."""
    told = {"code": response.find("failureCode"), "message": response.find("failure")}
    error = diagnose_failure(told, relayed=True, kinds=_FAILURES)
    return error or TaskError("server", None, "no reason given")


def _refuse(response: Response, *, paid: bool = False) -> ProviderError:
    """Return the error that an answer means; of a validation, with each field that is wrong."""
    told, issues = response.find("error"), response.find("issues")
    if is_list(issues) and isinstance(told, str | None):
        lines = [told, *(_tell_issue(issue) for issue in issues if is_object(issue))]
        text = "; ".join(filter(None, lines))
        response = evolve(response, body=json.dumps({"error": text}).encode())
    return diagnose(response, paid=paid, kinds=_REFUSALS)


def _tell_issue(issue: Mapping[str, JSON]) -> str:
    path, message = issue.get("path"), issue.get("message")
    where = ".".join(map(str, path)) if is_list(path) else ""
    return ": ".join(filter(None, (where, message if isinstance(message, str) else "")))


def read_location(response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a status call.

    Raises:
        ExpiredError: the vendor no longer knows the task; it was deleted, or is too old.
        DownloadError: the task has no file, or not yet.
    """
    try:
        report = read_task(response, task_id=task.id)
    except ProviderError as error:
        if error.kind != "not_found":
            raise
        message = f"{task.provider} no longer knows the task {task.id}: {error.message}"
        raise ExpiredError(message, task=task) from error
    if report.video_url is None:
        message = f"{task.provider} names no video for {task.id}, which is {report.status}"
        raise DownloadError(message, task=task)
    return Request("GET", report.video_url, expects="video")
