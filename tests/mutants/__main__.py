"""Makes one mistake after the other and plays the cassettes: `make mutants [ONLY=text]`.

Each runs in a process of its own, over a copy of the sources, with the cassettes of its adapters alone.
The exit code is 1 if the cassettes miss one.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.mutants import MUTANTS
from tests.mutants.mutant import ROOT, Mutant

SOURCES = ("core", "plugins")
AT_ONCE = 2
PLAY = ("-m", "pytest", "tests/cassettes/test_scenarios.py", "-x", "-q", "-p", "no:cacheprovider")
FAILED = 1  # of pytest: tests ran, and some failed


def play(mutant: Mutant) -> bool:
    """Say whether the cassettes notice a mutant.

    Raises:
        RuntimeError: the tests did not run.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        for source in SOURCES:
            shutil.copytree(ROOT / source, copy / source)
        mutant.apply(copy)
        paths = os.pathsep.join(str(copy / source) for source in SOURCES)
        chosen = " or ".join(f"[sync-{adapter}/" for adapter in mutant.adapters)
        done = subprocess.run(
            [sys.executable, *PLAY, "-k", chosen],
            check=False,
            capture_output=True,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": paths},
        )
    if done.returncode not in {0, FAILED}:
        message = f"{mutant.file}, {mutant.breaks}: the tests did not run:\n{done.stdout[-2000:]}"
        raise RuntimeError(message)
    return done.returncode == FAILED


def main(mutants: Sequence[Mutant] = MUTANTS, only: str = "") -> int:
    """Print a table, and return the exit code."""
    chosen = [mutant for mutant in mutants if only in f"{mutant.file} {mutant.breaks}"]
    survivors = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for mutant, killed in zip(chosen, pool.map(play, chosen), strict=True):
            survivors += not killed
            place = Path(mutant.file).relative_to(Path(mutant.file).parts[0])
            word = "killed" if killed else "SURVIVED"
            print(f"{word:9} {place.as_posix():46} {mutant.model:26} {mutant.breaks}", flush=True)
    print(f"{len(chosen) - survivors} of {len(chosen)} killed")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(only=" ".join(sys.argv[1:])))
