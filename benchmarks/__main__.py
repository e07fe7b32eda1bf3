"""Runs the benchmarks and prints each figure beside what it should reach: `make bench [ONLY=name]`."""

import importlib
import pkgutil
import sys

import benchmarks


def run(names: list[str]) -> bool:
    """Print the figures of the named modules, of all of them without names; say if all were reached."""
    found = pkgutil.iter_modules(benchmarks.__path__)
    modules = sorted(info.name for info in found if not info.ispkg)  # peers run by themselves
    reached = True
    for name in modules:
        if name == "__main__" or (names and name not in names):
            continue
        for title, value, unit, target in importlib.import_module(f"benchmarks.{name}").measure():
            good = (
                value <= target
                if unit.startswith(("x", "ms", "us", "s", "KiB", "MiB"))
                else value >= target
            )
            reached = reached and good
            print(
                f"{'ok  ' if good else 'MISS'} {name:12} {title:58} {value:10.3g} {unit:10} (target {target:g})"
            )
    return reached


if __name__ == "__main__":
    sys.exit(0 if run(sys.argv[1:]) else 1)
