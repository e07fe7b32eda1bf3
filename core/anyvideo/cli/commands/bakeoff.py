"""`anyvideo bakeoff`: one job at many vendors, and a page that compares the clips."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from attrs import asdict, define, field

from anyvideo.batch.batch_run import BatchRun, MapOptions, prepare_run
from anyvideo.batch.lines import JobFile, JobLine
from anyvideo.batch.result import JobResult
from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.exits import hint
from anyvideo.cli.job_input import read_job, read_policy
from anyvideo.cli.list_run import ListRun, confirm_list
from anyvideo.cli.options import (
    PromptCommand,
    config_option,
    delivery_options,
    html_option,
    job_options,
    model_option,
    output_options,
    policy_option,
)
from anyvideo.cli.report import announce_page
from anyvideo.cli.views import batch as view
from anyvideo.client.sync import Client
from anyvideo.errors import ConfigError, NegotiationError
from anyvideo.model.comparison import Comparison
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.page.entry import Page
from anyvideo.page.jobs import list_results
from anyvideo.page.prices import list_refusals
from anyvideo.page.render import write_page


@click.command("bakeoff", cls=PromptCommand)
@job_options
@model_option(
    "*", "Who takes part: 'kling*', 'apimart/*', sora-2; every account with a key if not given."
)
@html_option("The page; bakeoff.html if not given.")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FOLDER",
    help="Where the clips go; a folder named by the job otherwise.",
)
@click.option(
    "--max-cost",
    "limit",
    callback=read_limit,
    metavar="AMOUNT",
    help="Send nothing if all clips together can cost more; leave out those without a sure price.",
)
@click.option("-y", "--yes", is_flag=True, help="Send without asking.")
@click.option(
    "--at-once",
    type=click.IntRange(min=1),
    default=8,
    metavar="N",
    help="How many jobs are on their way at once; 8 by default.",
)
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
    html: Path | None,
    limit: CostLimit | None,
    yes: bool,
    **given: Any,  # noqa: ANN401 (the options of the job and of the list)
) -> None:
    """Make one job at every vendor that would take it, and compare the clips on a page.

    Each selected offer of an account with a key makes one clip. The total is stated, and confirmed
    on a terminal, before anything is sent. Running the same command again pays nothing twice.
    """  # fmt: skip
    context: CliContext = ctx.obj
    settings = {name: given.pop(name) for name in ("output", "at_once", "timeout", "overwrite")}
    client = context.open_client(given["config"], sandbox=given["sandbox"])
    job = read_job(given)
    policy = read_policy(given["rules"], client.session.config.policy)
    comparison = client.compare(job, given["model"], policy=policy)
    jobs = _list_jobs(job, policy, _choose(context, client, comparison, limit))
    batch_run = _prepare(client, jobs, policy, limit, settings)
    report = _Report(context, batch_run, comparison, html or Path("bakeoff.html"))
    _admit(context, batch_run, yes=yes)
    report.save()
    try:
        code = ListRun(context, batch_run, report.results.append, by_offer=True).perform(client)
    finally:
        report.save()
    announce_page(context, report.path)
    ctx.exit(code)


def _prepare(
    client: Client,
    jobs: JobFile,
    policy: Policy,
    limit: CostLimit | None,
    settings: Mapping[str, Any],
) -> BatchRun:
    """Plan the whole run; nothing is sent."""
    options = MapOptions(
        policy=policy,
        at_once=settings["at_once"],
        max_cost=limit.amount if limit else None,
        currency=limit.currency if limit else "USD",
        timeout=settings["timeout"],
        overwrite=settings["overwrite"],
    )
    folder = (settings["output"] or jobs.name).replace("{", "{{").replace("}", "}}")
    return prepare_run(client.session, jobs, f"{folder}/{{provider}}-{{model}}.mp4", None, options)


def _choose(
    context: CliContext, client: Client, comparison: Comparison, limit: CostLimit | None
) -> list[Plan]:
    """Return the plans that take part: at an account with a key, with a price that the limit can hold.

    Raises:
        NegotiationError: none is left.
    """
    keyed = [
        plan
        for plan in comparison.plans
        if client.session.provider(plan.provider).find_key() is not None
    ]
    chosen = [plan for plan in keyed if limit is None or not limit.find_objection(plan.quote)]
    without = len(comparison.plans) - len(keyed)
    over = len(keyed) - len(chosen)
    reasons = [f"{without} without a key"] if without else []
    reasons += [f"{over} that can pass --max-cost {limit}"] if over else []
    reasons += [f"{len(comparison.refusals)} that refuse"] if comparison.refusals else []
    if not chosen:
        message = f"no offer is left to take part: {', '.join(reasons) or 'none was found'}"
        raise NegotiationError(message)
    if reasons and not context.json:
        context.print_hint(f"left out: {', '.join(reasons)}")
    return chosen


def _list_jobs(job: VideoJob, policy: Policy, plans: Iterable[Plan]) -> JobFile:
    """Return the list of one job at many offers; its name and keys depend on the job alone."""
    known = json.dumps([job.to_mapping(), asdict(policy)], sort_keys=True, default=str)
    name = f"bakeoff-{hashlib.sha256(known.encode()).hexdigest()[:12]}"
    lines = tuple(
        JobLine(number, f"{name}-{plan.provider}-{plan.offer.model}", job, plan.offer.name)
        for number, plan in enumerate(plans, 1)
    )
    return JobFile(name, lines, {})


def _admit(context: CliContext, batch_run: BatchRun, *, yes: bool) -> None:
    """State the total, and let it pass: no clip is in the way, the limit holds, the user agrees."""
    batch = batch_run.batch
    if not (context.json or context.quiet):
        view.print_quote(batch, sandbox=context.sandbox)
    if batch.faults:
        lines = [f"{error}{hint(error)}" for error in batch.faults.values()]
        raise ConfigError([*lines, "nothing was sent"])
    confirm_list(context, batch_run, yes=yes)


@define
class _Report:
    """The page of a run; it is written before anything is sent, and again at the end."""

    context: CliContext
    batch_run: BatchRun
    comparison: Comparison
    path: Path
    results: list[JobResult] = field(factory=list[JobResult])

    def save(self) -> None:
        """Write the page as far as the run has come."""
        batch = self.batch_run.batch
        entries = list_results(self.batch_run.session, batch, self.results)
        refusals = list_refusals(self.comparison.refusals)
        note = "sandbox: nothing is billed" if self.context.sandbox else ""
        prompt = batch.orders[0].line.job.prompt
        write_page(Page("Bake-off", "clips", entries, refusals, prompt, note), self.path)
