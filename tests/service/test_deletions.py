"""Deletions: final, whoever works on the job in between."""

import asyncio

import pytest
from attrs import evolve

from anyvideo.errors import (
    JobError,
    JournalError,
)
from anyvideo.tasks.status import Status
from tests.service.stage import (
    JOB,
    MODEL,
    OWNER,
    stand_still,
)


async def test_a_job_that_another_process_deleted_is_not_fetched(opened, clock):
    sleep, deleted = clock.sleep_async, asyncio.Event()

    async def wait(seconds):
        await deleted.wait()
        await sleep(seconds)

    clock.sleep_async = wait
    async with opened() as service:
        job = await service.submit(OWNER, JOB, MODEL)
        journal = service.client.session.journal
        entry = journal.claim(job.record.ref, clock.now())
        assert entry is not None
        assert journal.advance(entry.ref, entry.fence, entry.task, clock.now(), path="")
        deleted.set()
        while service.busy:  # noqa: ASYNC110 (it ends by itself)
            await asyncio.sleep(0.005)
        assert await service.record(OWNER, job.id) is None
        assert not list(service.folder.rglob("*.mp4"))


async def test_a_deleted_job_is_fetched_no_more(opened, clock):
    async with opened() as service:
        begun = asyncio.Event()

        async def download(*_, **__):
            begun.set()
            await asyncio.sleep(3600)

        service.client.download = download
        job = await service.submit(OWNER, JOB, MODEL)
        await begun.wait()
        assert (await service.delete(OWNER, job.id)).record.deleted
        assert await service.record(OWNER, job.id) is None
        with pytest.raises(JobError, match="was deleted"):
            await service.submit(OWNER, JOB, MODEL, job_id=job.id)
        del service.client.download
        stand_still(clock)
        running = await service.submit(OWNER, "a cat", MODEL)
        await service.delete(OWNER, running.id)
        with pytest.raises(JobError, match="was deleted"):
            await service.submit(OWNER, "a cat", MODEL, job_id=running.id)


async def test_a_deletion_is_noted_whoever_takes_the_fence_in_between(opened, clock):
    stand_still(clock)
    async with opened() as service:
        journal = service.client.session.journal
        advance, taken = journal.advance, [0]

        def interrupt(ref, *args, **changes):
            if changes.get("path") == "" and taken[0] < times:
                taken[0] += 1
                journal.claim(ref, clock.now())
            return advance(ref, *args, **changes)

        journal.advance = interrupt
        job, times = await service.submit(OWNER, JOB, MODEL), 2
        await service.delete(OWNER, job.id)
        entry = journal.get(job.record.ref)
        assert (taken, entry and entry.path) == ([2], "")
        job, times = await service.submit(OWNER, "a cat", MODEL), 99
        with pytest.raises(JournalError, match="delete it again"):
            await service.delete(OWNER, job.id)


async def test_a_job_that_ends_while_it_is_deleted_is_deleted_as_it_ended(opened, clock):
    stand_still(clock)
    async with opened() as service:
        journal = service.client.session.journal
        job = await service.submit(OWNER, JOB, MODEL)

        async def cancel(task):
            row = journal.claim(task.ref, clock.now())
            done = evolve(row.task, status=Status.SUCCEEDED)
            assert journal.advance(task.ref, row.fence, done, clock.now())
            return task

        service.client.cancel = cancel
        assert (await service.delete(OWNER, job.id)).record.deleted
        entry = journal.get(job.record.ref)
        assert (entry.state, entry.path) == (Status.SUCCEEDED, "")
