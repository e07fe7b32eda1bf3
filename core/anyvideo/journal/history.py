"""How long the jobs of a journal took, read without opening it for writing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from statistics import median

from attrs import frozen

from anyvideo.journal.statements import DURATIONS

logger = logging.getLogger("anyvideo")


@frozen
class Durations:
    """How long the jobs of one offer took: the median in seconds, and of how many jobs."""

    median: float
    jobs: int


def read_durations(path: Path) -> Mapping[str, Durations]:
    """Return how long the jobs of each offer took; nothing where there is no journal."""
    if not path.is_file():
        return {}
    took: dict[str, list[float]] = {}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            for offer, seconds in connection.execute(DURATIONS):
                took.setdefault(offer, []).append(seconds)
    except sqlite3.Error as error:
        logger.warning("journal %s: %s; its history is left out", path, error)
        return {}
    return {offer: Durations(median(times), len(times)) for offer, times in took.items()}
