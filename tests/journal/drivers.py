"""The two ways in which a journal in Postgres is asked."""

from typing import Any

from anyvideo.journal.postgres import PostgresJournal
from anyvideo.testing import TwinJournal


def open_in_loop(place, **options):
    return TwinJournal(PostgresJournal(place, **options, connect=False))


DRIVERS: dict[str, Any] = {"threads": PostgresJournal, "loop": open_in_loop}
