"""What a list of jobs may cost in all: reserved when a job is sent, given back if it was free."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from attrs import define, field

from anyvideo.errors import BudgetError, ConfigError, NegotiationError
from anyvideo.model.currency import Rates
from anyvideo.model.plan import Plan
from anyvideo.model.quote import format_amount


@define
class CostLimit:
    """The limit of one run, and what its jobs have reserved of it; several threads may share it.

    Attributes:
        limit: The most that the run may cost; None for no limit.
        currency: The currency of the limit.
        rates: What other currencies are worth.
    """

    limit: Decimal | None
    currency: str
    rates: Rates
    _reserved: dict[str, Decimal] = field(factory=dict[str, Decimal], init=False)
    _total: Decimal = field(default=Decimal(0), init=False)
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    def __str__(self) -> str:
        """Return "12.50 USD"."""
        return f"{format_amount(self.limit or Decimal(0))} {self.currency}"

    def check(self, plans: Iterable[Plan]) -> None:
        """Check that plans fit into the limit together, before the first is sent.

        Raises:
            BudgetError: they can cost more, or it cannot be said.
        """
        if self.limit is None:
            return
        try:
            total = sum(map(self._measure, plans), Decimal(0))
        except NegotiationError as error:
            message = f"{error}; nothing was sent"
            raise BudgetError(message) from error
        if total > self.limit:
            message = (
                f"the list costs {format_amount(total)} {self.currency}, and max_cost is {self}"
            )
            message += "; nothing was sent"
            raise BudgetError(message)

    def reserve(self, key: str, plan: Plan) -> None:
        """Reserve what a plan costs, in place of what an earlier plan of the same job did.

        Raises:
            NegotiationError: it is not known whether the plan fits; another one may.
            BudgetError: the limit would be passed.
        """
        if self.limit is None:
            return
        cost = self._measure(plan)
        with self._lock:
            others = self._total - self._reserved.get(key, Decimal(0))
            if others + cost > self.limit:
                message = f"{plan.offer.name}: it costs {plan.quote}, and of max_cost {self} only "
                message += f"{format_amount(self.limit - others)} are left; it was not sent"
                raise BudgetError(message)
            self._reserved[key], self._total = cost, others + cost

    def release(self, key: str) -> None:
        """Give back what a job reserved that cost nothing."""
        with self._lock:
            self._total -= self._reserved.pop(key, Decimal(0))

    def _measure(self, plan: Plan) -> Decimal:
        quote, name = plan.quote, plan.offer.name
        cost = quote.amount and self.rates.convert(quote.amount, quote.currency, self.currency)
        problem = ""
        if quote.amount is None:
            problem = f"its cost is unknown, and max_cost is {self}"
        elif cost is None:
            problem = f"it costs {quote}, and no rate in [currencies] compares that with {self}"
        elif quote.confidence == "estimate":
            problem = f"it costs {quote}, which is an estimate and can pass max_cost {self}"
        if problem or cost is None:
            message = f"{name}: {problem}"
            raise NegotiationError(message)
        return cost


def read_limit(amount: Decimal | str | int | None) -> Decimal | None:
    """Return the limit that a caller gives.

    Raises:
        ConfigError: it is no amount of money.
    """
    if amount is None:
        return None
    try:
        limit = Decimal(amount) if isinstance(amount, Decimal | str | int) else Decimal("NaN")
    except InvalidOperation:
        limit = Decimal("NaN")
    if not limit.is_finite() or limit < 0:
        message = f"max_cost is {amount!r}; it takes an amount such as '12.50'"
        raise ConfigError(message)
    return limit
