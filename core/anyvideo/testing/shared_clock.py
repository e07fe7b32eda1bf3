"""One time for a sandbox and its clients: when a client waits, the vendor's day goes on as well."""

from __future__ import annotations

import asyncio

from anyvideo.sandbox import VirtualClock


class SharedClock(VirtualClock):
    """The sandbox's virtual clock, which clients move by sleeping."""

    def sleep(self, seconds: float) -> None:
        """Let time pass without waiting for it."""
        self.advance(max(0.0, seconds))

    async def sleep_async(self, seconds: float) -> None:
        """Let time pass without waiting for it, after other tasks had their turn."""
        await asyncio.sleep(0)
        self.sleep(seconds)
