"""What one job may cost at most: `--max-cost AMOUNT[ CURRENCY]`."""

from __future__ import annotations

import re
from decimal import Decimal

import click
from attrs import frozen

from anyvideo.model.quote import Quote, format_amount

_FORM = re.compile(r"(?P<amount>\d+(?:\.\d+)?)\s*(?P<currency>[A-Za-z]{3})?", re.ASCII)
_EXAMPLE = "0.50 or '0.50 USD'"


@frozen
class CostLimit:
    """An amount that one job may not pass, in one currency; amounts are never converted."""

    amount: Decimal
    currency: str = "USD"

    def __str__(self) -> str:
        """Return "0.50 USD"."""
        return f"{format_amount(self.amount)} {self.currency}"

    def find_objection(self, quote: Quote) -> str:
        """Return why a quote does not fit the limit; "" if the job cannot cost more."""
        if quote.amount is None:
            return f"its cost is unknown, and --max-cost is {self}"
        if quote.currency != self.currency:
            return f"it costs {quote}, which is not compared with --max-cost {self}"
        if quote.amount > self.amount:
            return f"it costs {quote}, and --max-cost is {self}"
        if quote.confidence == "estimate":
            return f"it costs {quote}, which is an estimate and can pass --max-cost {self}"
        return ""


def read_limit(ctx: click.Context, option: click.Parameter, text: str | None) -> CostLimit | None:
    """Return the limit of an option; without a currency it is in USD."""
    if text is None:
        return None
    found = _FORM.fullmatch(text.strip())
    if found is None:
        message = f"{text!r} is not an amount; write {_EXAMPLE}"
        raise click.BadParameter(message, ctx, option)
    return CostLimit(Decimal(found["amount"]), (found["currency"] or "USD").upper())
