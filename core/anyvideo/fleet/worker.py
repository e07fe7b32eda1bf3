"""A worker of the fleet: admits lines, makes their steps, gives back what dead workers had."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from attrs import define, field

from anyvideo.errors import ConfigError
from anyvideo.fleet.client import FleetClient
from anyvideo.fleet.course import Course
from anyvideo.fleet.database import connect, find_groups, guard_database, require_address
from anyvideo.fleet.engine import Engine
from anyvideo.fleet.ledger import AccountLimits, Accounts, Ledger
from anyvideo.fleet.line import LineState
from anyvideo.fleet.results import check_place
from anyvideo.run.records import require_journal
from anyvideo.signals import stop_at_signals

if TYPE_CHECKING:
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

    from anyvideo.client.core import ConfigSource

logger = logging.getLogger("anyvideo")

# How often a worker looks whether lines wait for it, in seconds.
_TICK = 0.5
# How long the lines are gathered that make room for others, in seconds.
_GATHER = 0.1
_CONNECTIONS = 8
# How long a connection that was found alive is used without another look, in seconds.
_TRUSTED = 1.0
# How long a statement waits for a server that restarts, in seconds.
_PATIENCE = 30.0


@define
class Worker:
    """One process that works on the list, until it is stopped or, if it drains, nothing is left.

    Attributes:
        config: The settings, which name the database and the limits of the accounts.
        base: The folder or URL below which videos go that name no place of their own.
        at_once: The most steps that are made at the same time.
        drains: Whether to end once nothing is left.
        silence: After which silence of a worker the others go on with its lines, in seconds.
        on_begin: Called when everything has been checked and the work begins.
    """

    config: ConfigSource = None
    base: str = "."
    at_once: int = 64
    drains: bool = False
    on_begin: Callable[[], object] = lambda: None
    silence: float = 15.0
    _client: FleetClient = field(init=False)
    _ledger: Ledger = field(init=False)
    _engine: Engine = field(init=False)
    _stop: asyncio.Event = field(factory=asyncio.Event, init=False)
    _refused: set[str] = field(factory=set[str], init=False)
    _groups: set[Accounts] = field(factory=set[Accounts], init=False)

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT, or until nothing is left.

        Raises:
            ConfigError: the journal is a file, an extra is missing, the results cannot be written, or
                no account of the lines has a key.
            JournalError: the database cannot be used.
        """
        async with FleetClient(self.config) as client:
            self._client = client
            address = require_address(client.session.config)
            check_place(self.base)
            with connect(address) as connection:
                groups = find_groups(connection)
            self._groups = {accounts for accounts in groups if self._is_usable(accounts)}
            if groups and not self._groups:
                raise ConfigError(sorted(self._refused), advice="set_key")
            async with _open_pool(address) as pool:
                await self._serve(pool, address)

    async def _serve(self, pool: AsyncConnectionPool[Any], address: str) -> None:
        config, journal = self._client.session.config, require_journal(self._client.session)
        limits = {
            alias: AccountLimits(item.jobs_at_once, item.submits_per_minute)
            for alias, item in config.providers.items()
        }
        self._ledger = Ledger(pool, limits)
        course = Course(self._client, self._ledger, self.base)
        self._engine = Engine(pool, course.advance, journal.adjust, self.silence)
        asyncio.get_running_loop().set_exception_handler(_note_error)
        self.on_begin()
        with stop_at_signals(self._stop.set), guard_database(address):
            async with self._engine.app.open_async(pool):
                chores = [
                    asyncio.create_task(self._repeat(_TICK, self._admit, self._ledger.room)),
                    asyncio.create_task(self._repeat(self.silence / 3, self._engine.rescue)),
                ]
                try:
                    await self._work()
                finally:
                    self._stop.set()
                    self._ledger.room.set()
                    await asyncio.wait(chores, timeout=_TICK)
                    for chore in chores:
                        chore.cancel()
                    await asyncio.gather(*chores, return_exceptions=True)

    async def _work(self) -> None:
        """Run the engine, anew after the database was away or other accounts have lines."""
        while not self._stop.is_set():
            groups = frozenset(self._groups)
            engine = asyncio.create_task(self._engine.work(groups, self.at_once))
            watch = asyncio.create_task(self._watch(groups))
            await asyncio.wait([engine, watch], return_when=asyncio.FIRST_COMPLETED)
            broke = engine.done()
            watch.cancel()
            engine.cancel()
            await asyncio.gather(engine, watch, return_exceptions=True)
            if broke:
                logger.warning("the database was away; the worker begins anew")
                await _wait(self._stop, _TICK)

    async def _watch(self, groups: frozenset[Accounts]) -> None:
        """Return when the engine is to stop: by a signal, at the end, or for other accounts."""
        while not self._stop.is_set() and groups == frozenset(self._groups):
            await _wait(self._stop, _TICK)

    async def _repeat(
        self,
        seconds: float,
        work: Callable[[], Coroutine[Any, Any, None]],
        wake: asyncio.Event | None = None,
    ) -> None:
        """Do a chore now and then; one that fails is done again, because the database may be away."""
        while not self._stop.is_set():
            try:
                await work()
            except Exception as error:  # noqa: BLE001 (whatever it is, the next round may succeed
                reason = str(error).partition("\n")[0] or type(error).__name__
                logger.warning("the fleet's list: %s", reason)
            await _wait(wake or self._stop, seconds)
            if wake is not None:
                await asyncio.sleep(_GATHER)
                wake.clear()

    async def _admit(self) -> None:
        """Admit the lines for which there is room, and note which accounts have lines."""
        waiting = await self._ledger.groups(LineState.WAITING)
        for accounts in filter(self._is_usable, waiting):
            await self._ledger.admit(accounts, self.at_once, self._engine.defer)
        begun = await self._ledger.groups(LineState.ADMITTED, LineState.RUNNING)
        self._groups |= set(filter(self._is_usable, begun))
        if self.drains and not any(map(self._is_usable, [*waiting, *begun])):
            self._stop.set()

    def _is_usable(self, accounts: Accounts) -> bool:
        """Say whether this worker has the keys of accounts; one that it lacks is reported once."""
        problems = [found for alias in accounts if (found := self._client.explain_unusable(alias))]
        for problem in problems:
            if problem not in self._refused:
                self._refused.add(problem)
                logger.warning("%s; its lines are left to other workers", problem)
        return not problems


