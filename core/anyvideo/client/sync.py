"""The blocking client: each operation is a line over the same steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from anyvideo import run
from anyvideo.client.core import TEMPORARY, Job, To
from anyvideo.client.maps import MapsJobs
from anyvideo.model.media import Character
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.tasks.task import Task, Video

if TYPE_CHECKING:
    from anyvideo.adapters.protocol import CharacterRef
    from anyvideo.journal.record import JobRecord
    from anyvideo.run.resume import Handle
    from anyvideo.run.route import OnPlan
    from anyvideo.run.submit import OnTask
    from anyvideo.run.webhooks import Headers
    from anyvideo.transport.steps import Steps
    from anyvideo.transport.sync import Driver

T = TypeVar("T")


class Client(MapsJobs):
    """Makes videos, blocking; several threads may share it.

    Args:
        config: A path, a mapping of the same shape as anyvideo.toml, or None for the usual places.
        sandbox: True for a local server that needs no key and costs nothing, or a running one.
        journal: Another file than the default, or None to keep no journal.
        transport: Any httpx transport.
        clock: Another clock than the system's.
        registry: Other plugins than the installed ones.
        retry: How often a call is repeated.

    Raises:
        ConfigError: the settings are wrong; lists every problem.
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
        """Close the connections, the journal and the sandbox; a second time does nothing."""
        if not self._begin_to_close():
            return
        try:
            if self._driver is not None:
                self._driver.close()
        finally:
            self._close_rest()

    def _open_driver(self) -> Driver:
        self._check_open()
        if self._driver is None:
            from anyvideo.transport.sync import Driver  # noqa: PLC0415 (planning needs no httpx)

            self._driver = Driver(self.session.clock, self._transport)
        return self._driver

    def _run(self, steps: Steps[T]) -> T:
        return self._open_driver().run(steps)

    def submit(  # noqa: PLR0913 (all of it is the caller's choice)
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
        """Send a job, at most once, and return its task.

        Args:
            job: The job, the text of its prompt, or a plan that was made before.
            model: The selector; not used for a plan.
            policy: How far each field may change, in place of the config's policy.
            key: The caller's name for the job. A job that was sent under this key, also by another
                process, is returned and not sent again.
            on_change: Called with the task when it changes while the job is sent.
            on_plan: Called before each attempt with its plan and the error that ended the attempt before
                it. A NegotiationError that it raises refuses the plan, a BudgetError ends the call.
            wait: Whether to wait while another process sends the job of the key, for a minute or
                more.

        Raises:
            NegotiationError: no offer accepts the job.
            DriftError: the plan is out of date.
            InFlightError: another process is sending the job of the key, and `wait` is False.
            ProviderError: the vendor refused; no job exists.
            AmbiguousSubmitError: it is unknown whether a job exists; `.task` is the handle.
        """
        steps = self._submit(
            job, model, policy, key=key, on_change=on_change, on_plan=on_plan, wait=wait
        )
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
        """Return the task once it has ended, with a video or without.

        Raises:
            WaitTimeoutError: it still runs after `timeout` seconds; carries the task.
            ConfigError: `timeout` is not above 0.
        """
        return self._run(run.poll.wait(self.session, task, timeout, on_change))

    def download(self, task: Task, to: To, *, overwrite: bool = False) -> Video:
        """Download the file of a task.

        Raises:
            DownloadError: it could not be fetched; try again.
            ExpiredError: the vendor no longer has it.
        """
        return self._run(self._download(task, to, overwrite=overwrite))

    def iter_bytes(self, task: Task, chunk_size: int = 65_536) -> Iterator[bytes]:
        """Yield the file of a task, to be passed on, such as to a web client or an object store.

        The file is downloaded to a temporary folder and checked before the first bytes.

        Raises:
            DownloadError: it could not be fetched; try again.
            ExpiredError: the vendor no longer has it.
        """
        with TemporaryDirectory(prefix=TEMPORARY) as folder:
            video = self._run(self._download(task, folder, passing=True))
            with video.path.open("rb") as file:
                while chunk := file.read(chunk_size):
                    yield chunk

    def generate(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: Job | Plan,
        to: To,
        model: str | None = None,
        on_change: OnTask | None = None,
        *,
        policy: Policy | None = None,
        timeout: float | None = None,
        key: str | None = None,
        overwrite: bool = False,
        on_plan: OnPlan | None = None,
        wait: bool = True,
    ) -> Video:
        """Plan, submit, wait and download; a route goes on to its next offer where that is free.

        Args:
            job: The job, the text of its prompt, or a plan that was made before.
            to: The file or folder to write to.
            model: The selector; not used for a plan.
            on_change: Called with the task at every change.
            policy: How far each field may change, in place of the config's policy.
            on_plan: Called before each attempt, as in `submit`.
            timeout: How long to wait for the job, in seconds; an hour by default.
            key: As for `submit`.
            wait: As for `submit`; the video is waited for in any case.
            overwrite: Whether an existing file is replaced.

        Raises:
            ConfigError: `timeout` is not a number of seconds above 0.
            TaskFailedError: the job ended without a video.
            AnyVideoError: what the single operations raise; `.task` is the handle.
        """
        steps = self._generate(
            job, to, model, policy, timeout, key, on_change, on_plan, overwrite=overwrite, wait=wait
        )
        return self._run(steps)

    def remix(
        self,
        task: Task,
        prompt: str,
        size: str | None = None,
        *,
        key: str | None = None,
        wait: bool = True,
    ) -> Task:
        """Make a new task from an old one, at most once; `key` and `wait` are as for `submit`.

        Raises:
            NegotiationError: the model was switched off, or does not come in the size.
            UnsupportedError: the provider has no remix.
        """
        return self._run(run.optional.remix(self.session, task, prompt, size, key, wait=wait))

    def cancel(self, task: Task) -> Task:
        """Ask the vendor to stop a job; the task says how it stands then.

        Its `cost` is 0 where the vendor says that it bills nothing, and None where it does not say.
        A task that has ended is returned as it is.

        Raises:
            ProviderError: the vendor refused; the job goes on.
            UnsupportedError: the provider has no way to cancel.
        """
        return self._run(run.optional.cancel(self.session, task))

    def create_character(self, character: Character, model: str) -> CharacterRef:
        """Create a character; write "@" and its username in a prompt to use it."""
        return self._run(run.optional.create_character(self.session, character, model))

    def job(self, name: str) -> JobRecord:
        """Return a job of the journal by its ref, the start of its ref, or the vendor's id.

        Raises:
            JournalError: there is no such job, or more than one.
        """
        return self._run(run.lookups.find_record(self.session, name))

    def jobs(
        self,
        status: str | Sequence[str] = (),
        offer: str = "*",
        *,
        limit: int = 100,
        before: str | None = None,
    ) -> list[JobRecord]:
        """Return a page of the jobs in the journal, the newest first; nothing is sent.

        Args:
            status: Only jobs in this state or these, such as "succeeded".
            offer: Only jobs at this offer, with the wildcards `*`, `?` and `[...]`.
            limit: The most jobs.
            before: Only jobs older than the one with this ref: the last of the page before.

        Raises:
            ConfigError: a status does not exist.
            JournalError: the journal has no job `before`.
        """
        return self._run(run.lookups.list_records(self.session, status, offer, limit, before))

    def resume(self, handle: Handle) -> Task:
        """Return a task as it stands now from its handle, in any process.

        Raises:
            InFlightError: another process is sending it.
            JournalError: the journal has another job under its ref, such as one of another host.
        """
        return self._run(run.resume.resume(self.session, handle))

    def handle_webhook(self, headers: Headers, body: bytes, provider: str | None = None) -> Task:
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
        return self._run(run.webhooks.handle(self.session, headers, body, provider))

    def resolve(self, ref: str, task_id: str | None = None) -> Task:
        """Resolve an ambiguous job: with its id at the vendor, or as not created."""
        return self._run(run.resume.resolve(self.session, ref, task_id))

    settle = resolve  # the old name, kept for one release
