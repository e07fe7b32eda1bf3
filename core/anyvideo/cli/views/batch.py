"""A list of jobs for people: what it costs before it is sent, and how it ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from anyvideo.batch.orders import Batch, Order, add_costs
from anyvideo.cli.exits import hint
from anyvideo.cli.views.table import Table, echo, print_table, style
from anyvideo.cli.views.text import format_cost, format_numbers
from anyvideo.errors import AnyVideoError

_MOST_FAULTS = 20


def count_jobs(number: int) -> str:
    """Return "1 job" or "5 jobs"."""
    return f"{number} job{'' if number == 1 else 's'}"


def format_costs(costs: Mapping[str, Decimal], unknown: int = 0) -> str:
    """Return "16.00 USD + 3.50 EUR + 2 unknown"."""
    words = [format_cost(amount, currency) for currency, amount in sorted(costs.items())]
    return " + ".join([*words, *([f"{unknown} unknown"] if unknown else [])]) or "0.00 USD"


def format_total(orders: Sequence[Order]) -> str:
    """Return what orders cost in all, with a word for what may differ."""
    quotes = [order.plan.quote for order in orders]
    unknown = sum(quote.amount is None for quote in quotes)
    kinds = {quote.confidence for quote in quotes}
    about = "about " if "estimate" in kinds else "at most " if "ceiling" in kinds else ""
    return about + format_costs(add_costs(order.plan for order in orders), unknown)


def print_quote(batch: Batch, *, sandbox: bool = False) -> None:
    """Print what is left to send by offer, what that costs, and what earlier runs did."""
    offers: dict[str, list[Order]] = {}
    for order in batch.new:
        offers.setdefault(f"{order.plan.provider}/{order.plan.offer.model}", []).append(order)
    rows = [[name, str(len(orders)), format_total(orders)] for name, orders in offers.items()]
    rows.sort(key=lambda row: (-int(row[1]), row[0]))
    if len(rows) > 1:
        total = format_total(batch.new)
        rows.append([style("in all", bold=True), str(len(batch.new)), total])
    print_table(Table(("sends to", "jobs", "cost"), rows, right=("jobs", "cost")))
    if batch.new and sandbox:
        echo(style("the costs are the vendors'; the sandbox is free", dim=True))
    if batch.done:
        there = "its file is there" if batch.done == 1 else "their files are there"
        echo(f"{count_jobs(batch.done)} done by an earlier run: {there}, nothing to pay")
    if batch.open:
        verb = "was" if batch.open == 1 else "were"
        echo(f"{count_jobs(batch.open)} {verb} sent by an earlier run: followed, nothing to pay")


def list_faults(faults: Mapping[int, AnyVideoError]) -> list[str]:
    """Return a line for each thing that is wrong, with the numbers of the lines that have it."""
    lines: dict[str, list[int]] = {}
    for number, error in faults.items():
        lines.setdefault(f"{error}{hint(error)}", []).append(number)
    texts = [f"{_name_lines(numbers)}: {text}" for text, numbers in lines.items()]
    more = len(texts) - _MOST_FAULTS
    return texts if more <= 0 else [*texts[:_MOST_FAULTS], f"and {more} more such lines"]


def _name_lines(numbers: Sequence[int]) -> str:
    return f"line{'s' if len(numbers) > 1 else ''} {format_numbers(numbers)}"


def format_summary(states: Counter[str], total: int) -> str:
    """Return "197 of 200 downloaded, 2 failed, 1 not sent"."""
    others = [f"{number} {state}" for state, number in states.items() if state != "downloaded"]
    return ", ".join([f"{states['downloaded']} of {total} downloaded", *others])


def to_json(batch: Batch, results: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return a run as plain JSON values."""
    unknown = sum(order.plan.quote.amount is None for order in batch.new)
    return {
        "name": batch.name,
        "new": len(batch.new),
        "done": batch.done,
        "open": batch.open,
        "costs": {currency: str(amount) for currency, amount in batch.costs.items()},
        "unknown": unknown,
        "results": list(results),
    }
