"""What the operations write into the journal, and when: before, while and after a job is paid."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Any, NoReturn

from attrs import evolve

from anyvideo.config.provider import Provider
from anyvideo.errors import (
    AmbiguousPluginError,
    AmbiguousSubmitError,
    JournalError,
    PluginError,
    ProviderError,
    TaskFailedError,
    attach_task,
)
from anyvideo.journal.entry import Entry
from anyvideo.journal.protocol import JournalLike
from anyvideo.model.plan import Plan
from anyvideo.run.attempt import Attempt
from anyvideo.run.identity import check_same_job
from anyvideo.run.leases import LEASE_MARGIN, check_clock, raise_in_flight, rebase_lease
from anyvideo.session.offers import find_offer
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, advance
from anyvideo.transport.steps import Ask, Hold, Steps, do_now

logger = logging.getLogger("anyvideo")


def new_entry(  # noqa: PLR0913 (what a row holds before the job is sent)
    session: Session,
    provider: Provider,
    plan: Plan,
    key: str | None = None,
    *,
    path: str | None = None,
    remixes: str | None = None,
) -> Entry:
    """Return the row of a plan that is about to be sent; `key` is its ref if the caller has one."""
    task = Task(
        provider=provider.alias,
        adapter=provider.adapter.name,
        base_url=provider.base_url,
        id="",
        model=plan.offer.model,
        status=Status.SUBMITTING,
        quote=plan.quote,
        submitted_at=session.now,
        ref=key or uuid.uuid4().hex,
    )
    return Entry(
        ref=task.ref,
        offer=f"{provider.alias}/{task.model}",
        task=task,
        job=plan.job.to_json(),
        created=session.row_time,
        seconds=plan.seconds,
        path=path,
        remixes=remixes,
    )


def reserve(session: Session, provider: Provider, entry: Entry) -> Steps[Entry | None]:
    """Write the row that must exist before anything is paid; None if another process has it."""
    journal = session.journal
    if journal is None:
        return entry
    now = session.row_time
    leased = evolve(entry, updated=now, lease=now + provider.timeout + LEASE_MARGIN)
    yield from check_clock(session, journal)
    budget, rates = session.config.budget, session.config.currencies
    opened: tuple[Entry, bool] = yield Ask(
        journal, lambda journal: journal.open(leased, budget, rates, session.shares)
    )
    if not opened[1]:
        return None
    session.fences[entry.ref] = opened[0].fence
    return opened[0]


def start_attempt(  # noqa: PLR0913 (what an attempt is tied to)
    session: Session,
    provider: Provider,
    entry: Entry,
    operation: str,
    timeout: float = 0.0,
    *,
    waits: bool = True,
) -> Attempt:
    """Return the attempt at an operation that pays, tied to its row.

    While the request is in flight, the row is leased for longer than it can last; `timeout` is how
    long a stream may last between two pieces, in seconds.
    """
    longest = max(provider.timeout, timeout) + LEASE_MARGIN

    def note(seconds: float, *, sent: bool) -> Steps[None]:
        journal, now = session.journal, session.row_time
        if journal is None:
            return
        lease = now + seconds
        noted: bool = yield Ask(journal, lambda it: it.mark(entry, now, lease, sent=sent))
        if not noted:
            message = f"another process took over the job {entry.ref}; nothing was sent by this one"
            raise JournalError(message)

    return Attempt(
        session,
        provider,
        operation,
        entry.task,
        pays=True,
        waits=waits,
        on_sent=lambda: note(longest, sent=True),
        on_unsent=lambda seconds: note(seconds + longest, sent=False),
    )


def require_journal(session: Session) -> JournalLike:
    """Return the journal, or raise a JournalError if this client was made without one."""
    if session.journal is None:
        message = "that needs the journal, and this client was made without one"
        raise JournalError(message)
    return session.journal


def claim(session: Session, ref: str, waited: float = 0.0) -> Steps[Entry | None]:
    """Take a row over from the process that worked on it; return None if there is no such row.

    A lease until `waited` has ended, whatever the clock says.

    Raises:
        InFlightError: its paid request may still be in flight in another process.
    """
    if session.journal is None:
        return None
    journal, now = session.journal, session.row_time
    entry: Entry | None = yield Ask(journal, lambda it: it.claim(ref, max(now, waited)))
    if entry is None:
        leased: Entry | None = yield Ask(journal, lambda it: it.get(ref))
        if leased is None:
            return None
        known = yield from rebase_lease(session, journal, leased)
        raise_in_flight(known, known.lease - now)
    session.fences[ref] = entry.fence
    if entry.state == Status.SUBMITTING and entry.outcome.then == "keep as ambiguous":
        # The lease is longer than the request can last, so the answer was lost with its sender.
        entry = evolve(entry, task=evolve(entry.task, status=Status.AMBIGUOUS))
        yield from keep(session, entry.task)
    return entry


def keep(session: Session, task: Task, **changes: Any) -> Steps[Task]:  # noqa: ANN401 (fields of an entry)
    """Write a task to its row, if it has one; one that failed without costs counts no more."""
    if session.journal is not None and task.ref:
        if is_unbilled(session, task):
            changes["counts"] = False
        yield from _record(session, task, **changes)
    return task


def _record(session: Session, task: Task, **changes: Any) -> Steps[None]:  # noqa: ANN401 (fields of an entry)
    """Write a task to its row; a paid job goes on even where that fails."""
    journal, now = session.journal, session.row_time
    if journal is None or not task.ref:
        return
    try:
        if task.ref not in session.fences:
            check_same_job(task, (yield Ask(journal, lambda it: it.get(task.ref))))
            claimed: Entry | None = yield Ask(journal, lambda it: it.claim(task.ref, now))
            if claimed is not None:
                session.fences[task.ref] = claimed.fence
        fence = session.fences.get(task.ref, 0)
        yield Ask(journal, lambda it: it.advance(task.ref, fence, task, now, **changes))
    except JournalError as error:
        handle = evolve(task, raw=None).to_json()
        logger.warning("%s. Job %s goes on; its handle: %s", error, task.ref, handle)


def record_accepted(
    session: Session, task: Task, report: Report, raw: str | None = None
) -> Steps[Task]:
    """Note that a job exists, and how it stands."""
    task = _add_expiry(session, advance(task, report, session.now, raw))
    yield Hold(task)
    yield from keep(session, task, lease=0.0)
    emit_state(session, task)
    return task


def _add_expiry(session: Session, task: Task) -> Task:
    """Return a task with the earliest time at which its file may be gone, if the offer tells it."""
    offer = find_offer(session, session.provider_of(task), task.model)
    if task.expires_at or not task.born_at or offer is None or offer.keeps_for is None:
        return task
    return evolve(task, expires_at=task.born_at + timedelta(seconds=offer.keeps_for))


def emit_state(session: Session, task: Task) -> None:
    """Tell the listeners how a task stands."""
    alias, status = task.provider or task.adapter, str(task.status)
    session.emit("state", task, alias, status=status, progress=task.progress)


def is_unbilled(session: Session, task: Task) -> bool:
    """Say whether a job without a video provably cost nothing: the vendor or its offer says so."""
    if task.status == Status.CANCELLED:
        return task.cost == 0
    if task.status != Status.FAILED or task.cost:
        return False
    offer = find_offer(session, session.provider_of(task), task.model)
    return offer is not None and offer.failures_billed is False


def settle(entry: Entry, attempt: Attempt, error: BaseException) -> Steps[NoReturn]:
    """Note the outcome of a submit that ended in an error, and raise what the caller is to see.

    This also runs when the process is interrupted, so it asks the journal once and does nothing else.
    A generator that is closed cannot wait for that, so it blocks.
    """
    session, proves = attempt.session, attempt.judge(error).proves
    if proves == "no job":
        kind = error.kind if isinstance(error, ProviderError) else None
        failure = TaskError(kind, None, str(error))
        failed = evolve(entry.task, status=Status.FAILED, error=failure)
        yield from _note_end(error, _record(session, failed, counts=False, lease=0.0))
        emit_state(session, failed)
        raise error
    now, raw = session.now, attempt.raw
    if attempt.report is not None:
        task = advance(entry.task, attempt.report, now, raw)
    else:
        task = evolve(entry.task, status=Status.AMBIGUOUS, updated_at=now, raw=raw)
    attach_task(error, task)
    yield from _note_end(error, _record(session, task, lease=0.0))
    if proves == "a job":
        raise error
    emit_state(session, task)
    if not isinstance(error, Exception):
        raise error
    raise_ambiguous(task, error.message if isinstance(error, ProviderError) else str(error), error)


def _note_end(error: BaseException, noting: Steps[None]) -> Steps[None]:
    if isinstance(error, GeneratorExit):
        do_now(noting)
    else:
        yield from noting


def raise_ambiguous(task: Task, reason: str, cause: BaseException | None = None) -> NoReturn:
    """Raise the error that says that it is unknown whether a job was created."""
    message = (
        f"{task.provider}: the job may or may not exist ({reason}); it was not sent again. Look for"
        " it at the vendor, then resolve it with its id, or as not created"
    )
    broken = isinstance(cause, PluginError)
    kind = AmbiguousPluginError if broken else AmbiguousSubmitError
    raise kind(message, task=task, advice="resolve") from cause


def explain_failure(task: Task) -> TaskFailedError:
    """Return the error that says why a job ended without a video."""
    error = task.error
    said = (error.message or error.code or error.kind) if error else None
    if not task.id:
        reason = (said or "the submit was interrupted").rstrip(".")
        message = f"{task.provider}: no job was created, and none is billed: {reason}"
        return TaskFailedError(message, task=task)
    message = f"{task.provider}: task {task.id} {task.status}: {said or 'no reason given'}"
    billed = _FAILURES[task.quote.failures_billed if task.quote else None]
    return TaskFailedError(f"{message.rstrip('.')}{billed}", task=task)


# What the offer says of a failed job's bill.
_FAILURES = {None: "", False: "; a failed job is free", True: "; a failed job is billed too"}
