"""`anyvideo plan`: what would be sent for a job, and what it would cost."""

from __future__ import annotations

import shlex
from typing import Any

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.job_input import write_text
from anyvideo.cli.options import PromptCommand, output_options, plan_options
from anyvideo.cli.planned_job import read_planned_job
from anyvideo.cli.views.plan import print_plan, print_requests
from anyvideo.cli.views.table import echo, format_json


@click.command("plan", cls=PromptCommand)
@plan_options
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="Save the plan, for generate --plan FILE.",
)
@output_options
@click.pass_obj
def command(context: CliContext, /, output: str | None, **given: Any) -> None:  # noqa: ANN401 (the options of the job and its plan)
    """Show what would be sent for a job, and what it would cost; nothing is sent.

    Needs no key. The output of --json is the plan that `anyvideo generate --plan FILE` applies.
    """
    planned = read_planned_job(context, given, sends=False)
    plan = planned.plan
    if output is not None:
        write_text(output, f"{plan.to_json()}\n")
    if context.json:
        echo(format_json(plan.to_json()))
        return
    if planned.note:
        context.print_hint(planned.note)
    print_plan(plan, planned.client.session.today, sandbox=context.sandbox, details=True)
    print_requests(plan)
    if output is not None:
        sandbox = "--sandbox " if context.sandbox else ""
        file = shlex.quote(output)
        context.print_hint("")
        context.print_hint(
            f"saved; apply it with: anyvideo generate {sandbox}--plan {file} -o VIDEO"
        )
