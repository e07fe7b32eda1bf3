"""Async clients ask Postgres in their own loop: no thread, and nothing half written."""

import asyncio
import threading
from contextlib import closing, suppress

import httpx
import psycopg
import pytest

from anyvideo import AsyncClient
from anyvideo.errors import JournalError
from anyvideo.journal.postgres import PostgresJournal
from anyvideo.transport.finish import finish
from tests.acme.clients import CONFIG, JOB, connect
from tests.acme.vendor import Vendor
from tests.journal.entries import NOW, make_entry

MODEL = "acme/acme-1"


def read_all(place):
    with closing(PostgresJournal(place)) as journal:
        return journal.entries()


def test_a_job_from_key_to_end_starts_no_thread(place, monkeypatch):
    def refuse(self):
        message = f"thread {self.name} was started"
        raise AssertionError(message)

    async def run():
        async with AsyncClient(CONFIG, journal=place, **connect(Vendor())) as client:
            task = await client.submit(JOB, MODEL, key="order-7")
            again = await client.submit(JOB, MODEL, key="order-7")
            await client.wait(await client.resume(again))
            return task, await client.job("order-7")

    with monkeypatch.context() as threads:
        threads.setattr(threading.Thread, "start", refuse)
        task, record = asyncio.run(run())

    assert (task.id, record.task.status) == ("task-1", "succeeded")
    assert [entry.ref for entry in read_all(place)] == ["order-7"]


def test_a_journal_of_the_callers_stays_open(place):
    async def run(journal):
        async with AsyncClient(CONFIG, journal=journal, **connect(Vendor())) as client:
            await client.submit(JOB, MODEL, key="order-7")

    with closing(PostgresJournal(place)) as journal:
        for _ in range(2):  # each in a loop of its own
            asyncio.run(run(journal))
        assert [entry.ref for entry in journal.entries()] == ["order-7"]


def test_where_there_is_no_twin_a_thread_asks(place, monkeypatch):
    monkeypatch.setattr(PostgresJournal, "pair", lambda _: None)

    async def run():
        async with AsyncClient(CONFIG, journal=place, **connect(Vendor())) as client:
            await client.submit(JOB, MODEL, key="order-7")

    asyncio.run(run())
    assert [entry.ref for entry in read_all(place)] == ["order-7"]


def test_a_client_without_a_journal_has_no_twin():
    async def run():
        async with AsyncClient(CONFIG, journal=None, **connect(Vendor())) as client:
            return await client.submit(JOB, MODEL)

    assert asyncio.run(run()).id == "task-1"


@pytest.mark.parametrize("stops_all", [False, True], ids=["one task", "all tasks of the loop"])
def test_a_write_that_is_cancelled_in_the_midst_is_written(place, stops_all):
    """Another connection holds the row, so that the write waits in the server."""

    async def run():
        journal = PostgresJournal(place, connect=False)
        twin = journal.pair()
        assert twin is not None
        entry, _ = await twin.open(make_entry())
        async with await psycopg.AsyncConnection.connect(place) as other:
            await other.execute("SELECT 1 FROM anyvideo_job FOR UPDATE")
            write = asyncio.create_task(finish(twin.mark(entry, NOW, NOW + 90, sent=True)))
            await waits(place)
            for task in asyncio.all_tasks() if stops_all else {write}:
                if task is not asyncio.current_task():
                    task.cancel()
            await asyncio.sleep(0)
            assert not write.done()
            await other.rollback()
            with pytest.raises(asyncio.CancelledError):
                await write
        await twin.close()
        await twin.close()
        with pytest.raises(JournalError, match="is closed"):
            await twin.get("one")

    asyncio.run(run())
    (row,) = read_all(place)
    assert row.sent


async def waits(place):
    """Wait until a statement waits for a lock."""
    async with await psycopg.AsyncConnection.connect(place, autocommit=True) as watcher:
        count = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        while True:
            found = await (await watcher.execute(count)).fetchone()
            if found and found[0]:
                return


def test_time_limits_inside_a_write_count():
    async def wait():
        async with asyncio.timeout(0.01):
            await asyncio.Event().wait()

    async def run():
        await finish(wait())

    with pytest.raises(TimeoutError):
        asyncio.run(run())


def test_an_abandoned_submit_notes_at_once_what_is_unknown(place):
    """A coroutine that is closed can await nothing more."""
    sent = list[httpx.Request]()

    async def hang(request):
        sent.append(request)
        await asyncio.Event().wait()

    class Abandoned:
        def __init__(self, coroutine):
            self.coroutine = coroutine

        def __await__(self):
            while not sent:
                future = self.coroutine.send(None)
                if not sent:
                    yield future
            self.coroutine.close()

    async def run():
        options = {**connect(Vendor()), "transport": httpx.MockTransport(hang)}
        async with AsyncClient(CONFIG, journal=place, **options) as client:
            await Abandoned(client.submit(JOB, MODEL))

    asyncio.run(run())
    (row,) = read_all(place)
    assert (row.state, row.sent, row.lease) == ("ambiguous", True, 0.0)


def test_a_day_of_many_tasks_is_as_sure_as_one(place):
    """Forty tasks share one key and a budget of three clips."""
    vendor, config = Vendor(), {**CONFIG, "budget": {"clips": 3}}

    async def run():
        async with AsyncClient(config, journal=place, **connect(vendor)) as client:

            async def submit(key):
                with suppress(Exception):
                    return (await client.submit(JOB, MODEL, key=key)).ref

            return await asyncio.gather(*(submit(f"key-{number % 8}") for number in range(40)))

    sent = {ref for ref in asyncio.run(run()) if ref}
    assert len(sent) == len(vendor.posts) == 3
