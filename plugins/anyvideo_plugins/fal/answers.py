"""Reads fal's answers: the state of a request, its result, and the two forms of its errors.

{"detail": [{"loc", "msg", "type"}]}        a model refuses: https://fal.ai/docs/model-apis/errors
{"detail": "text", "error_type": "word"}    a request is lost on the way:
                                            https://fal.ai/docs/documentation/model-apis/request-errors
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

from attrs import evolve

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

_Kind: TypeAlias = Literal["content_policy", "server", "timeout"]
_URLS = ("status_url", "response_url", "cancel_url")
# A request that ends so never reached a model that could say more; the table of the second page.
_LOST: Mapping[str, _Kind] = {
    "request_timeout": "timeout",
    "startup_timeout": "timeout",
    "runner_connection_timeout": "timeout",
    "runner_scheduling_failure": "server",
    "runner_disconnected": "server",
    "runner_connection_refused": "server",
    "runner_connection_error": "server",
    "runner_incomplete_response": "server",
    "runner_server_error": "server",
    "client_disconnected": "server",
    "client_cancelled": "server",
    "internal_error": "server",
}
# The table of the first page, as far as the status of the answer does not say it.
_KINDS: Mapping[str, _Kind] = {
    **_LOST,
    "content_policy_violation": "content_policy",
    "generation_timeout": "timeout",
    "internal_server_error": "server",
    "downstream_service_error": "server",
    "downstream_service_unavailable": "server",
}
# Three of them, with every character escaped, fit into `Report.extra`.
_LONGEST_URL = 600
_CANCELLED = "client_cancelled"
_EARLY = "still in progress"
_WAITING = ("IN_QUEUE", "IN_PROGRESS")
# These say of the call, and not of the job, that it failed; the gateways' own, where no code is named.
_OF_THE_CALL = frozenset({401, 403, 404, 405, 408, 410, 429})
_OF_A_GATEWAY = frozenset({502, 503, 504})
_GONE = frozenset({404, 410})


def read_job(response: Response) -> Report:
    """Return the report of a submit: the id, and the URLs that later calls need.

    Raises:
        ProviderError: the answer names no request; a 404 means that there is no such model.
    """
    report = Report(response.find("request_id"), extra=read_urls(response))
    if not response.ok or not report.id:
        error = refuse(response, paid=True)
        if response.status == 404:
            error.kind = "model_unavailable"
        raise error
    return report


def read_urls(response: Response) -> dict[str, str]:
    """Return the URLs that an answer gives for the status, the result and the end of a request."""
    given = {name: response.find(name) for name in _URLS}
    return {name: url for name, url in given.items() if isinstance(url, str) and _can_keep(url)}


def _can_keep(url: str) -> bool:
    """Say whether a URL fits into what is kept with a task: a longer one must not lose the job."""
    return 0 < len(url) <= _LONGEST_URL and url.isascii() and url.isprintable()


def read_state(response: Response, id: str) -> Report:  # noqa: A002 (the field's own name)
    """Return how a request stands; SUCCEEDED means that its result can be asked for.

    A complete request has `error` and `error_type` where it failed. Where they say that it was lost
    on the way, that is all; of any other failure the result says more.

    Raises:
        ProviderError: the answer is an error, or says nothing of a request.
    """
    if response.status == 202 and not response.body.strip():
        return Report(id, "running")
    word = response.find("status")
    if not response.ok or not isinstance(word, str) or not word:
        raise refuse(response)
    report, problems = Report(id, read_status(word)), list_problems(response.find())
    if not report.status.final or not problems:
        return report
    error, code = explain(problems), problems[0]["code"]
    if report.status == Status.SUCCEEDED and isinstance(code, str) and code in _LOST:
        return _end(id, error)
    return evolve(report, error=error)


def read_result(
    response: Response,
    id: str,  # noqa: A002 (the field's own name)
    told: TaskError | None = None,
) -> Report:
    """Return the report of a complete request: its video, or why it has none.

    `told` is what the state said of a failure, for a result that says nothing or is gone.

    Raises:
        ProviderError: only this call failed, or the answer cannot be read.
    """
    body = response.find()
    if response.status == 202 or (is_object(body) and body.get("status") in _WAITING):
        return Report(id, "running")
    if told is not None and response.status in _GONE:
        return _end(id, told)
    if not is_object(body):
        raise refuse(response)
    if response.ok:
        return _read_video(body, id, told)
    problems = list_problems(body) if body.keys() & {"detail", "error_type"} else []
    if any(_EARLY in str(problem["message"]) for problem in problems):
        return Report(id, "running")
    named = any(problem["code"] for problem in problems)
    of_the_job = named or response.status not in _OF_A_GATEWAY
    if response.status in _OF_THE_CALL or not (problems and of_the_job):
        raise refuse(response)
    return _end(id, explain(problems, response.status) or told)


def _read_video(body: Mapping[str, Any], id: str, told: TaskError | None) -> Report:  # noqa: A002 (the field's own name)
    """Return the report of a model's own answer: its video is in `video`, or in a usual place."""
    url = find_url({"url": body.get("video")}) or find_url(body)
    if url is not None:
        return Report(id, "succeeded", 100, url, enhanced_prompt=body.get("actual_prompt"))
    error = explain(list_problems(body)) or told
    return _end(id, error or TaskError("server", None, "it is complete and has no video"))


def read_cancellation(response: Response, task: Task) -> Report | None:
    """Return the report of a request to cancel; None where the job has ended and its state is due.

    Raises:
        ProviderError: the vendor does not know the job, or refuses.
    """
    if response.find("status") == "ALREADY_COMPLETED":
        return None
    if not response.ok:
        raise refuse(response)
    return Report(task.id, task.status)


def _end(id: str, error: TaskError | None) -> Report:  # noqa: A002 (the field's own name)
    code = None if error is None else error.code
    return Report(id, "cancelled" if code == _CANCELLED else "failed", error=error)


def list_problems(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what an error says, as codes with messages; `input` and `url` are left out."""
    detail = body.get("detail")
    if is_list(detail):
        items = [item for item in detail if is_object(item)]
        return [{"code": item.get("type"), "message": item.get("msg")} for item in items]
    code, text = body.get("error_type"), detail or body.get("error")
    return [{"code": code, "message": text}] if code or text else []


def explain(problems: list[dict[str, Any]], status: int | None = None) -> TaskError | None:
    """Return why a job failed; `status` is that of its result."""
    return diagnose_failure(problems, relayed=True, status=status, kinds=_KINDS)


def refuse(response: Response, *, paid: bool = False) -> ProviderError:
    """Return the error of a call, with the vendor's code and its id of the request."""
    body = response.find()
    if is_object(body) and body.get("error_type"):  # no other vendor calls its code so
        named = {**body, "error": {"code": body["error_type"], "message": body.get("error")}}
        response = evolve(response, body=json.dumps(named).encode())
    error = diagnose(response, paid=paid, kinds=_KINDS)
    problems = list_problems(body) if is_object(body) else []
    codes = [problem["code"] for problem in problems]
    told = [code for code in (*codes, response.headers.get("x-fal-error-type")) if code]
    error.code = error.code or next((code for code in told if isinstance(code, str)), None)
    error.request_id = error.request_id or response.headers.get("x-fal-request-id")
    return error
