"""What a plan costs, and the confidence in that. An unknown cost is a value of its own, never 0."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from attrs import asdict, evolve, field, frozen, validators

Per = Literal["second", "video", "request"]
Confidence = Literal["exact", "ceiling", "estimate", "unknown"]
STALE_AFTER_DAYS = 90


def format_amount(amount: Decimal) -> str:
    """Return an amount for people: exact, with at least two decimals and no other trailing zero."""
    whole, _, rest = f"{amount:f}".partition(".")
    return f"{whole}.{rest.rstrip('0'):0<2}"


@frozen
class Price:
    """One price.

    Attributes:
        amount: The amount for one unit.
        per: The unit: a second of video, a video, or a request.
        currency: The currency of the amounts.
        minimum: The least that a job costs.
        confidence: How well the source fixes the price.
        source: The page of the price; by default that of the offer.
        checked: The day on which that page was read.
        credits: How many of the vendor's credits the amount is, where it bills in credits.
    """

    amount: Decimal = field(validator=validators.ge(Decimal(0)))
    per: Per = field(default="second", validator=validators.in_(("second", "video", "request")))
    currency: str = "USD"
    minimum: Decimal | None = field(
        default=None, validator=validators.optional(validators.ge(Decimal(0)))
    )
    confidence: Confidence = field(
        default="exact", validator=validators.in_(("exact", "ceiling", "estimate"))
    )
    source: str = ""
    checked: date | None = None
    credits: Decimal | None = None


@frozen
class Quote:
    """The cost of one plan. `amount` is None exactly when the confidence is "unknown".

    Attributes:
        amount: What the job costs.
        currency: The currency of the amount.
        confidence: Whether the amount is fixed, a ceiling, an estimate or unknown.
        basis: How the amount is calculated, in words.
        source: The page of the price.
        checked: The day on which that page was read.
        failures_billed: Whether a failed job is billed, None if it is not documented.
    """

    amount: Decimal | None = None
    currency: str = "USD"
    confidence: Confidence = "unknown"
    basis: str = "no price is known"
    source: str = ""
    checked: date | None = None
    failures_billed: bool | None = None

    def is_stale(self, today: date) -> bool:
        """Say whether the price was last checked more than 90 days before today."""
        return self.checked is not None and (today - self.checked).days > STALE_AFTER_DAYS

    def __str__(self) -> str:
        """Return "2.40 USD", "at most 0.336 USD", "about 1.00 USD" or "unknown"."""
        if self.amount is None:
            return "unknown"
        sign = {"ceiling": "at most ", "estimate": "about "}.get(self.confidence, "")
        return f"{sign}{format_amount(self.amount)} {self.currency}"

    def with_options(self, decisive: Sequence[str]) -> Quote:
        """Return the quote of a request that carries the caller's own parameters as well.

        The cost of those is not known: the quote is an estimate at best. With `decisive` parameters,
        on which the price depends, it is unknown.
        """
        if self.amount is None:
            return self
        if decisive:
            basis = f"{self.basis}, but the options set {', '.join(decisive)}"
            return evolve(self, amount=None, confidence="unknown", basis=basis)
        return evolve(self, confidence="estimate", basis=f"{self.basis}, and what the options cost")

    def to_mapping(self) -> dict[str, Any]:
        """Return the quote as plain JSON values; money and dates as text."""
        data = asdict(self).items()
        return {
            name: str(item) if isinstance(item, Decimal | date) else item for name, item in data
        }


@frozen
class ClipLength:
    """What is known of a clip's length in seconds: fixed by the request, else usual, else at most."""

    fixed: float | None = None
    usual: float | None = None
    longest: float | None = None


def make_quote(price: Price | None, length: ClipLength, *, billed: bool | None) -> Quote:
    """Return the quote for a clip; what the request does not fix is not exact."""
    if price is None:
        return Quote(failures_billed=billed)
    amount, confidence = price.amount, price.confidence
    basis = f"{amount} {price.currency} per {price.per}"
    if price.per == "second":
        seconds, likely = _assume(length)
        if seconds is None:
            basis += ", and the vendor chooses the length"
            return Quote(
                None, price.currency, "unknown", basis, price.source, price.checked, billed
            )
        amount = Decimal(str(seconds)) * price.amount
        confidence = likely if confidence == "exact" else confidence
        basis = f"{seconds:g} s x {price.amount} {price.currency}/s"
    if price.credits is not None:
        basis += f" ({price.credits} credits per {price.per})"
    if price.minimum is not None and amount < price.minimum:
        amount, basis = price.minimum, f"{basis}, at least {price.minimum} {price.currency}"
    return Quote(amount, price.currency, confidence, basis, price.source, price.checked, billed)


def _assume(length: ClipLength) -> tuple[float | None, Confidence]:
    if length.fixed is not None:
        return length.fixed, "exact"
    if length.usual is not None:
        return length.usual, "estimate"
    return length.longest, "ceiling"
