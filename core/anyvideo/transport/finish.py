"""Local work of an async client that is done to its end even if the caller is cancelled meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")


class _Unstopped(asyncio.Task[T]):
    """A task that a loop which ends does not stop, so that the outcome of a write is known.

    `asyncio.run` cancels all tasks at its end, and a program may do the same. The time limits inside
    the work count: they come from a callback of the running loop, and not from a task.
    """

    def cancel(self, msg: Any | None = None) -> bool:  # noqa: ANN401 (as asyncio has it)
        loop = self.get_loop()
        if not loop.is_running() or asyncio.current_task(loop) is not None:
            return False
        return super().cancel(msg)


async def finish_in_thread(work: Callable[[], T]) -> T:
    """Do blocking work in a thread, and to its end even if cancelled, so that its outcome is known."""

    def finish() -> T:
        try:
            return work()
        except StopIteration as error:  # which no future carries
            raise RuntimeError from error

    return await _finish(asyncio.get_running_loop().run_in_executor(None, finish))


async def finish(work: Coroutine[Any, Any, T]) -> T:
    """Await work in this loop, and to its end even if cancelled, so that its outcome is known."""
    return await _finish(_Unstopped(work, loop=asyncio.get_running_loop()))


async def _finish(future: asyncio.Future[T]) -> T:
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        while not future.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        raise
