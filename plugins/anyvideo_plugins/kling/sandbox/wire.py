"""Kling's wire in both editions, as far as they make videos from texts and images.

    POST /v1/videos/{text2video,image2video,multi-image2video,omni-video}
    GET  the same path/{id}              also by external_task_id, and at no other path
    POST /text-to-video/{model}, /image-to-video/{model}
    GET  /tasks?task_ids={id}            or external_task_ids; one id at a time

Requests and answers follow https://kling.ai/document-api.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from anyvideo.sandbox import (
    DAY,
    Answer,
    Call,
    Order,
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
from anyvideo_plugins.kling.sandbox.keys import check_token
from anyvideo_plugins.kling.sandbox.orders import Wish, read_order, read_second, refuse, reject

_PREFIX = "/v1/videos/"
_MODES = ("text2video", "image2video", "multi-image2video", "omni-video")
_SECOND = "second"
_WORDS = {
    Phase.QUEUED: "submitted",
    Phase.RUNNING: "processing",
    Phase.SUCCEEDED: "succeed",
    Phase.FAILED: "failed",
}
_SECOND_WORDS = {**_WORDS, Phase.SUCCEEDED: "succeeded"}
_RISK = "Failure to pass the risk control system"


def _wrap(data: object) -> Answer:
    request = "c0656403-1e6e-4b7e-b8f8-2cdd2595f2b9"
    return json_answer({"code": 0, "message": "SUCCEED", "request_id": request, "data": data})


def _order_first(mode: str) -> Callable[[VendorCall], Answer]:
    """Return what answers POST /v1/videos/{mode}."""

    def order(call: VendorCall) -> Answer:
        check_token(call.http.key, call.world.clock.now(), second=False)
        return _accept(call, read_order(call.http, mode), mode)

    return order


def _order_second(call: VendorCall) -> Answer:
    """Answer POST /text-to-video/{model} and POST /image-to-video/{model}."""
    check_token(call.http.key, call.world.clock.now(), second=True)
    kind, _, name = call.http.path.removeprefix("/").partition("/")
    wish = read_second(call.http, name, images=kind == "image-to-video")
    return _accept(call, wish, _SECOND)


def _accept(call: VendorCall, wish: Wish, home: str) -> Answer:
    own = wish.external_id
    if own and any(task.order.details.get("own") == own for task in call.world.tasks.list()):
        reject("external_task_id already exists")
    units = wish.model.facts.get("units")
    cost = None if units is None else Decimal(units[wish.rate]) * Decimal(str(wish.seconds))
    details = {"home": home, "own": own, "units": None if cost is None else f"{cost.normalize():f}"}
    order = Order(
        wish.model.name, wish.prompt, wish.seconds, wish.width, wish.height, 30 * DAY, details
    )
    describe = _describe_second if home == _SECOND else _describe
    return call.accept(
        order,
        draw_letters(18, "123456789"),
        lambda task: _wrap(describe(task, Phase.QUEUED, int(task.created_at))),
    )


def _describe(task: SandboxTask, phase: Phase, since: int) -> dict[str, Any]:
    return {
        "task_id": task.id,
        "task_status": _WORDS[phase],
        "task_info": {"external_task_id": task.order.details["own"] or None},
        "created_at": int(task.created_at * 1000),
        "updated_at": since * 1000,
    }


def _describe_second(task: SandboxTask, phase: Phase, since: int) -> dict[str, Any]:
    return {
        "id": task.id,
        "status": _SECOND_WORDS[phase],
        "create_time": int(task.created_at * 1000),
        "update_time": since * 1000,
        "external_id": task.order.details["own"] or "",
    }


def _show(call: VendorCall) -> Answer:
    """Answer GET /v1/videos/{mode}/{id}."""
    check_token(call.http.key, call.world.clock.now(), second=False)
    data = _describe(call.task, call.state.phase, call.since)
    data |= {"task_status": call.status_word(_WORDS), "task_status_msg": _explain(call)}
    if call.state.phase is Phase.SUCCEEDED:
        units = call.task.order.details["units"]
        data |= {"task_result": {"videos": _list_videos(call)}}
        data |= {} if units is None else {"final_unit_deduction": units}
    return _wrap(data)


def _show_second(call: VendorCall) -> Answer:
    """Answer GET /tasks."""
    check_token(call.http.key, call.world.clock.now(), second=True)
    data = _describe_second(call.task, call.state.phase, call.since)
    data |= {"status": call.status_word(_SECOND_WORDS), "message": _explain(call), "outputs": []}
    if call.state.phase is Phase.SUCCEEDED:
        charge = {"charge_type": "unit", "amount": call.task.order.details["units"]}
        data["outputs"] = [{"type": "video", **video} for video in _list_videos(call)]
        data["billing"] = [{**charge, "package_type": "video"}]
    return _wrap([data])


def _explain(call: VendorCall) -> str:
    if call.state.phase is not Phase.FAILED:
        return ""
    return _RISK if call.was_moderated() else "Internal error"


def _list_videos(call: VendorCall) -> list[dict[str, str]]:
    url = call.world.file_url(call.task)
    seconds = f"{call.task.order.seconds:.1f}"
    return [{"id": call.task.id, "url": url, "duration": seconds}] if url else []


def _find_task(world: World, route: Route, call: Call) -> SandboxTask | None:
    """Return the task that a call names by either id, if it belongs to the path of the call.

    Raises:
        Refusal: the second edition knows no such task, which is an empty list.
    """
    if route.kind != "poll":
        return None
    if route.path == "/tasks":
        task_id, own = call.query.get("task_ids", ""), call.query.get("external_task_ids", "")
        if bool(task_id) == bool(own):
            reject("give either task_ids or external_task_ids")
        found = _search(world, _SECOND, task_id, own)
        if found is None:
            raise Refusal(_wrap([]))
        return found
    name = route.read_id(call)
    return _search(world, route.path.removeprefix(_PREFIX).partition("/")[0], name, name)


def _search(world: World, home: str, task_id: str, own: str) -> SandboxTask | None:
    ours = (task for task in world.tasks.list() if task.vendor == "kling")
    at_home = [task for task in ours if task.order.details["home"] == home]
    return next(
        (
            task
            for task in at_home
            if task.id == task_id or (own and task.order.details["own"] == own)
        ),
        None,
    )


VENDOR = Vendor(
    name="kling",
    adapters=("kling",),
    routes=(
        *(Route("POST", f"{_PREFIX}{mode}", "order", _order_first(mode)) for mode in _MODES),
        *(Route("GET", f"{_PREFIX}{mode}/{{id}}", "poll", _show) for mode in _MODES),
        Route("POST", "/text-to-video/[^/]+", "order", _order_second),
        Route("POST", "/image-to-video/[^/]+", "order", _order_second),
        Route("GET", "/tasks", "poll", _show_second),
    ),
    refusals={
        "no-key": refuse(401, 1001, "Authorization is empty"),
        "wrong-key": refuse(401, 1002, "Authorization is invalid"),
        "no-money": refuse(429, 1102, "Account balance not enough"),
        "no-task": refuse(400, 1201, "Task not found by id/external id"),
        "429": refuse(429, 1303, "parallel task over resource pack limit"),
        "503": refuse(503, 5001, "Server temporarily unavailable"),
        "moderated": refuse(400, 1301, "The request was blocked by the content security policy"),
    },
    no_route=lambda call: refuse(404, 1202, f"{call.method} {call.path} is invalid"),
    find_task=_find_task,
)
