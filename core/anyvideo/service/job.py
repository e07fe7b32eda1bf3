"""A job as its owner sees it."""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from anyvideo.journal.record import JobRecord
from anyvideo.model.plan import Plan
from anyvideo.service.names import split_ref
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task


@frozen
class Job:
    """A job as its owner sees it.

    Attributes:
        record: The row of the journal; its task is the newest that this process knows.
        fetching: Whether the file is still to come here for the first time.
        file: The file, once it is here.
        problem: Why the last attempt to ask for the job or to fetch its file failed.
        plan: The plan that was sent; known only to the process that sent it, for some time.
    """

    record: JobRecord
    fetching: bool = False
    file: Path | None = None
    problem: str | None = None
    plan: Plan | None = None

    @property
    def id(self) -> str:
        """The name by which its owner asks for it."""
        return split_ref(self.record.ref)[1]

    @property
    def owner(self) -> str:
        """Whose job it is."""
        return split_ref(self.record.ref)[0]

    @property
    def task(self) -> Task:
        """How it stands at the vendor."""
        return self.record.task

    @property
    def state(self) -> Status:
        """Where it stands."""
        return self.record.task.status

    @property
    def exists(self) -> bool:
        """Whether it may exist at a vendor and its owner has not deleted it."""
        known = bool(self.task.id) or (self.record.sent and self.state != Status.FAILED)
        return known and not self.record.deleted
