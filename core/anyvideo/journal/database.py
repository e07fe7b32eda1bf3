"""The journal: one SQLite row for each job, committed before anything is paid.

Several processes share the file. The process that works on a job holds its fence, a number that is
raised each time the job is claimed. Every write names the fence and does nothing if the number has
changed, so a process that was taken for dead cannot undo what its successor wrote. A row is leased
to the process that sends the job, for longer than the request can last; no other process judges
the job meanwhile. `sent` is committed just before the paid request leaves, so a row without it
proves that nothing was sent.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve

from anyvideo.errors import JournalError
from anyvideo.files.private import create_private
from anyvideo.journal.budget import Budget, Share, add_up, check_budget, list_limits
from anyvideo.journal.entry import MIGRATIONS, Entry, read_row, read_rows, write_row, write_task
from anyvideo.journal.presence import (
    OpenFiles,
    check_empty,
    find_files,
    retry_while_locked,
    tighten_files,
)
from anyvideo.journal.statements import (
    ADVANCE,
    CLAIM,
    FIND,
    FINISHES,
    INSERT,
    MARK,
    NEWEST,
    PAGE,
    REBASE,
    SELECT,
    USAGE,
)
from anyvideo.model.currency import NO_RATES, Rates
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

VERSION = len(MIGRATIONS)
_APPLICATION = 0x616E7976  # "anyv": tells our files from other SQLite files
_DAY = 86_400


class Journal:
    """The journal in one file, shared by threads and processes.

    Raises:
        JournalError: the file cannot be opened, is not a journal, or was written by a newer version.
    """

    def __init__(self, path: Path | str, *, busy_timeout: float = 30.0) -> None:
        self.path = path
        # An interrupt may leave it held by a frame of this thread, which then notes the outcome.
        self._lock = threading.RLock()
        self._process = os.getpid()
        self._files = OpenFiles()
        with self._guard():
            if path != ":memory:":
                Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                check_empty(path)
                create_private(Path(path))
            self._connection = sqlite3.connect(
                path, timeout=busy_timeout, isolation_level=None, check_same_thread=False
            )
            self._connection.text_factory = _read_text
        try:
            with self._guard():
                self._set_up(busy_timeout)
                self._files = find_files(path)
                if path != ":memory:":
                    tighten_files(Path(path))
        except JournalError:
            self.close()
            raise

    def close(self) -> None:
        """Close the file; a forked process leaves that to the one that opened it."""
        if os.getpid() != self._process:
            return
        with self._lock:
            self._connection.close()

    def adjust(self, now: float) -> float:
        """Return the time by the clock that judges leases, which is the caller's own."""
        return now

    def open(
        self,
        entry: Entry,
        budget: Budget | None = None,
        rates: Rates = NO_RATES,
        shares: Sequence[Share] = (),
    ) -> tuple[Entry, bool]:
        """Add a job before it is sent; return its row, and whether the caller is to send it.

        A row that exists is returned, unless it is proven that no job was created under its ref.

        Raises:
            BudgetError: the job would pass a budget of the day; nothing was added.
        """
        # A power cut may lose a row that was not sent; the next write makes both durable.
        with self._transaction("NORMAL") as connection:
            known = self._find(connection, entry.ref)
            if known is not None and not known.is_void(entry.created):
                return known, False
            now = entry.created
            for share in list_limits(entry, budget, shares):
                given = (now - now % _DAY, entry.ref, now, share.start, share.start)
                check_budget(share.budget, entry, add_up(connection.execute(USAGE, given)), rates)
            opened = evolve(entry, fence=known.fence + 1) if known else entry
            connection.execute(INSERT, write_row(opened))
        return opened, True

    def claim(self, ref: str, now: float, lease: float = 0.0) -> Entry | None:
        """Raise the fence of a job; return None if it does not exist or is leased until later."""
        with self._transaction() as connection:
            if connection.execute(CLAIM, (lease, ref, now)).rowcount == 0:
                return None
            return self._find(connection, ref)

    def rebase(self, entry: Entry, now: float, lease: float) -> None:
        """Move the lease of a row, unless its process has renewed it meanwhile."""
        with self._access() as connection:
            connection.execute(REBASE, (lease, now, entry.ref, entry.fence, entry.lease))

    def newest(self) -> float:
        """Return when the newest job was added, as Unix time."""
        with self._access():
            return self._read_number(NEWEST)

    def mark(self, entry: Entry, now: float, lease: float, *, sent: bool) -> bool:
        """Note that the paid request leaves now, or that it created no job; say if noted."""
        values = (sent, lease, now, entry.ref, entry.fence)
        with self._access() as connection:
            return connection.execute(MARK, values).rowcount == 1

    def advance(  # noqa: PLR0913 (each is a column)
        self,
        ref: str,
        fence: int,
        task: Task,
        now: float,
        *,
        counts: bool | None = None,
        lease: float | None = None,
        path: str | None = None,
        facts: str | None = None,
        took: float | None = None,
    ) -> bool:
        """Note how a job stands, if the fence still holds; say whether that was noted.

        A job that has ended stays as it ended, unless a success without a file turns out to have
        failed. What is None stays as it is.
        """
        values = {
            **write_task(task),
            "ref": ref,
            "fence": fence,
            "now": now,
            "final": task.status.final,
            "counts": counts,
            "lease": lease,
            "path": path,
            "facts": facts,
            "took": took,
        }
        with self._access() as connection:
            return connection.execute(ADVANCE, values).rowcount == 1

    def get(self, ref: str) -> Entry | None:
        """Return the job with exactly this ref."""
        with self._access() as connection:
            return self._find(connection, ref)

    def find(self, name: str, provider: str = "") -> Entry | None:
        """Return the one job with this ref, start of a ref, or vendor's id; at a provider, the id."""
        with self._access() as connection:
            if not provider and (known := self._find(connection, name)):
                return known
            rows = connection.execute(FIND, {"name": name, "provider": provider}).fetchall()
        return read_row(rows[0]) if name and len(rows) == 1 else None

    def page(  # noqa: PLR0913 (each narrows the page)
        self,
        states: Sequence[Status],
        offer: str,
        limit: int,
        before: Entry | None,
        start: str = "",
        *,
        rising: bool = False,
    ) -> list[Entry]:
        """Return the newest jobs in these states, at offers whose name matches wildcards."""
        beyond, order, end = (">", "ASC", float("-inf")) if rising else ("<", "DESC", float("inf"))
        last = (before.created, before.ref) if before else (end, "")
        query = PAGE.format(marks=", ".join("?" * len(states)), beyond=beyond, order=order)
        with self._access() as connection:
            given = (*states, offer, start, start, *last, limit)
            return read_rows(connection.execute(query, given).fetchall())

    def entries(self, states: Sequence[Status] = tuple(Status)) -> list[Entry]:
        """Return the jobs in these states, oldest first."""
        marks = ", ".join("?" * len(states))
        query = f"{SELECT} WHERE state IN ({marks}) ORDER BY created, ref"
        with self._access() as connection:
            rows = connection.execute(query, list(states)).fetchall()
        return read_rows(rows)

    def finishes(self, offer: str, limit: int = 200) -> list[float]:
        """Return how long the latest jobs of an offer took to succeed, sorted, in seconds."""
        with self._access() as connection:
            return sorted(row[0] for row in connection.execute(FINISHES, (offer, limit)))

    def _set_up(self, patience: float) -> None:
        """Make the file a journal of this version, or leave it alone and say why not."""
        connection, version = self._connection, self._read_version()
        retry_while_locked(lambda: connection.execute("PRAGMA journal_mode = WAL"), patience)
        connection.execute("PRAGMA synchronous = FULL")
        if version == VERSION:
            return
        with self._transaction():
            for statement in ";".join(MIGRATIONS[self._read_version() :]).split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            connection.execute(f"PRAGMA user_version = {VERSION}")

    def _read_version(self) -> int:
        """Return the version of the file, which is 0 for an empty one."""
        version = int(self._read_number("PRAGMA user_version"))
        if self._read_number("PRAGMA application_id") == _APPLICATION:
            if version <= VERSION:
                return version
            message = f"journal {self.path} was written by a newer anyvideo; update anyvideo"
            raise JournalError(message)
        if self._read_number("SELECT count(*) FROM sqlite_master"):
            message = f"{self.path} is a database of something else; name another file"
            raise JournalError(message)
        return 0

    def _read_number(self, query: str) -> float:
        number: float = self._connection.execute(query).fetchone()[0]
        return number

    @contextmanager
    def _guard(self) -> Generator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            message = (
                f"journal {self.path}: {error}; repair or move the file, name another folder with"
                " ANYVIDEO_HOME, or pass journal=None to do without"
            )
            raise JournalError(message) from error

    @contextmanager
    def _access(self) -> Generator[sqlite3.Connection]:
        """Give the connection to one thread, for a single statement."""
        if os.getpid() != self._process:
            message = f"journal {self.path} was opened before a fork; open another client after it"
            raise JournalError(message)
        with self._lock, self._guard():
            self._files.check()
            if self._connection.in_transaction:  # what an interrupt left unfinished
                self._connection.execute("ROLLBACK")
            yield self._connection

    @contextmanager
    def _transaction(self, synchronous: str = "FULL") -> Generator[sqlite3.Connection]:
        with self._access() as connection:
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                connection.execute("PRAGMA synchronous = FULL")

    @staticmethod
    def _find(connection: sqlite3.Connection, ref: str) -> Entry | None:
        row = connection.execute(f"{SELECT} WHERE ref = ?", (ref,)).fetchone()
        return read_row(row) if row else None


def _read_text(stored: bytes) -> str:
    """Return a text of the file; bytes that are not UTF-8 damage their own row alone."""
    return stored.decode("utf-8", "replace")
