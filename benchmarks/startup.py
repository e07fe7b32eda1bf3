"""What it costs to be there: imports, the command's help, a film, a demo."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from statistics import median

from anyvideo.sandbox.film.render import render

UNCOMPILED = "PYTHONDONTWRITEBYTECODE"
COMMAND = str(Path(sys.executable).with_name("anyvideo"))
BARE = """
import click

@click.group()
def main():
    "A bare program."

@main.command()
def run():
    "Run."

main()
"""


COMPARE = """
import anyvideo
job = anyvideo.VideoJob("a fox", seconds=8, size="1280x720")
assert anyvideo.Client().compare(job).plans
"""


def time_command(*command: str, environ: Mapping[str, str] | None = None) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environ)  # noqa: S603 (our own commands)
    return time.perf_counter() - started


def compare(one: tuple[str, ...], other: tuple[str, ...], rounds: int = 9) -> float:
    """The median of the ratios of two commands that are run in turn, the interpreter itself taken off.

    Both find their modules compiled, as after an installation.
    """
    nothing = (sys.executable, "-c", "pass")
    environ = {name: value for name, value in os.environ.items() if name != UNCOMPILED}
    with tempfile.TemporaryDirectory() as cache:
        run = partial(time_command, environ={**environ, "PYTHONPYCACHEPREFIX": cache})
        ratios = []
        for command in (one, other):
            run(*command)
        for _ in range(rounds):
            base = run(*nothing)
            ratios.append((run(*one) - base) / (run(*other) - base))
    return median(ratios)


def measure() -> Iterator[tuple[str, float, str, float]]:
    python = sys.executable
    ratio = compare((python, "-c", "import anyvideo"), (python, "-c", "import httpx"))
    yield "import anyvideo", ratio, "x httpx", 0.6

    ratio = compare((python, "-c", COMPARE), (python, "-c", "import httpx"))
    yield "a comparison in a new process", ratio, "x import httpx", 1.2

    ratio = compare((COMMAND, "--help"), (python, "-c", BARE, "--help"))
    yield "anyvideo --help", ratio, "x click", 2.0

    prompt = "A red fox runs through fresh snow at dawn, cinematic, 35mm"
    times = []
    for _ in range(21):
        started = time.perf_counter()
        render(prompt, seconds=8, width=1280, height=720)
        times.append((time.perf_counter() - started) * 1000)
    yield "render 8 s of 1280x720", median(times), "ms", 20

    with tempfile.TemporaryDirectory() as folder:
        options = ("--sandbox", "-m", "apiyi/grok-imagine-video-1.5", "--seconds", "4")
        target = str(Path(folder) / "demo.mp4")
        seconds = time_command(COMMAND, "generate", prompt, *options, "-o", target)
    yield "the demo, once installed", seconds, "s", 10
