"""Takes a job up again, in any process: from its handle, or from the journal."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from attrs import evolve

from anyvideo.adapters.calls import find_operation, start_flow
from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError, DriftError, JournalError
from anyvideo.journal.entry import Entry
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import plan_candidates
from anyvideo.run.attempt import Trace
from anyvideo.run.poll import poll
from anyvideo.run.records import GRACE, accept, claim, demand_journal, is_free, raise_ambiguous
from anyvideo.run.submit import send_plan
from anyvideo.session.session import Session
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, advance
from anyvideo.transport.steps import Call, Steps

Handle = str | bytes | Mapping[str, Any] | Task


def read_handle(handle: Handle) -> Task:
    """Return the task of a handle.

    Raises:
        ConfigError: it is none.

    """
    return handle if isinstance(handle, Task) else Task.from_json(handle)


def resume(session: Session, handle: Handle) -> Steps[Task]:
    """Return a task as it stands now; the journal's row is taken over by this process.

    A job that was prepared, and whose process died before it was sent, is sent now.

    Raises:
        AmbiguousSubmitError: its paid request was sent and no answer was seen: it needs an id.
        ConfigError: it runs at an account that this client does not have.
        JournalError: another process is sending it.

    """
    task = read_handle(handle)
    provider = session.provider_of(task)
    entry = (yield from claim(session, task.ref)) if task.ref else None
    if entry is not None:
        provider = session.provider_of(entry.task)
        if entry.is_unsent(session.clock.now()):
            return (yield from _send(session, provider, entry))
        if entry.task.id or not task.id:
            task = entry.task
        else:
            # The handle knows more: the journal could not be written when the answer came.
            yield from session.keep(task)
    if task.status in {Status.AMBIGUOUS, Status.SUBMITTING} and not task.id:
        task = yield from _reconcile(session, provider, task)
    if task.status.final:
        return task
    return (yield from poll(session, task, patient=True))


def _send(session: Session, provider: Provider, entry: Entry) -> Steps[Task]:
    """Send a job that was prepared and never sent, if it still is what it was."""
    if not entry.job:
        error = TaskError(None, None, "it was prepared and never sent; make it again")
        failed = evolve(entry.task, status=Status.FAILED, error=error)
        return (yield from session.keep(failed, counts=False))
    job = VideoJob.from_json(entry.job)
    plan = plan_candidates(session, job, entry.offer, Policy(retired="allow"))[0]
    if plan.quote.amount != entry.amount:
        message = f"job {entry.ref} was never sent, and costs {plan.quote} by now; plan it again"
        raise DriftError(message)
    journal, now = demand_journal(session), session.clock.now()
    lease = now + provider.timeout + GRACE
    held: bool = yield Call(partial(journal.mark, entry, now, lease, sent=False))
    if not held:
        message = f"another process took over the job {entry.ref}"
        raise JournalError(message)
    return (yield from send_plan(session, provider, entry, plan))


def _reconcile(session: Session, provider: Provider, task: Task) -> Steps[Task]:
    """Ask the vendor for a job whose answer was lost, where the adapter knows how.

    Raises:
        AmbiguousSubmitError: it does not, or the vendor has none.

    """
    operation = find_operation(provider.adapter, "find")
    if operation is None:
        raise_ambiguous(task, "its answer was never seen")
    provider.demand_key()
    trace = Trace("find", task)

    def attempt() -> Steps[object]:
        flow = start_flow(provider.adapter, "find", operation, task)
        return (yield from session.exchange(provider, flow, trace))

    report = yield from session.repeat(provider, attempt, trace)
    if not isinstance(report, Report) or not report.id:
        raise_ambiguous(task, "its answer was never seen, and the vendor shows no such job")
    return (yield from accept(session, evolve(task, status=Status.QUEUED), report, trace.raw))


def find_entry(session: Session, name: str) -> Steps[Entry]:
    """Return a journal row by its ref, the start of its ref, or the vendor's id.

    Raises:
        JournalError: there is no such job, or no journal.

    """
    journal = demand_journal(session)
    entry: Entry | None = yield Call(partial(journal.find, name))
    if entry is None:
        message = f"the journal has no job {name!r}; `anyvideo jobs` lists them"
        raise JournalError(message)
    return entry


def settle(session: Session, ref: str, task_id: str | None) -> Steps[Task]:
    """Settle an ambiguous job with what the user found: its id at the vendor, or that it is not there.

    An id is taken once the vendor knows it.

    Raises:
        ConfigError: the job is not ambiguous, or the id is another job's.
        ProviderError: the vendor does not know the id, or does not say; the job stays ambiguous.

    """
    found = yield from find_entry(session, ref)
    entry = (yield from claim(session, found.ref)) or found
    if entry.state != Status.AMBIGUOUS:
        message = f"job {entry.ref} is {entry.state}, not ambiguous; there is nothing to settle"
        raise ConfigError(message)
    if task_id is None:
        error = TaskError(None, None, "the user says that it was not created")
        task = evolve(entry.task, status=Status.FAILED, error=error)
        return (yield from session.keep(task, counts=False))
    other: Entry | None = yield Call(partial(demand_journal(session).find, task_id))
    if other is not None and other.task.id == task_id and other.ref != entry.ref:
        message = f"{task_id} is the id of another job, {other.ref}"
        raise ConfigError(message)
    task = advance(entry.task, Report(id=task_id), session.now)
    known = yield from poll(session, evolve(task, ref=""), patient=True)
    free = is_free(session, known)
    task = evolve(known, ref=entry.ref)
    return (yield from session.keep(task, counts=False if free else None))
