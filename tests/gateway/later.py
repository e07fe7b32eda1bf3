"""A gateway whose clock is ahead: no lease of a process that was killed is left.

usage: python -m tests.gateway.later CONFIG FOLDER SECONDS
"""

import asyncio
import sys
import time
from pathlib import Path

from anyvideo.gateway.server import Gateway
from anyvideo.session.clock import SystemClock


class Ahead(SystemClock):
    def __init__(self, seconds):
        self._seconds = seconds

    def now(self):
        return time.time() + self._seconds


def main():
    config, folder, seconds = sys.argv[1:]
    gateway = Gateway(
        Path(folder),
        config,
        port=0,
        clock=Ahead(float(seconds)),
        on_begin=lambda url: print(url, flush=True),  # noqa: T201 (a program)
    )
    asyncio.run(gateway.run())


if __name__ == "__main__":
    main()
