"""Remixes: planned, admitted and sent as every job is."""

from datetime import date

import pytest
from attrs import evolve

from anyvideo import VideoJob
from anyvideo.errors import (
    AmbiguousSubmitError,
    BudgetError,
    JobError,
    NegotiationError,
    UnsupportedError,
)
from anyvideo.journal.database import Journal
from anyvideo.planning.remixes import plan_remix
from anyvideo.testing.clock import VirtualClock
from tests.acme.adapter import Acme
from tests.acme.clients import CONFIG, JOB, open_client, read_body
from tests.acme.plugin import NOON, Plugin
from tests.acme.vendor import DONE, Vendor, refuse

MODEL = "acme/acme-1"


def test_a_remix_is_a_job_of_its_own(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        first = client.submit(JOB, MODEL)
        second = client.remix(first, "in autumn", "160x120")
        rows = {row.task.id: row for row in client.session.journal.entries()}

    row = rows["task-2"]
    assert (row.task.id, row.remixes, row.seconds) == (second.id, "task-1", None)
    assert VideoJob.from_json(row.job) == VideoJob("in autumn", size="160x120")
    assert str(vendor.posts[1].url).endswith("/v1/videos/task-1/remix")
    assert read_body(vendor.posts[1]) == {"prompt": "in autumn", "size": "160x120"}


def test_a_key_makes_one_remix_of_one_video(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        first, other = client.submit(JOB, MODEL), client.submit(JOB, MODEL)
        second = client.remix(first, "in autumn", key="order-9")
        assert client.remix(first, "in autumn", key="order-9").id == second.id
        with pytest.raises(JobError, match="is a remix of task-1"):
            client.remix(other, "in autumn", key="order-9")
        with pytest.raises(JobError, match="another prompt"):
            client.remix(first, "in spring", key="order-9")
        client.submit(JOB, MODEL, key="order-10")
        with pytest.raises(JobError, match="it is no remix of that video"):
            client.remix(first, JOB.prompt, JOB.size, key="order-10")

    assert len(vendor.posts) == 4


def test_a_remix_that_another_process_sends_is_waited_for(kind, monkeypatch):
    vendor, opened = Vendor(), Journal.open
    with open_client(kind, vendor) as client:
        first = client.submit(JOB, MODEL)

        def lose(journal, entry, *limits):
            monkeypatch.setattr(Journal, "open", opened)
            journal.open(evolve(entry, task=evolve(entry.task, id="task-9", status="queued")))
            return journal.open(entry, *limits)

        monkeypatch.setattr(Journal, "open", lose)
        assert client.remix(first, "in autumn", key="order-9").id == "task-9"

    assert len(vendor.posts) == 1


@pytest.mark.parametrize(
    ("prompt", "size", "words"),
    [
        ("in autumn", "333x777", "size 333x777 is not available; accepted: 160x120, 320x240"),
        ("in autumn", "large", "size"),
        (" ", None, "the prompt is empty"),
    ],
)
def test_what_the_model_does_not_offer_is_refused_before_it_is_sent(kind, prompt, size, words):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        first = client.submit(JOB, MODEL)
        with pytest.raises((NegotiationError, JobError), match=words):
            client.remix(first, prompt, size)

    assert len(vendor.posts) == 1


def test_the_policy_may_change_the_size(kind):
    vendor, config = Vendor(), {**CONFIG, "policy": {"size": "nearest"}}
    with open_client(kind, vendor, config) as client:
        client.remix(client.submit(JOB, MODEL), "in autumn", "300x225")

    assert read_body(vendor.posts[1]) == {"prompt": "in autumn", "size": "320x240"}


def test_images_that_a_model_needs_are_those_of_the_old_video(kind):
    images = {"first_frame": 1, "min": 1, "via": ["file"]}
    offers = [{"adapter": "acme", "model": "acme-1", "images": images}]
    vendor = Vendor()
    with open_client(kind, vendor, {**CONFIG, "offers": offers}) as client:
        assert client.remix(DONE, "in autumn").id == "task-1"


def test_a_model_that_is_gone_is_refused_as_a_submit_is(kind):
    retired = {"on": date(2020, 1, 1), "use": ["acme/acme-2"]}
    config = {**CONFIG, "offers": [{"adapter": "acme", "model": "acme-1", "retired": retired}]}
    vendor = Vendor()
    with open_client(kind, vendor, config, clock=VirtualClock(NOON)) as client:
        with pytest.raises(NegotiationError, match="retired on 2020-01-01; use acme/acme-2"):
            client.remix(DONE, "in autumn")
        assert client.remix(evolve(DONE, model="unlisted"), "in autumn").id == "task-1"

    assert len(vendor.posts) == 1


def test_budgets_and_vetoes_hold_for_remixes(kind):
    vendor, config = Vendor(), {**CONFIG, "budget": {"money": "5.00"}}
    with (
        open_client(kind, vendor, config) as client,
        pytest.raises(BudgetError, match="the cost of acme/acme-1 is unknown"),
    ):
        client.remix(DONE, "in autumn")
    with open_client(kind, vendor) as client:
        vendor.plugin.vetoes = [BudgetError("not today")]
        with pytest.raises(BudgetError, match="not today"):
            client.remix(DONE, "in autumn")

    assert vendor.calls == []


def test_a_plugin_sees_the_request_of_a_remix(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        plan = plan_remix(
            client.session, client.session.provider("acme"), Acme().remix, DONE, "in autumn"
        )

    (request,) = plan.requests
    assert (request.url, request.json) == ("/v1/videos/task-1/remix", {"prompt": "in autumn"})
    assert str(plan) == "acme/acme-1: unknown"


def test_an_unclear_remix_is_not_repeated(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        first = client.submit(JOB, MODEL)
        vendor.plan("submit", refuse(502))
        with pytest.raises(AmbiguousSubmitError):
            client.remix(first, "in autumn")

    assert len(vendor.posts) == 2


def test_an_adapter_without_it_says_so(kind):
    plain = Acme()
    vars(plain)["remix"] = None
    vendor = Vendor(plugin=Plugin(plain))
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        with pytest.raises(UnsupportedError, match="acme has no remix"):
            client.remix(task, "in autumn")


def test_a_remix_of_known_price_is_quoted(kind):
    price = {"amount": "0.14", "per": "video"}
    offers = [{"adapter": "acme", "model": "acme-1", "remix_price": price}]
    config = {**CONFIG, "offers": offers, "budget": {"money": "0.20"}}
    vendor = Vendor()
    with open_client(kind, vendor, config) as client:
        task = client.remix(DONE, "in autumn")
        with pytest.raises(BudgetError, match=r"0\.14 of the day's 0.20 USD are used"):
            client.remix(DONE, "in winter")

    assert str(task.quote) == "0.14 USD"
