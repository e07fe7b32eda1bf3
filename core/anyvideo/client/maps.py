"""`map`, the part of both clients that runs a list of jobs side by side."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from anyvideo.client.core import ClientCore, To
from anyvideo.negotiation.policy import Policy

if TYPE_CHECKING:
    import httpx  # noqa: F401 (named in quotes below)

    from anyvideo.batch.batch_run import BatchRun, Jobs, OnLine
    from anyvideo.batch.result import JobResult
    from anyvideo.batch.sync import ResultIterator
    from anyvideo.transport.aio import AsyncDriver
    from anyvideo.transport.sync import Driver


class MapsJobs(ClientCore["httpx.BaseTransport"]):
    """The part of the blocking client."""

    @abstractmethod
    def _open_driver(self) -> Driver:
        """Return what performs the steps of this client."""

    def map(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        jobs: Jobs,
        to: To,
        model: str | None = None,
        *,
        policy: Policy | None = None,
        name: str = "map",
        at_once: int = 8,
        max_cost: Decimal | str | None = None,
        currency: str = "USD",
        timeout: float | None = None,
        overwrite: bool = False,
        on_change: OnLine | None = None,
    ) -> Iterator[JobResult]:
        """Make the videos of many jobs side by side; yield a result for each as it ends.

        The whole list is planned first, and nothing is sent before the first result is asked for. A
        job that fails stops no other one. An error of money ends what was not begun. Whoever leaves
        the iterator begins nothing new: paid requests in flight are waited for, and the same call
        goes on with the rest, because the key of each job depends on the job alone.

        Args:
            jobs: Jobs, prompts, or what `read_job_file` returned.
            to: A folder, or a path with fields such as "clips/{number:03}-{key}.mp4"; there are
                key, number, name, model and provider.
            model: The selector of the jobs that have none of their own. Of several offers the
                cheapest is taken; a route goes on to its next offer where that is free.
            policy: How far each field may change, in place of the config's policy.
            name: What the generated keys begin with; another name makes other jobs.
            at_once: How many jobs are on their way at once, from submit to file.
            max_cost: What the jobs that were not sent yet may cost in all.
            currency: The currency of `max_cost`.
            timeout: How long one job is waited for, in seconds; an hour by default.
            overwrite: Whether existing files are replaced.
            on_change: Called with the line and the task of a job at every change, in the threads of
                the run.

        Raises:
            ConfigError: an option is wrong, or a job has no selector.
            BudgetError: the jobs can cost more than `max_cost` together; nothing was sent.
            JournalError: the journal cannot be read.
        """
        from anyvideo.batch.batch_run import MapOptions, prepare_run  # noqa: PLC0415 (only for lists)

        given = MapOptions(
            policy=policy, name=name, at_once=at_once, max_cost=max_cost, currency=currency,
            timeout=timeout, overwrite=overwrite, on_change=on_change,
        )  # fmt: skip
        batch_run = prepare_run(self.session, jobs, to, model, given)
        batch_run.check_cost()
        return self._map(batch_run)

    def _map(self, batch_run: BatchRun) -> Iterator[JobResult]:
        results = self.gather(batch_run)
        try:
            yield from results
        finally:
            results.close()

    def gather(self, batch_run: BatchRun) -> ResultIterator:
        """Return what runs a planned list; `map` is this with the planning."""
        from anyvideo.batch.sync import ResultIterator  # noqa: PLC0415 (only for lists)

        # One driver for all threads of the run, which would race to open it.
        return ResultIterator(batch_run, self._open_driver().run)


class MapsJobsAsync(ClientCore["httpx.AsyncBaseTransport"]):
    """The part of the async client."""

    @abstractmethod
    def _open_driver(self) -> AsyncDriver:
        """Return what performs the steps of this client."""

    async def map(  # noqa: PLR0913 (all of it is the caller's choice)
        self,
        jobs: Jobs,
        to: To,
        model: str | None = None,
        *,
        policy: Policy | None = None,
        name: str = "map",
        at_once: int = 8,
        max_cost: Decimal | str | None = None,
        currency: str = "USD",
        timeout: float | None = None,  # noqa: ASYNC109 (a deadline of the job, not of the call)
        overwrite: bool = False,
        on_change: OnLine | None = None,
    ) -> AsyncIterator[JobResult]:
        """See `Client.map`; `contextlib.aclosing` leaves it in order where a loop ends early."""
        from anyvideo.batch.batch_run import MapOptions, prepare_run  # noqa: PLC0415 (only for lists)

        given = MapOptions(
            policy=policy, name=name, at_once=at_once, max_cost=max_cost, currency=currency,
            timeout=timeout, overwrite=overwrite, on_change=on_change,
        )  # fmt: skip
        # Planning reads the journal for each job, which may take seconds.
        batch_run = await asyncio.to_thread(prepare_run, self.session, jobs, to, model, given)
        batch_run.check_cost()
        results = self.gather(batch_run)
        try:
            async for result in results:
                yield result
        finally:
            await results.aclose()

    def gather(self, batch_run: BatchRun) -> AsyncGenerator[JobResult]:
        """See `Client.gather`."""
        from anyvideo.batch.aio import work  # noqa: PLC0415 (only for lists)

        return work(batch_run, self._open_driver().run)
