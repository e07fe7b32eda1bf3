"""A journal in a file, and the connections that it opens."""

import sqlite3

import pytest

from anyvideo.journal.database import Journal


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
