"""The live table of a batch on a terminal, by rich: a row for each job in motion, and a total line."""

from __future__ import annotations

import threading
from typing import Self

from attrs import evolve
from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from anyvideo.batch.lines import JobLine
from anyvideo.batch.result import JobResult
from anyvideo.cli.views.batch_progress import Tally, name_result
from anyvideo.cli.views.text import format_duration
from anyvideo.printable import make_printable
from anyvideo.tasks.task import Task

# What the table leaves of the screen to other lines.
_OTHER_LINES = 6


class LiveBatch:
    """A table that changes in place; failures are written above it and stay."""

    def __init__(self, tally: Tally, *, by_offer: bool = False) -> None:
        self._tally = tally
        self._by_offer = by_offer
        self._rows: dict[int, tuple[JobLine, Task]] = {}
        self._lock = threading.Lock()
        self._spinner = Spinner("dots")
        self._console = Console(highlight=False, emoji=False)
        self._live = Live(
            console=self._console, transient=True, get_renderable=self.render,
            refresh_per_second=4, vertical_overflow="crop",
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()

    def update(self, line: JobLine, task: Task) -> None:
        """Show a job in motion."""
        with self._lock:
            self._rows[line.number] = line, evolve(task, raw=None)

    def end(self, result: JobResult, lines: list[str]) -> None:
        """Take the row of a job away, and write why it has no video."""
        with self._lock:
            self._rows.pop(result.number, None)
        name = name_result(result, by_offer=self._by_offer)
        for line in lines:
            self.write(f"{name}: {line}")

    def write(self, line: str) -> None:
        """Write a line above the table."""
        self._console.print(make_printable(line), style="dim", markup=False)

    def render(self) -> Group:
        """Return the table as it is now, cut to the size of the screen."""
        with self._lock:
            rows = sorted(self._rows.items())
        room = max(1, self._console.height - _OTHER_LINES)
        now = self._tally.batch_run.session.clock.now()
        lines = [self._draw(number, *row, now) for number, row in rows[:room]]
        if len(rows) > room:
            lines.append(Text(f"and {len(rows) - room} more in motion", "dim"))
        running = f"{len(rows)} in motion; " if rows else ""
        self._spinner.update(text=_cut(f"{running}{self._tally}"))
        return Group(*lines, self._spinner)

    def _draw(self, number: int, line: JobLine, task: Task, now: float) -> Text:
        """Return the row of a job: the state first, because a narrow screen cuts the end off."""
        status = "downloading" if task.status == "succeeded" else str(task.status)
        percent = f"{task.progress:3.0f} %" if task.progress and not task.status.final else ""
        born = task.born_at.timestamp() if task.born_at else now
        took = format_duration(max(0.0, now - born))
        place = f"{task.provider}/{task.model}"
        what = place if self._by_offer else f"{line.key}  {place}"
        return _cut(f"{number:>5}  {status:<11} {percent:>5}  {took:>10}  {what}")


def _cut(text: str) -> Text:
    return Text(make_printable(text), no_wrap=True, overflow="ellipsis")
