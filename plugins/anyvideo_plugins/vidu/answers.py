"""What Vidu's answers say about a task, and what its error codes mean.

    {"task_id", "state": "created", "credits", "created_at", ...}                       a new task
    {"state", "err_code", "credits", "creations": [{"url", "cover_url", "watermarked_url"}]}    a poll
    {"code": 400, "reason": "CreditInsufficient", "message", "metadata": {"trace_id"}}      an error

A failed task has a code and no text. Sources: https://platform.vidu.com/docs/get-generation,
https://platform.vidu.com/docs/cancel-generation and https://platform.vidu.com/docs/error-code.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import evolve

from anyvideo.plugin import (
    ErrorKind,
    Output,
    ProviderError,
    Report,
    Response,
    Status,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    is_list,
    is_object,
    read_status,
)

# https://platform.vidu.com/docs/error-code. The last three of content_policy, and ImageSizeInvalid,
# are those of a client that read the pages in 2026-10.
_CODES: Mapping[ErrorKind, str] = {
    "auth": "Unauthorized",
    "permission": "Forbidden",
    "not_found": "TaskNotFound CreationNotFound NotFound",
    "insufficient_funds": "CreditInsufficient",
    "model_unavailable": "ModelUnavailable",
    "content_policy": "TaskPromptPolicyViolation CreationPolicyViolation AuditSubmitIllegal"
    " AuditFailed PhotoAuditNotPass",
    "rate_limited": "QuotaExceeded TooManyRequests SystemThrottling OperationInProcess",
    "invalid_request": "BadRequest FieldLacking FieldUnwanted FieldItemCountOutOfRange FieldInvalid"
    " PageSizeOutOfRange ImageDownloadFailure ImageFormatInvalid ImageSizeInvalid Conflict"
    " ImageCheckBodyJointsFailed ImageCheckFaceFailed ImageObjectsUndetected",
    "server": "InternalServiceFailure",
    # The call ended before its answer, so it proves nothing.
    "timeout": "Canceled",
}
_KINDS: Mapping[str, ErrorKind] = {
    code: kind for kind, codes in _CODES.items() for code in codes.split()
}
_STOPPED = frozenset({"UserCancelled", "Canceled"})
# What a cancel is answered with; the page has both the second and "it returns null".
_EMPTY = frozenset({"", "{}", "null"})
_NO_VIDEO = TaskError("server", None, "it succeeded without a video")


def read_created(response: Response, *, marked: bool) -> Report:
    """Return what the answer to a submit says; `marked` says that a watermark was asked for.

    Raises:
        ProviderError: the answer is an error, or names no task.
    """
    report = Report(
        id=response.find("task_id") or response.find("id"),
        status=_read_state(response) or Status.QUEUED,
        created_at=response.find("created_at"),
        extra={"marked": True} if marked else {},
    )
    if not response.ok or not report.id:
        raise explain(response, paid=True)
    if report.status is Status.SUCCEEDED:  # a poll reads where the video is
        return evolve(report, status=Status.RUNNING)
    return _add_failure(report, response)


def read_task(response: Response, task: Task, *, credit: Decimal | None = None) -> Report:
    """Return what the answer to a poll says about a task.

    `credit` is what a credit costs in the currency of the quotes, None where that is not known.

    Raises:
        ProviderError: the answer is an error, says nothing of a task, or says that it succeeded and
            not where the video is.
    """
    status = _read_state(response)
    if not response.ok or status is None:
        raise explain(response)
    report = Report(task.id, status, progress=response.find("progress"))
    if status is not Status.SUCCEEDED:
        return _add_failure(report, response)
    creations = response.find("creations")
    outputs = [*_list_outputs(creations)]
    url = _choose_video(outputs, marked=task.extra.get("marked") is True)
    if url is None:
        failed = _add_failure(evolve(report, status=Status.FAILED), response)
        if failed.error or creations == []:
            return failed if failed.error else evolve(failed, error=_NO_VIDEO)
        message = "says that the video is complete, but not where it is"
        raise ProviderError(
            kind="malformed", message=message, status=response.status, retryable=True
        )
    cost = _read_cost(response, credit)
    return evolve(report, video_url=url, outputs=tuple(outputs), cost=cost)


def read_cancelled(response: Response, task: Task) -> Report | None:
    """Return the report of a task that was cancelled, None where only its state can say.

    Raises:
        ProviderError: the answer is an error, and not that the task can no longer be cancelled.
    """
    if response.ok and "".join(response.text.split()) in _EMPTY:
        return Report(task.id, Status.CANCELLED)
    error = explain(response)
    if error.kind != "invalid_request" and not (response.ok and response.find("reason") is None):
        raise error
    return None


def explain(response: Response, *, paid: bool = False) -> ProviderError:
    """Return the error that an answer means, with the word in `reason` as its code.

    `paid` marks the answer to a submit.
    """
    reason = response.find("reason")
    if not isinstance(reason, str) or not reason:
        return diagnose(response, paid=paid, kinds=_KINDS)
    # `code` repeats the HTTP status, and the word is where other vendors have a text.
    told = {
        "code": reason,
        "message": response.find("message"),
        "request_id": response.find("metadata", "trace_id"),
    }
    usual = evolve(response, body=json.dumps(told).encode())
    return diagnose(usual, paid=paid, kinds=_teach(reason))


def _read_state(response: Response) -> Status | None:
    word = response.find("state")
    return read_status(word) if isinstance(word, str) and word else None


def _add_failure(report: Report, response: Response) -> Report:
    """Return the report with the reason why the task ended without a video, if it did."""
    if not report.status.final:
        return report
    told = (response.find(name) for name in ("err_code", "reason", "code"))
    code = next((str(word) for word in told if isinstance(word, str | int) and word), "")
    if code in _STOPPED:
        return evolve(report, status=Status.CANCELLED)
    texts: Iterator[object] = (response.find(name) for name in ("message", "err_msg", "error"))
    text = next((said for said in texts if said), code)
    error = diagnose_failure({"code": code, "message": text}, kinds=_teach(code))
    return evolve(report, error=error)


def _teach(code: str) -> Mapping[str, ErrorKind]:
    """Return the kinds of all codes; one that no page lists may still say that it is about content."""
    if code not in _KINDS and ("PolicyViolation" in code or code[:5] == "Audit"):
        return {**_KINDS, code: "content_policy"}
    return _KINDS


def _list_outputs(creations: object) -> Iterator[Output]:
    """Yield the files of each creation that have a URL."""
    kinds = {"url": "video", "watermarked_url": "watermarked", "cover_url": "thumbnail"}
    for creation in creations if is_list(creations) else (creations,):
        facts = {"url": creation} if isinstance(creation, str) else creation
        if is_object(facts):
            files = (Output(facts.get(name), kind) for name, kind in kinds.items())
            yield from (file for file in files if file.url)


def _choose_video(outputs: list[Output], *, marked: bool) -> str | None:
    """Return the first video; a job that asked for a watermark gets the file that has it."""
    kinds = ("watermarked", "video") if marked else ("video", "watermarked")
    return next((file.url for kind in kinds for file in outputs if file.kind == kind), None)


def _read_cost(response: Response, credit: Decimal | None) -> Decimal | None:
    """Return what a task cost: `credits` counts those that it took."""
    count = response.find("credits")
    if isinstance(count, str) and count.isdecimal():
        count = int(count)
    if credit is None or isinstance(count, bool) or not isinstance(count, int) or count < 0:
        return None
    return count * credit
