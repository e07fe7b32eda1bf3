"""Amounts in two currencies are compared only at rates that the user gives."""

from datetime import date
from decimal import Decimal

from attrs import evolve

from anyvideo.model.currency import NO_RATES, Rates, list_currencies
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer, Tier
from anyvideo.model.plan import Plan
from anyvideo.model.quote import Quote

D = Decimal
RATES = Rates({"CNY": D("0.14"), "EUR": D("1.1")}, date(2026, 11, 20))


def make(*costs):
    offer = Offer("acme", "clip")
    bare = Plan(VideoJob("a fox"), offer, Tier(), Quote())
    return [
        evolve(bare, quote=Quote(None if amount is None else D(amount), currency, "exact"))
        for amount, currency in costs
    ]


def show(plans):
    return [(plan.quote.amount, plan.quote.currency) for plan in plans]


PLANS = make(("200", "CNY"), (None, "USD"), ("0.336", "USD"), ("1", "CNY"), ("0.2", "USD"))


def test_with_rates_the_amounts_are_compared():
    assert RATES.can_compare(PLANS)
    assert show(RATES.sort(PLANS)) == [
        (D(1), "CNY"), (D("0.2"), "USD"), (D("0.336"), "USD"), (D(200), "CNY"), (None, "USD"),
    ]  # fmt: skip


def test_without_a_rate_each_currency_stands_by_itself_in_the_order_written():
    for rates in (NO_RATES, Rates({"EUR": D(1)})):
        assert not rates.can_compare(PLANS)
        assert show(rates.sort(PLANS)) == [
            (D(1), "CNY"), (D(200), "CNY"), (D("0.2"), "USD"), (D("0.336"), "USD"), (None, "USD"),
        ]  # fmt: skip


def test_one_currency_needs_no_rate():
    plans = make(("2", "CNY"), ("1", "CNY"), (None, "USD"))

    assert NO_RATES.can_compare(plans)
    assert show(NO_RATES.sort(plans)) == [(D(1), "CNY"), (D(2), "CNY"), (None, "USD")]
    assert list_currencies(plans) == ["CNY"]


def test_rates_convert_and_say_what_they_are():
    assert RATES.convert(D(100), "CNY") == D("14.00")
    assert (RATES.convert(D(1), "USD"), RATES.convert(D(1), "JPY")) == (D(1), None)
    assert RATES.convert(D("1.10"), "EUR", "CNY") == D("1.10") * D("1.1") / D("0.14")
    assert RATES.convert(D(1), "JPY", "JPY") == 1
    assert RATES.convert(D(1), "USD", "JPY") is None
    assert str(RATES) == "1 CNY is about 0.14 USD, 1 EUR is about 1.1 USD (2026-11-20)"
    assert str(Rates({"CNY": D("0.14")})) == "1 CNY is about 0.14 USD"
