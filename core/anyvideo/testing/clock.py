"""A clock that tests move: hours pass in milliseconds, and every wait is on record."""

from __future__ import annotations

import asyncio
import heapq
import threading
from itertools import count

_START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


class VirtualClock:
    """A time that moves when somebody sleeps, by as much and at once; or by `advance`.

    Tasks that sleep in one event loop wake in the order of their moments, as with a real clock.
    `sleeps` holds the length of every sleep so far, in seconds.
    """

    def __init__(self, start: float = _START) -> None:
        self.sleeps: list[float] = []
        self._now = start
        self._lock = threading.Lock()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = count()
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        """Return the Unix time in seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: seconds are negative.

        """
        if seconds < 0:
            message = f"time does not run backwards: {seconds}"
            raise ValueError(message)
        with self._lock:
            self._now += seconds

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting for it."""
        self.sleeps.append(seconds)
        self.advance(max(0.0, seconds))

    async def sleep_async(self, seconds: float) -> None:
        """Let the tasks that wake earlier run first, then let time pass up to one's own moment."""
        self.sleeps.append(seconds)
        loop = asyncio.get_running_loop()
        if loop is not self._loop:
            self._loop, self._sleepers = loop, []
        woken: asyncio.Future[None] = loop.create_future()
        due = self._now + max(0.0, seconds)
        heapq.heappush(self._sleepers, (due, next(self._count), woken))
        if len(self._sleepers) == 1:
            self._wake_later(loop)
        await woken

    def _wake_later(self, loop: asyncio.AbstractEventLoop) -> None:
        """Wake the next one turn later, so that whoever is about to sleep is in the queue by then."""
        loop.call_soon(loop.call_soon, self._wake, loop)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        due, _, woken = self._sleepers[0]
        if not woken.cancelled():
            with self._lock:
                self._now = max(self._now, due)
            woken.set_result(None)
        heapq.heappop(self._sleepers)
        if self._sleepers:
            self._wake_later(loop)
