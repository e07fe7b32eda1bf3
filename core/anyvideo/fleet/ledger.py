"""The list of the fleet as its workers use it: lines are admitted, paced, noted and finished.

Limits of an account hold across all workers, because whoever takes a slot or the moment of a submit
holds the account's lock in the database, and the clock is the database's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from anyvideo.fleet import statements as sql
from anyvideo.fleet.line import Line, LineState, NewLine, join_accounts, split_accounts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

# A vendor counts the requests of a minute as they arrive, up to this long after their moment here.
_LATEST = 2.0
_WINDOW = 60.0 + _LATEST

Accounts: TypeAlias = tuple[str, ...]
"""The aliases of the providers that may get a line's job."""
Defer: TypeAlias = "Callable[[AsyncConnection[Any], Accounts, Sequence[str]], Awaitable[None]]"
"""Hands lines to the engine, in the transaction that admits them."""


@frozen
class AccountLimits:
    """What one account may do at a time, over all workers; None is no limit.

    Attributes:
        jobs_at_once: The most jobs between submit and end.
        submits_per_minute: The most submits in any minute.
    """

    jobs_at_once: int | None = None
    submits_per_minute: int | None = None


class Ledger:
    """The list in one database, through a pool of async connections."""

    def __init__(self, pool: AsyncConnectionPool[Any], limits: Mapping[str, AccountLimits]) -> None:
        self.room = asyncio.Event()  # set when a line may have made room for another one
        self._pool = pool
        self._limits = limits

    async def get(self, ref: str) -> Line | None:
        """Return the line of a name."""
        async with self._pool.connection() as connection:
            row = await _fetch_row(connection, sql.GET, ref=ref)
        if row is None:
            return None
        name, accounts, job, model, target, cost, currency, *rest = row
        amount = None if cost is None else Decimal(cost)
        new = NewLine(name, split_accounts(accounts), job, model, target, amount, currency)
        state, attempt, misses, polled, begun = rest
        return Line(new, LineState(state), attempt, misses, polled, begun)

    async def groups(self, *states: LineState) -> list[Accounts]:
        """Return the accounts of the lines in these states, each group once."""
        found = dict[Accounts, None]()
        async with self._pool.connection() as connection:
            for state in states:
                rows = await connection.execute(sql.GROUPS, {"state": str(state)})
                found |= {split_accounts(names): None for (names,) in await rows.fetchall()}
        return sorted(found)

    async def admit(self, accounts: Accounts, most: int, defer: Defer) -> int:
        """Give slots to the next waiting lines of a group and hand them to the engine; say how many.

        No more than `most` lines of the group are admitted and not submitted yet.
        """
        async with self._lock(accounts) as connection:
            room = await self._find_room(connection, accounts, most)
            if room <= 0:
                return 0
            given = {"accounts": join_accounts(accounts), "room": room}
            rows = await (await connection.execute(sql.ADMIT, given)).fetchall()
            refs = [ref for _, ref in sorted(rows)]
            if refs:
                await connection.execute(sql.TAKE_SLOTS, {"providers": [*accounts], "refs": refs})
                await defer(connection, accounts, refs)
        return len(refs)

    async def _find_room(
        self, connection: AsyncConnection[Any], accounts: Accounts, most: int
    ) -> int:
        taken = await connection.execute(sql.COUNT_SLOTS, {"providers": [*accounts]})
        slots: dict[str, int] = dict(await taken.fetchall())
        row = await _fetch_row(connection, sql.COUNT_ADMITTED, accounts=join_accounts(accounts))
        rooms = [most - (row[0] if row else 0)]
        for alias in accounts:
            limit = self._limits.get(alias, AccountLimits()).jobs_at_once
            if limit is not None:
                rooms.append(limit - slots.get(alias, 0))
        return min(rooms)

    async def reserve(self, ref: str, accounts: Accounts) -> float:
        """Return in how many seconds a line may be submitted; 0 for now.

        A moment that is still to come is kept for the line. A line that comes late for it gets another
        one, and so does a line that has used it: whoever is told 0 counts as one submit.
        """
        paced = {
            alias: limit
            for alias in accounts
            if (limit := self._limits.get(alias, AccountLimits()).submits_per_minute) is not None
        }
        if not paced:
            return 0.0
        async with self._lock(tuple(paced)) as connection:
            now: float = await _read_number(connection, sql.NOW)
            given = {"providers": [*paced], "ref": ref}
            own: float | None = await _read_number(connection, sql.OWN_SUBMIT, **given)
            if own is not None and own > now:
                return own - now
            if own is not None and own > now - _LATEST:
                await connection.execute(sql.USE_SUBMIT, given)
                return 0.0
            await connection.execute(sql.FORGET_SUBMITS, {**given, "before": now - _WINDOW})
            at = now
            for alias, limit in paced.items():
                query = {"provider": alias, "most": limit - 1}
                last = await _read_number(connection, sql.NTH_SUBMIT, **query)
                at = max(at, -1.0 if last is None else last + _WINDOW)
            kept = None if at == now else ref
            await connection.execute(sql.NOTE_SUBMIT, {**given, "ref": kept, "at": at})
        return at - now

    async def note(  # noqa: PLR0913 (each is a column)
        self,
        ref: str,
        *,
        state: LineState | None = None,
        attempt: int | None = None,
        misses: int = 0,
        polled: float | None = None,
        begun: bool = False,
        problem: str = "",
        frees: bool = False,
    ) -> None:
        """Note how far a line is; `frees` gives its slots to others. A final line stays as it is."""
        given = {
            "ref": ref,
            "state": None if state is None else str(state),
            "attempt": attempt,
            "misses": misses,
            "polled": polled,
            "begun": begun,
            "problem": problem.replace("\x00", ""),
        }
        query = sql.NOTE_AND_FREE if frees else sql.NOTE
        async with self._pool.connection() as connection:
            await connection.execute(query, given)
        if frees or state is not None:
            self.room.set()

    @asynccontextmanager
    async def _lock(self, accounts: Accounts) -> AsyncGenerator[AsyncConnection[Any]]:
        """Give a connection whose transaction holds the locks of accounts, in one order for all."""
        async with self._pool.connection() as connection, connection.transaction():
            for alias in sorted(accounts):
                await connection.execute(sql.LOCK_ACCOUNT, {"provider": alias})
            yield connection


async def _fetch_row(
    connection: AsyncConnection[Any],
    query: Any,  # noqa: ANN401 (a literal of `statements`)
    **given: Any,  # noqa: ANN401 (the values of columns)
) -> Any:  # noqa: ANN401 (the values of columns)
    return await (await connection.execute(query, given)).fetchone()


async def _read_number(
    connection: AsyncConnection[Any],
    query: Any,  # noqa: ANN401 (a literal of `statements`)
    **given: Any,  # noqa: ANN401 (the values of columns)
) -> Any:  # noqa: ANN401 (a number, or None where there is no row)
    row = await _fetch_row(connection, query, **given)
    return None if row is None else row[0]
