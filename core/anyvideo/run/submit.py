"""Sends the paid request at most once, plain or over a stream; `anyvideo.outcomes` has the rule.

Over a stream the task, its progress and its video arrive in one long answer. If the stream breaks
after the task's id is known, the task is polled by its id. Before that, a broken stream is as
ambiguous as a lost answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from attrs import evolve

from anyvideo.adapters.calls import find_operation
from anyvideo.adapters.checks import raise_plugin_error
from anyvideo.adapters.protocol import Stream
from anyvideo.config.provider import Provider
from anyvideo.errors import ProviderError
from anyvideo.journal.entry import Entry
from anyvideo.limits import LONGEST_SILENCE
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Flow, Response
from anyvideo.run import records
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import retry, run_operation, send
from anyvideo.run.keys import find_submitted
from anyvideo.run.stream_guard import StreamGuard
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Read, Steps

OnTask: TypeAlias = Callable[[Task], None]
"""Called with a task when it changes."""
# How often the lease of the row is renewed while a stream has not named its task yet, in seconds.
_RENEW = 60.0


def submit(  # noqa: PLR0913 (each is the caller's choice)
    session: Session,
    plan: Plan,
    *,
    key: str | None = None,
    path: str | None = None,
    on_plan: Callable[[Plan], None],
    on_change: OnTask | None = None,
    others: Sequence[Plan] = (),
    wait: bool = True,
) -> Steps[Task]:
    """Send a plan after a call of `on_plan`; if a job was sent under `key` before, return that job.

    `others` are plans that an earlier call may have sent under the key in place of this one. Where it
    is not to `wait`, a request that created no job is not sent again by this call either.

    Raises:
        ConfigError: there is no key for the provider.
        InFlightError: another process is sending the job of the key, and `wait` is False.
        ProviderError: the vendor refused; no job exists.
        AmbiguousSubmitError: the outcome is unknown; `.task` is the handle.
    """
    provider = session.provider(plan.provider)
    while True:
        known = yield from find_submitted(session, key, [plan, *others], wait=wait)
        if known is not None:
            return known
        provider.require_key()
        on_plan(plan)
        entry = records.new_entry(session, provider, plan, key, path=path)
        admitted = yield from admit(session, provider, plan, entry)
        if admitted is not None:
            return (yield from send_plan(session, provider, admitted, plan, on_change, wait=wait))


def admit(session: Session, provider: Provider, plan: Plan, entry: Entry) -> Steps[Entry | None]:
    """Return the row under which a plan may be paid; None if another process sends its job.

    Whatever creates a job comes through here: new jobs, remixes, and jobs that are taken up again.

    Raises:
        ConfigError: there is no key for the provider.
        BudgetError: the job would pass a budget of the day.
        AnyVideoError: a plugin forbids it.
    """
    provider.require_key()
    session.registry.veto(plan)
    return (yield from records.reserve(session, provider, entry))


def send_plan(  # noqa: PLR0913 (what is sent, and how)
    session: Session,
    provider: Provider,
    entry: Entry,
    plan: Plan,
    on_change: OnTask | None = None,
    *,
    wait: bool = True,
) -> Steps[Task]:
    """Send a plan whose row is written, over a stream where the adapter has one."""
    start = partial(records.start_attempt, session, provider, entry, waits=wait)
    stream = find_operation(provider.adapter, "stream")
    if stream is None:
        attempt = start("submit")
        return (yield from pay(attempt, entry, partial(provider.adapter.submit, plan)))
    attempt = start("stream", LONGEST_SILENCE)
    return (yield from _pay_stream(attempt, entry, partial(stream, plan), on_change))


def pay(attempt: Attempt, entry: Entry, operation: Callable[[], Flow[Report]]) -> Steps[Task]:
    """Run an operation whose paid request may create a job, and keep its row up to date."""
    try:
        result = yield from run_operation(attempt, operation)
        attempt.report = report = _check_report(attempt, result, entry.ref)
        return (
            yield from records.record_accepted(attempt.session, entry.task, report, attempt.raw)
        )
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        return (yield from records.settle(entry, attempt, error))


def _pay_stream(
    attempt: Attempt, entry: Entry, operation: Callable[[], Stream], on_change: OnTask | None
) -> Steps[Task]:
    """Send a job over a stream; return the task as it stands when the stream ends."""
    known = entry.task

    def note(report: Report) -> Steps[None]:
        nonlocal known
        attempt.report = report
        known = yield from records.record_accepted(attempt.session, known, report)
        if on_change is not None:
            on_change(known)

    try:
        result = yield from retry(attempt, partial(_listen, attempt, operation, note))
        attempt.report = _check_report(attempt, result, entry.ref)
        return (yield from records.record_accepted(attempt.session, known, attempt.report))
    except BaseException as error:  # noqa: BLE001 (whatever it is, the job may exist)
        return (yield from records.settle(entry, attempt, error))


def _listen(
    attempt: Attempt, operation: Callable[[], Stream], note: Callable[[Report], Steps[None]]
) -> Steps[object]:
    """Make one attempt: send the request, and hand the adapter what arrives."""
    flow, clock = attempt.start(operation), attempt.session.clock
    try:
        request = attempt.take(attempt.call(flow.send, None))
        answer: Response | bytes = yield from send(attempt, request)
        renewed = clock.now()
        guard = StreamGuard(renewed)
        while answer != b"":
            known = attempt.call(flow.send, answer)
            now = clock.now()
            if isinstance(known, Report) and known.id:
                known = attempt.check(known, Report)
                if known != attempt.report:
                    guard.note_change(now)
                    yield from note(known)
            if attempt.report is None and now - renewed > _RENEW:
                renewed = now
                yield from attempt.mark_sent()
            piece: bytes = b"" if guard.is_spent(now) else (yield Read())
            guard.size += len(piece)
            answer = piece
        attempt.call(flow.send, answer)
    except StopIteration as stop:
        return stop.value
    except ProviderError as error:
        error.provider = error.provider or attempt.provider.alias
        if attempt.report is None:
            raise
        return attempt.report
    finally:
        attempt.call(flow.close)
    fault, advice = "stream goes on after its end", 'return at b""'
    raise_plugin_error(attempt.provider.adapter, fault, advice)


def _check_report(attempt: Attempt, result: object, ref: str) -> Report:
    """Return the report of an adapter; only a finished video needs no id of the vendor's."""
    report = attempt.check(result, Report)
    finished = report.video_url and report.status == Status.SUCCEEDED
    if not report.id and not finished:
        fault = f"{attempt.operation} returned a Report without an id"
        raise_plugin_error(attempt.provider.adapter, fault, "return the id that the vendor gave")
    return report if report.id else evolve(report, id=ref)
