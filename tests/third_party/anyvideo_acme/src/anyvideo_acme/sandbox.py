"""Acme in the sandbox: what https://acme.example/docs says, without the adapter's code."""

from __future__ import annotations

from typing import Any

from anyvideo.sandbox import (
    Answer,
    File,
    Order,
    Phase,
    Refusal,
    Route,
    Vendor,
    VendorCall,
    count_pixels,
    draw_letters,
    find_problem,
    json_answer,
    load_models,
)

# https://acme.example/docs#phases
WORDS = {
    Phase.QUEUED: "排队中",
    Phase.RUNNING: "生成中",
    Phase.SUCCEEDED: "已完成",
    Phase.FAILED: "失败",
}


def wrap(**payload: object) -> Answer:
    """Return an answer in Acme's envelope."""
    return json_answer({"success": True, "payload": payload})


def refuse(status: int, code: str, message: str) -> Answer:
    """Return an error in Acme's envelope: https://acme.example/docs#errors."""
    return json_answer({"success": False, "code": code, "message": message}, status)


def upload(call: VendorCall) -> Answer:
    """Answer POST /v1/files."""
    if not isinstance(call.http.read_form().get("file"), File):
        raise Refusal(refuse(400, "invalid_request", "file is required"))
    return wrap(file={"url": f"{call.world.url}/files/{draw_letters(8)}"})


def create(call: VendorCall) -> Answer:
    """Answer POST /v1/clips."""
    body = call.http.read_json()
    fields = {**body, **body.get("input", {})}
    model = load_models("anyvideo_acme", "models.toml").get(fields.get("model", ""))
    if model is None:
        raise Refusal(refuse(400, "unknown_model", "unknown model"))
    if problem := find_problem(fields, model, ()):
        raise Refusal(refuse(400, "invalid_request", f"{problem.param}: {problem.accepted}"))
    width, height = count_pixels(fields.get("frame"), "720p")
    order = Order(model.name, fields["text"], fields.get("length", 5), width, height)
    queued = WORDS[Phase.QUEUED]
    return call.accept(
        order,
        f"clip-{draw_letters(8)}",
        lambda task: wrap(clip={"id": task.id, "phase": queued, "percent": 0}),
    )


def show(call: VendorCall) -> Answer:
    """Answer GET /v1/clips/{id}."""
    task, state = call.task, call.state
    phase = call.status_word(WORDS)
    clip: dict[str, Any] = {"id": task.id, "phase": phase, "percent": state.progress}
    if url := call.world.file_url(task):
        clip["film"] = {"url": url}
    if state.phase is Phase.FAILED:
        clip["why"] = {"code": "moderation" if call.was_moderated() else "internal"}
    return wrap(clip=clip)


VENDOR = Vendor(
    name="acme",
    adapters=("acme",),
    routes=(
        Route("POST", "/v1/files", "other", upload),
        Route("POST", "/v1/clips", "order", create),
        Route("GET", "/v1/clips/{id}", "poll", show),
    ),
    refusals={
        "no-key": refuse(401, "missing_api_key", "no key"),
        "wrong-key": refuse(401, "invalid_api_key", "unknown key"),
        "no-money": refuse(402, "insufficient_balance", "余额不足"),
        "no-task": refuse(404, "clip_not_found", "unknown clip"),
        "429": refuse(429, "rate_limited", "too many requests"),
        "503": refuse(503, "unavailable", "try again later"),
        "moderated": refuse(400, "moderation", "内容违规"),
    },
    no_route=lambda _: refuse(404, "not_found", "unknown endpoint"),
)
