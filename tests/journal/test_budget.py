"""What may be spent in a day: money in one currency, seconds and clips."""

from decimal import Decimal

import pytest

from anyvideo.errors import BudgetError
from anyvideo.journal.budget import Budget, Usage, check_budget
from anyvideo.journal.entry import Entry
from anyvideo.model.currency import Rates
from anyvideo.model.quote import Quote
from anyvideo.tasks.task import Task


def make_entry(amount="0.40", seconds=4.0, currency="USD"):
    quote = Quote(None if amount is None else Decimal(amount), currency)
    task = Task("acme", "acme", "https://api.acme.example", "", "acme-1", quote=quote)
    return Entry("ref", "acme/acme-1", task, "{}", 0.0, seconds=seconds)


def test_without_limits_everything_fits():
    assert Budget().is_open
    check_budget(Budget(), make_entry(None, None), Usage(1000, 1e6, {"USD": Decimal(10**6)}))


@pytest.mark.parametrize(
    ("budget", "used"),
    [
        (Budget(clips=3), Usage(clips=2)),
        (Budget(seconds=10), Usage(seconds=6)),
        (Budget(money=Decimal(1)), Usage(money={"USD": Decimal("0.60")})),
        (Budget(money=Decimal(1)), Usage(money={"CNY": Decimal(0)})),
    ],
)
def test_what_just_fits_is_let_through(budget, used):
    assert not budget.is_open
    check_budget(budget, make_entry(), used)


@pytest.mark.parametrize(
    ("budget", "used", "entry", "words"),
    [
        (Budget(clips=2), Usage(clips=2), make_entry(), "2 clips a day is used up"),
        (Budget(clips=0), Usage(), make_entry(), "0 clips a day"),
        (Budget(seconds=9), Usage(seconds=6), make_entry(), "6 s of the day's 9 s"),
        (Budget(seconds=9), Usage(), make_entry(seconds=None), "length of this job is not fixed"),
        (
            Budget(money=Decimal(1)),
            Usage(money={"USD": Decimal("0.61")}),
            make_entry(),
            "0.61 of the day's 1.00 USD are used, and this job costs 0.40 USD",
        ),
        (Budget(money=Decimal(1)), Usage(), make_entry(None), "cost of acme/acme-1 is unknown"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(budget, used, entry, words):
    with pytest.raises(BudgetError, match=words) as caught:
        check_budget(budget, entry, used)

    assert "nothing was sent" in str(caught.value)


RATES = Rates({"CNY": Decimal("0.10")})
IN_CNY = Budget(money=Decimal(10), currency="CNY")


@pytest.mark.parametrize(
    ("budget", "used", "entry"),
    [
        (Budget(money=Decimal(1)), {"USD": "0.30", "CNY": "3.00"}, make_entry()),
        (Budget(money=Decimal(1)), {"USD": "0.60"}, make_entry("4.00", currency="CNY")),
        (IN_CNY, {"CNY": "6.00"}, make_entry()),
    ],
)
def test_another_currency_counts_at_its_rate(budget, used, entry):
    money = {name: Decimal(amount) for name, amount in used.items()}
    check_budget(budget, entry, Usage(money=money), RATES)

    one_more = Usage(money={**money, "CNY": money.get("CNY", Decimal(0)) + Decimal("0.01")})
    with pytest.raises(BudgetError, match=r"^about [0-9.]+ of the day's .* are used, and this job"):
        check_budget(budget, entry, one_more, RATES)


@pytest.mark.parametrize(
    ("budget", "entry", "used", "missing"),
    [
        (Budget(money=Decimal(1)), make_entry(), {"CNY": Decimal("0.01")}, "CNY"),
        (Budget(money=Decimal(1)), make_entry("0.01", currency="CNY"), {}, "CNY"),
        (IN_CNY, make_entry("0.01", currency="EUR"), {}, "EUR and CNY"),
    ],
)
def test_without_a_rate_no_two_currencies_are_added_up(budget, entry, used, missing):
    with pytest.raises(BudgetError, match=f"; add the rate of {missing} to .currencies."):
        check_budget(budget, entry, Usage(money=used))
