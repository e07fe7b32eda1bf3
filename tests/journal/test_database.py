"""The journal: fences, leases, evidence, budgets, and files that are not as they should be."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from decimal import Decimal
from functools import partial

import pytest
from attrs import evolve

from anyvideo.errors import BudgetError, JournalError
from anyvideo.journal.budget import Budget
from anyvideo.journal.database import VERSION, Journal
from anyvideo.journal.entry import Entry
from anyvideo.model.quote import Quote
from anyvideo.tasks.report import TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

NOW = 1_767_225_600.0  # a midnight
QUOTE = Quote(Decimal("0.40"), "USD", "exact")


def make_entry(ref="one", *, created=NOW, lease=NOW + 90, quote=QUOTE, **changes):
    task = Task(
        "acme", "acme", "https://api.acme.example", "", "acme-1", "submitting", quote=quote, ref=ref
    )
    settings = {"seconds": 4.0, "lease": lease, "path": "fox.mp4", **changes}
    return Entry(ref, "acme/acme-1", task, '{"prompt": "fox"}', created, **settings)


def move(entry, status, **changes):
    return evolve(entry.task, status=status, **changes)


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "deep" / "journal.sqlite")
    yield journal
    journal.close()


def test_a_row_comes_back_as_it_was_written(journal):
    entry = make_entry(facts='{"seconds": 4}', updated=NOW, counts=False, sent=True)

    assert journal.open(entry) == (entry, True)
    assert journal.get("one") == entry
    assert (entry.amount, entry.currency, entry.state) == (Decimal("0.40"), "USD", "submitting")
    assert make_entry(quote=None).amount is None
    assert make_entry(quote=None).currency == "USD"


@pytest.fixture
def connections(monkeypatch):
    """The connections to SQLite that are opened from now on."""
    opened, connect = list[sqlite3.Connection](), sqlite3.connect

    def note(*args, **options):
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", note)
    return opened


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


def read_mode(connection, name):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]


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


def test_finish_times_are_of_the_latest_successes_and_leave_out_what_was_resumed_days_later(
    journal,
):
    for number, took in enumerate((100, 90, 110, 86_400)):
        entry, _ = journal.open(make_entry(str(number), created=NOW + number))
        journal.advance(str(number), 1, move(entry, "succeeded", id="x"), NOW + number + took)
    failed, _ = journal.open(make_entry("failed"))
    journal.advance("failed", 1, move(failed, "failed", id="x"), NOW + 5)

    assert journal.finishes("acme/acme-1") == [90, 100, 110]
    assert journal.finishes("acme/other") == []


class TestBudget:
    def test_jobs_of_the_day_count_at_what_was_billed_or_else_quoted(self, journal):
        budget = Budget(money=Decimal("1.00"))
        billed, _ = journal.open(make_entry("billed"), budget)
        journal.advance("billed", 1, move(billed, "succeeded", id="x", cost=Decimal("0.59")), NOW)
        journal.open(make_entry("quoted"), budget)

        with pytest.raises(BudgetError, match=r"0\.99 USD of the day's 1\.00"):
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


class TestFile:
    def test_it_is_opened_again_with_all_that_was_in_it(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        for _ in range(2):
            journal = Journal(path)
            journal.open(make_entry())
            journal.close()

        journal = Journal(path)
        assert [item.ref for item in journal.entries()] == ["one"]
        journal.close()

    def test_a_newer_one_is_left_alone(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        Journal(path).close()
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        connection.close()

        with pytest.raises(JournalError, match="written by a newer anyvideo; update anyvideo"):
            Journal(path)

    def test_another_programs_database_is_left_alone(self, tmp_path):
        path = tmp_path / "other.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        connection.close()
        before = path.read_bytes()

        with pytest.raises(JournalError, match="database of something else"):
            Journal(path)
        assert path.read_bytes() == before

    def test_a_failed_migration_leaves_an_empty_file(self, tmp_path, monkeypatch):
        path = tmp_path / "journal.sqlite"
        monkeypatch.setattr(
            "anyvideo.journal.database.MIGRATIONS", ("CREATE TABLE job (x); CREATE nonsense",)
        )

        with pytest.raises(JournalError):
            Journal(path)
        monkeypatch.undo()
        Journal(path).close()

    @pytest.mark.parametrize("content", [b"\0" * 4096, b"not a database, but long enough" * 99])
    def test_a_corrupt_one_is_named_in_one_line_and_kept(self, tmp_path, content):
        path = tmp_path / "journal.sqlite"
        path.write_bytes(content)

        with pytest.raises(JournalError) as caught:
            Journal(path)

        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == content

    def test_a_damaged_row_is_named(self, journal):
        journal.open(make_entry())
        with closing(sqlite3.connect(journal.path, isolation_level=None)) as connection:
            connection.execute("UPDATE job SET task = '{'")

        with pytest.raises(JournalError, match="job one in the journal has been damaged"):
            journal.get("one")

    def test_a_folder_that_cannot_be_made_is_one_line(self, tmp_path):
        (tmp_path / "file").write_text("x")

        with pytest.raises(JournalError, match="ANYVIDEO_HOME"):
            Journal(tmp_path / "file" / "journal.sqlite")

    def test_one_that_is_locked_is_waited_for_and_then_named(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        journal = Journal(path, busy_timeout=0.05)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(JournalError, match="locked"):
            journal.open(make_entry())
        other.execute("ROLLBACK")
        other.close()

        assert journal.open(make_entry())[1]
        journal.close()

    def test_one_that_is_locked_while_it_is_made_is_named_too(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE theirs (x)")

        with pytest.raises(JournalError, match="locked"):
            Journal(path, busy_timeout=0.05)
        other.close()

    def test_one_that_two_processes_make_at_once_is_tried_again(self, tmp_path, trouble):
        pauses = trouble(sqlite3.SQLITE_BUSY_RECOVERY, times=1)
        Journal(tmp_path / "journal.sqlite").close()

        assert pauses == [0.01]

    @pytest.mark.parametrize(
        ("code", "patience"), [(sqlite3.SQLITE_BUSY, -1.0), (sqlite3.SQLITE_CORRUPT, 30.0)]
    )
    def test_what_does_not_pass_by_itself_is_not_waited_for(
        self, tmp_path, trouble, code, patience
    ):
        pauses = trouble(code, times=9)
        with pytest.raises(JournalError, match="trouble"):
            Journal(tmp_path / "journal.sqlite", busy_timeout=patience)

        assert pauses == []

    @pytest.fixture
    def trouble(self, monkeypatch):
        """Let SQLite fail a number of times when it opens the write-ahead log; list the pauses."""
        pauses = list[float]()

        def arrange(code, *, times):
            left = [code] * times

            class Troubled(sqlite3.Connection):
                def execute(self, statement, *values):
                    if left and statement.startswith("PRAGMA journal_mode"):
                        error = sqlite3.OperationalError("trouble")
                        error.sqlite_errorcode = left.pop()
                        raise error
                    return super().execute(statement, *values)

            connect = partial(sqlite3.connect, factory=Troubled)
            monkeypatch.setattr(sqlite3, "connect", connect)
            return pauses

        monkeypatch.setattr("time.sleep", pauses.append)
        return arrange

    def test_a_closed_one_says_so(self, tmp_path):
        journal = Journal(tmp_path / "journal.sqlite")
        journal.close()

        with pytest.raises(JournalError, match="closed"):
            journal.get("one")

    def test_one_carried_over_a_fork_is_refused(self, journal, monkeypatch):
        monkeypatch.setattr(os, "getpid", lambda: -1)

        with pytest.raises(JournalError, match="opened before a fork"):
            journal.get("one")

    def test_a_full_disk_loses_nothing(self, connections, journal):
        journal.open(make_entry())
        (connection,) = connections
        pages = read_mode(connection, "page_count")
        connection.execute(f"PRAGMA max_page_count = {pages}")

        fill = (journal.open(make_entry(f"ref-{number}")) for number in range(99))
        with pytest.raises(JournalError, match="full"):
            list(fill)

        assert journal.get("one") == make_entry()


def test_threads_and_processes_that_ask_at_once_are_told_apart(tmp_path):
    path = tmp_path / "journal.sqlite"
    program = (
        "import sys; from anyvideo.journal.database import Journal; from attrs import evolve;"
        "from tests.journal.test_database import make_entry; journal = Journal(sys.argv[1]);"
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
