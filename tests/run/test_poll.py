"""Following a task: polls that fail say nothing of it, and a deadline loses nothing."""

import httpx
import pytest
from attrs import evolve

from anyvideo.errors import (
    AmbiguousSubmitError,
    ConfigError,
    PluginError,
    ProviderError,
    WaitTimeoutError,
)
from anyvideo.journal.database import Journal
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task
from anyvideo.testing.clock import VirtualClock
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import CONFIG, JOB, open_client, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse

MODEL = "acme/acme-1"
TASK = Task("acme", "acme", ORIGIN, "task-1", "acme-1")


def test_every_change_is_told_and_noted(kind):
    vendor, seen = Vendor(polls=4), list[Task]()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        done = client.wait(task, on_change=seen.append)
        row = client.session.journal.entries()[0]
        again = list(client.watch(task))

    assert [item.progress for item in seen] == [10, 20, 30, 100]
    assert (done.status, row.state, row.task.video_url) == (
        "succeeded",
        "succeeded",
        done.video_url,
    )
    assert row.finished - row.created == pytest.approx(sum((40, 4, 4.4, 4.84)))
    assert again[-1].status == "succeeded"
    assert [event.details["status"] for event in vendor.plugin.events if event.kind == "state"][
        :3
    ] == [*("queued", "running", "running")]


def test_an_ended_task_is_not_asked_for(kind):
    vendor = Vendor()
    done = evolve(TASK, status=Status.FAILED)
    with open_client(kind, vendor) as client:
        assert client.wait(done) is done
        assert list(client.watch(done)) == []

    assert vendor.calls == []


@pytest.mark.parametrize(
    "answer",
    [
        httpx.ConnectError("no route"),
        httpx.ReadTimeout("slow"),
        lambda _: refuse(500),
        lambda _: refuse(429, retry_after="70"),
        lambda _: httpx.Response(200, text="<html>"),
        lambda _: refuse(404, "task not exist"),
    ],
    ids=["unreachable", "slow", "500", "429", "html", "not yet known"],
)
def test_a_failed_poll_is_made_again_and_the_task_stays_as_it_was(kind, answer):
    vendor = Vendor()
    vendor.plan("status", answer)
    with open_client(kind, vendor) as client:
        seen = list[Task]()
        done = client.wait(evolve(TASK, created_at=client.session.now), 200, seen.append)
        sleeps = client.session.clock.sleeps

    assert [done] == seen
    assert len(sleeps) == 2
    assert (sleeps[1] >= 70) == (sleeps[1] == 70)


def test_a_vendors_wrong_clock_changes_no_poll_and_teaches_nothing_wrong(kind):
    sleeps, told = list[list[float]](), 1_000_000_000
    for more in ({}, {"created_at": told}):
        vendor = Vendor(polls=3)
        vendor.plan("submit", {"id": "task-1", "status": "queued", **more})
        with open_client(kind, vendor) as client:
            task = client.submit(JOB, MODEL)
            done = client.wait(task)
            sleeps.append(client.session.clock.sleeps)
            (took,) = client.session.journal.finishes(MODEL)
            assert took == pytest.approx(sum(sleeps[-1]))
        assert done.submitted_at == task.submitted_at
        assert (done.created_at.timestamp() == told) == bool(more)

    assert sleeps[0] == sleeps[1]


def test_misses_make_it_wait_longer(kind):
    vendor = Vendor()
    vendor.plan("status", *[httpx.ReadError("reset")] * 7)
    with open_client(kind, vendor) as client:
        client.wait(TASK)
        sleeps = client.session.clock.sleeps

    assert sleeps[1:] == sorted(sleeps[1:])
    assert sleeps[-1] == 20


@pytest.mark.parametrize("operation", ["status", "wait"])
def test_a_vendor_that_will_not_say_is_an_error_that_carries_the_task(kind, operation):
    vendor = Vendor()
    vendor.plan("status", refuse(401))
    with open_client(kind, vendor) as client, pytest.raises(ProviderError) as caught:
        getattr(client, operation)(TASK)

    assert (caught.value.kind, read_task(caught)) == ("auth", TASK)


