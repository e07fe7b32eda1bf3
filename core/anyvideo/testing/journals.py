"""The laws that every journal keeps, as tests to subclass."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from decimal import Decimal
from typing import Any

from attrs import evolve

from anyvideo.errors import BudgetError
from anyvideo.journal.budget import Budget, Share
from anyvideo.journal.entry import Entry
from anyvideo.journal.protocol import JournalLike
from anyvideo.tasks.report import TaskError
from anyvideo.tasks.status import Status
from anyvideo.testing.entries import NOW, make_entry, move

_DAY = 86_400


class JournalLaws(ABC):
    """The laws of a journal, for pytest: subclass it, and say where an empty journal is.

        class TestMine(JournalLaws):
            def make_place(self):
                return make_an_empty_database()
            def open_journal(self, place):
                return MyJournal(place)

    A test opens several journals at one place, as several hosts do.
    """

    place: Any
    journal: JournalLike

    @abstractmethod
    def make_place(self) -> Any:  # noqa: ANN401 (whatever `open_journal` takes)
        """Return where an empty journal can be opened."""

    @abstractmethod
    def open_journal(self, place: Any) -> JournalLike:  # noqa: ANN401 (what `make_place` returns)
        """Open the journal at a place."""

    def setup_method(self) -> None:
        """Open an empty journal."""
        self.place = self.make_place()
        self.journal = self.open_journal(self.place)

    def teardown_method(self) -> None:
        """Close it."""
        self.journal.close()

    def add(self, *args: Any, **changes: Any) -> Entry:  # noqa: ANN401 (as `make_entry`)
        """Add a row, and return it."""
        opened = self.journal.open(make_entry(*args, **changes))
        assert opened[1]
        return opened[0]

    def read(self, ref: str = "one") -> Entry:
        """Return a row, as another host reads it."""
        with closing(self.open_journal(self.place)) as other:
            entry = other.get(ref)
        assert entry is not None
        return entry

    def test_a_row_comes_back_as_it_was_written(self) -> None:
        """Every field of a row is kept."""
        entry = make_entry(facts='{"seconds": 4}', updated=NOW, counts=False, sent=True)

        assert self.journal.open(entry) == (entry, True)
        assert self.read() == entry
        assert self.journal.get("two") is None
        assert isinstance(self.journal, JournalLike)

    def test_a_ref_is_given_to_the_first_who_asks(self) -> None:
        """A row that exists is returned as it is."""
        first = self.add()

        assert self.journal.open(make_entry(path="other.mp4")) == (first, False)

    def test_a_ref_is_free_again_once_no_job_can_exist(self) -> None:
        """A row is replaced where it was never sent and its lease is over, or was refused."""
        failed, queued = {"status": Status.FAILED}, {"status": Status.QUEUED, "id": "task-1"}
        cases: Sequence[tuple[dict[str, Any], bool, float, bool]] = (
            ({}, False, 0, False),
            ({}, False, 90, True),
            ({}, True, 1000, False),
            ({"status": Status.AMBIGUOUS}, False, 1000, False),
            (failed, False, 0, True),
            ({**failed, "id": "task-1"}, False, 1000, False),
            (queued, False, 1000, False),
        )
        for number, (changes, sent, later, free) in enumerate(cases):
            entry = make_entry(str(number), sent=sent)
            self.journal.open(evolve(entry, task=evolve(entry.task, **changes)))

            opened, mine = self.journal.open(make_entry(str(number), created=NOW + later))
            assert (mine, opened.fence) == ((True, 2) if free else (False, 1)), cases[number]

    def test_a_claim_raises_the_fence_and_shuts_the_former_owner_out(self) -> None:
        """Whoever holds an older fence writes nothing more."""
        entry = self.add(lease=NOW)
        claimed = self.journal.claim("one", NOW)

        assert claimed is not None
        assert claimed.fence == 2
        assert not self.journal.mark(entry, NOW, NOW + 90, sent=True)
        assert not self.journal.advance("one", 1, move(entry, "failed"), NOW)
        assert self.journal.mark(claimed, NOW, NOW + 90, sent=True)
        assert (self.read().sent, self.read().lease) == (True, NOW + 90)

    def test_what_is_leased_or_unknown_cannot_be_claimed(self) -> None:
        """A lease holds until its last moment."""
        self.add(lease=NOW + 90)

        assert self.journal.claim("one", NOW + 89) is None
        assert self.journal.claim("two", NOW) is None
        claimed = self.journal.claim("one", NOW + 90, NOW + 200)
        assert claimed is not None
        assert claimed.lease == NOW + 200

    def test_a_lease_is_moved_unless_it_was_renewed(self) -> None:
        """The lease that was read is the one that is moved."""
        entry = self.add(lease=NOW + 90)
        self.journal.rebase(evolve(entry, lease=NOW + 80), NOW, NOW + 20)
        self.journal.rebase(entry, NOW, NOW + 10)
        assert self.read().lease == NOW + 10

    def test_a_write_keeps_what_it_does_not_say(self) -> None:
        """None leaves a column as it is."""
        queued = move(self.add(), "queued", id="task-1", raw="x" * 100)
        done = evolve(queued, status=Status.SUCCEEDED, cost=Decimal("0.38"))

        assert self.journal.advance("one", 1, queued, NOW + 1, lease=0.0)
        assert self.journal.advance("one", 1, done, NOW + 105, facts="{}", took=104)
        assert self.journal.advance("one", 1, done, NOW + 999, path="home.mp4", counts=False)

        row = self.read()
        assert (row.lease, row.finished, row.updated) == (0.0, NOW + 105, NOW + 999)
        assert (row.path, row.facts, row.counts, row.took) == ("home.mp4", "{}", False, 104)
        assert (row.task.raw, row.task.cost) == (None, Decimal("0.38"))

    def test_a_job_that_ended_stays_as_it_ended(self) -> None:
        """A success without a file may turn out to have failed, and nothing else changes."""
        entry = self.add()
        done = move(entry, "succeeded", id="task-1")
        self.journal.advance("one", 1, done, NOW)

        assert not self.journal.advance("one", 1, evolve(done, status=Status.RUNNING), NOW)
        assert self.read().state == "succeeded"
        assert self.journal.advance("one", 1, evolve(done, status=Status.FAILED), NOW)
        assert not self.journal.advance("one", 1, done, NOW)

    def test_an_id_is_noted_whoever_has_it_and_never_replaced(self) -> None:
        """Evidence that a job exists is never lost to a fence."""
        entry = self.add(lease=NOW)
        self.journal.claim("one", NOW)
        self.journal.advance("one", 2, move(entry, "ambiguous"), NOW)

        assert self.journal.advance("one", 1, move(entry, "queued", id="task-1"), NOW)
        assert not self.journal.advance("one", 2, move(entry, "queued", id="task-2"), NOW)
        assert self.read().task.id == "task-1"

    def test_what_the_vendor_said_is_kept(self) -> None:
        """An error is whole; of an answer that could not be read, the first 4,096 characters are."""
        error = TaskError("content_policy", "nsfw", "no\x01 'quotes' \u2028")
        unread = move(self.add(), "ambiguous", raw="é" * 5000)
        self.journal.advance("one", 1, unread, NOW)
        assert self.read().task.raw == "é" * 4096
        failed = move(self.read(), "failed", id="x", error=error, raw=None)
        self.journal.advance("one", 1, failed, NOW)
        assert self.read().task == failed

    def test_jobs_are_found_by_ref_by_its_start_and_by_the_vendors_id(self) -> None:
        """A name that fits two jobs finds none."""
        for ref, number in (("abcd1", "task-1"), ("abcd2", "task-2"), ("e%f_h", "")):
            entry = self.add(ref, lease=NOW)
            task = move(entry, "queued" if number else "ambiguous", id=number)
            self.journal.advance(ref, 1, task, NOW)

        names = (("abcd1", ""), ("task-2", ""), ("e%", ""), ("task-1", "acme"))
        found = [self.journal.find(*name) for name in names]
        assert [item and item.ref for item in found] == ["abcd1", "abcd2", "e%f_h", "abcd1"]
        assert [self.journal.find(name) for name in ("abcd", "x", "", "_", "%")] == [None] * 5
        assert self.journal.find("task-1", "other") is None
        assert self.journal.find("abcd1", "acme") is None

    def test_jobs_are_listed_by_state_and_page_by_page(self) -> None:
        """All of them oldest first, and a page newest first."""
        for number in range(5):
            self.add(f"job-{number}", created=NOW + number // 2)
        self.journal.advance("job-3", 1, move(make_entry("job-3"), "ambiguous"), NOW)

        assert [item.ref for item in self.journal.entries()] == [f"job-{n}" for n in range(5)]
        assert [item.ref for item in self.journal.entries([Status.AMBIGUOUS])] == ["job-3"]
        first = self.journal.page([*Status], "acme/*", 2, None)
        assert [item.ref for item in first] == ["job-4", "job-3"]
        rest = self.journal.page([*Status], "acm?/[a-b]cme-1", 9, first[-1])
        assert [item.ref for item in rest] == ["job-2", "job-1", "job-0"]
        assert self.journal.page([*Status], "acme.*", 9, None) == []
        assert self.journal.newest() == NOW + 2

    def test_jobs_are_listed_by_the_start_of_their_ref_in_both_orders(self) -> None:
        """The start is a text and no pattern."""
        for number, ref in enumerate(("a.1", "b.1", "a.2", "a%", "a.3")):
            self.add(ref, created=NOW + number // 2)

        falling = self.journal.page([*Status], "*", 9, None, "a.")
        assert [row.ref for row in falling] == ["a.3", "a.2", "a.1"]
        rising = self.journal.page([*Status], "*", 2, None, "a.", rising=True)
        assert [row.ref for row in rising] == ["a.1", "a.2"]
        rest = self.journal.page([*Status], "*", 9, rising[-1], "a.", rising=True)
        assert [row.ref for row in rest] == ["a.3"]

    def test_a_share_counts_the_jobs_whose_ref_begins_so(self) -> None:
        """Whoever has used up a share keeps nobody else from the budget of all."""
        both = Budget(clips=3)
        shares = [Share("a.", Budget(clips=1)), Share("b.", Budget())]
        won = [
            _admit(self.journal, make_entry(ref), both, shares)
            for ref in ("a.1", "a.2", "b.1", "b.2", "b.3")
        ]
        assert won == [True, False, True, True, False]

    def test_finish_times_are_those_of_the_latest_successes_that_were_measured(self) -> None:
        """The shortest comes first."""
        for number, took in enumerate((100, 90, 110, None)):
            entry = self.add(str(number), created=NOW + number)
            done = move(entry, "succeeded", id=f"x{number}")
            self.journal.advance(str(number), 1, done, NOW + number + _DAY, took=took)
        failed = move(self.add("failed"), "failed", id="x")
        self.journal.advance("failed", 1, failed, NOW + 5, took=5)

        assert self.journal.finishes("acme/acme-1") == [90, 100, 110]
        assert self.journal.finishes("acme/acme-1", limit=2) == [90, 110]
        assert self.journal.finishes("acme/other") == []

    def test_a_day_counts_what_was_billed_or_else_quoted(self) -> None:
        """What was never sent, is free, or begins anew counts no more."""
        budget = Budget(money=Decimal("1.00"))
        billed, _ = self.journal.open(make_entry("billed"), budget)
        task = move(billed, "succeeded", id="x", cost=Decimal("0.59"))
        self.journal.advance("billed", 1, task, NOW)
        self.journal.open(make_entry("quoted"), budget)

        assert not _admit(self.journal, make_entry("third"), budget)
        assert self.journal.get("third") is None
        assert _admit(self.journal, make_entry("quoted", created=NOW + 90), budget)
        refused = move(make_entry("quoted"), "failed")
        assert self.journal.advance("quoted", 2, refused, NOW, counts=False)
        assert _admit(self.journal, make_entry("fourth"), budget)
        assert not _admit(self.journal, make_entry("fifth"), budget)
        assert _admit(self.journal, make_entry("tomorrow", created=NOW + _DAY), budget)

    def test_hosts_that_ask_at_once_are_told_apart(self) -> None:
        """Of four who ask for the same sixty refs, each ref is given to one."""
        won = self.race(
            lambda journal, _: sum(journal.open(make_entry(str(n)))[1] for n in range(60))
        )

        assert sum(won) == 60

    def test_hosts_share_a_budget_to_the_last_clip(self) -> None:
        """Of a budget of seven clips seven are made, whoever asks."""
        won = self.race(
            lambda journal, name: sum(
                _admit(journal, make_entry(f"{name}-{n}"), Budget(clips=7)) for n in range(20)
            )
        )

        assert sum(won) == 7

    def race(self, work: Callable[[JournalLike, str], int]) -> list[int]:
        """Let four hosts work at once; return what each brings."""
        won: list[int] = []

        def run(name: str) -> None:
            with closing(self.open_journal(self.place)) as journal:
                won.append(work(journal, name))

        threads = [threading.Thread(target=run, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == len(threads)
        return won


def _admit(
    journal: JournalLike, entry: Entry, budget: Budget, shares: Sequence[Share] = ()
) -> bool:
    """Say whether a row is added, and not kept out by a budget."""
    with suppress(BudgetError):
        return journal.open(entry, budget, shares=shares)[1]
    return False
