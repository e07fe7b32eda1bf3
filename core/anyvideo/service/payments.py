"""The paid requests of a service, each in a task of its own that no caller can cancel."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from attrs import define, field

from anyvideo.errors import AmbiguousSubmitError, AnyVideoError
from anyvideo.service.active import Active
from anyvideo.service.follower import Follower
from anyvideo.service.job import Job
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from anyvideo.model.plan import Plan
    from anyvideo.run.route import OnPlan
    from anyvideo.run.submit import OnTask

logger = logging.getLogger("anyvideo")

Send = Callable[["OnPlan", "OnTask"], Awaitable[Task]]
"""Sends a job under its ref; calls back before each plan is sent, and when the task changes."""


@define(eq=False)
class Payments:
    """The paid requests in flight.

    Attributes:
        follower: Takes the jobs over that a vendor has.
        check_room: Called with the ref of a job before it is sent; raises where there is no room.
    """

    follower: Follower
    check_room: Callable[[str], None]
    _tasks: dict[asyncio.Task[Job], Active] = field(
        factory=dict[asyncio.Task[Job], Active], init=False
    )
    _locks: WeakValueDictionary[str, asyncio.Lock] = field(
        factory=WeakValueDictionary[str, asyncio.Lock], init=False
    )

    async def send(self, ref: str, send: Send, on_plan: OnPlan | None = None) -> Job:
        """Send a job, and return it as soon as its vendor has named it."""
        active = Active(ref)
        paying = asyncio.create_task(self._pay(active, send, on_plan))
        self._tasks[paying] = active
        paying.add_done_callback(self._forget)
        named = asyncio.create_task(active.named.wait())
        try:
            await asyncio.wait({paying, named}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            named.cancel()
        return paying.result() if paying.done() else await self.follower.read(active)

    async def finish(self, patience: float) -> None:
        """Wait for the requests in flight, for so many seconds; what is named need not be waited for."""
        for paying, active in self._tasks.items():
            if active.named.is_set():
                paying.cancel()
        waiting = list(self._tasks)
        if waiting:
            _, late = await asyncio.wait(waiting, timeout=patience)
            for paying in late:
                paying.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    def _forget(self, paying: asyncio.Task[Job]) -> None:
        """Forget a request that was answered; its error is logged, because its caller may be gone."""
        active = self._tasks.pop(paying)
        if not paying.cancelled() and (error := paying.exception()) is not None:
            logger.info("%s: %s", active.ref, error)

    async def _pay(self, active: Active, send: Send, on_plan: OnPlan | None) -> Job:
        """Perform a paid request; one at a time for one ref."""
        lock = self._locks.setdefault(active.ref, asyncio.Lock())
        async with lock:
            try:
                active.note(await self._perform(active, send, on_plan))
                active.paying = False
                return await self.follower.receive(active)
            finally:
                active.paying = False
                if not active.followed:
                    self.follower.forget(active)

    async def _perform(self, active: Active, send: Send, on_plan: OnPlan | None) -> Task:
        """Send a job; an unknown outcome is a job too."""
        try:
            return await send(partial(self._begin, active, on_plan), partial(_name, active))
        except AmbiguousSubmitError as error:
            if error.task is None:
                raise
            return error.task

    def _begin(
        self, active: Active, on_plan: OnPlan | None, plan: Plan, before: AnyVideoError | None
    ) -> None:
        self.check_room(active.ref)
        if on_plan is not None:
            on_plan(plan, before)
        active.plan, active.paying = plan, True
        self.follower.active.setdefault(active.ref, active)


def _name(active: Active, task: Task) -> None:
    """Note that a vendor names its job while its answer goes on, as a stream does."""
    active.note(task)
    active.named.set()
