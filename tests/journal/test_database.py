"""The journal: fences, leases, evidence and budgets."""

import os
import subprocess
import sys
import threading
from contextlib import closing, suppress
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import BudgetError
from anyvideo.journal.budget import Budget
from anyvideo.journal.database import VERSION, Journal
from anyvideo.tasks.report import TaskError
from anyvideo.tasks.status import Status
from tests.journal.entries import NOW, make_entry, move, read_mode


def test_a_row_comes_back_as_it_was_written(journal):
    entry = make_entry(facts='{"seconds": 4}', updated=NOW, counts=False, sent=True)

    assert journal.open(entry) == (entry, True)
    assert journal.get("one") == entry
    assert (entry.amount, entry.currency, entry.state) == (Decimal("0.40"), "USD", "submitting")
    assert make_entry(quote=None).amount is None
    assert make_entry(quote=None).currency == "USD"


def test_what_is_paid_for_is_written_through_to_the_disk(connections, journal):
    (connection,) = connections
    journal.open(make_entry())
    written: list[tuple[str, int]] = []
    connection.set_trace_callback(
        lambda statement: (
            written.append((statement, read_mode(connection, "synchronous")))
            if statement.startswith("UPDATE")
            else None
        )
    )
    journal.mark(make_entry(), NOW, NOW + 90, sent=True)
    connection.set_trace_callback(None)

    assert [mode for _, mode in written] == [2]
    assert read_mode(connection, "journal_mode") == "wal"


def test_a_ref_is_given_to_the_first_who_asks(journal):
    first, second = make_entry(), make_entry(path="other.mp4")
    journal.open(first)

    assert journal.open(second) == (first, False)


@pytest.mark.parametrize(
    ("known", "later", "free"),
    [
        ({}, 0, False),  # prepared, and its process may live
        ({}, 90, True),  # prepared, and its process is gone
        ({"sent": True}, 1000, False),  # sent: nobody knows
        ({"status": Status.AMBIGUOUS}, 1000, False),
        ({"status": Status.FAILED}, 0, True),  # refused before there was a job
        ({"status": Status.FAILED, "id": "task-1"}, 1000, False),
        ({"status": Status.QUEUED, "id": "task-1"}, 1000, False),
    ],
)
def test_a_ref_is_free_again_once_it_is_proven_that_no_job_exists(journal, known, later, free):
    task = {name: known[name] for name in ("status", "id") if name in known}
    entry = make_entry(sent=known.get("sent", False))
    journal.open(evolve(entry, task=evolve(entry.task, **task)))

    opened, mine = journal.open(make_entry(created=NOW + later))

    assert mine == free
    assert opened.fence == (2 if free else 1)
    assert opened.state == ("submitting" if free else known.get("status", "submitting"))


def test_a_claim_raises_the_fence_and_shuts_the_former_owner_out(journal):
    entry, _ = journal.open(make_entry(lease=NOW))
    claimed = journal.claim("one", NOW)

    assert claimed.fence == 2
    assert not journal.mark(entry, NOW, NOW + 90, sent=True)
    assert not journal.advance("one", 1, move(entry, "failed"), NOW)
    assert journal.mark(claimed, NOW, NOW + 90, sent=True)
    assert journal.get("one").sent


def test_what_is_leased_or_unknown_cannot_be_claimed(journal):
    journal.open(make_entry(lease=NOW + 90))

    assert journal.claim("one", NOW + 89) is None
    assert journal.claim("two", NOW) is None
    assert journal.claim("one", NOW + 90, NOW + 200).lease == NOW + 200


def test_a_write_keeps_what_it_does_not_say(journal):
    entry, _ = journal.open(make_entry())
    queued = move(entry, "queued", id="task-1", raw="x" * 100)
    done = evolve(queued, status=Status.SUCCEEDED, cost=Decimal("0.38"))

    assert journal.advance("one", 1, queued, NOW + 1, lease=0.0)
    assert journal.advance("one", 1, done, NOW + 105, facts="{}")
    assert journal.advance("one", 1, done, NOW + 999, path="home.mp4", counts=False)

    row = journal.get("one")
    assert (row.lease, row.finished, row.updated) == (0.0, NOW + 105, NOW + 999)
    assert (row.path, row.facts, row.counts) == ("home.mp4", "{}", False)
    assert (row.task.raw, row.task.cost) == (None, Decimal("0.38"))


def test_a_job_that_ended_stays_as_it_ended(journal):
    entry, _ = journal.open(make_entry())
    done = move(entry, "succeeded", id="task-1")
    journal.advance("one", 1, done, NOW)

    assert not journal.advance("one", 1, evolve(done, status=Status.RUNNING), NOW)
    assert journal.get("one").state == "succeeded"


def test_an_id_is_noted_whoever_has_it_but_never_replaced_by_a_stranger(journal):
    entry, _ = journal.open(make_entry(lease=NOW))
    journal.claim("one", NOW)
    journal.advance("one", 2, move(entry, "ambiguous"), NOW)

    assert journal.advance("one", 1, move(entry, "queued", id="task-1"), NOW)
    assert not journal.advance("one", 1, move(entry, "queued", id="task-2"), NOW)
    assert journal.get("one").task.id == "task-1"


def test_an_unreadable_answer_is_kept_with_the_ambiguous_job(journal):
    entry, _ = journal.open(make_entry())
    journal.advance("one", 1, move(entry, "ambiguous", raw="é" * 5000), NOW)

    assert journal.get("one").task.raw == "é" * 4096


