"""The sandbox: a local server that speaks the vendors' wires and delivers real films.

In a test: `with Sandbox(clock=VirtualClock()) as sandbox, Client(sandbox=sandbox) as client: ...`
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from email.utils import formatdate
from functools import partial
from threading import Lock
from typing import Self

from attrs import evolve, frozen

from anyvideo.sandbox.clock import Clock, RealClock
from anyvideo.sandbox.control import Recorded, advance, answer_control
from anyvideo.sandbox.faults import Faults
from anyvideo.sandbox.film.render import render as render_film
from anyvideo.sandbox.http.connection import Listener
from anyvideo.sandbox.http.messages import Answer, Call, HungUpError, json_answer
from anyvideo.sandbox.tasks import SandboxTask, Tasks, Timing
from anyvideo.sandbox.vendors.vendor import Vendor
from anyvideo.sandbox.world import FilmCache, Render, World

_MOST_RECORDED = 50_000
_LONGEST_RECORDED = 65_536  # bytes


class Sandbox:
    """A local server on 127.0.0.1 that serves each adapter's wire under the adapter's name.

    Every bearer key is accepted except three: "sandbox-401" is refused as a wrong key,
    "sandbox-402" as the key of an empty account, "sandbox-403" by the proxy in front of the vendor.

    Args:
        port: 0 for any free one.
        vendors: the vendors to serve; without them, all that the installed plugins bring.
        clock: a `VirtualClock` in tests; without one, the time of the machine.
        speed: how many times faster than the clock time passes in the sandbox.
        duration: seconds from order to film.
        faults: words such as "stuck" or "fail-at=80" that hold for every job, as listed in
            `anyvideo.sandbox.faults`.
        render: makes the films.

    Raises:
        ValueError: a fault is unknown, the speed is not above 0, the duration is below 0, or two
            vendors serve one adapter.
    """

    def __init__(  # noqa: PLR0913 (each has a default, and is given by name)
        self,
        port: int = 0,
        *,
        vendors: Iterable[Vendor] | None = None,
        clock: Clock | None = None,
        speed: float = 1.0,
        duration: float = 3.0,
        faults: Iterable[str] = (),
        render: Render = render_film,
    ) -> None:
        self._port = port
        self._clock = clock or RealClock()
        self._timing = Timing(duration, speed)
        self._faults = Faults(faults)
        self._films = FilmCache(render)
        self._tasks = Tasks()
        self._recorded: deque[Recorded] = deque(maxlen=_MOST_RECORDED)
        self._lock = Lock()
        self._running: _Running | None = None
        self._vendors = _index_adapters(_find_installed() if vendors is None else vendors)

    def start(self) -> Self:
        """Listen.

        Raises:
            OSError: the port is taken.
            RuntimeError: the sandbox is running already.
        """
        if self._running is not None:
            message = "this sandbox has been started already"
            raise RuntimeError(message)
        listener = Listener(self._port)
        world = World(
            listener.url, self._clock, self._timing, self._faults, self._films, self._tasks
        )
        self._running = _Running(listener, world)
        listener.start(partial(self._respond, world))
        return self

    def stop(self) -> None:
        """Stop listening and end every connection; the recorded calls stay readable."""
        running, self._running = self._running, None
        if running is not None:
            running.world.closing.set()
            running.listener.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, such as "http://127.0.0.1:9000".

        Raises:
            RuntimeError: the sandbox is not running.
        """
        if self._running is None:
            message = "this sandbox is not running: call start(), or use it in a with statement"
            raise RuntimeError(message)
        return self._running.world.url

    @property
    def adapters(self) -> tuple[str, ...]:
        """The names of the adapters whose wires are served."""
        return tuple(self._vendors)

    def base_url(self, adapter: str) -> str:
        """Return the base URL to configure for a provider of this adapter.

        Raises:
            KeyError: no vendor serves this adapter.
        """
        if adapter not in self._vendors:
            raise KeyError(adapter)
        return f"{self.url}/{adapter}"

    @property
    def requests(self) -> list[Recorded]:
        """Every call so far (the last 50,000), except those to the sandbox's own paths."""
        with self._lock:
            return list(self._recorded)

    def posts(self, adapter: str | None = None) -> list[Recorded]:
        """Return the calls that a vendor would bill if it accepted them."""
        return [call for call in self.requests if call.paid and adapter in {None, call.adapter}]

    @property
    def tasks(self) -> tuple[SandboxTask, ...]:
        """Every task that was created, the oldest first."""
        return self._tasks.list()

    def misbehave(self, *faults: str) -> None:
        """Switch on these faults and no others; without arguments, switch all off.

        Raises:
            ValueError: a fault is unknown, or its argument is wrong.
        """
        self._faults.switch(faults)

    def advance(self, seconds: float) -> None:
        """Let time pass on the virtual clock.

        Raises:
            TypeError: the sandbox does not run on a `VirtualClock`.
        """
        advance(self._clock, seconds)

    def _respond(self, world: World, call: Call) -> Answer:
        date = formatdate(self._clock.now(), usegmt=True)
        return self._dispatch(world, call).with_headers({"date": date})

    def _dispatch(self, world: World, call: Call) -> Answer:
        first, _, rest = call.path.removeprefix("/").partition("/")
        if first == "_sandbox":
            return answer_control(world, self.requests, call)
        if first == "files":
            self._record(call, "", paid=False)
            return world.answer_file(call)
        if vendor := self._vendors.get(first):
            return self._ask(vendor, first, evolve(call, path=f"/{rest}"), world)
        urls = {name: f"{world.url}/{name}" for name in self._vendors}
        if call.path == "/":
            return json_answer({"sandbox": urls})
        message = f"the sandbox does not speak the wire of {first!r}, only {', '.join(urls)}"
        error = {"message": message, "type": "sandbox"}
        return json_answer({"error": error, "sandbox": urls}, 404)

    def _ask(self, vendor: Vendor, adapter: str, call: Call, world: World) -> Answer:
        route = vendor.find_route(call)
        self._record(call, adapter, paid=route is not None and route.kind == "order")
        try:
            return vendor.answer(world, adapter, route, call)
        except HungUpError:
            return Answer(hang_up=True)
        except Exception as error:  # noqa: BLE001 (the author of the wire is to see the error)
            message = f"sandbox: the wire of {vendor.name} raised {type(error).__name__}: {error}"
            return json_answer({"error": {"message": message, "type": "sandbox"}}, 500)

    def _record(self, call: Call, adapter: str, *, paid: bool) -> None:
        recorded = Recorded(
            call.method,
            call.path,
            adapter,
            paid,
            self._clock.now(),
            len(call.body),
            call.query,
            call.headers,
            call.body[:_LONGEST_RECORDED],
        )
        with self._lock:
            self._recorded.append(recorded)


@frozen
class _Running:
    """What exists from start to stop."""

    listener: Listener
    world: World


def _find_installed() -> Iterable[Vendor]:
    from anyvideo.sandbox.discovery import find_vendors  # noqa: PLC0415 (given vendors need no plugin)

    return find_vendors()


def _index_adapters(vendors: Iterable[Vendor]) -> dict[str, Vendor]:
    index: dict[str, Vendor] = {}
    for vendor in vendors:
        for name in vendor.adapters:
            if name in index:
                message = f"{index[name].name} and {vendor.name} both serve the adapter {name}"
                raise ValueError(message)
            index[name] = vendor
    return index
