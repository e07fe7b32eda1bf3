"""What DashScope's answers say: the id of a new task, how a task stands, where its video is.

    {"output": {"task_id", "task_status": "PENDING"}, "request_id"}        a new task
    {"output": {"task_id", "task_status", "submit_time", "end_time", "video_url", "actual_prompt",
     "code", "message"}, "usage": {"duration", "SR", "video_count"}, ...}   a task
    {"request_id"}                                                         a cancelled one
    {"code", "message", "request_id"}                                      an error, also with 200

Source: https://www.alibabacloud.com/help/en/model-studio/image-to-video-general-api-reference and
/manage-asynchronous-tasks.
"""

from __future__ import annotations

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
    find_url,
    is_object,
    read_status,
)
from anyvideo_plugins.dashscope.kinds import KINDS

_DAY = 86_400
# UNKNOWN is said of a task that is older than a day, and of one that the region never had.
_WORDS = {"SUSPENDED": "queued", "UNKNOWN": "expired"}
_LOST = TaskError("not_found", "UNKNOWN", "the task is older than 24 hours, or of another region")


def read_created(response: Response) -> Report:
    """Return the report of a new task, which is PENDING.

    Raises:
        ProviderError: the answer is an error, or names no task.
    """
    status = read_status(response.find("output", "task_status") or "PENDING")
    task_id = response.find("output", "task_id")
    # How a task that has ended already did so is what its first poll says.
    report = Report(id=task_id, status=Status.QUEUED if status.final else status)
    if not response.ok or not report.id:
        raise diagnose(response, paid=True, kinds=KINDS)
    return report


def read_task(response: Response, task: Task) -> Report:
    """Return what the vendor says of a task; it reports no progress and no price.

    A task that failed is HTTP 200 too. `usage.duration` is what it bills, but in seconds.

    Raises:
        ProviderError: the answer is an error or names no state, or the task has succeeded and
            its URL is missing.
    """
    word = response.find("output", "task_status")
    if not response.ok or not isinstance(word, str) or not word:
        raise diagnose(response, kinds=KINDS)
    report = Report(
        id=task.id,
        status=read_status(word.strip().upper(), _WORDS),
        created_at=_place_time(response.find("output", "submit_time")),
        enhanced_prompt=response.find("output", "actual_prompt"),
    )
    if report.status == Status.SUCCEEDED:
        return _read_file(response, report)
    if report.status == Status.EXPIRED:
        return evolve(report, error=_LOST)
    return evolve(report, error=_find_failure(response)) if report.status.final else report


def _find_failure(response: Response) -> TaskError | None:
    """Return the reason in the task, else that in the envelope, where the SDKs repeat it."""
    told, around = (
        {name: response.find(*path, name) for name in ("code", "message")}
        for path in (("output",), ())
    )
    return diagnose_failure(told, kinds=KINDS) or diagnose_failure(around, kinds=KINDS)


def _read_file(response: Response, report: Report) -> Report:
    """Return how a succeeded task stands: with its URL, or failed after all where it made no video."""
    places = {"data": response.find("output"), "result": response.find("output", "results")}
    # The link lives for a day from when the task ended.
    ended = evolve(report, expires_at=_place_time(response.find("output", "end_time"))).expires_at
    lapses = None if ended is None else ended.timestamp() + _DAY
    done = evolve(report, video_url=find_url(places), expires_at=lapses)
    if done.video_url:
        return done
    failure = _find_failure(response)
    if failure is None and response.find("usage", "video_count") in (0, "0"):
        failure = TaskError("server", None, "it succeeded without a video")
    if failure is None:
        raise _miss_file(response)
    return evolve(report, status=Status.FAILED, error=failure)


def _miss_file(response: Response) -> ProviderError:
    message = "says that the task has succeeded, but not where its video is"
    return ProviderError("malformed", message, status=response.status, retryable=True)


def _place_time(value: object) -> object:
    """Return a time as the vendor means it: in UTC+8, which it does not write."""
    return f"{value}+08:00" if isinstance(value, str) else value


def read_location(response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a status call.

    Raises:
        ExpiredError: the vendor has forgotten the task, and its video with it.
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
        message = f"{task.provider} no longer has the video of {task.id}: {_LOST.message}"
        raise ExpiredError(message, task=task)
    if report.video_url is None:
        message = f"{task.provider} names no video for {task.id}, which is {report.status}"
        raise DownloadError(message, task=task)
    return Request("GET", report.video_url, expects="video")


def read_cancelled(response: Response, task: Task) -> Report | None:
    """Return the report of a cancelled task, which is free, or None where only its state can say.

    That is so where it was not PENDING, and where the answer is none that the vendor gives.

    Raises:
        ProviderError: the answer is any other error.
    """
    state = read_status(response.find("output", "task_status"))
    if response.ok and (_is_bare(response) or state is Status.CANCELLED):
        return Report(id=task.id, status=Status.CANCELLED, cost=0)
    error = diagnose(response, kinds=KINDS)
    if error.code == "UnsupportedOperation" or (response.ok and error.code is None):
        return None
    raise error


def _is_bare(response: Response) -> bool:
    """Say whether an answer holds no more than the id of the request."""
    body = response.find()
    told = ("code", "message", "error", "output")
    return is_object(body) and not any(body.get(name) for name in told)
