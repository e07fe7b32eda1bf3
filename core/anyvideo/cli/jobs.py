"""`anyvideo jobs`: what the journal holds, and what it came to."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from anyvideo.cli import screen, spend_view
from anyvideo.cli.options import json_option
from anyvideo.cli.outcomes import describe_rest, name_job
from anyvideo.cli.run import Run
from anyvideo.cli.video_view import say_path
from anyvideo.cli.wording import say_duration
from anyvideo.config.places import find_home
from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry
from anyvideo.session.clock import SystemClock
from anyvideo.tasks.status import Status

_HEADINGS = ("job", "age", "offer", "state", "task", "quoted", "billed", "file")
_COLOURS = {
    Status.SUCCEEDED: "green",
    Status.AMBIGUOUS: "red",
    Status.SUBMITTING: "red",
    Status.FAILED: "yellow",
    Status.EXPIRED: "yellow",
    Status.CANCELLED: "yellow",
}


@click.command("jobs")
@click.option("--all", "show_all", is_flag=True, help="Also those that are done with.")
@click.option("--spend", is_flag=True, help="Sum up what they cost, by day and model.")
@json_option
@click.pass_obj
def command(run: Run, show_all: bool, spend: bool) -> None:
    """List the jobs that are not at home yet: running, ambiguous or not downloaded.

    With --spend: what was quoted and billed, and what counts as spent, the bill or else the quote.
    """
    with closing(Journal(find_home() / "journal.sqlite")) as journal:
        if spend and run.json:
            screen.show_json(spend_view.to_json(journal))
        elif spend:
            spend_view.show_spend(journal)
        else:
            _list(run, journal.entries(), show_all=show_all)


def _list(run: Run, entries: list[Entry], *, show_all: bool) -> None:
    shown = entries if show_all else [entry for entry in entries if is_open(entry)]
    if run.json:
        screen.show_json([_to_json(entry) for entry in shown])
        return
    _show(shown, len(entries) - len(shown))


def is_open(entry: Entry) -> bool:
    """Say whether something is left to do for a job."""
    if entry.state == Status.SUCCEEDED:
        return entry.facts is None
    return not entry.state.final


def _show(shown: list[Entry], hidden: int) -> None:
    if shown:
        now = SystemClock().now()
        rows = [_row(entry, now) for entry in shown]
        spare = ("quoted", "task", "billed")
        table = screen.Table(_HEADINGS, rows, right=("age", "quoted", "billed"), spare=spare)
        screen.show_table(table)
        for entry in shown:
            if entry.state in {Status.AMBIGUOUS, Status.SUBMITTING}:
                click.echo(f"{name_job(entry.ref)}: {describe_rest(entry)}")
    else:
        click.echo("no open jobs" if hidden else "no jobs yet")
    if hidden:
        click.echo(screen.paint(f"{hidden} more are done with; --all shows them", dim=True))


def _row(entry: Entry, now: float) -> list[str]:
    task = entry.task
    return [
        name_job(entry.ref),
        say_duration(now - entry.created),
        entry.offer,
        screen.paint(str(entry.state), _COLOURS.get(entry.state)),
        task.id,
        str(task.quote) if task.quote else "",
        "" if task.cost is None else f"{task.cost} {entry.currency}",
        say_path(Path(entry.path)) if entry.path and entry.facts else "",
    ]


def _to_json(entry: Entry) -> dict[str, Any]:
    return {
        "ref": entry.ref,
        "offer": entry.offer,
        "state": str(entry.state),
        "open": is_open(entry),
        "created": _say_moment(entry.created),
        "finished": None if entry.finished is None else _say_moment(entry.finished),
        "path": entry.path,
        "delivered": None if entry.facts is None else json.loads(entry.facts),
        "job": json.loads(entry.job) if entry.job else None,
        "task": json.loads(entry.task.to_json()),
    }


def _say_moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
