"""The sandbox's own paths, for other processes: what a `Sandbox` offers in its own.

GET  /                     which adapters are served where
GET  /_sandbox/tasks       every job so far
GET  /_sandbox/requests    every call so far, keys masked
GET  /_sandbox/faults      the faults that are switched on, and all that there are
POST /_sandbox/faults      {"names": ["stuck"]} switches on these and no others
POST /_sandbox/advance     {"seconds": 60} moves a virtual clock
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import field, frozen

from anyvideo.sandbox.clock import Clock, VirtualClock
from anyvideo.sandbox.exchange import Answer, Call, UnreadableError, is_list, say
from anyvideo.sandbox.faults import FAULTS
from anyvideo.sandbox.studio import Studio


@frozen
class Recorded:
    """A call that came in.

    `adapter` is empty for calls for a file; `paid` says that it asked for something that a vendor
    would bill. The headers are in lower case, the body is cut after 64 KiB; `length` is whole.
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


def answer_control(studio: Studio, requests: Iterable[Recorded], call: Call) -> Answer:
    """Answer a call to one of the sandbox's own paths."""
    match (call.method, call.path.removeprefix("/_sandbox/")):
        case ("GET", "tasks"):
            return say(list_tasks(studio))
        case ("GET", "requests"):
            return say([_describe(request) for request in requests])
        case ("GET", "faults"):
            return say({"names": list(studio.faults.words), "known": list(FAULTS)})
        case ("POST", "faults" | "advance" as name):
            return _change(studio, call, name)
        case _:
            return say({"error": f"the sandbox has no {call.method} {call.path}"}, 404)


def list_tasks(studio: Studio) -> list[dict[str, Any]]:
    """Return every task, the oldest first."""
    return [
        {
            "id": task.id,
            "adapter": task.order.adapter,
            "model": task.order.model,
            "prompt": task.order.prompt,
            "created_at": task.created_at,
            "state": studio.judge(task).phase.value,
        }
        for task in studio.tasks.list()
    ]


def _describe(request: Recorded) -> dict[str, Any]:
    headers = dict(request.headers)
    if "authorization" in headers:
        headers["authorization"] = "***"
    return {
        "method": request.method,
        "path": request.path,
        "adapter": request.adapter,
        "paid": request.paid,
        "at": request.at,
        "length": request.length,
        "query": dict(request.query),
        "headers": headers,
    }


def _change(studio: Studio, call: Call, name: str) -> Answer:
    try:
        body = call.read_json()
        if name == "faults":
            studio.faults.switch(_read_names(body))
            return say({"names": list(studio.faults.words)})
        advance(studio.clock, body.get("seconds"))
    except (UnreadableError, ValueError, TypeError) as error:
        return say({"error": str(error)}, 400)
    return say({"now": studio.clock.now()})


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
        TypeError: it is no virtual one, or the seconds are no number.
        ValueError: the seconds are negative.

    """
    if not isinstance(clock, VirtualClock):
        message = "this sandbox runs on the real clock; give it a VirtualClock to advance it"
        raise TypeError(message)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        message = f"seconds must be a number, not {seconds!r}"
        raise TypeError(message)
    clock.advance(seconds)
