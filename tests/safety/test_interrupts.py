"""An interrupt at any moment after the paid answer carries the task."""

import asyncio
import dis
import sys

import pytest

from anyvideo import AsyncClient
from anyvideo.errors import AnyVideoError
from anyvideo.journal.database import Journal
from tests.acme.clients import CONFIG, JOB, connect, open_client, read_row
from tests.acme.vendor import Vendor

MODEL = "acme/acme-1"
# Each submit is a client of its own; every seventh moment keeps the test at some seconds.
STEP = 7


def delegates(frame, event):
    """Whether a function is resumed inside `yield from`, where Python handles no signal."""
    code, at = frame.f_code.co_code, frame.f_lasti
    return event == "call" and code[at] == dis.opmap["RESUME"] and code[at + 1] & 3 >= 2


class Interrupter:
    """Raises Ctrl-C at one of the moments after the paid answer at which Python handles signals.

    These are the begin of a function, its resumption after a `yield` of its own, and the return of a
    built-in one.
    """

    def __init__(self, vendor, at):
        self.vendor, self.at, self.count = vendor, at, 0

    def __call__(self, frame, event, argument):
        if event in {"call", "c_return"} and self.vendor.posts and not delegates(frame, event):
            self.count += 1
            if self.count == self.at:
                sys.setprofile(None)
                raise KeyboardInterrupt

    def submit(self, client):
        sys.setprofile(self)
        try:
            return client.submit(JOB, MODEL)
        finally:
            sys.setprofile(None)


def count_moments():
    vendor = Vendor()
    interrupter = Interrupter(vendor, -1)
    with open_client("sync", vendor) as client:
        interrupter.submit(client)
    return interrupter.count


# Where it comes while Python drops a generator, Python itself ignores it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_any_moment_after_the_answer_carries_the_task():
    last = count_moments()
    bare = []
    for at in range(1, last + 1, STEP):
        vendor = Vendor()
        with open_client("sync", vendor) as client:
            try:
                Interrupter(vendor, at).submit(client)
            except (KeyboardInterrupt, AnyVideoError) as error:
                task = getattr(error, "task", None)
                if task is None or task.ref != read_row(client).ref:
                    bare.append(at)
        assert len(vendor.posts) == 1

    assert last > 100
    assert bare == []


def test_a_cancellation_between_the_answer_and_the_return_carries_the_task(monkeypatch):
    """The job is accepted, and its row is being written, when the task is cancelled."""
    vendor = Vendor()

    async def submit():
        async with AsyncClient(CONFIG, journal=":memory:", **connect(vendor)) as client:
            loop, advance = asyncio.get_running_loop(), Journal.advance
            work = asyncio.ensure_future(client.submit(JOB, MODEL))

            def cancel(self, *given, **changes):
                loop.call_soon_threadsafe(work.cancel)
                return advance(self, *given, **changes)

            monkeypatch.setattr(Journal, "advance", cancel)
            with pytest.raises(asyncio.CancelledError) as caught:
                await work
            return caught.value, read_row(client)

    error, row = asyncio.run(submit())

    assert (error.task.id, row.task.id) == ("task-1", "task-1")
