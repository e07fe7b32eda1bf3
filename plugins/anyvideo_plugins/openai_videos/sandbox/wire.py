"""The /v1/videos wire as OpenAI documented it, for a gateway that has any model.

    POST   /v1/videos                 JSON or a form
    GET    /v1/videos                 ?limit, ?after, ?order
    GET    /v1/videos/{id}
    DELETE /v1/videos/{id}            a completed or failed video
    GET    /v1/videos/{id}/content    ?variant=video, thumbnail (WebP) or spritesheet (JPEG)
    POST   /v1/videos/{id}/remix

Requests and answers follow https://platform.openai.com/docs/api-reference/videos and the types of
https://github.com/openai/openai-python. A provider's own `words` and `fields` are not mirrored.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve

from anyvideo.sandbox import (
    Answer,
    Order,
    Phase,
    Route,
    SandboxTask,
    Vendor,
    VendorCall,
    draw_letters,
    draw_picture,
    json_answer,
)
from anyvideo_plugins.openai_videos.sandbox.orders import (
    no_route,
    read_fields,
    read_order,
    refuse,
    reject,
)

_WORDS = {
    Phase.QUEUED: "queued",
    Phase.RUNNING: "in_progress",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
_PICTURES = {"thumbnail": "webp", "spritesheet": "jpeg"}
_MOST_LISTED = 100
_MODERATED = "Your request was blocked by our moderation system."


def _order(call: VendorCall) -> Answer:
    """Answer POST /v1/videos."""
    return _accept(call, read_order(read_fields(call.http)))


def _accept(call: VendorCall, order: Order) -> Answer:
    return call.accept(
        order, f"video_{draw_letters(48)}", lambda task: json_answer(_describe(task, "queued", 0))
    )


def _describe(task: SandboxTask, word: str, progress: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "object": "video",
        "created_at": int(task.created_at),
        "completed_at": None,
        "error": None,
        "expires_at": None,
        "model": task.order.model,
        "progress": progress,
        "prompt": task.order.prompt,
        "remixed_from_video_id": None,
        "status": word,
        **task.order.details,
    }


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}."""
    return json_answer(_describe_state(call))


def _describe_state(call: VendorCall) -> dict[str, Any]:
    state = call.state
    body = _describe(call.task, call.status_word(_WORDS), state.progress)
    if state.phase is Phase.SUCCEEDED:
        expires = int(call.world.expires_at(call.task))
        body |= {"completed_at": call.since, "expires_at": expires}
    if state.phase is Phase.FAILED:
        body["error"] = {"code": "video_generation_failed", "message": "Video generation failed."}
        if call.was_moderated():
            body["error"] = {"code": "moderation_blocked", "message": _MODERATED}
    return body


def _list(call: VendorCall) -> Answer:
    """Answer GET /v1/videos: the newest first, unless `order` is "asc"."""
    query, tasks = call.http.query, call.world.tasks
    limit = query.get("limit", "20")
    if not limit.isdecimal() or int(limit) > _MOST_LISTED:
        reject(f"Invalid 'limit': expected a number from 0 to {_MOST_LISTED}.", "limit")
    found = [task for task in tasks.list() if tasks.find(task.id, call.vendor.name)]
    if query.get("order", "desc") == "desc":
        found.reverse()
    ids = [task.id for task in found]
    if "after" in query and query["after"] not in ids:
        reject(f"Invalid 'after': no video {query['after']!r}.", "after")
    start = ids.index(query["after"]) + 1 if "after" in query else 0
    page = found[start : start + int(limit)]
    return json_answer(
        {
            "object": "list",
            "data": [_describe_state(evolve(call, found=task)) for task in page],
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
            "has_more": start + len(page) < len(found),
        }
    )


def _delete(call: VendorCall) -> Answer:
    """Answer DELETE /v1/videos/{id}."""
    if call.state.phase not in {Phase.SUCCEEDED, Phase.FAILED}:
        reject("Only a completed or failed video can be deleted.", "video_id")
    call.world.tasks.delete(call.task.id)
    return json_answer({"id": call.task.id, "object": "video.deleted", "deleted": True})


def _fetch(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{id}/content."""
    world, task = call.world, call.task
    variant = call.http.query.get("variant", "video")
    if variant not in {"video", *_PICTURES}:
        accepted = ", ".join(("video", *_PICTURES))
        reject(f"Invalid value: '{variant}'. Supported values are: {accepted}.", "variant")
    if call.state.phase is not Phase.SUCCEEDED:
        return call.vendor.refuse("not-ready")
    if world.has_expired(task):
        return refuse(404, "The video has expired.", param="video_id")
    if world.file_url(task) is None:
        return refuse(500, "The video could not be loaded.", "server_error", "server_error")
    if variant == "video":
        return world.deliver(call.http, task)
    kind = _PICTURES[variant]
    picture = draw_picture(task.order.width, task.order.height, kind)
    return Answer(200, picture, {"content-type": f"image/{kind}"})


def _remix(call: VendorCall) -> Answer:
    """Answer POST /v1/videos/{id}/remix, which is for completed videos."""
    former = call.task
    if call.state.phase is not Phase.SUCCEEDED:
        reject("Only a completed video can be remixed.", "video_id")
    details = former.order.details
    asked = {name: details[name] for name in ("seconds", "size")}
    order = read_order({**asked, **read_fields(call.http), "model": former.order.model})
    source = {"remixed_from_video_id": former.id}
    return _accept(call, evolve(order, details={**order.details, **source}))


_OVER_QUOTA = "You exceeded your current quota, please check your plan and billing details."
VENDOR = Vendor(
    name="openai-videos",
    adapters=("openai-videos",),
    routes=(
        Route("POST", "/v1/videos", "order", _order),
        Route("GET", "/v1/videos", "other", _list),
        Route("GET", "/v1/videos/{id}", "poll", _show),
        Route("DELETE", "/v1/videos/{id}", "other", _delete),
        Route("GET", "/v1/videos/{id}/content", "file", _fetch),
        Route("POST", "/v1/videos/{id}/remix", "order", _remix),
    ),
    # https://platform.openai.com/docs/guides/error-codes
    refusals={
        "no-key": refuse(401, "Missing bearer authentication in header"),
        "wrong-key": refuse(401, "Incorrect API key provided: sandbox.", code="invalid_api_key"),
        "no-money": refuse(429, _OVER_QUOTA, "insufficient_quota", "insufficient_quota"),
        "no-task": refuse(404, "Video not found", param="video_id"),
        "no-file": refuse(404, "Video not found", param="video_id"),
        "not-ready": refuse(400, "Video is not ready yet, retrieve it to check its status."),
        "429": refuse(429, "Rate limit reached", "rate_limit_error", "rate_limit_exceeded"),
        "503": refuse(503, "The engine is currently overloaded", "server_error"),
        "moderated": refuse(400, _MODERATED, code="moderation_blocked"),
    },
    no_route=no_route,
    headers=lambda _: {"x-request-id": f"req_{draw_letters(32)}"},
)
