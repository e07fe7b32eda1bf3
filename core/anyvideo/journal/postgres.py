"""The journal in a Postgres database, shared by hosts.

The rows, the fences and the rules are those of the file: the conditions of every write are in its SQL.
The clock that judges leases is the database's. A client measures how far its own is from that one, and
gives every time by the database's clock. The driver is psycopg, of the extra `anyvideo[postgres]`.
"""

from __future__ import annotations

import logging
import os
import re
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, LiteralString
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve

from anyvideo.errors import ConfigError, JournalError
from anyvideo.journal import postgres_statements as sql
from anyvideo.journal.budget import Budget, add_up, check_budget
from anyvideo.journal.entry import Entry, read_row, read_rows, write_row, write_task
from anyvideo.model.currency import NO_RATES, Rates
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from psycopg import Connection

# How long the distance of two clocks is used before it is measured again, in seconds.
_MEASURED_HOLDS = 30.0
# Older servers are refused; libpq numbers them so. The tests run with the one that is installed.
_OLDEST_SERVER = 13_00_00
_CONNECTIONS = 8


class PostgresJournal:
    """The journal in one database, shared by threads, processes and hosts.

    Args:
        url: The address, such as "postgresql://user@host/database".
        patience: How long a free connection, or a server that restarts, is waited for, in seconds.

    Raises:
        ConfigError: the extra `postgres` is not installed.
        JournalError: the database cannot be used, or was migrated by a newer anyvideo.
    """

    def __init__(self, url: str, *, patience: float = 10.0) -> None:
        try:
            import psycopg  # noqa: PLC0415 (an extra)
            from psycopg_pool import ConnectionPool  # noqa: PLC0415 (the same)
        except ImportError as error:
            message = (
                "a journal in Postgres needs the extra postgres: pip install 'anyvideo[postgres]'"
            )
            raise ConfigError(message) from error
        self.path = hide_password(url)
        # Each failed connection is a line of its log; without a handler, Python would print it.
        logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())
        self._errors = (psycopg.Error, OSError, ValueError)
        self._process = os.getpid()
        self._offset, self._measured = 0.0, -_MEASURED_HOLDS
        self._pool = ConnectionPool(
            url,
            min_size=0,
            max_size=_CONNECTIONS,
            timeout=patience,
            reconnect_timeout=patience,
            check=ConnectionPool.check_connection,
            kwargs={"autocommit": True, "application_name": "anyvideo"},
            open=False,
        )
        with self._guard():
            self._pool.open()
        try:
            with self._transaction() as connection:
                self._set_up(connection)
        except JournalError:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections; a forked process leaves that to the one that opened them."""
        if os.getpid() == self._process:
            self._pool.close()

    def adjust(self, now: float) -> float:
        """Return the time by the database's clock at a moment of the system's clock."""
        return now + self._offset

    def open(
        self, entry: Entry, budget: Budget | None = None, rates: Rates = NO_RATES
    ) -> tuple[Entry, bool]:
        """Add a job before it is sent; return its row, and whether the caller is to send it.

        Raises:
            BudgetError: the job would pass a budget of the day; nothing was added.
        """
        with self._transaction() as connection:
            limited = budget is not None and not budget.is_open
            # Whoever adds a job under a budget waits for the sum of whoever came before.
            connection.execute(sql.LOCK_ALL if limited else sql.LOCK_ONE, {"ref": entry.ref})
            known = self._find(connection, entry.ref)
            if known is not None and not known.is_void(entry.created):
                return known, False
            if budget is not None and limited:
                now, day = entry.created, 86_400
                given = {"since": now - now % day, "ref": entry.ref, "now": now}
                check_budget(budget, entry, add_up(connection.execute(sql.USAGE, given)), rates)
            opened = evolve(entry, fence=known.fence + 1) if known else entry
            connection.execute(sql.INSERT, write_row(opened))
        return opened, True

    def claim(self, ref: str, now: float, lease: float = 0.0) -> Entry | None:
        """Raise the fence of a job; return None if it does not exist or is leased until later."""
        with self._access() as connection:
            row = connection.execute(sql.CLAIM, {"ref": ref, "now": now, "lease": lease}).fetchone()
        return None if row is None else read_row(row)

    def rebase(self, entry: Entry, now: float, lease: float) -> None:
        """Move the lease of a row, unless its process has renewed it meanwhile."""
        given = {"ref": entry.ref, "fence": entry.fence, "before": entry.lease}
        with self._access() as connection:
            connection.execute(sql.REBASE, {**given, "now": now, "lease": lease})

    def newest(self) -> float:
        """Return when the newest job was added, as Unix time."""
        with self._access() as connection:
            return self._read_number(connection, sql.NEWEST)

    def mark(self, entry: Entry, now: float, lease: float, *, sent: bool) -> bool:
        """Note that the paid request leaves now, or that it created no job; say if noted."""
        given = {"ref": entry.ref, "fence": entry.fence, "sent": sent, "now": now, "lease": lease}
        with self._access() as connection:
            return connection.execute(sql.MARK, given).rowcount == 1

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
        """Note how a job stands, if the fence still holds; say whether that was noted."""
        given = {"counts": counts, "lease": lease, "path": path, "facts": facts, "took": took}
        known = {"ref": ref, "fence": fence, "now": now, "final": task.status.final}
        with self._access() as connection:
            return connection.execute(sql.ADVANCE, write_task(task) | known | given).rowcount == 1

    def get(self, ref: str) -> Entry | None:
        """Return the job with exactly this ref."""
        with self._access() as connection:
            return self._find(connection, ref)

    def find(self, name: str, provider: str = "") -> Entry | None:
        """Return the one job with this ref, start of a ref, or vendor's id; at a provider, the id."""
        with self._access() as connection:
            if not provider and (known := self._find(connection, name)):
                return known
            rows = connection.execute(sql.FIND, {"name": name, "provider": provider}).fetchall()
        return read_row(rows[0]) if name and len(rows) == 1 else None

    def page(
        self, states: Sequence[Status], offer: str, limit: int, before: Entry | None
    ) -> list[Entry]:
        """Return the newest jobs in these states, at offers whose name matches wildcards."""
        created, ref = (before.created, before.ref) if before else (float("inf"), "")
        given = {"states": [*map(str, states)], "offer": _write_pattern(offer), "limit": limit}
        with self._access() as connection:
            rows = connection.execute(sql.PAGE, {**given, "created": created, "ref": ref})
            return read_rows(rows.fetchall())

    def entries(self, states: Sequence[Status] = tuple(Status)) -> list[Entry]:
        """Return the jobs in these states, oldest first."""
        with self._access() as connection:
            rows = connection.execute(sql.ENTRIES, {"states": [*map(str, states)]})
            return read_rows(rows.fetchall())

    def finishes(self, offer: str, limit: int = 200) -> list[float]:
        """Return how long the latest successful jobs of an offer took, in seconds, shortest first."""
        with self._access() as connection:
            rows = connection.execute(sql.FINISHES, {"offer": offer, "limit": limit}).fetchall()
        return sorted(float(row[0]) for row in rows)

    def _set_up(self, connection: Connection[Any]) -> None:
        """Make the tables of this version, or leave the database alone and say why not."""
        server = connection.info.server_version
        if server < _OLDEST_SERVER:
            message = (
                f"journal {self.path}: the server is Postgres {server // 10_000}; 13 is the oldest"
            )
            raise JournalError(message)
        connection.execute(sql.LOCK_ALL)
        connection.execute(sql.CREATE_VERSION)
        version = int(self._read_number(connection, sql.VERSION))
        if version > len(sql.MIGRATIONS):
            message = f"journal {self.path} was migrated by a newer anyvideo; update anyvideo"
            raise JournalError(message)
        for number, migration in enumerate(sql.MIGRATIONS[version:], version + 1):
            connection.execute(migration)
            connection.execute(sql.NOTE_VERSION, {"version": number})

    @staticmethod
    def _read_number(connection: Connection[Any], query: LiteralString) -> float:
        row: Any = connection.execute(query).fetchone()
        return float(row[0])

    @staticmethod
    def _find(connection: Connection[Any], ref: str) -> Entry | None:
        row = connection.execute(sql.GET, {"ref": ref}).fetchone()
        return None if row is None else read_row(row)

    @contextmanager
    def _guard(self) -> Generator[None]:
        try:
            yield
        except self._errors as error:
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            message = (
                f"journal {self.path}: {reason}; see that the server runs and its address is right"
            )
            raise JournalError(message) from error

    @contextmanager
    def _access(self) -> Generator[Connection[Any]]:
        """Give a connection to one thread; each statement is a transaction."""
        if os.getpid() != self._process:
            message = f"journal {self.path} was opened before a fork; open another client after it"
            raise JournalError(message)
        with self._guard(), self._pool.connection() as connection:
            if time.monotonic() - self._measured >= _MEASURED_HOLDS:
                self._offset = self._read_number(connection, sql.NOW) - time.time()
                self._measured = time.monotonic()
            yield connection

    @contextmanager
    def _transaction(self) -> Generator[Connection[Any]]:
        with self._access() as connection, connection.transaction():
            yield connection


def hide_password(url: str) -> str:
    """Return an address without its password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "postgresql://..."
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit((parts.scheme, f"{user}{host}", parts.path, "", ""))


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
