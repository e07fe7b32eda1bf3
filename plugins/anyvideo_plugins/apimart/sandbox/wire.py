"""APIMart's wire: POST /v1/videos/generations, GET /v1/tasks/{id}, image uploads and remixes.

Requests and answers follow docs.apimart.ai.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anyvideo.sandbox import (
    DAY,
    Answer,
    File,
    Model,
    Order,
    Phase,
    Refusal,
    Route,
    SandboxTask,
    UnreadableError,
    Vendor,
    VendorCall,
    count_pixels,
    draw_letters,
    find_problem,
    inspect_image,
    json_answer,
    load_models,
)
from anyvideo_plugins.apimart.sandbox.orders import (
    check,
    find_model,
    read_json,
    refuse,
    refuse_early,
    refuse_problem,
    reject,
)

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WORDS = {
    Phase.QUEUED: "pending",
    Phase.RUNNING: "processing",
    Phase.SUCCEEDED: "completed",
    Phase.FAILED: "failed",
}
_LARGEST_UPLOAD = 20_000_000  # bytes


def _order(call: VendorCall) -> Answer:
    """Answer POST /v1/videos/generations."""
    fields = read_json(call.http)
    model = find_model(fields.get("model"))
    check(call.world, fields, model)
    seconds = fields.get("duration") or model.facts["length"]
    # -1 leaves the length to the model
    return _accept(call, fields, model, model.facts["length"] if seconds < 0 else seconds)


def _accept(call: VendorCall, fields: Mapping[str, Any], model: Model, seconds: float) -> Answer:
    lines = next(
        (fields[name] for name in ("resolution", "quality", "mode") if fields.get(name)), None
    )
    ratio = fields.get("aspect_ratio") or fields.get("size")
    width, height = count_pixels(ratio, lines or model.facts.get("lines"))
    order = Order(
        model.name,
        fields.get("prompt") or "",
        float(seconds),
        width,
        height,
        model.facts.get("life", DAY),
        {
            "cost": _price(model, lines, seconds, sound=fields.get("audio") is True),
            "words": {"aspect_ratio": ratio, "resolution": lines},
        },
    )
    return call.accept(
        order,
        f"task_{draw_letters(26, _CROCKFORD)}",
        lambda task: json_answer(
            {"code": 200, "data": [{"status": "submitted", "task_id": task.id}]}
        ),
    )


def _price(model: Model, lines: str | None, seconds: float, *, sound: bool) -> float | None:
    """Return the price of a task in USD, None where no price is known."""
    rates = model.facts.get("rate")
    if rates is None:
        return None
    word = lines or next(iter(rates))
    rate = rates.get(f"{word} sound", rates[word]) if sound else rates[word]
    return float(rate) if model.facts.get("per_video") else round(rate * seconds, 6)


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/tasks/{id}."""
    task, state = call.task, call.state
    data: dict[str, Any] = {
        "created": int(task.created_at),
        "estimated_time": 600,
        "id": task.id,
        "progress": state.progress,
        "status": call.status_word(_WORDS),
    }
    if state.phase is Phase.SUCCEEDED:
        data |= _deliver(call, task)
    if state.phase is Phase.FAILED:
        message = "content moderation failed" if call.was_moderated() else "task failed"
        kind = "task_failed"
        data["error"] = {"message": message, "type": kind, "param": "", "code": kind}
    return json_answer({"code": 200, "data": data})


def _deliver(call: VendorCall, task: SandboxTask) -> dict[str, Any]:
    """Return the fields that only a completed task has."""
    world, age = call.world, call.state.since
    url, cost = world.file_url(task), task.order.details["cost"]
    videos = [{"expires_at": int(world.expires_at(task)), "url": [url]}] if url else []
    data: dict[str, Any] = {
        "actual_time": int(age),
        "completed": call.since,
        "result": {"videos": videos},
    }
    return data if cost is None else {**data, "cost": cost, "credits_cost": cost * 10}


def _remix(call: VendorCall) -> Answer:
    """Answer POST /v1/videos/{id}/remix: Veo makes 15 s of 8, Sora makes a new film."""
    former = call.task.order
    fields = read_json(call.http)
    refuse_problem(
        find_problem(
            fields,
            load_models("anyvideo_plugins.apimart.sandbox", "models.toml", "remix")["remix"],
            (),
        )
    )
    if fields["model"] != former.model:
        reject("model must match the model of the original task")
    if not former.model.startswith(("veo3.1", "sora-2")):
        reject(f"model {former.model} does not support remix")
    if call.state.phase is not Phase.SUCCEEDED:
        reject("the original task is not completed")
    veo = former.model.startswith("veo")
    seconds = 15.0 if veo else fields.get("duration") or former.seconds
    return _accept(call, {**former.details["words"], **fields}, find_model(former.model), seconds)


def _upload(call: VendorCall) -> Answer:
    """Answer POST /v1/uploads/images."""
    try:
        file = call.http.read_form().get("file")
    except UnreadableError as error:
        reject(str(error))
    if not isinstance(file, File):
        reject("no file uploaded")
    picture = inspect_image(file.body)
    if picture is None:
        reject("unsupported image format, allowed: JPEG / PNG / WebP / GIF")
    if len(file.body) > _LARGEST_UPLOAD:
        raise Refusal(refuse(413, "invalid_request_error", "file too large, up to 20 MB"))
    kind = picture.content_type
    name = f"{draw_letters(16)}.{kind.removeprefix('image/')}"
    url = f"{call.world.url}/files/{name}"
    call.world.uploads[url] = (kind, len(file.body))
    return json_answer(
        {
            "url": url,
            "filename": file.name,
            "content_type": kind,
            "bytes": len(file.body),
            "created_at": call.world.now(),
        }
    )


_NO_KEY = "API key is required (Authorization: Bearer YOUR_API_KEY)"
_MODERATED = "build_request_failed: content moderation failed: sensitive content detected"
_NO_TASK = refuse(400, "invalid_request_error", "无效的任务ID")
VENDOR = Vendor(
    name="apimart",
    adapters=("apimart",),
    routes=(
        Route("POST", "/v1/videos/generations", "order", _order),
        Route("GET", "/v1/tasks/{id}", "poll", _show),
        Route("POST", "/v1/uploads/images", "other", _upload),
        Route("POST", "/v1/videos/{id}/remix", "order", _remix),
    ),
    refusals={
        "no-key": refuse_early(401, "", _NO_KEY),
        "wrong-key": refuse_early(401, "", "invalid API key"),
        "no-money": refuse(402, "payment_required", "Insufficient balance"),
        "no-task": _NO_TASK,
        "429": refuse(429, "rate_limit_error", "Too many requests, please try again later"),
        "503": refuse_early(503, "service_unavailable", "Please wait and try again later"),
        "moderated": refuse(500, "server_error", _MODERATED),
    },
    no_route=lambda call: refuse(
        404, "invalid_request_error", f"Invalid URL ({call.method} {call.path})"
    ),
    headers=lambda world: {"x-request-id": f"req_{world.now()}"},
)