async def _wait(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, so long at most; `asyncio.wait_for` of Python 3.11 may lose a cancellation."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()


def _note_error(_: object, context: Mapping[str, Any]) -> None:
    """Log in one line what the engine's own tasks raise while the database is away."""
    logger.info("%s: %s", context["message"], context.get("exception"))


@asynccontextmanager
async def _open_pool(address: str) -> AsyncGenerator[AsyncConnectionPool[Any]]:
    from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415 (an extra)

    # Each failed connection is a line of its log; without a handler, Python would print it.
    logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())
    pool: AsyncConnectionPool[Any] = AsyncConnectionPool(
        address,
        min_size=1,
        max_size=_CONNECTIONS,
        timeout=_PATIENCE,
        check=_Checks(),
        kwargs={"application_name": "anyvideo-worker"},
        configure=_commit_each,
        open=False,
    )
    async with pool:
        yield pool


class _Checks:
    """Checks a connection once in a while: each check takes as long as most statements."""

    def __init__(self) -> None:
        self._checked = WeakKeyDictionary["AsyncConnection[Any]", float]()

    async def __call__(self, connection: AsyncConnection[Any]) -> None:
        now = time.monotonic()
        if now - self._checked.get(connection, 0.0) > _TRUSTED:
            await connection.execute("")
            self._checked[connection] = now


async def _commit_each(connection: AsyncConnection[Any]) -> None:
    """Let each statement be a transaction; Procrastinate sets that itself where it connects."""
    await connection.set_autocommit(True)
