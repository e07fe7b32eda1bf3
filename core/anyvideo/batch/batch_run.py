"""What the jobs of one run share, and how a run is prepared: planned as a whole, held to its limit."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias

from attrs import frozen

from anyvideo.batch.cost_limit import CostLimit, read_limit
from anyvideo.batch.lines import JobFile, JobLine, number_jobs
from anyvideo.batch.orders import Batch, plan_batch
from anyvideo.batch.stop import Stop
from anyvideo.batch.targets import read_targets
from anyvideo.errors import ConfigError
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.policy import Policy
from anyvideo.run.poll import check_timeout
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task

OnLine: TypeAlias = Callable[[JobLine, Task], None]
"""Called with the line of a job and its task when the task changes, also in other threads."""
Jobs: TypeAlias = "Iterable[VideoJob | JobLine | str] | JobFile"
"""Jobs, prompts, lines of a list, or a list that was read."""


@frozen
class BatchRun:
    """What the jobs of one run share.

    Attributes:
        session: The client's.
        batch: The list.
        cost_limit: What the run may cost.
        stop: Whether the run is left.
        at_once: How many jobs are on their way at once.
        timeout: How long one job is waited for, in seconds.
        overwrite: Whether existing files are replaced.
        on_change: Told of every change of a task.
    """

    session: Session
    batch: Batch
    cost_limit: CostLimit
    stop: Stop
    at_once: int
    timeout: float | None = None
    overwrite: bool = False
    on_change: OnLine | None = None

    def check_cost(self) -> None:
        """Check that what was not sent yet fits into the limit, or raise a BudgetError."""
        self.cost_limit.check(order.plan for order in self.batch.new)


@frozen(kw_only=True)
class MapOptions:
    """How a list is run; the clients' `map` says what each is."""

    policy: Policy | None = None
    name: str = "map"
    at_once: int = 8
    max_cost: Decimal | str | None = None
    currency: str = "USD"
    timeout: float | None = None
    overwrite: bool = False
    on_change: OnLine | None = None


def prepare_run(
    session: Session, jobs: Jobs, to: str | os.PathLike[str], model: str | None, given: MapOptions
) -> BatchRun:
    """Plan a list; nothing is sent.

    Raises:
        ConfigError: an option is wrong, or a job has no selector.
        JournalError: the journal cannot be read.
    """
    check_timeout(given.timeout)
    if given.at_once < 1:
        message = f"at_once is {given.at_once}; it takes a number of jobs from 1"
        raise ConfigError(message)
    limit = read_limit(given.max_cost)
    listed = jobs if isinstance(jobs, JobFile) else number_jobs(jobs, given.name)
    targets = read_targets(to, listed.name)
    batch = plan_batch(session, listed, targets, model, given.policy, overwrite=given.overwrite)
    cost_limit = CostLimit(limit, given.currency, session.config.currencies)
    return BatchRun(
        session,
        batch,
        cost_limit,
        Stop(),
        given.at_once,
        given.timeout,
        given.overwrite,
        given.on_change,
    )
