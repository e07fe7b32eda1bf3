"""Apertis, POST /v1/video/create and GET /v1/video/query: JSON, and an id that holds a colon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyvideo.sandbox import (
    Answer,
    Order,
    Phase,
    VendorCall,
    count_pixels,
    draw_letters,
    json_answer,
)
from anyvideo_plugins.apertis.sandbox.errors import WORDS, check, read_json


def order(call: VendorCall) -> Answer:
    """Answer POST /v1/video/create."""
    fields = read_json(call.http)
    model = check(fields, "create", fields.get("model"))
    sora = "duration" in model.takes
    width, height = _measure_sora(fields) if sora else _measure_veo(fields)
    prompt = fields["prompt"]
    better = f"{prompt}, cinematic, in fine detail" if fields.get("enhance_prompt") else prompt
    ordered = Order(
        model.name,
        prompt,
        float(fields.get("duration") or 10) if sora else 8.0,
        width,
        height,
        details={"enhanced_prompt": better, "family": "sora" if sora else "veo"},
    )
    id = make_id(call, model.name)  # noqa: A001 (the field's own name)
    return call.accept(
        ordered,
        id,
        lambda task: json_answer(
            {
                "id": task.id,
                "status": WORDS[Phase.QUEUED],
                "status_update_time": int(task.created_at),
                "enhanced_prompt": better,
            }
        ),
    )


def make_id(call: VendorCall, model: str) -> str:
    """Return an id such as "veo3:1234567890-abcdefgh"."""
    return f"{model}:{call.world.now()}-{draw_letters(8)}"


def _measure_veo(fields: Mapping[str, Any]) -> tuple[int, int]:
    return count_pixels(
        fields.get("aspect_ratio"), "1080p" if fields.get("enable_upsample") else "720p"
    )


def _measure_sora(fields: Mapping[str, Any]) -> tuple[int, int]:
    return count_pixels(
        fields.get("orientation"), "1080p" if fields.get("size") == "large" else "720p"
    )


def show(call: VendorCall) -> Answer:
    """Answer GET /v1/video/query?id=..."""
    task = call.task
    body: dict[str, Any] = {
        "id": task.id,
        "status": call.status_word(WORDS),
        "video_url": call.world.file_url(task),
        "enhanced_prompt": task.order.details["enhanced_prompt"],
        "status_update_time": call.since,
    }
    return json_answer({**body, **explain(call)})


def explain(call: VendorCall) -> dict[str, Any]:
    """Return the error of a job that moderation ended; no other failure has a reason."""
    if call.state.phase is not Phase.FAILED or not call.was_moderated():
        return {}
    message = "The prompt violates the content policy"
    error = {"message": message, "type": "content_policy_error", "code": "content_policy_violation"}
    return {"error": error}
