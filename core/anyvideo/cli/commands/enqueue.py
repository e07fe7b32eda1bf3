"""`anyvideo enqueue`: a list of jobs for the workers of a fleet."""

from __future__ import annotations

import sys
from typing import Any

import click

from anyvideo.batch.lines import read_job_file
from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.options import config_option, model_option, output_options
from anyvideo.cli.plan_gate import asks_first
from anyvideo.cli.views.fleet import format_costs, print_order
from anyvideo.cli.views.table import echo, print_json
from anyvideo.errors import BudgetError, JobError
from anyvideo.fleet.database import Added, add_lines, connect, require_address
from anyvideo.fleet.enqueue import Order, check_limit, quote_order
from anyvideo.fleet.results import check_place, is_url
from anyvideo.printable import make_printable

# How many lines that cannot be enqueued are shown.
_MOST_REFUSED = 20


@click.command("enqueue")
@click.argument("file", type=click.Path(), metavar="FILE.jsonl|FILE.csv|-")
@model_option()
@click.option(
    "-o",
    "--output",
    default="{key}.mp4",
    metavar="TEMPLATE",
    show_default=True,
    help="The name of each file, below the workers' --results, or a URL such as "
    "s3://clips/{key}.mp4; fields: key, number, name, model, provider.",
)
@click.option(
    "--max-cost",
    "limit",
    callback=read_limit,
    metavar="AMOUNT",
    help="Enqueue nothing if the whole list can cost more, such as 50 or '50 USD'.",
)
@click.option("-y", "--yes", is_flag=True, help="Enqueue without asking.")
@click.option("--skip-bad", is_flag=True, help="Leave out the lines that cannot be enqueued.")
@click.option(
    "--name", metavar="NAME", help="What generated keys begin with; the file's name by default."
)
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    file: str,
    model: str | None,
    output: str,
    limit: CostLimit | None,
    yes: bool,
    skip_bad: bool,
    name: str | None,
    config: str | None,
) -> None:
    """Put a list of jobs before the workers: `anyvideo worker` makes the videos.

    The whole list is quoted first. A list that was enqueued before adds nothing: each line has a
    key, and its job is sent once.
    """  # fmt: skip
    client = context.open_client(config, sends=False)
    address = require_address(client.session.config)
    source: Any = sys.stdin.buffer if file == "-" else file
    order = quote_order(client.session, read_job_file(source, name), model, output)
    if is_url(output):
        check_place(output)
    if not (context.json or context.quiet):
        print_order(order)
    _check_refused(order, skip_bad=skip_bad)
    if limit is not None:
        check_limit(order, limit.amount, limit.currency, client.session)
    if asks_first(context, yes=yes):
        _confirm(order)
    with connect(address) as connection:
        added = add_lines(connection, order.lines)
    _report(context, order, added)


def _check_refused(order: Order, *, skip_bad: bool) -> None:
    """Show the lines that cannot be enqueued.

    Raises:
        JobError: there are such lines, or no other ones.
    """
    for number, reason in [*order.refused.items()][:_MOST_REFUSED]:
        echo(f"line {number}: {reason}", err=True)
    if (more := len(order.refused) - _MOST_REFUSED) > 0:
        echo(f"and {more} more lines", err=True)
    if order.refused and not skip_bad:
        message = (
            f"{len(order.refused)} of {len(order.refused) + len(order.lines)} lines cannot be"
            " enqueued, and nothing was; --skip-bad leaves them out"
        )
        raise JobError(message)
    if not order.lines:
        message = "the list has no job; nothing was enqueued"
        raise JobError(message)


def _confirm(order: Order) -> None:
    count = len(order.lines)
    question = f"Enqueue {count} job{'s' if count > 1 else ''} for {format_costs(order)}?"
    try:
        confirmed = click.confirm(make_printable(question))
    except click.Abort:
        raise KeyboardInterrupt from None
    if not confirmed:
        message = "not confirmed; nothing was enqueued"
        raise BudgetError(message)


def _report(context: CliContext, order: Order, added: Added) -> None:
    if context.json:
        print_json({
            "new": added.new,
            "again": added.again,
            "known": added.known,
            "costs": {currency: str(amount) for currency, amount in order.costs.items()},
            "loose": order.loose,
            "refused": dict(order.refused),
        })  # fmt: skip
        return
    words = [f"{added.new} enqueued"]
    if added.again:
        words.append(f"{added.again} wait again")
    if added.known:
        words.append(f"{added.known} known already")
    echo(", ".join(words))
    if added.new or added.again:
        context.print_hint("start workers with: anyvideo worker")
    context.print_hint("see how far they are with: anyvideo worker --status")
