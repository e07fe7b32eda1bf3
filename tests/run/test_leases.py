"""A job that another process sends: waited for or not, and by clocks that are wrong."""

import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.errors import AmbiguousSubmitError, InFlightError
from anyvideo.journal.database import Journal
from tests.acme.clients import JOB, open_client, read_row, read_task
from tests.acme.vendor import Vendor, refuse
from tests.run.leaving import leave
from tests.safety.test_journal_model import MEMORY

MODEL = "acme/acme-1"
KEY = "one"
# The time-out of the account, and the margin.
LEASE = 90.0
START = 1_800_000_000.0


class Wall:
    """A clock that is set while time passes; `events` happen after so many seconds of sleep."""

    def __init__(self, now=START):
        self.time, self.slept, self.events = now, 0.0, {}

    def now(self):
        return self.time

    def advance(self, seconds):
        self.time += seconds

    def sleep(self, seconds):
        self.time += seconds
        self.slept += seconds
        for moment in [due for due in self.events if due <= self.slept]:
            self.events.pop(moment)()

    async def sleep_async(self, seconds):
        self.sleep(seconds)


@pytest.fixture
def clock():
    return Wall()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


def hold(client, seconds=45.0, **left):
    """Leave a row as a process does that is sending its job, and return the task."""
    task = leave(client, sent=True, lease=0, **left)
    client.session.journal.claim(KEY, 1e12, client.session.clock.now() + seconds)
    return task


