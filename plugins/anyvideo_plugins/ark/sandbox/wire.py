"""Ark's wire: content generation tasks are created, shown, and cancelled or deleted.

Requests and answers follow docs.byteplus.com/en/docs/ModelArk/1520757 and the pages beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyvideo.sandbox import (
    Answer,
    Order,
    Phase,
    Refusal,
    Route,
    Vendor,
    VendorCall,
    draw_letters,
    json_answer,
    read_size,
)
from anyvideo_plugins.ark.sandbox.orders import count_pixels_of, read_order, refuse

_TASKS = "/api/v3/contents/generations/tasks"
_FPS = 24
_USUAL_SECONDS = 5
_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "running",
    Phase.SUCCEEDED: "succeeded",
    Phase.FAILED: "failed",
}
# What a task says of its order.
_ECHOED: Mapping[str, Any] = {
    "seed": 12,
    "service_tier": "default",
    "execution_expires_after": 172_800,
    "generate_audio": True,
    "draft": False,
}


def _create(call: VendorCall) -> Answer:
    """Answer POST /contents/generations/tasks."""
    fields, model = read_order(call.http)
    ratio, size = count_pixels_of(fields, model)
    width, height = read_size(size)
    seconds = fields.get("duration", _USUAL_SECONDS)
    frames = fields.get("frames") or _FPS * (_USUAL_SECONDS if seconds < 0 else seconds) + 1
    told = {name: fields.get(name, usual) for name, usual in _ECHOED.items()}
    told |= {
        "resolution": fields.get("resolution") or model.facts["lines"],
        "ratio": ratio,
        "duration": (frames - 1) // _FPS,
        "framespersecond": _FPS,
    }
    tokens = width * height * frames // 1024
    # The record changes when the task is cancelled.
    details = {"told": told, "tokens": tokens, "record": {"last": fields.get("return_last_frame")}}
    texts = [item["text"] for item in fields["content"] if item["type"] == "text"]
    length = float((frames - 1) / _FPS)
    order = Order(model.name, "\n".join(texts), length, width, height, details=details)
    stamp = f"20261121{draw_letters(6, '0123456789')}"
    return call.accept(
        order, f"cgt-{stamp}-{draw_letters(5)}", lambda task: json_answer({"id": task.id})
    )


def _is_cancelled(call: VendorCall) -> bool:
    return bool(call.task.order.details["record"].get("cancelled_at"))


def _show(call: VendorCall) -> Answer:
    """Answer GET /contents/generations/tasks/{id}."""
    task, details = call.task, call.task.order.details
    shown: dict[str, Any] = {"id": task.id, "model": task.order.model}
    times = {"created_at": int(task.created_at), "updated_at": call.since}
    if _is_cancelled(call):
        times["updated_at"] = details["record"]["cancelled_at"]
        return json_answer({**shown, "status": "cancelled", **times, **details["told"]})
    shown["status"] = call.status_word(_WORDS)
    if call.state.phase is Phase.SUCCEEDED:
        shown |= _deliver(call)
    if call.state.phase is Phase.FAILED:
        shown["error"] = _explain(call)
    return json_answer({**shown, **times, **details["told"]})


def _deliver(call: VendorCall) -> dict[str, Any]:
    """Return the fields that only a succeeded task has; without a file, `content` is null."""
    details, url = call.task.order.details, call.world.file_url(call.task)
    content = {"video_url": url} if url else None
    if content and details["record"]["last"]:
        content["last_frame_url"] = f"{call.world.url}/files/{call.task.id}.png"
    tokens = details["tokens"]
    return {"content": content, "usage": {"completion_tokens": tokens, "total_tokens": tokens}}


def _explain(call: VendorCall) -> dict[str, str]:
    """Return why a task failed."""
    if call.was_moderated():
        message = "The request failed because the output video may contain sensitive information."
        return {"code": "OutputVideoSensitiveContentDetected", "message": message}
    return {"code": "InternalServiceError", "message": _DOWN}


def _delete(call: VendorCall) -> Answer:
    """Answer DELETE: cancel a queued task, forget one that has ended, refuse any other."""
    task, phase = call.task, call.state.phase
    if _is_cancelled(call):
        message = "Cannot delete task because it has been cancelled."
        raise Refusal(refuse(400, "InvalidParameter", message))
    if phase is Phase.RUNNING:
        message = "Cannot delete task because it is currently running"
        raise Refusal(refuse(409, "InvalidAction.RunningTaskDeletion", message))
    if phase is Phase.QUEUED:
        task.order.details["record"]["cancelled_at"] = call.world.now()
    else:
        call.world.tasks.delete(task.id)
    return json_answer({})


_NO_KEY = "The API key or AK/SK in the request is missing or invalid."
_NO_MONEY = "The request failed because your account has an overdue balance."
_DOWN = "The service encountered an unexpected internal error. Please retry later."
_LIMIT = "The Requests Per Minute (RPM) limit of the associated endpoint has been exceeded."
_SENSITIVE = "The request failed because the input text may contain sensitive information."
_NO_TASK = "The specified task is not found."
VENDOR = Vendor(
    name="ark",
    adapters=("ark",),
    routes=(
        Route("POST", _TASKS, "order", _create),
        Route("GET", f"{_TASKS}/{{id}}", "poll", _show),
        Route("DELETE", f"{_TASKS}/{{id}}", "other", _delete),
    ),
    refusals={
        "no-key": refuse(401, "AuthenticationError", _NO_KEY),
        "wrong-key": refuse(401, "AuthenticationError", _NO_KEY),
        "no-money": refuse(403, "AccountOverdueError", _NO_MONEY),
        "no-task": refuse(404, "NotFound", _NO_TASK),
        "429": refuse(429, "RateLimitExceeded.EndpointRPMExceeded", _LIMIT),
        "503": refuse(503, "InternalServiceError", _DOWN),
        "moderated": refuse(400, "InputTextSensitiveContentDetected", _SENSITIVE),
    },
    no_route=lambda call: refuse(404, "NotFound", f"No route for {call.method} {call.path}."),
    headers=lambda world: {"x-request-id": f"021785{world.now()}"},
)
