"""MiniMax's two wires, which are one vendor: the first refuses with HTTP 200, the second as HTTP does."""

from __future__ import annotations

from anyvideo.sandbox import Call, Route, SandboxTask, Vendor, World
from anyvideo_plugins.minimax.sandbox import h3, hailuo

_KEY = (
    "login fail: Please carry the API secret key in the 'Authorization' field of the request header"
)
_SENSITIVE = "video description contains sensitive content"
# The first wire refuses with HTTP 200 and a number alone.
_FIRST = {
    "no-key": hailuo.say(1004, _KEY),
    "wrong-key": hailuo.say(2049, "invalid api key"),
    "no-money": hailuo.say(1008, "insufficient balance", task_id=""),
    "no-task": hailuo.say(2013, "invalid params, task not exist"),
    "429": hailuo.say(1002, "rate limit, please retry later"),
    "503": hailuo.say(1013, "internal service error"),
    "moderated": hailuo.say(1026, _SENSITIVE, task_id=""),
}


def _find_task(world: World, route: Route, call: Call) -> SandboxTask | None:
    """Return the task that a call names, in its path or as `task_id`."""
    task = world.tasks.find(route.read_id(call) or call.query.get("task_id", ""), "minimax")
    hailuo_task = task is not None and not task.order.model.startswith("MiniMax-H3")
    return task if hailuo_task is call.path.startswith("/v1/") else None


VENDOR = Vendor(
    name="minimax",
    adapters=("minimax",),
    routes=(
        Route("POST", "/v2/video_generation", "order", h3.create),
        Route("GET", "/v2/query/video_generation/{id}", "poll", h3.show),
        Route("DELETE", "/v2/video_generation/{id}", "other", h3.delete),
        Route("POST", "/v1/video_generation", "order", hailuo.create, refusals=_FIRST),
        Route("GET", "/v1/query/video_generation", "poll", hailuo.show, refusals=_FIRST),
        Route("GET", "/v1/files/retrieve", "other", hailuo.retrieve, refusals=_FIRST),
    ),
    refusals={
        "no-key": h3.refuse(401, f"{_KEY} (1004)"),
        "wrong-key": h3.refuse(401, "invalid api key (2049)"),
        "no-money": h3.refuse(402, "insufficient balance (1008)"),
        "no-task": h3.refuse(400, "invalid params, invalid task_id (2013)"),
        "429": h3.refuse(429, "rate limit, please retry later (1002)"),
        "503": h3.refuse(503, "overloaded (1000)"),
        "moderated": h3.refuse(422, f"{_SENSITIVE} (1026)"),
    },
    no_route=lambda call: h3.refuse(404, f"no route for {call.method} {call.path} (2013)"),
    find_task=_find_task,
)
