"""`anyvideo batch`: from a list of jobs to a folder of files."""

from __future__ import annotations

import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import click
from attrs import define, evolve, field

from anyvideo.batch.batch_run import BatchRun, MapOptions, prepare_run
from anyvideo.batch.lines import JobFile, read_job_file
from anyvideo.batch.result import JobResult
from anyvideo.batch.sync import ResultIterator
from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.exits import ExitCode, TerminatedError, exit_code, explain
from anyvideo.cli.job_input import read_policy
from anyvideo.cli.options import (
    config_option,
    delivery_options,
    model_option,
    output_options,
    policy_option,
)
from anyvideo.cli.plan_gate import asks_first, confirm, is_free
from anyvideo.cli.planned_job import SANDBOX_MODEL
from anyvideo.cli.results_file import ResultsFile, describe_result
from anyvideo.cli.views import batch as view
from anyvideo.cli.views.batch_progress import BatchDisplay, Tally, show_batch
from anyvideo.cli.views.table import echo, print_json
from anyvideo.client.sync import Client
from anyvideo.errors import ConfigError, JobError

_STOPPING = "stopping: nothing new is sent, and paid requests in flight are waited for"


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
        code = _Run(context, batch_run, table).perform(client)
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
    batch_run.check_cost()
    if asks_first(context, yes=yes) and not all(is_free(order.plan) for order in batch.new):
        question = f"Send {view.count_jobs(len(batch.new))} for {view.format_total(batch.new)}?"
        confirm(question, "not confirmed; nothing was sent")


@define
class _Run:
    """A list on its way: shows each result, writes it to the table, and keeps the exit code."""

    context: CliContext
    batch_run: BatchRun
    table: ResultsFile
    code: int = ExitCode.DONE
    _results: list[dict[str, Any]] = field(factory=list[dict[str, Any]], init=False)
    _told: bool = field(default=False, init=False)

    def perform(self, client: Client) -> int:
        """Run the list to its end, or until Ctrl-C, and return the exit code."""
        context, tally = self.context, Tally(self.batch_run)
        with show_batch(tally, json=context.json, quiet=context.quiet) as display:
            results = client.gather(evolve(self.batch_run, on_change=display.update))
            with _interrupts(results):
                try:
                    self._follow(results, tally, display)
                except KeyboardInterrupt as error:
                    display.write(_STOPPING)
                    self._follow(results, tally, display)
                    self.code = exit_code(error)
                except Exception:
                    results.close()
                    raise
        self._conclude(tally)
        return self.code

    def _follow(self, results: ResultIterator, tally: Tally, display: BatchDisplay) -> None:
        for result in results:
            tally.add(result)
            self.table.add(result)
            if self.context.json:
                self._results.append(describe_result(result))
            display.end(result, self._explain(result))

    def _explain(self, result: JobResult) -> list[str]:
        """Return why a job has no video; what ended the whole run is said once."""
        error = result.error
        if error is None:
            return []
        self.code = self.code or exit_code(error)
        if error is self.batch_run.stop.error:
            if self._told:
                return []
            self._told = True
        return explain(error, self.context)

    def _conclude(self, tally: Tally) -> None:
        """Print how the run ended, and what the same command would do again."""
        context, batch = self.context, self.batch_run.batch
        if context.json:
            print_json(view.to_json(batch, self._results))
            return
        if not context.quiet:
            echo(str(tally))
        for line in _advise(tally) if not context.sandbox else ():
            echo(f"anyvideo: {line}", err=True)


@contextmanager
def _interrupts(results: ResultIterator) -> Generator[None]:
    """Let Ctrl-C and SIGTERM arrive between two results; the second one ends the program at once."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def handle(number: int, _: object) -> None:
        restore()
        results.interrupt(TerminatedError() if number == signal.SIGTERM else KeyboardInterrupt())

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    for number in before:
        signal.signal(number, handle)
    try:
        yield
    finally:
        restore()


def _advise(tally: Tally) -> list[str]:
    """Return what to do about the jobs that have no file."""
    over = {"downloaded", "refused", "failed", "cancelled", "expired"}
    lines: list[str] = []
    if tally.states.keys() - over:
        lines.append("the same command goes on with the rest, and pays nothing twice")
    if tally.states["failed"]:
        lines.append("a job that failed is not sent again; give its line another key for that")
    return lines
