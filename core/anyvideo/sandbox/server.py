"""The sandbox: a local server that speaks every vendor's wire and delivers real films.

In a test: `with Sandbox(clock=VirtualClock()) as sandbox, Client(sandbox=sandbox) as client: ...`
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from functools import partial
from threading import Lock, Thread
from typing import Self

from attrs import evolve, frozen

from anyvideo.sandbox import apertis, apimart, apiyi, film
from anyvideo.sandbox.clock import Clock, RealClock
from anyvideo.sandbox.connection import Server
from anyvideo.sandbox.control import Recorded, advance, answer_control
from anyvideo.sandbox.exchange import Answer, Call, say
from anyvideo.sandbox.faults import Faults
from anyvideo.sandbox.studio import Films, Render, Studio
from anyvideo.sandbox.tasks import Pace, Task, Tasks
from anyvideo.sandbox.wire import Wire

_WIRES: Mapping[str, Wire] = {
    adapter: wire for wire in (apertis.WIRE, apiyi.WIRE, apimart.WIRE) for adapter in wire.adapters
}
ADAPTERS = tuple(_WIRES)
_MOST_RECORDED = 50_000
_LONGEST_RECORDED = 65_536


class Sandbox:
    """A local server on 127.0.0.1 that speaks each adapter's wire under the adapter's name.

    A job takes `duration` seconds from order to film; at `speed` 60 everything in here passes
    sixty times as fast. `faults` are words such as "stuck" or "fail-at=80" (they are listed in
    `anyvideo.sandbox.faults`) that hold for every job. Port 0 is any that is free. Any bearer key
    is accepted but three, which are refused for tests: "sandbox-401" as a wrong key, "sandbox-402"
    as that of an empty account, "sandbox-403" by the proxy in front of the vendor.

    Raises:
        ValueError: a fault is unknown, the speed is not above 0, or the duration is below 0.

    """

    def __init__(  # noqa: PLR0913 (each has a default, and is asked for by name)
        self,
        port: int = 0,
        *,
        clock: Clock | None = None,
        speed: float = 1.0,
        duration: float = 3.0,
        faults: Iterable[str] = (),
        render: Render = film.render,
    ) -> None:
        self._port = port
        self._clock = clock or RealClock()
        self._pace = Pace(duration, speed)
        self._faults = Faults(faults)
        self._films = Films(render)
        self._tasks = Tasks()
        self._recorded: deque[Recorded] = deque(maxlen=_MOST_RECORDED)
        self._lock = Lock()
        self._running: _Running | None = None

    def start(self) -> Self:
        """Listen.

        Raises:
            OSError: the port is taken.
            RuntimeError: it listens already.

        """
        if self._running is not None:
            message = "this sandbox has been started already"
            raise RuntimeError(message)
        server = Server(self._port)
        studio = Studio(
            f"http://127.0.0.1:{server.server_port}",
            self._clock,
            self._pace,
            self._faults,
            self._films,
            self._tasks,
        )
        thread = Thread(target=server.serve, args=(partial(self._respond, studio),), daemon=True)
        self._running = _Running(server, studio, thread)
        thread.start()
        return self

    def stop(self) -> None:
        """Stop listening and end every connection; what was recorded stays readable."""
        running, self._running = self._running, None
        if running is not None:
            running.studio.closing.set()
            running.server.close()
            running.thread.join(timeout=1)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        """Where it listens, such as "http://127.0.0.1:9000".

        Raises:
            RuntimeError: it does not.

        """
        if self._running is None:
            message = "this sandbox is not running: call start(), or use it in a with statement"
            raise RuntimeError(message)
        return self._running.studio.url

    def base_url(self, adapter: str) -> str:
        """Return the base URL to configure for a provider of this adapter.

        Raises:
            KeyError: no wire of this name is served.

        """
        if adapter not in _WIRES:
            raise KeyError(adapter)
        return f"{self.url}/{adapter}"

    @property
    def requests(self) -> list[Recorded]:
        """Every call so far (the last 50,000), except those to the sandbox's own paths."""
        with self._lock:
            return list(self._recorded)

    def posts(self, adapter: str | None = None) -> list[Recorded]:
        """Return the calls that asked for something that a vendor would bill, refused or not."""
        return [call for call in self.requests if call.paid and adapter in {None, call.adapter}]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """Every job that was created, the oldest first."""
        return self._tasks.list()

    def misbehave(self, *faults: str) -> None:
        """Switch on these faults and no others; without any, behave.

        Raises:
            ValueError: a word asks for no fault that there is.

        """
        self._faults.switch(faults)

    def advance(self, seconds: float) -> None:
        """Let time pass on the virtual clock.

        Raises:
            TypeError: the sandbox was given no `VirtualClock`.

        """
        advance(self._clock, seconds)

    def _respond(self, studio: Studio, call: Call) -> Answer:
        date = formatdate(self._clock.now(), usegmt=True)
        return self._dispatch(studio, call).with_headers({"date": date})

    def _dispatch(self, studio: Studio, call: Call) -> Answer:
        first, _, rest = call.path.removeprefix("/").partition("/")
        if first == "_sandbox":
            return answer_control(studio, self.requests, call)
        if first == "files":
            self._record(call, "", paid=False)
            return studio.answer_file(call)
        if wire := _WIRES.get(first):
            call = evolve(call, path=f"/{rest}")
            route = wire.find_route(call)
            self._record(call, first, paid=route is not None and route.kind == "order")
            return wire.answer(studio, first, route, call)
        urls = {name: f"{studio.url}/{name}" for name in _WIRES}
        if call.path == "/":
            return say({"sandbox": urls})
        message = f"the sandbox does not speak the wire of {first!r}, only {', '.join(urls)}"
        return say({"error": {"message": message, "type": "sandbox"}, "sandbox": urls}, 404)

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
    """What there is from start to stop."""

    server: Server
    studio: Studio
    thread: Thread
