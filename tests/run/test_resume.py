"""Taking jobs up again: from a handle, from the journal, and with what the user found."""

from typing import Any

import pytest
from attrs import evolve

from anyvideo.errors import (
    AmbiguousSubmitError,
    ConfigError,
    DriftError,
    JournalError,
    ProviderError,
)
from anyvideo.journal.entry import Entry
from anyvideo.plugin import Request
from anyvideo.run.records import new_task
from anyvideo.run.resume import find_entry
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import CONFIG, JOB, open_client, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse

MODEL = "acme/acme-1"
TASK = Task("acme", "acme", ORIGIN, "task-1", "acme-1")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


def leave(client, *, sent=False, ref="one", job=True, lease=90, **task):
    """Leave a row as a process does that was killed: before the paid request, or inside it."""
    session, plan = client.session, client.plan(JOB, MODEL)
    fresh = new_task(session, session.provider("acme"), "acme-1", plan.quote, ref)
    now = session.clock.now()
    text = plan.job.to_json() if job else ""
    entry = Entry(
        ref, MODEL, evolve(fresh, **task), text, now, lease=now + lease, sent=sent, seconds=4
    )
    session.journal.open(entry)
    session.clock.advance(lease)
    return entry.task


def leave_ambiguous(client, **changes):
    return leave(client, sent=True, status=Status.AMBIGUOUS, lease=0, **changes)


FORMS = {
    "task": lambda task: task,
    "text": Task.to_json,
    "bytes": lambda task: task.to_json().encode(),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_handle_is_enough(kind, form):
    with open_client(kind, Vendor(), journal=None) as client:
        assert client.resume(form(TASK)).status == "succeeded"


def test_the_journal_knows_better_than_an_old_handle(kind, path):
    vendor = Vendor()
    with open_client(kind, vendor, journal=path) as client:
        handle = client.submit(JOB, MODEL).to_json()
        client.wait(Task.from_json(handle))
        calls = len(vendor.calls)
    with open_client(kind, vendor, journal=path) as client:
        assert client.resume(handle).status == "succeeded"

    assert len(vendor.calls) == calls


def test_a_resumed_job_is_taken_over(kind, path):
    vendor = Vendor(polls=9)
    with open_client(kind, vendor, journal=path) as first:
        task = first.submit(JOB, MODEL)
        with open_client(kind, vendor, journal=path) as second:
            assert second.resume(task).status == "running"
            assert second.session.journal.get(task.ref).fence == 2


def test_a_handle_may_know_more_than_the_journal(kind):
    with open_client(kind, Vendor()) as client:
        task = leave(client, sent=True)
        done = client.resume(evolve(task, id="task-7", status="queued"))
        row = client.session.journal.get("one")

    assert (done.status, row.task.id, row.state) == ("succeeded", "task-7", "succeeded")


def test_a_ref_that_the_journal_does_not_have_is_no_obstacle(kind):
    with open_client(kind, Vendor()) as client:
        assert client.resume(evolve(TASK, ref="gone")).status == "succeeded"


def test_a_job_in_flight_is_left_to_its_process(kind):
    with open_client(kind, Vendor()) as client:
        task = leave(client, sent=True)
        client.session.journal.claim("one", 1e12, client.session.clock.now() + 45)
        with pytest.raises(JournalError, match="sent by another process; try again in 45 s"):
            client.resume(task)


def test_a_job_killed_before_its_paid_request_is_sent_now(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.resume(leave(client))
        row = client.session.journal.get("one")

    assert (task.id, task.ref, row.fence, row.sent) == ("task-1", "one", 2, True)
    assert len(vendor.posts) == 1


def test_a_job_killed_inside_its_paid_request_is_ambiguous_and_never_sent_again(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = leave(client, sent=True)
        for _ in range(2):
            with pytest.raises(AmbiguousSubmitError) as caught:
                client.resume(task)
        assert client.session.journal.get("one").state == "ambiguous"

    assert read_task(caught).status == "ambiguous"
    assert vendor.calls == []


def test_a_job_that_costs_something_else_by_now_is_not_sent(kind, path):
    vendor = Vendor()
    with open_client(kind, vendor, journal=path) as client:
        task, clock = leave(client), client.session.clock
    offers = [{"adapter": "acme", "model": "acme-1", "price": {"amount": "0.20", "per": "second"}}]
    config = {**CONFIG, "offers": offers}
    with (
        open_client(kind, vendor, config, journal=path, clock=clock) as client,
        pytest.raises(DriftError, match=r"costs 0\.80 USD by now"),
    ):
        client.resume(task)

    assert vendor.calls == []


def test_a_remix_that_was_never_sent_is_closed(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.resume(leave(client, job=False))
        row = client.session.journal.get("one")

    assert (task.status, row.state, row.counts) == ("failed", "failed", False)
    assert "never sent" in task.error.message


def test_a_job_that_somebody_else_takes_over_meanwhile_is_not_sent(kind, monkeypatch):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = leave(client)
        journal = client.session.journal
        mark = type(journal).mark
        monkeypatch.setattr(
            type(journal),
            "mark",
            lambda self, *args, **kwargs: self.claim("one", 1e12) and mark(self, *args, **kwargs),
        )
        with pytest.raises(JournalError, match="took over the job one"):
            client.resume(task)

    assert vendor.calls == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"base_url": "https://evil.example"}, "runs at acme on https://evil.example"),
        ({"adapter": "other"}, "runs at other"),
        ({"provider": "nobody"}, "unknown provider"),
    ],
)
def test_another_account_is_refused_in_the_handle_and_in_the_journal(kind, changes, words):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        with pytest.raises(ConfigError, match=words):
            client.resume(evolve(TASK, **changes))
        leave(client, sent=True, id="task-1", status="queued", **changes)
        with pytest.raises(ConfigError, match=words):
            client.resume(evolve(TASK, ref="one"))

    assert vendor.calls == []


def test_what_is_no_handle_says_so(kind):
    with open_client(kind, Vendor()) as client, pytest.raises(ConfigError, match="no task handle"):
        client.resume("{}")


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
        with open_client(kind, Vendor()) as client:
            with pytest.raises(JournalError, match="no job 'nothing'"):
                client.resolve("nothing", "task-8")
            client.session.journal = None
            with pytest.raises(JournalError, match="made without one"):
                client.resolve("one", "task-8")


def test_a_row_is_found_by_all_its_names(kind):
    with open_client(kind, Vendor()) as client:
        task = client.submit(JOB, MODEL)
        for name in (task.ref, task.ref[:6], task.id):
            steps: Any = find_entry(client.session, name)
            with pytest.raises(StopIteration) as found:
                steps.send(next(steps).work())
            assert found.value.value.ref == task.ref
