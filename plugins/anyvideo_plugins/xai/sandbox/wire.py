"""xAI's wire: POST /v1/videos/generations and /v1/videos/edits, and GET /v1/videos/{request_id}.

Requests and answers follow docs.x.ai/developers/rest-api-reference/inference/videos. A job that waits is
answered with HTTP 202 and nothing, one that runs with 202 and its progress, as clients saw it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from anyvideo.sandbox import (
    Answer,
    Model,
    Order,
    Phase,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    json_answer,
)
from anyvideo_plugins.xai.sandbox.orders import (
    count_pixels_of,
    list_images,
    read_edit,
    read_order,
    refuse,
)

_WORDS = {
    Phase.QUEUED: "pending",
    Phase.RUNNING: "pending",
    Phase.SUCCEEDED: "done",
    Phase.FAILED: "failed",
}
_USUAL_SECONDS = 8
# The wire does not fetch the video that an edit is made of.
_EDITED = (5, 1280, 720)


def _create(call: VendorCall) -> Answer:
    """Answer POST /v1/videos/generations."""
    fields, model = read_order(call.http)
    seconds = fields.get("duration", _USUAL_SECONDS)
    ticks = _price(fields, model, seconds)
    size = count_pixels_of(fields)
    order = Order(
        model.name, fields.get("prompt", ""), float(seconds), *size, details={"ticks": ticks}
    )
    return call.accept(order, str(uuid4()), _describe_new)


def _price(fields: Mapping[str, Any], model: Model, seconds: int) -> int:
    """Return the price of a job in ten billionths of a US dollar."""
    rate: int = model.facts["ticks"][fields.get("resolution", "480p")]
    images: int = model.facts["image_ticks"] * len(list(list_images(fields)))
    return rate * seconds + images


def _edit(call: VendorCall) -> Answer:
    """Answer POST /v1/videos/edits."""
    fields, model = read_edit(call.http)
    order = Order(model.name, fields["prompt"], *_EDITED)
    return call.accept(order, str(uuid4()), _describe_new)


def _describe_new(task: SandboxTask) -> Answer:
    return json_answer({"request_id": task.id})


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{request_id}."""
    phase = call.state.phase
    if phase is Phase.QUEUED:
        return Answer(202)
    word = call.status_word(_WORDS)
    if phase is Phase.RUNNING:
        return json_answer({"status": word, "progress": int(call.state.progress)}, 202)
    if phase is Phase.FAILED and not call.was_moderated():
        message = "The service could not complete the generation because of an internal failure."
        return json_answer({"status": word, "error": _error("internal_error", message)})
    return json_answer(_describe_end(call))


def _error(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}


def _describe_end(call: VendorCall) -> dict[str, Any]:
    """Return an ended job: what moderation keeps back is done, and billed, and has no URL."""
    order, blocked = call.task.order, call.was_moderated()
    video = {
        "url": "" if blocked else call.world.file_url(call.task) or "",
        "duration": int(order.seconds),
        "respect_moderation": not blocked,
    }
    end = {"status": "done", "progress": 100, "model": order.model, "video": video}
    ticks = order.details.get("ticks")
    return end if ticks is None else {**end, "usage": {"cost_in_usd_ticks": ticks}}


_NO_KEY = "No credentials provided. Set an Authorization header."
_WRONG_KEY = (
    "Incorrect API key provided: sa***01. You can obtain an API key from https://console.x.ai."
)
_NO_MONEY = (
    "Your team 00000000-0000-0000-0000-000000000000 has either used all available credits or reached "
    "its monthly spending limit. To continue making API requests, please purchase more credits or "
    "raise your spending limit."
)
_LIMIT = (
    "Too many requests for team 00000000-0000-0000-0000-000000000000 and model grok-imagine-video-1.5. "
    "Your team's rate limit is - Requests per Second (actual/limit): 3/2."
)
_SAFETY = "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"
VENDOR = Vendor(
    name="xai",
    adapters=("xai",),
    routes=(
        Route("POST", "/v1/videos/generations", "order", _create),
        Route("POST", "/v1/videos/edits", "order", _edit),
        Route("GET", "/v1/videos/{id}", "poll", _show),
    ),
    refusals={
        "no-key": refuse(401, "unauthenticated:no-credentials", _NO_KEY),
        "wrong-key": refuse(400, "invalid-argument", _WRONG_KEY),
        "no-money": refuse(403, "permission-denied", _NO_MONEY),
        "no-money-429": refuse(429, "resource-exhausted", _NO_MONEY),
        "no-task": refuse(404, "not-found", "Failed to read static file."),
        "429": refuse(429, "resource-exhausted", _LIMIT),
        "503": json_answer({"error": "overloaded"}, 503),
        "moderated": refuse(403, "permission-denied", _SAFETY),
    },
    no_route=lambda _: Answer(404),
)
