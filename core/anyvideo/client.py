"""The two clients: the same operations, blocking and async, each a line over the same steps."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from anyvideo import resume, submit, watch
from anyvideo.characters import create_character
from anyvideo.job import Character, VideoJob
from anyvideo.negotiate import Policy
from anyvideo.operations import Operations, To
from anyvideo.plan import Plan
from anyvideo.plugin import CharacterRef
from anyvideo.policy import Steps
from anyvideo.resume import Handle
from anyvideo.submit import OnTask
from anyvideo.task import Task, Video

if TYPE_CHECKING:
    import httpx  # noqa: F401 (named in quotes below)

    from anyvideo.drivers import AsyncDriver, Driver

T = TypeVar("T")


class Client(Operations["httpx.BaseTransport"]):
    """Makes videos, blocking; several threads may share it.

    `config` is a path, a mapping of the same shape as anyvideo.toml, or None for the usual places;
    `sandbox=True` runs everything against a local server that needs no key and costs nothing.
    `journal` names another file than the default one, or None for none. `transport` is any httpx
    transport.

    Raises:
        ConfigError: something in the settings is wrong; lists all of it.
        JournalError: the journal cannot be used.

    """

    _driver: Driver | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections, the journal and the sandbox."""
        if self._driver is not None:
            self._driver.close()
        self._close_rest()

    def _run(self, steps: Steps[T]) -> T:
        if self._driver is None:
            from anyvideo.drivers import Driver  # noqa: PLC0415 (planning needs no httpx)

            self._driver = Driver(self.session.clock, self._transport)
        return self._driver.run(steps)

    def submit(
        self,
        job: VideoJob | Plan,
        model: str | None = None,
        *,
        policy: Policy | None = None,
        key: str | None = None,
        on_change: OnTask | None = None,
    ) -> Task:
        """Send a job, at most once, and return its task.

        A `key` of the caller's makes the call safe to repeat, also from another process: a job
        that was sent under the key is returned and not sent again. A plan is sent only if it still
        holds.

        Raises:
            NegotiationError: nobody takes the job. DriftError: the plan no longer holds.
            ProviderError: the vendor refused; no job exists.
            AmbiguousSubmitError: nobody knows whether a job exists; `.task` is the handle.

        """
        options = {"policy": policy, "key": key, "on_change": on_change}
        return self._run(self._submit(job, model, options))

    def status(self, task: Task) -> Task:
        """Ask the vendor once how a task stands."""
        return self._run(watch.poll(self.session, task))

    def watch(self, task: Task, timeout: float | None = None) -> Iterator[Task]:
        """Yield the task at every change until it has ended; `timeout` is in seconds."""
        deadline = watch.find_deadline(self.session, timeout)
        while not task.status.final:
            task = self._run(watch.follow(self.session, task, deadline))
            yield task

    def wait(
        self, task: Task, timeout: float | None = None, on_change: OnTask | None = None
    ) -> Task:
        """Return the task once it has ended, well or not.

        Raises:
            WaitTimeoutError: it still runs after `timeout` seconds; carries the task.

        """
        return self._run(watch.wait(self.session, task, timeout, on_change))

    def download(self, task: Task, to: To, *, overwrite: bool = False) -> Video:
        """Bring the file of a task home.

        Raises:
            DownloadError: it could not be fetched, and can be tried again.
            ExpiredError: the vendor no longer has it.

        """
        return self._run(self._download(task, to, overwrite=overwrite))

    def generate(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: VideoJob | Plan,
        to: To,
        model: str | None = None,
        on_change: OnTask | None = None,
        *,
        policy: Policy | None = None,
        timeout: float | None = None,
        key: str | None = None,
        overwrite: bool = False,
    ) -> Video:
        """Plan, submit, wait and download; along a route, on to the next offer where that is free.

        Raises:
            TaskFailedError: the job ended without a video.
            AnyVideoError: whatever the single operations raise; `.task` is the handle.

        """
        options = {"policy": policy, "timeout": timeout, "key": key, "overwrite": overwrite}
        return self._run(self._generate(job, to, model, {**options, "on_change": on_change}))

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Task:
        """Make a new task from an old one, at most once."""
        return self._run(submit.remix(self.session, task, prompt, size))

    def create_character(self, character: Character, model: str) -> CharacterRef:
        """Have a character made; write "@" and its username in a prompt to use it."""
        return self._run(create_character(self.session, character, model))

    def resume(self, handle: Handle) -> Task:
        """Take a job up again from its handle, in any process."""
        return self._run(resume.resume(self.session, handle))

    def settle(self, ref: str, task_id: str | None = None) -> Task:
        """Settle an ambiguous job: with its id at the vendor, or as not created."""
        return self._run(resume.settle(self.session, ref, task_id))


