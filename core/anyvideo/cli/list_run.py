"""A list of jobs on its way, for the commands that run one: confirmed, shown, and stopped in order."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from attrs import define, evolve, field

from anyvideo.batch.batch_run import BatchRun
from anyvideo.batch.result import JobResult
from anyvideo.batch.sync import ResultIterator
from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import ExitCode, TerminatedError, exit_code, explain
from anyvideo.cli.plan_gate import asks_first, confirm, is_free
from anyvideo.cli.results_file import describe_result
from anyvideo.cli.views import batch as view
from anyvideo.cli.views.batch_progress import BatchDisplay, Tally, show_batch
from anyvideo.cli.views.table import echo, print_json
from anyvideo.client.sync import Client

_STOPPING = "stopping: nothing new is sent, and paid requests in flight are waited for"


def confirm_list(context: CliContext, batch_run: BatchRun, *, yes: bool) -> None:
    """Hold a list to its limit, and ask before what can cost something is sent.

    Raises:
        BudgetError: the list can cost more than the limit, or the user does not confirm it.
    """
    batch = batch_run.batch
    batch_run.check_cost()
    if asks_first(context, yes=yes) and not all(is_free(order.plan) for order in batch.new):
        question = f"Send {view.count_jobs(len(batch.new))} for {view.format_total(batch.new)}?"
        confirm(question, "not confirmed; nothing was sent")


@define
class ListRun:
    """A list on its way: shows each result, hands it on, and keeps the exit code.

    Attributes:
        context: The run of the program.
        batch_run: The list.
        on_result: Called with each result.
        by_offer: Whether a line about a result begins with its offer, and not with its number.
        code: The exit code of the first failure.
    """

    context: CliContext
    batch_run: BatchRun
    on_result: Callable[[JobResult], None]
    by_offer: bool = False
    code: int = ExitCode.DONE
    _results: list[dict[str, Any]] = field(factory=list[dict[str, Any]], init=False)
    _told: bool = field(default=False, init=False)

    def perform(self, client: Client) -> int:
        """Run the list to its end, or until Ctrl-C, and return the exit code."""
        context, tally = self.context, Tally(self.batch_run)
        with show_batch(
            tally, json=context.json, quiet=context.quiet, by_offer=self.by_offer
        ) as display:
            results = client.gather(evolve(self.batch_run, on_change=display.update))
            with _interrupts(results):
                try:
                    self._follow(results, tally, display)
                except KeyboardInterrupt as error:
                    display.write(_STOPPING)
                    self._follow(results, tally, display)
                    self.code = exit_code(error)
                except Exception:
                    results.close()
                    raise
        self._conclude(tally)
        return self.code

    def _follow(self, results: ResultIterator, tally: Tally, display: BatchDisplay) -> None:
        for result in results:
            tally.add(result)
            self.on_result(result)
            if self.context.json:
                self._results.append(describe_result(result))
            display.end(result, self._explain(result))

    def _explain(self, result: JobResult) -> list[str]:
        """Return why a job has no video; what ended the whole run is said once."""
        error = result.error
        if error is None:
            return []
        self.code = self.code or exit_code(error)
        if error is self.batch_run.stop.error:
            if self._told:
                return []
            self._told = True
        return explain(error, self.context)

    def _conclude(self, tally: Tally) -> None:
        """Print how the run ended, and what the same command would do again."""
        context, batch = self.context, self.batch_run.batch
        if context.json:
            print_json(view.to_json(batch, self._results))
            return
        if not context.quiet:
            echo(str(tally))
        for line in _advise(tally) if not context.sandbox else ():
            echo(f"anyvideo: {line}", err=True)


@contextmanager
def _interrupts(results: ResultIterator) -> Generator[None]:
    """Let Ctrl-C and SIGTERM arrive between two results; the second one ends the program at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, _: object) -> None:
        restore()
        results.interrupt(TerminatedError() if number == signal.SIGTERM else KeyboardInterrupt())

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()


def _advise(tally: Tally) -> list[str]:
    """Return what to do about the jobs that have no file."""
    over = {"downloaded", "refused", "failed", "cancelled", "expired"}
    lines: list[str] = []
    if tally.states.keys() - over:
        lines.append("the same command goes on with the rest, and pays nothing twice")
    if tally.states["failed"]:
        lines.append("a job that failed is not sent again; give its line another key for that")
    return lines
