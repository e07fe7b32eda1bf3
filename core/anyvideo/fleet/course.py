"""The course of a line: each call makes one step, and says when the next one is due."""

from __future__ import annotations

import logging

from attrs import define

from anyvideo.errors import AmbiguousSubmitError, AnyVideoError
from anyvideo.fleet.client import FleetClient
from anyvideo.fleet.ledger import Ledger
from anyvideo.fleet.line import Line, LineState
from anyvideo.fleet.results import join_place
from anyvideo.fleet.verdicts import judge
from anyvideo.run.records import explain_failure
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

logger = logging.getLogger("anyvideo")


@define
class Course:
    """Makes the steps of lines: submit, ask, download. The journal's row says which one is next.

    Attributes:
        client: The client of the worker.
        ledger: The list.
        base: The folder or URL below which videos go that name no place of their own.
    """

    client: FleetClient
    ledger: Ledger
    base: str = "."

    async def advance(self, ref: str) -> float | None:
        """Make the next step of a line; return in how many seconds another is due, None at its end."""
        line = await self.ledger.get(ref)
        if line is None or line.state.final:
            return None
        try:
            return await self._step(line)
        except AnyVideoError as error:
            return await self._note_error(line, error)

    async def _step(self, line: Line) -> float | None:
        task = await self.client.find(line.key)
        if task is None:
            return await self._submit(line)
        if not task.status.final:
            task, pause, misses = await self.client.ask(line, task)
            polled = self.client.session.clock.now()
            state = None if line.begun else LineState.RUNNING
            await self.ledger.note(line.ref, state=state, misses=misses, polled=polled, begun=True)
            if not task.status.final:
                return pause
        if task.status != Status.SUCCEEDED:
            if not self.client.may_go_on(line, task):
                raise explain_failure(task)
            return await self._submit(line)
        # The vendor is done with the job, so another one may begin while the file is fetched.
        await self.ledger.note(line.ref, misses=line.misses, begun=True, frees=True)
        await self.client.fetch(line, task, join_place(self.base, line.new.target))
        await self.ledger.note(line.ref, state=LineState.DONE)
        return None

    async def _submit(self, line: Line) -> float:
        """Submit the job of a line, at the moment that its accounts allow."""
        wait = await self.ledger.reserve(line.ref, line.new.accounts)
        if wait > 0:
            return wait
        place = join_place(self.base, line.new.target)
        try:
            attempt, task = await self.client.begin(line, place)
        except AmbiguousSubmitError as error:
            attempt, task = line.attempt, await self._look_up(error)
        await self.ledger.note(line.ref, state=LineState.RUNNING, attempt=attempt, begun=True)
        return 0.0 if task.status.final else await self.client.find_pause(task)

    async def _look_up(self, error: AmbiguousSubmitError) -> Task:
        """Ask a vendor for a job whose answer was lost, where it can be asked; raise the error else."""
        try:
            return await self.client.resume(error.task or "{}")
        except AnyVideoError:
            raise error from None

    async def _note_error(self, line: Line, error: AnyVideoError) -> float | None:
        begun = line.begun or bool(error.task and error.task.id)
        verdict = judge(error, begun=begun, misses=line.misses)
        problem = str(error)
        misses = line.misses + verdict.counts
        if verdict.pause is None:
            logger.warning("%s: %s: %s", line.ref, verdict.state, problem)
            await self.ledger.note(
                line.ref, state=verdict.state, begun=begun, problem=problem, frees=True
            )
            return None
        logger.info("%s: again in %.0f s: %s", line.ref, verdict.pause, problem)
        await self.ledger.note(line.ref, misses=misses, begun=begun, problem=problem)
        return verdict.pause
