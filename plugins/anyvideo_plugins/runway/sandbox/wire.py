"""Runway's wire: two endpoints that create tasks, and the tasks themselves.

Requests and answers follow https://docs.dev.runwayml.com/api, version 2024-11-06.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from anyvideo.sandbox import (
    DAY,
    Answer,
    Order,
    Phase,
    Refusal,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    count_pixels,
    json_answer,
)
from anyvideo_plugins.runway.sandbox.orders import read_order, refuse

_WORDS = {
    Phase.QUEUED: "PENDING",
    Phase.RUNNING: "RUNNING",
    Phase.SUCCEEDED: "SUCCEEDED",
    Phase.FAILED: "FAILED",
}
_USUAL_SECONDS = 5
_NO_TASK = json_answer({"error": "Could not find Task"}, 404)


def _check_version(call: VendorCall) -> None:
    """Refuse a call without the version: https://docs.dev.runwayml.com/api-details/versions."""
    if call.http.headers.get("x-runway-version") != "2024-11-06":
        raise Refusal(refuse(400, "Invalid or missing X-Runway-Version header"))


def _order(table: str) -> Callable[[VendorCall], Answer]:
    """Return the action of an endpoint that creates tasks."""

    def create(call: VendorCall) -> Answer:
        _check_version(call)
        body, model = read_order(call.http, table)
        seconds = body.get("duration") or model.facts.get("length", _USUAL_SECONDS)
        width, height = _find_size(body)
        cost = {"credits": model.facts["rate"] * seconds}
        prompt = body.get("promptText", "")
        order = Order(model.name, prompt, seconds, width, height, DAY, {"cost": cost})
        return call.accept(
            order,
            str(uuid4()),
            lambda task: json_answer({"id": task.id, "estimatedCost": cost}),
        )

    return create


def _find_size(body: dict[str, Any]) -> tuple[int, int]:
    """Return the pixels that an order asks for; `ratio` is a pair of pixels, or of small numbers."""
    ratio = str(body.get("ratio", "1280:720"))
    across, _, down = ratio.partition(":")
    if down and int(across) > 100:
        return int(across), int(down)
    lines = ratio.removeprefix("auto_") if ratio.startswith("auto_") else body.get("resolution")
    return count_pixels(ratio if down else None, lines and str(lines).lower())


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/tasks/{id}: each state has its own fields."""
    _check_version(call)
    return json_answer({**_describe(call.task), **_describe_state(call)})


def _describe(task: SandboxTask) -> dict[str, Any]:
    born = datetime.fromtimestamp(task.created_at, UTC).isoformat(timespec="milliseconds")
    return {"id": task.id, "createdAt": born.replace("+00:00", "Z")}


def _describe_state(call: VendorCall) -> dict[str, Any]:
    """Return the fields of a task that depend on its state."""
    word, cost = call.status_word(_WORDS), call.task.order.details["cost"]
    if call.state.phase is Phase.SUCCEEDED:
        url = call.world.file_url(call.task)
        return {"status": word, "output": [url] if url else [], "cost": cost}
    if call.state.phase is Phase.FAILED:
        if call.was_moderated():
            told = {"failure": "The prompt was rejected.", "failureCode": "SAFETY.INPUT.TEXT"}
            return {"status": word, **told, "cost": cost}
        told = {"failure": "An unexpected error occurred.", "failureCode": "INTERNAL"}
        return {"status": word, **told, "cost": {"credits": 0}}
    moving = {"status": word, "estimatedCost": cost}
    running = call.state.phase is Phase.RUNNING
    return {**moving, "progress": call.state.progress / 100} if running else moving


def _delete(call: VendorCall) -> Answer:
    """Answer DELETE /v1/tasks/{id}: whatever its state was, the task is gone."""
    _check_version(call)
    call.world.tasks.delete(call.task.id)
    return Answer(204)


_INVALID_MODERATION = "The prompt was rejected by content moderation."
VENDOR = Vendor(
    name="runway",
    adapters=("runway",),
    routes=(
        Route("POST", "/v1/text_to_video", "order", _order("text")),
        Route("POST", "/v1/image_to_video", "order", _order("image")),
        Route("GET", "/v1/tasks/{id}", "poll", _show),
        Route("DELETE", "/v1/tasks/{id}", "other", _delete),
    ),
    refusals={
        "no-key": refuse(401, "No API key was provided."),
        "wrong-key": refuse(401, "The provided API key is not valid."),
        "no-money": refuse(400, "You do not have enough credits to run this task."),
        "no-task": _NO_TASK,
        "429": refuse(429, "You exceeded the number of requests that you may make."),
        "503": refuse(503, "Service unavailable."),
        "moderated": refuse(400, _INVALID_MODERATION),
    },
    no_route=lambda call: refuse(404, f"Could not find {call.method} {call.path}"),
)
