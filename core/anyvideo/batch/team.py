"""Runs the jobs of a list side by side in tasks, for the async client."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import TypeVar

from anyvideo.batch.course import Course
from anyvideo.batch.making import list_faults, make_video
from anyvideo.batch.result import JobResult
from anyvideo.transport.steps import Steps

T = TypeVar("T")


async def think(work: Callable[..., T], *arguments: object) -> T:
    """Do work of the processor and the disk while other tasks run."""
    return await asyncio.to_thread(work, *arguments)


async def work(
    course: Course, run: Callable[[Steps[JobResult]], Awaitable[JobResult]]
) -> AsyncGenerator[JobResult]:
    """Yield the results of a run, in the order in which the jobs end.

    Whoever closes it, or is cancelled, begins nothing new and waits for the paid requests in flight.
    """
    todo, ready = deque(course.batch.orders), asyncio.Queue[JobResult | Exception]()

    async def work_on() -> None:
        while todo:
            try:
                ready.put_nowait(await run(make_video(course, todo.popleft())))
            except Exception as error:  # noqa: BLE001 (it is raised where the results are read)
                course.stop.set()
                ready.put_nowait(error)

    for result in list_faults(course.batch):
        ready.put_nowait(result)
    left = len(todo) + len(course.batch.faults)
    workers = [asyncio.create_task(work_on()) for _ in range(min(course.at_once, len(todo)))]
    try:
        for _ in range(left):
            ended = await ready.get()
            if isinstance(ended, Exception):
                raise ended
            yield ended
    finally:
        course.stop.set()
        await asyncio.gather(*workers, return_exceptions=True)
