"""The laws of an account's limits, over two workers' connections."""

import asyncio
import time
from contextlib import asynccontextmanager

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from anyvideo.fleet.ledger import AccountLimits, Ledger
from anyvideo.fleet.line import LineState
from tests.fleet.conftest import enqueue, make_line
from tests.fleet.vendor import most_within

GROUPS = [("acme",), ("acme", "best"), ("best",)]
LIMITS = {"acme": AccountLimits(jobs_at_once=3), "best": AccountLimits(jobs_at_once=2)}
DRAWN = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@asynccontextmanager
async def open_ledgers(place, limits, count=2):
    """Ledgers with connections of their own, as workers have them."""
    pools = [AsyncConnectionPool(place, min_size=1, max_size=4, open=False) for _ in range(count)]
    for pool in pools:
        await pool.open()
    try:
        yield [Ledger(pool, limits) for pool in pools]
    finally:
        for pool in pools:
            await pool.close()


def empty(place, *lines):
    enqueue(place)
    with psycopg.connect(place) as connection:
        connection.execute("TRUNCATE anyvideo_line, anyvideo_slot, anyvideo_submit")
    enqueue(place, *lines)


def read(place, query):
    with psycopg.connect(place) as connection:
        return connection.execute(query).fetchall()


@DRAWN
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from([*GROUPS, None])), max_size=14))
def test_no_account_has_more_jobs_than_its_limit(place, steps):
    """Lines are admitted in their order, each with slots of all of its accounts or none."""
    lines = [make_line(number, GROUPS[number % 3]) for number in range(12)]
    empty(place, *lines)
    admitted, ended = list[str](), set[str]()

    async def run():
        async def defer(_, __, refs):
            admitted.extend(refs)

        async with open_ledgers(place, LIMITS) as ledgers:
            for number, group in steps:
                ledger = ledgers[number]
                if group is not None:
                    await ledger.admit(group, 2, defer)
                elif left := [ref for ref in admitted if ref not in ended]:
                    await ledger.note(left[0], state=LineState.DONE, frees=True)
                    ended.add(left[0])
                slots = dict(read(place, "SELECT provider, count(*) FROM anyvideo_slot GROUP BY 1"))
                assert slots.get("acme", 0) <= 3
                assert slots.get("best", 0) <= 2

    asyncio.run(run())
    held = set(read(place, "SELECT ref, provider FROM anyvideo_slot"))
    running = [line for line in lines if line.ref in admitted and line.ref not in ended]
    assert held == {(line.ref, alias) for line in running for alias in line.accounts}
    for group in GROUPS:
        own = [line.ref for line in lines if line.accounts == group]
        assert [ref for ref in admitted if ref in own] == own[
            : len([*filter(own.__contains__, admitted)])
        ]


async def test_workers_that_admit_at_once_share_the_slots(place):
    enqueue(place, *(make_line(number, ("acme",)) for number in range(20)))
    admitted = list[str]()

    async def defer(_, __, refs):
        admitted.extend(refs)

    async with open_ledgers(place, {"acme": AccountLimits(jobs_at_once=7)}, 3) as ledgers:
        await asyncio.gather(*(ledger.admit(("acme",), 20, defer) for ledger in ledgers * 2))
    assert sorted(admitted) == sorted({f"job-{number}" for number in range(7)})


async def test_what_cannot_be_handed_to_the_engine_is_not_admitted(place):
    enqueue(place, make_line(1, ("acme",)))

    async def defer(*_):
        message = "cut off"
        raise OSError(message)

    async with open_ledgers(place, LIMITS, 1) as (ledger,):
        with pytest.raises(OSError, match="cut off"):
            await ledger.admit(("acme",), 1, defer)
        assert await ledger.groups(LineState.WAITING) == [("acme",)]
        assert await ledger.admit(("nobody",), 1, defer) == 0
    assert read(place, "SELECT count(*) FROM anyvideo_slot") == [(0,)]


@DRAWN
@example(1, [(0, 0, 0), (0, 0, 0)])
@given(
    st.integers(1, 4),
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 9), st.integers(0, 25)), max_size=16),
)
def test_no_minute_has_more_submits_than_its_limit(place, limit, steps):
    """A line keeps a moment that is to come; one that used it or is late for it gets another one."""
    empty(place)
    moments, passed = list[float](), 0.0

    async def run():
        nonlocal passed
        limits = {"acme": AccountLimits(submits_per_minute=limit)}
        async with open_ledgers(place, limits) as ledgers:
            for number, ref, pause in steps:
                wait = await ledgers[number].reserve(f"job-{ref}", ("acme", "free"))
                again = await ledgers[1 - number].reserve(f"job-{ref}", ("acme",))
                assert wait == 0 or again == pytest.approx(wait, abs=1)
                moments.extend([time.monotonic() + passed] * [wait, again].count(0))
                with psycopg.connect(place) as connection:
                    connection.execute("UPDATE anyvideo_submit SET at = at - %s", (pause,))
                passed += pause

    asyncio.run(run())
    assert most_within(moments, 60.0) <= limit


async def test_an_account_without_a_limit_is_asked_for_no_moment(place):
    enqueue(place, make_line(1))
    async with open_ledgers(place, {}, 1) as (ledger,):
        assert await ledger.reserve("job-1", ("apiyi",)) == 0
        assert await ledger.get("nothing") is None
        line = await ledger.get("job-1")
        assert (line.new, line.state, line.key) == (make_line(1), LineState.WAITING, "job-1")
        await ledger.note("job-1", state=LineState.RUNNING, attempt=2, polled=5.0, begun=True)
        await ledger.note("job-1", state=LineState.DONE, misses=1, problem="a\x00b")
        await ledger.note("job-1", state=LineState.WAITING)
        line = await ledger.get("job-1")
    assert (line.state, line.key, line.polled, line.begun) == (LineState.DONE, "job-1/2", 5.0, True)
