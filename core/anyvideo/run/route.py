"""From a plan to a file: submit, wait, download; the next offer is tried only if that is free.

The next candidate of a route is tried only after proof that the previous one cannot bill: the
vendor refused before a task existed, or the task failed where the offer says that failures are
free. It is never tried after a time-out, an ambiguous submit or a failed download. So a route costs
at most what one of its plans may (`max_cost`).
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from attrs import define, field

from anyvideo.errors import (
    AnyVideoError,
    ConfigError,
    NegotiationError,
    ProviderError,
    attach_task,
)
from anyvideo.model.plan import Plan
from anyvideo.run import poll
from anyvideo.run.download import download
from anyvideo.run.poll import check_timeout
from anyvideo.run.records import explain_failure, is_unbilled
from anyvideo.run.submit import OnTask, submit
from anyvideo.session.session import Session
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, Video
from anyvideo.transport.steps import Hold, Steps

OnPlan: TypeAlias = Callable[[Plan, AnyVideoError | None], None]
"""Called before a plan is sent, with the error that ended the attempt before it.

A NegotiationError that it raises refuses this plan, and a route goes on to its next offer; a
BudgetError ends the call.
"""


@define
class RemainingPlans:
    """The plans that are left, best first, and the errors that ended those before them.

    `waits` says whether to wait: while another process sends the job of the caller's key, and before
    a request that created no job is sent again. Where it does not, the caller comes again, and
    `misses` says how often it has: then a plan is left where a call that waits would leave it.
    """

    session: Session
    plans: Sequence[Plan]
    on_plan: OnPlan | None = None
    waits: bool = True
    misses: int = 0
    ended: list[AnyVideoError] = field(factory=list[AnyVideoError])

    @property
    def plan(self) -> Plan:
        """The plan whose turn it is."""
        return self.plans[0]

    def announce(self, plan: Plan) -> None:
        """Tell the caller which plan is sent next, and why the one before it was not the last."""
        if self.on_plan is not None:
            self.on_plan(plan, self.ended[-1] if self.ended else None)

    def pass_on(self, error: AnyVideoError) -> None:
        """Go on to the next plan after an error that cost nothing.

        Raises:
            AnyVideoError: the error itself, if no plan is left, or this one is to be sent again.

        """
        if len(self.plans) == 1 or self._comes_again(error):
            raise error
        details = {"reason": str(error), "next": self.plans[1].offer.name}
        self.session.emit("retry", None, self.plan.provider, **details)
        self.plans = self.plans[1:]
        self.ended.append(error)

    def _comes_again(self, error: AnyVideoError) -> bool:
        if self.waits or not isinstance(error, ProviderError) or not error.retryable:
            return False
        return self.session.retry.pause(self.misses + 1, 0.0, error) is not None

    def skip_to(self, task: Task) -> None:
        """Drop the plans before the one that a task was sent from, which an earlier call has tried."""
        names = [(plan.provider, plan.offer.model) for plan in self.plans]
        self.plans = self.plans[names.index((task.provider, task.model)) :]

    @contextmanager
    def note_earlier(self) -> Generator[None]:
        """Give an error that ends the call the errors of the earlier attempts."""
        try:
            yield
        except AnyVideoError as error:
            error.earlier = tuple(self.ended)
            for earlier in self.ended:
                error.add_note(f"before that: {earlier}")
            raise


def submit_first(
    remaining: RemainingPlans,
    *,
    key: str | None = None,
    path: str | None = None,
    on_change: OnTask | None = None,
) -> Steps[Task]:
    """Submit the first plan that its vendor accepts; a refusal that cannot bill leads to the next."""
    session = remaining.session
    while True:
        try:
            return (
                yield from submit(
                    session,
                    remaining.plan,
                    key=key,
                    path=path,
                    on_change=on_change,
                    on_plan=remaining.announce,
                    others=remaining.plans[1:],
                    wait=remaining.waits,
                )
            )
        except (ProviderError, ConfigError, NegotiationError) as error:
            if error.task is not None:
                raise
            remaining.pass_on(error)


def name_attempt(key: str, number: int) -> str:
    """Return the key of the job that a call makes after so many that failed for free."""
    return key if number == 1 else f"{key}/{number}"


def submit_next(remaining: RemainingPlans, key: str, path: str) -> Steps[tuple[int, Task]]:
    """Return the job that stands for a key by now, and which attempt it is; nothing is waited for.

    A job that failed for free leads to the next plan, as in `generate`.

    Raises:
        TaskFailedError: the job ended without a video, and no other offer may be tried.
    """
    number = 1
    while True:
        name = name_attempt(key, number)
        task = yield from submit_first(remaining, key=name, path=path)
        if not task.status.final or task.status == Status.SUCCEEDED:
            return number, task
        remaining.skip_to(task)
        failure = explain_failure(task)
        if not is_unbilled(remaining.session, task):
            raise failure
        remaining.pass_on(failure)
        number += 1


def generate(  # noqa: PLR0913 (all of it is the caller's choice)
    remaining: RemainingPlans,
    target: Path,
    timeout: float | None,
    key: str | None,
    on_change: OnTask | None,
    *,
    overwrite: bool,
) -> Steps[Video]:
    """Download the video of the first plan that results in one.

    After a task that fails for free, the next is sent under "key/2", and so on, so that a repeated
    call finds the same tasks.

    Raises:
        TaskFailedError: the vendor's job ended without a video, and no other offer may be tried.
    """
    check_timeout(timeout)
    session, number = remaining.session, 1
    while True:
        name = key and name_attempt(key, number)
        task = yield from submit_first(remaining, key=name, path=str(target), on_change=on_change)
        remaining.skip_to(task)
        try:
            if on_change is not None:
                on_change(task)
            task = yield from poll.wait(session, task, timeout, on_change)
            if task.status == Status.SUCCEEDED:
                job = remaining.plan.job
                return (yield from download(session, task, target, job, overwrite=overwrite))
        except BaseException as error:
            attach_task(error, task)
            raise
        failure = explain_failure(task)
        if not is_unbilled(session, task):
            raise failure
        remaining.pass_on(failure)
        yield Hold(None)
        number += 1
