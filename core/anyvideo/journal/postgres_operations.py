"""What the journal in Postgres does, as statements; the drivers of psycopg execute them.

Every operation is a generator that yields statements and receives their answers, so that threads and
event loops share the rules. Each statement is a transaction, unless the driver begins one.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from typing import Any, LiteralString, TypeAlias, TypeVar

from attrs import evolve, field, frozen

from anyvideo.errors import JournalError
from anyvideo.journal import postgres_statements as sql
from anyvideo.journal.budget import Budget, Share, add_up, check_budget, list_limits
from anyvideo.journal.entry import Entry, read_row, read_rows, write_row, write_task
from anyvideo.model.currency import Rates
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

T = TypeVar("T")
_DAY = 86_400
# Older servers are refused; libpq numbers them so. The tests run with the one that is installed.
_OLDEST_SERVER = 13_00_00


@frozen
class Statement:
    """One statement, and the values that it names."""

    text: LiteralString
    given: Mapping[str, Any] = field(factory=dict[str, Any])


@frozen
class Answer:
    """The rows that a statement returned, and how many it changed."""

    rows: Sequence[Sequence[Any]] = ()
    changed: int = 0


Operation: TypeAlias = Generator[Statement, Answer, T]


def set_up(server: int, path: str) -> Operation[None]:
    """Make the tables of this version, or leave the database alone and say why not.

    This is one transaction. A database whose tables are there is only read.
    """
    if server < _OLDEST_SERVER:
        message = f"journal {path}: the server is Postgres {server // 10_000}; 13 is the oldest"
        raise JournalError(message)
    known = yield Statement(sql.KNOWS_VERSION)
    version = int((yield from _read_number(sql.VERSION))) if known.rows[0][0] else 0
    if version < len(sql.MIGRATIONS):
        yield Statement(sql.LOCK_ALL)
        yield Statement(sql.CREATE_VERSION)
        version = int((yield from _read_number(sql.VERSION)))
    if version > len(sql.MIGRATIONS):
        message = f"journal {path} was migrated by a newer anyvideo; update anyvideo"
        raise JournalError(message)
    for number, migration in enumerate(sql.MIGRATIONS[version:], version + 1):
        yield Statement(migration)
        yield Statement(sql.NOTE_VERSION, {"version": number})


def open_row(
    entry: Entry, budget: Budget | None, rates: Rates, shares: Sequence[Share]
) -> Operation[tuple[Entry, bool]]:
    """Add a row before its job is sent; this is one transaction."""
    limits = list_limits(entry, budget, shares)
    # Whoever adds a job under a budget waits for the sum of whoever came before.
    yield Statement(sql.LOCK_ALL if limits else sql.LOCK_ONE, {"ref": entry.ref})
    known = yield from get(entry.ref)
    if known is not None and not known.is_void(entry.created):
        return known, False
    now = entry.created
    for share in limits:
        given = {"since": now - now % _DAY, "ref": entry.ref, "now": now, "start": share.start}
        usage = yield Statement(sql.USAGE, given)
        check_budget(share.budget, entry, add_up(usage.rows), rates)
    opened = evolve(entry, fence=known.fence + 1) if known else entry
    yield Statement(sql.INSERT, write_row(opened))
    return opened, True


def claim(ref: str, now: float, lease: float) -> Operation[Entry | None]:
    """Raise the fence of a job that is not leased until later."""
    answer = yield Statement(sql.CLAIM, {"ref": ref, "now": now, "lease": lease})
    return read_row(answer.rows[0]) if answer.rows else None


def rebase(entry: Entry, now: float, lease: float) -> Operation[None]:
    """Move the lease of a row, unless it was renewed."""
    given = {"ref": entry.ref, "fence": entry.fence, "before": entry.lease}
    yield Statement(sql.REBASE, {**given, "now": now, "lease": lease})


def mark(entry: Entry, now: float, lease: float, *, sent: bool) -> Operation[bool]:
    """Note whether the paid request leaves; say if that was noted."""
    given = {"ref": entry.ref, "fence": entry.fence, "sent": sent, "now": now, "lease": lease}
    return (yield Statement(sql.MARK, given)).changed == 1


def advance(
    ref: str, fence: int, task: Task, now: float, changes: Mapping[str, Any]
) -> Operation[bool]:
    """Note how a job stands; say if that was noted."""
    known = {"ref": ref, "fence": fence, "now": now, "final": task.status.final}
    answer = yield Statement(sql.ADVANCE, {**write_task(task), **known, **changes})
    return answer.changed == 1


def get(ref: str) -> Operation[Entry | None]:
    """Return the job with exactly this ref."""
    answer = yield Statement(sql.GET, {"ref": ref})
    return read_row(answer.rows[0]) if answer.rows else None


def find(name: str, provider: str) -> Operation[Entry | None]:
    """Return the one job that a name fits."""
    if not provider and (known := (yield from get(name))):
        return known
    answer = yield Statement(sql.FIND, {"name": name, "provider": provider})
    return read_row(answer.rows[0]) if name and len(answer.rows) == 1 else None


def page(  # noqa: PLR0913 (each narrows the page)
    states: Sequence[Status],
    offer: str,
    limit: int,
    before: Entry | None,
    start: str,
    *,
    rising: bool,
) -> Operation[list[Entry]]:
    """Return the newest jobs in these states, or the oldest, whose offer and ref match."""
    end = float("-inf" if rising else "inf")
    created, ref = (before.created, before.ref) if before else (end, "")
    given = {"states": [*map(str, states)], "offer": _write_pattern(offer), "limit": limit}
    given |= {"start": start, "created": created, "ref": ref}
    answer = yield Statement(sql.PAGE_RISING if rising else sql.PAGE, given)
    return read_rows(answer.rows)


def entries(states: Sequence[Status]) -> Operation[list[Entry]]:
    """Return the jobs in these states, oldest first."""
    answer = yield Statement(sql.ENTRIES, {"states": [*map(str, states)]})
    return read_rows(answer.rows)


def finishes(offer: str, limit: int) -> Operation[list[float]]:
    """Return how long the latest successful jobs of an offer took, shortest first."""
    answer = yield Statement(sql.FINISHES, {"offer": offer, "limit": limit})
    return sorted(float(row[0]) for row in answer.rows)


def medians() -> Operation[dict[str, tuple[float, int]]]:
    """Return how long the jobs of each offer took: the median in seconds, and of how many jobs."""
    answer = yield Statement(sql.MEDIANS)
    return {offer: (float(median), int(jobs)) for offer, median, jobs in answer.rows}


def newest() -> Operation[float]:
    """Return when the newest job was added."""
    return (yield from _read_number(sql.NEWEST))


def read_clock() -> Operation[float]:
    """Return the database's time."""
    return (yield from _read_number(sql.NOW))


def _read_number(query: LiteralString) -> Operation[float]:
    answer = yield Statement(query)
    return float(answer.rows[0][0])


def _write_pattern(wildcards: str) -> str:
    """Return `*`, `?` and `[...]` as a regular expression of Postgres."""
    pieces = re.split(r"(\[[^\]]+\]|\*|\?)", wildcards)
    known = {"*": ".*", "?": "."}
    return (
        "^"
        + "".join(
            known.get(piece)
            or (piece if piece.startswith("[") and piece.endswith("]") else re.escape(piece))
            for piece in pieces
        )
        + "$"
    )
