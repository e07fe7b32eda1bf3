"""What jobs cost, for people and for programs: a row for each day, provider and model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from attrs import asdict

from anyvideo.cli.views.table import Table, echo, print_json, print_table, style
from anyvideo.cli.views.text import format_rate
from anyvideo.journal.protocol import JournalLike
from anyvideo.journal.spend import SpendRow, summarise
from anyvideo.model.quote import format_amount

_HEADINGS = (
    "day", "offer", "jobs", "open", "failed", "quoted", "billed", "spent", "wasted", "per s",
)  # fmt: skip


def print_spend(journal: JournalLike, *, json: bool) -> None:
    """Print the sums and their totals by currency; what is not billed yet counts as quoted."""
    sums = summarise(journal)
    if json:
        print_json([_to_json(item) for item in sums])
        return
    if not sums:
        echo("nothing was sent yet")
        return
    totals = summarise(journal, [])
    rows = [[str(item.day), f"{item.provider}/{item.model}", *_row(item)] for item in sums]
    if len(sums) > len(totals):
        rows += [[style("all", bold=True), "", *_row(item)] for item in totals]
    spare = ("open", "billed", "quoted", "wasted", "failed")
    print_table(Table(_HEADINGS, rows, right=_HEADINGS[2:], spare=spare))


def _row(item: SpendRow) -> list[str]:
    priced, billed = item.unpriced < item.jobs, item.unbilled < item.jobs
    unknown = [f"{item.unpriced} unknown"] if item.unpriced else []
    spent = f"{format_amount(item.spent)} {item.currency}"
    return [
        str(item.jobs),
        str(item.unsettled or ""),
        str(item.failed or ""),
        " + ".join([format_amount(item.quoted), *unknown]) if priced else "unknown",
        format_amount(item.billed) if billed else "",
        spent if priced or billed else "unknown",
        style(format_amount(item.wasted), "yellow") if item.wasted else "",
        "" if item.per_second is None else format_rate(item.per_second, 1),
    ]


def _to_json(item: SpendRow) -> dict[str, Any]:
    values: dict[str, Any] = {**asdict(item), "per_second": item.per_second}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }
