"""Budgets: what may be spent in a day, checked in the transaction that adds the job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import field, frozen, validators

from anyvideo.errors import BudgetError, JournalError
from anyvideo.model.currency import NO_RATES, Rates, check_currency
from anyvideo.model.quote import format_amount

if TYPE_CHECKING:
    from anyvideo.journal.entry import Entry

_AT_LEAST_0 = validators.optional(validators.ge(0))


@frozen
class Budget:
    """The limits for all jobs of one day (UTC); None is no limit.

    The bill of a job counts, or its quote until it is billed. Jobs that are proven to be free do
    not count.

    Attributes:
        money: The most that the jobs cost; other currencies count at the config's rates.
        seconds: The most seconds of video.
        clips: The most jobs.
        currency: The currency of `money`.
    """

    money: Decimal | None = None
    seconds: float | None = field(default=None, validator=_AT_LEAST_0)
    clips: int | None = field(default=None, validator=_AT_LEAST_0)
    currency: str = field(default="USD", validator=check_currency)

    @property
    def is_open(self) -> bool:
        """Whether nothing is limited."""
        return self.money is None and self.seconds is None and self.clips is None


@frozen
class Share:
    """A budget of the jobs whose ref begins with a text, such as those of one owner.

    Attributes:
        start: How their refs begin.
        budget: What they may cost in a day.
    """

    start: str
    budget: Budget


@frozen
class Usage:
    """The usage of a day so far; money by currency."""

    clips: int = 0
    seconds: float = 0.0
    money: Mapping[str, Decimal] = field(factory=dict[str, Decimal])


def list_limits(entry: Entry, budget: Budget | None, shares: Sequence[Share]) -> list[Share]:
    """Return the budgets that a job has to fit into: that of all jobs, and the shares it is part of."""
    every = [] if budget is None else [Share("", budget)]
    parts = [share for share in shares if entry.ref.startswith(share.start)]
    return [share for share in (*every, *parts) if not share.budget.is_open]


def add_up(rows: Iterable[Sequence[Any]]) -> Usage:
    """Return what jobs cost in all; each row is its ref, quote, bill, currency and length.

    Raises:
        JournalError: a row has been damaged, so that no budget can be checked.
    """
    clips, seconds, money = 0, 0.0, dict[str, Decimal]()
    for ref, amount, cost, currency, length in rows:
        clips += 1
        try:
            seconds += float(length or 0)
            spent = Decimal((amount if cost is None else cost) or 0)
        except (ValueError, TypeError, ArithmeticError) as error:
            message = f"job {ref} in the journal has been damaged, and today's budget counts it;"
            message += " repair it, or lift the budget; nothing was sent"
            raise JournalError(message) from error
        money[currency] = money.get(currency, Decimal(0)) + spent
    return Usage(clips, seconds, money)


def check_budget(budget: Budget, entry: Entry, used: Usage, rates: Rates = NO_RATES) -> None:
    """Check that a job fits into what is left of the day, or raise a BudgetError."""
    if budget.clips is not None and used.clips + 1 > budget.clips:
        clips = "1 clip" if budget.clips == 1 else f"{budget.clips} clips"
        message = f"the budget of {clips} a day is used up; nothing was sent"
        raise BudgetError(message)
    if budget.seconds is not None:
        _check_seconds(budget.seconds, entry, used.seconds)
    if budget.money is not None:
        _check_money(budget.money, budget.currency, entry, used, rates)


def _check_seconds(limit: float, entry: Entry, used: float) -> None:
    if entry.seconds is None:
        message = f"the length of this job is not fixed, and the day's budget is {limit:g} s;"
        message += " ask for seconds, or lift the budget; nothing was sent"
        raise BudgetError(message)
    if used + entry.seconds > limit:
        message = f"{used:g} s of the day's {limit:g} s are used, and this job takes"
        message += f" {entry.seconds:g} s; nothing was sent"
        raise BudgetError(message)


def _check_money(money: Decimal, currency: str, entry: Entry, used: Usage, rates: Rates) -> None:
    limit = f"{format_amount(money)} {currency}"
    if entry.amount is None:
        message = f"the cost of {entry.offer} is unknown, and the day's budget is {limit}; add its"
        message += " price under [[offers]], or lift the budget; nothing was sent"
        raise BudgetError(message)
    spent = sum(_convert(used.money[name], name, currency, rates) for name in used.money)
    cost = _convert(entry.amount, entry.currency, currency, rates)
    if spent + cost > money:
        about = "" if {*used.money, entry.currency} <= {currency} else "about "
        message = f"{about}{format_amount(Decimal(spent))} of the day's {limit} are used, and this"
        message += f" job costs {format_amount(entry.amount)} {entry.currency}; nothing was sent"
        raise BudgetError(message)


def _convert(amount: Decimal, currency: str, into: str, rates: Rates) -> Decimal:
    converted = rates.convert(amount, currency, into)
    if converted is None:
        missing = " and ".join(name for name in (currency, into) if not rates.knows(name))
        message = (
            f"the day's budget is in {into}, and jobs in {currency} count too; add the rate of"
        )
        message += f" {missing} to [currencies] in the config; nothing was sent"
        raise BudgetError(message)
    return converted
