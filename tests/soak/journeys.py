"""A program that takes one job after the other from prompt to file, at a server that is hostile.

usage: python -m tests.soak.journeys URL FILE

FILE is a list in JSON: the adapter, the client and the model of each journey, whose vendor is below
URL/NUMBER. Each journey comes to one line on stdout: how it ended, and what it took.
"""

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from anyvideo import AsyncClient, Client
from anyvideo.errors import AnyVideoError
from anyvideo.run import stream_guard
from anyvideo.transport import aio, sync
from tests.soak.settings import SETTINGS
from tests.soak.worker import FastClock, say

SPEED = 50.0
STATUS = Path("/proc/self/status")


def reset_peak() -> None:
    """Let the peak of the memory begin anew, where Linux can do that."""
    if STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def read_memory(name: str) -> int:
    """Return "VmRSS" or "VmHWM", its peak, in bytes; 0 where the system does not say."""
    if not STATUS.exists():
        return 0
    lines = dict(line.split(":", 1) for line in STATUS.read_text("ascii").splitlines())
    return int(lines[name].split()[0]) << 10


def shorten_streams() -> None:
    """A stream may be silent for minutes and last an hour; here it may for seconds."""
    for driver in (sync, aio):
        driver.LONGEST_SILENCE = 1.0  # type: ignore[attr-defined]  # imported there
    stream_guard.LONGEST_WITHOUT_NEWS = 3.0 * SPEED  # type: ignore[attr-defined]  # the same
    stream_guard.LONGEST_STREAM = 5.0 * SPEED  # type: ignore[attr-defined]  # the same


def travel(kind: str, config: Any, model: str, number: int) -> tuple[str, int]:
    """Take one job as far as it comes; return how that ended, and how many rows it left."""
    options: Any = {"journal": f"{number}.sqlite", "clock": FastClock(0.0, SPEED)}
    to = f"{number}.mp4"
    given: Any = {"key": f"journey-{number}", "timeout": 200.0}

    async def generate() -> None:
        async with AsyncClient(config, **options) as client:
            await client.generate("a red fox", to, model, **given)

    end = "a video"
    try:
        if kind == "async":
            asyncio.run(generate())
        else:
            with Client(config, **options) as client:
                client.generate("a red fox", to, model, **given)
    except AnyVideoError as error:
        end = f"{type(error).__name__}: {error}"[:300]
    with Client(config, **options) as client:
        return end, len(client.jobs())


def measure(url: str, plan: dict[str, str], number: int) -> dict[str, Any]:
    """Return how a journey ended and what it took: seconds, and bytes over the memory before."""
    account = {"base_url": f"{url}/{number}", "api_key": "soak-key", "timeout": 1.0}
    config = {**SETTINGS, "providers": {plan["adapter"]: account}}
    reset_peak()
    base, started, rows, typed = read_memory("VmRSS"), time.monotonic(), 0, True
    try:
        end, rows = travel(plan["kind"], config, f"{plan['adapter']}/{plan['model']}", number)
    except Exception as error:  # noqa: BLE001 (it is what the round is to find)
        end, typed = f"{type(error).__name__}: {error}"[:300], False
    peak = read_memory("VmHWM") - base
    seconds = round(time.monotonic() - started, 1)
    return {"end": end, "typed": typed, "rows": rows, "peak": peak, "seconds": seconds}


def main() -> None:
    url, path = sys.argv[1:]
    plans = json.loads(Path(path).read_bytes())
    shorten_streams()
    for number, plan in enumerate(plans):
        say(**measure(url, plan, number))


if __name__ == "__main__":
    main()
