"""A journal in a file, and the connections that it opens."""

import sqlite3

import psycopg
import pytest

from anyvideo.journal.database import Journal
from tests.journal.drivers import DRIVERS


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


class _Shared:
    """A journal in Postgres, asked by threads or by an event loop, that a test empties itself."""

    def __init__(self, place, open_journal):
        self.journal = open_journal(place)
        self._connection = psycopg.connect(place, autocommit=True)

    def empty(self):
        self._connection.execute("TRUNCATE anyvideo_job")
        return self.journal

    def close(self):
        self._connection.close()
        self.journal.close()


@pytest.fixture(scope="session")
def shared_journals(postgres):
    """One journal for each driver."""
    opened = [_Shared(postgres.make_database(), open_journal) for open_journal in DRIVERS.values()]
    yield opened
    for shared in opened:
        shared.close()


@pytest.fixture(params=DRIVERS)
def open_postgres(request):
    """Run a test twice: with the driver of threads and with that of event loops."""
    return DRIVERS[request.param]


@pytest.fixture
def place(postgres):
    """The address of an empty database."""
    return postgres.make_database()
