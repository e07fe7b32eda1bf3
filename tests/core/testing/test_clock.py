"""The clock that tests move."""

import asyncio

import pytest

from anyvideo.session.clock import SystemClock, read_moment
from anyvideo.testing.clock import VirtualClock


def test_sleeping_takes_no_time_and_moves_the_clock():
    clock = VirtualClock(100.0)
    clock.sleep(3600)
    clock.advance(10)
    clock.sleep(-1)

    assert (clock.now(), clock.sleeps) == (3710.0, [3600, -1])
    assert read_moment(clock).timestamp() == 3710


def test_time_does_not_run_backwards():
    with pytest.raises(ValueError, match="backwards"):
        VirtualClock().advance(-1)


def test_tasks_wake_in_the_order_of_their_moments():
    clock, woken = VirtualClock(0.0), []

    async def sleep(name, *naps):
        for nap in naps:
            await clock.sleep_async(nap)
            woken.append((name, clock.now()))

    async def run():
        await asyncio.gather(sleep("slow", 100), sleep("quick", 30, 30, 30, 30), sleep("mid", 50))

    asyncio.run(run())

    assert woken == [
        ("quick", 30),
        ("mid", 50),
        ("quick", 60),
        ("quick", 90),
        ("slow", 100),
        ("quick", 120),
    ]


def test_a_task_that_is_cancelled_disturbs_nobody():
    clock = VirtualClock(0.0)

    async def run():
        task = asyncio.create_task(clock.sleep_async(10))
        await asyncio.sleep(0)
        task.cancel()
        await clock.sleep_async(20)

    asyncio.run(run())

    assert clock.now() == 20


def test_the_real_clock_moves_by_itself():
    clock = SystemClock()
    before = clock.now()
    clock.sleep(0.001)
    asyncio.run(clock.sleep_async(0.001))

    assert 0.002 <= clock.now() - before < 5
