"""`anyvideo worker`: makes the videos of the list that `anyvideo enqueue` fills."""

from __future__ import annotations

import asyncio
from functools import partial

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.fleet import counts_to_json, print_counts
from anyvideo.cli.views.table import print_json
from anyvideo.config.load import load_config
from anyvideo.fleet.database import connect, count_lines, require_address
from anyvideo.fleet.worker import Worker
from anyvideo.journal.postgres_database import hide_password


@click.command("worker")
@click.option(
    "--at-once",
    type=click.IntRange(1, 1000),
    default=64,
    show_default=True,
    metavar="N",
    help="The most steps at the same time: submits, polls, downloads. Waiting takes none.",
)
@click.option(
    "--results",
    default=".",
    metavar="FOLDER|URL",
    help="Where the files go that the list names; the working folder by default, or a URL such as "
    "s3://bucket/clips.",
)
@click.option("--drain", is_flag=True, help="End once nothing is left.")
@click.option("--status", is_flag=True, help="Show how far all workers are, and end.")
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    at_once: int,
    results: str,
    drain: bool,
    status: bool,
    config: str | None,
) -> None:
    """Make the videos of the fleet's list, together with the other workers, until SIGTERM or Ctrl-C.

    What is under way then ends first. A worker that is killed loses nothing: the others go on with its
    jobs, and none is sent twice.
    """
    context.show_warnings()
    settings = load_config(config)
    address = require_address(settings)
    if not status:
        hint = f"working on {hide_password(address)}; Ctrl-C or SIGTERM stops softly"
        begin = partial(context.print_hint, hint)
        asyncio.run(Worker(config, results, at_once, drain, begin).run())
    if status or drain:
        _print_status(context, address)


def _print_status(context: CliContext, address: str) -> None:
    """Print how many lines of each account are how far."""
    with connect(address) as connection:
        counts = count_lines(connection)
    if context.json:
        print_json(counts_to_json(counts))
    else:
        print_counts(counts)
