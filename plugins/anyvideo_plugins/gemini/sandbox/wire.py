"""Google's wire: the Interactions API, and the Files API as far as finished clips are in it.

Requests and answers follow https://ai.google.dev/gemini-api/docs/omni. In the sandbox the file of an
interaction has the interaction's id.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from anyvideo.sandbox import (
    Answer,
    Call,
    Phase,
    Refusal,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    World,
    draw_letters,
    json_answer,
)
from anyvideo_plugins.gemini.sandbox.orders import read_order, refuse, refuse_early

_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "in_progress",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
_TOKENS = 5792  # of a second at 720p
_BLOCKED = "I can't make that video, because it may go against the policies for its use."
_CANCELLED = "cancelled"


def _create(call: VendorCall) -> Answer:
    """Answer POST /v1beta/interactions."""
    return call.accept(
        read_order(call),
        f"v1_{draw_letters(32)}",
        lambda task: json_answer(_describe(call.world, task, "in_progress")),
    )


def _describe(world: World, task: SandboxTask, word: str) -> dict[str, Any]:
    return {
        "id": task.id,
        "object": "interaction",
        "model": task.order.model,
        "status": word,
        "created": _write_time(task.created_at),
        "updated": _write_time(world.clock.now()),
    }


def _write_time(moment: float) -> str:
    return datetime.fromtimestamp(int(moment), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1beta/interactions/{id}."""
    task, phase = call.task, call.state.phase
    if _CANCELLED in task.order.details:
        return json_answer(_describe(call.world, task, _CANCELLED))
    if phase is Phase.FAILED and call.was_moderated():
        # A clip that was blocked is reported as complete, with words in its place.
        return _finish(call, {"type": "text", "text": _BLOCKED}, 0)
    if phase is Phase.SUCCEEDED:
        url = _write_url(call) if call.world.file_url(task) else None
        video = {"type": "video", "mime_type": "video/mp4", "uri": url}
        return _finish(
            call, video if url else None, int(task.order.seconds * _TOKENS) if url else 0
        )
    body = _describe(call.world, task, call.status_word(_WORDS))
    if phase is Phase.FAILED:
        body["error"] = {"code": "internal", "message": "Internal error encountered."}
    return json_answer(body)


def _finish(call: VendorCall, block: dict[str, Any] | None, tokens: int) -> Answer:
    """Return a complete interaction, with the steps that the guide shows."""
    task = call.task
    counts = [{"modality": "video", "tokens": tokens}] if tokens else []
    steps = [
        {"type": "user_input", "content": [{"type": "text", "text": task.order.prompt}]},
        {"type": "thought", "signature": "c2FuZGJveA=="},
        {"type": "model_output", "content": [block] if block else []},
    ]
    usage = {"total_output_tokens": tokens, "output_tokens_by_modality": counts}
    return json_answer({**_describe(call.world, task, "completed"), "steps": steps, "usage": usage})


def _write_url(call: VendorCall) -> str:
    return f"{call.world.url}/{call.adapter}/v1beta/files/{call.task.id}:download?alt=media"


def _cancel(call: VendorCall) -> Answer:
    """Answer POST /v1beta/interactions/{id}/cancel; only what still runs can be stopped."""
    if call.state.phase in {Phase.SUCCEEDED, Phase.FAILED}:
        raise Refusal(refuse(400, "invalid_request", "Interaction is already completed."))
    order = evolve(call.task.order, details={**call.task.order.details, _CANCELLED: True})
    call.world.tasks.add(evolve(call.task, order=order))
    return json_answer(_describe(call.world, call.task, _CANCELLED))


def _show_file(call: VendorCall) -> Answer:
    """Answer GET /v1beta/files/{id}."""
    task = _find_file(call)
    name = f"files/{task.id}"
    return json_answer(
        {"name": name, "mimeType": "video/mp4", "state": "ACTIVE", "source": "GENERATED"}
    )


def _deliver(call: VendorCall) -> Answer:
    """Answer GET /v1beta/files/{id}:download; without `alt` it describes the file, as Google does."""
    task = _find_file(call)
    if call.http.query.get("alt") != "media":
        return _show_file(call)
    return call.world.deliver(call.http, task)


def _find_file(call: VendorCall) -> SandboxTask:
    """Return the task whose file is named; the file of nobody is refused like that of another."""
    task = call.found
    if task is None or call.world.file_url(task) is None or call.world.has_expired(task):
        raise Refusal(_NO_FILE)
    return task


def _read_key(call: Call) -> str:
    """Return the key: in its own header, or in the URL; a bearer token is none of this API's."""
    return call.headers.get("x-goog-api-key", "") or call.query.get("key", "")


_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use"
    " API Key or other form of API consumer identity to call this API."
)
_NO_MONEY = (
    "Your prepayment credits are depleted. Please go to AI Studio at https://ai.studio/projects to"
    " manage your project and billing."
)
_NO_FILE = refuse_early(
    403,
    "PERMISSION_DENIED",
    "You do not have permission to access the File or it may not exist.",
)
_PROCESSING = json_answer({"mimeType": "video/mp4", "state": "PROCESSING", "source": "GENERATED"})

VENDOR = Vendor(
    name="gemini",
    adapters=("gemini",),
    routes=(
        Route("POST", "/v1beta/interactions", "order", _create),
        Route("GET", "/v1beta/interactions/{id}", "poll", _show),
        Route("POST", "/v1beta/interactions/{id}/cancel", "other", _cancel),
        Route("GET", "/v1beta/files/{id}:download", "other", _deliver),
        Route("GET", "/v1beta/files/{id}", "file", _show_file),
    ),
    refusals={
        "no-key": refuse_early(403, "PERMISSION_DENIED", _NO_KEY),
        "wrong-key": refuse_early(
            400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."
        ),
        "no-money": refuse_early(429, "RESOURCE_EXHAUSTED", _NO_MONEY),
        "no-task": refuse(400, "invalid_request", "Invalid interaction name: interactions/unknown"),
        "no-file": _NO_FILE,
        # A complete interaction is some time before its file.
        "not-ready": _PROCESSING,
        "429": refuse_early(
            429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota)."
        ),
        "503": refuse_early(503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
        "moderated": refuse(400, "invalid_request", "Prompt blocked for safety reasons"),
    },
    no_route=lambda call: refuse_early(404, "NOT_FOUND", f"{call.path} was not found"),
    read_key=_read_key,
)
