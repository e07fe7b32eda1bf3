"""Asks how a task stands, until it ends. A poll that fails is tried again, and changes no state."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, TypeGuard

from anyvideo.errors import (
    ConfigError,
    JournalError,
    ProviderError,
    WaitTimeoutError,
    attach_task,
)
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import run_once, run_operation
from anyvideo.run.records import emit_state, keep, raise_ambiguous
from anyvideo.run.submit import OnTask
from anyvideo.session.offers import find_offer
from anyvideo.session.session import Session
from anyvideo.session.waiting import Poll
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, advance
from anyvideo.transport.steps import Ask, Sleep, Steps
from anyvideo.validation import is_number

logger = logging.getLogger("anyvideo")

DEFAULT_TIMEOUT = 3600.0
# Gateways answer a submit before the task is in their own database.
_MAY_BE_UNKNOWN = 30.0
# How far apart the polls before and after the end may be, in seconds and as a share of the time that
# the job took, for that time to be learned.
_CLOSE, _CLOSE_SHARE = 30.0, 0.25
# How long a schedule of polls is used before the journal is read again, in seconds.
_SCHEDULE_HOLDS = 60.0


def poll(session: Session, task: Task, *, patient: bool = False) -> Steps[Task]:
    """Ask once how a task stands; `patient` repeats what fails on the way.

    Raises:
        ProviderError: the vendor did not say; carries the task, which is as it was.
    """
    attempt = prepare(session, task)
    operation = attempt.provider.adapter.status
    return (yield from ask(attempt, task, operation, run_operation if patient else run_once))


def prepare(session: Session, task: Task, operation: str = "status") -> Attempt:
    """Return the attempt at an operation on a task that the vendor knows.

    Raises:
        AmbiguousSubmitError: it is unknown whether the job exists.
        ConfigError: there is no key for the provider.
    """
    if task.status in {Status.SUBMITTING, Status.AMBIGUOUS} or not task.id:
        raise_ambiguous(task, "its answer was never seen")
    provider = session.provider_of(task)
    provider.require_key()
    return Attempt(session, provider, operation, task)


def ask(
    attempt: Attempt,
    task: Task,
    operation: Callable[..., object],
    run: Callable[..., Steps[Any]] = run_once,
) -> Steps[Task]:
    """Run an operation on a task that ends with a report; return the task as it stands then."""
    try:
        result = yield from run(attempt, operation, task)
        report = attempt.check(result, Report)
    except BaseException as error:
        attach_task(error, task)
        raise
    fresh = advance(task, report, attempt.session.now, attempt.raw)
    if (fresh.status, fresh.video_url) != (task.status, task.video_url):
        yield from keep(attempt.session, fresh, took=_measure(task, fresh))
    if _has_changed(task, fresh):
        emit_state(attempt.session, fresh)
    return fresh


def _measure(before: Task, after: Task) -> float | None:
    """Return how long the vendor took, in seconds, if the polls before and after the end tell."""
    polled, done = before.updated_at, after.updated_at
    if after.status != Status.SUCCEEDED or not (polled and done and before.submitted_at):
        return None
    took = (done - before.submitted_at).total_seconds()
    gap = (done - polled).total_seconds()
    return took if gap <= max(_CLOSE, took * _CLOSE_SHARE) else None


def _has_changed(before: Task, after: Task) -> bool:
    return (before.status, before.progress) != (after.status, after.progress)


def poll_until_change(session: Session, task: Task, deadline: float) -> Steps[Task]:
    """Poll until a task has changed, at the times when a change is likely.

    Raises:
        WaitTimeoutError: the deadline (Unix time) has passed; carries the task.
        ProviderError: the vendor does not say, and asking again does not help; carries the task.
    """
    attempt = prepare(session, task)
    schedule = yield from plan_polls(session, task)
    clock = session.clock
    misses, now = 0, clock.now()
    born = task.born_at.timestamp() if task.born_at else now - schedule.typical
    # A bare handle does not say how old its task is, so the first poll comes at once.
    pause = schedule.pause(max(0.0, now - born)) if task.updated_at else 0.0
    while True:
        now = clock.now()
        attempt.restart()
        try:
            yield Sleep(max(0.0, min(pause, deadline - now)))
            before, task = task, (yield from ask(attempt, task, attempt.provider.adapter.status))
        except BaseException as error:
            attach_task(error, task)
            if not is_transient(error, max(0.0, now - born)):
                raise
            misses += 1
            pause = schedule.pause_after(misses, error.retry_after)
            attempt.emit_retry(error, pause)
        else:
            misses, pause = 0, schedule.pause(clock.now() - born)
            if task.status.final or (_has_changed(before, task) and clock.now() < deadline):
                return task
        if clock.now() >= deadline:
            message = f"{task.provider}: task {task.id} still runs at the deadline"
            message += " and goes on at the vendor; resume it later"
            raise WaitTimeoutError(message, task=task, advice="resume")


def is_transient(error: BaseException, age: float) -> TypeGuard[ProviderError]:
    """Say whether only the poll failed, so that the next one may succeed."""
    young = age < _MAY_BE_UNKNOWN
    return isinstance(error, ProviderError) and (
        error.retryable or (young and error.kind == "not_found")
    )


def plan_polls(session: Session, task: Task) -> Steps[Poll]:
    """Return when to ask about a task: by the journal's past jobs, or by what is usual."""
    provider = session.provider_of(task)
    name, now = f"{provider.alias}/{task.model}", session.clock.now()
    expires, schedule = session.schedules.get(name, (now, None))
    if schedule is None or expires <= now:
        offer = find_offer(session, provider, task.model)
        usual = provider.expected_seconds or (offer.finishes_in if offer else None)
        finishes = yield from _read_finishes(session, name)
        schedule = Poll(usual or Poll().usual, finishes)
        session.schedules[name] = (now + _SCHEDULE_HOLDS, schedule)
    return schedule


def _read_finishes(session: Session, name: str) -> Steps[list[float]]:
    try:
        if session.journal is None:
            return []
        return (yield Ask(session.journal, lambda journal: journal.finishes(name)))  # type: ignore[no-any-return]  # its own result
    except JournalError as error:
        logger.warning("%s; the polls go by the usual time", error)
        return []


def deadline_after(session: Session, timeout: float | None) -> float:
    """Return the Unix time at which waiting ends; an hour from now by default.

    Raises:
        ConfigError: the timeout is not a number of seconds above 0.

    """
    check_timeout(timeout)
    return session.clock.now() + (DEFAULT_TIMEOUT if timeout is None else timeout)


def check_timeout(timeout: float | None) -> None:
    """Check a timeout before anything is sent.

    Raises:
        ConfigError: it is not a number of seconds above 0.

    """
    if timeout is not None and not (is_number(timeout) and timeout > 0):
        message = f"timeout is {timeout}; it takes a number of seconds above 0"
        raise ConfigError(message)


def wait(
    session: Session, task: Task, timeout: float | None, on_change: OnTask | None = None
) -> Steps[Task]:
    """Follow a task to its end; a failed task is returned like any other."""
    deadline = deadline_after(session, timeout)
    while not task.status.final:
        task = yield from poll_until_change(session, task, deadline)
        if on_change is not None:
            on_change(task)
    return task
