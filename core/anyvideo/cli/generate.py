"""`anyvideo generate`: from a prompt to a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from anyvideo.cli import screen, video_view
from anyvideo.cli.options import json_option
from anyvideo.cli.ordering import order_options, read_order
from anyvideo.cli.plan_view import show_plan
from anyvideo.cli.progress import narrate
from anyvideo.cli.run import Run
from anyvideo.cli.wishes import PromptCommand


@click.command("generate", cls=PromptCommand)
@order_options
@click.option("-o", "--output", required=True, metavar="FILE", help="Where the video goes.")
@click.option("--plan", "plan_file", metavar="FILE", help="Apply a plan that was saved and read.")
@click.option("--timeout", type=float, metavar="S", help="Seconds to wait; an hour by default.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there already.")
@click.option(
    "--key", metavar="KEY", help="Your name for this job: it is sent once, however often."
)
@json_option
@click.pass_obj
def command(
    run: Run,
    /,
    *,
    output: str,
    plan_file: str | None,
    timeout: float | None,
    overwrite: bool,
    key: str | None,
    **given: Any,  # noqa: ANN401 (the order's options)
) -> None:
    """Make a video: show the plan and its cost, submit once, wait, download.

    PROMPT says what the video shows; - reads it from standard input.
    """
    order = read_order(run, given, plan_file)
    if not run.json:
        show_plan(order, sandbox=run.sandbox)
    options: dict[str, Any] = {"timeout": timeout, "overwrite": overwrite, "key": key}
    if order.policy is not None:
        options["policy"] = order.policy
    with narrate(order.client.session, json=run.json) as narration:
        # The journal keeps the path, and `anyvideo resume` may be called from another folder.
        to = os.path.join(Path.cwd(), output)  # noqa: PTH118 (keeps a slash at the end)
        video = order.client.generate(order.work, to, order.model, narration, **options)
    if run.json:
        screen.show_json(video_view.to_json(video))
    else:
        video_view.show_video(video)
