"""The journal in Postgres, asked by an event loop without threads; its rules are the operations'."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from anyvideo.errors import JournalError
from anyvideo.journal import postgres_operations as operations
from anyvideo.journal.budget import Budget
from anyvideo.journal.entry import Entry
from anyvideo.journal.postgres_database import MOST_CONNECTIONS, TRY_AGAIN, Database
from anyvideo.journal.postgres_operations import Answer, Operation
from anyvideo.model.currency import NO_RATES, Rates
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from psycopg import AsyncConnection

T = TypeVar("T")


class AsyncPostgresJournal:
    """The twin of a `PostgresJournal` for one event loop; `PostgresJournal.pair` makes it.

    Its connections are kept here. The pool of psycopg has tasks of its own, which end when a program
    cancels all tasks of the loop, while the outcome of a job is still to be written.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self.path = database.path
        self._lock = asyncio.Lock()
        self._gate = asyncio.Semaphore(MOST_CONNECTIONS)
        self._idle: list[AsyncConnection[Any]] = []
        self._opened = self._closed = False

    async def close(self) -> None:
        """Close the connections of this loop; a second time does nothing."""
        self._closed = True
        while self._idle:
            await self._idle.pop().close()

    async def prepare(self) -> None:
        """Connect, and measure how far the clocks are from each other.

        Raises:
            JournalError: the database cannot be used, or was migrated by a newer anyvideo.
        """
        if not self._opened or not self._database.is_measured:
            async with self._access():
                pass

    async def open(
        self, entry: Entry, budget: Budget | None = None, rates: Rates = NO_RATES
    ) -> tuple[Entry, bool]:
        """Add a job before it is sent; return its row, and whether the caller is to send it.

        Raises:
            BudgetError: the job would pass a budget of the day; nothing was added.
        """
        return await self._do(operations.open_row(entry, budget, rates), whole=True)

    async def claim(self, ref: str, now: float, lease: float = 0.0) -> Entry | None:
        """Raise the fence of a job; return None if it does not exist or is leased until later."""
        return await self._do(operations.claim(ref, now, lease))

    async def rebase(self, entry: Entry, now: float, lease: float) -> None:
        """Move the lease of a row, unless its process has renewed it meanwhile."""
        await self._do(operations.rebase(entry, now, lease))

    async def newest(self) -> float:
        """Return when the newest job was added, as Unix time."""
        return await self._do(operations.newest())

    async def mark(self, entry: Entry, now: float, lease: float, *, sent: bool) -> bool:
        """Note that the paid request leaves now, or that it created no job; say if noted."""
        return await self._do(operations.mark(entry, now, lease, sent=sent))

    async def advance(  # noqa: PLR0913 (each is a column)
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
        return await self._insist(lambda: operations.advance(ref, fence, task, now, given))

    async def get(self, ref: str) -> Entry | None:
        """Return the job with exactly this ref."""
        return await self._do(operations.get(ref))

    async def find(self, name: str, provider: str = "") -> Entry | None:
        """Return the one job with this ref, start of a ref, or vendor's id; at a provider, the id."""
        return await self._do(operations.find(name, provider))

    async def page(
        self, states: Sequence[Status], offer: str, limit: int, before: Entry | None
    ) -> list[Entry]:
        """Return the newest jobs in these states, at offers whose name matches wildcards."""
        return await self._do(operations.page(states, offer, limit, before))

    async def entries(self, states: Sequence[Status] = tuple(Status)) -> list[Entry]:
        """Return the jobs in these states, oldest first."""
        return await self._do(operations.entries(states))

    async def finishes(self, offer: str, limit: int = 200) -> list[float]:
        """Return how long the latest successful jobs of an offer took, in seconds, shortest first."""
        return await self._do(operations.finishes(offer, limit))

    async def _do(self, operation: Operation[T], *, whole: bool = False) -> T:
        """Execute an operation, in one transaction or statement by statement."""
        async with self._access() as connection:
            if not whole:
                return await _execute(connection, operation)
            async with connection.transaction():
                return await _execute(connection, operation)

    async def _insist(self, make: Callable[[], Operation[T]]) -> T:
        """Execute an operation that may be executed twice, again where the connection was lost.

        It notes what a vendor has answered, which nobody else knows.
        """
        deadline = time.monotonic() + self._database.patience
        while True:
            try:
                return await self._do(make())
            except JournalError as error:
                if not self._database.may_write_again(error, deadline):
                    raise
            await asyncio.sleep(TRY_AGAIN)

    @asynccontextmanager
    async def _access(self) -> AsyncGenerator[AsyncConnection[Any]]:
        """Give a connection to one task; each statement is a transaction."""
        self._database.check_process()
        async with self._gate:
            with self._database.guard():
                await self._open()
                connection = await self._take()
                try:
                    if not self._database.is_measured:
                        moment = await _execute(connection, operations.read_clock())
                        self._database.note_clock(moment)
                    yield connection
                finally:
                    await self._give_back(connection)

    async def _open(self) -> None:
        """Make the database a journal of this version, once."""
        async with self._lock:
            if self._closed:
                message = f"journal {self.path} is closed"
                raise JournalError(message)
            if self._opened:
                return
            connection = await self._connect()
            try:
                async with connection.transaction():
                    version = connection.info.server_version
                    await _execute(connection, operations.set_up(version, self.path))
                    self._database.note_clock(await _execute(connection, operations.read_clock()))
                self._opened = True
            finally:
                await self._give_back(connection)

    async def _take(self) -> AsyncConnection[Any]:
        """Return a connection that works."""
        import psycopg  # noqa: PLC0415 (an extra)

        while self._idle:
            connection = self._idle.pop()
            try:
                await connection.execute("")
            except psycopg.OperationalError:
                await connection.close()
            else:
                return connection
        return await self._connect()

    async def _give_back(self, connection: AsyncConnection[Any]) -> None:
        """Keep a connection for the next task; one in the midst of a statement is of no use."""
        if (
            self._closed
            or not self._opened
            or connection.closed
            or connection.info.transaction_status
        ):
            await connection.close()
        else:
            self._idle.append(connection)

    async def _connect(self) -> AsyncConnection[Any]:
        import psycopg  # noqa: PLC0415 (an extra)

        url, options = self._database.url, self._database.connection_options
        deadline = time.monotonic() + self._database.patience
        while True:
            try:
                return await psycopg.AsyncConnection.connect(url, **options)
            except psycopg.OperationalError as error:
                if not self._database.may_pass(error, deadline):
                    raise
            await asyncio.sleep(TRY_AGAIN)


async def _execute(connection: AsyncConnection[Any], operation: Operation[T]) -> T:
    try:
        statement = next(operation)
        while True:
            cursor = await connection.execute(statement.text, statement.given or None)
            rows = await cursor.fetchall() if cursor.description else ()
            statement = operation.send(Answer(rows, cursor.rowcount))
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # the result of the operation
