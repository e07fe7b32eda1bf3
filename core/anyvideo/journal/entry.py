"""One job as the journal has it, and the table that holds it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from attrs import asdict, field, fields, frozen

from anyvideo.errors import ConfigError, JournalError
from anyvideo.outcomes import UNSENT, Outcome, judge_record
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

logger = logging.getLogger("anyvideo")

COLUMNS = (
    *("ref", "fence", "state", "sent", "offer", "provider", "task_id", "task", "job", "seconds"),
    *("amount", "currency", "counts", "cost", "created", "updated", "finished", "lease"),
    *("path", "facts", "took", "remixes"),
)


# Each leads from one version of the file to the next; those that were released never change.
MIGRATIONS = (
    """
    CREATE TABLE job (
        ref TEXT PRIMARY KEY, fence INTEGER NOT NULL, state TEXT NOT NULL, sent INTEGER NOT NULL,
        offer TEXT NOT NULL, provider TEXT NOT NULL, task_id TEXT NOT NULL, task TEXT NOT NULL,
        job TEXT NOT NULL, seconds REAL, amount TEXT, currency TEXT NOT NULL,
        counts INTEGER NOT NULL, cost TEXT, created REAL NOT NULL, updated REAL NOT NULL,
        finished REAL, lease REAL NOT NULL, path TEXT, facts TEXT
    ) WITHOUT ROWID;
    CREATE INDEX job_by_day ON job (created);
    CREATE INDEX job_by_offer ON job (offer, finished) WHERE state = 'succeeded';
    """,
    "ALTER TABLE job ADD COLUMN took REAL;",
    "ALTER TABLE job ADD COLUMN remixes TEXT;",
)
# An answer that could not be read is kept with its job, because it may hold the id.
_RAW_KEPT = 4096


@frozen
class Entry:
    """One job as the journal has it.

    Attributes:
        ref: The job's own name.
        offer: The offer, as "provider/model".
        task: How the job stands.
        job: The granted job as JSON; empty for a remix of an older version.
        created: When it was added, as Unix time, as all times are.
        fence: The number that the process which works on the job must name.
        sent: Whether the paid request may have left.
        seconds: The ordered length of the video.
        counts: Whether the job counts against budgets: until it is proven to be free.
        updated: When it changed last.
        finished: When it ended.
        lease: Until when only the process that sends the job may touch it.
        path: Where the file is or is to go; "" where its owner deleted it.
        facts: What was delivered, as JSON.
        took: How long the vendor took, in seconds, if the polls were close enough to tell.
        remixes: The id of the task whose video it remixes.
    """

    ref: str
    offer: str
    task: Task
    job: str = field(repr=False)
    created: float
    fence: int = 1
    sent: bool = field(default=False, converter=bool)
    seconds: float | None = None
    counts: bool = field(default=True, converter=bool)
    updated: float = 0.0
    finished: float | None = None
    lease: float = 0.0
    path: str | None = None
    facts: str | None = None
    took: float | None = None
    remixes: str | None = None

    @property
    def state(self) -> Status:
        """Where the job stands."""
        return self.task.status

    @property
    def amount(self) -> Decimal | None:
        """What was quoted."""
        return self.task.quote.amount if self.task.quote else None

    @property
    def currency(self) -> str:
        """The currency of the quote and of the bill."""
        return self.task.quote.currency if self.task.quote else "USD"

    @property
    def outcome(self) -> Outcome:
        """What is known of the paid request, once no process works on the job."""
        sent = self.sent or self.state != Status.SUBMITTING
        return judge_record(sent=sent, named=bool(self.task.id), failed=self.state == Status.FAILED)

    def is_unsent(self, now: float) -> bool:
        """Say whether the process that prepared the job ended before it sent anything."""
        return self.outcome is UNSENT and self.lease <= now

    def is_void(self, now: float) -> bool:
        """Say whether it is proven that no job was created, so that its ref is free again."""
        leased = self.state == Status.SUBMITTING and self.lease > now
        return self.outcome.proves == "no job" and not leased


_KEPT = tuple(attribute.name for attribute in fields(Entry) if attribute.name != "task")


_TIMES = ("created", "updated", "finished", "lease", "seconds", "took")
_DOCUMENTS = ("job", "facts")


def write_row(entry: Entry) -> dict[str, Any]:
    """Return an entry as the values of the columns."""
    return {name: getattr(entry, name) for name in _KEPT} | {
        **write_task(entry.task),
        "provider": entry.task.provider,
        "amount": None if entry.amount is None else str(entry.amount),
        "currency": entry.currency,
    }


def write_task(task: Task) -> dict[str, Any]:
    """Return the columns that a task fills; its last body is kept only where the job is ambiguous."""
    known = asdict(task, filter=lambda _, value: value is not None)
    raw = known.pop("raw", "")[:_RAW_KEPT]
    if raw and task.status == Status.AMBIGUOUS:
        known["raw"] = raw
    return {
        "state": str(task.status),
        "task_id": task.id,
        "task": json.dumps(known, ensure_ascii=False, default=str),
        "cost": None if task.cost is None else str(task.cost),
    }


def read_rows(rows: Iterable[Sequence[Any]]) -> list[Entry]:
    """Return the entries of rows; one that is damaged is reported and left out."""
    entries: list[Entry] = []
    for row in rows:
        try:
            entries.append(read_row(row))
        except JournalError as error:
            logger.warning("%s; it is left out here", error)
    return entries


def read_row(row: Sequence[Any]) -> Entry:
    """Return the entry that a row holds, or raise a JournalError if it has been damaged."""
    values = dict(zip(COLUMNS, row, strict=True))
    try:
        task = Task.from_json(values["task"])
        for name in _TIMES:
            values[name] = None if values[name] is None else float(values[name])
        for name in _DOCUMENTS:
            dict(json.loads(values[name] or "{}"))
        return Entry(task=task, **{name: values[name] for name in _KEPT})
    except (ConfigError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        reason = error.__cause__ or error
        message = f"job {values['ref']} in the journal has been damaged: {reason}"
        raise JournalError(message) from error
