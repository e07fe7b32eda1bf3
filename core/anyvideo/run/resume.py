"""Resumes a job in any process, from its handle or the journal, and resolves an ambiguous one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from attrs import evolve

from anyvideo.adapters.calls import find_operation
from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError, DriftError, JournalError
from anyvideo.journal.entry import Entry
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import plan_candidates
from anyvideo.run import records
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import run_operation
from anyvideo.run.identity import check_same_job
from anyvideo.run.lookups import find_entry
from anyvideo.run.poll import poll
from anyvideo.run.submit import admit, send_plan
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, advance
from anyvideo.transport.steps import Ask, Steps

Handle: TypeAlias = str | bytes | Mapping[str, Any] | Task
"""A task, or what its `to_json()` returned, as text or as the mapping in it."""


def resume(session: Session, handle: Handle) -> Steps[Task]:
    """Return a task as it stands now; this process takes over the journal's row.

    A job whose process ended before it was sent is sent now, within the budget of today.

    Raises:
        BudgetError: it was not sent before, and would pass a budget now.
        DriftError: it was not sent before, and costs something else by now.
        AmbiguousSubmitError: its paid request was sent and no answer was seen; it needs an id.
        ConfigError: it runs at an account that this client does not have.
        InFlightError: another process is sending it.
        JournalError: the journal has another job under its ref, such as one of another host.
    """
    task = handle if isinstance(handle, Task) else Task.from_json(handle)
    provider = session.provider_of(task)
    entry = (yield from _claim(session, task)) if task.ref else None
    if entry is not None:
        provider = session.provider_of(entry.task)
        if entry.is_unsent(session.row_time):
            return (yield from _send(session, provider, entry))
        if entry.task.id or not task.id:
            task = entry.task
        else:
            # The handle knows more: the journal could not be written when the answer came.
            yield from records.keep(session, task)
    if task.status in {Status.AMBIGUOUS, Status.SUBMITTING} and not task.id:
        task = yield from _find_job(session, provider, task)
    if task.status.final:
        return task
    return (yield from poll(session, task, patient=True))


def _claim(session: Session, task: Task) -> Steps[Entry | None]:
    """Take over the row of a task; the row of another job is left to its process."""
    if session.journal is not None:
        known: Entry | None = yield Ask(session.journal, lambda journal: journal.get(task.ref))
        check_same_job(task, known)
    entry = yield from records.claim(session, task.ref)
    check_same_job(task, entry)
    return entry


def _send(session: Session, provider: Provider, entry: Entry) -> Steps[Task]:
    """Send a job that was prepared and never sent, if its price is unchanged."""
    if entry.remixes is not None or not entry.job:
        error = TaskError(None, None, "it was prepared and never sent; make it again")
        failed = evolve(entry.task, status=Status.FAILED, error=error)
        return (yield from records.keep(session, failed, counts=False))
    job = VideoJob.from_json(entry.job)
    plan = plan_candidates(session, job, entry.offer, Policy(retired="allow"))[0]
    if plan.quote.amount != entry.amount:
        message = f"job {entry.ref} was never sent, and costs {plan.quote} by now; plan it again"
        raise DriftError(message)
    # It is submitted now, whenever it was prepared: today's budget has to hold it.
    fresh = evolve(
        entry, created=session.row_time, task=evolve(entry.task, submitted_at=session.now)
    )
    admitted = yield from admit(session, provider, plan, fresh)
    if admitted is None:
        message = f"another process took over the job {entry.ref}"
        raise JournalError(message)
    return (yield from send_plan(session, provider, admitted, plan))


def _find_job(session: Session, provider: Provider, task: Task) -> Steps[Task]:
    """Ask the vendor for a job whose answer was lost, or raise that it stays ambiguous."""
    operation = find_operation(provider.adapter, "find")
    if operation is None:
        records.raise_ambiguous(task, "its answer was never seen")
    provider.require_key()
    attempt = Attempt(session, provider, "find", task)
    report = yield from run_operation(attempt, operation, task)
    if not isinstance(report, Report) or not report.id:
        records.raise_ambiguous(task, "its answer was never seen, and the vendor shows no such job")
    queued = evolve(task, status=Status.QUEUED)
    return (yield from records.record_accepted(session, queued, report, attempt.raw))


def resolve(session: Session, ref: str, task_id: str | None) -> Steps[Task]:
    """Resolve an ambiguous job with its id at the vendor, or as not created.

    Raises:
        ConfigError: the job is not ambiguous, or the id is another job's.
        ProviderError: the vendor does not know the id, or does not say; the job stays ambiguous.
    """
    found = yield from find_entry(session, ref)
    entry = (yield from records.claim(session, found.ref)) or found
    if entry.state != Status.AMBIGUOUS:
        message = f"job {entry.ref} is {entry.state}, not ambiguous; there is nothing to resolve"
        raise ConfigError(message)
    if task_id is None:
        error = TaskError(None, None, "the user says that it was not created")
        task = evolve(entry.task, status=Status.FAILED, error=error)
        return (yield from records.keep(session, task, counts=False))
    journal = records.require_journal(session)
    other: Entry | None = yield Ask(journal, lambda journal: journal.find(task_id))
    if other is not None and other.task.id == task_id and other.ref != entry.ref:
        message = f"{task_id} is the id of another job, {other.ref}"
        raise ConfigError(message)
    task = advance(entry.task, Report(id=task_id), session.now)
    known = yield from poll(session, evolve(task, ref=""), patient=True)
    return (yield from records.keep(session, evolve(known, ref=entry.ref)))
