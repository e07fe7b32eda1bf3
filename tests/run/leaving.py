"""Rows as a process leaves them that is killed."""

from attrs import evolve

from anyvideo.journal.entry import Entry
from anyvideo.run.records import new_entry
from anyvideo.tasks.status import Status
from tests.acme.clients import JOB

MODEL = "acme/acme-1"


def leave(client, *, sent=False, ref="one", job=True, lease=90, remixes=None, **task):
    """Leave a row as a process does that was killed: before the paid request, or inside it."""
    session, plan = client.session, client.plan(JOB, MODEL)
    fresh = new_entry(session, session.provider("acme"), plan, ref).task
    now = session.clock.now()
    text = plan.job.to_json() if job else ""
    entry = Entry(
        ref=ref,
        offer=MODEL,
        task=evolve(fresh, **task),
        job=text,
        created=now,
        lease=now + lease,
        sent=sent,
        seconds=4,
        remixes=remixes,
    )
    session.journal.open(entry)
    session.clock.advance(lease)
    return entry.task


def leave_ambiguous(client, **changes):
    return leave(client, sent=True, status=Status.AMBIGUOUS, lease=0, **changes)
