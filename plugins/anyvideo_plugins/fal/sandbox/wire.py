"""fal's queue: POST to an endpoint, GET the status and the result of a request, PUT to cancel it.

Requests and answers follow https://fal.ai/docs/model-apis/model-endpoints/queue,
https://fal.ai/docs/inference-api/queue/cancel and
https://fal.ai/docs/documentation/model-apis/request-errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyvideo.sandbox import (
    Answer,
    Model,
    Order,
    Phase,
    Refusal,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    count_pixels,
    draw_letters,
    json_answer,
)
from anyvideo_plugins.fal.sandbox.orders import detail, find_model, read_fields
from anyvideo_plugins.fal.sandbox.storage import ROUTES

_HEX = "0123456789abcdef"
_WORDS = {
    Phase.QUEUED: "IN_QUEUE",
    Phase.RUNNING: "IN_PROGRESS",
    Phase.SUCCEEDED: "COMPLETED",
    Phase.FAILED: "COMPLETED",
}
_REQUEST = r"/[\w.-]+/[\w.-]+/requests/{id}"
_FLAGGED = (
    "The content could not be processed because it contained material flagged by a content checker."
)


def lose(status: int, kind: str, message: str) -> Answer:
    """Return the error of a request that is lost on its way."""
    answer = json_answer({"detail": message, "error_type": kind}, status)
    return answer.with_headers({"x-fal-error-type": kind})


_CANCELLED = ("client_cancelled", "Request was cancelled")
_BROKEN = ("runner_disconnected", "Runner disconnected")


def _order(call: VendorCall) -> Answer:
    """Answer POST /{endpoint}."""
    endpoint = call.http.path.removeprefix("/")
    model = find_model(endpoint)
    fields = read_fields(call.http, model)
    return call.accept(
        _read_order(fields, model),
        "-".join(draw_letters(count, _HEX) for count in (8, 4, 4, 4, 12)),
        lambda task: json_answer({"status": "IN_QUEUE", "queue_position": 0, **_name(call, task)}),
    )


def _read_order(fields: Mapping[str, Any], model: Model) -> Order:
    length, ratio = fields.get("duration"), fields.get("aspect_ratio")
    seconds = model.facts["length"] if length in {None, "auto"} else str(length).rstrip("s")
    lines = fields.get("resolution") or model.facts.get("lines")
    width, height = count_pixels(None if ratio in {"auto", "adaptive"} else ratio, lines)
    # A set that is empty until the request is cancelled.
    details: dict[str, Any] = {"cancelled": set[str]()}
    return Order(
        model.name, fields.get("prompt", ""), float(seconds), width, height, details=details
    )


def _name(call: VendorCall, task: SandboxTask) -> dict[str, str]:
    """Return the id of a request and its URLs, in which the end of the endpoint's name is missing."""
    owner, alias = task.order.model.split("/")[:2]
    root = f"{call.world.url}/{call.adapter}/{owner}/{alias}/requests/{task.id}"
    return {
        "request_id": task.id,
        "response_url": root,
        "status_url": f"{root}/status",
        "cancel_url": f"{root}/cancel",
    }


def _show(call: VendorCall) -> Answer:
    """Answer GET {status_url}: 202 until the request is complete, whether it failed or not."""
    task, phase = call.task, call.state.phase
    body: dict[str, Any] = {"status": call.status_word(_WORDS), **_name(call, task)}
    if _is_cancelled(task):
        return json_answer({**body, "status": "COMPLETED", **_explain(*_CANCELLED)})
    if phase is Phase.QUEUED:
        return json_answer({**body, "queue_position": 0}, 202)
    if phase is Phase.RUNNING:
        return json_answer({**body, "logs": None}, 202)
    body |= {"logs": None, "metrics": {"inference_time": call.state.since}}
    if phase is Phase.FAILED and not call.was_moderated():
        body |= _explain(*_BROKEN)
    return json_answer(body)


def _explain(kind: str, message: str) -> dict[str, Any]:
    return {"logs": None, "error": message, "error_type": kind}


def _is_cancelled(task: SandboxTask) -> bool:
    return bool(task.order.details["cancelled"])


def _deliver(call: VendorCall) -> Answer:
    """Answer GET {response_url}: the model's own answer, or why there is none."""
    task, phase = call.task, call.state.phase
    if _is_cancelled(task):
        return lose(499, *_CANCELLED)
    if phase is Phase.FAILED:
        flagged = detail(422, "content_policy_violation", _FLAGGED, "prompt")
        return flagged if call.was_moderated() else lose(503, *_BROKEN)
    if phase is not Phase.SUCCEEDED:
        return json_answer({"detail": "Request is still in progress"}, 400)
    url = call.world.file_url(task)
    file = {"url": url, "content_type": "video/mp4", "file_name": "output.mp4"}
    return json_answer({"video": file if url else None, "seed": 7})


def _cancel(call: VendorCall) -> Answer:
    """Answer PUT {cancel_url}; here the model heeds the signal while it runs."""
    if call.found is None:
        raise Refusal(json_answer({"status": "NOT_FOUND"}, 404))
    if _is_cancelled(call.task) or call.state.phase in {Phase.SUCCEEDED, Phase.FAILED}:
        return json_answer({"status": "ALREADY_COMPLETED"}, 400)
    call.task.order.details["cancelled"].add(call.task.id)
    return json_answer({"status": "CANCELLATION_REQUESTED"}, 202)


VENDOR = Vendor(
    name="fal",
    adapters=("fal",),
    routes=(
        *ROUTES,
        Route("POST", r"/[\w.-]+(?:/[\w.-]+)+", "order", _order),
        Route("GET", f"{_REQUEST}/status", "poll", _show),
        Route("GET", _REQUEST, "other", _deliver),
        Route("PUT", f"{_REQUEST}/cancel", "other", _cancel),
    ),
    refusals={
        "no-key": json_answer(
            {"detail": "Authentication is required to access this application."}, 401
        ),
        "wrong-key": json_answer({"detail": "No user found for Key ID and Secret"}, 401),
        "no-money": json_answer(
            {
                "detail": "User is locked. Reason: Exhausted balance."
                " Top up your balance at fal.ai/dashboard/billing."
            },
            403,
        ),
        "no-task": json_answer({"detail": "Request not found"}, 404),
        "429": json_answer({"detail": "Too many concurrent requests"}, 429),
        "503": lose(503, "runner_scheduling_failure", "No runner could be allocated"),
        "moderated": detail(422, "content_policy_violation", _FLAGGED, "prompt"),
    },
    no_route=lambda call: json_answer({"detail": f"Path {call.path} not found"}, 404),
    headers=lambda world: {"x-fal-request-id": f"req-{world.now()}"},
    read_key=lambda call: call.read_key("Key"),
)
