"""`anyvideo jobs`: the jobs in the journal, and what they cost."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.destination import is_for_stdout
from anyvideo.cli.exits import next_step, short_ref
from anyvideo.cli.options import config_option, html_option, output_options
from anyvideo.cli.report import write_jobs
from anyvideo.cli.views import spend
from anyvideo.cli.views.table import Table, echo, print_json, print_table, print_wrapped, style
from anyvideo.cli.views.text import format_cost, format_duration, format_path
from anyvideo.config.load import load_config
from anyvideo.config.places import find_journal
from anyvideo.journal.entry import Entry
from anyvideo.journal.opening import open_journal
from anyvideo.session.clock import SystemClock
from anyvideo.tasks.status import Status

# How long a database is waited for while a person waits, in seconds.
_PATIENCE = 2.0
_HEADINGS = ("job", "age", "offer", "state", "cost", "task", "file")
_RUNNING = {Status.QUEUED, Status.RUNNING}
_COLOURS = {
    Status.SUCCEEDED: "green",
    Status.AMBIGUOUS: "red",
    Status.SUBMITTING: "red",
    Status.FAILED: "yellow",
    Status.EXPIRED: "yellow",
    Status.CANCELLED: "yellow",
}


@click.command("jobs")
@click.option("--all", "show_all", is_flag=True, help="Also those that are finished.")
@click.option("--spend", "sums", is_flag=True, help="Sum up what they cost, by day and model.")
@html_option("Also write all jobs as a page to look at, with their clips.")
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext, show_all: bool, sums: bool, html: Path | None, config: str | None
) -> None:
    """List the jobs that are not finished: running, ambiguous or not downloaded yet.

    With --spend: what was quoted and billed, and what was spent: the bill, or else the quote.
    """
    context.show_warnings()
    if html and sums:
        message = "--html is a page of jobs, and --spend a table of sums; drop one"
        raise click.UsageError(message, click.get_current_context())
    with closing(
        open_journal(find_journal(load_config(config).journal), patience=_PATIENCE)
    ) as journal:
        if sums:
            spend.print_spend(journal, json=context.json)
            return
        entries, now = journal.entries(), journal.adjust(SystemClock().now())
    shown = entries if show_all else [entry for entry in entries if is_open(entry)]
    if context.json:
        print_json([_to_json(entry) for entry in shown])
    else:
        _print(context, shown, len(entries) - len(shown), now)
    if html is not None:
        write_jobs(context, html, entries)


def is_open(entry: Entry) -> bool:
    """Say whether something is left to do for a job."""
    if entry.state == Status.SUCCEEDED:
        return entry.facts is None and entry.task.error is None
    return not entry.state.final


def _print(context: CliContext, shown: list[Entry], hidden: int, now: float) -> None:
    if shown:
        rows = [_row(entry, now) for entry in shown]
        spare = ("task", "file", "age", "cost")
        print_table(Table(_HEADINGS, rows, right=("age", "cost"), spare=spare))
        for entry in shown:
            if is_open(entry) and entry.state not in _RUNNING:
                echo(f"{short_ref(entry.ref)}: {next_step(entry)}")
            elif reason := _find_reason(entry):
                print_wrapped(f"{short_ref(entry.ref)}: {reason}")
    else:
        context.print_hint("no open jobs" if hidden else "no jobs yet")
    if hidden:
        verb = "is" if hidden == 1 else "are"
        context.print_hint(f"{hidden} more {verb} finished; --all shows them")


def _find_reason(entry: Entry) -> str:
    """Return why a job has no video; "" for one that runs or is done."""
    error = entry.task.error
    said = (error.message or error.code or error.kind) if error else None
    return said or ""


def _row(entry: Entry, now: float) -> list[str]:
    task = entry.task
    return [
        short_ref(entry.ref),
        format_duration(now - entry.created),
        entry.offer,
        style(str(entry.state), _COLOURS.get(entry.state)),
        _format_cost(entry),
        task.id,
        _format_file(entry),
    ]


def _format_cost(entry: Entry) -> str:
    """Return what a job cost: the bill, or what was quoted."""
    task = entry.task
    if task.cost is not None:
        return f"{format_cost(task.cost, entry.currency)} billed"
    if not entry.counts:
        return "not billed"
    return str(task.quote) if task.quote else ""


def _format_file(entry: Entry) -> str:
    if not entry.path or not entry.facts:
        return ""
    if "://" in entry.path:
        return entry.path
    path = Path(entry.path)
    return "standard output" if is_for_stdout(path) else format_path(path)


def _to_json(entry: Entry) -> dict[str, Any]:
    return {
        "ref": entry.ref,
        "offer": entry.offer,
        "state": str(entry.state),
        "open": is_open(entry),
        "created": _format_time(entry.created),
        "finished": None if entry.finished is None else _format_time(entry.finished),
        "path": entry.path,
        "delivered": None if entry.facts is None else json.loads(entry.facts),
        "job": json.loads(entry.job) if entry.job else None,
        "task": json.loads(entry.task.to_json()),
    }


def _format_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()
