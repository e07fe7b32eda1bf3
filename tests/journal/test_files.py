"""Files that are no journal, locked, damaged, full, or of another version."""

import os
import sqlite3
from contextlib import closing
from functools import partial

import pytest

from anyvideo.errors import JournalError
from anyvideo.journal.database import VERSION, Journal
from anyvideo.journal.entry import MIGRATIONS, write_row
from tests.journal.entries import make_entry, read_mode


class TestFile:
    def test_it_is_opened_again_with_all_that_was_in_it(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        for _ in range(2):
            journal = Journal(path)
            journal.open(make_entry())
            journal.close()

        journal = Journal(path)
        assert [item.ref for item in journal.entries()] == ["one"]
        journal.close()

    def test_a_newer_one_is_left_alone(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        Journal(path).close()
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA user_version = {VERSION + 1}")
        connection.close()

        with pytest.raises(JournalError, match="written by a newer anyvideo; update anyvideo"):
            Journal(path)

    def test_another_programs_database_is_left_alone(self, tmp_path):
        path = tmp_path / "other.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        connection.close()
        before = path.read_bytes()

        with pytest.raises(JournalError, match="database of something else"):
            Journal(path)
        assert path.read_bytes() == before

    def test_a_failed_migration_leaves_an_empty_file(self, tmp_path, monkeypatch):
        path = tmp_path / "journal.sqlite"
        monkeypatch.setattr(
            "anyvideo.journal.database.MIGRATIONS", ("CREATE TABLE job (x); CREATE nonsense",)
        )

        with pytest.raises(JournalError):
            Journal(path)
        monkeypatch.undo()
        Journal(path).close()

    @pytest.mark.parametrize("content", [b"\0" * 4096, b"not a database, but long enough" * 99])
    def test_a_corrupt_one_is_named_in_one_line_and_kept(self, tmp_path, content):
        path = tmp_path / "journal.sqlite"
        path.write_bytes(content)

        with pytest.raises(JournalError) as caught:
            Journal(path)

        assert str(path) in str(caught.value)
        assert "\n" not in str(caught.value)
        assert path.read_bytes() == content

    def test_a_damaged_row_is_named(self, journal):
        journal.open(make_entry())
        with closing(sqlite3.connect(journal.path, isolation_level=None)) as connection:
            connection.execute("UPDATE job SET task = '{'")

        with pytest.raises(JournalError, match="job one in the journal has been damaged"):
            journal.get("one")

    def test_a_folder_that_cannot_be_made_is_one_line(self, tmp_path):
        (tmp_path / "file").write_text("x")

        with pytest.raises(JournalError, match="ANYVIDEO_HOME"):
            Journal(tmp_path / "file" / "journal.sqlite")

    def test_one_that_is_locked_is_waited_for_and_then_named(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        journal = Journal(path, busy_timeout=0.05)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(JournalError, match="locked"):
            journal.open(make_entry())
        other.execute("ROLLBACK")
        other.close()

        assert journal.open(make_entry())[1]
        journal.close()

    def test_one_that_is_locked_while_it_is_made_is_named_too(self, tmp_path):
        path = tmp_path / "journal.sqlite"
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        other.execute("CREATE TABLE theirs (x)")

        with pytest.raises(JournalError, match="locked"):
            Journal(path, busy_timeout=0.05)
        other.close()

    def test_one_that_two_processes_make_at_once_is_tried_again(self, tmp_path, trouble):
        pauses = trouble(sqlite3.SQLITE_BUSY_RECOVERY, times=1)
        Journal(tmp_path / "journal.sqlite").close()

        assert pauses == [0.01]

    @pytest.mark.parametrize(
        ("code", "patience"), [(sqlite3.SQLITE_BUSY, -1.0), (sqlite3.SQLITE_CORRUPT, 30.0)]
    )
    def test_what_does_not_pass_by_itself_is_not_waited_for(
        self, tmp_path, trouble, code, patience
    ):
        pauses = trouble(code, times=9)
        with pytest.raises(JournalError, match="trouble"):
            Journal(tmp_path / "journal.sqlite", busy_timeout=patience)

        assert pauses == []

    @pytest.fixture
    def trouble(self, monkeypatch):
        """Let SQLite fail a number of times when it opens the write-ahead log; list the pauses."""
        pauses = list[float]()

        def arrange(code, *, times):
            left = [code] * times

            class Troubled(sqlite3.Connection):
                def execute(self, statement, *values):
                    if left and statement.startswith("PRAGMA journal_mode"):
                        error = sqlite3.OperationalError("trouble")
                        error.sqlite_errorcode = left.pop()
                        raise error
                    return super().execute(statement, *values)

            connect = partial(sqlite3.connect, factory=Troubled)
            monkeypatch.setattr(sqlite3, "connect", connect)
            return pauses

        monkeypatch.setattr("time.sleep", pauses.append)
        return arrange

    def test_a_closed_one_says_so(self, tmp_path):
        journal = Journal(tmp_path / "journal.sqlite")
        journal.close()

        with pytest.raises(JournalError, match="closed"):
            journal.get("one")

    def test_one_carried_over_a_fork_is_refused(self, journal, monkeypatch):
        monkeypatch.setattr(os, "getpid", lambda: -1)

        with pytest.raises(JournalError, match="opened before a fork"):
            journal.get("one")

    def test_a_full_disk_loses_nothing(self, connections, journal):
        journal.open(make_entry())
        (connection,) = connections
        pages = read_mode(connection, "page_count")
        connection.execute(f"PRAGMA max_page_count = {pages}")

        fill = (journal.open(make_entry(f"ref-{number}")) for number in range(99))
        with pytest.raises(JournalError, match="full"):
            list(fill)

        assert journal.get("one") == make_entry()


def test_a_file_of_the_first_version_is_read_and_extended(tmp_path):
    path = tmp_path / "journal.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(MIGRATIONS[0])
        connection.execute("PRAGMA application_id = 1634630006")
        connection.execute("PRAGMA user_version = 1")
        row = {
            name: value
            for name, value in write_row(make_entry("old")).items()
            if name not in {"took", "remixes"}
        }
        columns = ", ".join(row)
        marks = ", ".join("?" * len(row))
        connection.execute(f"INSERT INTO job ({columns}) VALUES ({marks})", list(row.values()))  # noqa: S608 (our own names)
        connection.commit()

    with closing(Journal(path)) as journal:
        (old,) = journal.entries()
        assert (old.ref, old.took, old.remixes) == ("old", None, None)
        assert journal.open(make_entry("new"))[1]
    with closing(Journal(path)) as journal:
        assert [item.ref for item in journal.entries()] == ["new", "old"]
