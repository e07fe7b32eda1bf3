"""Amounts in several currencies: compared only at rates that the user gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import Attribute, field, frozen

from anyvideo.model.plan import Plan


def check_currency(_instance: object, _attribute: Attribute[Any], value: str) -> None:
    """Raise ValueError for a name that no currency has, such as "usd" or "yuan"."""
    if not (value.isascii() and value.isalpha() and value.isupper()):
        text = f"{value!r} is not a currency; write its code, such as USD or CNY"
        raise ValueError(text)


def _check_rates(instance: object, attribute: Attribute[Any], value: Mapping[str, Decimal]) -> None:
    for name, rate in value.items():
        check_currency(instance, attribute, name)
        if not rate > 0:
            text = f"the rate of {name} is {rate}; write what 1 {name} is worth in USD"
            raise ValueError(text)


@frozen
class Rates:
    """What currencies are worth.

    Attributes:
        usd: What one unit of each currency is worth in US dollars, by its code.
        checked: The day on which that was read.
    """

    usd: Mapping[str, Decimal] = field(factory=dict[str, Decimal], validator=_check_rates)
    checked: date | None = None

    def convert(self, amount: Decimal, currency: str, into: str = "USD") -> Decimal | None:
        """Return an amount in another currency; None if a rate is missing."""
        if currency == into or not amount:
            return amount
        worth, unit = self._find(currency), self._find(into)
        return None if worth is None or unit is None else amount * worth / unit

    def _find(self, currency: str) -> Decimal | None:
        return Decimal(1) if currency == "USD" else self.usd.get(currency)

    def __str__(self) -> str:
        """Return "1 CNY is about 0.14 USD (2026-11-20)"."""
        rates = ", ".join(f"1 {name} is about {rate} USD" for name, rate in self.usd.items())
        return f"{rates} ({self.checked})" if self.checked else rates

    def knows(self, currency: str) -> bool:
        """Say whether there is a rate for a currency."""
        return self._find(currency) is not None

    def can_compare(self, plans: Sequence[Plan]) -> bool:
        """Say whether the known costs of the plans are comparable."""
        currencies = list_currencies(plans)
        return len(currencies) < 2 or all(map(self.knows, currencies))

    def sort(self, plans: Iterable[Plan]) -> list[Plan]:
        """Return plans by cost, unknown costs last.

        Costs that are not comparable stand by currency, in the order in which the currencies come.
        """
        given = list(plans)
        comparable, currencies = self.can_compare(given), list_currencies(given)

        def place(plan: Plan) -> tuple[bool, int, Decimal]:
            quote = plan.quote
            if quote.amount is None:
                return True, 0, Decimal(0)
            amount = self.convert(quote.amount, quote.currency) if comparable else None
            if amount is not None:
                return False, 0, amount
            return False, currencies.index(quote.currency), quote.amount

        return sorted(given, key=place)


NO_RATES = Rates()


def list_currencies(plans: Iterable[Plan]) -> list[str]:
    """Return the currencies of the known costs, in the order in which they come."""
    return list(
        dict.fromkeys(plan.quote.currency for plan in plans if plan.quote.amount is not None)
    )
