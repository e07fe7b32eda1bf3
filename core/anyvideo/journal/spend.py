"""Adds up what jobs were quoted, were billed and delivered, as the journal has it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal

from attrs import frozen

from anyvideo.files.delivery import read_facts
from anyvideo.journal.entry import Entry
from anyvideo.journal.protocol import JournalLike
from anyvideo.tasks.status import Status

By = Literal["provider", "model", "day"]


@frozen
class SpendRow:
    """What the jobs of one provider, model, day and currency cost.

    Attributes:
        provider: The alias; empty where rows are not split by it, as are `model` and `day`.
        model: The canonical model.
        day: The day (UTC) on which the jobs were created.
        currency: The currency of all amounts.
        jobs: How many jobs.
        delivered: How many videos were downloaded.
        failed: How many jobs ended without a video.
        unsettled: How many jobs have not ended.
        quoted: The sum of the known quotes.
        billed: The sum of the known bills.
        unpriced: How many jobs have no quote.
        unbilled: How many jobs have no bill.
        spent: The sum of each job's bill, or else its quote unless the job is proven to be free.
        wasted: The part of `spent` for jobs that ended without a video.
        seconds: The length of the downloaded videos.
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
    journal: JournalLike, by: Iterable[By] = ("provider", "model", "day"), since: float = 0.0
) -> list[SpendRow]:
    """Return what the jobs created since a moment (Unix time) cost, split by these names.

    Jobs that were never sent are left out.
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
    videos = [read_facts(entry.facts) for entry in entries if entry.facts is not None]
    failed = [item for item in entries if item.state.final and item.state != Status.SUCCEEDED]
    return SpendRow(
        provider,
        model,
        day,
        currency,
        jobs=len(entries),
        delivered=len(videos),
        failed=len(failed),
        unsettled=sum(not entry.state.final for entry in entries),
        quoted=_total(quotes),
        billed=_total(costs),
        unpriced=quotes.count(None),
        unbilled=costs.count(None),
        spent=_total(map(_find_spent, entries)),
        wasted=_total(map(_find_spent, failed)),
        seconds=sum(video.seconds or 0.0 for video in videos),
    )


def _total(amounts: Iterable[Decimal | None]) -> Decimal:
    return sum(filter(None, amounts), Decimal(0))


def _find_spent(entry: Entry) -> Decimal | None:
    if entry.task.cost is not None:
        return entry.task.cost
    return entry.amount if entry.counts else None
