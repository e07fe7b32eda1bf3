"""Prices become quotes: amount, basis, confidence and age."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from anyvideo.model.quote import ClipLength, Price, Quote, make_quote
from anyvideo.structuring import restore

D = Decimal
CHECKED = date(2026, 8, 7)


def price(amount, **more):
    return Price(D(amount), source="https://x.example", checked=CHECKED, **more)


@pytest.mark.parametrize(
    ("row", "length", "amount", "confidence", "basis"),
    [
        (price("0.30"), ClipLength(8, 4, 12), "2.40", "exact", "8 s x 0.30 USD/s"),
        (price("0.30"), ClipLength(6.5), "1.950", "exact", "6.5 s x 0.30 USD/s"),
        (price("0.30"), ClipLength(None, 4, 12), "1.20", "estimate", "4 s x 0.30 USD/s"),
        (price("0.30"), ClipLength(None, None, 12), "3.60", "ceiling", "12 s x 0.30 USD/s"),
        (price("0.30", confidence="ceiling"), ClipLength(8), "2.40", "ceiling", "8 s x 0.30 USD/s"),
        (
            price("0.30", confidence="estimate"),
            ClipLength(None, None, 12),
            "3.60",
            "estimate",
            "12 s x 0.30 USD/s",
        ),
        (price("1.20", per="video"), ClipLength(), "1.20", "exact", "1.20 USD per video"),
        (
            price("1.20", per="request", currency="EUR"),
            ClipLength(8),
            "1.20",
            "exact",
            "1.20 EUR per request",
        ),
        (
            price("0.10", minimum=D("0.50")),
            ClipLength(4),
            "0.50",
            "exact",
            "4 s x 0.10 USD/s, at least 0.50 USD",
        ),
        (price("0.10", minimum=D("0.50")), ClipLength(8), "0.80", "exact", "8 s x 0.10 USD/s"),
        (price("0"), ClipLength(8), "0", "exact", "8 s x 0 USD/s"),
    ],
)
def test_a_price_and_a_length_make_a_quote(row, length, amount, confidence, basis):
    quote = make_quote(row, length, billed=False)
    assert quote.amount == D(amount)
    assert (quote.confidence, quote.basis, quote.currency) == (confidence, basis, row.currency)
    assert (quote.source, quote.checked, quote.failures_billed) == (
        "https://x.example",
        CHECKED,
        False,
    )


def test_what_is_not_known_is_unknown_and_never_0():
    assert make_quote(None, ClipLength(8), billed=True) == Quote(failures_billed=True)
    quote = make_quote(price("0.30"), ClipLength(), billed=None)
    assert (quote.amount, quote.confidence) == (None, "unknown")
    assert quote.basis == "0.30 USD per second, and the vendor chooses the length"
    assert str(quote) == "unknown"


@pytest.mark.parametrize(
    ("confidence", "words"),
    [("exact", "2.40 USD"), ("ceiling", "at most 2.40 USD"), ("estimate", "about 2.40 USD")],
)
def test_a_quote_says_how_sure_it_is(confidence, words):
    assert str(Quote(D("2.40"), confidence=confidence)) == words


def test_options_make_a_quote_doubtful():
    quote = Quote(D("2.40"), confidence="exact", basis="8 s x 0.30 USD/s")
    doubted = quote.with_options([])
    assert (doubted.amount, doubted.confidence) == (D("2.40"), "estimate")
    assert doubted.basis == "8 s x 0.30 USD/s, and what the options cost"
    unknown = quote.with_options(["mode"])
    assert (unknown.amount, unknown.confidence) == (None, "unknown")
    assert unknown.basis == "8 s x 0.30 USD/s, but the options set mode"
    assert Quote().with_options(["mode"]) == Quote()


def test_a_price_is_stale_after_90_days():
    quote = Quote(D(1), checked=CHECKED)
    assert not quote.is_stale(CHECKED + timedelta(days=90))
    assert quote.is_stale(CHECKED + timedelta(days=91))
    assert not Quote(D(1)).is_stale(CHECKED)


def test_a_quote_survives_json():
    for quote in (
        Quote(),
        Quote(D("2.40"), "EUR", "ceiling", "b", "s", CHECKED, failures_billed=True),
    ):
        assert restore(quote.to_mapping(), Quote) == quote


@pytest.mark.parametrize(
    "wrong",
    [{"amount": D(-1)}, {"amount": D(1), "minimum": D(-1)}, {"amount": D(1), "per": "frame"},
     {"amount": D(1), "confidence": "unknown"}],
)  # fmt: skip
def test_a_wrong_price_is_refused(wrong):
    with pytest.raises(ValueError, match=r"per|confidence|must be >= 0"):
        Price(**wrong)
