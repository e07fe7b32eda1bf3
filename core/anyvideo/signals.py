"""How a long-running process ends: the first signal in order, the second one at once."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

logger = logging.getLogger("anyvideo")


@contextmanager
def stop_at_signals(stop: Callable[[], object]) -> Generator[None]:
    """Call `stop` at the first SIGINT or SIGTERM; the second one ends the process at once."""
    loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)

    def restore() -> None:
        for number in numbers:
            with suppress(NotImplementedError):
                loop.remove_signal_handler(number)

    def note() -> None:
        restore()
        stop()
        logger.warning("stopping: what is under way ends first; a second signal ends it at once")

    for number in numbers:
        with suppress(NotImplementedError):  # Windows, where Ctrl-C ends the process at once
            loop.add_signal_handler(number, note)
    try:
        yield
    finally:
        restore()
