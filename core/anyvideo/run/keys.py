"""The caller's keys: the job that was sent under one, in any process, is never sent again."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import fields

from anyvideo.errors import JobError
from anyvideo.journal.entry import Entry
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.run import records
from anyvideo.run.leases import Watch, raise_in_flight
from anyvideo.session.session import Session
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Ask, Sleep, Steps

# How often a process looks whether another one has sent the job that both were asked for.
_LOOK_AGAIN = 1.0


def find_submitted(
    session: Session,
    key: str | None,
    plans: Sequence[Plan],
    remixes: str | None = None,
    *,
    wait: bool = True,
) -> Steps[Task | None]:
    """Return the job that was sent under a caller's key, if any; `wait` while one is being sent.

    `plans` are those that may have been sent under the key; `remixes` is the id of the video that
    they remix.

    Raises:
        InFlightError: another process is sending the job, and `wait` is False.
        JournalError: this client has no journal.
        JobError: the key is that of another job.
        AmbiguousSubmitError: the job was sent, and its answer was never seen.
    """
    if key is None:
        return None
    entry = yield from _find_sent(session, key, wait=wait)
    if entry is None:
        return None
    if (different := describe_difference(entry, plans, remixes)) is not None:
        message = (
            f"the key {key!r} is that of another job ({different}); use a key for one job only"
        )
        raise JobError(message, task=entry.task)
    if entry.state == Status.AMBIGUOUS:
        records.raise_ambiguous(entry.task, "an earlier process sent it and did not see the answer")
    return entry.task


def _find_sent(session: Session, key: str, *, wait: bool) -> Steps[Entry | None]:
    """Return the row of a key once no process is sending its job; None if it is free."""
    journal, watch = records.require_journal(session), Watch()
    while True:
        entry: Entry | None = yield Ask(journal, lambda journal: journal.get(key))
        if entry is None:
            return None
        if entry.state == Status.SUBMITTING:
            left = yield from watch.look(session, journal, entry)
            if left > 0:
                if not wait:
                    raise_in_flight(entry, left)
                pause = min(_LOOK_AGAIN, left)
                yield Sleep(pause)
                watch.left -= pause
                continue
        if entry.is_void(session.row_time):
            return None
        if entry.state != Status.SUBMITTING:
            if session.fences.get(key, entry.fence) != entry.fence:
                # Another process took the job over since, and its caller asks this one for it again.
                del session.fences[key]
            return entry
        yield from records.claim(session, key, watch.lease)


def describe_difference(entry: Entry, plans: Sequence[Plan], remixes: str | None) -> str | None:
    """Return in what the job of an entry is none of the plans; None if it is one of them."""
    offers = {f"{plan.provider}/{plan.offer.model}": plan.job for plan in plans}
    if entry.offer not in offers:
        return f"it was sent to {entry.offer}, and this one goes to {' or '.join(offers)}"
    if entry.remixes != remixes or not entry.job:  # older rows hold no job for a remix
        return (
            f"it is a remix of {entry.remixes}" if entry.remixes else "it is no remix of that video"
        )
    before, now = VideoJob.from_json(entry.job), offers[entry.offer]
    names = [item.name for item in fields(VideoJob)]
    different = [name for name in names if getattr(before, name) != getattr(now, name)]
    return f"another {', '.join(different)}" if different else None
