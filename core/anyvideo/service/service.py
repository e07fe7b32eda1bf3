"""The service: pays each job once, waits for it, and brings its file home, whoever goes away meanwhile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from attrs import define, evolve, field

from anyvideo.errors import ConfigError, CrowdedError, JobError
from anyvideo.journal.budget import Share
from anyvideo.negotiation.policy import Policy
from anyvideo.service.active import Active
from anyvideo.service.client import ServiceClient
from anyvideo.service.follower import Follower
from anyvideo.service.job import Job
from anyvideo.service.limits import Limit
from anyvideo.service.names import check_owner, join_ref, name_job, split_ref
from anyvideo.service.payments import Payments
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from anyvideo.client.core import Job as Work
    from anyvideo.model.plan import Plan
    from anyvideo.run.route import OnPlan
    from anyvideo.run.submit import OnTask


@define(eq=False)
class Service:
    """Jobs of several owners over one client, as an async context manager.

    Every paid request runs in a task of its own, which no caller can cancel. The ref of a job begins
    with its owner, so the journal alone says whose it is: an owner finds no job of another. Entering
    takes up the jobs whose process ended. Leaving begins nothing new, waits for paid requests in
    flight and stops what waits for vendors; the next start takes that up again.

    Attributes:
        client: The client, which the caller closes.
        folder: The folder of the files: `OWNER/ID.mp4`.
        family: How the names of the owners begin: "mcp" for the owner "mcp", "serve" for "serve.app".
        limits: What each owner may have.
        patience: How long leaving waits for paid requests in flight, in seconds.
    """

    client: ServiceClient
    folder: Path
    family: str
    limits: Mapping[str, Limit] = field(factory=dict[str, Limit])
    patience: float = 90.0
    closing: bool = field(default=False, init=False)
    _active: dict[str, Active] = field(factory=dict[str, Active], init=False)
    _follower: Follower = field(init=False)
    _payments: Payments = field(init=False)

    async def __aenter__(self) -> Self:
        owners = self.limits.items()
        self.client.share([Share(f"{check_owner(name)}.", limit.budget) for name, limit in owners])
        self._follower = Follower(self.client, self.folder, self._active)
        self._payments = Payments(self._follower, self._check_room)
        self._follower.take_up(self.family)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing = True
        try:
            await self._payments.finish(self.patience)
        finally:
            await self._follower.stop()

    async def submit(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        owner: str,
        work: Work | Plan,
        model: str | None = None,
        *,
        job_id: str | None = None,
        policy: Policy | None = None,
        on_plan: OnPlan | None = None,
    ) -> Job:
        """Send a job, at most once, and return it as soon as the vendor has answered.

        A job whose outcome is unknown is returned in the state `ambiguous`. The job of an id that was
        sent before is returned, and not sent again. If the caller is cancelled, the job goes on.

        Args:
            owner: Whose job it is.
            work: The job, the text of its prompt, or a plan.
            model: The selector; not used for a plan.
            job_id: Its id, such as `name_job(key)`; a new one by default.
            policy: How far each field may change.
            on_plan: Called before each attempt, as in `Client.submit`.

        Raises:
            JobError: the id is that of another job, or of one that was deleted.
            CrowdedError: the owner has as many jobs under way as may be.
            ConfigError: the service is closing.
            AnyVideoError: as `Client.submit` raises; no job was created.
        """
        ref = self._make_ref(owner, job_id)

        async def send(note_plan: OnPlan, note: OnTask) -> Task:
            return await self.client.submit(
                work, model, policy=policy, key=ref, on_plan=note_plan, on_change=note
            )

        return await self._payments.send(ref, send, on_plan)

    async def remix(  # noqa: PLR0913, PLR0917 (all of it is the caller's choice)
        self,
        owner: str,
        old: Job,
        prompt: str,
        size: str | None = None,
        job_id: str | None = None,
        on_plan: OnPlan | None = None,
    ) -> Job:
        """Make a new job from an old one; see `submit`."""
        ref = self._make_ref(owner, job_id)

        async def send(begin: OnPlan, _: OnTask) -> Task:
            return await self.client.begin_remix(old.task, prompt, size, ref, begin)

        return await self._payments.send(ref, send, on_plan)

    async def record(self, owner: str, job_id: str) -> Job | None:
        """Return a job as it stands; None where this owner has none of that id."""
        ref = join_ref(check_owner(owner), job_id)
        active = self._active.get(ref or "")
        record = active.record if active is not None else None
        if record is None and ref is not None:
            record = await self.client.find(ref)
        if record is None or record.deleted or not (record.sent or record.task.status.final):
            return None
        return self._follower.describe(record)

    async def page(
        self,
        owner: str,
        *,
        states: Sequence[Status] = tuple(Status),
        limit: int = 20,
        before: str | None = None,
        rising: bool = False,
    ) -> list[Job]:
        """Return the newest jobs of an owner; with `rising` the oldest, and those after `before`.

        Raises:
            JobError: this owner has no job `before`.
        """
        last = None if before is None else await self.client.find(self._find_ref(owner, before))
        if before is not None and last is None:
            message = f"there is no job {before!r}"
            raise JobError(message)
        start, found = f"{check_owner(owner)}.", list[Job]()
        while len(found) < limit:
            rows = await self.client.page(start, states, limit + 1, last, rising=rising)
            jobs = map(self._follower.describe, rows)
            found += [job for job in jobs if job.exists]
            if len(rows) <= limit:
                break
            last = rows[-1]
        return found[:limit]

    async def find_begun(self, owner: str, start: str, limit: int = 50) -> list[Job]:
        """Return the newest jobs of an owner whose id begins with a text."""
        ref = self._find_ref(owner, start)
        rows = await self.client.page(ref, tuple(Status), limit)
        return [self._follower.describe(row) for row in rows if not row.deleted]

    async def find_by_task(self, owner: str, provider: str, task_id: str) -> str | None:
        """Return the id of an owner's job by the vendor's id; None where it is none of this owner."""
        record = await self.client.find_by_task(provider, task_id)
        if record is None or split_ref(record.ref)[0] != owner:
            return None
        return split_ref(record.ref)[1]

    @property
    def busy(self) -> int:
        """How many jobs this process works on."""
        return len(self._active)

    async def fetch(self, job: Job) -> Path:
        """Return the file of a job that succeeded, and fetch it where it is not here.

        Raises:
            DownloadError: it cannot be fetched.
        """
        return await self._follower.fetch(job.task)

    async def delete(self, owner: str, job_id: str) -> Job | None:
        """Cancel a job where its vendor can, delete its file, and hide it; None if there is none.

        A job that its vendor cannot cancel goes on and is billed; its file is not fetched.

        Raises:
            JobError: it is ambiguous, and has to be resolved first.
        """
        job = await self.record(owner, job_id)
        if job is None:
            return None
        if job.state == Status.AMBIGUOUS:
            message = f"job {job_id} may or may not exist; it has to be resolved first"
            raise JobError(message, task=job.task, advice="resolve")
        task = await self._follower.cancel(job.task)
        await self._follower.remove(job.record.ref)  # first: a download would note its file
        await self.client.note_deleted(task)
        return evolve(job, record=evolve(job.record, task=task, deleted=True), file=None)

    def _make_ref(self, owner: str, job_id: str | None) -> str:
        if self.closing:
            message = "the service is closing, and begins nothing new"
            raise ConfigError(message)
        return self._find_ref(owner, name_job() if job_id is None else job_id)

    def _find_ref(self, owner: str, job_id: str) -> str:
        ref = join_ref(check_owner(owner), job_id)
        if ref is None or owner.partition(".")[0] != self.family:
            message = f"{owner} has no job {job_id!r}"
            raise JobError(message)
        return ref

    def _check_room(self, ref: str) -> None:
        """Check that an owner may have one more job under way."""
        owner = split_ref(ref)[0]
        most = self.limits.get(owner, Limit()).at_once
        others = [item for item in self._active.values() if item.ref != ref and item.runs]
        count = sum(split_ref(item.ref)[0] == owner for item in others)
        if most is not None and count >= most:
            message = f"{count} jobs are under way, and {most} may be at once; nothing was sent"
            raise CrowdedError(message)
