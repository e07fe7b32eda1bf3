"""What a whole list of jobs would cost, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import click

from anyvideo.cli import screen
from anyvideo.cli.wording import say_numbers
from anyvideo.planning.price_list import PriceList, PriceTotal

_MIX = "cheapest mix"


def show_price_list(prices: PriceList, *, why: bool) -> None:
    """Write the total of each provider, of the cheapest mix, and what nobody can do."""
    count = len(prices.jobs)
    totals = [*prices.providers, prices.total]
    rows = [_row(total, count) for total in totals]
    rows[-1][0] = screen.paint(_MIX, bold=True)
    rows[-1][3] = _say_lines(prices.unplaced)
    headings = ("provider", "jobs", "cost", "cannot do")
    screen.show_table(screen.Table(headings, rows, right=("jobs", "cost")))
    chosen = Counter(plan.offer.name for plan in prices.mix.values())
    if chosen:
        click.echo(f"\n{_MIX}:")
        screen.show_pairs(
            (name, f"{number} job{'s' if number > 1 else ''}")
            for name, number in chosen.most_common()
        )
    if why:
        _show_reasons(prices)


def _row(total: PriceTotal, count: int) -> list[str]:
    lines = tuple(item.line for item in total.refused)
    return [total.name, f"{total.jobs} of {count}", _say_costs(total), _say_lines(lines)]


def _say_costs(total: PriceTotal) -> str:
    words = [f"{amount} {currency}" for currency, amount in sorted(total.costs.items())]
    if total.unknown:
        words.append(f"{total.unknown} unknown")
    return " + ".join(words)


def _say_lines(lines: tuple[int, ...]) -> str:
    return f"line{'s' if len(lines) > 1 else ''} {say_numbers(lines)}" if lines else ""


def _show_reasons(prices: PriceList) -> None:
    rows = [
        [total.name, str(item.line), str(item.nearest)]
        for total in prices.providers
        for item in total.refused
    ]
    click.echo()
    screen.show_table(screen.Table(("refuses", "line", "why, at the nearest offer"), rows))


def to_json(prices: PriceList) -> dict[str, Any]:
    """Return a price list as plain JSON values."""
    return {
        "jobs": len(prices.jobs),
        "mistakes": prices.mistakes,
        "providers": [_total_to_json(total) for total in prices.providers],
        "offers": [_total_to_json(total) for total in prices.offers],
        "mix": {
            **_total_to_json(prices.total),
            "lines": {
                line: {"offer": plan.offer.name, "quote": plan.quote.to_mapping()}
                for line, plan in prices.mix.items()
            },
        },
        "unplaced": prices.unplaced,
    }


def _total_to_json(total: PriceTotal) -> dict[str, Any]:
    costs: Mapping[str, Decimal] = total.costs
    return {
        "name": total.name,
        "jobs": total.jobs,
        "costs": {currency: str(amount) for currency, amount in costs.items()},
        "unknown": total.unknown,
        "refused": {
            item.line: [str(reason) for reason in item.nearest.reasons] for item in total.refused
        },
    }
