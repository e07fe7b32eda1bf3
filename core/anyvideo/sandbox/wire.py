"""A vendor's wire: which calls it takes, how it says no, and where faults strike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal
from urllib.parse import unquote

from attrs import evolve, field, frozen

from anyvideo.sandbox.exchange import Answer, Call, Refusal, page, say
from anyvideo.sandbox.studio import Studio
from anyvideo.sandbox.tasks import Order, Phase, State, Task

Kind = Literal["order", "poll", "file", "other"]
# The faults that refuse an order, in the order of a gateway's checks.
_REFUSING = ("429", "429-retry-after", "503", "no-money", "moderated")
_EDGE = Answer(403, b"error code: 1010", {"content-type": "text/plain; charset=UTF-8"})
_NO_SUCH_WORD = "reticulating_splines"


@frozen
class Exchange:
    """One call at one wire, and what an action needs to answer it.

    `adapter` is the name under which the wire was called; `task` is the one that a poll or a file
    is about, and None in other calls.
    """

    studio: Studio
    wire: Wire
    adapter: str
    kind: Kind
    call: Call
    found: Task | None = None

    @property
    def task(self) -> Task:
        """The task that the call names.

        Raises:
            Refusal: the vendor knows no such task.

        """
        if self.found is None:
            name = "no-file" if self.kind == "file" else "no-task"
            raise Refusal(self.wire.refuse(name))
        return self.found

    @property
    def state(self) -> State:
        """How that task stands."""
        return self.studio.judge(self.task)

    @property
    def faults(self) -> Mapping[str, float]:
        """The faults that hold for that task."""
        return self.studio.find_faults(self.task)

    def say_phase(self, words: Mapping[Phase, str]) -> str:
        """Return the vendor's word for how the task stands."""
        phase = self.state.phase
        if phase is Phase.RUNNING and "unknown-status" in self.faults:
            return _NO_SUCH_WORD
        return words[phase]

    def was_moderated(self) -> bool:
        """Say whether it is moderation that made the task fail."""
        return "moderated" in self.faults

    def accept(self, order: Order, id: str, describe: Callable[[Task], Answer]) -> Answer:  # noqa: A002 (the field's own name)
        """Take an order, unless a fault refuses it, and return what a fault leaves of the answer.

        Raises:
            Refusal: a fault refuses the order, or the prompt asks for a fault that there is not.

        """
        faults = self._read_faults(order.prompt)
        self._refuse(faults, f"{self.adapter} {order.prompt}")
        task = self.studio.accept(order, id)
        if "slow-accept" in faults:
            self.studio.wait_until(task.created_at + self.studio.pace.scale(faults["slow-accept"]))
        if "drop-after-accept" in faults:
            return Answer(hang_up=True)
        if "502-after-accept" in faults:
            return page("502 Bad Gateway", 502)
        answer = describe(task)
        return _cut(answer) if "truncated" in faults else answer

    def _read_faults(self, prompt: str) -> dict[str, float]:
        try:
            return self.studio.faults.list(prompt)
        except ValueError as error:
            refusal = say({"error": {"message": f"sandbox: {error}", "type": "sandbox"}}, 400)
            raise Refusal(refusal) from error

    def _refuse(self, faults: Mapping[str, float], scope: str) -> None:
        for name in _REFUSING:
            if name == "moderated" and faults.get(name):
                continue  # it has a percentage: the job is taken and fails there
            if self.studio.faults.strike(name, scope, faults):
                raise Refusal(self.wire.refuse(name, faults[name]))
        if "html" in faults:
            raise Refusal(page("Dashboard", 200))