class AsyncClient(Operations["httpx.AsyncBaseTransport"]):
    """Makes videos without blocking the event loop; the same operations as `Client`."""

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
        """Close the connections, the journal and the sandbox."""
        if self._driver is not None:
            await self._driver.close()
        self._close_rest()

    async def _run(self, steps: Steps[T]) -> T:
        if self._driver is None:
            from anyvideo.drivers import AsyncDriver  # noqa: PLC0415 (planning needs no httpx)

            self._driver = AsyncDriver(self.session.clock, self._transport)
        return await self._driver.run(steps)

    async def submit(
        self,
        job: VideoJob | Plan,
        model: str | None = None,
        *,
        policy: Policy | None = None,
        key: str | None = None,
        on_change: OnTask | None = None,
    ) -> Task:
        """Send a job, at most once, and return its task; see `Client.submit`."""
        options = {"policy": policy, "key": key, "on_change": on_change}
        return await self._run(self._submit(job, model, options))

    async def status(self, task: Task) -> Task:
        """Ask the vendor once how a task stands."""
        return await self._run(watch.poll(self.session, task))

    async def watch(self, task: Task, timeout: float | None = None) -> AsyncIterator[Task]:  # noqa: ASYNC109 (a deadline of the job, not of the call)
        """Yield the task at every change until it has ended; `timeout` is in seconds."""
        deadline = watch.find_deadline(self.session, timeout)
        while not task.status.final:
            task = await self._run(watch.follow(self.session, task, deadline))
            yield task

    async def wait(
        self,
        task: Task,
        timeout: float | None = None,  # noqa: ASYNC109 (a deadline of the job, not of the call)
        on_change: OnTask | None = None,
    ) -> Task:
        """Return the task once it has ended; see `Client.wait`."""
        return await self._run(watch.wait(self.session, task, timeout, on_change))

    async def download(self, task: Task, to: To, *, overwrite: bool = False) -> Video:
        """Bring the file of a task home; see `Client.download`."""
        return await self._run(self._download(task, to, overwrite=overwrite))

    async def generate(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: VideoJob | Plan,
        to: To,
        model: str | None = None,
        on_change: OnTask | None = None,
        *,
        policy: Policy | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 (a deadline of the job, not of the call)
        key: str | None = None,
        overwrite: bool = False,
    ) -> Video:
        """Plan, submit, wait and download; see `Client.generate`."""
        options = {"policy": policy, "timeout": timeout, "key": key, "overwrite": overwrite}
        steps = self._generate(job, to, model, {**options, "on_change": on_change})
        return await self._run(steps)

    async def remix(self, task: Task, prompt: str, size: str | None = None) -> Task:
        """Make a new task from an old one, at most once."""
        return await self._run(submit.remix(self.session, task, prompt, size))

    async def create_character(self, character: Character, model: str) -> CharacterRef:
        """Have a character made; see `Client.create_character`."""
        return await self._run(create_character(self.session, character, model))

    async def resume(self, handle: Handle) -> Task:
        """Take a job up again from its handle, in any process."""
        return await self._run(resume.resume(self.session, handle))

    async def settle(self, ref: str, task_id: str | None = None) -> Task:
        """Settle an ambiguous job: with its id at the vendor, or as not created."""
        return await self._run(resume.settle(self.session, ref, task_id))
