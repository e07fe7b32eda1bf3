"""What a list of jobs would cost, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from anyvideo.cli.views.table import Table, echo, print_pairs, print_table, style
from anyvideo.cli.views.text import format_cost, format_numbers
from anyvideo.planning.price_list import PriceList, PriceTotal

_MIX = "cheapest mix"


def print_price_list(prices: PriceList, *, why: bool) -> None:
    """Print the total of each provider and of the cheapest mix, and which jobs no offer accepts."""
    count = len(prices.jobs)
    totals = [*prices.providers, prices.total]
    rows = [_row(total, count) for total in totals]
    rows[-1][0] = style(_MIX, bold=True)
    rows[-1][3] = _format_lines(prices.unplaced)
    headings = ("provider", "jobs", "cost", "cannot do")
    print_table(Table(headings, rows, right=("jobs", "cost")))
    chosen = Counter(plan.offer.name for plan in prices.mix.values())
    if chosen:
        echo()
        echo(f"{_MIX}:")
        print_pairs(
            (name, f"{number} job{'s' if number > 1 else ''}")
            for name, number in chosen.most_common()
        )
    if prices.uncompared:
        echo(
            f"{_format_lines(prices.uncompared)}: costs in several currencies are not compared, and"
            " the first offer is taken; [currencies] in the config gives rates"
        )
    if why:
        _print_reasons(prices)


def _row(total: PriceTotal, count: int) -> list[str]:
    lines = tuple(item.line for item in total.refused)
    return [total.name, f"{total.jobs} of {count}", _format_costs(total), _format_lines(lines)]


def _format_costs(total: PriceTotal) -> str:
    words = [format_cost(amount, currency) for currency, amount in sorted(total.costs.items())]
    if total.unknown:
        words.append(f"{total.unknown} unknown")
    return " + ".join(words)


def _format_lines(lines: tuple[int, ...]) -> str:
    return f"line{'s' if len(lines) > 1 else ''} {format_numbers(lines)}" if lines else ""


def _print_reasons(prices: PriceList) -> None:
    rows = [
        [total.name, str(item.line), str(item.nearest)]
        for total in prices.providers
        for item in total.refused
    ]
    echo()
    print_table(Table(("refuses", "line", "why, at the nearest offer"), rows))


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
