"""What a service knows of a job that it works on."""

from __future__ import annotations

import asyncio

from attrs import define, evolve, field

from anyvideo.journal.record import JobRecord
from anyvideo.model.plan import Plan
from anyvideo.tasks.task import Task


@define(eq=False)
class Active:
    """A job that this process works on, from its paid request to its file.

    Attributes:
        ref: The journal's name of the job.
        record: Its row, as it was read last; None until the row was read.
        task: How it stands; None until it was sent.
        plan: The plan that was sent last.
        paying: Whether its paid request has not been answered.
        fetching: Whether its file is still to come for the first time.
        deleted: Whether its owner deleted it.
        problem: Why the last attempt failed.
        followed: Whether it is waited for.
        named: Set when the vendor names the job in the midst of its answer.
    """

    ref: str
    record: JobRecord | None = None
    task: Task | None = None
    plan: Plan | None = None
    paying: bool = False
    fetching: bool = True
    deleted: bool = False
    problem: str | None = None
    followed: bool = False
    named: asyncio.Event = field(factory=asyncio.Event)

    @property
    def runs(self) -> bool:
        """Whether it is sent, or runs at its vendor."""
        return self.paying or (self.task is not None and not self.task.status.final)

    def note(self, task: Task) -> None:
        """Take note of how the job stands."""
        self.task = task
        if self.record is not None:
            self.record = evolve(self.record, task=task)
