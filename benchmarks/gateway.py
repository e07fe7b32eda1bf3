"""`anyvideo serve` under load: creates at once, and polls of jobs that run, in a process of its own.

The vendor is a sandbox in another process. The polls are sent at fixed moments, whether or not earlier
ones were answered, and a late answer counts from the moment at which its poll was due.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles

CREATES, POLLS, SECONDS, CONNECTIONS = 200, 1000, 5, 50
LIMIT = 10  # seconds after which no poll is sent: a gateway below the rate is not waited for
MODEL = "openai-videos/sora-2"
CONFIG = """
[providers.openai-videos]
base_url = "{url}/openai-videos"
api_key = {{ env = "SANDBOX_KEY" }}
[[offers]]
adapter = "openai-videos"
model = "sora-2"
price = {{ amount = "0.10", per = "video" }}
"""


@contextmanager
def start(*arguments: str, home: str) -> Iterator[str]:
    """Run a command of anyvideo; yield the address that it prints."""
    env = {**os.environ, "ANYVIDEO_HOME": home, "SANDBOX_KEY": "sk-1"}
    command = [sys.executable, "-m", "anyvideo", *arguments, "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as process:  # noqa: S603 (our own command)
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip().removesuffix("/v1")
        finally:
            process.terminate()


class Connection:
    """One connection that is kept; one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def open(self) -> "Connection":
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def call(self, method: str, path: str, body: bytes = b"") -> bytes:
        head = f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
        self._writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        assert answer.startswith(b"http/1.1 200"), answer
        length = int(answer.partition(b"content-length: ")[2].partition(b"\r\n")[0])
        return await self._reader.readexactly(length)


async def load(port: int, model: str = MODEL) -> tuple[float, list[float], float]:
    """Return how long the creates took, how late each poll was answered, and the polls a second."""
    creating = [await Connection(port).open() for _ in range(CREATES)]
    bodies = [json.dumps({"model": model, "prompt": f"fox {n}"}).encode() for n in range(CREATES)]
    begun = time.perf_counter()
    calls = zip(creating, bodies, strict=True)
    answers = await asyncio.gather(*(it.call("POST", "/v1/videos", body) for it, body in calls))
    took = time.perf_counter() - begun
    ids = [json.loads(answer)["id"] for answer in answers]
    late: list[float] = []
    begun, turn = time.perf_counter() + 0.1, iter(range(POLLS * SECONDS))

    async def poll(connection: Connection) -> None:
        for number in turn:
            if time.perf_counter() - begun > LIMIT:
                return
            due = begun + number / POLLS
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await connection.call("GET", f"/v1/videos/{ids[number % len(ids)]}")
            late.append(time.perf_counter() - due)

    await asyncio.gather(*map(poll, creating[:CONNECTIONS]))
    return took, late, len(late) / (time.perf_counter() - begun)


def run(home: str) -> tuple[float, list[float], float]:
    """Return what `load` finds of a gateway before a sandbox."""
    config = Path(home, "anyvideo.toml")
    options = ("--config", str(config), "--folder", home, "--port", "0")
    with start("sandbox", "--duration", "60", home=home) as url:
        config.write_text(CONFIG.format(url=url), "utf-8")
        with start("serve", *options, home=home) as gateway:
            return asyncio.run(load(int(gateway.rpartition(":")[2])))


def measure() -> Iterator[tuple[str, float, str, float]]:
    with tempfile.TemporaryDirectory() as home:
        took, late, rate = run(home)
    cuts = quantiles(late, n=100)
    yield f"{CREATES} creates at once, each paid once, in all", took, "s", 5.0
    yield f"polls of {CREATES} running jobs", rate, "polls/s", POLLS * 0.95
    yield "a poll, median", cuts[49] * 1000, "ms", 20.0
    yield "a poll, p99", cuts[98] * 1000, "ms", 100.0