def test_jobs_are_found_by_ref_by_its_start_and_by_the_vendors_id(journal):
    for ref, number in (("abcd1", "task-1"), ("abcd2", "task-2"), ("efgh", "")):
        entry, _ = journal.open(make_entry(ref, lease=NOW))
        journal.advance(ref, 1, move(entry, "queued" if number else "ambiguous", id=number), NOW)

    assert [item and item.ref for item in map(journal.find, ("abcd1", "task-2", "ef"))] == [
        *("abcd1", "abcd2", "efgh")
    ]
    assert [journal.find(name) for name in ("abcd", "x", "")] == [None, None, None]
    assert journal.get("ef") is None
    assert [item.ref for item in journal.entries()] == ["abcd1", "abcd2", "efgh"]
    assert [item.ref for item in journal.entries([Status.AMBIGUOUS])] == ["efgh"]


def test_finish_times_are_those_of_the_latest_successes_that_were_measured(journal):
    for number, took in enumerate((100, 90, 110, None)):
        entry, _ = journal.open(make_entry(str(number), created=NOW + number))
        done = move(entry, "succeeded", id="x")
        journal.advance(str(number), 1, done, NOW + number + 86_400, took=took)
    failed, _ = journal.open(make_entry("failed"))
    journal.advance("failed", 1, move(failed, "failed", id="x"), NOW + 5, took=5)

    assert journal.finishes("acme/acme-1") == [90, 100, 110]
    assert journal.finishes("acme/acme-1", limit=2) == [90, 110]
    assert journal.finishes("acme/other") == []
    assert [row.took for row in journal.entries()][:1] == [100]


class TestBudget:
    def test_jobs_of_the_day_count_at_what_was_billed_or_else_quoted(self, journal):
        budget = Budget(money=Decimal("1.00"))
        billed, _ = journal.open(make_entry("billed"), budget)
        journal.advance("billed", 1, move(billed, "succeeded", id="x", cost=Decimal("0.59")), NOW)
        journal.open(make_entry("quoted"), budget)

        with pytest.raises(BudgetError, match=r"0\.99 of the day's 1\.00 USD"):
            journal.open(make_entry("third"), budget)
        assert journal.get("third") is None
        assert journal.open(make_entry("tomorrow", created=NOW + 86_400), budget)[1]

    def test_what_is_free_or_was_never_sent_does_not_count(self, journal):
        budget = Budget(clips=1)
        refused, _ = journal.open(make_entry("refused"), budget)
        journal.advance("refused", 1, move(refused, "failed"), NOW, counts=False)
        journal.open(make_entry("prepared", lease=NOW + 90), budget)

        with pytest.raises(BudgetError):
            journal.open(make_entry("other", created=NOW + 89), budget)
        assert journal.open(make_entry("other", created=NOW + 90), budget)[1]

    def test_a_row_that_begins_anew_does_not_count_twice(self, journal):
        budget = Budget(clips=1, seconds=4, money=Decimal("0.40"))
        journal.open(make_entry(lease=NOW + 1), budget)

        assert journal.open(make_entry(created=NOW + 1), budget)[1]

    def test_processes_share_it_to_the_last_clip(self, tmp_path):
        journals, won = [Journal(tmp_path / "j.sqlite") for _ in range(2)], list[str]()

        def spend(journal, name):
            for number in range(20):
                with suppress(BudgetError):
                    journal.open(make_entry(f"{name}-{number}"), Budget(clips=7))
                    won.append(name)

        threads = [
            threading.Thread(target=spend, args=pair) for pair in zip(journals, "ab", strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for journal in journals:
            journal.close()

        assert len(won) == 7

    def test_what_has_no_price_adds_nothing(self, journal):
        journal.open(make_entry("free", quote=None, seconds=None))

        assert journal.open(make_entry(), Budget(money=Decimal("0.40"), seconds=4))[1]


def test_threads_and_processes_that_ask_at_once_are_told_apart(tmp_path):
    path = tmp_path / "journal.sqlite"
    program = (
        "import sys; from anyvideo.journal.database import Journal; from attrs import evolve;"
        "from tests.journal.entries import make_entry; journal = Journal(sys.argv[1]);"
        "print(sum(journal.open(make_entry(str(n)))[1] for n in range(60)))"
    )
    command = [sys.executable, "-c", program, str(path)]
    others = [
        subprocess.Popen(command, stdout=subprocess.PIPE, env=_find_tests()) for _ in range(2)
    ]
    journal, won = Journal(path), []

    def work():
        won.append(sum(journal.open(make_entry(str(number)))[1] for number in range(60)))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won += [int(process.communicate(timeout=60)[0]) for process in others]
    journal.close()

    assert sum(won) == 60


def _find_tests():
    return {**os.environ, "PYTHONPATH": os.pathsep.join([".", *sys.path])}


def test_a_task_error_survives_the_journal(journal):
    entry, _ = journal.open(make_entry())
    failed = move(entry, "failed", id="x", error=TaskError("content_policy", "nsfw", "no"))
    journal.advance("one", 1, failed, NOW)

    assert journal.get("one").task == failed


def test_what_an_interrupt_left_unfinished_is_undone(connections, tmp_path):
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        connections[0].execute("BEGIN IMMEDIATE")
        connections[0].execute("PRAGMA user_version = 99")
        assert journal.open(make_entry())[1]
        assert read_mode(connections[0], "user_version") == VERSION
