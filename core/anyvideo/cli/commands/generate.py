"""`anyvideo generate`: from a prompt to a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.options import PromptCommand, delivery_options, json_option, plan_options
from anyvideo.cli.planned_job import read_planned_job
from anyvideo.cli.views.plan import print_plan
from anyvideo.cli.views.progress import report_progress
from anyvideo.cli.views.video import print_video


@click.command("generate", cls=PromptCommand)
@plan_options
@click.option("-o", "--output", required=True, metavar="FILE", help="Where the video goes.")
@click.option("--plan", "plan_file", metavar="FILE", help="Apply a saved plan.")
@delivery_options
@click.option("--key", metavar="KEY", help="Your name for this job; a job is sent once per KEY.")
@json_option
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    output: str,
    plan_file: str | None,
    timeout: float | None,
    overwrite: bool,
    key: str | None,
    **given: Any,  # noqa: ANN401 (the options of the job and its plan)
) -> None:
    """Make a video: show the plan and its cost, submit once, wait, download.

    PROMPT says what the video shows; - reads it from standard input.
    """
    planned = read_planned_job(context, given, plan_file)
    if not context.json:
        print_plan(planned, sandbox=context.sandbox)
    options: dict[str, Any] = {"timeout": timeout, "overwrite": overwrite, "key": key}
    if planned.policy is not None:
        options["policy"] = planned.policy
    client = planned.client
    with report_progress(client.session, json=context.json) as reporter:
        # The journal keeps the path, and `anyvideo resume` may be called from another folder.
        to = os.path.join(Path.cwd(), output)  # noqa: PTH118 (keeps a slash at the end)
        video = client.generate(planned.submits, to, planned.model, reporter, **options)
    print_video(video, json=context.json)
