"""What Ark's answers say: the id of a new task, how a task stands, where its video is.

    {"id": "cgt-..."}                                                       a new task
    {"id", "status", "content": {"video_url"}, "error": {"code", "message"}, "created_at",
     "updated_at", "usage": {"completion_tokens"}, ...}                     a task
    {}                                                                      a cancelled one
    {"error": {"code", "message", "param", "type"}}                         an error

The states are queued, running, succeeded, failed, cancelled, and expired, which is a task that waited
too long. Source: https://docs.byteplus.com/en/docs/ModelArk/1521309.
"""

from __future__ import annotations

from email.utils import parsedate_to_datetime

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
    diagnose,
    diagnose_failure,
    find_url,
    is_object,
    read_status,
)
from anyvideo_plugins.ark.kinds import KINDS

_DAY = 86_400


def read_created(response: Response) -> Report:
    """Return the report of a new task: `{"id": "cgt-..."}`.

    Raises:
        ProviderError: the answer is an error, or names no task.
    """
    report = Report(id=response.find("id"))
    if not response.ok or not report.id:
        raise diagnose(response, paid=True, kinds=KINDS)
    return report


def read_task(response: Response, task: Task) -> Report:
    """Return what the vendor says of a task; it reports no progress and no price.

    `usage.completion_tokens` is what it bills, but in tokens. A task that failed is HTTP 200 too.

    Raises:
        ProviderError: the answer is an error or names no state, or the task has succeeded and
            its URL is missing without having lapsed.
    """
    word = response.find("status")
    if not response.ok or not isinstance(word, str) or not word:
        raise diagnose(response, kinds=KINDS)
    report = Report(
        id=task.id,
        status=read_status(word),
        created_at=response.find("created_at"),
        error=diagnose_failure(response.find("error"), kinds=KINDS),
    )
    if report.status != Status.SUCCEEDED:
        return report if report.status.final else evolve(report, error=None)
    # The link lives for a day from when the task ended, its last change.
    ended = evolve(report, expires_at=response.find("updated_at")).expires_at
    done = evolve(
        report,
        video_url=find_url({"content": response.find("content")}),
        expires_at=None if ended is None else ended.timestamp() + _DAY,
    )
    return evolve(done, error=None) if done.video_url else _explain_no_file(response, done)


def _explain_no_file(response: Response, report: Report) -> Report:
    """Return how a succeeded task without a URL stands: failed after all, or its link has lapsed.

    The record outlives the link by six days, and then has no `content`.
    """
    if report.error is not None:
        return evolve(report, status=Status.FAILED, expires_at=None)
    if report.expires_at is not None and _has_passed(report, response):
        return evolve(report, status=Status.EXPIRED)
    raise _miss_file(response)


def _miss_file(response: Response) -> ProviderError:
    message = "says that the task has succeeded, but not where its video is"
    return ProviderError("malformed", message, status=response.status, retryable=True)


def _has_passed(report: Report, response: Response) -> bool:
    """Say whether the link had lapsed when the vendor answered, by the vendor's own clock."""
    try:
        now = parsedate_to_datetime(response.headers.get("date", ""))
    except ValueError:
        return False
    return report.expires_at is not None and now.timestamp() >= report.expires_at.timestamp()


def read_location(response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a status call.

    Raises:
        ExpiredError: the link has lapsed, or the vendor has forgotten the task.
        DownloadError: the task has no file, or not yet.
    """
    try:
        report = read_task(response, task)
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


def read_cancelled(response: Response, task: Task) -> Report | None:
    """Return how a task stands after a DELETE: cancelled and free, or running after all.

    None is for an answer that proves neither.

    Raises:
        ProviderError: the answer is any other error.
    """
    if response.ok and _is_empty(response):
        return Report(id=task.id, status=Status.CANCELLED, cost=0)
    error = diagnose(response, kinds=KINDS)
    if error.code == "InvalidAction.RunningTaskDeletion":
        return Report(id=task.id, status=Status.RUNNING)
    if response.ok and error.code is None:
        return None
    raise error


def _is_empty(response: Response) -> bool:
    """Say whether an answer has no body, or one without a fact: `{}` is what the vendor sends."""
    if not response.text.strip():
        return True
    body = response.find()
    return is_object(body) and not any(body.values())
