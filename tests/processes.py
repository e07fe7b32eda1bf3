"""The environment of the programs that tests start."""

import os


def list_uncounted() -> dict[str, str]:
    """Return this process's environment, but for the counting of covered lines, which doubles the time."""
    return {name: text for name, text in os.environ.items() if not name.startswith("COVERAGE_")}
