"""The journal in Postgres: what two hosts do with one database, and async clients without threads."""

import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from anyvideo.config.places import find_journal
from anyvideo.errors import ConfigError, InFlightError, JournalError
from anyvideo.journal.opening import open_journal
from anyvideo.journal.postgres import PostgresJournal
from anyvideo.testing.clock import VirtualClock
from tests.acme.clients import CONFIG, JOB, open_client
from tests.acme.vendor import Vendor
from tests.journal.entries import make_entry

MODEL = "acme/acme-1"


def test_an_address_opens_postgres_and_a_path_a_file(place, tmp_path):
    with closing(open_journal(place)) as journal:
        assert isinstance(journal, PostgresJournal)
    with closing(open_journal(str(tmp_path / "j.sqlite"))) as journal:
        assert journal.path == str(tmp_path / "j.sqlite")
    assert find_journal(place) == place
    assert find_journal("~/j.sqlite") == str(Path.home() / "j.sqlite")


def test_the_extra_is_named_where_it_is_missing(monkeypatch, place):
    monkeypatch.setitem(sys.modules, "psycopg_pool", None)
    with pytest.raises(ConfigError, match=r"pip install 'anyvideo\[postgres\]'"):
        PostgresJournal(place)


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
