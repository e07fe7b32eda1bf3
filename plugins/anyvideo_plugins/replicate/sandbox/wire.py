"""Replicate's wire: predictions of official models, how they stand, their end, and stored files.

Requests and answers follow https://replicate.com/docs/reference/http and
https://replicate.com/docs/topics/predictions/lifecycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from anyvideo.sandbox import (
    Answer,
    File,
    Order,
    Phase,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    count_pixels,
    draw_letters,
    inspect_image,
    json_answer,
)
from anyvideo_plugins.replicate.sandbox.orders import find_model, read_input, refuse, reject

_WORDS = {
    Phase.QUEUED: "starting",
    Phase.RUNNING: "processing",
    Phase.SUCCEEDED: "succeeded",
    Phase.FAILED: "failed",
}
_HOUR = 3600
_MOST_BYTES = 100_000_000  # of a file
_FLAGGED = (
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
)
_BROKEN = "An unexpected error occurred (E1000)"
_NOT_FOUND = json_answer(
    {"detail": "The requested resource could not be found.", "status": 404}, 404
)


def _order(call: VendorCall) -> Answer:
    """Answer POST /v1/models/{owner}/{name}/predictions."""
    name = call.http.path.removeprefix("/v1/models/").removesuffix("/predictions")
    model = find_model(name)
    fields = read_input(call.http, model)
    seconds = float(fields["duration"])
    width, height = _find_size(fields, model.facts)
    # A set that is empty until the prediction is cancelled.
    details: dict[str, Any] = {"input": fields, "cancelled": set[str]()}
    order = Order(name, fields["prompt"], seconds, width, height, _HOUR, details)
    return call.accept(
        order,
        draw_letters(26),
        lambda task: json_answer({**_describe(call, task), "status": "starting"}, 201),
    )


def _find_size(fields: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[int, int]:
    if size := fields.get("size"):
        width, height = size.split("*")
        return int(width), int(height)
    word = next(
        (fields[name] for name in ("resolution", "quality", "mode") if name in fields), None
    )
    ratio = fields.get("aspect_ratio")
    lines = facts.get("lines", {}).get(word, word) or facts.get("usual", "1080p")
    return count_pixels(None if ratio in {"adaptive", "auto"} else ratio, lines)


def _describe(call: VendorCall, task: SandboxTask) -> dict[str, Any]:
    """Return what a prediction has in every state."""
    path = f"{call.world.url}/{call.adapter}/v1/predictions/{task.id}"
    return {
        "id": task.id,
        "model": task.order.model,
        "version": "hidden",
        "input": {name: value for name, value in task.order.details["input"].items() if value},
        "logs": "",
        "output": None,
        "data_removed": False,
        "error": None,
        "created_at": _write_time(task.created_at),
        "urls": {"get": path, "cancel": f"{path}/cancel"},
    }


def _write_time(moment: float) -> str:
    born = datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
    return born.replace("+00:00", "Z")


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/predictions/{id}."""
    task, body = call.task, _describe(call, call.task)
    phase, ended = call.state.phase, task.created_at + call.state.since
    if task.order.details["cancelled"]:
        return json_answer({**body, "status": "canceled"})
    body["status"] = call.status_word(_WORDS)
    if phase is Phase.SUCCEEDED:
        body |= {"output": call.world.file_url(task), "completed_at": _write_time(ended)}
        body["metrics"] = {"predict_time": call.state.since, "total_time": call.state.since}
    if phase is Phase.FAILED:
        body["error"] = _FLAGGED if call.was_moderated() else _BROKEN
    if phase in {Phase.SUCCEEDED, Phase.FAILED} and call.world.now() - ended > _HOUR:
        body |= {"input": {}, "output": None, "logs": "", "data_removed": True}
    return json_answer(body)


def _cancel(call: VendorCall) -> Answer:
    """Answer POST /v1/predictions/{id}/cancel; of one that has ended nothing changes."""
    if call.state.phase in {Phase.QUEUED, Phase.RUNNING}:
        call.task.order.details["cancelled"].add(call.task.id)
    return _show(call)


def _store(call: VendorCall) -> Answer:
    """Answer POST /v1/files: https://replicate.com/docs/reference/http#files.create."""
    content = call.http.read_form().get("content")
    if not isinstance(content, File):
        reject("required", "", "content is required")
    picture = inspect_image(content.body)
    if picture is None or picture.content_type != content.content_type:
        reject("format", "content", "the file is not what its type says")
    if len(content.body) > _MOST_BYTES:
        reject("number_lte", "content", "the file is too large")
    name, now = draw_letters(22), call.world.now()
    body = {
        "id": name,
        "name": content.name,
        "content_type": content.content_type,
        "size": len(content.body),
        "created_at": _write_time(now),
        "expires_at": _write_time(now + 24 * _HOUR),
        "urls": {"get": f"https://api.replicate.com/v1/files/{name}"},
    }
    return json_answer(body, 201)


VENDOR = Vendor(
    name="replicate",
    adapters=("replicate",),
    routes=(
        Route("POST", r"/v1/models/[\w.-]+/[\w.-]+/predictions", "order", _order),
        Route("GET", "/v1/predictions/{id}", "poll", _show),
        Route("POST", "/v1/predictions/{id}/cancel", "other", _cancel),
        Route("POST", "/v1/files", "other", _store),
    ),
    refusals={
        "no-key": refuse(401, "Unauthenticated", "You did not pass an authentication token"),
        "wrong-key": refuse(
            401, "Unauthenticated", "You did not pass a valid authentication token"
        ),
        "no-money": refuse(
            402, "Insufficient credit", "You have insufficient credit to run this model."
        ),
        "no-task": _NOT_FOUND,
        "429": json_answer(
            {"detail": "Request was throttled. Your rate limit resets in ~30s.", "status": 429}, 429
        ),
        "503": refuse(503, "Service unavailable", "Please try again later."),
        "moderated": refuse(422, "Input validation failed", _FLAGGED),
    },
    no_route=lambda _: _NOT_FOUND,
)
