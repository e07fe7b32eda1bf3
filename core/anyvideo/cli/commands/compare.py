"""`anyvideo compare`: what each vendor would do for a job, or for a list of jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click
from attrs import asdict, evolve, frozen

from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.job_input import has_preferences, read_job, read_policy, read_text
from anyvideo.cli.options import (
    PromptCommand,
    config_option,
    html_option,
    job_options,
    model_option,
    output_options,
    policy_option,
)
from anyvideo.cli.report import write_prices
from anyvideo.cli.views import price_list
from anyvideo.cli.views.notes import mark, print_notes
from anyvideo.cli.views.table import Table, echo, has_room, print_json, print_table, style
from anyvideo.cli.views.text import format_checked, format_rate, format_usual
from anyvideo.errors import ConfigError
from anyvideo.journal.history import Durations
from anyvideo.model.comparison import Comparison
from anyvideo.model.currency import list_currencies
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.price_list import price_jobs
from anyvideo.session.session import Session

_CONFIDENCE = ("exact", "ceiling", "estimate", "unknown")
# By what the plans are ordered; equals stay in the order of their cost.
_ORDERS: Mapping[str, Callable[[Plan], Any]] = {
    "cost": lambda _: 0,
    "name": lambda plan: plan.offer.name,
    "seconds": lambda plan: plan.seconds or float("inf"),
    "confidence": lambda plan: _CONFIDENCE.index(plan.quote.confidence),
}
_HEADINGS = ("offer", "what you get", "adjusted", "cost", "per s", "usual", "price of")


@frozen
class _Choice:
    """Which plans are shown, and in which order."""

    sort: str | None = None
    currency: str | None = None
    limit: CostLimit | None = None
    show_all: bool = False

    @property
    def bounds(self) -> str:
        """The options that leave plans out, in words."""
        given = {"--currency": self.currency, "--max-cost": self.limit}
        return " and ".join(f"{name} {value}" for name, value in given.items() if value)

    def apply(self, plans: Iterable[Plan]) -> tuple[Plan, ...]:
        """Return the plans within the limits, in order: by family, and by cost in each."""
        kept = tuple(plan for plan in plans if self._admits(plan))
        if self.sort is None and _is_shared(kept):
            families = Comparison(kept, ()).families
            return tuple(plan for group in families.values() for plan in group)
        return tuple(sorted(kept, key=_ORDERS[self.sort or "cost"]))

    def unfold(self, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
        """Return the plans to show: those with a price, or all of them where none has one."""
        priced = tuple(plan for plan in plans if plan.quote.amount is not None)
        return plans if self.show_all or not priced else priced

    def _admits(self, plan: Plan) -> bool:
        quote = plan.quote
        known = quote.amount is not None and quote.currency == self.currency
        within = self.limit is None or not self.limit.find_objection(quote)
        return within and (known or self.currency is None)


@click.command("compare", cls=PromptCommand)
@job_options
@model_option("*", "These offers alone: 'kling*', 'apimart/*', sora-2; several with commas.")
@click.option(
    "--sort",
    type=click.Choice(list(_ORDERS)),
    help="Order the plans; by family of models, and by cost in each, if not given.",
)
@click.option("--currency", metavar="CUR", help="Plans priced in this currency alone.")
@click.option(
    "--max-cost",
    "limit",
    callback=read_limit,
    metavar="AMOUNT",
    help="Plans that cannot cost more, such as 0.50 or '0.50 USD'.",
)
@click.option("--all", "show_all", is_flag=True, help="Also unknown prices and refusals.")
@click.option("--why", is_flag=True, help="Show why the others refuse, and what they would accept.")
@click.option(
    "--jobs",
    "jobs_file",
    type=click.Path(),
    metavar="FILE.jsonl",
    help="Price a list of jobs, one a line.",
)
@html_option("Also write the prices and the refusals as a page to look at.")
@policy_option
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    model: str,
    jobs_file: str | None,
    html: Path | None,
    sort: str | None,
    currency: str | None,
    limit: CostLimit | None,
    show_all: bool,
    why: bool,
    rules: tuple[str, ...],
    config: str | None,
    **given: Any,  # noqa: ANN401 (the options of the job)
) -> None:
    """Show what each vendor would do for a job, and for how much.

    Needs no key, and sends nothing. The fields of the job are filters too: with --seconds 5
    --resolution 1080p, what cannot do that refuses.
    """  # fmt: skip
    choice = _Choice(sort, currency.upper() if currency else None, limit, show_all)
    client = context.open_client(config, sends=False)
    policy = read_policy(rules, client.session.config.policy)
    if jobs_file is not None:
        if html or has_preferences(given) or choice != _Choice():
            message = "--jobs takes the jobs from its file: drop PROMPT and the other options"
            raise click.UsageError(message, click.get_current_context())
        _print_price_list(context, client.session, jobs_file, model, policy, why=why)
        return
    comparison = client.compare(read_job(given), model, policy=policy)
    _print_comparison(context, comparison, choice, client.session, why=why)
    if html is not None:
        plans = choice.apply(comparison.plans)
        write_prices(context, html, plans, comparison.refusals)


def _print_comparison(
    context: CliContext, comparison: Comparison, choice: _Choice, session: Session, *, why: bool
) -> None:
    rates, durations = session.config.currencies, context.read_durations()
    plans = choice.apply(comparison.plans)
    if context.json:
        print_json(_to_json(plans, comparison.refusals, durations))
        return
    shown = choice.unfold(plans)
    grouped = choice.sort is None and _is_shared(shown)
    table = _make_table(shown, session.today, durations, grouped=grouped)
    if grouped and not has_room(table, "family"):  # without which its order looks like none
        flat = evolve(choice, sort="cost")
        shown = flat.unfold(flat.apply(comparison.plans))
        table = _make_table(shown, session.today, durations, grouped=False)
    print_table(table)
    print_notes((plan.offer for plan in shown), show_all=choice.show_all)
    if dropped := len(comparison.plans) - len(plans):
        context.print_hint(f"{dropped} more can do it, but not within {choice.bounds}")
    if len(currencies := list_currencies(plans)) > 1:
        names = " and ".join(currencies)
        compared = rates.can_compare(plans)
        context.print_hint(
            f"costs are compared at these rates: {rates}"
            if compared
            else f"costs in {names} are not compared; [currencies] in the config gives rates"
        )
    if folded := len(plans) - len(shown):
        price = "an unknown price" if folded == 1 else "unknown prices"
        context.print_hint(f"{folded} more with {price}; --all shows them")
    why = why or choice.show_all or not comparison.plans
    if comparison.refusals and why:
        _print_refusals(comparison.refusals)
    elif comparison.refusals:
        context.print_hint(f"{len(comparison.refusals)} more refuse; --why shows why")


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


def _make_table(
    plans: tuple[Plan, ...], today: date, durations: Mapping[str, Durations], *, grouped: bool
) -> Table:
    rows = [_row(plan, today, durations.get(plan.offer.name)) for plan in plans]
    headings: tuple[str, ...] = _HEADINGS
    last = ""
    if grouped:
        headings = ("family", *_HEADINGS)
        for row, plan in zip(rows, plans, strict=True):
            row.insert(0, "" if plan.offer.family == last else plan.offer.family)
            last = plan.offer.family
    spare = ("per s", "price of", "usual", "family")
    return Table(headings, rows, right=("cost", "per s"), spare=spare)


def _is_shared(plans: Iterable[Plan]) -> bool:
    """Say whether a family of models is sold by more than one provider."""
    sellers = {(plan.offer.family, plan.provider) for plan in plans}
    return len({family for family, _ in sellers}) < len(sellers)


def _row(plan: Plan, today: date, own: Durations | None) -> list[str]:
    quote, offer = plan.quote, plan.offer
    return [
        mark(offer),
        plan.clip,
        style("; ".join(_shorten(plan)), "yellow"),
        style("unknown", dim=True) if quote.amount is None else str(quote),
        "" if quote.amount is None else format_rate(quote.amount, plan.seconds),
        format_usual(offer.finishes_in, own),
        format_checked(quote, today),
    ]


def _shorten(plan: Plan) -> Iterable[str]:
    yield from (str(item).partition(" (")[0] for item in plan.adjustments)
    yield from plan.assumptions


def _print_refusals(refusals: tuple[Refusal, ...]) -> None:
    ordered = sorted(refusals, key=lambda refusal: refusal.offer.retired is not None)
    rows = [
        [
            refusal.offer.name,
            "; ".join(map(str, refusal.reasons)),
            "; or ".join(_format_nearest(plan) for plan in refusal.nearest[:2]),
        ]
        for refusal in ordered
    ]
    echo()
    print_table(Table(("refuses", "why", "would accept"), rows))


def _format_nearest(plan: Plan) -> str:
    dropped = (f"without {item.field}" for item in plan.adjustments if item.granted is None)
    return f"{', '.join([plan.clip, *dropped])} for {plan.quote}"


def _to_json(
    plans: Iterable[Plan], refusals: Iterable[Refusal], durations: Mapping[str, Durations]
) -> dict[str, Any]:
    return {
        "plans": [
            {
                "offer": plan.offer.name,
                "family": plan.offer.family,
                "job": plan.job.to_mapping(),
                "note": plan.offer.note,
                "adjustments": [str(item) for item in plan.adjustments],
                "assumptions": plan.assumptions,
                "quote": asdict(plan.quote),
                "usual_seconds": plan.offer.finishes_in,
                "own_jobs": asdict(own) if (own := durations.get(plan.offer.name)) else None,
            }
            for plan in plans
        ],
        "refusals": [
            {
                "offer": refusal.offer.name,
                "reasons": [asdict(reason) for reason in refusal.reasons],
                "nearest": [plan.job.to_mapping() for plan in refusal.nearest],
            }
            for refusal in refusals
        ],
    }
