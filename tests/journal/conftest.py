"""A journal in a file, and the connections that it opens."""

import sqlite3

import pytest

from anyvideo.journal.database import Journal
from anyvideo.journal.postgres import PostgresJournal
from tests.postgres import Postgres


@pytest.fixture
def journal(tmp_path):
    journal = Journal(tmp_path / "deep" / "journal.sqlite")
    yield journal
    journal.close()


@pytest.fixture
def connections(monkeypatch):
    """The connections to SQLite that are opened from now on."""
    opened, connect = list[sqlite3.Connection](), sqlite3.connect

    def note(*args, **options):
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", note)
    return opened


@pytest.fixture(scope="session")
def postgres():
    """A server of the machine's own, for all tests of one process."""
    with Postgres() as server:
        yield server


class _Emptied(PostgresJournal):
    def empty(self):
        with self._access() as connection:
            connection.execute("TRUNCATE anyvideo_job")


@pytest.fixture(scope="session")
def postgres_journal(postgres):
    """One journal that a test empties itself."""
    journal = _Emptied(postgres.make_database())
    yield journal
    journal.close()
