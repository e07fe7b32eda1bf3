"""Sends the paid request at most once, and knows afterwards what that came to.

refused     a clear answer that no job exists: an error, and the row is closed
repeatable  what provably created nothing (see `diagnosis`): sent again, within a budget
accepted    an id: the task runs
ambiguous   everything else: a lost connection, a 5xx, an answer that cannot be read, an adapter
            that breaks over it, an interrupt in between; never sent again by itself
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from anyvideo.errors import PluginError
from anyvideo.job import VideoJob
from anyvideo.journal import Entry
from anyvideo.ledger import accept, close_entry, find_known, new_task, open_entry, start_trace
from anyvideo.plan import Plan
from anyvideo.policy import Steps
from anyvideo.providers import Provider
from anyvideo.session import Session
from anyvideo.status import Status
from anyvideo.task import Report, Task
from anyvideo.trace import find_operation, start_flow
from anyvideo.wire import Flow

OnTask = Callable[[Task], None]


def submit(
    session: Session,
    plan: Plan,
    *,
    key: str | None = None,
    path: str | None = None,
    on_change: OnTask | None = None,
) -> Steps[Task]:
    """Send a plan. With a `key` under which a job was sent before, return that and send nothing.

    Raises:
        ConfigError: there is no key for the provider.
        ProviderError: the vendor refused; no job exists.
        AmbiguousSubmitError: the outcome is unknown; `.task` is the handle.

    """
    provider = session.provider(plan.provider)
    while True:
        known = yield from find_known(session, key, plan.job.prompt)
        if known is not None:
            return known
        provider.demand_key()
        session.registry.veto(plan)
        task = new_task(session, provider, plan.offer.model, plan.quote, key)
        entry = Entry(
            ref=task.ref,
            offer=f"{provider.alias}/{plan.offer.model}",
            task=task,
            job=plan.job.to_json(),
            created=session.clock.now(),
            seconds=plan.job.seconds or plan.tier.usual_seconds,
            path=path,
        )
        opened = yield from open_entry(session, provider, entry)
        if opened is not None:
            return (yield from send_plan(session, provider, opened, plan, on_change))


def send_plan(
    session: Session, provider: Provider, entry: Entry, plan: Plan, on_change: OnTask | None = None
) -> Steps[Task]:
    """Send a plan whose row is written, over a stream where the adapter has one."""
    stream = find_operation(provider, "stream")
    if stream is None:
        return (yield from pay(session, provider, entry, lambda: provider.adapter.submit(plan)))
    from anyvideo.streaming import submit_stream  # noqa: PLC0415 (one wire of many streams)

    return (yield from submit_stream(session, provider, entry, lambda: stream(plan), on_change))


def remix(session: Session, old: Task, prompt: str, size: str | None = None) -> Steps[Task]:
    """Make a new task from an old one, at most once.

    Raises:
        JobError: the prompt is empty, or the size is none.
        PluginError: the adapter cannot remix.

    """
    VideoJob(prompt, size=size)
    provider = session.provider_of(old)
    operation = find_operation(provider, "remix")
    if operation is None:
        message = f"{provider.adapter.name} has no remix; choose a provider that documents it"
        raise PluginError(message)
    provider.demand_key()
    task = new_task(session, provider, old.model, None, None)
    entry = Entry(
        ref=task.ref,
        offer=f"{provider.alias}/{old.model}",
        task=task,
        job="",
        created=session.clock.now(),
    )
    opened = yield from open_entry(session, provider, entry)
    make = lambda: operation(old, prompt, size)  # noqa: E731 (a piece of work, named for the line)
    return (yield from pay(session, provider, opened or entry, make, "remix"))


def pay(
    session: Session,
    provider: Provider,
    entry: Entry,
    make: Callable[[], Flow[Report]],
    operation: str = "submit",
) -> Steps[Task]:
    """Run a flow whose paid request may create a job, and keep the journal true throughout."""
    trace = start_trace(session, provider, entry, operation)

    def attempt() -> Steps[Report]:
        flow = start_flow(provider, operation, make)
        report: Report = yield from session.exchange(provider, flow, trace)
        return report

    try:
        report = yield from session.repeat(provider, attempt, trace)
        trace.report = check_report(provider, report, operation, entry.ref)
        return (yield from accept(session, entry.task, trace.report, trace.raw))
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        close_entry(session, entry, trace, error)


def check_report(provider: Provider, report: object, operation: str, ref: str) -> Report:
    """Return what an adapter made of an answer; a finished video needs no id of the vendor's.

    Raises:
        PluginError: it is no report, or names no job.

    """
    name = f"adapter {provider.adapter.name}: {operation}"
    if not isinstance(report, Report):
        message = f"{name} returned {type(report).__name__}; return a Report"
        raise PluginError(message)
    if report.id:
        return report
    if report.video_url and report.status == Status.SUCCEEDED:
        return evolve(report, id=ref)
    message = f"{name} returned a Report without an id"
    raise PluginError(message)
