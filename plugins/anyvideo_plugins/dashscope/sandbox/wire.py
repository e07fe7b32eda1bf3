"""DashScope's wire: video tasks are created, shown for a day, and cancelled while they are PENDING.

Requests and answers follow alibabacloud.com/help/en/model-studio/image-to-video-general-api-reference
and manage-asynchronous-tasks beside it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from anyvideo.sandbox import (
    DAY,
    Answer,
    Call,
    Order,
    Phase,
    Refusal,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    World,
    json_answer,
)
from anyvideo_plugins.dashscope.sandbox.orders import read_order, refuse

_SYNTHESIS = "/api/v1/services/aigc/video-generation/video-synthesis"
_TASKS = "/api/v1/tasks"
_WORDS = {
    Phase.QUEUED: "PENDING",
    Phase.RUNNING: "RUNNING",
    Phase.SUCCEEDED: "SUCCEEDED",
    Phase.FAILED: "FAILED",
}
# Times are said in UTC+8, in every region.
_ZONE = timedelta(hours=8)


def _wrap(output: dict[str, Any], **more: object) -> Answer:
    return json_answer({"request_id": str(uuid4()), "output": output, **more})


def _tell(moment: float) -> str:
    local = datetime.fromtimestamp(moment, UTC) + _ZONE
    return f"{local:%Y-%m-%d %H:%M:%S}.{local.microsecond // 1000:03}"


def _find_task(world: World, route: Route, call: Call) -> SandboxTask | None:
    """Return the task that a call names; a poll for one that is a day old or nobody's finds it UNKNOWN."""
    named = route.read_id(call)
    task = world.tasks.find(named, "dashscope")
    kept = task is not None and world.clock.now() < task.created_at + world.timing.scale(DAY)
    if route.kind == "poll" and not kept:
        raise Refusal(_wrap({"task_id": named, "task_status": "UNKNOWN"}))
    return task if kept else None


def _create(call: VendorCall) -> Answer:
    """Answer POST .../video-synthesis."""
    wanted = read_order(call.http)
    width, height = wanted.pixels
    prompt = wanted.given.get("prompt", "")
    # The record changes when the task is cancelled.
    details: dict[str, Any] = {"wanted": wanted, "record": {}}
    order = Order(wanted.model, prompt, float(wanted.seconds), width, height, details=details)
    return call.accept(
        order, str(uuid4()), lambda task: _wrap({"task_status": "PENDING", "task_id": task.id})
    )


def _show(call: VendorCall) -> Answer:
    """Answer GET /api/v1/tasks/{id}."""
    task, state = call.task, call.state
    output: dict[str, Any] = {"task_id": task.id, "submit_time": _tell(task.created_at)}
    if cancelled := task.order.details["record"].get("cancelled_at"):
        return _wrap({**output, "task_status": "CANCELED", "end_time": _tell(cancelled)})
    output["task_status"] = call.status_word(_WORDS)
    if state.phase is not Phase.QUEUED:
        output["scheduled_time"] = _tell(call.since)
    if state.phase is Phase.FAILED:
        return _wrap({**output, "end_time": _tell(call.since), **_explain(call)})
    if state.phase is not Phase.SUCCEEDED:
        return _wrap(output)
    output |= {"end_time": _tell(call.since), "orig_prompt": task.order.prompt}
    if url := call.world.file_url(task):
        output["video_url"] = url
    return _wrap(output, usage=_bill(call))


def _bill(call: VendorCall) -> dict[str, Any]:
    wanted = call.task.order.details["wanted"]
    seconds = wanted.seconds
    return {
        "duration": seconds,
        "input_video_duration": 0,
        "output_video_duration": seconds,
        "video_count": 1,
        "SR": wanted.lines,
    }


def _explain(call: VendorCall) -> dict[str, str]:
    """Return why a task failed."""
    if call.was_moderated():
        message = "Output data may contain inappropriate content."
        return {"code": "DataInspectionFailed", "message": message}
    return {"code": "InternalError.Algo", "message": "inference internal error."}


def _cancel(call: VendorCall) -> Answer:
    """Answer POST /api/v1/tasks/{id}/cancel: only a PENDING task can be cancelled."""
    record = call.task.order.details["record"]
    if call.state.phase is not Phase.QUEUED or record:
        message = "Failed to cancel the task, please confirm if the task is in PENDING status."
        raise Refusal(refuse(400, "UnsupportedOperation", message))
    record["cancelled_at"] = call.world.now()
    return json_answer({"request_id": str(uuid4())})


_OVERDUE = "Access denied, please make sure your account is in good standing."
_LIMIT = "Requests rate limit exceeded, please try again later."
_DOWN = "Model is unavailable, please try again later."
_SENSITIVE = "Input data may contain inappropriate content."
VENDOR = Vendor(
    name="dashscope",
    adapters=("dashscope",),
    routes=(
        Route("POST", _SYNTHESIS, "order", _create),
        Route("GET", f"{_TASKS}/{{id}}", "poll", _show),
        Route("POST", f"{_TASKS}/{{id}}/cancel", "other", _cancel),
    ),
    refusals={
        "no-key": refuse(401, "InvalidApiKey", "No API-key provided."),
        "wrong-key": refuse(401, "InvalidApiKey", "Invalid API-key provided."),
        "no-money": refuse(400, "Arrearage", _OVERDUE),
        "no-task": refuse(404, "NotFound", "Not found!"),
        "429": refuse(429, "Throttling.RateQuota", _LIMIT),
        "503": refuse(503, "ModelUnavailable", _DOWN),
        "moderated": refuse(400, "DataInspectionFailed", _SENSITIVE),
    },
    no_route=lambda _: refuse(404, "NotFound", "Not found!"),
    find_task=_find_task,
)
