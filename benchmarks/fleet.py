"""What a fleet of two workers costs and keeps, over a real Postgres and a vendor on loopback.

`make bench ONLY=fleet` is short. `python -m benchmarks.fleet FIGURE` takes one figure in full: "jobs"
(1,000 jobs of 30 s), "kill" (the same, and twenty times kill -9 of a worker), "restart" (the same, and
Postgres restarted), "crowded" (250 jobs at once in place of 100), "rate" (a limit by two fleets),
"claims" (100,000 lines).
"""

import asyncio
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

import httpx
import psycopg
from attrs import define, field
from psycopg_pool import AsyncConnectionPool

import anyvideo
from anyvideo.fleet.database import add_lines, connect, count_lines
from anyvideo.fleet.engine import Engine
from anyvideo.fleet.ledger import Ledger
from anyvideo.fleet.line import NewLine, name_queue
from tests.postgres import Postgres

MODEL = "apiyi/grok-imagine-video-1.5"
CONFIG = """
journal = "{journal}"
[providers.apiyi]
base_url = "{url}"
api_key = "k"
{limits}
[[offers]]
provider = "apiyi"
model = "grok-imagine-video-1.5"
finishes_in = {seconds}
"""


@define
class Fleet:
    """A database, a vendor, and the workers that a benchmark starts."""

    postgres: Postgres
    journal: str
    url: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(factory=list)

    def add(self, first: int, count: int) -> float:
        """Enqueue jobs; say how long that took."""
        job = anyvideo.VideoJob("job", seconds=4, size="1280x720")
        lines = [
            NewLine(
                f"job-{n}", ("apiyi",), job.to_json().replace('"job"', f'"job-{n}"'), MODEL,
                f"job-{n}.mp4", Decimal(1),
            )
            for n in range(first, first + count)
        ]  # fmt: skip
        started = time.monotonic()
        with connect(self.journal) as connection:
            add_lines(connection, lines)
        return time.monotonic() - started

    def start(self) -> None:
        """Start a worker that ends once nothing is left."""
        command = [sys.executable, "-m", "anyvideo", "worker", "--drain", "-q"]
        config = ["--config", str(self.folder / "anyvideo.toml")]
        with (self.folder / "workers.log").open("ab") as log:
            self.workers.append(
                subprocess.Popen(  # noqa: S603 (our own command)
                    [*command, *config, "--results", str(self.folder / "out")],
                    stdout=log, stderr=log,
                )
            )  # fmt: skip

    def is_busy(self) -> bool:
        return any(worker.poll() is None for worker in self.workers)

    def kill(self) -> None:
        """Kill a worker, and start another one as whatever watches over it does."""
        living = [worker for worker in self.workers if worker.poll() is None]
        if living:
            random.choice(living).kill()  # noqa: S311 (a victim is no secret)
            self.start()

    def count(self) -> dict[str, int]:
        with connect(self.journal) as connection:
            counts = count_lines(connection)
        return {str(state): n for item in counts.accounts.values() for state, n in item.items()}

    def ask_vendor(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.url}/counts").json()
        return found


@contextmanager
def open_fleet(seconds: float, limits: str = "") -> Iterator[Fleet]:
    with Postgres() as postgres, tempfile.TemporaryDirectory() as name:
        vendor = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-m", "tests.fleet.vendor", str(seconds)], stdout=subprocess.PIPE
        )
        assert vendor.stdout is not None
        fleet = Fleet(
            postgres,
            postgres.make_database(),
            vendor.stdout.readline().decode().strip(),
            Path(name),
        )
        config = Path(name, "anyvideo.toml")
        config.write_text(
            CONFIG.format(journal=fleet.journal, url=fleet.url, limits=limits, seconds=seconds)
        )
        config.chmod(0o600)
        try:
            yield fleet
        finally:
            for process in [vendor, *fleet.workers]:
                process.kill()
                process.wait()


