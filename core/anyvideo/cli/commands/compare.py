"""`anyvideo compare`: what each vendor would do for a job, or for a list of jobs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import click
from attrs import asdict

from anyvideo.cli.context import CliContext
from anyvideo.cli.job_input import has_preferences, read_job, read_policy, read_text
from anyvideo.cli.options import (
    PromptCommand,
    config_option,
    job_options,
    json_option,
    policy_option,
)
from anyvideo.cli.views import price_list
from anyvideo.cli.views.table import Table, print_json, print_table, style
from anyvideo.cli.views.text import format_checked, format_clip, format_duration, format_rate
from anyvideo.errors import ConfigError
from anyvideo.model.plan import Comparison, Plan, Refusal
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.price_list import price_jobs
from anyvideo.session.session import Session

_HEADINGS = ("offer", "what you get", "adjusted", "cost", "per s", "usual", "price of")


@click.command("compare", cls=PromptCommand)
@job_options
@click.option("-m", "--model", default="*", metavar="SELECTOR", help="These offers alone.")
@click.option("--why", is_flag=True, help="Show why the others refuse, and what they would accept.")
@click.option("--jobs", "jobs_file", metavar="FILE.jsonl", help="Price a list of jobs, one a line.")
@policy_option
@config_option
@json_option
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    model: str,
    jobs_file: str | None,
    why: bool,
    rules: tuple[str, ...],
    config: str | None,
    **given: Any,  # noqa: ANN401 (the options of the job)
) -> None:
    """Show what each vendor would do for a job, and for how much.

    Needs no key, and sends nothing.
    """
    client = context.open_client(config, sends=False)
    policy = read_policy(rules, client.session.config.policy)
    if jobs_file is not None:
        if has_preferences(given):
            message = "--jobs takes the jobs from its file: drop PROMPT and the other options"
            raise click.UsageError(message, click.get_current_context())
        _print_price_list(context, client.session, jobs_file, model, policy, why=why)
        return
    comparison = client.compare(read_job(given), model, policy=policy)
    if context.json:
        print_json(_to_json(comparison))
        return
    _print_plans(comparison.plans, client.session.today)
    _print_refusals(comparison.refusals, why=why or not comparison.plans)


def _print_price_list(
    context: CliContext, session: Session, file: str, model: str, policy: Policy, *, why: bool
) -> None:
    """Price every job of a file.

    Raises:
        ConfigError: some lines are not jobs; the others are priced and shown.
    """
    # Not splitlines: a prompt in JSON may hold other line separators than this one.
    prices = price_jobs(session, read_text(file, "the list of jobs").split("\n"), model, policy)
    if context.json:
        print_json(price_list.to_json(prices))
    else:
        price_list.print_price_list(prices, why=why)
    if prices.mistakes:
        context.json = False  # stdout already holds the document, with the mistakes in it
        raise ConfigError(
            [f"{file}, line {line}: {text}" for line, text in prices.mistakes.items()]
        )


def _print_plans(plans: tuple[Plan, ...], today: date) -> None:
    rows = [_row(plan, today) for plan in plans]
    spare = ("per s", "price of", "usual")
    print_table(Table(_HEADINGS, rows, right=("cost", "per s"), spare=spare))


def _row(plan: Plan, today: date) -> list[str]:
    quote, offer = plan.quote, plan.offer
    return [
        offer.name,
        format_clip(plan.job, plan.seconds),
        style("; ".join(_shorten(plan)), "yellow"),
        style("unknown", dim=True) if quote.amount is None else str(quote),
        "" if quote.amount is None else format_rate(quote.amount, plan.seconds),
        format_duration(offer.finishes_in) if offer.finishes_in else "",
        format_checked(quote, today),
    ]


def _shorten(plan: Plan) -> Iterable[str]:
    return (str(item).partition(" (")[0] for item in plan.adjustments)


def _print_refusals(refusals: tuple[Refusal, ...], *, why: bool) -> None:
    if not refusals:
        return
    if not why:
        click.echo(style(f"{len(refusals)} more refuse; --why shows why", dim=True))
        return
    ordered = sorted(refusals, key=lambda refusal: refusal.offer.retired is not None)
    rows = [
        [
            refusal.offer.name,
            "; ".join(map(str, refusal.reasons)),
            "; or ".join(_format_nearest(plan) for plan in refusal.nearest[:2]),
        ]
        for refusal in ordered
    ]
    click.echo()
    print_table(Table(("refuses", "why", "would accept"), rows))


def _format_nearest(plan: Plan) -> str:
    return f"{', '.join(_shorten(plan))} for {plan.quote}"


def _to_json(comparison: Comparison) -> dict[str, Any]:
    return {
        "plans": [
            {
                "offer": plan.offer.name,
                "job": plan.job.to_mapping(),
                "adjustments": [str(item) for item in plan.adjustments],
                "quote": asdict(plan.quote),
                "usual_seconds": plan.offer.finishes_in,
            }
            for plan in comparison.plans
        ],
        "refusals": [
            {
                "offer": refusal.offer.name,
                "reasons": [asdict(reason) for reason in refusal.reasons],
                "nearest": [plan.job.to_mapping() for plan in refusal.nearest],
            }
            for refusal in comparison.refusals
        ],
    }
