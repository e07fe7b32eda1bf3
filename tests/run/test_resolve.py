"""Ambiguous jobs: asked for at the vendor, or resolved with what the user found."""

import pytest
from attrs import evolve

from anyvideo.errors import (
    AmbiguousSubmitError,
    ConfigError,
    JournalError,
    ProviderError,
)
from anyvideo.plugin import Request
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import JOB, open_client
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse
from tests.run.leaving import leave, leave_ambiguous

MODEL = "acme/acme-1"


TASK = Task("acme", "acme", ORIGIN, "task-1", "acme-1")


class Searching(Acme):
    """Can ask the vendor for a job by what was in it."""

    found = "task-5"

    def find(self, task):
        yield Request("GET", f"/v1/videos/by-ref-{task.ref}")
        return self.found and Report(self.found)


class TestReconcile:
    def test_an_ambiguous_job_is_asked_for_where_the_vendor_can_be_asked(self, kind):
        vendor = Vendor(plugin=Plugin(Searching()))
        with open_client(kind, vendor) as client:
            task = client.resume(leave(client, sent=True))
            row = client.session.journal.get("one")

        assert (task.id, task.status) == ("task-5", "succeeded")
        assert (row.state, vendor.posts) == ("succeeded", [])

    def test_where_it_is_not_there_it_stays_ambiguous(self, kind, monkeypatch):
        monkeypatch.setattr(Searching, "found", "")
        with (
            open_client(kind, Vendor(plugin=Plugin(Searching()))) as client,
            pytest.raises(AmbiguousSubmitError, match="the vendor shows no such job"),
        ):
            client.resume(leave_ambiguous(client))

    def test_without_a_journal_a_handle_may_be_asked_for_as_well(self, kind):
        vendor = Vendor(plugin=Plugin(Searching()))
        with open_client(kind, vendor, journal=None) as client:
            lost = evolve(TASK, id="", status=Status.AMBIGUOUS, ref="one")
            assert client.resume(lost).id == "task-5"


class TestSettle:
    def test_an_id_that_the_vendor_knows_brings_the_job_home(self, kind, tmp_path):
        with open_client(kind, Vendor()) as client:
            leave_ambiguous(client)
            task = client.resolve("on", "task-8")
            video = client.download(task, tmp_path / "fox.mp4")
            row = client.session.journal.get("one")

        assert (task.id, task.ref, row.state, row.path) == (
            *("task-8", "one", "succeeded"),
            str(video.path),
        )
        assert row.counts

    def test_an_id_that_the_vendor_does_not_know_settles_nothing(self, kind):
        vendor = Vendor()
        vendor.plan("status", refuse(404, "task not exist"))
        with open_client(kind, vendor) as client:
            leave_ambiguous(client)
            with pytest.raises(ProviderError, match="not exist"):
                client.resolve("one", "task-8")
            assert client.session.journal.get("one").state == "ambiguous"

    def test_an_id_of_another_job_settles_nothing(self, kind):
        with open_client(kind, Vendor()) as client:
            client.submit(JOB, MODEL)
            leave_ambiguous(client)
            with pytest.raises(ConfigError, match="task-1 is the id of another job"):
                client.resolve("one", "task-1")

    def test_a_failure_of_the_found_job_may_be_free(self, kind):
        vendor = Vendor()
        vendor.plan("status", {"id": "task-8", "status": "failed"})
        with open_client(kind, vendor) as client:
            leave_ambiguous(client)
            client.resolve("one", "task-8")
            assert not client.session.journal.get("one").counts

    def test_what_was_not_created_costs_nothing_and_may_be_sent_again(self, kind):
        vendor = Vendor()
        with open_client(kind, vendor) as client:
            leave_ambiguous(client)
            task = client.resolve("one")
            row = client.session.journal.get("one")

            assert task.error == TaskError(None, None, "the user says that it was not created")
            assert (row.state, row.counts, vendor.calls) == ("failed", False, [])
            assert client.submit(JOB, MODEL, key="one").id == "task-1"

    def test_a_sent_job_is_settled_once_its_lease_is_over(self, kind):
        with open_client(kind, Vendor()) as client:
            leave(client, sent=True)
            assert client.resolve("one", "task-8").status == "succeeded"

    @pytest.mark.parametrize("status", ["queued", "succeeded", "failed"])
    def test_what_is_not_ambiguous_is_left_alone(self, kind, status):
        with open_client(kind, Vendor()) as client:
            leave(client, sent=True, id="task-1", status=status, lease=0)
            with pytest.raises(ConfigError, match=f"job one is {status}, not ambiguous"):
                client.resolve("one", "task-8")

    def test_a_job_that_is_not_there_says_so(self, kind):
        with (
            open_client(kind, Vendor()) as client,
            pytest.raises(JournalError, match="no job 'nothing'"),
        ):
            client.resolve("nothing", "task-8")
        with (
            open_client(kind, Vendor(), journal=None) as client,
            pytest.raises(JournalError, match="made without one"),
        ):
            client.resolve("one", "task-8")
