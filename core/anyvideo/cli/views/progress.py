"""The progress of a job: a live line on a terminal, elsewhere a plain line for each change."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from statistics import median
from typing import Protocol

from attrs import define, field

from anyvideo.cli.exits import short_ref
from anyvideo.cli.views.table import echo, is_interactive
from anyvideo.cli.views.text import format_duration, format_left, format_moment
from anyvideo.session.offers import find_offer
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task


class ProgressDisplay(Protocol):
    """Where progress is shown."""

    def start(self) -> None:
        """Begin to draw."""
        ...

    def stop(self) -> None:
        """Leave the screen to other output until `start`."""
        ...

    def write(self, line: str) -> None:
        """Write a line that stays."""
        ...

    def update(self, task: Task, age: float, usual: float | None) -> None:
        """Show the state of a task that is `age` seconds old and usually takes `usual` seconds."""
        ...


@define
class PlainProgress:
    """Plain lines on stdout, or on stderr where stdout is for a program.

    When the pipe is closed it stops writing and the job goes on, because it is paid for.
    """

    to_stderr: bool = False
    muted: bool = False

    def start(self) -> None:
        """Do nothing: lines leave room for other output."""

    stop = start

    def write(self, line: str) -> None:
        """Write a line."""
        if self.muted:
            return
        try:
            echo(line, err=self.to_stderr)
        except BrokenPipeError:
            self.muted = True

    def update(self, task: Task, age: float, usual: float | None) -> None:
        """Write the state of a task."""
        words = f"{format_duration(age):>8}  {task.status}"
        if task.progress and not task.status.final:
            words += f" {task.progress:g} %"
        if usual is not None and not task.status.final:
            words += f", {format_left(usual - age)}"
        self.write(words)


@define
class ProgressReporter:
    """An `on_change` callback that shows one job after another.

    `sent` says whether this run sent the job; without it the session knows, because it holds the
    journal's row of a job that it sent.
    """

    session: Session
    display: ProgressDisplay
    sent: bool | None = None
    known: tuple[str, str] = field(default=("", ""), init=False)

    def __call__(self, task: Task) -> None:
        """Show what has changed."""
        if (task.provider, task.id) != self.known:
            self.known = (task.provider, task.id)
            sent = task.ref in self.session.fences if self.sent is None else self.sent
            if task.id:
                self.display.write(_introduce(task, sent=sent))
            if task.status.final and not sent:
                return
        now = self.session.clock.now()
        born = task.born_at.timestamp() if task.born_at else now
        self.display.update(task, max(0.0, now - born), _expected_seconds(self.session, task))


def _introduce(task: Task, *, sent: bool) -> str:
    """Return the first line about a job: whether this run sent it, where it is, how it is called."""
    job = f", job {short_ref(task.ref)}" if task.ref else ""
    place = f"{task.provider}/{task.model}"
    if sent:
        return f"sent to {place}: task {task.id}{job}"
    when = f" at {format_moment(task.born_at)}" if task.born_at else ""
    state = f"it {task.status}" if task.status == "succeeded" else f"it is {task.status}"
    follows = state if task.status.final else "following it"
    return f"already sent to {place}{when}: task {task.id}{job}; {follows}"


def _expected_seconds(session: Session, task: Task) -> float | None:
    """Return how many seconds such a task usually takes, if that is known."""
    provider = session.provider_of(task)
    past = session.journal.finishes(f"{provider.alias}/{task.model}") if session.journal else []
    if past:
        return median(past)
    offer = find_offer(session, provider, task.model)
    return provider.expected_seconds or (offer.finishes_in if offer else None)


@contextmanager
def report_progress(
    session: Session, *, json: bool = False, quiet: bool = False, sent: bool | None = None
) -> Generator[ProgressReporter]:
    """Yield a reporter with a live display on a terminal, plain lines elsewhere, or nothing."""
    if json or quiet or not is_interactive():
        yield ProgressReporter(session, PlainProgress(to_stderr=json, muted=quiet), sent)
        return
    from anyvideo.cli.views.live_progress import LiveProgress  # noqa: PLC0415 (rich, only on a terminal)

    with LiveProgress() as display:
        yield ProgressReporter(session, display, sent)
