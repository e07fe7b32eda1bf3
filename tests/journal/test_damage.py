"""Rows that something else has changed: each is named, and hurts no other."""

import sqlite3
from contextlib import closing

import pytest

from anyvideo.errors import JournalError
from anyvideo.journal.budget import Budget
from anyvideo.journal.database import Journal
from anyvideo.tasks.status import Status
from tests.journal.entries import NOW, make_entry, move


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path):
    with closing(Journal(path)) as journal:
        yield journal


def change(path, what):
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"UPDATE job SET {what}")  # noqa: S608 (the tests' own words)


DAMAGE = {
    "no JSON": "task = '{'",
    "no task": "task = '[]'",
    "invalid UTF-8": "task = CAST(x'7b22ff' AS TEXT)",
    "a time that is none": "created = 'soon'",
    "a length that is none": "seconds = 'long'",
    "a job that is none": "job = '[1]'",
    "facts that are none": "facts = 'x'",
    "deep JSON": f"job = '{'[' * 100_000}'",
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_row_hurts_no_other(journal, path, damage, caplog):
    for ref in ("one", "two", "three"):
        journal.open(make_entry(ref))
    change(path, f"{damage} WHERE ref = 'two'")

    assert [entry.ref for entry in journal.entries()] == ["one", "three"]
    assert {entry.ref for entry in journal.page(list(Status), "*", 9, None)} == {"one", "three"}
    assert "job two in the journal has been damaged" in caplog.text
    assert journal.get("three").ref == "three"
    with pytest.raises(JournalError, match="job two in the journal has been damaged"):
        journal.get("two")


@pytest.mark.parametrize("damage", ["amount = 'x'", "cost = '1e'", "seconds = 'x'"])
def test_no_budget_is_checked_by_a_damaged_amount(journal, path, damage):
    journal.open(make_entry("one"))
    change(path, damage)

    with pytest.raises(JournalError, match=r"job one .* today's budget counts it; .* nothing was"):
        journal.open(make_entry("two"), Budget(clips=9))
    assert journal.open(make_entry("two"))[1]


def test_a_damaged_time_teaches_nothing(journal, path):
    entry, _ = journal.open(make_entry())
    journal.advance("one", entry.fence, move(entry, "succeeded", id="x"), NOW, took=5.0)
    assert journal.finishes("acme/acme-1") == [5.0]
    change(path, "took = 'x'")
    assert journal.finishes("acme/acme-1") == []
