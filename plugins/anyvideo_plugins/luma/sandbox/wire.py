"""Luma's wire: POST /v1/generations, and GET /v1/generations/{id}.

Requests and answers follow docs.agents.lumalabs.ai/api and docs.agents.lumalabs.ai/guides/error-handling.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from attrs import evolve

from anyvideo.sandbox import (
    Answer,
    Order,
    Phase,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    json_answer,
)
from anyvideo_plugins.luma.sandbox.orders import count_pixels_of, read_order, refuse

_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "processing",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
_FLAGGED = "Generation output was flagged by our content moderation system."
_HOUR = 3600.0


def _create(call: VendorCall) -> Answer:
    """Answer POST /v1/generations."""
    body, video = read_order(call.http)
    seconds = float(video.get("duration", "5s").removesuffix("s"))
    details = {"type": body["type"], "exr": bool(video.get("exr_export"))}
    size = count_pixels_of(body, video)
    order = Order("ray-3.2", body["prompt"], seconds, *size, _HOUR, details)
    return call.accept(order, str(uuid4()), lambda task: _answer(_describe(task), 201))


def _describe(task: SandboxTask, word: str = "queued") -> dict[str, Any]:
    born = datetime.fromtimestamp(task.created_at, UTC).isoformat(timespec="seconds")
    return {
        "id": task.id,
        "type": task.order.details["type"],
        "state": word,
        "model": task.order.model,
        "created_at": born.replace("+00:00", "Z"),
        "output": [],
        "failure_reason": None,
        "failure_code": None,
    }


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/generations/{id}; the failures are those of the page on errors."""
    shown = _describe(call.task, call.status_word(_WORDS))
    if call.state.phase is Phase.FAILED:
        moderated = call.was_moderated()
        shown["failure_code"] = "content_moderated" if moderated else "generation_failed"
        shown["failure_reason"] = _FLAGGED if moderated else "Generation failed"
    if url := call.world.file_url(call.task):
        shown["output"] = [{"type": "video", "url": url}]
    return _answer(shown)


def _answer(shown: dict[str, Any], status: int = 200) -> Answer:
    """Return an answer with the headers that each one has."""
    answer = json_answer(shown, status)
    more = {"x-request-id": str(uuid4()), "x-api-version": "2026-04-01"}
    return evolve(answer, headers={**answer.headers, **more})


VENDOR = Vendor(
    name="luma",
    adapters=("luma",),
    routes=(
        Route("POST", "/v1/generations", "order", _create),
        Route("GET", "/v1/generations/{id}", "poll", _show),
    ),
    refusals={
        "no-key": refuse(401, "Missing or invalid API key"),
        "wrong-key": refuse(401, "Invalid API key"),
        "no-money": refuse(402, "Insufficient balance. Please add funds to continue."),
        "no-task": refuse(404, "Generation not found"),
        "429": refuse(429, "Too many concurrent jobs"),
        "503": refuse(503, "Media URL ingestion is unavailable"),
        # No page has a moderated submit; the words are those of a moderated generation.
        "moderated": refuse(400, "The prompt was flagged by our content moderation system."),
    },
    no_route=lambda _: refuse(404, "Not Found"),
)
