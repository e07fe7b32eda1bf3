"""What the answers of both editions of Kling's API say about a task.

    {"code": 0, "data": {"task_id", "task_status", "task_status_msg", "task_result": {"videos"}}}
    {"code": 0, "data": [{"id", "status", "message", "outputs", "billing"}]}
    {"code": 1301, "message": ..., "request_id": ...}           also with HTTP 200

The second edition answers a submit with one object in `data`, and a poll with a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from anyvideo.plugin import (
    ProviderError,
    Report,
    Response,
    Status,
    Task,
    TaskError,
    diagnose,
    diagnose_failure,
    find_url,
    is_list,
    is_object,
    read_status,
)

_Kind = Literal[
    "auth",
    "content_policy",
    "insufficient_funds",
    "invalid_request",
    "model_unavailable",
    "not_found",
    "permission",
    "rate_limited",
    "server",
    "timeout",
]
# https://kling.ai/document-api/api/get-started/error-codes; 429 stands for no money and no access
# too. That page has 1203 for a task that is not there; the live API says 1201 with these words:
# https://github.com/aself101/kling-api, README, "What has been verified live".
_CODES: Mapping[_Kind, str] = {
    "auth": "1000 1001 1002 1003 1004",
    "permission": "1100 1103",
    "insufficient_funds": "1101 1102",
    "invalid_request": "1200 1201 1202",
    "not_found": "1203",
    "content_policy": "1300 1301",
    "rate_limited": "1302 1303 1304",
    "server": "5000 5001",
    "timeout": "5002",
}
_TEXTS: Mapping[str, _Kind] = {
    "task not found": "not_found",
    "risk control": "content_policy",
    "content risk": "content_policy",
}
_KINDS: Mapping[str, _Kind] = {
    **_TEXTS,
    **{code: kind for kind, codes in _CODES.items() for code in codes.split()},
}
# What a submit names and Kling does not have is the model.
_SUBMIT_KINDS: Mapping[str, _Kind] = {**_KINDS, "1203": "model_unavailable"}
# A job fails so because of what it was given; of a key or a signature it is said to a call only.
_FAILURE_KINDS: Mapping[str, _Kind] = {**_KINDS, " is invalid": "invalid_request"}
_NO_VIDEO = TaskError("server", None, "it succeeded without a video")


def read_submitted(response: Response, path: str) -> Report:
    """Return what the answer to a submit says; the path at which the task is known is kept with it.

    Raises:
        ProviderError: the answer is an error, or names no task.
    """
    facts = _find_facts(response)
    named, word = _read_head(facts)
    if facts is None or not named:
        raise diagnose(response, paid=True, kinds=_SUBMIT_KINDS)
    status = Status.QUEUED if word is None else read_status(word)
    # A poll reads where the video is, so that no odd answer to a submit loses the task.
    return Report(
        id=named,
        status=Status.RUNNING if status is Status.SUCCEEDED else status,
        error=_read_failure(facts, response) if status is Status.FAILED else None,
        created_at=_pick(facts, "created_at", "create_time"),
        extra={"path": path},
    )


def read_task(response: Response, path: str, task: Task, *, unit: Decimal | None = None) -> Report:
    """Return what the answer to a poll at a path says about a task.

    A job that asked for a watermark gets the marked file, which is made beside the plain one. `unit`
    is what a unit costs in the currency of the quotes, None where that is not known.

    Raises:
        ProviderError: the answer is an error, says nothing of a task, or says that it succeeded and
            not where the video is.
    """
    facts = _find_facts(response)
    if _is_fine(response) and response.find("data") == []:
        raise ProviderError(kind="not_found", message="knows no such task", status=response.status)
    named, word = _read_head(facts)
    if facts is None or not (word or (named and _is_fine(response))):
        raise diagnose(response, kinds=_KINDS)
    status, url = read_status(word), None
    error = _read_failure(facts, response) if status is Status.FAILED else None
    if status is Status.SUCCEEDED:
        asked = (task.extra.get("marked"), _find(facts, "watermark_info", "enabled"))
        url = _find_video(facts, marked=True in asked)
        if url is None:
            status, error = Status.FAILED, _explain_no_video(facts, response)
    return Report(
        id=named or task.id,
        status=status,
        video_url=url,
        error=error,
        cost=_read_cost(facts, unit) if status.final else None,
        created_at=_pick(facts, "created_at", "create_time"),
        extra={"path": path},
    )


def _find_facts(response: Response) -> Mapping[str, Any] | None:
    """Return the task in an answer, None where there is none; a code beside it may be of an error."""
    body, data = response.find(), response.find("data")
    facts = data[0] if is_list(data) and data else data
    if facts is None and is_object(body) and "task_id" in body:
        facts = body  # as in a report to `callback_url`
    return facts if response.ok and is_object(facts) else None


def _is_fine(response: Response) -> bool:
    return response.ok and response.find("code") in (None, 0, "0", 200, "200")


def _read_head(facts: Mapping[str, Any] | None) -> tuple[str, Any]:
    """Return the id of a task, empty where there is none, and Kling's word for its state."""
    return Report(_pick(facts, "task_id", "id")).id, _pick(facts, "task_status", "status")


