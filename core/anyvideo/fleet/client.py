"""The client of a worker: the steps of a job one by one, none of which waits."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import evolve

from anyvideo import run
from anyvideo.client.aio import AsyncClient
from anyvideo.client.core import TEMPORARY
from anyvideo.errors import AnyVideoError, ConfigError, NegotiationError, ProviderError
from anyvideo.files.part_file import prepare
from anyvideo.fleet.line import Line
from anyvideo.fleet.results import exists, is_url, publish
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.run.poll import is_transient, plan_polls, poll
from anyvideo.run.records import is_unbilled, require_journal
from anyvideo.run.route import RemainingPlans, submit_next
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task, Video
from anyvideo.transport.steps import Ask, Steps, Work

if TYPE_CHECKING:
    from anyvideo.journal.entry import Entry


class FleetClient(AsyncClient):
    """An async client with the steps of a fleet's job; any process may make the next one."""

    async def find(self, key: str) -> Task | None:
        """Return the job of the journal that was sent under a key, if a vendor has it."""
        return await self._run(_find(self.session, key))

    async def begin(self, line: Line, place: str) -> tuple[int, Task]:
        """Submit the job of a line unless it was submitted; return which attempt it is, and its task.

        Raises:
            NegotiationError: it costs more by now than was agreed to.
            ConfigError: there is a file at its place that is not its own.
        """
        job = VideoJob.from_json(line.new.job)
        plans = self._list_candidates(job, line.new.model, None)
        gate = partial(_hold_to_quote, line.new.cost, line.new.currency)
        remaining = RemainingPlans(self.session, plans, gate, waits=False, misses=line.misses)

        def steps() -> Steps[tuple[int, Task]]:
            if not line.begun and (yield Work(partial(exists, place))):
                message = f"{place} exists; nothing was sent; enqueue the job with another place"
                raise ConfigError(message)
            with remaining.note_earlier():
                return (yield from submit_next(remaining, line.ref, place))

        try:
            return await self._run(steps())
        finally:
            self._forget(line)

    async def ask(self, line: Line, task: Task) -> tuple[Task, float, int]:
        """Ask once how a job stands; return it, the seconds until the next time, and the misses.

        Raises:
            ProviderError: the vendor does not say, and asking again soon does not help.
        """
        known = task
        if line.polled is not None:
            known = evolve(task, updated_at=datetime.fromtimestamp(line.polled, UTC))
        try:
            return await self._run(_ask(self.session, known, line.misses))
        finally:
            self._forget(line)

    async def find_pause(self, task: Task) -> float:
        """Return in how many seconds a job that was just submitted is asked for."""
        return (await self._run(plan_polls(self.session, task))).pause(0.0)

    async def fetch(self, line: Line, task: Task, place: str) -> Video:
        """Download the video of a job and bring it to its place.

        Raises:
            DownloadError: that failed; it can be tried again.
        """
        try:
            if not is_url(place):
                target = prepare(place, overwrite=True)
                return await self._run(
                    run.download.download(self.session, task, target, overwrite=True)
                )
            with TemporaryDirectory(prefix=TEMPORARY) as folder:
                target = Path(folder, "video.mp4")
                steps = run.download.download(
                    self.session, task, target, publish=partial(_publish, place)
                )
                return await self._run(steps)
        finally:
            self._forget(line)

    def may_go_on(self, line: Line, task: Task) -> bool:
        """Say whether a job that ended without a video leads to the next offer of its route."""
        return line.new.model in self.session.config.routes and is_unbilled(self.session, task)

    def explain_unusable(self, alias: str) -> str:
        """Return why no job can go to an account; "" if one can."""
        try:
            self.session.provider(alias).require_key()
        except ConfigError as error:
            return str(error)
        return ""

    def _forget(self, line: Line) -> None:
        """Give the rows of a line up: another worker may make its next step under a new fence."""
        for key in [line.key, line.ref, run.route.name_attempt(line.ref, line.attempt + 1)]:
            self.session.fences.pop(key, None)


def _publish(place: str, local: Path) -> str:
    publish(local, place)
    return place


def _hold_to_quote(
    agreed: Decimal | None, currency: str, plan: Plan, _: AnyVideoError | None
) -> None:
    """Refuse a plan that costs more than was agreed to when the job was enqueued."""
    amount = plan.quote.amount
    if agreed is None:
        return
    if amount is not None and plan.quote.currency == currency and amount <= agreed:
        return
    message = (
        f"{plan.offer.name} costs {plan.quote} by now, and {agreed} {currency} was agreed to;"
        " enqueue it again"
    )
    raise NegotiationError(message)


def _find(session: Session, key: str) -> Steps[Task | None]:
    entry: Entry | None = yield Ask(require_journal(session), lambda journal: journal.get(key))
    return entry.task if entry is not None and entry.task.id else None


def _ask(session: Session, task: Task, misses: int) -> Steps[tuple[Task, float, int]]:
    schedule = yield from plan_polls(session, task)
    clock = session.clock
    born = task.born_at.timestamp() if task.born_at else clock.now() - schedule.typical
    try:
        fresh = yield from poll(session, task)
    except ProviderError as error:
        if not is_transient(error, max(0.0, clock.now() - born)):
            raise
        return task, schedule.pause_after(misses + 1, error.retry_after), misses + 1
    return fresh, schedule.pause(max(0.0, clock.now() - born)), 0
