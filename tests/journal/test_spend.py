"""What jobs cost: by provider, model, day and currency."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry
from anyvideo.journal.spend import summarise
from anyvideo.model.quote import Quote
from anyvideo.tasks.task import Task

DAY = 86_400.0
FACTS = '{"seconds": 4.0}'


def add(journal, ref, day, status, task, **changes):
    bare = Task("acme", "acme", "https://x.example", f"task-{ref}", "m-1", status)
    settings = {"sent": True, **changes}
    journal.open(Entry(ref, "x", evolve(bare, **task), "{}", day * DAY + 7, **settings))


@pytest.fixture
def journal():
    journal = Journal(":memory:")
    acme = {"provider": "acme", "quote": Quote(Decimal("0.40"), "USD", "exact")}
    beta = {"provider": "beta", "quote": Quote(Decimal(3), "CNY", "exact"), "id": ""}
    home = {"facts": FACTS}
    add(journal, "a", 1, "succeeded", {**acme, "cost": Decimal("0.36")}, **home)
    add(journal, "b", 1, "failed", acme)
    add(journal, "c", 1, "failed", acme, counts=False)
    add(journal, "d", 1, "running", {**acme, "quote": Quote()})
    add(journal, "e", 2, "succeeded", acme, **home)
    add(journal, "f", 2, "ambiguous", beta)
    add(journal, "g", 2, "submitting", beta, sent=False)
    yield journal
    journal.close()


def test_each_day_of_a_model_at_a_provider_has_its_sums(journal):
    first, second, third = summarise(journal)

    assert (first.provider, first.model, first.day, first.currency) == (
        *("acme", "m-1"),
        date(1970, 1, 2),
        "USD",
    )
    assert (first.jobs, first.delivered, first.failed, first.unsettled) == (4, 1, 2, 1)
    assert (first.quoted, first.billed) == (Decimal("1.20"), Decimal("0.36"))
    assert (first.unpriced, first.unbilled) == (1, 3)
    assert (first.spent, first.wasted) == (Decimal("0.76"), Decimal("0.40"))
    assert (first.seconds, first.per_second) == (4, Decimal("0.19"))
    assert (second.day, second.per_second) == (date(1970, 1, 3), Decimal("0.1"))
    assert (third.provider, third.currency, third.jobs, third.per_second) == (
        "beta",
        "CNY",
        1,
        None,
    )


def test_sums_may_be_coarser_but_never_mix_currencies(journal):
    by_provider = summarise(journal, ["provider"])
    in_all = summarise(journal, [])

    assert [(item.provider, item.model, item.day, item.jobs) for item in by_provider] == [
        ("acme", "", None, 5),
        ("beta", "", None, 1),
    ]
    assert [(item.currency, item.jobs) for item in in_all] == [("CNY", 1), ("USD", 5)]


def test_only_what_is_recent_may_be_asked_for(journal):
    assert sum(item.jobs for item in summarise(journal, since=2 * DAY)) == 2
