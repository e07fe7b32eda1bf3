"""A program that makes many videos together with others of its kind, over one journal.

usage: python -m tests.safety.crowd URL FOLDER COUNT SEED

Every process is asked for all of the jobs, in an order of its own. It writes to FOLDER/<pid>.log
when a paid request begins ("in" after the row says so) and ends ("out" before the row says so),
so that what was in flight when it was killed is known without asking the journal.
"""

import asyncio
import os
import random
import sys
import time
from pathlib import Path

from attrs import evolve

from anyvideo import AsyncClient
from anyvideo.errors import AmbiguousSubmitError, DownloadError, InFlightError, JournalError
from anyvideo.journal.database import Journal
from anyvideo.tasks.status import Status
from tests.acme.adapter import OFFERS
from tests.acme.clients import JOB
from tests.sockets import make_options

AT_ONCE = 48
# A job of another process that has not moved for so long is taken over.
ABANDONED = 60.0
# The first status call is due in half a second of the fast clock, so that a job takes no waiting.
QUICK = OFFERS.replace("finishes_in = 100", "finishes_in = 1")


class FastClock:
    """A time that runs ten times as fast, so that leases end within seconds."""

    SPEED = 10
    START = 1_767_225_600.0

    def now(self):
        return self.START + (time.time() - self.START) * self.SPEED

    def sleep(self, seconds):
        time.sleep(seconds / self.SPEED)

    async def sleep_async(self, seconds):
        await asyncio.sleep(seconds / self.SPEED)


class LoggingJournal(Journal):
    """Notes what its process is about to do, in a file of its own."""

    def __init__(self, path, log):
        super().__init__(path)
        self.log = os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def note(self, word, ref):
        os.write(self.log, f"{word} {ref}\n".encode())

    def mark(self, entry, now, lease, *, sent):
        self.note("may-begin", entry.ref)
        marked = super().mark(entry, now, lease, sent=sent)
        self.note("in" if marked and sent else "not-in", entry.ref)
        return marked

    def advance(self, ref, fence, task, now, **changes):
        self.note("may-end", ref)
        advanced = super().advance(ref, fence, task, now, **changes)
        self.note("out", ref)
        return advanced


async def work(client, key, folder):
    """Bring one job as far as this process may; say whether anything is left to do."""
    session = client.session
    row, now = session.journal.get(key), session.clock.now()
    if row is not None and (row.state == Status.AMBIGUOUS or row.facts):
        return False
    others = row is not None and not row.is_void(now) and key not in session.fences
    if others and now - row.updated < ABANDONED:
        await session.clock.sleep_async(5)
        return True
    try:
        if others:
            task = await client.resume(row.task)
        else:
            task = await client.submit(evolve(JOB, prompt=key), "acme/acme-1", key=key)
        if key in session.fences:
            await client.download(await client.wait(task), folder / f"{key}.mp4", overwrite=True)
    except AmbiguousSubmitError:
        return False
    except (InFlightError, JournalError, DownloadError):  # another process is at it after all
        await session.clock.sleep_async(5)
    return True


async def main():
    url, folder, count, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    keys = [f"job-{number}" for number in range(count)]
    random.Random(seed).shuffle(keys)  # noqa: S311 (an order is no secret)
    journal = LoggingJournal(folder / "j.sqlite", folder / f"{os.getpid()}.log")
    gate = asyncio.Semaphore(AT_ONCE)

    async def finish(key):
        async with gate:
            while await work(client, key, folder):
                pass

    options = make_options(url, 60.0, text=QUICK)
    async with AsyncClient(journal=journal, clock=FastClock(), **options) as client:
        await asyncio.gather(*map(finish, keys))


if __name__ == "__main__":
    asyncio.run(main())
