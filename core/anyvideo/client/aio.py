"""The async client."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from anyvideo import run
from anyvideo.client.core import TEMPORARY, Job, To
from anyvideo.client.maps import MapsJobsAsync
from anyvideo.model.media import Character
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.tasks.task import Task, Video

if TYPE_CHECKING:
    from anyvideo.adapters.protocol import CharacterRef
    from anyvideo.journal.protocol import AsyncJournalLike
    from anyvideo.journal.record import JobRecord
    from anyvideo.run.resume import Handle
    from anyvideo.run.route import OnPlan
    from anyvideo.run.submit import OnTask
    from anyvideo.run.webhooks import Headers
    from anyvideo.transport.aio import AsyncDriver
    from anyvideo.transport.steps import Steps

T = TypeVar("T")


class AsyncClient(MapsJobsAsync):
    """Makes videos without blocking the event loop; see `Client`."""

    _connects = False  # the twin of the journal does, in the event loop
    _driver: AsyncDriver | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """See `Client.close`."""
        if not self._begin_to_close():
            return
        try:
            if self._driver is not None:
                await self._driver.close()
        finally:
            self._close_rest()

    def _open_driver(self) -> AsyncDriver:
        self._check_open()
        if self._driver is None:
            from anyvideo.transport.aio import AsyncDriver  # noqa: PLC0415 (planning needs no httpx)

            self._driver = AsyncDriver(self.session.clock, self._transport, self._pair_journal())
        return self._driver

    async def _run(self, steps: Steps[T]) -> T:
        return await self._open_driver().run(steps)

    def _pair_journal(self) -> AsyncJournalLike | None:
        """Return the twin of the journal for the running loop, if it has one."""
        from anyvideo.journal.opening import is_address  # noqa: PLC0415 (planning needs no journal)
        from anyvideo.journal.protocol import PairedJournal  # noqa: PLC0415 (the same)

        if isinstance(self._place, str) and not is_address(self._place):
            return None  # a file, which opens when it is first needed
        journal = self.session.journal
        return journal.pair() if isinstance(journal, PairedJournal) else None

    async def submit(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: Job | Plan,
        model: str | None = None,
        *,
        policy: Policy | None = None,
        key: str | None = None,
        on_change: OnTask | None = None,
        on_plan: OnPlan | None = None,
        wait: bool = True,
    ) -> Task:
        """See `Client.submit`."""
        steps = self._submit(
            job, model, policy, key=key, on_change=on_change, on_plan=on_plan, wait=wait
        )
        return await self._run(steps)

    async def status(self, task: Task) -> Task:
        """See `Client.status`."""
        return await self._run(run.poll.poll(self.session, task))

    async def watch(self, task: Task, timeout: float | None = None) -> AsyncIterator[Task]:  # noqa: ASYNC109 (a deadline of the job, not of the call)
        """See `Client.watch`."""
        deadline = run.poll.deadline_after(self.session, timeout)
        while not task.status.final:
            task = await self._run(run.poll.poll_until_change(self.session, task, deadline))
            yield task

    async def wait(
        self,
        task: Task,
        timeout: float | None = None,  # noqa: ASYNC109 (a deadline of the job, not of the call)
        on_change: OnTask | None = None,
    ) -> Task:
        """See `Client.wait`."""
        return await self._run(run.poll.wait(self.session, task, timeout, on_change))

    async def download(self, task: Task, to: To, *, overwrite: bool = False) -> Video:
        """See `Client.download`."""
        return await self._run(self._download(task, to, overwrite=overwrite))

    async def iter_bytes(self, task: Task, chunk_size: int = 65_536) -> AsyncIterator[bytes]:
        """See `Client.iter_bytes`."""
        with TemporaryDirectory(prefix=TEMPORARY) as folder:
            video = await self._run(self._download(task, folder, passing=True))
            with video.path.open("rb") as file:
                while chunk := file.read(chunk_size):
                    yield chunk

    async def generate(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: Job | Plan,
        to: To,
        model: str | None = None,
        on_change: OnTask | None = None,
        *,
        policy: Policy | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (a deadline of the job, not of the call)
        key: str | None = None,
        overwrite: bool = False,
        on_plan: OnPlan | None = None,
        wait: bool = True,
    ) -> Video:
        """See `Client.generate`."""
        steps = self._generate(
            job, to, model, policy, timeout, key, on_change, on_plan, overwrite=overwrite, wait=wait
        )
        return await self._run(steps)

    async def remix(
        self,
        task: Task,
        prompt: str,
        size: str | None = None,
        *,
        key: str | None = None,
        wait: bool = True,
    ) -> Task:
        """See `Client.remix`."""
        steps = run.optional.remix(self.session, task, prompt, size, key, wait=wait)
        return await self._run(steps)

    async def cancel(self, task: Task) -> Task:
        """See `Client.cancel`."""
        return await self._run(run.optional.cancel(self.session, task))

    async def create_character(self, character: Character, model: str) -> CharacterRef:
        """See `Client.create_character`."""
        return await self._run(run.optional.create_character(self.session, character, model))

    async def job(self, name: str) -> JobRecord:
        """See `Client.job`."""
        return await self._run(run.lookups.find_record(self.session, name))

    async def jobs(
        self,
        status: str | Sequence[str] = (),
        offer: str = "*",
        *,
        limit: int = 100,
        before: str | None = None,
    ) -> list[JobRecord]:
        """See `Client.jobs`."""
        steps = run.lookups.list_records(self.session, status, offer, limit, before)
        return await self._run(steps)

    async def resume(self, handle: Handle) -> Task:
        """See `Client.resume`."""
        return await self._run(run.resume.resume(self.session, handle))

    async def handle_webhook(
        self, headers: Headers, body: bytes, provider: str | None = None
    ) -> Task:
        """Ask at once for the job that a vendor's webhook is about, and return its task.

        What the webhook says of the job is not used: it is a hint, and the vendor's answer counts.
        A job that has ended is returned as it is, and nothing is sent.

        Args:
            headers: The headers of the vendor's request.
            body: Its body, as it came.
            provider: The provider whose webhook it is; by default every one that has a webhook is
                tried.

        Raises:
            WebhookError: the signature is wrong, missing or old, or the journal has no such job.
            ConfigError: no provider has a webhook.
            ProviderError: the vendor did not say how the job stands; carries the task.
        """
        return await self._run(run.webhooks.handle(self.session, headers, body, provider))

    async def resolve(self, ref: str, task_id: str | None = None) -> Task:
        """See `Client.resolve`."""
        return await self._run(run.resume.resolve(self.session, ref, task_id))

    settle = resolve  # the old name, kept for one release
