"""A service over a sandbox, and what happens to it at chosen moments."""

import asyncio

from anyvideo import VideoJob
from anyvideo.service import Service, ServiceClient

MODEL, OWNER = "apiyi/sora-2", "serve.app"
JOB = VideoJob("a red fox", seconds=4)


class Opened:
    """A service over a sandbox, with a journal in a file."""

    def __init__(self, vendor, clock, folder, before=None, **options):
        self.vendor, self.clock, self.folder, self.options = vendor, clock, folder, options
        self.before = before

    async def __aenter__(self):
        journal = self.folder / "journal.sqlite"
        config = {"policy": {"retired": "allow"}}
        self.client = ServiceClient(config, self.vendor, journal=journal, clock=self.clock)
        if self.before:
            self.before(self.client)
        self.service = Service(self.client, self.folder, "serve", **self.options)
        return await self.service.__aenter__()

    async def __aexit__(self, *raised):
        await self.service.__aexit__(*raised)
        await self.client.close()


def script(client, name, *outcomes):
    """Let the first calls of a method come to these errors, or to None for its own result."""
    original, left = getattr(client, name), list(outcomes)

    async def call(*args, **options):
        error = left.pop(0) if left else None
        if error is not None:
            raise error
        return await original(*args, **options)

    setattr(client, name, call)


def stand_still(clock):
    """Let no time pass, so that jobs stay as they are."""

    async def sleep(_):
        await asyncio.sleep(3600)

    clock.sleep_async = sleep


async def wait_until(service, job, holds):
    while True:
        found = await service.record(job.owner, job.id)
        if holds(found):
            return found
        await asyncio.sleep(0.005)


async def wait_for_file(service, job):
    return await wait_until(service, job, lambda found: found.file is not None)