@frozen
class Route:
    """One kind of call: its method and path, what it is for, and what answers it."""

    method: str
    path: str
    kind: Kind
    action: Callable[[Exchange], Answer]
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        pattern = re.compile(self.path.replace("{id}", "([^/]+)"))
        object.__setattr__(self, "pattern", pattern)  # attrs' way to derive a field

    def takes(self, call: Call) -> bool:
        """Say whether this is the route of a call; HEAD takes that of GET."""
        method = "GET" if call.method == "HEAD" else call.method
        return method == self.method and self.pattern.fullmatch(call.path) is not None

    def read_id(self, call: Call) -> str:
        """Return the id that a call names in its path or its query, or an empty string."""
        words = self.pattern.findall(call.path) if "{id}" in self.path else []
        return unquote(words[0]) if words else call.query.get("id", "")


@frozen
class Wire:
    """A vendor: the adapters that speak to it, its routes, and its refusals by name.

    The refusals are: no-key, wrong-key, no-money, no-task, no-file, not-ready, 429, 503,
    moderated, and no-money-429 where the vendor has a second way to say it.
    """

    vendor: str
    adapters: tuple[str, ...]
    routes: tuple[Route, ...]
    refusals: Mapping[str, Answer]
    no_route: Callable[[Call], Answer]
    sign: Callable[[Studio], Mapping[str, str]]

    def find_route(self, call: Call) -> Route | None:
        """Return the route that a call takes, None if there is none."""
        return next((route for route in self.routes if route.takes(call)), None)

    def refuse(self, name: str, argument: float = 0) -> Answer:
        """Return the vendor's refusal; some have an argument."""
        if name == "429-retry-after":
            return self.refusals["429"].with_headers({"retry-after": f"{argument:g}"})
        return self.refusals.get(f"{name}-{argument:g}") or self.refusals[name]

    def answer(self, studio: Studio, adapter: str, route: Route | None, call: Call) -> Answer:
        """Answer a call."""
        try:
            return self._answer(studio, adapter, route, call).with_headers(self.sign(studio))
        except Refusal as refusal:
            return refusal.answer.with_headers(self.sign(studio))

    def _answer(self, studio: Studio, adapter: str, route: Route | None, call: Call) -> Answer:
        if route is None:
            return self.no_route(call)
        self._check_key(call.key)
        task = studio.tasks.find(route.read_id(call), self.vendor)
        exchange = Exchange(studio, self, adapter, route.kind, call, task)
        if route.kind == "poll":
            return _poll(exchange, route)
        if route.kind == "file" and _is_late(exchange):
            return self.refuse("not-ready")
        return route.action(exchange)

    def _check_key(self, key: str) -> None:
        if not key:
            raise Refusal(self.refusals["no-key"])
        if key == "sandbox-403":
            raise Refusal(_EDGE)
        name = {"sandbox-401": "wrong-key", "sandbox-402": "no-money"}.get(key)
        if name:
            raise Refusal(self.refuse(name))


def _is_late(exchange: Exchange) -> bool:
    """Say whether the file of a completed task is held back this time."""
    done = exchange.state.phase is Phase.SUCCEEDED
    strike = exchange.studio.faults.strike
    return done and strike("content-400", exchange.task.id, exchange.faults)


def _poll(exchange: Exchange, route: Route) -> Answer:
    strike, scope, active = exchange.studio.faults.strike, exchange.task.id, exchange.faults
    if strike("poll-drop", scope, active):
        return Answer(hang_up=True)
    for name in ("429", "503"):
        if strike(f"poll-{name}", scope, active):
            return exchange.wire.refuse(name)
    if strike("poll-html", scope, active):
        return page("Dashboard", 200)
    answer = route.action(exchange)
    return _cut(answer) if strike("poll-truncated", scope, active) else answer


def _cut(answer: Answer) -> Answer:
    """Return the first half of an answer; of a stream, its first piece and half of the second."""
    if isinstance(answer.body, bytes):
        return evolve(answer, body=answer.body[: len(answer.body) // 2])
    return evolve(answer, body=_cut_stream(answer.body))


def _cut_stream(pieces: Iterable[bytes]) -> Iterator[bytes]:
    rest = iter(pieces)
    yield next(rest)
    second = next(rest)
    yield second[: len(second) // 2]
