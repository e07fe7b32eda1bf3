"""The journal in a Postgres database, shared by hosts.

The rows, the fences and the rules are those of the file: the conditions of every write are in its SQL.
The clock that judges leases is the database's. A client measures how far its own is from that one, and
gives every time by the database's clock. The driver is psycopg, of the extra `anyvideo[postgres]`.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from anyvideo.errors import JournalError
from anyvideo.journal import postgres_operations as operations
from anyvideo.journal.budget import Budget
from anyvideo.journal.entry import Entry
from anyvideo.journal.postgres_database import TRY_AGAIN, Database
from anyvideo.journal.postgres_operations import Answer, Operation
from anyvideo.model.currency import NO_RATES, Rates
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

    from anyvideo.journal.postgres_async import AsyncPostgresJournal

T = TypeVar("T")


class PostgresJournal:
    """The journal in one database, shared by threads, processes and hosts.

    Args:
        url: The address, such as "postgresql://user@host/database".
        patience: How long a free connection, or a server that restarts, is waited for, in seconds.
        connect: Whether it connects at once, and not when it is first used.

    Raises:
        ConfigError: the extra `postgres` is not installed.
        JournalError: the database cannot be used, or was migrated by a newer anyvideo.
    """

    def __init__(self, url: str, *, patience: float = 10.0, connect: bool = True) -> None:
        self._database = Database(url, patience)
        self.path = self._database.path
        self._lock = threading.RLock()
        self._pool: ConnectionPool[Any] | None = None
        self._closed = False
        if connect:
            self._open()

    def close(self) -> None:
        """Close the connections; a forked process leaves that to the one that opened them."""
        self._closed = True
        if self._pool is not None and self._database.is_own:
            self._pool.close(timeout=1.0)

    def pair(self) -> AsyncPostgresJournal | None:
        """Return a new twin for the running event loop; None where psycopg cannot use the loop."""
        if type(asyncio.get_running_loop()).__name__ == "ProactorEventLoop":  # that of Windows
            return None
        from anyvideo.journal.postgres_async import AsyncPostgresJournal  # noqa: PLC0415 (an extra)

        return AsyncPostgresJournal(self._database)

    def adjust(self, now: float) -> float:
        """Return the time by the database's clock at a moment of the system's clock."""
        if self._pool is None and not self._database.was_measured:
            self._open()
        return self._database.adjust(now)

    def open(
        self, entry: Entry, budget: Budget | None = None, rates: Rates = NO_RATES
    ) -> tuple[Entry, bool]:
        """Add a job before it is sent; return its row, and whether the caller is to send it.

        Raises:
            BudgetError: the job would pass a budget of the day; nothing was added.
        """
        return self._do(operations.open_row(entry, budget, rates), whole=True)

    def claim(self, ref: str, now: float, lease: float = 0.0) -> Entry | None:
        """Raise the fence of a job; return None if it does not exist or is leased until later."""
        return self._do(operations.claim(ref, now, lease))

    def rebase(self, entry: Entry, now: float, lease: float) -> None:
        """Move the lease of a row, unless its process has renewed it meanwhile."""
        self._do(operations.rebase(entry, now, lease))

    def newest(self) -> float:
        """Return when the newest job was added, as Unix time."""
        return self._do(operations.newest())

    def mark(self, entry: Entry, now: float, lease: float, *, sent: bool) -> bool:
        """Note that the paid request leaves now, or that it created no job; say if noted."""
        return self._do(operations.mark(entry, now, lease, sent=sent))

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
        return self._insist(lambda: operations.advance(ref, fence, task, now, given))

    def get(self, ref: str) -> Entry | None:
        """Return the job with exactly this ref."""
        return self._do(operations.get(ref))

    def find(self, name: str, provider: str = "") -> Entry | None:
        """Return the one job with this ref, start of a ref, or vendor's id; at a provider, the id."""
        return self._do(operations.find(name, provider))

    def page(
        self, states: Sequence[Status], offer: str, limit: int, before: Entry | None
    ) -> list[Entry]:
        """Return the newest jobs in these states, at offers whose name matches wildcards."""
        return self._do(operations.page(states, offer, limit, before))

    def entries(self, states: Sequence[Status] = tuple(Status)) -> list[Entry]:
        """Return the jobs in these states, oldest first."""
        return self._do(operations.entries(states))

    def finishes(self, offer: str, limit: int = 200) -> list[float]:
        """Return how long the latest successful jobs of an offer took, in seconds, shortest first."""
        return self._do(operations.finishes(offer, limit))

    def medians(self) -> dict[str, tuple[float, int]]:
        """Return how long the jobs of each offer took: the median in seconds, and of how many jobs."""
        return self._do(operations.medians())

    def _do(self, operation: Operation[T], *, whole: bool = False) -> T:
        """Execute an operation, in one transaction or statement by statement."""
        with self._access() as connection:
            if not whole:
                return _execute(connection, operation)
            with connection.transaction():
                return _execute(connection, operation)

    def _insist(self, make: Callable[[], Operation[T]]) -> T:
        """Execute an operation that may be executed twice, again where the connection was lost.

        It notes what a vendor has answered, which nobody else knows.
        """
        deadline = time.monotonic() + self._database.patience
        while True:
            try:
                return self._do(make())
            except JournalError as error:
                if not self._database.may_write_again(error, deadline):
                    raise
            time.sleep(TRY_AGAIN)

    @contextmanager
    def _access(self) -> Generator[Connection[Any]]:
        """Give a connection to one thread; each statement is a transaction."""
        self._database.check_process()
        pool = self._open()
        with self._database.guard(), pool.connection() as connection:
            if not self._database.is_measured:
                self._database.note_clock(_execute(connection, operations.read_clock()))
            yield connection

    def _open(self) -> ConnectionPool[Any]:
        """Make the database a journal of this version, once, and return the connections to it."""
        with self._lock:
            if self._closed:
                message = f"journal {self.path} is closed"
                raise JournalError(message)
            if self._pool is None:
                with self._database.guard():
                    self._pool = self._open_pool()
            return self._pool

    def _open_pool(self) -> ConnectionPool[Any]:
        from psycopg_pool import ConnectionPool  # noqa: PLC0415 (an extra)

        # Outside of the pool, which does not say why it cannot connect.
        with self._connect() as connection, connection.transaction():
            version = connection.info.server_version
            _execute(connection, operations.set_up(version, self.path))
            self._database.note_clock(_execute(connection, operations.read_clock()))
        check = ConnectionPool[Any].check_connection
        pool = ConnectionPool[Any](self._database.url, check=check, **self._database.pool_options)
        pool.open()
        return pool

    def _connect(self) -> Connection[Any]:
        import psycopg  # noqa: PLC0415 (an extra)

        deadline = time.monotonic() + self._database.patience
        while True:
            try:
                return psycopg.connect(self._database.url, **self._database.connection_options)
            except psycopg.OperationalError as error:
                if not self._database.may_pass(error, deadline):
                    raise
            time.sleep(TRY_AGAIN)


def _execute(connection: Connection[Any], operation: Operation[T]) -> T:
    try:
        statement = next(operation)
        while True:
            cursor = connection.execute(statement.text, statement.given or None)
            rows = cursor.fetchall() if cursor.description else ()
            statement = operation.send(Answer(rows, cursor.rowcount))
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # the result of the operation
