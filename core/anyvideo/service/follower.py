"""Waits for the jobs that vendors have, brings their files home, and takes them up after a kill."""

from __future__ import annotations

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from anyvideo.errors import (
    AmbiguousSubmitError,
    AnyVideoError,
    DownloadError,
    ExpiredError,
    InFlightError,
    JobError,
    JournalError,
    ProviderError,
    TaskFailedError,
    UnsupportedError,
    WaitTimeoutError,
)
from anyvideo.journal.record import JobRecord
from anyvideo.model.plan import Plan
from anyvideo.service.active import Active
from anyvideo.service.client import ServiceClient
from anyvideo.service.job import Job
from anyvideo.service.names import split_ref
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

logger = logging.getLogger("anyvideo")

# How long a job is waited for, in seconds: the longest queue of a vendor, with room.
_LONGEST = 86_400.0
# How long is waited after a failure, in seconds; doubled each time, up to the second number.
_PAUSE, _LONGEST_PAUSE = 5.0, 600.0
_PAGE = 200
# How many plans are remembered of jobs that are at home, for what was adjusted.
_PLANS = 1000
# How old a job may be whose file is still fetched when a service starts, in seconds.
_FETCHED_LATE = 7 * 86_400.0
# After these, asking again does not help.
_LAST = (AmbiguousSubmitError, TaskFailedError, ExpiredError, WaitTimeoutError)
_OPEN = (Status.SUBMITTING, Status.AMBIGUOUS, Status.QUEUED, Status.RUNNING)


