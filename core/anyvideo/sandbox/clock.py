"""The sandbox's time: the real one, or one that a test moves."""

from __future__ import annotations

import time
from threading import Condition, Event
from typing import Protocol


class Clock(Protocol):
    """What the sandbox needs of a clock."""

    def now(self) -> float:
        """Return the Unix time in seconds."""
        ...

    def sleep_until(self, moment: float, closing: Event) -> None:
        """Return when the moment has come, or at once when `closing` is set."""
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
    """A time that stands still until it is moved, so that an hour's story takes milliseconds.

    A wait inside the server (a slow answer, a stream of progress) moves the clock and returns at
    once. A `patient` clock does not: such a wait lasts until a test calls `advance`, so that the
    test can look at what has been sent by then.
    """

    def __init__(self, start: float | None = None, *, patient: bool = False) -> None:
        self._now = time.time() if start is None else start
        self._patient = patient
        self._moved = Condition()

    def now(self) -> float:
        """Return the Unix time in seconds."""
        with self._moved:
            return self._now

    def advance(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            ValueError: seconds are negative.

        """
        if seconds < 0:
            message = f"time does not run backwards: {seconds}"
            raise ValueError(message)
        with self._moved:
            self._now += seconds
            self._moved.notify_all()

    def sleep_until(self, moment: float, closing: Event) -> None:
        """Move the clock to the moment, or, if it is patient, wait for somebody to do so."""
        with self._moved:
            if not self._patient:
                self._now = max(self._now, moment)
                self._moved.notify_all()
            while self._now < moment and not closing.is_set():
                self._moved.wait(0.02)  # no longer, because nobody notifies when the server closes
