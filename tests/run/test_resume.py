"""Taking jobs up again: from a handle, and from the journal."""

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from anyvideo.errors import (
    AmbiguousSubmitError,
    BudgetError,
    ConfigError,
    DriftError,
    InFlightError,
    JournalError,
)
from anyvideo.run.lookups import find_entry
from anyvideo.tasks.task import Task
from tests.acme.adapter import ORIGIN
from tests.acme.clients import CONFIG, JOB, open_client, read_row, read_task
from tests.acme.vendor import Vendor
from tests.run.leaving import leave

MODEL = "acme/acme-1"
TASK = Task("acme", "acme", ORIGIN, "task-1", "acme-1")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite"


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
        with pytest.raises(InFlightError, match="by another process; try again in 45 s") as caught:
            client.resume(task)

    assert (caught.value.seconds, read_task(caught).ref) == (45, "one")


def test_a_job_killed_before_its_paid_request_is_sent_now(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.resume(leave(client))
        row = client.session.journal.get("one")

    assert (task.id, task.ref, row.fence, row.sent) == ("task-1", "one", 3, True)
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


def test_a_job_that_is_sent_late_counts_against_the_budget_of_that_day(kind, path):
    vendor, config = Vendor(), {**CONFIG, "budget": {"clips": 1}}
    with open_client(kind, vendor, config, journal=path) as client:
        task, clock = leave(client), client.session.clock
        client.submit(JOB, MODEL)
        with pytest.raises(BudgetError, match="1 clip a day is used up; nothing was sent"):
            client.resume(task)
        assert len(vendor.posts) == 1
        clock.advance(86_400)
        assert client.resume(task).id == "task-2"
        with pytest.raises(BudgetError):
            client.submit(JOB, MODEL)

    assert len(vendor.posts) == 2


def test_a_plugin_may_forbid_what_another_process_prepared(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = leave(client)
        vendor.plugin.vetoes = [BudgetError("not today")]
        with pytest.raises(BudgetError, match="not today"):
            client.resume(task)
        assert vendor.calls == []
        vendor.plugin.vetoes = []
        assert client.resume(task).id == "task-1"


@pytest.mark.parametrize("left", [{"job": False}, {"remixes": "task-0"}])
def test_a_remix_that_was_never_sent_is_closed(kind, left):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.resume(leave(client, **left))
        row = client.session.journal.get("one")

    assert (task.status, row.state, row.counts) == ("failed", "failed", False)
    assert "never sent" in task.error.message


def test_a_job_that_somebody_else_takes_over_meanwhile_is_not_sent(kind, monkeypatch):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = leave(client)
        journal, now = client.session.journal, client.session.clock.now()
        opened = type(journal).open

        def lose(self, *given):
            self.claim("one", now, now + 90)
            return opened(self, *given)

        monkeypatch.setattr(type(journal), "open", lose)
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
        row = leave(client, sent=True, id="task-1", status="queued", **changes)
        with pytest.raises(ConfigError, match=words):
            client.resume(row)
        with pytest.raises(JournalError, match="one is the ref of two jobs"):
            client.resume(evolve(TASK, ref="one"))

    assert vendor.calls == []


HANDLES = {
    "another id": {"id": "task-9"},
    "another moment, and no id": {"id": "", "submitted_at": datetime(2025, 1, 1, tzinfo=UTC)},
}


@pytest.mark.parametrize("changes", HANDLES.values(), ids=HANDLES)
def test_the_handle_of_another_host_is_not_this_hosts_job(kind, changes):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        own = client.submit(JOB, MODEL, key="order-7")
        foreign = evolve(own, **changes)
        with pytest.raises(JournalError, match="order-7 is the ref of two jobs") as caught:
            client.resume(foreign)
        row = read_row(client)

    assert (row.task, row.fence) == (evolve(own, raw=None), 1)
    assert read_task(caught) == foreign
    assert f"{foreign.id or 'a job without an id'} at acme ({ORIGIN}) of the" in str(caught.value)
    assert f"task-1 at acme ({ORIGIN}) of this journal" in str(caught.value)
    assert vendor.count("status") == 0


def test_what_another_hosts_job_comes_to_is_not_written_over_this_hosts(kind):
    with open_client(kind, Vendor()) as client:
        own = client.submit(JOB, MODEL, key="order-7")
        assert client.wait(evolve(own, id="task-9")).id == "task-9"
        assert read_row(client).task == evolve(own, raw=None)


def test_a_handle_that_was_followed_elsewhere_leaves_the_row_to_its_process(kind, path, caplog):
    vendor = Vendor(polls=9)
    with (
        open_client(kind, vendor, journal=path) as first,
        open_client(kind, vendor, journal=path) as second,
    ):
        own = first.submit(JOB, MODEL, key="order-7")
        second.status(evolve(own, id="task-9"))
        row = read_row(first)

    assert (row.task, row.fence) == (evolve(own, raw=None), 1)
    assert "order-7 is the ref of two jobs" in caplog.text
    assert '"id": "task-9"' in caplog.text


def test_a_file_is_not_compared_with_the_order_of_another_host(kind, tmp_path):
    with open_client(kind, Vendor()) as client:
        own = client.submit(evolve(JOB, seconds=8), MODEL, key="order-7")
        foreign = client.wait(evolve(own, id="task-9"))
        assert client.download(foreign, tmp_path / "fox.mp4").differences == ()
        mine = client.download(client.wait(own), tmp_path / "own.mp4")

    assert [item.field for item in mine.differences] == ["seconds"]


def test_what_is_no_handle_says_so(kind):
    with open_client(kind, Vendor()) as client, pytest.raises(ConfigError, match="no task handle"):
        client.resume("{}")


def test_a_row_is_found_by_all_its_names(kind):
    with open_client(kind, Vendor()) as client:
        task = client.submit(JOB, MODEL)
        for name in (task.ref, task.ref[:6], task.id):
            steps: Any = find_entry(client.session, name)
            with pytest.raises(StopIteration) as found:
                steps.send(next(steps).do())
            assert found.value.value.ref == task.ref


def test_who_asks_again_for_a_job_that_another_took_over_can_note_its_file(kind, path, tmp_path):
    vendor = Vendor()
    with open_client(kind, vendor, journal=path) as first:
        sent = first.submit(JOB, MODEL, key="fox")
        with open_client(kind, vendor, journal=path) as second:
            second.resume(sent)
        task = first.wait(first.submit(JOB, MODEL, key="fox"))
        video = first.download(task, tmp_path / "fox.mp4")
        assert first.session.journal.get("fox").path == str(video.path)
    assert len(vendor.posts) == 1