@define(eq=False)
class Follower:
    """Follows jobs to their files.

    Attributes:
        client: The client.
        folder: The folder of the files.
        active: The jobs that this process works on, by ref.
    """

    client: ServiceClient
    folder: Path
    active: dict[str, Active]
    _tasks: set[asyncio.Task[None]] = field(factory=set[asyncio.Task[None]], init=False)
    _plans: OrderedDict[str, Plan] = field(factory=OrderedDict[str, Plan], init=False)
    _fetches: dict[str, asyncio.Task[Path]] = field(
        factory=dict[str, asyncio.Task[Path]], init=False
    )

    def describe(self, record: JobRecord) -> Job:
        """Return a row as a job, with what this process knows of it."""
        path = self.find_place(record.ref)
        file = path if path.is_file() else None
        active = self.active.get(record.ref)
        if active is None:
            return Job(record, file=file, plan=self._plans.get(record.ref))
        known = record if active.task is None else evolve(record, task=active.task)
        fetching = active.fetching and file is None
        return Job(known, fetching=fetching, file=file, problem=active.problem, plan=active.plan)

    def find_place(self, ref: str) -> Path:
        """Return where the file of a job is or goes."""
        owner, job_id = split_ref(ref)
        return self.folder / owner / f"{job_id}.mp4"

    async def read(self, active: Active) -> Job:
        """Return a job that was just named, with its row."""
        try:
            record = await self.client.find(active.ref)
        except JournalError as error:  # the job is paid, so its caller is told of it
            logger.warning("%s", error)
            record = None
        row = record or _invent(active)
        active.record = evolve(row, task=active.task or row.task)
        return self.describe(active.record)

    async def receive(self, active: Active) -> Job:
        """Take over a job that its vendor may have, and return it."""
        known = self.active.get(active.ref, active)
        if known is not active and known.task and known.task.status == Status.SUBMITTING:
            known.note(active.task or known.task)  # it was taken up, and is judged by now
        row = None if known is active else known.record
        job = await self.read(active) if row is None else self.describe(row)
        if job.record.deleted:
            message = f"job {job.id} was deleted; use another key"
            raise JobError(message, task=job.task)
        if row is not None:
            return job
        if job.state != Status.AMBIGUOUS and (not job.state.final or self._lacks_file(job)):
            self._follow(active, job.task)
        return evolve(self.describe(job.record), plan=active.plan)

    def forget(self, active: Active) -> None:
        """Forget a job that this process works on no more, but for the plan that was sent."""
        if self.active.get(active.ref) is active:
            del self.active[active.ref]
        if active.plan is not None:
            self._plans[active.ref] = active.plan
        while len(self._plans) > _PLANS:
            self._plans.popitem(last=False)

    def take_up(self, family: str) -> None:
        """Begin to take up the jobs of a family of owners that no process works on."""
        self._start(self._take_up(family))

    async def stop(self) -> None:
        """Stop waiting; the jobs go on at their vendors."""
        tasks: list[asyncio.Task[Any]] = [*self._tasks, *self._fetches.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def fetch(self, task: Task) -> Path:
        """Return the file of a job, and fetch it where it is not here; callers share one download."""
        path = self.find_place(task.ref)
        # A download that just ended may be of a file that was removed since.
        while not path.is_file():
            fetch = self._fetches.get(task.ref)
            if fetch is None:
                fetch = self._fetches[task.ref] = asyncio.create_task(self._fetch(task, path))
                fetch.add_done_callback(lambda _: self._fetches.pop(task.ref))
            await asyncio.shield(fetch)
        return path

    async def cancel(self, task: Task) -> Task:
        """Cancel a job where its vendor can; return it as it stands."""
        try:
            return await self.client.cancel(task)
        except (UnsupportedError, ProviderError) as error:
            logger.info("%s: %s", task.ref, error)
            return task

    async def remove(self, ref: str) -> None:
        """Remove the file of a job, and fetch it no more."""
        if (active := self.active.get(ref)) is not None:
            active.deleted = True
            active.record = active.record and evolve(active.record, deleted=True)
        if (fetch := self._fetches.get(ref)) is not None:
            fetch.cancel()
            await asyncio.gather(fetch, return_exceptions=True)
        self.find_place(ref).unlink(missing_ok=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _lacks_file(self, job: Job) -> bool:
        return job.state == Status.SUCCEEDED and job.file is None

    def _follow(self, active: Active, task: Task, *, resumes: bool = False) -> None:
        self.active[active.ref] = active
        active.followed = True
        self._start(self._insist(active, task, resumes=resumes))

    async def _insist(self, active: Active, task: Task, *, resumes: bool) -> None:
        """Bring a job home; what fails on the way is tried again, with growing pauses."""
        pause = _PAUSE
        try:
            while True:
                try:
                    task = (await self.client.resume(task)) if resumes else task
                    active.note(task)
                    resumes = True
                    await self._bring_home(active, task)
                except _LAST as error:
                    logger.warning("%s: %s", active.ref, error)
                    return
                except InFlightError as error:
                    await self.client.rest(error.seconds)
                except AnyVideoError as error:
                    active.fetching, active.problem = False, str(error)
                    logger.warning("%s: %s; again in %.0f s", active.ref, error, pause)
                    await self.client.rest(pause)
                    pause = min(2 * pause, _LONGEST_PAUSE)
                else:
                    return
        finally:
            self.forget(active)

    async def _bring_home(self, active: Active, task: Task) -> None:
        task = await self.client.wait(task, _LONGEST, active.note)
        record = await self.client.find(active.ref)
        if record is not None and record.task.status != task.status:
            await self.client.note(task)  # another process took the job over, and ended
        if record is not None and record.deleted:
            await self.remove(active.ref)  # by another process
        if task.status == Status.SUCCEEDED and not active.deleted:
            await self.fetch(task)

    async def _fetch(self, task: Task, path: Path) -> Path:
        try:
            video = await self.client.download(task, path, overwrite=True)
        except DownloadError as error:
            # Clients read it, and where the folder is on this machine is not theirs to know.
            error.mask(lambda text: text.replace(f"{path.parent}{os.sep}", ""))
            raise
        return video.path

    async def _take_up(self, family: str) -> None:
        """Take up what a process left that ended: jobs that run, and files that were not fetched."""
        start = f"{family}."
        last: JobRecord | None = None
        while rows := await self.client.page(start, _OPEN, _PAGE, last, rising=True):
            last = rows[-1]
            for row in rows:
                if row.sent and row.ref not in self.active:
                    self._adopt(row)
        last, since = None, self.client.session.clock.now() - _FETCHED_LATE
        while rows := await self.client.page(start, [Status.SUCCEEDED], _PAGE, last):
            last = rows[-1]
            for row in rows:
                if row.facts is None and not row.deleted and row.ref not in self.active:
                    self._adopt(row)
            if last.created_at.timestamp() < since:
                break

    def _adopt(self, row: JobRecord) -> None:
        active = Active(row.ref, row, row.task, deleted=row.deleted)
        self._follow(active, row.task, resumes=True)


def _invent(active: Active) -> JobRecord:
    """Return the row of a job that was just sent, where the journal cannot be read."""
    plan, task = active.plan, active.task
    if plan is None or task is None:
        message = f"the journal has no job {active.ref}, which was just sent"
        raise JournalError(message, task=task)
    return JobRecord(
        ref=active.ref,
        offer=plan.offer.name,
        task=task,
        job=plan.job,
        remixes=None,
        created_at=task.submitted_at or datetime.now(UTC),
        finished_at=None,
        path=None,
        facts=None,
        seconds=plan.seconds,
    )
