"""Sends the paid request at most once, plain or over a stream; `anyvideo.outcomes` has the rule.

Over a stream the task, its progress and its video arrive in one long answer. As soon as the task's
id is known, the job is safe: if the stream breaks after that, the task is polled by its id. Before
that, a broken stream is as ambiguous as a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from attrs import evolve

from anyvideo.adapters.calls import call_adapter, check_result, find_operation, start_flow
from anyvideo.adapters.protocol import Stream
from anyvideo.config.provider import Provider
from anyvideo.errors import PluginError, ProviderError
from anyvideo.journal.entry import Entry
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Flow, Response
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import make_send, perform, retry, run_operation
from anyvideo.run.records import (
    find_submitted,
    new_task,
    record_accepted,
    record_failure,
    reserve,
    start_attempt,
)
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import STREAM_READ_TIMEOUT, Read, Steps, Work

OnTask: TypeAlias = Callable[[Task], None]
# How long a stream may last in all, in seconds; then the task is polled instead.
_LONGEST = 3600.0
# How often the lease of the row is renewed while a stream has not named its task yet, in seconds.
_RENEW = 60.0


def submit(  # noqa: PLR0913 (each is the caller's choice)
    session: Session,
    plan: Plan,
    *,
    key: str | None = None,
    path: str | None = None,
    on_change: OnTask | None = None,
    on_plan: Callable[[Plan], None] | None = None,
) -> Steps[Task]:
    """Send a plan after a call of `on_plan`; a job that was sent under the `key` is returned instead.

    Raises:
        ConfigError: there is no key for the provider.
        ProviderError: the vendor refused; no job exists.
        AmbiguousSubmitError: the outcome is unknown; `.task` is the handle.

    """
    provider = session.provider(plan.provider)
    while True:
        known = yield from find_submitted(session, key, plan.job.prompt)
        if known is not None:
            return known
        provider.require_key()
        if on_plan is not None:
            on_plan(plan)
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
        reserved = yield from reserve(session, provider, entry)
        if reserved is not None:
            return (yield from send_plan(session, provider, reserved, plan, on_change))


def send_plan(
    session: Session, provider: Provider, entry: Entry, plan: Plan, on_change: OnTask | None = None
) -> Steps[Task]:
    """Send a plan whose row is written, over a stream where the adapter has one."""
    stream = find_operation(provider.adapter, "stream")
    if stream is None:
        operation = partial(provider.adapter.submit, plan)
        return (yield from pay(session, provider, entry, operation, "submit"))
    return (yield from _pay_stream(session, provider, entry, partial(stream, plan), on_change))


def pay(
    session: Session,
    provider: Provider,
    entry: Entry,
    operation: Callable[[], Flow[Report]],
    name: str,
) -> Steps[Task]:
    """Run an operation whose paid request may create a job, and keep the journal true throughout."""
    attempt = start_attempt(session, provider, entry, name)
    try:
        result = yield from run_operation(session, provider, attempt, operation)
        attempt.report = _check_report(provider, result, name, entry.ref)
        return (yield from record_accepted(session, entry.task, attempt.report, attempt.raw))
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        record_failure(session, entry, attempt, error)


def _pay_stream(
    session: Session,
    provider: Provider,
    entry: Entry,
    operation: Callable[[], Stream],
    on_change: OnTask | None,
) -> Steps[Task]:
    """Send a job over a stream; returns when the stream ends, with the task as it then stands."""
    attempt = start_attempt(session, provider, entry, "stream", STREAM_READ_TIMEOUT)
    known = entry.task

    def note(report: Report) -> Steps[None]:
        nonlocal known
        attempt.report = report
        known = yield from record_accepted(session, known, report)
        if on_change is not None:
            on_change(known)

    try:
        listen = partial(_listen, session, provider, operation, attempt, note)
        result = yield from retry(session, provider, attempt, listen)
        attempt.report = _check_report(provider, result, "stream", entry.ref)
        return (yield from record_accepted(session, known, attempt.report))
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        record_failure(session, entry, attempt, error)


def _listen(
    session: Session,
    provider: Provider,
    operation: Callable[[], Stream],
    attempt: Attempt,
    note: Callable[[Report], Steps[None]],
) -> Steps[Report]:
    """Make one attempt: send the request, and hand the adapter what arrives."""
    adapter = provider.adapter
    flow = start_flow(adapter, "stream", operation)
    try:
        request = attempt.take(adapter, call_adapter(adapter, "stream", lambda: next(flow)))
        step = make_send(provider, request, attempt)
        answer: Response | bytes = yield from perform(session, step, attempt)
        started = renewed = session.clock.now()
        while answer != b"":
            known = call_adapter(adapter, "stream", flow.send, answer)
            if isinstance(known, Report) and known.id and known != attempt.report:
                yield from note(known)
            now = session.clock.now()
            if attempt.report is None and now - renewed > _RENEW:
                renewed = now
                yield Work(attempt.mark_sent)
            answer = (yield Read()) if now - started < _LONGEST else b""
        call_adapter(adapter, "stream", flow.send, answer)
    except StopIteration as stop:
        report: Report = stop.value
        return report
    except ProviderError as error:
        error.provider = error.provider or provider.alias
        if attempt.report is None:
            raise
        return attempt.report
    finally:
        call_adapter(adapter, "stream", flow.close)
    message = f'adapter {adapter.name}: stream goes on after its end; return at b""'
    raise PluginError(message)


def _check_report(provider: Provider, result: object, operation: str, ref: str) -> Report:
    """Return what an adapter made of an answer; a finished video needs no id of the vendor's.

    Raises:
        PluginError: it is no report, or names no job.

    """
    report = check_result(provider.adapter, operation, result, Report)
    if report.id:
        return report
    if report.video_url and report.status == Status.SUCCEEDED:
        return evolve(report, id=ref)
    message = f"adapter {provider.adapter.name}: {operation} returned a Report without an id"
    raise PluginError(message)
