"""The sandbox's own paths: what the methods of `Sandbox` do, for other processes.

GET  /                     which adapters are served where
GET  /_sandbox/tasks       every job so far
GET  /_sandbox/requests    every call so far, keys masked
GET  /_sandbox/faults      the faults that are switched on, and all known faults
POST /_sandbox/faults      {"names": ["stuck"]} switches on these and no others
POST /_sandbox/advance     {"seconds": 60} moves a virtual clock
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import asdict, field, frozen
from attrs.filters import exclude

from anyvideo.sandbox.clock import Clock, VirtualClock
from anyvideo.sandbox.faults import FAULTS
from anyvideo.sandbox.http.messages import Answer, Call, UnreadableError, is_list, json_answer
from anyvideo.sandbox.world import World


@frozen
class Recorded:
    """A call that arrived.

    Attributes:
        method: in capitals.
        path: below the adapter's name.
        adapter: the name under which the wire was called; empty for a file.
        paid: whether a vendor would bill what the call asks for.
        at: Unix time in seconds.
        length: of the whole body, in bytes.
        query: the last value of each name.
        headers: by name in lower case.
        body: the first 64 KiB.
    """

    method: str
    path: str
    adapter: str
    paid: bool
    at: float
    length: int
    query: Mapping[str, str] = field(factory=dict[str, str])
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)


def answer_control(world: World, requests: Iterable[Recorded], call: Call) -> Answer:
    """Answer a call to one of the sandbox's own paths."""
    match (call.method, call.path.removeprefix("/_sandbox/")):
        case ("GET", "tasks"):
            return json_answer(_list_tasks(world))
        case ("GET", "requests"):
            return json_answer([_describe(request) for request in requests])
        case ("GET", "faults"):
            return json_answer({"names": list(world.faults.words), "known": list(FAULTS)})
        case ("POST", "faults" | "advance" as name):
            return _change(world, call, name)
        case _:
            return json_answer({"error": f"the sandbox has no {call.method} {call.path}"}, 404)


def _list_tasks(world: World) -> list[dict[str, Any]]:
    """Return every task, the oldest first."""
    return [
        {
            "id": task.id,
            "adapter": task.adapter,
            "model": task.order.model,
            "prompt": task.order.prompt,
            "created_at": task.created_at,
            "state": world.find_state(task).phase.value,
        }
        for task in world.tasks.list()
    ]


def _describe(request: Recorded) -> dict[str, Any]:
    shown = asdict(request, filter=exclude("body"))
    if "authorization" in shown["headers"]:
        shown["headers"]["authorization"] = "***"
    return shown


def _change(world: World, call: Call, name: str) -> Answer:
    try:
        body = call.read_json()
        if name == "faults":
            world.faults.switch(_read_names(body))
            return json_answer({"names": list(world.faults.words)})
        advance(world.clock, body.get("seconds"))
    except (UnreadableError, ValueError, TypeError) as error:
        return json_answer({"error": str(error)}, 400)
    return json_answer({"now": world.clock.now()})


def _read_names(body: Mapping[str, Any]) -> list[str]:
    names: Any = body.get("names")
    words: list[Any] = names if is_list(names) else [names]
    if not all(isinstance(word, str) for word in words):
        message = 'expected {"names": ["stuck"]}'
        raise TypeError(message)
    return words


def advance(clock: Clock, seconds: object) -> None:
    """Move a clock.

    Raises:
        TypeError: the clock is not a `VirtualClock`, or the seconds are not a number.
        ValueError: the seconds are negative.
    """
    if not isinstance(clock, VirtualClock):
        message = "this sandbox runs on the real clock; give it a VirtualClock to advance it"
        raise TypeError(message)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        message = f"seconds must be a number, not {seconds!r}"
        raise TypeError(message)
    clock.advance(seconds)
