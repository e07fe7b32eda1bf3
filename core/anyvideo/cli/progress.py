"""Tells how a job comes along: a live line on a terminal, a plain line for each change elsewhere."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from statistics import median
from typing import Protocol

import click
from attrs import define, field

from anyvideo.cli import screen
from anyvideo.cli.outcomes import name_job
from anyvideo.cli.wording import say_duration
from anyvideo.session.offers import find_offer
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task


class Drawing(Protocol):
    """Something to tell it on."""

    def say(self, line: str) -> None:
        """Write a line that stays."""
        ...

    def show(self, task: Task, age: float, usual: float | None) -> None:
        """Show how a task stands that is `age` seconds old and usually takes `usual`."""
        ...


@define
class PlainLines:
    """Plain lines on stdout, or on stderr where stdout belongs to a program.

    Once nobody reads any more nothing is written, and the job goes on: it is paid for.
    """

    to_stderr: bool = False
    muted: bool = False

    def say(self, line: str) -> None:
        """Write a line."""
        if self.muted:
            return
        try:
            click.echo(line, err=self.to_stderr)
        except BrokenPipeError:
            self.muted = True

    def show(self, task: Task, age: float, usual: float | None) -> None:
        """Write how a task stands."""
        words = f"{say_duration(age):>8}  {task.status}"
        if task.progress and not task.status.final:
            words += f" {task.progress:g} %"
        if usual is not None and not task.status.final:
            words += f", {say_left(usual - age)}"
        self.say(words)


def say_left(seconds: float) -> str:
    """Return how long a job will usually take still."""
    return f"usually {say_duration(seconds)} more" if seconds >= 1 else "usually done by now"


@define
class Narration:
    """Follows one job after another; it is what `on_change` calls."""

    session: Session
    drawing: Drawing
    known: tuple[str, str] = field(default=("", ""), init=False)

    def __call__(self, task: Task) -> None:
        """Tell what has changed."""
        if (task.provider, task.id) != self.known:
            self.known = (task.provider, task.id)
            name = f"{task.provider}/{task.model}"
            self.drawing.say(f"sent to {name}: task {task.id}, job {name_job(task.ref)}")
        now = self.session.clock.now()
        born = task.created_at.timestamp() if task.created_at else now
        self.drawing.show(task, max(0.0, now - born), expect_finish(self.session, task))


def expect_finish(session: Session, task: Task) -> float | None:
    """Return how many seconds such a task usually takes, if anything is known of that."""
    provider = session.provider_of(task)
    past = session.journal.finishes(f"{provider.alias}/{task.model}") if session.journal else []
    if past:
        return median(past)
    offer = find_offer(session, provider, task.model)
    return provider.expected_seconds or (offer.finishes_in if offer else None)


@contextmanager
def narrate(session: Session, *, json: bool = False) -> Generator[Narration]:
    """Open whatever suits the one who looks on, and close it at the end."""
    if json or not screen.is_watched():
        yield Narration(session, PlainLines(to_stderr=json))
        return
    from anyvideo.cli.live import LiveLine  # noqa: PLC0415 (rich is for those who look on)

    with LiveLine() as line:
        yield Narration(session, line)
