"""Plays rounds of random trouble until the time is over: `make soak [SOAK_MINUTES=2]`.

Each round has a name, such as kills-1234, from which all of it follows but the moments at which the
machine does what it is told. `python -m tests.soak kills-1234` plays that round again. The exit code
is 1 if anything was violated.
"""

import itertools
import os
import platform
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime
from multiprocessing import get_context
from random import SystemRandom

from tests.soak.kinds import KINDS
from tests.soak.round import Play, Result, play_round

AT_ONCE = 2


def make_names(kinds: Iterable[str], minutes: float) -> Iterator[str]:
    """Yield names of new rounds, each kind in turn, until the time is over."""
    end, source = time.monotonic() + minutes * 60, SystemRandom()
    for kind in itertools.cycle(kinds):
        if time.monotonic() >= end:
            return
        yield f"{kind}-{source.getrandbits(32)}"


def play_all(names: Iterator[str], kinds: Mapping[str, Play]) -> Iterator[Result]:
    """Play rounds, some at once, and yield what each came to."""
    with ProcessPoolExecutor(AT_ONCE, get_context("spawn")) as pool:

        def start(count: int) -> set[Future[Result]]:
            some = itertools.islice(names, count)
            return {pool.submit(play_round, name, kinds[name.partition("-")[0]]) for name in some}

        running = start(AT_ONCE)
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            running |= start(len(done))
            yield from (future.result() for future in done)


def describe_run(minutes: float) -> str:
    """Return when and on what the rounds were played."""
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    today = datetime.now(UTC).date()
    return f"{today}, {system}, Python {platform.python_version()}, {minutes:.1f} minutes"


def format_table(results: list[Result], kinds: Iterable[str]) -> list[str]:
    """Return a line for each kind, and one for all."""
    lines = [f"{'kind':10}{'rounds':>8}{'checks':>8}{'violations':>12}{'slowest round':>16}"]
    for kind in (*kinds, "all"):
        some = [result for result in results if kind in {result.kind, "all"}]
        checks = sum(result.checks for result in some)
        violations = sum(len(result.violations) for result in some)
        slowest = max((result.seconds for result in some), default=0.0)
        lines.append(f"{kind:10}{len(some):8}{checks:8}{violations:12}{slowest:14.1f} s")
    return lines


def main(names: Iterator[str], kinds: Mapping[str, Play] = KINDS) -> int:
    """Print each violation with its round, then a table; return the exit code."""
    started, results = time.monotonic(), list[Result]()
    for result in play_all(names, kinds):
        results.append(result)
        for violation in result.violations:
            print(f"VIOLATION in {result.name}: {violation}")
        if result.violations:
            print(f"Play it again: python -m tests.soak {result.name}", flush=True)
    print(describe_run((time.monotonic() - started) / 60))
    print()
    print("\n".join(format_table(results, kinds)))
    return 1 if any(result.violations for result in results) else 0


if __name__ == "__main__":
    minutes = float(os.environ.get("SOAK_MINUTES", "30"))
    sys.exit(main(iter(sys.argv[1:]) if sys.argv[1:] else make_names(KINDS, minutes)))
