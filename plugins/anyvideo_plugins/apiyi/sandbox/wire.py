"""APIYI's wire: OpenAI's /v1/videos behind a gateway.

Requests and answers follow docs.apiyi.com (text-to-video, image-to-video, Grok Imagine, Veo 3.1);
where those say nothing, the open-source gateway of the same lineage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anyvideo.sandbox import (
    Answer,
    Order,
    Phase,
    Refusal,
    Route,
    SandboxTask,
    UnreadableError,
    Vendor,
    VendorCall,
    draw_letters,
    find_problem,
    json_answer,
)
from anyvideo_plugins.apiyi.sandbox.orders import (
    REQUEST_ID,
    check_image,
    complete_veo,
    content_error,
    find_model,
    flatten_veo,
    gateway,
    measure,
    no_route,
    refuse,
    task_error,
)

_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "in_progress",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
_REVERSE_WORDS = {**_WORDS, Phase.RUNNING: "processing"}


def _order(call: VendorCall) -> Answer:
    """Answer POST /v1/videos."""
    try:
        fields = call.http.read_fields()
    except UnreadableError as error:
        raise Refusal(gateway(400, f"invalid request: {error}")) from error
    model = find_model(fields.get("model"))
    dialect = model.facts["dialect"]
    if dialect == "veo":
        fields = flatten_veo(fields)
    if problem := find_problem(fields, model, ()):
        raise Refusal(refuse(problem))
    if dialect == "veo":
        fields = complete_veo(fields)
    seconds, (width, height) = measure(fields, model)
    image = fields.get("input_reference")
    check_image(image, model, (width, height))
    order = Order(
        model.name,
        fields["prompt"],
        float(seconds),
        width,
        height,
        details={**model.facts, "seconds": seconds, "size": f"{width}x{height}"},
    )
    prefix, count = ("task_", 32) if dialect == "veo" else ("video_", 24)
    return call.accept(order, prefix + draw_letters(count), _describe_order)


def _describe_order(task: SandboxTask) -> Answer:
    """Return the answer to an accepted order; no other answer names the quality."""
    details = task.order.details
    body = _DESCRIBE[str(details["dialect"])](task, "queued", 0)
    return json_answer({**body, "quality": details["quality"]} if "quality" in details else body)


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}."""
    task, state = call.task, call.state
    dialect = str(task.order.details["dialect"])
    word = call.status_word(_REVERSE_WORDS if dialect == "reverse" else _WORDS)
    jump = 50 if dialect == "veo" else 1  # Veo's progress knows 0, 50 and 100
    body = _DESCRIBE[dialect](task, word, state.progress - state.progress % jump)
    if state.phase is Phase.SUCCEEDED and dialect == "sora":
        body["completed_at"] = call.since
    if state.phase is Phase.FAILED:
        body["error"] = {"code": "generation_failed", "message": "Video generation failed."}
        if call.was_moderated():
            message = "Your request was blocked by our moderation system."
            body["error"] = {"code": "moderation_blocked", "message": message}
    return json_answer(body)


def _describe_sora(task: SandboxTask, word: str, progress: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "object": "video",
        "model": task.order.model,
        "status": word,
        "progress": progress,
        "created_at": int(task.created_at),
        "size": task.order.details["size"],
        "seconds": task.order.details["seconds"],
    }


def _describe_veo(task: SandboxTask, word: str, progress: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "task_id": task.id,
        "object": "video",
        "model": task.order.model,
        "status": word,
        "progress": progress,
        "created_at": int(task.created_at),
    }


def _describe_reverse(task: SandboxTask, word: str, __: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "object": "video",
        "created": int(task.created_at),
        "status": word,
        "model": task.order.model,
    }


_DESCRIBE: Mapping[str, Callable[[SandboxTask, str, int], dict[str, Any]]] = {
    "sora": _describe_sora,
    "veo": _describe_veo,
    "reverse": _describe_reverse,
}


def _fetch(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}/content."""
    world, task = call.world, call.task
    if call.http.query.get("variant", "video") != "video":  # the page documents no other
        return content_error(400, "variant is not supported")
    if call.state.phase is not Phase.SUCCEEDED:
        message = f"Task is not completed yet, current status: {call.status_word(_WORDS)}"
        return content_error(400, message)
    if world.has_expired(task):
        return content_error(404, "Video has expired")
    if "no-url" in call.faults:
        return content_error(502, "Failed to fetch video content", "server_error")
    if task.order.details["dialect"] != "reverse":
        return world.deliver(call.http, task)
    size = task.order.details["size"]
    return json_answer(
        {"status": "completed", "url": world.file_url(task), "duration": 8, "resolution": size}
    )


_NO_MONEY = "user [1] quota [0] preConsumedQuota [50000] is not enough"
_OVER_QUOTA = {
    "message": "You exceeded your current quota, please check your plan and billing details.",
    "type": "insufficient_quota",
    "param": None,
    "code": "insufficient_quota",
}
_MODERATED = {
    "code": "sentinel_block",
    "message": "Hmmm something didn't look right with your request.",
    "type": "invalid_request_error",
}
VENDOR = Vendor(
    name="apiyi",
    adapters=("apiyi",),
    routes=(
        Route("POST", "/v1/videos", "order", _order),
        Route("GET", "/v1/videos/{id}", "poll", _show),
        Route("GET", "/v1/videos/{id}/content", "file", _fetch),
    ),
    refusals={
        "no-key": gateway(401, "未提供令牌 (no token provided)"),
        "wrong-key": gateway(401, "Invalid token", "invalid_api_key"),
        "no-money": task_error(403, "insufficient_user_quota", _NO_MONEY),
        "no-money-429": json_answer({"error": _OVER_QUOTA}, 429),
        "no-task": task_error(400, "task_not_exist", "task_not_exist"),
        "no-file": content_error(404, "Task not found"),
        "not-ready": content_error(400, "Video content is not ready yet, please retry later"),
        "429": gateway(429, "Rate limit reached for requests", "rate_limit_exceeded"),
        "503": gateway(
            503, "The server is overloaded, please try again later", "service_unavailable"
        ),
        "moderated": json_answer({"error": _MODERATED}, 400),
    },
    no_route=no_route,
    headers=lambda _: {"x-oneapi-request-id": REQUEST_ID},
)
