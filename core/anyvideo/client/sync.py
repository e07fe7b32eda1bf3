"""The blocking client: each operation is a line over the same steps."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from anyvideo import run
from anyvideo.client.core import ClientCore, To
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.tasks.task import Task, Video

if TYPE_CHECKING:
    import httpx  # noqa: F401 (named in quotes below)

    from anyvideo.adapters.protocol import CharacterRef
    from anyvideo.run.resume import Handle
    from anyvideo.run.route import OnPlan
    from anyvideo.run.submit import OnTask
    from anyvideo.transport.steps import Steps
    from anyvideo.transport.sync import Driver

T = TypeVar("T")


class Client(ClientCore["httpx.BaseTransport"]):
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
            from anyvideo.transport.sync import Driver  # noqa: PLC0415 (planning needs no httpx)

            self._driver = Driver(self.session.clock, self._transport)
        return self._driver.run(steps)

    def submit(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: VideoJob | Plan,
        model: str | None = None,
        *,
        policy: Policy | None = None,
        key: str | None = None,
        on_change: OnTask | None = None,
        on_plan: OnPlan | None = None,
    ) -> Task:
        """Send a job, at most once, and return its task.

        A `key` of the caller's makes the call safe to repeat, also from another process: a job
        that was sent under the key is returned and not sent again. A plan is sent only if it still
        holds. `on_plan` is called before each attempt, with its plan and the error that ended the
        attempt before it: a NegotiationError that it raises refuses the plan, a BudgetError ends
        the call.

        Raises:
            NegotiationError: nobody takes the job. DriftError: the plan is out of date.
            ProviderError: the vendor refused; no job exists.
            AmbiguousSubmitError: nobody knows whether a job exists; `.task` is the handle.

        """
        steps = self._submit(job, model, policy, key=key, on_change=on_change, on_plan=on_plan)
        return self._run(steps)

    def status(self, task: Task) -> Task:
        """Ask the vendor once how a task stands."""
        return self._run(run.poll.poll(self.session, task))

    def watch(self, task: Task, timeout: float | None = None) -> Iterator[Task]:
        """Yield the task at every change until it has ended; `timeout` is in seconds."""
        deadline = run.poll.deadline_after(self.session, timeout)
        while not task.status.final:
            task = self._run(run.poll.poll_until_change(self.session, task, deadline))
            yield task

    def wait(
        self, task: Task, timeout: float | None = None, on_change: OnTask | None = None
    ) -> Task:
        """Return the task once it has ended, well or not.

        Raises:
            WaitTimeoutError: it still runs after `timeout` seconds; carries the task.
            ConfigError: `timeout` is not above 0.

        """
        return self._run(run.poll.wait(self.session, task, timeout, on_change))

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
        on_plan: OnPlan | None = None,
    ) -> Video:
        """Plan, submit, wait and download; along a route, on to the next offer where that is free.

        `on_plan` is as in `submit`.

        Raises:
            ConfigError: `timeout` is not a number of seconds above 0.
            TaskFailedError: the job ended without a video.
            AnyVideoError: whatever the single operations raise; `.task` is the handle.

        """
        steps = self._generate(
            job,
            to,
            model,
            policy,
            timeout=timeout,
            key=key,
            on_change=on_change,
            on_plan=on_plan,
            overwrite=overwrite,
        )
        return self._run(steps)

    def remix(self, task: Task, prompt: str, size: str | None = None) -> Task:
        """Make a new task from an old one, at most once."""
        return self._run(run.optional.remix(self.session, task, prompt, size))

    def create_character(self, character: Character, model: str) -> CharacterRef:
        """Have a character made; write "@" and its username in a prompt to use it."""
        return self._run(run.optional.create_character(self.session, character, model))

    def resume(self, handle: Handle) -> Task:
        """Take a job up again from its handle, in any process."""
        return self._run(run.resume.resume(self.session, handle))

    def resolve(self, ref: str, task_id: str | None = None) -> Task:
        """Resolve an ambiguous job: with its id at the vendor, or as not created."""
        return self._run(run.resume.resolve(self.session, ref, task_id))

    settle = resolve  # its name until 0.2