CALLS = {
    "submit": lambda client, _: client.submit(JOB, MODEL, key=KEY, wait=False),
    "generate": lambda client, to: client.generate(JOB, to, MODEL, key=KEY, wait=False),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_who_does_not_wait_learns_when_to_ask_again(kind, call, clock, tmp_path):
    vendor = Vendor()
    with open_client(kind, vendor, clock=clock) as client:
        hold(client)
        with pytest.raises(InFlightError, match="another process; try again in 45 s") as caught:
            call(client, tmp_path / "fox.mp4")
        assert client.session.clock.slept == 0

    assert (caught.value.seconds, read_task(caught).ref) == (45, KEY)
    assert vendor.calls == []


def test_a_remix_that_another_process_sends_is_not_waited_for_either(kind, clock):
    with open_client(kind, Vendor(), clock=clock) as client:
        old = client.submit(JOB, MODEL)
        hold(client, remixes=old.id)
        with pytest.raises(InFlightError):
            client.remix(old, "a blue fox", key=KEY, wait=False)


def test_who_waits_gets_the_job_once_it_was_sent(kind, clock):
    with open_client(kind, Vendor(), clock=clock) as client:
        task = hold(client)
        journal = client.session.journal
        done = evolve(task, id="task-5", status="queued")
        clock.events[3] = lambda: journal.advance(KEY, 2, done, clock.now(), lease=0.0)
        assert client.submit(JOB, MODEL, key=KEY).id == "task-5"
        assert clock.slept == 3


def test_a_lease_that_is_renewed_is_waited_for_again(kind, clock):
    with open_client(kind, Vendor(), clock=clock) as client:
        hold(client, 10)
        journal = client.session.journal
        clock.events[5] = lambda: journal.claim(KEY, 1e12, clock.now() + 30)
        with pytest.raises(AmbiguousSubmitError):
            client.submit(JOB, MODEL, key=KEY)
        assert clock.slept == 35


BACK = [60.0, 3600.0, 365 * 86_400.0]


@pytest.mark.parametrize("back", BACK)
def test_a_clock_that_was_set_back_keeps_nobody_longer_than_a_lease(kind, back, path, caplog):
    """The row was written by a clock that was ahead."""
    vendor = Vendor()
    with open_client(kind, vendor, journal=path, clock=Wall(START + back)) as ahead:
        task = leave(ahead, sent=True, lease=0)
        ahead.session.journal.mark(read_row(ahead), START + back, START + back + LEASE, sent=True)
    with open_client(kind, vendor, journal=path, clock=Wall(START)) as client:
        for _ in range(2):
            with pytest.raises(InFlightError) as caught:
                client.resume(task)
            assert caught.value.seconds == LEASE
        client.session.clock.advance(LEASE)
        with pytest.raises(AmbiguousSubmitError):
            client.resume(task)

    assert caplog.text.count(f"the clock is {back:.0f} s behind the journal") == 1
    assert vendor.posts == []


def test_a_clock_that_is_set_back_while_somebody_waits_does_not_make_him_wait_longer(kind, clock):
    with open_client(kind, Vendor(), clock=clock) as client:
        hold(client, 30)
        clock.events[10] = lambda: clock.advance(-1000)
        with pytest.raises(AmbiguousSubmitError):
            client.submit(JOB, MODEL, key=KEY)
        assert clock.slept == 30


def test_a_clock_that_is_set_ahead_while_somebody_waits_does_not_end_the_lease(kind, clock):
    with open_client(kind, Vendor(), clock=clock) as client:
        hold(client, 30)
        clock.events[10] = lambda: clock.advance(1000)
        with pytest.raises(AmbiguousSubmitError):
            client.submit(JOB, MODEL, key=KEY)
        assert clock.slept == 30


def test_a_lease_that_no_process_writes_ends_within_an_hour(kind, clock):
    with open_client(kind, Vendor(), clock=clock) as client:
        task = hold(client, 1e12)
        with pytest.raises(InFlightError) as caught:
            client.resume(task)

    assert caught.value.seconds == 3600


def test_a_submit_reports_once_that_the_clock_is_behind_the_journal(kind, path, caplog):
    vendor = Vendor()
    with open_client(kind, vendor, journal=path, clock=Wall(START + 600)) as ahead:
        ahead.submit(JOB, MODEL)
    with open_client(kind, vendor, journal=path, clock=Wall(START)) as client:
        client.submit(JOB, MODEL)
        client.submit(JOB, MODEL)

    assert caplog.text.count("the clock is 600 s behind the journal") == 1


JUMPS = st.sampled_from([-86_400.0, -3600.0, -100.0, -1.0, 0.0, 1.0, 100.0, 3600.0, 86_400.0])
ASKS = st.lists(st.tuples(JUMPS, JUMPS, st.booleans()), max_size=3)


class Pair:
    """Two processes over one journal: one sends a job, and the other asks for it."""

    def __init__(self, folder, vendor):
        self.clocks = Wall(), Wall()
        self.journals = [Journal(Path(folder) / "j.sqlite") for _ in self.clocks]
        self.sender, self.asker = (
            open_client("sync", vendor, journal=journal, clock=clock)
            for journal, clock in zip(self.journals, self.clocks, strict=True)
        )

    def ask(self, asks):
        """Let the second process ask, after each jump of the clocks."""
        for jump, other_jump, resumes in asks:
            self.clocks[0].advance(jump)
            self.clocks[1].advance(other_jump)
            row, error = self.journals[1].get(KEY), None
            try:
                if resumes and row is not None:
                    self.asker.resume(row.task)
                else:
                    self.asker.submit(JOB, MODEL, key=KEY, wait=False)
            except (InFlightError, AmbiguousSubmitError) as caught:
                error = caught
            if isinstance(error, InFlightError):
                assert 0 < error.seconds <= LEASE + 5
            elif error is not None and row is not None and row.state == "submitting":
                # Only a clock that is ahead of the lease can take the job for abandoned.
                assert row.lease <= self.clocks[1].now()

    def close(self):
        for journal in self.journals:
            journal.close()


@settings(max_examples=50, deadline=None)
@given(before=ASKS, inside=ASKS, after=ASKS, fails=st.booleans())
def test_two_clocks_that_jump_neither_pay_twice_nor_hold_anybody(before, inside, after, fails):
    """Either clock jumps before, while and after one process sends what another asks for."""
    vendor = Vendor()
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        pair = Pair(folder, vendor)

        def answer(request):
            pair.ask(inside)
            return refuse(500) if fails else vendor.answer_submit(request)

        pair.ask(before)
        vendor.plan("submit", answer)
        with suppress(AmbiguousSubmitError):
            pair.sender.submit(JOB, MODEL, key=KEY)
        pair.ask(after)
        (known,) = pair.journals[1].entries()
        pair.close()

    assert len(vendor.posts) == 1
    assert known.state != "submitting"
    assert known.task.id or fails
