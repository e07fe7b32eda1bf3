"""Follows a task until it ends. A poll that fails is tried again; it says nothing of the task."""

from __future__ import annotations

from functools import partial
from typing import TypeGuard

from anyvideo.adapters.calls import start_flow
from anyvideo.config.provider import Provider
from anyvideo.errors import PluginError, ProviderError, WaitTimeoutError
from anyvideo.run.attempt import Trace
from anyvideo.run.records import attach, is_free, raise_ambiguous
from anyvideo.run.submit import OnTask
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, advance
from anyvideo.transport.steps import Sleep, Steps

DEFAULT_TIMEOUT = 3600.0
# Gateways answer a submit before the task is in their own database.
_MAY_BE_UNKNOWN = 30.0
_LONGEST_PAUSE = 20.0


def poll(session: Session, task: Task, *, patient: bool = False) -> Steps[Task]:
    """Ask once how a task stands; `patient` repeats what fails on the way.

    Raises:
        ProviderError: the vendor did not say; carries the task, which is as it was.

    """
    provider, trace = _prepare(session, task)
    try:
        if patient:
            ask = partial(_ask, session, provider, task, trace)
            report = yield from session.repeat(provider, ask, trace)
        else:
            report = yield from _ask(session, provider, task, trace)
    except BaseException as error:
        attach(error, task)
        raise
    return (yield from _advance(session, provider, task, report, trace))


def _prepare(session: Session, task: Task) -> tuple[Provider, Trace]:
    if task.status in {Status.SUBMITTING, Status.AMBIGUOUS} or not task.id:
        raise_ambiguous(task, "its answer was never seen")
    provider = session.provider_of(task)
    provider.demand_key()
    return provider, Trace("status", task)


def _ask(session: Session, provider: Provider, task: Task, trace: Trace) -> Steps[Report]:
    flow = start_flow(provider.adapter, "status", provider.adapter.status, task)
    report: object = yield from session.exchange(provider, flow, trace)
    if not isinstance(report, Report):
        kind = type(report).__name__
        message = f"adapter {provider.adapter.name}: status returned {kind}; return a Report"
        raise PluginError(message)
    return report


def _advance(
    session: Session, provider: Provider, task: Task, report: Report, trace: Trace
) -> Steps[Task]:
    fresh = advance(task, report, session.now, trace.raw)
    if (fresh.status, fresh.video_url) != (task.status, task.video_url):
        yield from session.keep(fresh, counts=False if is_free(session, fresh) else None)
    if (fresh.status, fresh.progress) != (task.status, task.progress):
        details = {"status": str(fresh.status), "progress": fresh.progress}
        session.emit("state", fresh, provider.alias, **details)
    return fresh


def follow(session: Session, task: Task, deadline: float) -> Steps[Task]:
    """Poll until a task has changed, at the times when that is worth while.

    Raises:
        WaitTimeoutError: the deadline (Unix time) has passed; carries the task.
        ProviderError: the vendor will not say, and asking again will not help; carries the task.

    """
    provider, trace = _prepare(session, task)
    schedule = yield from session.plan_polls(provider, task)
    misses, now = 0, session.clock.now()
    born = task.created_at.timestamp() if task.created_at else now - schedule.typical
    # A bare handle does not say how old its task is, so it is asked for at once.
    pause = schedule.pause(max(0.0, now - born)) if task.updated_at else 0.0
    while True:
        now = session.clock.now()
        age = max(0.0, now - born)
        yield Sleep(max(0.0, min(pause, deadline - now)))
        trace.restart()
        try:
            report = yield from _ask(session, provider, task, trace)
        except BaseException as error:
            attach(error, task)
            if not _is_miss(error, age):
                raise
            misses += 1
            pause = error.retry_after or min(_LONGEST_PAUSE, 2.0**misses)
            session.emit("retry", task, provider.alias, reason=str(error), seconds=pause)
        else:
            misses = 0
            pause = schedule.pause(session.clock.now() - born)
            fresh = yield from _advance(session, provider, task, report, trace)
            changed = (fresh.status, fresh.progress) != (task.status, task.progress)
            task = fresh
            if task.status.final or (changed and session.clock.now() < deadline):
                return task
        if session.clock.now() >= deadline:
            _give_up(task)


def _is_miss(error: BaseException, age: float) -> TypeGuard[ProviderError]:
    """Say whether a poll merely failed, so that the next one may tell."""
    young = age < _MAY_BE_UNKNOWN
    return isinstance(error, ProviderError) and (
        error.retryable or (young and error.kind == "not_found")
    )


def _give_up(task: Task) -> None:
    message = (
        f"{task.provider}: task {task.id} still runs at the deadline and goes on at the vendor; "
        f"finish it later with: anyvideo resume {task.ref or task.id}"
    )
    raise WaitTimeoutError(message, task=task)


def find_deadline(session: Session, timeout: float | None) -> float:
    """Return the Unix time at which waiting ends; an hour from now by default."""
    return session.clock.now() + (DEFAULT_TIMEOUT if timeout is None else timeout)


def wait(
    session: Session, task: Task, timeout: float | None, on_change: OnTask | None = None
) -> Steps[Task]:
    """Follow a task to its end; a failed task is returned like any other."""
    deadline = find_deadline(session, timeout)
    while not task.status.final:
        task = yield from follow(session, task, deadline)
        if on_change is not None:
            on_change(task)
    return task
