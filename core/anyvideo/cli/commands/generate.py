"""`anyvideo generate`: from a prompt to a file."""

from __future__ import annotations

from typing import Any

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.destination import check_output, choose_destination
from anyvideo.cli.options import PromptCommand, delivery_options, output_options, plan_options
from anyvideo.cli.plan_gate import PlanGate, asks_first
from anyvideo.cli.planned_job import PlannedJob, read_planned_job
from anyvideo.cli.views.progress import report_progress
from anyvideo.cli.views.video import print_differences, print_video
from anyvideo.tasks.task import Video


@click.command("generate", cls=PromptCommand)
@plan_options
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="Where the video goes; - for standard output. Otherwise a new file named by the prompt.",
)
@click.option("--plan", "plan_file", type=click.Path(), metavar="FILE", help="Apply a saved plan.")
@click.option(
    "--max-cost",
    "limit",
    callback=read_limit,
    metavar="AMOUNT",
    help="Send nothing that can cost more, such as 0.50 or '0.50 USD'.",
)
@click.option("-y", "--yes", is_flag=True, help="Send without asking.")
@delivery_options
@click.option("--key", metavar="KEY", help="Your name for this job; a job is sent once per KEY.")
@output_options
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    output: str | None,
    plan_file: str | None,
    limit: CostLimit | None,
    yes: bool,
    overwrite: bool,
    **given: Any,  # noqa: ANN401 (the options of the job and its plan, --timeout and --key)
) -> None:
    """Make a video: show the plan and its cost, submit once, wait, download.

    PROMPT says what the video shows; - reads it from standard input. On a terminal, a job that
    can cost something is confirmed first.
    """  # fmt: skip
    options = {name: given.pop(name) for name in ("timeout", "key")}
    check_output(context, output, overwrite=overwrite)
    planned = read_planned_job(context, given, plan_file)
    destination = choose_destination(context, output, planned, options["key"])
    session = planned.client.session
    with report_progress(session, json=context.json, quiet=context.quiet) as reporter:
        asks = asks_first(context, yes=yes)
        gate = PlanGate(context, reporter, destination, limit, planned.note, asks)
        video = _generate(
            planned, destination.path, on_change=reporter, on_plan=gate, overwrite=overwrite,
            **options,
        )  # fmt: skip
    if destination.to_stdout:
        destination.deliver(context, video)
        print_differences(video)
    else:
        print_video(video, json=context.json, quiet=context.quiet)


def _generate(planned: PlannedJob, to: str, **options: Any) -> Video:  # noqa: ANN401 (those of `Client.generate`)
    if planned.policy is not None:
        options["policy"] = planned.policy
    return planned.client.generate(planned.submits, to, planned.model, **options)
