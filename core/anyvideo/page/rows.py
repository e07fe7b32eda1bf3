"""Turns entries into the rows that the page's script reads, with every amount written out here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from anyvideo.model.quote import format_amount
from anyvideo.page.clips import Clip
from anyvideo.page.entry import PageEntry

_SIGNS = {"ceiling": "at most ", "estimate": "about "}


def write_row(entry: PageEntry, clip: Clip) -> dict[str, Any]:
    """Return one row, without what is empty; numbers are for sorting and the chart alone."""
    cost = entry.cost
    row = {
        "name": entry.name,
        "provider": entry.provider,
        "family": entry.family,
        "tier": entry.tier,
        "prompt": entry.prompt,
        "asked": entry.asked,
        "adjusted": "; ".join(entry.adjustments),
        "delivered": entry.delivered,
        "quoted": _format_quote(entry),
        "billed": "" if entry.billed is None else _format(entry.billed, entry.currency),
        "currency": entry.currency,
        "cost": None if cost is None else float(cost),
        "seconds": entry.seconds,
        "state": entry.state,
        "error": entry.error,
        "made": "" if entry.made is None else f"{entry.made:%Y-%m-%d %H:%M}",
        "url": clip.url,
        "held": bool(clip.data),
        "problem": clip.problem,
    }
    return {name: value for name, value in row.items() if value not in (None, "", False)}


def sum_up(entries: Iterable[PageEntry]) -> str:
    """Return what entries cost in all, a sum for each currency: "2.40 USD and 1.00 EUR"."""
    sums: dict[str, Decimal] = {}
    for entry in entries:
        if entry.cost is not None:
            sums[entry.currency] = sums.get(entry.currency, Decimal(0)) + entry.cost
    return " and ".join(_format(amount, currency) for currency, amount in sorted(sums.items()))


def count_states(entries: Iterable[PageEntry]) -> Mapping[str, int]:
    """Return how many entries are in each state, in the order in which the states appear."""
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.state] = counts.get(entry.state, 0) + 1
    return counts


def _format_quote(entry: PageEntry) -> str:
    if entry.quoted is None:
        return ""
    return _SIGNS.get(entry.confidence, "") + _format(entry.quoted, entry.currency)


def _format(amount: Decimal, currency: str) -> str:
    return f"{format_amount(amount)} {currency}"
