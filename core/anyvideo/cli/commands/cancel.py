"""`anyvideo cancel`: ask the vendor to stop a job."""

from __future__ import annotations

import json

import click

from anyvideo.cli.completion import complete_jobs
from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import short_ref
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import echo, print_json
from anyvideo.cli.views.text import format_cost
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task


@click.command("cancel")
@click.argument("name", metavar="ID", shell_complete=complete_jobs)
@config_option
@output_options
@click.pass_obj
def command(context: CliContext, name: str, config: str | None) -> None:
    """Ask the vendor to stop a job, and say what is known of its bill.

    ID is the job in `anyvideo jobs`, or the vendor's id. Not every vendor can cancel a job.
    """
    client = context.open_client(config)
    before = client.job(name).task
    task = client.cancel(before)
    if context.json:
        print_json({"task": json.loads(task.to_json())})
    else:
        echo(_describe(before, task))


def _describe(before: Task, task: Task) -> str:
    job = f"job {short_ref(task.ref)}"
    if before.status.final:
        return f"{job} has ended before: it is {task.status}"
    if task.status != Status.CANCELLED:
        return f"{job} is {task.status}; {task.provider} has not stopped it yet"
    if task.cost is None:
        return f"{job} is cancelled; whether {task.provider} bills it is not documented"
    currency = task.quote.currency if task.quote else ""
    bill = f"billed: {format_cost(task.cost, currency)}" if task.cost else "it is not billed"
    return f"{job} is cancelled; {bill}"
