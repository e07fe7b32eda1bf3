"""A program that brings the jobs of a list home, some at once, with one of the clients.

usage: python -m tests.soak.worker ORDERS

ORDERS is a file of JSON: `orders` are the jobs, `kind` the client, `url` the sandbox, `journal` the
file of the journal, `at_once` how many jobs are worked on together, `offset` how far the clock is
ahead in seconds, `most_bytes` how large a file may become. Each job comes to one line on stdout, after a line "ready".
"""

import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from attrs import field, frozen

from anyvideo import AsyncClient, Client
from anyvideo.errors import AnyVideoError
from anyvideo.tasks.task import Task
from tests.soak.settings import SETTINGS

SPEED = 10


@frozen
class FastClock:
    """A time that is ahead and runs faster, so that nobody waits for a poll or a lease."""

    offset: float = 0.0
    speed: float = SPEED
    start: float = field(factory=time.time)

    def now(self) -> float:
        return self.start + self.offset + (time.time() - self.start) * self.speed

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)

    async def sleep_async(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.speed)


@frozen
class Remote:
    """The sandbox of another process."""

    url: str


def say(**fields: object) -> None:
    """Write a line at once: a kill may be next."""
    os.write(1, json.dumps(fields).encode() + b"\n")


class Caller:
    """Calls a method of either client, so that several calls run at once."""

    def __init__(self, client: Any) -> None:
        self._client = client

    async def __call__(self, name: str, *args: Any, **options: Any) -> Any:
        method = getattr(self._client, name)
        if isinstance(self._client, AsyncClient):
            return await method(*args, **options)
        return await asyncio.to_thread(method, *args, **options)


async def bring_home(call: Caller, order: dict[str, Any], known: Task | None) -> None:
    """Bring one job as far as it comes, and say what became of it."""
    task, said = known, "downloaded"
    try:
        if known is None:
            task = await call("submit", order["prompt"], order["model"], key=order["key"])
        else:
            task = await call("resume", known)
        task = await call("wait", task, 600)
        await call("download", task, Path(f"{order['key']}.mp4"), overwrite=True)
    except AnyVideoError as error:
        task, said = error.task or task, type(error).__name__
    say(key=order["key"], id=task.id if task else "", said=said)


async def work(given: dict[str, Any], client: Any) -> None:
    """Bring all jobs home: those that the journal knows are resumed."""
    gate, call = asyncio.Semaphore(given["at_once"]), Caller(client)
    journal = client.session.journal
    say(ready=True)

    async def take(order: dict[str, Any]) -> None:
        async with gate:
            row = journal.get(order["key"])
            await bring_home(call, order, row.task if row and given["resume"] else None)

    await asyncio.gather(*map(take, given["orders"]))


async def main(given: dict[str, Any]) -> None:
    config = {**SETTINGS, "providers": {name: {"timeout": 10} for name in given["adapters"]}}
    options = {"journal": given["journal"], "clock": FastClock(given["offset"])}
    if (size := given["most_bytes"]) is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    try:
        if given["kind"] == "async":
            async with AsyncClient(config, Remote(given["url"]), **options) as client:  # type: ignore[arg-type]  # a URL is all that is taken of it
                await work(given, client)
        else:
            with Client(config, Remote(given["url"]), **options) as blocking:  # type: ignore[arg-type]  # the same
                await work(given, blocking)
    except AnyVideoError as error:
        say(key="", id="", said=type(error).__name__)


if __name__ == "__main__":
    asyncio.run(main(json.loads(Path(sys.argv[1]).read_bytes())))
