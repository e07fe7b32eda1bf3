"""APIYI's wire: OpenAI's /v1/videos behind a gateway.

Requests and answers follow docs.apiyi.com (text-to-video, image-to-video, Grok Imagine, Veo 3.1);
where those are silent, the open-source gateway of the same lineage.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anyvideo.sandbox.apiyi_orders import (
    REQUEST_ID,
    check_image,
    content_error,
    find_model,
    flatten_veo,
    gateway,
    measure,
    no_route,
    refuse,
    settle_veo,
    task_error,
)
from anyvideo.sandbox.exchange import Answer, Refusal, UnreadableError, say
from anyvideo.sandbox.rules import find_problem
from anyvideo.sandbox.studio import Studio, draw_letters
from anyvideo.sandbox.tasks import Order, Phase, Task
from anyvideo.sandbox.wire import Exchange, Route, Wire

_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "in_progress",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
_REVERSE_WORDS = {**_WORDS, Phase.RUNNING: "processing"}


def _order(exchange: Exchange) -> Answer:
    """Answer POST /v1/videos."""
    try:
        fields = exchange.call.read_fields()
    except UnreadableError as error:
        raise Refusal(gateway(400, f"invalid request: {error}")) from error
    model = find_model(fields.get("model"))
    dialect = model.facts["dialect"]
    if dialect == "veo":
        fields = flatten_veo(fields)
    if problem := find_problem(fields, model, ()):
        raise Refusal(refuse(problem))
    if dialect == "veo":
        fields = settle_veo(fields)
    seconds, (width, height) = measure(fields, model)
    image = fields.get("input_reference")
    check_image(image, model, (width, height))
    order = Order(
        exchange.adapter,
        "apiyi",
        model.name,
        fields["prompt"],
        float(seconds),
        width,
        height,
        details={**model.facts, "seconds": seconds, "size": f"{width}x{height}"},
    )
    prefix, count = ("task_", 32) if dialect == "veo" else ("video_", 24)
    return exchange.accept(
        order, prefix + draw_letters(count), lambda task: _accept(exchange.studio, task)
    )


def _accept(studio: Studio, task: Task) -> Answer:
    """Return the answer to an accepted order; only this one names the quality."""
    details = task.order.details
    body = _DESCRIBE[str(details["dialect"])](studio, task, "queued", 0)
    return say({**body, "quality": details["quality"]} if "quality" in details else body)


def _show(exchange: Exchange) -> Answer:
    """Answer GET /v1/videos/{id}."""
    studio, task, state = exchange.studio, exchange.task, exchange.state
    dialect = str(task.order.details["dialect"])
    word = exchange.say_phase(_REVERSE_WORDS if dialect == "reverse" else _WORDS)
    jump = 50 if dialect == "veo" else 1  # Veo's progress knows 0, 50 and 100
    body = _DESCRIBE[dialect](studio, task, word, state.progress - state.progress % jump)
    if state.phase is Phase.SUCCEEDED and dialect == "sora":
        body["completed_at"] = studio.date(task, state.since)
    if state.phase is Phase.FAILED:
        body["error"] = {"code": "generation_failed", "message": "Video generation failed."}
        if exchange.was_moderated():
            message = "Your request was blocked by our moderation system."
            body["error"] = {"code": "moderation_blocked", "message": message}
    return say(body)


def _describe_sora(_: Studio, task: Task, word: str, progress: int) -> dict[str, Any]:
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


def _describe_veo(_: Studio, task: Task, word: str, progress: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "task_id": task.id,
        "object": "video",
        "model": task.order.model,
        "status": word,
        "progress": progress,
        "created_at": int(task.created_at),
    }


def _describe_reverse(_: Studio, task: Task, word: str, __: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "object": "video",
        "created": int(task.created_at),
        "status": word,
        "model": task.order.model,
    }


_DESCRIBE: Mapping[str, Callable[[Studio, Task, str, int], dict[str, Any]]] = {
    "sora": _describe_sora,
    "veo": _describe_veo,
    "reverse": _describe_reverse,
}


def _fetch(exchange: Exchange) -> Answer:
    """Answer GET /v1/videos/{id}/content."""
    studio, task = exchange.studio, exchange.task
    if exchange.state.phase is not Phase.SUCCEEDED:
        message = f"Task is not completed yet, current status: {exchange.say_phase(_WORDS)}"
        return content_error(400, message)
    if studio.has_expired(task):
        return content_error(404, "Video has expired")
    if "no-url" in exchange.faults:
        return content_error(502, "Failed to fetch video content", "server_error")
    if task.order.details["dialect"] != "reverse":
        return studio.deliver(exchange.call, task)
    size = task.order.details["size"]
    return say(
        {"status": "completed", "url": studio.file_url(task), "duration": 8, "resolution": size}
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
WIRE = Wire(
    vendor="apiyi",
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
        "no-money-429": say({"error": _OVER_QUOTA}, 429),
        "no-task": task_error(400, "task_not_exist", "task_not_exist"),
        "no-file": content_error(404, "Task not found"),
        "not-ready": content_error(400, "Video content is not ready yet, please retry later"),
        "429": gateway(429, "Rate limit reached for requests", "rate_limit_exceeded"),
        "503": gateway(
            503, "The server is overloaded, please try again later", "service_unavailable"
        ),
        "moderated": say({"error": _MODERATED}, 400),
    },
    no_route=no_route,
    sign=lambda _: {"x-oneapi-request-id": REQUEST_ID},
)
