"""How long the jobs of a journal took; a file is read without opening it for writing."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from statistics import median

from attrs import frozen

from anyvideo.errors import AnyVideoError
from anyvideo.journal.opening import is_address
from anyvideo.journal.statements import DURATIONS

# How long a database is waited for, in seconds: the lists of models can do without it.
_PATIENCE = 1.0
logger = logging.getLogger("anyvideo")


@frozen
class Durations:
    """How long the jobs of one offer took: the median in seconds, and of how many jobs."""

    median: float
    jobs: int


def read_durations(place: str) -> Mapping[str, Durations]:
    """Return how long the jobs of each offer took; nothing where there is no journal."""
    if is_address(place):
        return _ask_database(place)
    path = Path(place)
    return _read_file(path) if path.is_file() else {}


def _ask_database(address: str) -> Mapping[str, Durations]:
    """Return what the database counts: a question for each offer would be one trip for each."""
    from anyvideo.journal.postgres import PostgresJournal  # noqa: PLC0415 (an extra)

    try:
        with closing(PostgresJournal(address, patience=_PATIENCE)) as journal:
            return {offer: Durations(*known) for offer, known in journal.medians().items()}
    except AnyVideoError as error:
        logger.warning("%s; its history is left out", error)
        return {}


def _read_file(path: Path) -> Mapping[str, Durations]:
    took: dict[str, list[float]] = {}
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            for offer, seconds in connection.execute(DURATIONS):
                took.setdefault(offer, []).append(seconds)
    except sqlite3.Error as error:
        logger.warning("journal %s: %s; its history is left out", path, error)
        return {}
    return {offer: Durations(median(times), len(times)) for offer, times in took.items()}
