"""The progress of a batch: a table of the jobs in motion on a terminal, elsewhere a line a job."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal
from typing import Protocol

from attrs import define, field

from anyvideo.batch.batch_run import BatchRun
from anyvideo.batch.lines import JobLine
from anyvideo.batch.result import JobResult
from anyvideo.cli.views.batch import format_costs, format_summary
from anyvideo.cli.views.table import echo, is_interactive
from anyvideo.cli.views.text import format_duration, format_path
from anyvideo.run.records import is_unbilled
from anyvideo.tasks.task import Task


@define
class Tally:
    """What has come of a run so far.

    Attributes:
        batch_run: The run.
        states: How many jobs ended in each state.
        spent: What the jobs cost that this run sent, by currency: the bill, or else the quote.
    """

    batch_run: BatchRun
    states: Counter[str] = field(factory=Counter[str])
    spent: dict[str, Decimal] = field(factory=dict[str, Decimal])
    _new: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._new = frozenset(order.line.key for order in self.batch_run.batch.new)

    @property
    def total(self) -> int:
        """How many jobs the list has."""
        return len(self.batch_run.batch.orders) + len(self.batch_run.batch.faults)

    def add(self, result: JobResult) -> None:
        """Count a result."""
        self.states[result.state] += 1
        task = result.task
        if task is None or result.key not in self._new or is_unbilled(self.batch_run.session, task):
            return
        quote = task.quote
        amount = task.cost if task.cost is not None else quote.amount if quote else None
        if amount is not None:
            currency = quote.currency if quote else "USD"
            self.spent[currency] = self.spent.get(currency, Decimal(0)) + amount

    def __str__(self) -> str:
        """Return "37 of 200 downloaded, 1 failed; 14.80 USD spent"."""
        spent = f"; {format_costs(self.spent)} spent" if self.spent else ""
        return format_summary(self.states, self.total) + spent


def name_result(result: JobResult, *, by_offer: bool) -> str:
    """Return what a line about a result begins with: "line 3", or "apiyi/sora-2"."""
    return result.plan.offer.name if by_offer and result.plan else f"line {result.number}"


class BatchDisplay(Protocol):
    """Where the progress of a batch is shown."""

    def update(self, line: JobLine, task: Task) -> None:
        """Show a job in motion; called in the threads of the run."""
        ...

    def end(self, result: JobResult, lines: list[str]) -> None:
        """Show how a job ended; `lines` say why there is no video."""
        ...

    def write(self, line: str) -> None:
        """Write a line that stays."""
        ...


@define
class PlainBatch:
    """A line for each job that ends, with its number or `by_offer`; after the pipe is closed it is silent, and the jobs go on.

    Failures go to stderr, and so does all else where stdout is for a program. `quiet` writes the
    paths of the files in place of the lines.
    """

    to_stderr: bool = False
    quiet: bool = False
    muted: bool = False
    by_offer: bool = False

    def update(self, line: JobLine, task: Task) -> None:
        """Show nothing: a line of each poll would bury the results."""

    def end(self, result: JobResult, lines: list[str]) -> None:
        """Write how a job ended; a file that was there before is in the total alone."""
        name = name_result(result, by_offer=self.by_offer)
        for line in lines:
            self._echo(f"{name}: {line}", err=True)
        if self.quiet and result.video is not None:
            self._echo(format_path(result.video.path), err=self.to_stderr)
        elif not (lines or result.earlier):
            self.write(f"{name}: {describe_end(result)}")

    def write(self, line: str) -> None:
        """Write a line."""
        if not self.quiet:
            self._echo(line, err=self.to_stderr)

    def _echo(self, line: str, *, err: bool) -> None:
        if self.muted:
            return
        try:
            echo(line, err=err)
        except BrokenPipeError:
            self.muted = True


def describe_end(result: JobResult) -> str:
    """Return "clips/fox.mp4, 35 s", or how a job stands that the run left."""
    if result.video is None:
        return f"{result.state}{f', task {result.task.id}' if result.task else ''}"
    differs = "".join(f", not as ordered: {item}" for item in result.video.differences)
    return f"{format_path(result.video.path)}, {format_duration(result.seconds)}{differs}"


@contextmanager
def show_batch(
    tally: Tally, *, json: bool, quiet: bool, by_offer: bool = False
) -> Generator[BatchDisplay]:
    """Yield a live table on a terminal, plain lines elsewhere, or nothing."""
    if json or quiet or not is_interactive():
        yield PlainBatch(to_stderr=json, quiet=quiet, by_offer=by_offer)
        return
    from anyvideo.cli.views.live_batch import LiveBatch  # noqa: PLC0415 (rich, only on a terminal)

    with LiveBatch(tally, by_offer=by_offer) as display:
        yield display
