"""Adds up what jobs were quoted, were billed and delivered, as the journal has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from attrs import frozen

from anyvideo.files.delivery import read_facts
from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Facts

By = Literal["provider", "model", "day"]


@frozen
class SpendRow:
    """What the jobs of one provider, model, day and currency come to.

    `quoted` and `billed` sum what is known of either; `unpriced` and `unbilled` are the jobs for
    which it is not. `spent` takes the bill, or else the quote, of every job that is not proven to
    be free; `wasted` is the part of it that went to jobs without a video. `seconds` were delivered.
    """

    provider: str
    model: str
    day: date | None
    currency: str
    jobs: int
    delivered: int
    failed: int
    unsettled: int
    quoted: Decimal
    billed: Decimal
    unpriced: int
    unbilled: int
    spent: Decimal
    wasted: Decimal
    seconds: float

    @property
    def per_second(self) -> Decimal | None:
        """What a delivered second cost, failed jobs included; None if none was delivered."""
        return self.spent / Decimal(str(self.seconds)) if self.seconds else None


def summarise(
    journal: Journal, by: Iterable[By] = ("provider", "model", "day"), since: float = 0.0
) -> list[SpendRow]:
    """Return what jobs created since a moment (Unix time) come to, in the order of these names.

    Jobs are added up that share all names of `by` and the currency; what is not in `by` is empty.
    Those that were never sent are left out.
    """
    kept = frozenset(by)
    groups: dict[tuple[str, str, date | None, str], list[Entry]] = {}
    for entry in journal.entries():
        if entry.created >= since and (entry.sent or entry.task.id):
            groups.setdefault(_name_group(entry, kept), []).append(entry)
    ordered = sorted(groups, key=lambda group: (group[0], group[1], group[2] or date.min, group[3]))
    return [_add_up(*group, groups[group]) for group in ordered]


def _name_group(entry: Entry, by: frozenset[By]) -> tuple[str, str, date | None, str]:
    return (
        entry.task.provider if "provider" in by else "",
        entry.task.model if "model" in by else "",
        datetime.fromtimestamp(entry.created, UTC).date() if "day" in by else None,
        entry.currency,
    )


def _add_up(
    provider: str, model: str, day: date | None, currency: str, entries: list[Entry]
) -> SpendRow:
    costs = [entry.task.cost for entry in entries]
    quotes = [entry.amount for entry in entries]
    videos = [_read_delivery(entry) for entry in entries]
    spent = [_find_spent(entry) for entry in entries]
    ended = [entry.state.final and entry.state != Status.SUCCEEDED for entry in entries]
    return SpendRow(
        provider,
        model,
        day,
        currency,
        jobs=len(entries),
        delivered=sum(video is not None for video in videos),
        failed=sum(ended),
        unsettled=sum(not entry.state.final for entry in entries),
        quoted=_total(amount for amount in quotes if amount is not None),
        billed=_total(cost for cost in costs if cost is not None),
        unpriced=quotes.count(None),
        unbilled=costs.count(None),
        spent=_total(spent),
        wasted=_total(amount for amount, failed in zip(spent, ended, strict=True) if failed),
        seconds=sum(video.seconds or 0.0 for video in videos if video is not None),
    )


def _total(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))


def _find_spent(entry: Entry) -> Decimal:
    if entry.task.cost is not None:
        return entry.task.cost
    return entry.amount if entry.counts and entry.amount is not None else Decimal(0)


def _read_delivery(entry: Entry) -> Facts | None:
    return None if entry.facts is None else read_facts(entry.facts)
