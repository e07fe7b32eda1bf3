"""The live progress line on a terminal, by rich: status, percent, time elapsed and usual time left."""

from __future__ import annotations

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TextColumn
from rich.progress import Task as Row
from rich.text import Text

from anyvideo.cli.views.text import format_duration, format_left
from anyvideo.printable import make_printable
from anyvideo.tasks.task import Task


class _TimeColumn(ProgressColumn):
    """The age of the job and the usual time left; both run on between two polls."""

    def render(self, task: Row) -> Text:
        elapsed = task.fields["age"] + (task.elapsed or 0.0) - task.fields["since"]
        usual = task.fields["usual"]
        words = format_duration(elapsed)
        return Text(words if usual is None else f"{words}, {format_left(usual - elapsed)}", "dim")


class LiveProgress:
    """One line that changes in place; other lines are written above it and stay."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[percent]}", markup=False),
            _TimeColumn(),
            console=Console(highlight=False, emoji=False),
            transient=True,
        )
        self._row = self._progress.add_task(
            "submitting", total=None, percent="", age=0.0, since=0.0, usual=None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Draw the line; other output appears above it."""
        self._progress.start()

    def stop(self) -> None:
        """Take the line away."""
        self._progress.stop()

    @property
    def row(self) -> Row:
        """The line as rich holds it."""
        return self._progress.tasks[0]

    def write(self, line: str) -> None:
        """Write a line above the live one."""
        self._progress.console.print(make_printable(line), style="dim", markup=False)

    def update(self, task: Task, age: float, usual: float | None) -> None:
        """Show the state of a task."""
        self.start()
        if task.status.final:
            self.write(f"{task.status} after {format_duration(age)}")
            return
        known = bool(task.progress)
        self._progress.update(
            self._row,
            description=str(task.status),
            total=100 if known else None,
            completed=task.progress or 0,
            percent=f"{task.progress:g} %" if known else "",
            age=age,
            since=self.row.elapsed or 0.0,
            usual=usual,
        )
