"""The engine: Procrastinate, whose rows say which line is due and which worker has it."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import define, field

from anyvideo.fleet.ledger import Accounts
from anyvideo.fleet.line import name_queue

if TYPE_CHECKING:
    from procrastinate import App, JobContext
    from procrastinate.jobs import Job
    from procrastinate.tasks import Task
    from procrastinate.types import JSONValue
    from psycopg import AsyncConnection
    from psycopg_pool import AsyncConnectionPool

logger = logging.getLogger("anyvideo")

# How often a worker looks for lines that are due, in seconds; nobody tells it.
_LOOK = 0.25
# When a step is made again that the engine or the database broke off, in seconds.
_AGAIN = 5.0
# "anyf": only one worker at a time gives the lines of dead workers back.
_TRY_LOCK = "SELECT pg_try_advisory_xact_lock(1634629990)"


class _DueError(Exception):
    """A step has been made, and the next one is due later."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"due in {seconds:.1f} s")
        self.seconds = seconds


@define
class Engine:
    """Procrastinate's tables through one pool; `advance` makes the next step of a line.

    Attributes:
        pool: The connections.
        advance: Returns in how many seconds the line is due again; None once it has ended.
        adjust: Returns the time by the database's clock at a moment of the system's.
        silence: After which silence of a worker its lines go to others, in seconds.
        app: Procrastinate's own object.
    """

    pool: AsyncConnectionPool[Any]
    advance: Callable[[str], Awaitable[float | None]]
    adjust: Callable[[float], float]
    silence: float = 15.0
    app: App = field(init=False)
    _step: Task[..., Any, Any] = field(init=False)
    _held: set[int] = field(factory=set[int], init=False)
    _worker: int | None = field(default=None, init=False)
    _strays: frozenset[int] = field(default=frozenset[int](), init=False)

    def __attrs_post_init__(self) -> None:
        from procrastinate import App, PsycopgConnector  # noqa: PLC0415 (an extra)

        # Its errors are ours to explain; without a handler, Python would print them.
        logging.getLogger("procrastinate").addHandler(logging.NullHandler())
        self.app = App(connector=PsycopgConnector())
        make_task: Any = self.app.task(  # whose types know no bound method
            name="anyvideo", pass_context=True, retry=_make_strategy(self.adjust)
        )
        self._step = make_task(self._make_step)

    async def defer(
        self, connection: AsyncConnection[Any], accounts: Accounts, refs: Sequence[str]
    ) -> None:
        """Add lines in the transaction of a connection."""
        deferrer = self._step.configure(queue=name_queue(accounts), connection=connection)
        jobs: list[dict[str, JSONValue]] = [{"ref": ref} for ref in refs]
        await deferrer.batch_defer_async(*jobs)

    async def work(self, groups: Iterable[Accounts], at_once: int) -> None:
        """Make the steps of these accounts' lines, until cancelled: then those under way end."""
        await self.app.run_worker_async(
            queues=[name_queue(accounts) for accounts in groups],
            concurrency=at_once,
            fetch_job_polling_interval=_LOOK,
            abort_job_polling_interval=3600.0,
            install_signal_handlers=False,
            update_heartbeat_interval=self.silence / 5,
            stalled_worker_timeout=self.silence,
            delete_jobs="always",
        )

    async def rescue(self) -> None:
        """Give back the lines of dead workers, and those whose end this worker could not note."""
        manager = self.app.job_manager
        async with self.pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(_TRY_LOCK)).fetchone()
            if row is None or not row[0]:
                return
            stalled: list[Job] = [
                *await manager.get_stalled_jobs(seconds_since_heartbeat=self.silence),
                *await self._find_strays(),
            ]
            for job in stalled:
                await manager.retry_job(job)
        if stalled:
            logger.warning("%d steps of workers that ended are made again", len(stalled))

    async def _find_strays(self) -> list[Job]:
        """Return the lines that this worker has in the tables, twice in a row, and not in hand."""
        if self._worker is None:
            return []
        jobs = await self.app.job_manager.list_jobs_async(status="doing", worker_id=self._worker)
        found = {job.id: job for job in jobs if job.id and job.id not in self._held}
        known, self._strays = self._strays, frozenset(found)
        return [found[number] for number in known & self._strays]

    async def _make_step(self, context: JobContext, /, ref: str) -> None:
        job = context.job
        number = job.id or 0
        self._held.add(number)
        self._worker = job.worker_id
        try:
            seconds = await self.advance(ref)
        except Exception as error:  # noqa: BLE001 (the line is safe in the journal, and is tried again
            reason = str(error).strip().partition("\n")[0] or type(error).__name__
            logger.warning("%s: %s; again in %.0f s", ref, reason, _AGAIN)
            seconds = _AGAIN
        finally:
            self._held.discard(number)
        if seconds is not None:
            raise _DueError(seconds)


def _make_strategy(adjust: Callable[[float], float]) -> Any:  # noqa: ANN401 (a class of an extra)
    import time  # noqa: PLC0415 (with the next)

    from procrastinate import BaseRetryStrategy, RetryDecision  # noqa: PLC0415 (an extra)

    class Strategy(BaseRetryStrategy):
        """Makes a row due when its line is, by the database's clock."""

        def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002 (its own signature)
            if not isinstance(exception, _DueError):
                return None
            now = datetime.fromtimestamp(adjust(time.time()), UTC)
            return RetryDecision(retry_at=now + timedelta(seconds=exception.seconds))

    return Strategy()
