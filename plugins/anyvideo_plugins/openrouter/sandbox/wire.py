"""OpenRouter's wire: POST /v1/videos, GET /v1/videos/{id} and its /content.

Requests and answers follow the guide and the OpenAPI of openrouter.ai/docs. `polling_url` is a path
alone, as in the OpenAPI, and `unsigned_urls` name /content, as in the guide, which needs the key.
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
    read_size,
)
from anyvideo_plugins.openrouter.sandbox.orders import read_order, refuse

_WORDS = {
    Phase.QUEUED: "pending",
    Phase.RUNNING: "in_progress",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
# The vendor's storage elsewhere: the OpenAPI has such a URL, and only these faults need one.
_ELSEWHERE = frozenset({"foreign-url", "expired-url"})


def _order(call: VendorCall) -> Answer:
    """Answer POST /v1/videos."""
    fields, model = read_order(call.http)
    lines = fields.get("resolution") or model.facts["lines"]
    size = fields.get("size")
    pixels = read_size(size) if size else count_pixels(fields.get("aspect_ratio"), lines)
    seconds = fields.get("duration") or model.facts["length"]
    order = Order(
        model.name,
        fields["prompt"],
        float(seconds),
        *pixels,
        details={"cost": _price(model, fields, lines, seconds)},
    )
    return call.accept(order, draw_letters(20), _describe_order)


def _price(model: Model, fields: Mapping[str, Any], lines: str, seconds: int) -> float:
    """Return the price of a job in USD."""
    facts, frames = model.facts, fields.get("frame_images") or ()
    references = fields.get("input_references") or ()
    rates: Mapping[str, float] = facts["rate"]
    if fields.get("generate_audio") is False:
        rates = facts.get("silent", rates)
    if frames:
        rates = facts.get("framed", rates)
    images: float = facts.get("image", 0) * len(frames or references)
    return round(rates[lines] * seconds + images, 6)


def _describe_order(task: SandboxTask) -> Answer:
    return json_answer({**_describe(task), "status": "pending"}, 202)


def _describe(task: SandboxTask) -> dict[str, Any]:
    return {"id": task.id, "polling_url": f"/api/v1/videos/{task.id}"}


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}."""
    task, phase = call.task, call.state.phase
    body = {**_describe(task), "status": call.status_word(_WORDS)}
    if phase is not Phase.QUEUED:
        body["generation_id"] = f"gen-{task.id}"
    if phase is Phase.SUCCEEDED:
        body["unsigned_urls"] = _list_urls(call)
        body["usage"] = {"cost": task.order.details["cost"], "is_byok": False}
    if phase is Phase.FAILED:
        body["error"] = (
            "Content policy violation" if call.was_moderated() else "Provider returned error"
        )
    return json_answer(body)


def _list_urls(call: VendorCall) -> list[str]:
    world, task = call.world, call.task
    url = world.file_url(task)
    if url is None:
        return []
    if call.faults.keys() & _ELSEWHERE:
        return [url]
    return [f"{world.url}/{call.adapter}/v1/videos/{task.id}/content?index=0"]


def _fetch(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}/content."""
    world, task, index = call.world, call.task, call.http.query.get("index", "0")
    if not index.isdecimal() or call.state.phase is not Phase.SUCCEEDED:
        raise Refusal(refuse(400, "Invalid request parameters"))
    if index != "0" or world.has_expired(task) or "no-url" in call.faults:
        raise Refusal(_GONE)
    return world.deliver(call.http, task)


_GONE = refuse(404, "Resource not found")
_FLAGGED = refuse(403, "Your input was flagged", reasons=["violence"], flagged_input="...")
VENDOR = Vendor(
    name="openrouter",
    adapters=("openrouter",),
    routes=(
        Route("POST", "/v1/videos", "order", _order),
        Route("GET", "/v1/videos/{id}", "poll", _show),
        Route("GET", "/v1/videos/{id}/content", "file", _fetch),
    ),
    refusals={
        "no-key": refuse(401, "Missing Authentication header"),
        "wrong-key": refuse(401, "User not found."),
        "no-money": refuse(
            402, "Insufficient credits. Add more using https://openrouter.ai/credits"
        ),
        "no-task": _GONE,
        "no-file": _GONE,
        "not-ready": refuse(400, "Invalid request parameters"),
        "429": refuse(429, "Rate limit exceeded"),
        "503": refuse(503, "Service temporarily unavailable"),
        "moderated": _FLAGGED,
    },
    no_route=lambda _: refuse(404, "Not Found"),
)
