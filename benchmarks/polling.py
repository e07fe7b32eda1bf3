"""What it costs to wait: requests, lateness, the CPU of one status call, the memory of a job."""

import asyncio
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import NormalDist, mean, median

import httpx

import anyvideo
from anyvideo.session.waiting import Poll

JOBS = 10_000 if os.environ.get("ANYVIDEO_BENCH_FULL") else 2_000
BODY = b'{"id": "task-1", "object": "video", "status": "in_progress", "progress": 40}'
KEYED = {"api_key": "sk-0123456789abcdef"}


def spread(count: int, lowest: float, middle: float, highest: float) -> list[float]:
    """Finish times with these quantiles: a recorded spread, as a smooth deterministic sample."""
    normal, floor = NormalDist(), lowest - 3
    scores = [normal.inv_cdf((number + 0.5) / count) for number in range(count)]
    root = math.log(middle - floor)
    low = (math.log(lowest - floor) - root) / scores[0]
    high = (math.log(highest - floor) - root) / scores[-1]
    return [floor + math.exp(root + score * (low if score < 0 else high)) for score in scores]


def follow(pause: Callable[[float], float], finishes: Sequence[float]) -> tuple[float, float]:
    """The mean number of requests, and the mean time from a finish to its notice."""
    asked, late = [], []
    for finish in finishes:
        moment, requests = 0.0, 0
        while moment < finish:
            moment += pause(moment)
            requests += 1
        asked.append(requests)
        late.append(moment - finish)
    return mean(asked), mean(late)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)


def take(work: Callable[[], object], rounds: int = 200) -> float:
    """The CPU time of a piece of work in this thread, in seconds."""
    started = time.thread_time()
    for _ in range(rounds):
        work()
    return (time.thread_time() - started) / rounds


def compare_calls() -> float:
    """The CPU of a status call as a ratio to raw httpx, measured in turn."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    config = {"providers": {"apiyi": {**KEYED, "base_url": url}}}
    task = anyvideo.Task("apiyi", "apiyi", url, "task-1", "grok-imagine-video-1.5")
    headers = {"authorization": f"Bearer {KEYED['api_key']}"}
    with ThreadPoolExecutor(1) as pool:
        pool.submit(server.serve_forever, 0.05)
        with (
            anyvideo.Client(config, journal=None) as client,
            httpx.Client(base_url=url, headers=headers, timeout=60) as raw,
        ):
            ours = lambda: client.status(task)  # noqa: E731 (a piece of work)
            theirs = lambda: raw.get("/v1/videos/task-1").json()  # noqa: E731 (a piece of work)
            take(ours), take(theirs)
            ratio = median(take(ours) / take(theirs) for _ in range(15))
        server.shutdown()
    server.server_close()
    return ratio


class _Standstill:
    """A clock whose sleepers never wake."""

    def now(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        raise NotImplementedError

    async def sleep_async(self, seconds: float) -> None:  # noqa: ARG002 (a clock's own signature)
        await asyncio.get_running_loop().create_future()


async def wait_for_many(count: int) -> float:
    """The memory that each of so many waiting jobs takes, in KiB."""
    numbers = iter(range(count + 1))
    transport = httpx.MockTransport(
        lambda _: httpx.Response(200, json={"id": f"task-{next(numbers)}", "status": "queued"})
    )
    job = anyvideo.VideoJob("A red fox runs through fresh snow at dawn", seconds=4, size="1280x720")
    config = {"providers": {"apiyi": KEYED}}
    async with anyvideo.AsyncClient(
        config, journal=":memory:", clock=_Standstill(), transport=transport
    ) as client:

        async def run() -> None:
            await client.wait(await client.submit(job, "apiyi/grok-imagine-video-1.5"))

        first = asyncio.create_task(run())
        await asyncio.sleep(1)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        tasks = [asyncio.create_task(run()) for _ in range(count)]
        while next(numbers, None) is not None:  # noqa: ASYNC110 (nobody is there to set an event)
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)
        memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / count
        for task in [first, *tasks]:
            task.cancel()
        await asyncio.gather(first, *tasks, return_exceptions=True)
    return memory


def measure() -> Iterator[tuple[str, float, str, float]]:
    finishes = spread(1000, 83, 105, 253)
    fixed, _ = follow(lambda _: 5.0, finishes)
    requests, late = follow(Poll(60, spread(200, 83, 105, 253)).pause, finishes)
    yield "requests a job, to those of a fixed 5 s", requests / fixed, "x fixed", 0.5
    yield "a finished video is noticed after", late, "s", 2.5
    yield "CPU of one status call", compare_calls(), "x httpx", 1.1
    program = (
        "import asyncio; from benchmarks.polling import *; print(asyncio.run(wait_for_many(JOBS)))"
    )
    memory = subprocess.check_output([sys.executable, "-c", program])  # noqa: S603 (our own command)
    yield f"memory of a waiting job, of {JOBS}", float(memory), "KiB", 40
