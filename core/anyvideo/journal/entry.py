"""One job as the journal has it, and the table that holds it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import asdict, field, frozen

from anyvideo.errors import ConfigError, JournalError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

COLUMNS = (
    *("ref", "fence", "state", "sent", "offer", "provider", "task_id", "task", "job", "seconds"),
    *("amount", "currency", "counts", "cost", "created", "updated", "finished", "lease"),
    *("path", "facts"),
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
)
# An answer that nobody could read is kept with its job, so that its user finds the id in it.
_RAW_KEPT = 4096


@frozen
class Entry:
    """One job as the journal has it; times are Unix seconds, `seconds` the ordered length.

    `sent` says that the paid request may have left. `counts` says whether the job counts against
    budgets: until it is proven to be free. `path` is where the file is or is to go; `facts` is what
    was delivered, as JSON.
    """

    ref: str
    offer: str
    task: Task
    job: str = field(repr=False)
    created: float
    fence: int = 1
    sent: bool = False
    seconds: float | None = None
    counts: bool = True
    updated: float = 0.0
    finished: float | None = None
    lease: float = 0.0
    path: str | None = None
    facts: str | None = None

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

    def is_unsent(self, now: float) -> bool:
        """Say whether whoever prepared the job is gone, and had not sent it."""
        return self.state == Status.SUBMITTING and not self.sent and self.lease <= now

    def is_void(self, now: float) -> bool:
        """Say whether it is proven that no job was created, so that its ref is free again."""
        return (self.state == Status.FAILED and not self.task.id) or self.is_unsent(now)


def write_task(task: Task) -> str:
    """Return a task as JSON for the journal: its last body only where nobody could read it."""
    known = asdict(task, filter=_is_kept)
    if task.status == Status.AMBIGUOUS and task.raw:
        known["raw"] = task.raw[:_RAW_KEPT]
    return json.dumps(known, ensure_ascii=False, default=str)


def _is_kept(attribute: Any, value: object) -> bool:  # noqa: ANN401 (the types are those of attrs)
    return value is not None and attribute.name != "raw"


def write_row(entry: Entry) -> dict[str, Any]:
    """Return an entry as the values of the columns."""
    task = entry.task
    return {
        "ref": entry.ref,
        "fence": entry.fence,
        "state": str(task.status),
        "sent": int(entry.sent),
        "offer": entry.offer,
        "provider": task.provider,
        "task_id": task.id,
        "task": write_task(task),
        "job": entry.job,
        "seconds": entry.seconds,
        "amount": None if entry.amount is None else str(entry.amount),
        "currency": entry.currency,
        "counts": int(entry.counts),
        "cost": None if task.cost is None else str(task.cost),
        "created": entry.created,
        "updated": entry.updated,
        "finished": entry.finished,
        "lease": entry.lease,
        "path": entry.path,
        "facts": entry.facts,
    }


def read_row(row: Sequence[Any]) -> Entry:
    """Return the entry that a row holds.

    Raises:
        JournalError: the row has been damaged.
    """
    values = dict(zip(COLUMNS, row, strict=True))
    try:
        return _read(values)
    except (ConfigError, TypeError, ValueError, ArithmeticError) as error:
        message = f"job {values['ref']} in the journal has been damaged: {error}"
        raise JournalError(message) from error


def _read(values: Mapping[str, Any]) -> Entry:
    task = Task.from_json(values["task"])
    names = ("ref", "offer", "job", "created", "fence", "seconds", "updated", "finished", "lease")
    kept = {name: values[name] for name in (*names, "path", "facts")}
    return Entry(task=task, counts=bool(values["counts"]), sent=bool(values["sent"]), **kept)
