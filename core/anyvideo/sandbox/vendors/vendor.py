"""A vendor in the sandbox: the calls that it takes, its refusals, and where faults trigger."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal
from urllib.parse import unquote

from attrs import evolve, field, frozen

from anyvideo.sandbox.http.messages import Answer, Call, Refusal, html_answer, json_answer
from anyvideo.sandbox.tasks import Order, Phase, SandboxTask, State
from anyvideo.sandbox.world import World

Kind = Literal["order", "poll", "file", "other"]
# The faults that refuse an order, in the order of a gateway's checks.
_REFUSING = ("429", "429-retry-after", "503", "no-money", "moderated")
_EDGE = Answer(403, b"error code: 1010", {"content-type": "text/plain; charset=UTF-8"})
_UNKNOWN_WORD = "reticulating_splines"


@frozen
class VendorCall:
    """One call at a vendor's wire, and what an action needs to answer it.

    Attributes:
        world: the time, the tasks, the faults and the films.
        vendor: the vendor that answers.
        adapter: the name under which the wire was called.
        kind: the kind of the call's route.
        http: the call as it arrived, its path below the adapter's name.
        found: the task that the call names, None where there is no such task.
    """

    world: World
    vendor: Vendor
    adapter: str
    kind: Kind
    http: Call
    found: SandboxTask | None = None

    @property
    def task(self) -> SandboxTask:
        """The task that the call names.

        Raises:
            Refusal: the vendor knows no such task.
        """
        if self.found is None:
            raise Refusal(self.vendor.refuse("no-file" if self.kind == "file" else "no-task"))
        return self.found

    @property
    def state(self) -> State:
        """The state of that task."""
        return self.world.find_state(self.task)

    @property
    def faults(self) -> Mapping[str, float]:
        """The faults that hold for that task."""
        return self.world.find_faults(self.task)

    @property
    def since(self) -> int:
        """The Unix time in whole seconds at which the task's phase began."""
        return int(self.task.created_at + self.state.since)

    def status_word(self, words: Mapping[Phase, str]) -> str:
        """Return the vendor's word for the phase of the task."""
        phase = self.state.phase
        if phase is Phase.RUNNING and "unknown-status" in self.faults:
            return _UNKNOWN_WORD
        return words[phase]

    def was_moderated(self) -> bool:
        """Say whether moderation made the task fail."""
        return "moderated" in self.faults

    def accept(self, order: Order, id: str, describe: Callable[[SandboxTask], Answer]) -> Answer:  # noqa: A002 (the field's own name)
        """Create a task, unless a fault refuses the order, and return its description.

        A fault may change or drop the answer after the task is created.

        Raises:
            Refusal: a fault refuses the order, or the prompt names an unknown fault.
        """
        faults = self._read_faults(order.prompt)
        self._refuse(faults, f"{self.adapter} {order.prompt}")
        world = self.world
        task = SandboxTask(id, self.adapter, self.vendor.name, order, world.clock.now())
        world.tasks.add(task)
        if "slow-accept" in faults:
            world.wait_until(task.created_at + world.timing.scale(faults["slow-accept"]))
        if "drop-after-accept" in faults:
            return Answer(hang_up=True)
        if "502-after-accept" in faults:
            return html_answer("502 Bad Gateway", 502)
        answer = describe(task)
        return _cut(answer) if "truncated" in faults else answer

    def _read_faults(self, prompt: str) -> dict[str, float]:
        try:
            return self.world.faults.list(prompt)
        except ValueError as error:
            message = {"message": f"sandbox: {error}", "type": "sandbox"}
            raise Refusal(json_answer({"error": message}, 400)) from error

    def _refuse(self, faults: Mapping[str, float], scope: str) -> None:
        for name in _REFUSING:
            if name == "moderated" and faults.get(name):
                continue  # it has a percentage: the order is accepted and the task fails there
            if self.world.faults.triggers(name, scope, faults):
                raise Refusal(self.vendor.refuse(name, faults[name]))
        if "html" in faults:
            raise Refusal(html_answer("Dashboard", 200))


@frozen
class Route:
    """One kind of call.

    Attributes:
        method: such as "POST"; a GET route takes HEAD too.
        path: below the adapter's name; `{id}` stands for a task's id.
        kind: an "order" is what a vendor bills, a "poll" asks for a task's status, a "file" for its
            film. Faults trigger by the kind.
        action: returns the answer.
        presigned: whether a call needs no key, because its URL is one that the vendor gave away.
        refusals: those of the vendor that are other answers here, as on a wire of its own.
    """

    method: str
    path: str
    kind: Kind
    action: Callable[[VendorCall], Answer]
    presigned: bool = False
    refusals: Mapping[str, Answer] = field(factory=dict[str, Answer])
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        pattern = re.compile(self.path.replace("{id}", "([^/]+)"))
        object.__setattr__(self, "pattern", pattern)  # attrs' way to derive a field

    def takes(self, call: Call) -> bool:
        """Say whether a call is of this kind."""
        method = "GET" if call.method == "HEAD" else call.method
        return method == self.method and self.pattern.fullmatch(call.path) is not None

    def read_id(self, call: Call) -> str:
        """Return the id in a call's path or query, or an empty string."""
        words = self.pattern.findall(call.path) if "{id}" in self.path else []
        return unquote(words[0]) if words else call.query.get("id", "")


