"""The clock: the only source of the time, so that tests can replace it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the clients need of a clock."""

    def now(self) -> float:
        """Return the Unix time in seconds."""
        ...

    def sleep(self, seconds: float) -> None:
        """Let time pass, blocking the thread."""
        ...

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass, letting other tasks run."""
        ...


class SystemClock:
    """The clock of the system."""

    def now(self) -> float:
        """Return the Unix time in seconds."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Let time pass, blocking the thread."""
        time.sleep(seconds)

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass, letting other tasks run."""
        import asyncio  # noqa: PLC0415 (slow to import, and not needed by the blocking client)

        await asyncio.sleep(seconds)


def read_moment(clock: Clock) -> datetime:
    """Return the time as a moment in UTC."""
    return datetime.fromtimestamp(clock.now(), UTC)
