"""Runs the jobs of a list side by side in tasks, for the async client."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable

from anyvideo.batch.batch_run import BatchRun
from anyvideo.batch.result import JobResult
from anyvideo.batch.steps import list_faults, make_video
from anyvideo.transport.steps import Steps


async def work(
    batch_run: BatchRun, run: Callable[[Steps[JobResult]], Awaitable[JobResult]]
) -> AsyncGenerator[JobResult]:
    """Yield the results of a run, in the order in which the jobs end.

    Whoever closes it, or is cancelled, begins nothing new and waits for the paid requests in flight.
    """
    todo, ready = deque(batch_run.batch.orders), asyncio.Queue[JobResult | Exception]()

    async def work_on() -> None:
        while todo:
            try:
                ready.put_nowait(await run(make_video(batch_run, todo.popleft())))
            except Exception as error:  # noqa: BLE001 (it is raised where the results are read)
                batch_run.stop.set()
                ready.put_nowait(error)

    for result in list_faults(batch_run.batch):
        ready.put_nowait(result)
    left = len(todo) + len(batch_run.batch.faults)
    workers = [asyncio.create_task(work_on()) for _ in range(min(batch_run.at_once, len(todo)))]
    try:
        for _ in range(left):
            ended = await ready.get()
            if isinstance(ended, Exception):
                raise ended
            yield ended
    finally:
        batch_run.stop.set()
        await asyncio.gather(*workers, return_exceptions=True)
