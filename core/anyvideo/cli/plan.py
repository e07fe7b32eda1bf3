"""`anyvideo plan`: what would be sent for a job, and what it would cost."""

from __future__ import annotations

import shlex
from typing import Any

import click

from anyvideo.cli.files import write_text
from anyvideo.cli.options import json_option
from anyvideo.cli.ordering import order_options, read_order
from anyvideo.cli.plan_view import show_plan, show_requests
from anyvideo.cli.run import Run
from anyvideo.cli.wishes import PromptCommand


@click.command("plan", cls=PromptCommand)
@order_options
@click.option("-o", "--output", metavar="FILE", help="Save the plan, for generate --plan FILE.")
@json_option
@click.pass_obj
def command(run: Run, /, output: str | None, **given: Any) -> None:  # noqa: ANN401 (the order's options)
    """Show what would be sent for a job, and what it would cost; nothing is sent.

    Needs no key. What --json writes is the plan that `anyvideo generate --plan FILE` applies.
    """
    order = read_order(run, given, sends=False)
    if output is not None:
        write_text(output, f"{order.plan.to_json()}\n")
    if run.json:
        click.echo(order.plan.to_json())
        return
    show_plan(order, sandbox=run.sandbox, details=True)
    show_requests(order.plan)
    if output is not None:
        sandbox = "--sandbox " if run.sandbox else ""
        file = shlex.quote(output)
        click.echo(f"\nsaved; apply it with: anyvideo generate {sandbox}--plan {file} -o VIDEO")
