"""A run that is left begins nothing new, loses nothing that is paid, and goes on later."""

import asyncio
from contextlib import aclosing
from functools import partial

import pytest

from anyvideo import AsyncClient
from anyvideo.batch.batch_run import MapOptions, prepare_run
from anyvideo.batch.stop import LeftError, Stop, stop_between
from anyvideo.batch.sync import ResultIterator
from anyvideo.model.wire import Request
from anyvideo.tasks.status import Status
from anyvideo.testing.clock import VirtualClock
from anyvideo.transport.steps import Hold, Read, Send, Sleep, Work
from tests.acme.clients import CONFIG, connect, open_client, read_row
from tests.acme.plugin import open_session
from tests.acme.vendor import DONE, Vendor
from tests.batch.test_map import make_jobs

MODEL = "acme/acme-1"


def test_leaving_the_iterator_keeps_what_is_paid(kind, tmp_path):
    vendor, jobs = Vendor(polls=3), make_jobs(6)
    with open_client(kind, vendor) as client:
        results = client.map(jobs, tmp_path, MODEL, at_once=2)
        assert next(results).video
        results.close()
        assert len(vendor.posts) < 6
        again = list(client.map(jobs, tmp_path, MODEL))
    assert [item.state for item in again] == ["downloaded"] * 6
    assert len(vendor.posts) == 6


def test_an_interrupt_in_a_paid_request_waits_for_its_answer(tmp_path):
    vendor, iterators = Vendor(), list[ResultIterator]()

    def interrupt(_):
        iterators[0].leave()
        return {"id": "task-1", "status": "queued"}

    vendor.plan("submit", interrupt)
    with open_client("sync", vendor) as client:
        batch_run = prepare_run(
            client.session, make_jobs(3), tmp_path, MODEL, MapOptions(at_once=1)
        )
        iterators.append(client.gather(batch_run))
        first, *others = iterators[0]
        assert first.task
        assert (first.state, first.task.id) == ("queued", "task-1")
        assert [(item.state, item.error) for item in others] == [("not sent", None)] * 2
        assert client.session.journal.get(first.key).state == Status.QUEUED
        assert [item.state for item in client.map(make_jobs(3), tmp_path, MODEL)] == [
            "downloaded"
        ] * 3
    assert len(vendor.posts) == 3


async def test_a_cancelled_task_waits_for_the_paid_request(tmp_path):
    vendor, results = Vendor(), []

    async def follow(client):
        async with aclosing(client.map(make_jobs(3), tmp_path, MODEL, at_once=1)) as found:
            results.extend([item async for item in found])

    def cancel(_):
        running.cancel()
        return {"id": "task-1", "status": "queued"}

    vendor.plan("submit", cancel)
    async with AsyncClient(
        CONFIG, clock=VirtualClock(), journal=":memory:", **connect(vendor)
    ) as client:
        running = asyncio.create_task(follow(client))
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (results, len(vendor.posts)) == ([], 1)
        row = read_row(client)
        assert row.state == Status.QUEUED


def test_an_error_of_the_callers_own_ends_the_run(kind, tmp_path):
    def object_to(*_):
        message = "mine"
        raise ZeroDivisionError(message)

    vendor = Vendor()
    with open_client(kind, vendor) as client:
        with pytest.raises(ZeroDivisionError, match="mine"):
            list(client.map(make_jobs(), tmp_path, MODEL, at_once=1, on_change=object_to))
        assert len(list(client.map(make_jobs(), tmp_path, MODEL))) == 3
    assert len(vendor.posts) == 3


def test_a_list_without_jobs_has_no_results(kind, tmp_path):
    with open_client(kind, Vendor()) as client:
        assert list(client.map([], tmp_path, MODEL)) == []
        assert next(client.map([""], tmp_path, MODEL)).state == "refused"


OWNER = open_session().providers["acme"]
ASK = Request("GET", "/v1")
PAY = Request("POST", "/v1", paid=True)


def send(request):
    return Send(OWNER, request)


@pytest.mark.parametrize(
    ("steps", "performed"),
    [
        ([Work(int), send(PAY)], 1),
        ([send(ASK), Hold(DONE), Read()], 2),
        ([Hold(DONE), Hold(None), Read(), Sleep(0.5)], 3),
        ([Sleep(9.0), Work(int)], 1),
    ],
)
def test_a_run_is_left_where_nothing_paid_is_in_flight(steps, performed):
    def work():
        yield from steps

    stop, seen = Stop(), []
    running = stop_between(work(), stop)
    seen.append(next(running))
    stop.set()
    with pytest.raises(LeftError):
        seen.extend(iter(partial(running.send, None), "never"))
    assert len(seen) == performed


def test_the_steps_see_the_errors_of_what_they_asked_for():
    def work():
        try:
            yield Sleep(2.5)
        except OSError:
            return "caught"

    running = stop_between(work(), Stop())
    assert next(running) == Sleep(1.0)
    assert running.send(None) == Sleep(1.0)
    assert running.send(None) == Sleep(0.5)
    with pytest.raises(StopIteration, match="caught"):
        running.throw(OSError())