def test_a_task_that_is_forgotten_later_is_an_error(kind):
    vendor = Vendor()
    vendor.plan("status", *[refuse(404, "task not exist")] * 2)
    with open_client(kind, vendor) as client, pytest.raises(ProviderError, match="not exist"):
        client.wait(evolve(TASK, created_at=client.session.clock.now() - 100))


def test_a_deadline_loses_nothing_and_is_used_to_its_end(kind):
    vendor = Vendor(polls=99)
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        with pytest.raises(WaitTimeoutError) as caught:
            client.wait(task, timeout=60)
        clock = client.session.clock

    assert sum(clock.sleeps) == pytest.approx(60)
    assert read_task(caught).id == "task-1"
    assert (caught.value.advice, read_task(caught).ref) == ("resume", task.ref)


def test_without_time_it_asks_once(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        assert client.wait(TASK, timeout=0.001).status == "succeeded"
    with open_client(kind, Vendor(polls=3)) as client, pytest.raises(WaitTimeoutError):
        client.wait(TASK, timeout=0.001)


def test_status_asks_once_whatever_comes_of_it(kind):
    vendor = Vendor(polls=9)
    vendor.plan("status", httpx.ConnectError("no route"))
    with open_client(kind, vendor) as client:
        with pytest.raises(ProviderError, match="no route") as caught:
            client.status(TASK)
        assert (read_task(caught), caught.value.retryable) == (TASK, True)
        assert client.status(TASK).progress == 10

    assert len(vendor.calls) == 2


def test_finish_times_that_polls_bound_on_both_sides_are_learned(kind):
    clock, journal = VirtualClock(), Journal(":memory:")
    with open_client(kind, Vendor(polls=6), journal=journal, clock=clock) as client:
        for _ in range(2):
            begun = clock.now()
            client.wait(client.submit(JOB, MODEL))
            took = clock.now() - begun
        clock.sleeps.clear()
        clock.advance(100)
        client.wait(client.submit(JOB, MODEL))

    first, second = journal.finishes(MODEL)[:2]
    assert (first, second) == pytest.approx((took, took), rel=0.1)
    assert clock.sleeps[0] == pytest.approx(first * 0.93)
    journal.close()


@pytest.mark.parametrize("late", [300, 8 * 3600])
def test_a_job_that_is_fetched_late_teaches_nothing(kind, late):
    clock, journal = VirtualClock(), Journal(":memory:")
    with open_client(kind, Vendor(), journal=journal, clock=clock) as client:
        for _ in range(2):
            task = client.submit(JOB, MODEL)
            clock.advance(late)
            assert client.status(task).status == "succeeded"
        clock.sleeps.clear()
        clock.advance(100)
        client.wait(client.submit(JOB, MODEL))

    assert journal.finishes(MODEL) == []
    assert clock.sleeps == [pytest.approx(40)]  # two fifths of what the offer says
    journal.close()


def test_what_was_learned_holds_a_while_and_the_journal_may_fail(kind, caplog):
    clock, journal = VirtualClock(), Journal(":memory:")
    with open_client(kind, Vendor(polls=5), journal=journal, clock=clock) as client:
        journal.close()
        client.wait(TASK)
        assert caplog.text.count("polls go by the usual time") == 1
        clock.advance(100)
        client.wait(TASK)
        assert caplog.text.count("polls go by the usual time") == 2


def test_a_bare_handle_of_unknown_age_is_asked_for_soon(kind):
    with open_client(kind, Vendor()) as client:
        client.wait(TASK)

        assert client.session.clock.sleeps == [0]


@pytest.mark.parametrize(
    ("offers", "free"),
    [
        ({}, True),
        ({"failures_billed = false": ""}, False),
        ({"failures_billed = false": "failures_billed = true"}, False),
    ],
)
def test_a_failure_counts_unless_the_offer_says_that_it_is_free(kind, offers, free):
    from tests.acme.adapter import OFFERS

    text = OFFERS
    for old, new in offers.items():
        text = text.replace(old, new)
    vendor = Vendor(plugin=Plugin(Acme(text=text)))
    vendor.plan(
        "status", {"id": "task-1", "status": "failed", "error": {"message": "nsfw content"}}
    )
    with open_client(kind, vendor) as client:
        task = client.wait(client.submit(JOB, MODEL))
        row = client.session.journal.entries()[0]

    assert (task.status, task.error.kind) == ("failed", "content_policy")
    assert row.counts == (not free)


def test_a_failure_that_was_billed_counts(kind):
    vendor = Vendor()
    vendor.plan("status", {"id": "task-1", "status": "failed", "cost": "0.10"})
    with open_client(kind, vendor) as client:
        client.wait(client.submit(JOB, MODEL))
        assert client.session.journal.entries()[0].counts


@pytest.mark.parametrize("status", [Status.SUBMITTING, Status.AMBIGUOUS])
def test_a_task_without_an_id_cannot_be_asked_for(kind, status):
    with open_client(kind, Vendor()) as client, pytest.raises(AmbiguousSubmitError):
        client.status(evolve(TASK, id="", status=status))


@pytest.mark.parametrize(
    ("task", "words"),
    [
        (evolve(TASK, base_url="https://evil.example"), "runs at acme on https://evil.example"),
        (evolve(TASK, adapter="other"), "runs at other"),
        (evolve(TASK, provider="nobody"), "unknown provider 'nobody'"),
    ],
)
def test_another_host_or_account_is_refused(kind, task, words):
    with open_client(kind, Vendor()) as client, pytest.raises(ConfigError, match=words):
        client.status(task)


def test_no_key_is_said_before_anything_is_sent(kind):
    vendor = Vendor()
    config = {"providers": {"acme": {"api_key": {"env": "NONE"}}}}
    with open_client(kind, vendor, config) as client, pytest.raises(ConfigError, match="set NONE"):
        client.status(TASK)

    assert vendor.calls == []


def test_an_adapter_that_reports_nothing_is_named(kind):
    class Mute(Acme):
        def status(self, task):
            yield from ()

    vendor = Vendor(plugin=Plugin(Mute()))
    with open_client(kind, vendor) as client:
        for operation in (client.status, client.wait):
            with pytest.raises(PluginError, match="status returned NoneType") as caught:
                operation(TASK)
            assert read_task(caught) == TASK


def test_another_process_that_learns_more_writes_the_row(kind, tmp_path):
    path = tmp_path / "j.sqlite"
    with open_client(kind, Vendor(), journal=path) as first:
        task = first.submit(JOB, MODEL)
        with open_client(kind, Vendor(), CONFIG, journal=path) as second:
            second.wait(task)
        row = first.session.journal.get(task.ref)

    assert (row.state, row.fence) == ("succeeded", 2)


@pytest.mark.parametrize("wish", ["0.0001", "0", "86400", "1e9", "-1", "nan", "3"])
def test_a_vendors_wish_neither_floods_it_nor_blinds_a_wait(kind, wish):
    vendor = Vendor()
    vendor.plan("status", *[lambda _: refuse(429, retry_after=wish)] * 9999)
    with open_client(kind, vendor) as client, pytest.raises(WaitTimeoutError):
        client.wait(TASK, timeout=1000)
    polls, sleeps = vendor.count("status"), client.session.clock.sleeps

    assert 4 <= polls <= 1001
    assert max(sleeps) <= 300
    assert sum(sleeps) == pytest.approx(1000)


@pytest.mark.parametrize("timeout", [10**400, "7", float("nan"), True])
def test_a_time_out_that_is_no_time_is_refused_before_anything_is_sent(kind, tmp_path, timeout):
    vendor = Vendor()
    with open_client(kind, vendor) as client, pytest.raises(ConfigError, match="timeout is"):
        client.generate(JOB, tmp_path / "fox.mp4", MODEL, timeout=timeout)

    assert vendor.calls == []
