"""Budgets: what may be spent in a day, checked in the transaction that adds the job."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen, validators

from anyvideo.errors import BudgetError

if TYPE_CHECKING:
    from anyvideo.journal.entry import Entry

_AT_LEAST_0 = validators.optional(validators.ge(0))


@frozen
class Budget:
    """The limits for all jobs of one day (UTC); None is no limit.

    The bill of a job counts, or its quote until it is billed. Jobs that are proven to be free do
    not count.

    Attributes:
        money: The most that the jobs cost, in each currency by itself.
        seconds: The most seconds of video.
        clips: The most jobs.
    """

    money: Decimal | None = None
    seconds: float | None = field(default=None, validator=_AT_LEAST_0)
    clips: int | None = field(default=None, validator=_AT_LEAST_0)

    @property
    def is_open(self) -> bool:
        """Whether nothing is limited."""
        return self.money is None and self.seconds is None and self.clips is None


@frozen
class Usage:
    """The usage of a day so far; money by currency."""

    clips: int = 0
    seconds: float = 0.0
    money: Mapping[str, Decimal] = field(factory=dict[str, Decimal])


def check_budget(budget: Budget, entry: Entry, used: Usage) -> None:
    """Check that a job fits into what is left of the day, or raise a BudgetError."""
    if budget.clips is not None and used.clips + 1 > budget.clips:
        message = f"the budget of {budget.clips} clips a day is used up; nothing was sent"
        raise BudgetError(message)
    if budget.seconds is not None:
        _check_seconds(budget.seconds, entry, used.seconds)
    if budget.money is not None:
        _check_money(budget.money, entry, used.money.get(entry.currency, Decimal(0)))


def _check_seconds(limit: float, entry: Entry, used: float) -> None:
    if entry.seconds is None:
        message = f"the length of this job is not fixed, and the day's budget is {limit:g} s;"
        message += " ask for seconds, or lift the budget; nothing was sent"
        raise BudgetError(message)
    if used + entry.seconds > limit:
        message = f"{used:g} s of the day's {limit:g} s are used, and this job takes"
        message += f" {entry.seconds:g} s; nothing was sent"
        raise BudgetError(message)


def _check_money(limit: Decimal, entry: Entry, used: Decimal) -> None:
    if entry.amount is None:
        message = f"the cost of {entry.offer} is unknown, and the day's budget is {limit}; add its"
        message += " price under [[offers]], or lift the budget; nothing was sent"
        raise BudgetError(message)
    if used + entry.amount > limit:
        message = f"{used} {entry.currency} of the day's {limit} are used, and this job costs"
        message += f" {entry.amount}; nothing was sent"
        raise BudgetError(message)
