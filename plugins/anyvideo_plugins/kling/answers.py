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


def read_task(
    response: Response,
    path: str,
    *,
    id: str = "",  # noqa: A002 (the field's own name)
    paid: bool = False,
    unit: Decimal | None = None,
) -> Report:
    """Return what an answer at a path says about a task; the path is kept with it.

    `id` is Kling's id where it is known, `paid` marks the answer to a submit, and `unit` is what a
    unit costs in the currency of the quotes, None where that is not known.

    Raises:
        ProviderError: the answer is an error, names no task, or says that a task succeeded and not
            where the video is.
    """
    task = _find_task(response, paid=paid)
    word = _pick(task, "task_status", "status")
    named = Report(_pick(task, "task_id", "id")).id
    if not named and (paid or word is None):
        raise diagnose(response, paid=paid, kinds=_SUBMIT_KINDS if paid else _KINDS)
    status = Status.QUEUED if paid and word is None else read_status(word)
    url, error = None, None
    if status is Status.SUCCEEDED:
        url, status, error = _read_videos(task, paid=paid)
    elif status is Status.FAILED:
        error = diagnose_failure(_pick(task, "task_status_msg", "message"), kinds=_KINDS)
    return Report(
        id=named or id,
        status=status,
        video_url=url,
        error=error,
        cost=_read_cost(task, unit) if status.final else None,
        created_at=_pick(task, "created_at", "create_time"),
        extra={"path": path},
    )


def _find_task(response: Response, *, paid: bool) -> Mapping[str, Any]:
    """Return the task in an answer.

    Raises:
        ProviderError: the answer is an error, or holds none.
    """
    data = response.find("data")
    fine = response.ok and response.find("code") in (None, 0, "0")
    if fine and data == [] and not paid:
        raise ProviderError(kind="not_found", message="knows no such task", status=response.status)
    task = data[0] if is_list(data) and data else data
    if not fine or not is_object(task):
        raise diagnose(response, paid=paid, kinds=_SUBMIT_KINDS if paid else _KINDS)
    return task


def _read_videos(
    task: Mapping[str, Any], *, paid: bool
) -> tuple[str | None, Status, TaskError | None]:
    """Return the URL of the video of a task that succeeded, and what it is without one.

    A job that asked for a watermark gets the marked file, which is made beside the plain one.
    """
    result = task.get("task_result")
    videos = result.get("videos") if is_object(result) else task.get("outputs")
    marked = _find(task, "watermark_info", "enabled") is True
    for video in videos if is_list(videos) else ():
        if is_object(video) and video.get("type", "video") == "video":
            own = find_url({"url": video.get("watermark_url")}) if marked else None
            if url := own or find_url({"url": video.get("url")}):
                return url, Status.SUCCEEDED, None
    if videos == []:
        error = TaskError("server", None, "it succeeded without a video")
        return None, Status.FAILED, error
    message = "says that the video is complete, but not where it is"
    raise ProviderError(kind="malformed", message=message, retryable=not paid)


def _pick(task: Mapping[str, Any], first: str, second: str) -> Any:  # noqa: ANN401 (whatever Kling put there)
    """Return a fact under its name in the first edition, else under that in the second."""
    value = task.get(first)
    return task.get(second) if value is None else value


def _find(task: Mapping[str, Any], name: str, key: str) -> object:
    inner = task.get(name)
    return inner.get(key) if is_object(inner) else None


def _read_cost(task: Mapping[str, Any], unit: Decimal | None) -> Decimal | None:
    """Return what a task cost in USD; None where a part of it is not known in that currency.

    `final_unit_deduction` counts units. The cash beside it, `final_balance_deduction`, has no
    currency, so a task that took any has no known cost. The second edition lists each charge.
    """
    cash = _find(task, "final_balance_deduction", "quota")
    charges: Any = task.get("billing")
    if not is_list(charges):
        units = {"charge_type": "unit", "amount": task.get("final_unit_deduction")}
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
