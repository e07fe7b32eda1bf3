"""A journal whose files are taken away while it is open, and empty files where one was."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from anyvideo.errors import JournalError
from anyvideo.journal.database import Journal
from tests.acme.clients import JOB, open_client
from tests.acme.vendor import Vendor
from tests.journal.entries import make_entry

MODEL = "acme/acme-1"


@pytest.fixture
def path(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder / "journal.sqlite"


def replace(path):
    path.rename(f"{path}.old")
    shutil.copyfile(f"{path}.old", path)


def begin_again(path):
    path.rename(f"{path}.old")
    Journal(path).close()


TAKEN = {
    "file": lambda path: path.unlink(),
    "folder": lambda path: shutil.rmtree(path.parent),
    "moved folder": lambda path: path.parent.rename(path.parent.with_name("away")),
    "log": lambda path: path.with_name("journal.sqlite-wal").unlink(),
    "index of the log": lambda path: path.with_name("journal.sqlite-shm").unlink(),
    "replaced": replace,
    "a new journal": begin_again,
}


@pytest.mark.parametrize("take", TAKEN.values(), ids=TAKEN)
def test_nothing_is_sent_once_the_journal_is_gone(kind, path, take):
    vendor = Vendor()
    with open_client(kind, vendor, journal=path) as client:
        client.submit(JOB, MODEL)
        take(path)
        with pytest.raises(JournalError, match=r"was removed or replaced .* nothing is sent witho"):
            client.submit(JOB, MODEL)
        assert len(vendor.posts) == 1
    with open_client(kind, vendor, journal=path) as client:
        client.submit(JOB, MODEL)

    assert len(vendor.posts) == 2


def test_a_journal_that_goes_between_the_row_and_the_request_stops_it(kind, path, monkeypatch):
    vendor, mark = Vendor(), Journal.mark

    def take(self, *given, **options):
        path.unlink()
        return mark(self, *given, **options)

    with open_client(kind, vendor, journal=path) as client:
        monkeypatch.setattr(Journal, "mark", take)
        with pytest.raises(JournalError, match="removed or replaced"):
            client.submit(JOB, MODEL)

    assert vendor.posts == []


def test_a_paid_job_whose_journal_goes_comes_home_and_its_handle_is_logged(kind, path, caplog):
    vendor = Vendor()
    with open_client(kind, vendor, journal=path) as client:
        task = client.submit(JOB, MODEL)
        path.unlink()
        assert client.wait(task).status == "succeeded"

    assert "was removed or replaced" in caplog.text
    assert '"id": "task-1"' in caplog.text


def test_a_program_that_changes_its_folder_keeps_its_journal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with closing(Journal("journal.sqlite")) as journal:
        (tmp_path / "below").mkdir()
        monkeypatch.chdir(tmp_path / "below")
        assert journal.open(make_entry())[1]


def test_a_link_that_leads_to_another_file_is_noticed(tmp_path):
    link, other = tmp_path / "link", tmp_path / "other"
    link.symlink_to(tmp_path / "one")
    with closing(Journal(link)) as journal:
        assert journal.open(make_entry())[1]
        Journal(other).close()
        link.unlink()
        link.symlink_to(other)
        with pytest.raises(JournalError, match="removed or replaced"):
            journal.open(make_entry("two"))


def test_other_processes_that_come_and_go_do_not_disturb(path):
    with closing(Journal(path)) as journal:
        for number in range(3):
            with closing(Journal(path)) as other:
                assert other.open(make_entry(f"job-{number}"))[1]
            with closing(sqlite3.connect(path)) as reader:
                reader.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            assert len(journal.entries()) == number + 1


def test_a_new_journal_begins_without_a_word_and_in_an_empty_file_with_one(path, caplog):
    Journal(path).close()
    assert caplog.text == ""
    path.write_bytes(b"")
    Journal(path).close()
    assert "journal.sqlite is an empty file; a new journal begins in it" in caplog.text
    caplog.clear()
    Journal(path).close()
    assert caplog.text == ""


def test_an_empty_file_beside_a_log_is_left_alone(path):
    path.write_bytes(b"")
    log = path.with_name("journal.sqlite-wal")
    log.write_bytes(b"entries")

    with pytest.raises(JournalError, match=r"is empty, and its log journal\.sqlite-wal is not"):
        Journal(path)
    assert log.read_bytes() == b"entries"
