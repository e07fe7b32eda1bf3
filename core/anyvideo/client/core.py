"""The shared half of both clients: opening, closing, and what needs no network."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from anyvideo import run
from anyvideo.adapters.registry import Registry, load_registry
from anyvideo.config.accounts import find_providers
from anyvideo.config.load import load_config
from anyvideo.config.places import find_journal
from anyvideo.errors import ConfigError, JobError
from anyvideo.files.part_file import prepare
from anyvideo.model.comparison import Comparison
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.planning import candidates
from anyvideo.printable import make_log_printable
from anyvideo.session.clock import Clock, SystemClock
from anyvideo.session.selectors import select
from anyvideo.session.session import Session
from anyvideo.session.waiting import Retry
from anyvideo.tasks.task import Task, Video

if TYPE_CHECKING:
    from anyvideo.journal.protocol import JournalLike
    from anyvideo.planning.price_list import Line, PriceList
    from anyvideo.run.route import OnPlan
    from anyvideo.run.submit import OnTask
    from anyvideo.sandbox import Sandbox
    from anyvideo.transport.steps import Steps

Transport = TypeVar("Transport")
Job: TypeAlias = VideoJob | str
"""A job, or the text of its prompt."""
ConfigSource: TypeAlias = str | os.PathLike[str] | Mapping[str, Any] | None
"""A file, a mapping of the shape of `anyvideo.toml`, or None for the usual places."""
JournalSource: TypeAlias = "JournalLike | str | os.PathLike[str] | None"
"""A journal, its file, "default" for the one that all programs share, or None for no journal."""
To: TypeAlias = str | os.PathLike[str]
"""A file, or a folder in which the file gets a name."""


# How the folders of files begin that are only passed on.
TEMPORARY = "anyvideo-"


class ClientCore(Generic[Transport]):
    """The shared half of the clients; `Transport` is the kind of httpx transport that one takes."""

    _connects = True  # to a database, as soon as the journal is needed

    def __init__(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        config: ConfigSource = None,
        sandbox: bool | Sandbox = False,  # noqa: FBT001, FBT002 (pinned: Client(config, sandbox))
        *,
        journal: JournalSource = "default",
        transport: Transport | None = None,
        clock: Clock | None = None,
        registry: Registry | None = None,
        retry: Retry | None = None,
    ) -> None:
        self._process, self._closed = os.getpid(), False
        make_log_printable()
        settings = load_config(config)
        plugins = registry or load_registry(settings.plugins.blocked)
        self._transport = transport
        self._sandbox, url = _start_sandbox(sandbox, plugins)
        self._owns_journal = journal is None or isinstance(journal, str | os.PathLike)
        self._place = _find_place(journal, settings.journal, sandbox=url is not None)
        try:
            self.session = Session(
                config=settings,
                registry=plugins,
                providers=find_providers(settings, plugins, url),
                clock=clock or SystemClock(),
                open_journal=partial(_open_journal, self._place, connect=self._connects),
                retry=retry or Retry(settings.retries + 1),
            )
        except BaseException:
            self._stop_sandbox()
            raise

    def _stop_sandbox(self) -> None:
        if self._sandbox is not None:
            self._sandbox.stop()
            self._sandbox = None

    def _check_open(self) -> None:
        """Check that the client was not closed, or raise a ConfigError."""
        if self._closed:
            message = f"this {type(self).__name__} is closed; open another one"
            raise ConfigError(message)

    def _begin_to_close(self) -> bool:
        """Say whether this call closes the client; a forked process leaves that to the first one."""
        begins = not self._closed and os.getpid() == self._process
        self._closed = True
        return begins

    def _close_rest(self) -> None:
        """Close the journal and the sandbox; the connections are closed."""
        if self.session.opened_journal is not None and self._owns_journal:
            self.session.opened_journal.close()
        self._stop_sandbox()

    def offers(self, model: str = "*") -> list[Offer]:
        """Return the offers that a selector names, also retired ones."""
        return [offer for _, offer in select(self.session, model)]

    def plan(self, job: Job, model: str | None = None, *, policy: Policy | None = None) -> Plan:
        """Return what would be sent for a job, and what that would cost; nothing is sent.

        Raises:
            JobError: what was passed is not a job.
            NegotiationError: no selected offer accepts the job; lists every refusal.
        """
        return candidates.plan_candidates(self.session, _read_job(job), model, policy)[0]

    def compare(self, job: Job, model: str = "*", *, policy: Policy | None = None) -> Comparison:
        """Return the plans of every selected offer by cost, then the refusals with reasons."""
        return candidates.compare(self.session, _read_job(job), model, policy)

    def price(
        self, jobs: Iterable[Line], model: str = "*", *, policy: Policy | None = None
    ) -> PriceList:
        """Price a list of jobs, or of lines of JSON that hold one each; nothing is sent."""
        from anyvideo.planning.price_list import price_jobs  # noqa: PLC0415 (only for lists)

        return price_jobs(self.session, jobs, model, policy)

    def read_plan(self, text: str | bytes) -> Plan:
        """Return a plan that `plan.to_json()` wrote, if it is not out of date.

        Raises:
            ConfigError: the text is not a plan.
            DriftError: the plan is out of date; says why.
        """
        from anyvideo.planning.saved import read_plan  # noqa: PLC0415 (only for saved plans)

        return read_plan(self.session, text)

    def _list_candidates(
        self, job: Job | Plan, model: str | None, policy: Policy | None
    ) -> list[Plan]:
        if isinstance(job, Plan):
            from anyvideo.planning.saved import check_drift  # noqa: PLC0415 (only for saved plans)

            return [check_drift(self.session, job)]
        plans = candidates.plan_candidates(self.session, _read_job(job), model, policy)
        routed = (model or self.session.config.model) in self.session.config.routes
        return plans if routed else plans[:1]

    def _submit(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        job: Job | Plan,
        model: str | None,
        policy: Policy | None,
        *,
        key: str | None,
        on_change: OnTask | None,
        on_plan: OnPlan | None,
        wait: bool,
    ) -> Steps[Task]:
        plans = self._list_candidates(job, model, policy)
        remaining = run.route.RemainingPlans(self.session, plans, on_plan, wait)
        with remaining.note_earlier():
            return (yield from run.route.submit_first(remaining, key=key, on_change=on_change))

    def _generate(  # noqa: PLR0913, PLR0917 (all of it is the caller's choice)
        self,
        job: Job | Plan,
        to: To,
        model: str | None,
        policy: Policy | None,
        timeout: float | None,
        key: str | None,
        on_change: OnTask | None,
        on_plan: OnPlan | None,
        *,
        overwrite: bool,
        wait: bool,
    ) -> Steps[Video]:
        plans = self._list_candidates(job, model, policy)
        target = prepare(to, overwrite=overwrite, name=plans[0].offer.model)
        remaining = run.route.RemainingPlans(self.session, plans, on_plan, wait)
        steps = run.route.generate(
            remaining, target, key=key, timeout=timeout, on_change=on_change, overwrite=overwrite
        )
        with remaining.note_earlier():
            return (yield from steps)

    def _download(
        self, task: Task, to: To, *, overwrite: bool = False, passing: bool = False
    ) -> Steps[Video]:
        target = prepare(to, overwrite=overwrite, name=task.id)
        return (
            yield from run.download.download(
                self.session, task, target, overwrite=overwrite, passing=passing
            )
        )


def _read_job(job: object) -> VideoJob:
    if isinstance(job, str):
        return VideoJob(job)
    if not isinstance(job, VideoJob):
        message = f"{type(job).__name__} is no job; pass a VideoJob or the text of a prompt"
        raise JobError(message)
    return job


def _start_sandbox(
    sandbox: bool | Sandbox,  # noqa: FBT001 (as in the clients)
    plugins: Registry,
) -> tuple[Sandbox | None, str | None]:
    if sandbox is False:
        return None, None
    if sandbox is not True:
        return None, sandbox.url
    from anyvideo.sandbox import Sandbox  # noqa: PLC0415 (loads only where one is started)
    from anyvideo.sandbox.discovery import find_vendors  # noqa: PLC0415 (the same)

    started = Sandbox(vendors=find_vendors(plugins))
    try:
        started.start()
    except OSError as error:
        message = f"the sandbox cannot be started: {error.strerror}"
        raise ConfigError(message) from error
    return started, started.url


def _find_place(
    journal: JournalSource, named: str | None, *, sandbox: bool
) -> JournalLike | str | None:
    """Return a journal, or where it is; "" for the usual file of this user."""
    if journal is None or not isinstance(journal, str | os.PathLike):
        return journal
    if journal != "default":
        return os.fspath(journal)
    # A sandbox that ends with its client leaves nothing that could be resumed.
    return ":memory:" if sandbox else (find_journal(named) if named else "")


def _open_journal(place: JournalLike | str | None, *, connect: bool) -> JournalLike | None:
    if not isinstance(place, str):
        return place
    from anyvideo.journal.opening import open_journal  # noqa: PLC0415 (planning needs no journal)

    return open_journal(place or find_journal(None), connect=connect)
