"""Looks jobs up in the journal; nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence

from anyvideo.errors import ConfigError, JournalError
from anyvideo.journal.entry import Entry
from anyvideo.journal.record import JobRecord
from anyvideo.run.records import require_journal
from anyvideo.session.session import Session
from anyvideo.tasks.status import Status, find_status
from anyvideo.transport.steps import Ask, Steps


def find_entry(session: Session, name: str) -> Steps[Entry]:
    """Return a journal row by its ref, the start of its ref, or the vendor's id.

    Raises:
        JournalError: there is no such row, or more than one.
    """
    journal = require_journal(session)
    entry: Entry | None = yield Ask(journal, lambda journal: journal.find(name))
    if entry is None:
        message = f"the journal has no job {name!r}, or more than one"
        raise JournalError(message, advice="list_jobs")
    return entry


def find_record(session: Session, name: str) -> Steps[JobRecord]:
    """Return the job that `find_entry` finds, as a record."""
    return JobRecord.of((yield from find_entry(session, name)))


def list_records(
    session: Session, status: str | Sequence[str], offer: str, limit: int, before: str | None
) -> Steps[list[JobRecord]]:
    """Return a page of the jobs in the journal, the newest first.

    Raises:
        ConfigError: a status does not exist.
        JournalError: the journal has no job `before`.
    """
    journal = require_journal(session)
    words = [status] if isinstance(status, str) else status
    states = [_read_status(word) for word in words] or list(Status)
    last = None if before is None else (yield from find_entry(session, before))
    entries: list[Entry] = yield Ask(
        journal, lambda journal: journal.page(states, offer, limit, last)
    )
    return [JobRecord.of(entry) for entry in entries]


def _read_status(word: str) -> Status:
    status = find_status(word)
    if status is None:
        message = f"status {word!r} does not exist; there are {', '.join(Status)}"
        raise ConfigError(message)
    return status
