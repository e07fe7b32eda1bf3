"""Jobs looked up in the journal: one by name, and pages of them."""

from datetime import UTC, datetime

import pytest

from anyvideo import VideoJob
from anyvideo.errors import ConfigError, JournalError, ProviderError
from tests.acme.clients import JOB, open_client
from tests.acme.vendor import Vendor, refuse

MODEL = "acme/acme-1"


def test_a_record_holds_what_was_asked_and_what_came(kind, tmp_path):
    vendor, target = Vendor(), tmp_path / "fox.mp4"
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL, key="order-7")
        asked = client.job("order-7")
        client.download(task, target)
        done = client.job(task.id)
        born = client.session.clock.now()

    assert (asked.ref, asked.offer, asked.job, asked.facts) == ("order-7", MODEL, JOB, None)
    assert (asked.task.status, asked.finished_at) == ("queued", None)
    assert (done.ref, done.task.status, done.path) == ("order-7", "succeeded", target)
    assert (done.facts.seconds, done.facts.width, done.facts.height) == (4.0, 160, 120)
    assert done.finished_at == datetime.fromtimestamp(born, UTC) >= done.created_at
    assert (done.job.prompt, done.job.seconds, done.job.size) == (JOB.prompt, 4, "160x120")
    assert done.remixes is None


def test_the_start_of_a_ref_is_enough_and_nothing_else_is(kind):
    with open_client(kind, Vendor()) as client:
        one = client.submit(JOB, MODEL, key="order-71")
        client.submit(JOB, MODEL, key="order-72")
        assert client.job("order-71").task.id == one.id
        for name in ("order-7", "nobody", ""):
            with pytest.raises(JournalError, match=f"no job '{name}', or more than one"):
                client.job(name)


def test_pages_follow_one_another_without_a_gap(kind):
    with open_client(kind, Vendor()) as client:
        refs = [client.submit(JOB, MODEL, key=f"order-{number}").ref for number in range(7)]
        pages, last = list[list[str]](), None
        while page := client.jobs(limit=3, before=last):
            pages.append([record.ref for record in page])
            last = page[-1].ref
        with pytest.raises(JournalError, match="no job 'nobody'"):
            client.jobs(before="nobody")

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [ref for page in pages for ref in page] == refs[::-1]


def test_a_page_may_be_of_some_states_and_offers(kind):
    vendor = Vendor()
    vendor.plan("submit", refuse(400))
    with open_client(kind, vendor) as client:
        with pytest.raises(ProviderError):
            client.submit(JOB, MODEL, key="refused")
        client.session.clock.advance(1)
        client.submit(JOB, MODEL, key="queued")

        def list_refs(*given):
            return [record.ref for record in client.jobs(*given)]

        assert list_refs() == ["queued", "refused"]
        assert list_refs("failed") == ["refused"]
        assert list_refs(["failed", "Queued"], "acme/*") == ["queued", "refused"]
        assert list_refs((), "other/*") == []
        with pytest.raises(ConfigError, match="status 'lost' does not exist; there are submitting"):
            client.jobs("lost")


def test_without_a_journal_there_is_nothing_to_look_up(kind):
    with (
        open_client(kind, Vendor(), journal=None) as client,
        pytest.raises(JournalError, match="without one"),
    ):
        client.jobs()


def test_a_remix_names_what_it_remixes(kind):
    with open_client(kind, Vendor()) as client:
        task = client.remix(client.submit(JOB, MODEL), "in autumn")
        record = client.job(task.ref)

    assert (record.remixes, record.job) == ("task-1", VideoJob("in autumn"))
