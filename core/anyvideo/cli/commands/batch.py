"""`anyvideo batch`: from a list of jobs to a folder of files."""

from __future__ import annotations

import sys
from typing import Any

import click

from anyvideo.batch.batch_run import BatchRun, MapOptions, prepare_run
from anyvideo.batch.lines import JobFile, read_job_file
from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.job_input import read_policy
from anyvideo.cli.list_run import ListRun, confirm_list
from anyvideo.cli.options import (
    config_option,
    delivery_options,
    model_option,
    output_options,
    policy_option,
)
from anyvideo.cli.planned_job import SANDBOX_MODEL
from anyvideo.cli.results_file import ResultsFile
from anyvideo.cli.views import batch as view
from anyvideo.client.sync import Client
from anyvideo.errors import ConfigError, JobError


@click.command("batch")
@click.argument("file", metavar="JOBS", type=click.Path())
@model_option()
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="TEMPLATE",
    help="A folder, or a path such as 'clips/{number:03}-{key}.mp4'; a folder named by the list "
    "otherwise. Fields: key, number, name, model, provider.",
)
@click.option(
    "--results",
    type=click.Path(),
    metavar="FILE",
    help="Write a line for each job as it ends: .csv, or otherwise JSON.",
)
@click.option("--name", metavar="NAME", help="What the keys begin with; the file's name otherwise.")
@click.option(
    "--max-cost",
    "limit",
    callback=read_limit,
    metavar="AMOUNT",
    help="Send nothing if what is left to send can cost more in all.",
)
@click.option("-y", "--yes", is_flag=True, help="Send without asking.")
@click.option(
    "--at-once",
    type=click.IntRange(min=1),
    default=8,
    metavar="N",
    help="How many jobs are on their way at once; 8 by default.",
)
@click.option("--skip-bad", is_flag=True, help="Leave out the lines that are wrong or refused.")
@click.option(
    "--sandbox", is_flag=True, help="Use a local stand-in for the vendors: no key, no cost."
)
@delivery_options
@policy_option
@config_option
@output_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    file: str,
    results: str | None,
    limit: CostLimit | None,
    yes: bool,
    skip_bad: bool,
    **given: Any,  # noqa: ANN401 (the options of the list)
) -> None:
    """Make the videos of a list of jobs: show what it costs, send each job once, download.

    JOBS is a file with a JSON object a line, or .csv with the same names as columns: the fields of
    a job, and key, model and to (its own file); - reads JSON lines from standard input. Running
    the same command again pays nothing twice, and fetches what is missing.
    """  # fmt: skip
    context: CliContext = ctx.obj
    client = context.open_client(given["config"], sandbox=given["sandbox"])
    jobs = _read_jobs(file, given["name"])
    batch_run = _prepare(context, client, jobs, limit, given)
    _admit(context, batch_run, file, yes=yes, skip_bad=skip_bad)
    with ResultsFile(results) as table:
        code = ListRun(context, batch_run, table.add).perform(client)
    if table.problem is not None and not code:
        raise table.problem
    ctx.exit(code)


def _read_jobs(file: str, name: str | None) -> JobFile:
    source = sys.stdin.buffer if file == "-" else file
    jobs = read_job_file(source, name or ("stdin" if file == "-" else None))
    if not jobs.lines and not jobs.mistakes:
        message = f"{'standard input' if file == '-' else file} holds no job"
        raise JobError(message)
    return jobs


def _prepare(
    context: CliContext,
    client: Client,
    jobs: JobFile,
    limit: CostLimit | None,
    given: dict[str, Any],
) -> BatchRun:
    """Plan the whole list; nothing is sent."""
    model = given["model"]
    if context.sandbox and model is None and client.session.config.model is None:
        model = SANDBOX_MODEL
    options = MapOptions(
        policy=read_policy(given["rules"], client.session.config.policy),
        at_once=given["at_once"],
        max_cost=limit.amount if limit else None,
        currency=limit.currency if limit else "USD",
        timeout=given["timeout"],
        overwrite=given["overwrite"],
    )
    return prepare_run(client.session, jobs, given["output"] or jobs.name, model, options)


def _admit(
    context: CliContext, batch_run: BatchRun, file: str, *, yes: bool, skip_bad: bool
) -> None:
    """Show what a list costs, and let it pass: no line is wrong, the limit holds, the user agrees.

    Raises:
        ConfigError: lines are wrong or refused.
        BudgetError: the list can cost more than the limit, or the user does not confirm it.
    """
    batch = batch_run.batch
    if not (context.json or context.quiet):
        view.print_quote(batch, sandbox=context.sandbox)
    if batch.faults and not skip_bad:
        lines = [f"{file}, {line}" for line in view.list_faults(batch.faults)]
        number = view.count_jobs(len(batch.orders))
        rest = f"; --skip-bad leaves these lines out and makes {number}" if batch.orders else ""
        raise ConfigError([*lines, f"nothing was sent{rest}"])
    confirm_list(context, batch_run, yes=yes)
