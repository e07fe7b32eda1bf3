"""One virtual clock serves clients and the sandbox; the real clocks move by themselves."""

import asyncio
import threading
from threading import Event

import pytest

from anyvideo import testing
from anyvideo.sandbox import RealClock, VirtualClock
from anyvideo.session.clock import SystemClock, read_moment
from anyvideo.testing import clock as testing_clock


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


def test_a_patient_clock_waits_until_it_is_moved():
    clock, closing, passed = VirtualClock(100, patient=True), Event(), []

    def wait():
        clock.sleep_until(110, closing)
        passed.append(clock.now())

    thread = threading.Thread(target=wait)
    thread.start()
    clock.advance(5)
    assert passed == []
    clock.advance(5)
    thread.join()
    assert passed == [110]


def test_a_patient_clock_gives_way_when_the_server_closes():
    closing = Event()
    closing.set()
    VirtualClock(100, patient=True).sleep_until(110, closing)


def test_an_eager_clock_never_goes_back():
    clock = VirtualClock(100)
    clock.sleep_until(90, Event())
    assert clock.now() == 100


def test_the_real_clock():
    clock = RealClock()
    begin = clock.now()
    clock.sleep_until(begin + 0.01, Event())
    assert clock.now() >= begin + 0.01


def test_a_sleep_of_a_client_ends_a_wait_of_a_patient_clock():
    clock = VirtualClock(100, patient=True)
    waiting = threading.Thread(target=clock.sleep_until, args=(110, Event()))
    waiting.start()
    clock.sleep(10)
    waiting.join(timeout=5)

    assert not waiting.is_alive()


def test_clients_and_the_sandbox_have_the_same_clock():
    assert testing.VirtualClock is VirtualClock
    assert testing_clock.VirtualClock is VirtualClock
    assert VirtualClock().now() == VirtualClock().now()