def _read_failure(facts: Mapping[str, Any], response: Response) -> TaskError | None:
    """Return why a task failed: in its own words, else in those of an error around it."""
    told = diagnose_failure(_pick(facts, "task_status_msg", "message"), kinds=_FAILURE_KINDS)
    return (
        told
        if told or _is_fine(response)
        else diagnose_failure(response.find(), kinds=_FAILURE_KINDS)
    )


def _find_video(facts: Mapping[str, Any], *, marked: bool) -> str | None:
    """Return the URL of the video of a task that succeeded, None where none can be read."""
    result = facts.get("task_result")
    videos = result.get("videos") if is_object(result) else facts.get("outputs")
    for video in videos if is_list(videos) else ():
        if is_object(video) and video.get("type", "video") == "video":
            plain, own = (find_url({"url": video.get(name)}) for name in ("url", "watermark_url"))
            if url := (own or plain) if marked else (plain or own):
                return url
    return find_url({"data": result})


def _explain_no_video(facts: Mapping[str, Any], response: Response) -> TaskError:
    """Return why a task that succeeded has no video.

    Raises:
        ProviderError: it does not say so, and there may be one yet.
    """
    told = _read_failure(facts, response)
    if told is not None and told.kind == "content_policy":
        return told
    if [] in (facts.get("outputs"), _find(facts, "task_result", "videos")):
        return _NO_VIDEO
    message = "says that the video is complete, but not where it is"
    raise ProviderError(kind="malformed", message=message, status=response.status, retryable=True)


def _pick(facts: Mapping[str, Any] | None, first: str, second: str) -> Any:  # noqa: ANN401 (whatever Kling put there)
    """Return a fact under its name in the first edition, else under that in the second."""
    if facts is None:
        return None
    value = facts.get(first)
    return facts.get(second) if value is None else value


def _find(facts: Mapping[str, Any], name: str, key: str) -> object:
    inner = facts.get(name)
    return inner.get(key) if is_object(inner) else None


def _read_cost(facts: Mapping[str, Any], unit: Decimal | None) -> Decimal | None:
    """Return what a task cost in USD; None where a part of it is not known in that currency.

    `final_unit_deduction` counts units. The cash beside it, `final_balance_deduction`, has no
    currency, so a task that took any has no known cost. The second edition lists each charge.
    """
    cash = _find(facts, "final_balance_deduction", "quota")
    charges: Any = facts.get("billing")
    if not is_list(charges):
        units = {"charge_type": "unit", "amount": facts.get("final_unit_deduction")}
        charges = [units, {"amount": cash}] if _read_amount(cash) else [units]
    costs = [_read_charge(charge, unit) for charge in charges]
    known = [cost for cost in costs if cost is not None]
    return sum(known, Decimal(0)) if costs and len(known) == len(costs) else None


def _read_charge(charge: object, unit: Decimal | None) -> Decimal | None:
    if not is_object(charge):
        return None
    amount = _read_amount(charge.get("amount"))
    if charge.get("charge_type") == "unit":
        return None if amount is None or unit is None else amount * unit
    return amount if charge.get("currency") == "USD" else None


def _read_amount(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
