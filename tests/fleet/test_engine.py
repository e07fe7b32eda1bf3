"""The engine: a step that breaks is made again, and one worker at a time looks after the dead."""

import asyncio

import psycopg
from psycopg_pool import AsyncConnectionPool

from anyvideo.fleet import engine as module
from anyvideo.fleet.engine import Engine

GROUP = ("apiyi",)


async def test_a_step_that_breaks_is_made_again(place, monkeypatch):
    monkeypatch.setattr(module, "_AGAIN", 0.0)
    done, answers = asyncio.Event(), [OSError(), 0.0, None]

    async def advance(ref):
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        if answer is None:
            done.set()
        return answer

    async with AsyncConnectionPool(place, open=False) as pool:
        engine = Engine(pool, advance, lambda now: now)
        async with engine.app.open_async(pool):
            async with pool.connection() as connection:
                await engine.defer(connection, GROUP, ["fox"])
            work = asyncio.create_task(engine.work([GROUP], 2))
            await asyncio.wait_for(done.wait(), 20)
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
    assert answers == []
    with psycopg.connect(place) as look:
        assert look.execute("SELECT * FROM procrastinate_jobs").fetchall() == []


async def test_one_worker_at_a_time_gives_back_what_is_held_by_none(place):
    async def advance(_):
        """Nothing is made."""

    async with AsyncConnectionPool(place, open=False) as pool:
        engine = Engine(pool, advance, lambda now: now)
        async with engine.app.open_async(pool):
            manager = engine.app.job_manager
            own, dead = await manager.register_worker(), await manager.register_worker()
            async with pool.connection() as connection:
                await engine.defer(connection, GROUP, ["stray", "orphan"])
            for worker in (own, dead):
                await manager.fetch_job(["anyvideo-apiyi"], worker)
            await manager.unregister_worker(dead)
            engine._worker = own  # noqa: SLF001 (a step was made by it)

            async def count_free():
                return len(list(await manager.list_jobs_async(status="todo")))

            with psycopg.connect(place) as other:
                other.execute(module._TRY_LOCK)  # noqa: SLF001 (another worker looks after them)
                await engine.rescue()
                assert await count_free() == 0
            await engine.rescue()
            assert await count_free() == 1
            await engine.rescue()
            assert await count_free() == 2


def test_an_error_of_the_engine_itself_is_no_reason_to_go_on():
    strategy = module._make_strategy(lambda now: now)  # noqa: SLF001 (what the engine calls)
    assert strategy.get_retry_decision(exception=ValueError(), job=None) is None
