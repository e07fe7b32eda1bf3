"""The client of a service: rows of the journal by their exact ref, and by how the ref begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from anyvideo import run
from anyvideo.client.aio import AsyncClient
from anyvideo.errors import JournalError
from anyvideo.journal.record import JobRecord
from anyvideo.run.records import keep, require_journal
from anyvideo.session.session import Session
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Ask, Steps

if TYPE_CHECKING:
    from anyvideo.journal.budget import Share
    from anyvideo.journal.entry import Entry
    from anyvideo.run.route import OnPlan


# How often a write is made again whose fence was taken in between.
_TRIES = 5


class ServiceClient(AsyncClient):
    """An async client that reads the journal as a service does."""

    def share(self, shares: Sequence[Share]) -> None:
        """Limit what the jobs whose ref begins with a text may cost in a day."""
        self.session.shares = tuple(shares)

    async def find(self, ref: str) -> JobRecord | None:
        """Return the job with exactly this ref."""
        return await self._run(_find(self.session, ref))

    async def find_by_task(self, provider: str, task_id: str) -> JobRecord | None:
        """Return the job that a vendor knows by an id."""
        return await self._run(_find_by_task(self.session, provider, task_id))

    async def page(
        self,
        start: str,
        states: Sequence[Status],
        limit: int,
        before: JobRecord | None = None,
        *,
        rising: bool = False,
    ) -> list[JobRecord]:
        """Return the newest jobs whose ref begins with a text, or the oldest."""
        return await self._run(_page(self.session, start, states, limit, before, rising=rising))

    async def note(self, task: Task) -> None:
        """Note how a job stands, whichever process works on it."""
        await self._note_again(task)

    async def note_deleted(self, task: Task) -> None:
        """Note that the owner of a job deleted it.

        Raises:
            JournalError: it could not be noted.
        """
        tries = 0
        while (record := await self.find(task.ref)) is not None and not record.deleted:
            if tries == _TRIES:
                message = (
                    f"the journal did not note that job {task.ref} is deleted; delete it again"
                )
                raise JournalError(message)
            tries += 1
            # What follows the job may have noted its end, or takes the fence, in between.
            latest = record.task if record.task.status.final else task
            await self._note_again(latest, path="")

    async def begin_remix(
        self, old: Task, prompt: str, size: str | None, ref: str, begin: OnPlan
    ) -> Task:
        """Make a new task from an old one, at most once; `begin` is called before it is sent."""
        steps = run.optional.remix(self.session, old, prompt, size, ref, on_plan=begin)
        return await self._run(steps)

    async def _note_again(self, task: Task, path: str | None = None) -> None:
        self.session.fences.pop(task.ref, None)
        await self._run(keep(self.session, task, path=path))

    async def rest(self, seconds: float) -> None:
        """Let time pass, by the clock of the client."""
        await self.session.clock.sleep_async(seconds)


def _find(session: Session, ref: str) -> Steps[JobRecord | None]:
    entry: Entry | None = yield Ask(require_journal(session), lambda journal: journal.get(ref))
    return None if entry is None else JobRecord.of(entry)


def _find_by_task(session: Session, provider: str, task_id: str) -> Steps[JobRecord | None]:
    journal = require_journal(session)
    entry: Entry | None = yield Ask(journal, lambda journal: journal.find(task_id, provider))
    return None if entry is None else JobRecord.of(entry)


def _page(  # noqa: PLR0913 (each narrows the page)
    session: Session,
    start: str,
    states: Sequence[Status],
    limit: int,
    before: JobRecord | None,
    *,
    rising: bool,
) -> Steps[list[JobRecord]]:
    journal = require_journal(session)
    last: Entry | None = None
    if before is not None:
        last = yield Ask(journal, lambda journal: journal.get(before.ref))
    entries: list[Entry] = yield Ask(
        journal, lambda journal: journal.page(states, "*", limit, last, start, rising=rising)
    )
    return [JobRecord.of(entry) for entry in entries]
