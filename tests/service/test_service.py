"""The service: jobs of owners, paid once and brought home, whoever goes away meanwhile."""

import asyncio

import pytest

from anyvideo import VideoJob
from anyvideo.errors import JobError
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.service import Service, ServiceClient, name_job

MODEL, OWNER = "apiyi/sora-2", "serve.app"
JOB = VideoJob("a red fox", seconds=4)


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def vendor(clock, sandbox_vendors):
    with Sandbox(vendors=sandbox_vendors, clock=clock) as running:
        yield running


class Opened:
    """A service over a sandbox, with a journal in a file."""

    def __init__(self, vendor, clock, folder, **options):
        self.vendor, self.clock, self.folder, self.options = vendor, clock, folder, options

    async def __aenter__(self):
        journal = self.folder / "journal.sqlite"
        self.client = ServiceClient({}, self.vendor, journal=journal, clock=self.clock)
        self.service = Service(self.client, self.folder, "serve", **self.options)
        return await self.service.__aenter__()

    async def __aexit__(self, *raised):
        await self.service.__aexit__(*raised)
        await self.client.close()


@pytest.fixture
def opened(vendor, clock, tmp_path):
    return lambda **options: Opened(vendor, clock, tmp_path, **options)


async def wait_for_file(service, job):
    while True:
        found = await service.record(job.owner, job.id)
        if found.file is not None:
            return found
        await asyncio.sleep(0.01)


async def test_a_job_is_paid_once_and_brought_home(opened, vendor):
    async with opened() as service:
        first = await service.submit(OWNER, JOB, MODEL, job_id=name_job("order 7"))
        again = await service.submit(OWNER, JOB, MODEL, job_id=name_job("order 7"))

        assert first.id == again.id == name_job("order 7")
        assert (first.owner, first.exists, first.plan.offer.model) == (OWNER, True, "sora-2")
        home = await wait_for_file(service, first)
        assert home.file.read_bytes()[4:8] == b"ftyp"
        with pytest.raises(JobError, match="is that of another job"):
            await service.submit(OWNER, "a cat", MODEL, job_id=first.id)
        assert len(vendor.posts("apiyi")) == 1


async def test_an_owner_sees_no_job_of_another(opened):
    async with opened() as service:
        job = await service.submit(OWNER, JOB, MODEL)

        assert await service.record("serve.other", job.id) is None
        assert await service.record(OWNER, "../x") is None
        assert [item.id for item in await service.page(OWNER)] == [job.id]
        assert await service.page("serve.other") == []
        assert await service.delete("serve.other", job.id) is None
