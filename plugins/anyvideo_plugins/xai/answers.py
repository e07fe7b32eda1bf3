"""What xAI's answers say: the id of a new job, how a job stands, where its video is.

    {"request_id": "d97415a1-..."}                                             a new job
    {"status": "pending", "progress": 42}, or nothing; HTTP 202                it runs
    {"status": "done", "video": {"url", "duration", "respect_moderation"},
     "usage": {"cost_in_usd_ticks"}, "model", "progress": 100}                 there is a video
    the same with "respect_moderation": false and an empty URL                 it is kept back
    {"status": "failed", "error": {"code", "message"}}                         it failed, HTTP 200
    {"code", "error": "text", "usage"}, HTTP 400                               it is kept back
    {"code", "error": "text"}, {"error": "text"}, {"error": {"message", ...}}  an error

The page on answers does not have the last two; clients recorded them. It has no "expired" either,
which the vendor's SDK reads. Sources: https://docs.x.ai/developers/rest-api-reference/inference/videos,
https://docs.x.ai/developers/debugging and https://github.com/xai-org/xai-sdk-python.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from attrs import evolve

from anyvideo.plugin import (
    DownloadError,
    ExpiredError,
    ProviderError,
    Report,
    Request,
    Response,
    Status,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    is_object,
    read_status,
)

_Kind: TypeAlias = Literal["auth", "content_policy", "insufficient_funds", "invalid_request"]
WORDS: Mapping[str, str] = {"pending": "running", "done": "succeeded"}
"""The vendor's words that are not the usual ones; "pending" is said of a job that runs, too."""
# What says more than the HTTP status beside it: a wrong key is a 400, an empty account a 403 or a 429.
_KINDS: Mapping[str, _Kind] = {
    "imagine:content-moderated": "content_policy",
    "incorrect api key": "auth",
    "used all available credits": "insufficient_funds",
    "have any credits": "insufficient_funds",
    "spending limit": "insufficient_funds",
    "free usage quota": "insufficient_funds",
    "failed_precondition": "invalid_request",
}
_TICKS = Decimal(10_000_000_000)  # in a US dollar
# With these moderation ends a job; any other status is about the call.
_VERDICTS = frozenset({200, 400, 403})
_BLOCKED = TaskError("content_policy", None, "moderation kept the video back")


def read_created(response: Response) -> Report:
    """Return the report of a new job: `{"request_id": "..."}`.

    Raises:
        ProviderError: the answer is an error, or names no job.
    """
    report = Report(id=response.find("request_id"))
    if not response.ok or not report.id:
        raise diagnose(response, paid=True, kinds=_KINDS)
    return report


def read_video(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return what the vendor says of a job.

    Raises:
        ProviderError: the answer is an error or says nothing of the job, or the job is done and
            its URL is missing.
    """
    if not response.ok:
        return _read_verdict(response, id)
    word = response.find("status")
    if not isinstance(word, str) or not word:
        return _read_silence(response, id)
    report = Report(id, read_status(word, WORDS))
    if not report.status.final:
        return evolve(report, progress=response.find("progress"))
    if report.status is Status.SUCCEEDED:
        return _read_end(response, id)
    return evolve(report, error=_read_error(response), cost=_read_cost(response))


def _read_verdict(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return the report of a job that moderation ended, which may be told as an error of the call.

    Raises:
        ProviderError: the answer is any other error; it says nothing of the job.
    """
    error = diagnose(response, kinds=_KINDS)
    if error.kind != "content_policy" or response.status not in _VERDICTS:
        raise error
    reason = TaskError(error.kind, error.code, error.message)
    return Report(id, Status.FAILED, error=reason, cost=_read_cost(response))


def _read_silence(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return the report of an answer that has no word for the state.

    Raises:
        ProviderError: nothing else says how the job stands.
    """
    if is_object(response.find("video")):
        return _read_end(response, id)
    if response.status == 202 and not response.find("error"):
        return Report(id, Status.RUNNING, progress=response.find("progress"))
    return _read_verdict(response, id)


def _read_end(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return the report of a job that is done: with a video, or with the reason why there is none.

    `file_output` is there where an option asked the vendor to store the file.

    Raises:
        ProviderError: there is neither.
    """
    report = Report(
        id,
        Status.SUCCEEDED,
        video_url=response.find("video", "url"),
        cost=_read_cost(response),
    )
    blocked = str(response.find("video", "respect_moderation")).lower() == "false"
    error = _read_error(response)
    if blocked:
        error = _BLOCKED if error is None else evolve(error, kind="content_policy")
    if blocked or (report.video_url is None and error is not None):
        return evolve(report, status=Status.FAILED, video_url=None, error=error)
    if report.video_url is None:
        report = evolve(report, video_url=response.find("video", "file_output", "public_url"))
    if report.video_url is None:
        raise _miss_file(response)
    return report


def _miss_file(response: Response) -> ProviderError:
    message = "says that the video is done, but not where it is"
    return ProviderError("malformed", message, status=response.status, retryable=True)


def _read_error(response: Response) -> TaskError | None:
    """Return the reason in an answer: an object, or a text with its code beside it."""
    told = response.find("error")
    if isinstance(told, str):
        told = {"code": response.find("code"), "message": told}
    return diagnose_failure(told, kinds=_KINDS)


def _read_cost(response: Response) -> Decimal | None:
    """Return what the vendor billed, in USD; a verdict of moderation may have a bill as well."""
    ticks = Report("", cost=response.find("usage", "cost_in_usd_ticks")).cost
    return None if ticks is None else ticks / _TICKS


def read_location(response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a status call.

    Raises:
        ExpiredError: the link has lapsed, or the vendor has forgotten the job.
        DownloadError: the job has no file, or not yet.
        ProviderError: the answer is any other error.
    """
    try:
        report = read_video(response, task.id)
    except ProviderError as error:
        if error.kind != "not_found":
            raise
        message = f"{task.provider} no longer knows the job {task.id}: {error.message}"
        raise ExpiredError(message, task=task) from error
    if report.status is Status.EXPIRED:
        message = f"{task.provider} no longer has the video of {task.id}"
        raise ExpiredError(message, task=task)
    if report.video_url is None:
        message = f"{task.provider} names no video for {task.id}, which is {report.status}"
        raise DownloadError(message, task=task)
    return Request("GET", report.video_url, expects="video")
