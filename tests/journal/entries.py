"""Rows as the tests of the journal write them: those of the published laws."""

from anyvideo.testing.entries import NOW, make_entry, move

__all__ = ["NOW", "make_entry", "move", "read_mode"]


def read_mode(connection, name):
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
