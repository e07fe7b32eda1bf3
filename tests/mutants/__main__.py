"""Makes one mistake after the other and plays the cassettes: `make mutants [ONLY=text]`.

Each runs in a process of its own, over a copy of the sources, with the cassettes of its adapters alone.
The exit code is 1 if the cassettes miss one, or do not play without any.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants import MUTANTS
from tests.mutants.mutant import ROOT, Mutant
from tests.processes import list_uncounted

SOURCES = ("core", "plugins")
AT_ONCE = 2
PLAY = ("-m", "pytest", "tests/cassettes/test_scenarios.py", "-x", "-q", "-p", "no:cacheprovider")
PASSED, FAILED = 0, 1  # of pytest; anything else means that the tests did not run


def play(adapters: Iterable[str], mutant: Mutant | None = None) -> bool:
    """Say whether the cassettes of some adapters play, over sources with one mistake or none.

    Raises:
        RuntimeError: the tests did not run.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for source in SOURCES:
            shutil.copytree(ROOT / source, copy / source)
        if mutant is not None:
            mutant.apply(copy)
        done = subprocess.run(
            [sys.executable, *PLAY, "-k", " or ".join(f"[sync-{name}/" for name in adapters)],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env=_point_to(copy),
        )
    if done.returncode not in {PASSED, FAILED}:
        message = f"the tests did not run with {mutant}:\n{done.stdout[-2000:]}"
        raise RuntimeError(message)
    return done.returncode == PASSED


def _point_to(copy: Path) -> dict[str, str]:
    """Return an environment in which a copy is imported, and is not counted as covered code."""
    return {**list_uncounted(), "PYTHONPATH": os.pathsep.join(str(copy / name) for name in SOURCES)}


def survives(mutant: Mutant) -> bool:
    return play(mutant.adapters, mutant)


def main(mutants: Sequence[Mutant] = MUTANTS, only: str = "") -> int:
    """Print a table, and return the exit code."""
    chosen = [mutant for mutant in mutants if only in f"{mutant.file} {mutant.breaks}"]
    adapters = sorted({adapter for mutant in chosen for adapter in mutant.adapters})
    if not chosen or not play(adapters):
        print(f"{len(chosen)} mutants; without one the cassettes must play, so nothing is shown")
        return 1
    survivors = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for mutant, survived in zip(chosen, pool.map(survives, chosen), strict=True):
            survivors += survived
            _, _, place = mutant.file.partition("/")
            word = "SURVIVED" if survived else "killed"
            print(f"{word:9} {place:46} {mutant.model:26} {mutant.breaks}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(only=" ".join(sys.argv[1:])))
