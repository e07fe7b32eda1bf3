"""The journal in Postgres: what can be wrong with a database, and what two hosts do with one."""

import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from anyvideo.config.load import read_config
from anyvideo.config.places import find_journal
from anyvideo.errors import ConfigError, InFlightError, JournalError
from anyvideo.journal.opening import open_journal
from anyvideo.journal.postgres import PostgresJournal
from anyvideo.journal.postgres_database import hide_password
from anyvideo.testing.clock import VirtualClock
from tests.acme.clients import CONFIG, JOB, open_client
from tests.acme.vendor import Vendor
from tests.journal.entries import NOW, make_entry

MODEL = "acme/acme-1"


@pytest.fixture
def place(postgres):
    return postgres.make_database()


def test_an_address_opens_postgres_and_a_path_a_file(place, tmp_path):
    with closing(open_journal(place)) as journal:
        assert isinstance(journal, PostgresJournal)
    with closing(open_journal(str(tmp_path / "j.sqlite"))) as journal:
        assert journal.path == str(tmp_path / "j.sqlite")
    assert find_journal(place) == place
    assert find_journal("~/j.sqlite") == str(Path.home() / "j.sqlite")


@pytest.mark.parametrize(
    "address", ["postgresql://a:s3cret@127.0.0.1:1/x", "postgresql://[", "postgres://a b"]
)
def test_a_database_that_is_not_there_is_one_line_without_the_password(address):
    with pytest.raises(JournalError) as caught:
        PostgresJournal(address, patience=0.2)

    assert "see that the server runs" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert hide_password("postgresql://a:s3cret@h:5432/x") == "postgresql://a@h:5432/x"
    assert "s3cret" not in repr(read_config({"journal": address}, "config", environ={}))


def test_the_extra_is_named_where_it_is_missing(monkeypatch, place):
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)
    with pytest.raises(ConfigError, match=r"pip install 'anyvideo\[postgres\]'"):
        PostgresJournal(place)


def test_a_database_of_a_newer_release_is_let_alone(place):
    PostgresJournal(place).close()
    with psycopg.connect(place, autocommit=True) as connection:
        connection.execute("INSERT INTO anyvideo_version VALUES (99)")
    with pytest.raises(JournalError, match="was migrated by a newer anyvideo; update anyvideo"):
        PostgresJournal(place)


def test_an_old_server_is_named(place, monkeypatch):
    monkeypatch.setattr("anyvideo.journal.postgres_operations._OLDEST_SERVER", 99_00_00)
    with pytest.raises(JournalError, match="the server is Postgres 1"):
        PostgresJournal(place)


def test_it_is_not_carried_over_a_fork(place, monkeypatch):
    journal = PostgresJournal(place)
    monkeypatch.setattr("os.getpid", lambda: -1)
    journal.close()
    with pytest.raises(JournalError, match="was opened before a fork"):
        journal.get("one")
    monkeypatch.undo()
    journal.close()


def test_a_text_that_no_database_takes_is_an_error_of_the_journal(place):
    with closing(PostgresJournal(place)) as journal, pytest.raises(JournalError, match="NUL"):
        journal.open(make_entry("a\x00b"))


def test_a_server_that_restarts_is_found_again(postgres, place):
    with closing(PostgresJournal(place, patience=3)) as journal:
        entry, _ = journal.open(make_entry())
        postgres.stop()
        with pytest.raises(JournalError, match="see that the server runs"):
            journal.mark(entry, NOW, NOW + 90, sent=True)
        postgres.start()

        assert journal.get("one") == entry
        assert journal.mark(entry, NOW, NOW + 90, sent=True)


def test_a_job_that_could_not_be_noted_is_not_paid(kind, postgres, place):
    vendor = Vendor()
    with closing(PostgresJournal(place, patience=0.2)) as journal:
        with open_client(kind, vendor, journal=journal) as client:
            postgres.stop()
            with pytest.raises(JournalError):
                client.submit(JOB, MODEL)
        postgres.start()

    assert vendor.posts == []


def test_two_hosts_pay_one_key_once(kind, place):
    vendor = Vendor()
    with (
        open_client(kind, vendor, journal=place) as one,
        open_client(kind, vendor, journal=place) as two,
    ):
        first = one.submit(JOB, MODEL, key="order-7")
        again = two.submit(JOB, MODEL, key="order-7")
        video = two.wait(one.resume(again))

    assert (first.id, again.ref, video.status) == ("task-1", "order-7", "succeeded")
    assert len(vendor.posts) == 1


def test_two_hosts_share_a_budget(kind, place):
    vendor, config = Vendor(), {**CONFIG, "budget": {"clips": 1}}
    with (
        open_client(kind, vendor, config, journal=place) as one,
        open_client(kind, vendor, config, journal=place) as two,
    ):
        one.submit(JOB, MODEL)
        with pytest.raises(Exception, match="the budget of 1 clip a day is used up"):
            two.submit(JOB, MODEL)

    assert len(vendor.posts) == 1


def test_leases_go_by_the_clock_of_the_database(kind, place, monkeypatch):
    """A host whose clock is a day ahead does not take a job over that another one sends."""
    with closing(PostgresJournal(place)) as journal:
        now = journal.adjust(time.time())
        journal.open(make_entry("order-7", created=now, updated=now, lease=now + 90))
    vendor, ahead = Vendor(), time.time() + 86_400
    monkeypatch.setattr("time.time", lambda: ahead)
    client = open_client(kind, vendor, journal=place, clock=VirtualClock(ahead))
    with client, pytest.raises(InFlightError):
        client.submit(JOB, MODEL, key="order-7", wait=False)

    assert vendor.posts == []


def test_a_config_names_it(kind, place):
    vendor = Vendor()
    with open_client(kind, vendor, {**CONFIG, "journal": place}, journal="default") as client:
        client.submit(JOB, MODEL, key="order-7")
    with closing(PostgresJournal(place)) as journal:
        assert [entry.ref for entry in journal.entries()] == ["order-7"]