def run(
    jobs: int, seconds: float, at_once: int, meanwhile: Callable[[Fleet], None] | None = None
) -> dict[str, Any]:
    """Make so many videos with two workers; return what came of it."""
    with open_fleet(seconds, f"jobs_at_once = {at_once}") as fleet:
        fleet.add(0, jobs)
        started = time.monotonic()
        fleet.start()
        fleet.start()
        if meanwhile is not None:
            meanwhile(fleet)
        while fleet.is_busy():
            time.sleep(0.1)
        took = time.monotonic() - started
        ideal = -(-jobs // at_once) * seconds
        return {
            "took": took,
            "ratio": took / ideal,
            **fleet.count(),
            **fleet.ask_vendor(),
            "files": len(list((fleet.folder / "out").glob("*.mp4"))),
        }


def kill_often(times: int, span: float) -> Callable[[Fleet], None]:
    def meanwhile(fleet: Fleet) -> None:
        for _ in range(times):
            time.sleep(random.uniform(0.2, 2 * span / times))  # noqa: S311 (a moment is no secret)
            fleet.kill()

    return meanwhile


def restart_database(after: float) -> Callable[[Fleet], None]:
    def meanwhile(fleet: Fleet) -> None:
        time.sleep(after)
        fleet.postgres.stop()
        time.sleep(2)
        fleet.postgres.start()

    return meanwhile


def measure_rate(limit: int, jobs: int) -> dict[str, Any]:
    """Let two fleets of one worker each share a key with a limit by the minute."""
    with open_fleet(1.0, f"submits_per_minute = {limit}") as fleet:
        fleet.add(0, jobs)
        fleet.start()
        fleet.start()
        while fleet.is_busy():
            time.sleep(0.1)
        return fleet.ask_vendor()


def measure_claims(count: int) -> dict[str, float]:
    """Return how long enqueuing and claiming take: with all lines waiting, and with few left."""
    with open_fleet(30.0) as fleet:
        found = {"enqueue": fleet.add(0, count), "again": fleet.add(0, count)}
        found["first"] = time_claims(fleet.journal)
        with connect(fleet.journal) as connection:
            connection.execute(
                "UPDATE anyvideo_line SET state = 'done' WHERE id <= %s", (count - 400,)
            )
        # As the database does by itself every minute.
        with psycopg.connect(fleet.journal, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE anyvideo_line")
        found["last"] = time_claims(fleet.journal)
    return found


def time_claims(journal: str) -> float:
    """Return how long one claim takes, in ms: lines admitted, and their rows fetched."""

    async def claim() -> float:
        times = []
        async with AsyncConnectionPool(journal, min_size=2, open=False) as pool:
            ledger = Ledger(pool, {})

            async def advance(_: str) -> None:
                """Do nothing."""

            engine = Engine(pool, advance, lambda now: now)
            async with engine.app.open_async(pool):
                worker = await engine.app.job_manager.register_worker()
                for number in range(100):
                    started = time.perf_counter()
                    await ledger.admit(("apiyi",), number + 1, engine.defer)
                    job = await engine.app.job_manager.fetch_job([name_queue(("apiyi",))], worker)
                    times.append(time.perf_counter() - started)
                    assert job is not None
                async with pool.connection() as connection:
                    await connection.execute(
                        "UPDATE anyvideo_line SET state = 'done' WHERE state = 'admitted'"
                    )
                    await connection.execute("DELETE FROM procrastinate_jobs")
        return median(times) * 1000

    return asyncio.run(claim())


def measure() -> Iterator[tuple[str, float, str, float]]:
    found = run(200, 5.0, 50)
    yield "200 jobs of 5 s, 50 at once: time, to the ideal", found["ratio"], "x ideal", 1.5
    yield "jobs submitted twice", found["twice"], "x", 0
    claims = measure_claims(20_000)
    yield "a claim with 20,000 waiting, to one with 400", claims["first"] / claims["last"], "x", 1.5


FIGURES: dict[str, Callable[[], object]] = {
    "jobs": lambda: run(1000, 30.0, 100),
    "kill": lambda: run(1000, 30.0, 100, kill_often(20, 290.0)),
    "restart": lambda: run(1000, 30.0, 100, restart_database(150.0)),
    "crowded": lambda: run(1000, 30.0, 250),
    "rate": lambda: measure_rate(60, 200),
    "claims": lambda: measure_claims(100_000),
}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        print(name, json.dumps(FIGURES[name](), default=float), flush=True)
