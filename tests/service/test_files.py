"""The files of a service: when they are told of, fetched again and noted."""

import asyncio

import pytest

from anyvideo import VideoJob
from anyvideo.errors import (
    DownloadError,
    ExpiredError,
    InFlightError,
    WaitTimeoutError,
)
from tests.service.stage import (
    JOB,
    MODEL,
    OWNER,
    script,
    wait_for_file,
    wait_until,
)


async def test_a_success_is_told_once_its_file_is_here(opened):
    async with opened() as service:
        find, seen = service.client.find, []

        async def look(ref):
            service.client.find = find
            seen.append(await service.record(OWNER, "a"))
            service.client.find = look
            return await find(ref)

        service.client.find = look
        job = await service.submit(OWNER, VideoJob("a fox"), "apertis-chat/sora-2", job_id="a")
        await wait_for_file(service, job)
        told = [known for known in seen if known and known.state == "succeeded"]
        assert told
        assert all(known.fetching or known.file for known in told)


async def test_a_file_that_is_removed_while_its_download_ends_is_fetched_again(opened):
    async with opened() as service:
        download, fetched = service.client.download, []

        async def remove(task, path, **options):
            video = await download(task, path, **options)
            fetched.append(path)
            if len(fetched) == 1:
                path.unlink()
            return video

        service.client.download = remove
        job = await service.submit(OWNER, JOB, MODEL)
        while service.busy:  # noqa: ASYNC110 (it ends by itself)
            await asyncio.sleep(0.005)
        assert (await service.record(OWNER, job.id)).file == fetched[1]


async def test_a_file_that_cannot_be_fetched_is_tried_again(opened, clock):
    async with opened() as service:
        full = DownloadError("no space left")
        script(service.client, "download", full)
        script(service.client, "rest", None)
        job = await service.submit(OWNER, JOB, MODEL)
        assert (await wait_for_file(service, job)).file
        script(service.client, "download", ExpiredError("gone"))
        gone = await service.submit(OWNER, "a cat", MODEL)
        found = await wait_until(
            service, gone, lambda it: it.state == "succeeded" and not it.fetching
        )
        assert found.file is None
        assert (await service.fetch(found)).is_file()


async def test_nobody_is_told_where_the_folder_is(opened):
    async with opened() as service:
        job = await service.submit(OWNER, JOB, MODEL)
        known = await wait_for_file(service, job)
        while service.busy:  # noqa: ASYNC110 (it ends by itself)
            await asyncio.sleep(0.005)

        async def download(task, path, **_):
            message = f"no space left for {path}; make room"
            raise DownloadError(message, task=task)

        service.client.download = download
        known.file.unlink()
        with pytest.raises(DownloadError) as told:
            await service.fetch(known)
        assert str(told.value) == f"no space left for {known.file.name}; make room"


async def test_waiting_goes_on_where_it_is_of_use(opened):
    async with opened() as service:
        script(service.client, "wait", InFlightError("sent", 5), WaitTimeoutError("late"))
        left = await service.submit(OWNER, "a cat", MODEL)
        found = await wait_until(service, left, lambda it: not it.fetching)
        assert found.file is None


async def test_a_job_that_another_process_took_over_is_noted_at_its_end(opened, clock):
    sleep, taken = clock.sleep_async, asyncio.Event()

    async def wait(seconds):
        await taken.wait()
        await sleep(seconds)

    clock.sleep_async = wait
    async with opened() as service:
        job = await service.submit(OWNER, "a fox [fault:moderated=50]", MODEL)
        journal = service.client.session.journal
        assert journal.claim(job.record.ref, clock.now()) is not None
        taken.set()
        while service.busy:  # noqa: ASYNC110 (it ends by itself)
            await asyncio.sleep(0.005)
        entry = journal.get(job.record.ref)
        assert entry is not None
        assert entry.state == "failed"


async def test_plans_are_remembered_for_some_jobs(opened, monkeypatch):
    monkeypatch.setattr("anyvideo.service.follower._PLANS", 1)
    async with opened() as service:
        jobs = [await service.submit(OWNER, f"fox {number}", MODEL) for number in range(2)]
        for job in jobs:
            await wait_for_file(service, job)
        while service.busy:  # noqa: ASYNC110 (it ends by itself)
            await asyncio.sleep(0.005)
        known = [(await service.record(OWNER, job.id)).plan for job in jobs]
        assert known.count(None) == 1
