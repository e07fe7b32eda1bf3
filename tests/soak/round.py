"""A round: one seed, one folder, what was checked, and what did not hold."""

import os
import random
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from attrs import define, field, frozen

from anyvideo.sandbox import Sandbox
from anyvideo.testing import make_film
from tests.processes import list_uncounted

ROOT = Path(__file__).parents[2]
# How long a program may take before it counts as one that hangs, in seconds.
PATIENCE = 120.0


@define
class Round:
    """What a kind of round plays with: `name` is "kind-number", from which all of it follows."""

    name: str
    folder: Path
    rng: random.Random = field(init=False)
    checks: int = field(default=0, init=False)
    violations: list[str] = field(factory=list[str], init=False)

    def __attrs_post_init__(self) -> None:
        self.rng = random.Random(self.name)  # noqa: S311 (a round is to be repeatable)

    @property
    def home(self) -> Path:
        """Where the programs of the round keep their journal."""
        return self.folder / "home"

    def check(self, holds: object, violation: str) -> None:
        """Count a check, and keep what is violated if it does not hold."""
        self.checks += 1
        if not holds:
            self.violations.append(violation)

    def launch(self, *arguments: str, prefix: Sequence[str] = ()) -> subprocess.Popen[str]:
        """Start a program of Python with the settings of the round alone."""
        kept = {
            name: value
            for name, value in list_uncounted().items()
            if not name.startswith("ANYVIDEO_") and not name.endswith("_API_KEY")
        }
        own = {
            "ANYVIDEO_HOME": str(self.home),
            "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path]),
            "XDG_CONFIG_HOME": str(self.folder / "nowhere"),
        }
        return subprocess.Popen(
            [*prefix, sys.executable, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=self.folder,
            env=kept | own,
        )

    def finish(self, program: subprocess.Popen[str]) -> tuple[int, str, str]:
        """Return the exit code of a program and what it wrote; one that hangs is killed."""
        with program:
            try:
                out, err = program.communicate(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                program.kill()
                out, err = program.communicate()
                self.check(holds=False, violation=f"{program.args!r} did not end")
        return program.returncode, out, err


Play = Callable[[Round], None]


@frozen
class Result:
    """What one round came to; `seconds` is how long it took."""

    name: str
    checks: int
    violations: tuple[str, ...]
    seconds: float

    @property
    def kind(self) -> str:
        return self.name.partition("-")[0]


def play_round(name: str, play: Play) -> Result:
    """Play a round in a folder of its own; one that raises is a violation too."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
        round_ = Round(name, Path(folder))
        try:
            play(round_)
        except Exception:  # noqa: BLE001 (whatever it is, the round failed)
            round_.check(holds=False, violation=traceback.format_exc())
    return Result(
        name, round_.checks, tuple(round_.violations), round(time.monotonic() - started, 1)
    )


@cache
def _make_film() -> bytes:
    return make_film(seconds=4)


def _render(prompt: str, *, seconds: float, width: int, height: int) -> bytes:
    """Return the same film for every order: what is in it is tested elsewhere."""
    return _make_film()


@contextmanager
def run_sandbox(duration: float = 0.3) -> Iterator[Sandbox]:
    with Sandbox(duration=duration, render=_render) as sandbox:
        yield sandbox


def count_posts(sandbox: Sandbox, prompt: str) -> int:
    """Return how many paid requests held a prompt."""
    return sum(prompt.encode() in call.body for call in sandbox.posts())


def count_tasks(sandbox: Sandbox, prompt: str) -> list[str]:
    """Return the ids of the jobs that were made of a prompt."""
    return [task.id for task in sandbox.tasks if prompt in task.order.prompt]
