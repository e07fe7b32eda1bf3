"""Time in the sandbox: the time of the machine, or a virtual time that a test moves."""

from __future__ import annotations

import asyncio
import heapq
import time
from itertools import count
from threading import Condition, Event
from typing import Protocol

_START = 1_767_225_600.0  # 2026-01-01T00:00:00Z


class Clock(Protocol):
    """What the sandbox needs of a clock."""

    def now(self) -> float:
        """Return the Unix time in seconds."""
        ...

    def sleep_until(self, moment: float, closing: Event) -> None:
        """Return when the clock shows the moment, or at once when `closing` is set."""
        ...


class RealClock:
    """The time of the machine."""

    def now(self) -> float:
        """Return the Unix time in seconds."""
        return time.time()

    def sleep_until(self, moment: float, closing: Event) -> None:
        """Block the thread until the moment."""
        while (left := moment - self.now()) > 0 and not closing.wait(left):
            pass


class VirtualClock:
    """A time that stands still until a sleep or `advance` moves it; no sleep takes real time.

    One clock serves a sandbox and its clients: the vendor's time passes while a client waits.
    `sleeps` holds the length in seconds of every sleep of a client. Tasks that sleep in one event
    loop wake in the order of their moments, as with a real clock.

    A wait inside the sandbox (a slow answer, a stream of progress) moves the clock too. With
    `patient=True` such a wait lasts until `advance` is called, so that a test can look at what has
    been sent by then.
    """

    def __init__(self, start: float = _START, *, patient: bool = False) -> None:
        self.sleeps: list[float] = []
        self._now = start
        self._patient = patient
        self._moved = Condition()
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._count = count()
        self._loop: asyncio.AbstractEventLoop | None = None

    def now(self) -> float:
        """Return the Unix time in seconds."""
        return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: the seconds are negative.
        """
        if seconds < 0:
            message = f"time does not run backwards: {seconds}"
            raise ValueError(message)
        with self._moved:
            self._now += seconds
            self._moved.notify_all()

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting for it."""
        self.sleeps.append(seconds)
        self.advance(max(0.0, seconds))

    def sleep_until(self, moment: float, closing: Event) -> None:
        """Move the clock to the moment; a patient clock waits for `advance` instead."""
        if not self._patient:
            self._move_to(moment)
        with self._moved:
            while self._now < moment and not closing.is_set():
                self._moved.wait(0.02)  # no longer, because a closing server notifies no clock

    def _move_to(self, moment: float) -> None:
        with self._moved:
            self._now = max(self._now, moment)
            self._moved.notify_all()

    async def sleep_async(self, seconds: float) -> None:
        """Let the tasks that wake earlier run first, then let time pass."""
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
        """Wake the next sleeper one turn later: by then every task about to sleep is queued."""
        loop.call_soon(loop.call_soon, self._wake, loop)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        due, _, woken = self._sleepers[0]
        if not woken.cancelled():
            self._move_to(due)
            woken.set_result(None)
        heapq.heappop(self._sleepers)
        if self._sleepers:
            self._wake_later(loop)
