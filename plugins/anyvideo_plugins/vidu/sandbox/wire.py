"""Vidu's wire: tasks are created at a path for each mode, shown with their creations, and cancelled.

    POST /ent/v2/{text2video,img2video,start-end2video,reference2video}
    GET  /ent/v2/tasks/{id}/creations
    POST /ent/v2/tasks/{id}/cancel

Requests and answers follow https://platform.vidu.com/docs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

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
from anyvideo_plugins.vidu.sandbox.orders import Wish, read_body, read_order, refuse, reject

_PREFIX = "/ent/v2"
_MODES = ("text2video", "img2video", "start-end2video", "reference2video")
_WORDS = {
    Phase.QUEUED: "queueing",
    Phase.RUNNING: "processing",
    Phase.SUCCEEDED: "success",
    Phase.FAILED: "failed",
}
_STOPPED = "UserCancelled"
# What a submit repeats, where it is in the body or has a value of its own.
_ECHOED: Mapping[str, Any] = {
    "model": None,
    "prompt": None,
    "images": None,
    "seed": 123456789,
    "aspect_ratio": None,
    "movement_amplitude": "auto",
    "payload": "",
    "off_peak": False,
    "watermark": False,
}


def _order(mode: str) -> Callable[[VendorCall], Answer]:
    """Return what answers POST /ent/v2/{mode}."""

    def order(call: VendorCall) -> Answer:
        wish = read_order(call.http, mode)
        fields = wish.fields
        # A set that is empty until the task is cancelled.
        details = {"wish": wish, "stopped": set[str]()}
        prompt = fields.get("prompt") or ""
        film = Order(
            fields["model"], prompt, wish.seconds, wish.width, wish.height, details=details
        )
        return call.accept(film, draw_letters(18, "123456789"), _describe_new)

    return order


def _describe_new(task: SandboxTask) -> Answer:
    wish: Wish = task.order.details["wish"]
    echo = {name: wish.fields.get(name, usual) for name, usual in _ECHOED.items()}
    created = datetime.fromtimestamp(task.created_at, UTC).isoformat(timespec="microseconds")
    known = {name: value for name, value in echo.items() if value is not None}
    return json_answer(
        {
            "task_id": task.id,
            "state": "created",
            **known,
            "duration": wish.seconds,
            "resolution": wish.resolution,
            **({} if wish.credits is None else {"credits": wish.credits}),
            "created_at": created.replace("+00:00", "Z"),
        }
    )


def _show(call: VendorCall) -> Answer:
    """Answer GET /ent/v2/tasks/{id}/creations; a failed task takes no credits."""
    wish: Wish = call.task.order.details["wish"]
    stopped = bool(call.task.order.details["stopped"])
    failed = stopped or call.state.phase is Phase.FAILED
    flaw = "CreationPolicyViolation" if call.was_moderated() else "InternalServiceFailure"
    told = {
        "state": "failed" if stopped else call.status_word(_WORDS),
        "err_code": _STOPPED if stopped else flaw if failed else "",
        "payload": wish.fields.get("payload", ""),
        "bgm": wish.fields.get("bgm", False),
        "off_peak": wish.fields.get("off_peak", False),
        "creations": [] if stopped else _list_creations(call, wish),
    }
    if wish.credits is None:
        return json_answer(told)
    return json_answer({**told, "credits": 0 if failed else wish.credits})


def _list_creations(call: VendorCall, wish: Wish) -> list[dict[str, str]]:
    url = call.world.file_url(call.task)
    if url is None:
        return []
    cover = f"{call.world.foreign_url}/{call.adapter}/covers/{call.task.id}.png"
    creation = {"id": call.task.id, "url": url, "cover_url": cover}
    if not wish.fields.get("watermark"):
        return [creation]
    return [{**creation, "watermarked_url": f"{url}{'&' if '?' in url else '?'}watermark=1"}]


def _cancel(call: VendorCall) -> Answer:
    """Answer POST /ent/v2/tasks/{id}/cancel: only an off-peak task that waits can be cancelled."""
    task, phase = call.task, call.state.phase
    if read_body(call.http).get("id") != task.id:
        reject("FieldInvalid", "invalid field: id")
    wish: Wish = task.order.details["wish"]
    stopped: set[str] = task.order.details["stopped"]
    if stopped or phase is not Phase.QUEUED or not wish.fields.get("off_peak"):
        reject("BadRequest", "task state is scheduled, can not cancel")
    stopped.add(task.id)
    return json_answer({})


def _draw_cover(call: VendorCall) -> Answer:
    """Answer the URL of a cover, which needs no key."""
    order = call.task.order
    return Answer(200, draw_picture(order.width, order.height), {"content-type": "image/png"})


VENDOR = Vendor(
    name="vidu",
    adapters=("vidu",),
    routes=(
        *(Route("POST", f"{_PREFIX}/{mode}", "order", _order(mode)) for mode in _MODES),
        Route("GET", f"{_PREFIX}/tasks/{{id}}/creations", "poll", _show),
        Route("POST", f"{_PREFIX}/tasks/{{id}}/cancel", "other", _cancel),
        Route("GET", "/covers/{id}.png", "other", _draw_cover, presigned=True),
    ),
    refusals={
        "no-key": refuse(401, "Unauthorized", "unauthorized"),
        "wrong-key": refuse(401, "Unauthorized", "unauthorized"),
        "no-money": refuse(400, "CreditInsufficient", "insufficient credits"),
        "no-task": refuse(404, "TaskNotFound", "task not found"),
        "429": refuse(429, "TooManyRequests", "too many requests"),
        "503": refuse(503, "InternalServiceFailure", "internal service failure"),
        "moderated": refuse(400, "AuditSubmitIllegal", "submit is illegal"),
    },
    no_route=lambda _: refuse(404, "NotFound", "not found"),
    read_key=lambda call: call.read_key("Token"),
)
