"""What jobs came to, for people and for programs: a row for each day, provider and model."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import click
from attrs import asdict

from anyvideo.cli import screen
from anyvideo.cli.wording import say_amount
from anyvideo.journal.database import Journal
from anyvideo.journal.spend import SpendRow, summarise

_HEADINGS = (
    "day", "offer", "jobs", "open", "failed", "quoted", "billed", "spent", "wasted", "per s",
)  # fmt: skip


def show_spend(journal: Journal) -> None:
    """Write the sums and their totals by currency; what is not billed yet counts as quoted."""
    sums = summarise(journal)
    if not sums:
        click.echo("nothing was sent yet")
        return
    totals = summarise(journal, [])
    rows = [[str(item.day), f"{item.provider}/{item.model}", *_row(item)] for item in sums]
    if len(sums) > len(totals):
        rows += [[screen.paint("all", bold=True), "", *_row(item)] for item in totals]
    spare = ("open", "billed", "quoted", "wasted", "failed")
    screen.show_table(screen.Table(_HEADINGS, rows, right=_HEADINGS[2:], spare=spare))


def _row(item: SpendRow) -> list[str]:
    priced, billed = item.unpriced < item.jobs, item.unbilled < item.jobs
    unknown = [f"{item.unpriced} unknown"] if item.unpriced else []
    spent = f"{say_amount(item.spent)} {item.currency}"
    return [
        str(item.jobs),
        str(item.unsettled or ""),
        str(item.failed or ""),
        " + ".join([say_amount(item.quoted), *unknown]) if priced else "unknown",
        say_amount(item.billed) if billed else "",
        spent if priced or billed else "unknown",
        screen.paint(say_amount(item.wasted), "yellow") if item.wasted else "",
        "" if item.per_second is None else say_amount(item.per_second),
    ]


def to_json(journal: Journal) -> list[dict[str, Any]]:
    """Return the sums as plain JSON values."""
    return [_plain(item) for item in summarise(journal)]


def _plain(item: SpendRow) -> dict[str, Any]:
    values: dict[str, Any] = {**asdict(item), "per_second": item.per_second}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()
    }
