"""The two ways in which a journal in Postgres is asked."""

from anyvideo.journal.postgres import PostgresJournal
from anyvideo.testing import TwinJournal


def open_in_loop(place, **options):
    return TwinJournal(PostgresJournal(place, **options, connect=False))


DRIVERS = {"threads": PostgresJournal, "loop": open_in_loop}
