"""`anyvideo compare`: one job, or a list of jobs, put to every vendor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import click
from attrs import asdict

from anyvideo.cli import price_view, screen
from anyvideo.cli.files import read_text
from anyvideo.cli.options import config_option, json_option
from anyvideo.cli.run import Run
from anyvideo.cli.wishes import (
    PromptCommand,
    has_wishes,
    job_options,
    policy_option,
    read_job,
    read_policy,
)
from anyvideo.cli.wording import describe_clip, say_checked, say_duration, say_rate
from anyvideo.errors import ConfigError
from anyvideo.model.plan import Comparison, Plan, Refusal
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.price_list import price_jobs
from anyvideo.session.session import Session

_HEADINGS = ("offer", "what you get", "adjusted", "cost", "per s", "usual", "price of")


@click.command("compare", cls=PromptCommand)
@job_options
@click.option(
    "-m", "--model", default="*", metavar="SELECTOR", help="PreparedJob these alone, not all."
)
@click.option("--why", is_flag=True, help="Say why the others refuse, and what they would take.")
@click.option("--jobs", "jobs_file", metavar="FILE.jsonl", help="Price a list of jobs, one a line.")
@policy_option
@config_option
@json_option
@click.pass_obj
def command(
    run: Run,
    /,
    *,
    model: str,
    jobs_file: str | None,
    why: bool,
    rules: tuple[str, ...],
    config: str | None,
    **given: Any,  # noqa: ANN401 (the job's options)
) -> None:
    """Put one job to every vendor: what each would do, and for how much.

    Needs no key, and sends nothing.
    """
    client = run.open_client(config, sends=False)
    policy = read_policy(rules, client.session.config.policy)
    if jobs_file is not None:
        if has_wishes(given):
            message = "--jobs takes the jobs from its file: drop PROMPT and the other options"
            raise click.UsageError(message, click.get_current_context())
        _price_list(run, client.session, jobs_file, model, policy, why=why)
        return
    comparison = client.compare(read_job(given), model, policy=policy)
    if run.json:
        screen.show_json(_to_json(comparison))
        return
    _show_plans(comparison.plans, client.session.today)
    _show_refusals(comparison.refusals, why=why or not comparison.plans)


def _price_list(
    run: Run, session: Session, file: str, model: str, policy: Policy, *, why: bool
) -> None:
    """Price every job of a file.

    Raises:
        ConfigError: lines hold no job; the rest was priced and shown.

    """
    # Not splitlines: a prompt in JSON may hold other line separators than this one.
    prices = price_jobs(session, read_text(file, "the list of jobs").split("\n"), model, policy)
    if run.json:
        screen.show_json(price_view.to_json(prices))
    else:
        price_view.show_price_list(prices, why=why)
    if prices.mistakes:
        run.json = False  # stdout holds the document already, with the mistakes in it
        raise ConfigError(
            [f"{file}, line {line}: {text}" for line, text in prices.mistakes.items()]
        )


def _show_plans(plans: tuple[Plan, ...], today: date) -> None:
    rows = [_row(plan, today) for plan in plans]
    spare = ("per s", "price of", "usual")
    screen.show_table(screen.Table(_HEADINGS, rows, right=("cost", "per s"), spare=spare))


def _row(plan: Plan, today: date) -> list[str]:
    quote, offer = plan.quote, plan.offer
    return [
        offer.name,
        describe_clip(plan.job, plan.seconds),
        screen.paint("; ".join(_shorten(plan)), "yellow"),
        screen.paint("unknown", dim=True) if quote.amount is None else str(quote),
        "" if quote.amount is None else say_rate(quote.amount, plan.seconds),
        say_duration(offer.finishes_in) if offer.finishes_in else "",
        say_checked(quote, today),
    ]


def _shorten(plan: Plan) -> Iterable[str]:
    return (str(item).partition(" (")[0] for item in plan.adjustments)


def _show_refusals(refusals: tuple[Refusal, ...], *, why: bool) -> None:
    if not refusals:
        return
    if not why:
        click.echo(screen.paint(f"{len(refusals)} more refuse; --why says why", dim=True))
        return
    ordered = sorted(refusals, key=lambda refusal: refusal.offer.retired is not None)
    rows = [
        [
            refusal.offer.name,
            "; ".join(map(str, refusal.reasons)),
            "; or ".join(_say_nearest(plan) for plan in refusal.nearest[:2]),
        ]
        for refusal in ordered
    ]
    click.echo()
    screen.show_table(screen.Table(("refuses", "why", "would take"), rows))


def _say_nearest(plan: Plan) -> str:
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
