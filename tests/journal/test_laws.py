"""The laws of a journal, for the file and for Postgres; and that the two never differ."""

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.errors import BudgetError
from anyvideo.journal.budget import Budget
from anyvideo.journal.database import Journal
from anyvideo.tasks.status import Status
from anyvideo.testing import JournalLaws
from anyvideo.testing.entries import NOW, make_entry, move
from tests.journal.drivers import DRIVERS

REFS = st.sampled_from(["one", "two"])
TIMES = st.integers(0, 12).map(lambda tens: NOW + 10.0 * tens)
FENCES = st.integers(1, 4)
STATES = st.sampled_from([*Status])
IDS = st.sampled_from(["", "task-1", "task-2"])
MAYBE = st.sampled_from([None, "{}"])
STEPS = st.one_of(
    st.tuples(st.just("open"), REFS, TIMES, st.booleans()),
    st.tuples(st.just("claim"), REFS, TIMES, TIMES),
    st.tuples(st.just("mark"), REFS, FENCES, TIMES, st.booleans()),
    st.tuples(st.just("advance"), REFS, FENCES, TIMES, STATES, IDS, MAYBE),
)


class TestFile(JournalLaws):
    @pytest.fixture(autouse=True)
    def opened(self, tmp_path):
        self.folder = tmp_path
        super().setup_method()

    def setup_method(self):
        """The fixture opens it, because it knows the folder."""

    def make_place(self):
        return self.folder / "journal.sqlite"

    def open_journal(self, place):
        return Journal(place)


class TestPostgres(JournalLaws):
    driver = "threads"

    @pytest.fixture(autouse=True)
    def opened(self, postgres):
        self.postgres = postgres
        super().setup_method()

    def setup_method(self):
        """The fixture opens it, because it knows the server."""

    def make_place(self):
        return self.postgres.make_database()

    def open_journal(self, place):
        return DRIVERS[self.driver](place)


class TestPostgresInALoop(TestPostgres):
    driver = "loop"


def test_a_journal_of_ones_own_says_where_it_is():
    with pytest.raises(TypeError, match=r"make_place.*open_journal"):
        JournalLaws()  # type: ignore[abstract]  # (it is what the test is about)


def perform(journal, step):
    """Do one step at a journal, and return all that can be seen of it."""
    kind, ref, *rest = step
    entry = make_entry(ref)
    try:
        if kind == "open":
            created, limited = rest
            row = evolve(entry, created=created, lease=created + 30)
            return journal.open(row, Budget(clips=1) if limited else None)
        if kind == "claim":
            return journal.claim(ref, *rest)
        if kind == "mark":
            fence, now, sent = rest
            return journal.mark(evolve(entry, fence=fence), now, now + 30, sent=sent)
        fence, now, state, number, facts = rest
        return journal.advance(ref, fence, move(entry, state, id=number), now, facts=facts)
    except BudgetError as error:
        return str(error)


@settings(deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_the_file_and_both_drivers_of_postgres_do_the_same(shared_journals, steps):
    file, others = Journal(":memory:"), [shared.empty() for shared in shared_journals]
    for step in steps:
        result = perform(file, step)
        assert [perform(other, step) for other in others] == [result, result], step
    assert [other.entries() for other in others] == [file.entries()] * 2
    file.close()
