"""Submits over a stream: the task, its progress and its video arrive in one long answer.

As soon as the task's id is known the job is safe: if the stream breaks after that, the task is
asked for by its id. Before that, a broken stream is as ambiguous as a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable

from attrs import evolve

from anyvideo.adapters.calls import ask_plugin, find_operation, start_flow
from anyvideo.adapters.protocol import Stream
from anyvideo.config.provider import Provider
from anyvideo.errors import PluginError, ProviderError
from anyvideo.journal.entry import Entry
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Flow, Response
from anyvideo.run.attempt import Trace
from anyvideo.run.records import accept, close_entry, find_known, new_task, open_entry, start_trace
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import SILENCE, Call, Read, Steps

# How long a stream may last in all; then the task is asked for instead.
_LONGEST = 3600.0
_RENEW = 60.0


def submit_stream(
    session: Session,
    provider: Provider,
    entry: Entry,
    make: Callable[[], Stream],
    on_change: OnTask | None,
) -> Steps[Task]:
    """Send a job over a stream; returns when the stream ends, with the task as it then stands."""
    trace = start_trace(session, provider, entry, "stream", SILENCE)
    known = entry.task

    def note(report: Report) -> Steps[None]:
        nonlocal known
        trace.report = report
        known = yield from accept(session, known, report)
        if on_change is not None:
            on_change(known)

    try:
        report = yield from session.repeat(
            provider, lambda: _listen(session, provider, make, trace, note), trace
        )
        trace.report = check_report(provider, report, "stream", entry.ref)
        return (yield from accept(session, known, trace.report))
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        close_entry(session, entry, trace, error)


def _listen(
    session: Session,
    provider: Provider,
    make: Callable[[], Stream],
    trace: Trace,
    note: Callable[[Report], Steps[None]],
) -> Steps[Report]:
    """Make one attempt: send the request, and hand the adapter what arrives."""
    flow = start_flow(provider.adapter, "stream", make)
    try:
        request = trace.check(provider, ask_plugin(provider.adapter, "stream", lambda: next(flow)))
        answer: Response | bytes = yield from session.send(provider, request, trace)
        started = renewed = session.clock.now()
        while answer != b"":
            known = ask_plugin(provider.adapter, "stream", flow.send, answer)
            if isinstance(known, Report) and known.id and known != trace.report:
                yield from note(known)
            now = session.clock.now()
            if trace.report is None and now - renewed > _RENEW:
                renewed = now
                yield Call(trace.leave)
            answer = (yield Read()) if now - started < _LONGEST else b""
        ask_plugin(provider.adapter, "stream", flow.send, answer)
    except StopIteration as stop:
        report: Report = stop.value
        return report
    except ProviderError as error:
        error.provider = error.provider or provider.alias
        if trace.report is None:
            raise
        return trace.report
    finally:
        ask_plugin(provider.adapter, "stream", flow.close)
    message = f'adapter {provider.adapter.name}: stream goes on after its end; return at b""'
    raise PluginError(message)


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
    stream = find_operation(provider.adapter, "stream")
    if stream is None:
        return (yield from pay(session, provider, entry, lambda: provider.adapter.submit(plan)))

    return (yield from submit_stream(session, provider, entry, lambda: stream(plan), on_change))


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
        flow = start_flow(provider.adapter, operation, make)
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