@frozen
class Vendor:
    """A vendor: its routes, and how it refuses.

    Attributes:
        name: of the vendor; tasks of one vendor are unknown at another.
        adapters: the names under which the wire is served, one for each adapter of the vendor.
        routes: the first one that takes a call answers it.
        refusals: the answers by name: no-key, wrong-key, no-money, no-task, 429, 503, moderated;
            no-file and not-ready where there is a route of kind "file"; no-money-429 where the
            vendor has a second way to say no-money.
        no_route: the answer to a call that no route takes.
        headers: the headers of every answer.
        read_key: returns the key of a call, an empty string where there is none.
        find_task: returns the task that a call names, where its id alone does not tell; it may raise
            a Refusal. By default every route of the vendor knows a task by its id.
    """

    name: str
    adapters: tuple[str, ...]
    routes: tuple[Route, ...]
    refusals: Mapping[str, Answer]
    no_route: Callable[[Call], Answer]
    headers: Callable[[World], Mapping[str, str]] = lambda _: {}
    read_key: Callable[[Call], str] = lambda call: call.key
    find_task: Callable[[World, Route, Call], SandboxTask | None] | None = None

    def find_route(self, call: Call) -> Route | None:
        """Return the route that takes a call, None where there is none."""
        return next((route for route in self.routes if route.takes(call)), None)

    def refuse(self, name: str, argument: float = 0) -> Answer:
        """Return the vendor's refusal; some have an argument."""
        if name == "429-retry-after":
            return self.refusals["429"].with_headers({"retry-after": f"{argument:g}"})
        return self.refusals.get(f"{name}-{argument:g}") or self.refusals[name]

    def answer(self, world: World, adapter: str, route: Route | None, call: Call) -> Answer:
        """Answer a call."""
        if route is not None and route.refusals:
            vendor = evolve(self, refusals={**self.refusals, **route.refusals})
            return vendor.answer(world, adapter, evolve(route, refusals={}), call)
        try:
            answer = self._answer(world, adapter, route, call)
        except Refusal as refusal:
            answer = refusal.answer
        return answer.with_headers(self.headers(world))

    def _answer(self, world: World, adapter: str, route: Route | None, call: Call) -> Answer:
        if route is None:
            return self.no_route(call)
        if not route.presigned:
            self._check_key(self.read_key(call))
        task = self._find_task(world, route, call)
        vendor_call = VendorCall(world, self, adapter, route.kind, call, task)
        if route.kind == "poll":
            return _poll(vendor_call, route)
        if route.kind == "file" and _is_late(vendor_call):
            return self.refuse("not-ready")
        return route.action(vendor_call)

    def _find_task(self, world: World, route: Route, call: Call) -> SandboxTask | None:
        if self.find_task is not None:
            return self.find_task(world, route, call)
        return world.tasks.find(route.read_id(call), self.name)

    def _check_key(self, key: str) -> None:
        if not key:
            raise Refusal(self.refusals["no-key"])
        if key == "sandbox-403":
            raise Refusal(_EDGE)
        name = {"sandbox-401": "wrong-key", "sandbox-402": "no-money"}.get(key)
        if name:
            raise Refusal(self.refuse(name))


def _is_late(call: VendorCall) -> bool:
    """Say whether the file of a completed task is held back this time."""
    done = call.state.phase is Phase.SUCCEEDED
    return done and call.world.faults.triggers("content-400", call.task.id, call.faults)


def _poll(call: VendorCall, route: Route) -> Answer:
    triggers, scope, active = call.world.faults.triggers, call.task.id, call.faults
    if triggers("poll-drop", scope, active):
        return Answer(hang_up=True)
    for name in ("429", "503"):
        if triggers(f"poll-{name}", scope, active):
            return call.vendor.refuse(name)
    if triggers("poll-html", scope, active):
        return html_answer("Dashboard", 200)
    answer = route.action(call)
    return _cut(answer) if triggers("poll-truncated", scope, active) else answer


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


def draw_letters(count: int, alphabet: str = "abcdefghijklmnopqrstuvwxyz0123456789") -> str:
    """Return random characters for an id."""
    return "".join(secrets.choice(alphabet) for _ in range(count))
