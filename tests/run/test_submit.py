"""At most once: what each answer to the paid request results in, with both clients."""

from datetime import timedelta
from decimal import Decimal

import httpx
import pytest
from attrs import evolve

from anyvideo import Image, VideoJob
from anyvideo.errors import (
    AmbiguousSubmitError,
    BudgetError,
    ConfigError,
    JobError,
    ProviderError,
)
from anyvideo.journal.entry import Entry
from anyvideo.plugin import Request
from anyvideo.tasks.report import read_time
from anyvideo.testing.clock import VirtualClock
from tests.acme.adapter import Acme
from tests.acme.clients import CONFIG, JOB, KEY, open_client, read_body, read_row, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import PNG, Vendor, refuse

MODEL = "acme/acme-1"


def test_an_accepted_job_is_noted_with_its_order_and_quote(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        row = read_row(client)

    assert (task.id, task.status, task.quote.amount) == ("task-1", "queued", Decimal("0.40"))
    assert task.raw == '{"id":"task-1","status":"queued"}'
    assert row.task == evolve(task, raw=None)
    assert (row.lease, row.sent, row.counts, row.seconds) == (0.0, True, True, 4)
    assert VideoJob.from_json(row.job) == JOB
    assert read_body(vendor.posts[0])["prompt"] == JOB.prompt
    assert vendor.posts[0].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize("told", [None, 1_900_000_000])
def test_a_known_retention_is_known_before_the_first_poll(kind, told):
    config = {**CONFIG, "offers": [{"adapter": "acme", "model": "acme-1", "keeps_for": 3600}]}
    vendor = Vendor()
    vendor.plan("submit", {"id": "task-1", "status": "queued", "expires_at": told})
    with open_client(kind, vendor, config) as client:
        task = client.submit(JOB, MODEL)
        known = read_row(client).task

    expires = task.submitted_at + timedelta(hours=1) if told is None else read_time(told)
    assert task.expires_at == known.expires_at == expires


HTML = {"content-type": "text/html"}
UNCLEAR = {
    "read time-out": lambda _: httpx.ReadTimeout("slow"),
    "write time-out": lambda _: httpx.WriteTimeout("slow"),
    "reset while reading": lambda _: httpx.ReadError("reset"),
    "reset while writing": lambda _: httpx.WriteError("reset"),
    "closed": lambda _: httpx.RemoteProtocolError("closed"),
    "408": lambda _: refuse(408),
    "500": lambda _: refuse(500),
    "502": lambda _: refuse(502),
    "503 for ever": lambda _: refuse(503),
    "504": lambda _: refuse(504),
    "web page": lambda _: httpx.Response(200, text="<html>dashboard</html>", headers=HTML),
    "half an answer": lambda _: httpx.Response(200, text='{"id": "task-'),
    "no id": lambda _: httpx.Response(200, json={"status": "queued"}),
    "redirect": lambda _: httpx.Response(301, headers={"location": "https://other.example/"}),
    "garbled": lambda _: httpx.Response(
        200, stream=httpx.ByteStream(b"no gzip"), headers={"content-encoding": "gzip"}
    ),
    "too large": lambda _: httpx.Response(200, content=b" " * (17 << 20)),
}


@pytest.mark.parametrize("answer", UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_answer_is_ambiguous_and_never_asked_for_again(kind, answer):
    vendor = Vendor()
    vendor.plan("submit", answer)
    with open_client(kind, vendor) as client:
        with pytest.raises(AmbiguousSubmitError) as caught:
            client.submit(JOB, MODEL)
        row = read_row(client)

    assert len(vendor.posts) == 1
    assert read_task(caught).status == row.state == "ambiguous"
    assert read_task(caught).ref == row.ref
    assert caught.value.advice == "resolve"
    assert (row.lease, row.counts, row.finished) == (0.0, True, None)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (lambda _: refuse(400), "invalid_request"),
        (lambda _: refuse(401), "auth"),
        (lambda _: refuse(404, "model not found"), "model_unavailable"),
        (lambda _: refuse(429, "insufficient balance"), "insufficient_funds"),
    ],
)
def test_a_clear_refusal_is_an_error_and_costs_nothing(kind, answer, error):
    vendor = Vendor()
    vendor.plan("submit", answer)
    with open_client(kind, vendor) as client:
        with pytest.raises(ProviderError) as caught:
            client.submit(JOB, MODEL)
        row = read_row(client)

    assert len(vendor.posts) == 1
    assert (caught.value.kind, caught.value.provider) == (error, "acme")
    assert (row.state, row.counts, row.lease) == ("failed", False, 0.0)
    assert row.task.error.kind == error


@pytest.mark.parametrize(
    ("answer", "pause"),
    [
        (httpx.ConnectError("refused"), 1),
        (httpx.ConnectTimeout("unreachable"), 1),
        (httpx.PoolTimeout("busy"), 1),
        (lambda _: refuse(429, "rate limit"), 1),
        (lambda _: refuse(429, retry_after="17"), 17),
        (lambda _: refuse(503, retry_after="9"), 9),
    ],
)
def test_what_provably_created_nothing_is_sent_again_in_time(kind, answer, pause):
    vendor = Vendor()
    vendor.plan("submit", answer)
    with open_client(kind, vendor) as client:
        assert client.submit(JOB, MODEL).id == "task-2"
        assert client.session.clock.sleeps == [pause]
        assert read_row(client).state == "queued"


def test_it_is_not_sent_again_for_ever(kind):
    vendor = Vendor()
    vendor.plan("submit", *[httpx.ConnectError("refused")] * 9)
    with open_client(kind, vendor) as client:
        with pytest.raises(ProviderError, match="could not be reached"):
            client.submit(JOB, MODEL)
        assert read_row(client).state == "failed"

    assert len(vendor.posts) == 5


def test_between_two_attempts_the_row_says_that_nothing_is_out(kind):
    vendor, seen, sleep = Vendor(), list[Entry](), VirtualClock.sleep

    class Peeking(VirtualClock):
        def sleep(self, seconds):
            seen.append(read_row(client))
            sleep(self, seconds)

        async def sleep_async(self, seconds):
            self.sleep(seconds)

    def answer(_):
        seen.append(read_row(client))
        return {"id": "x"}

    vendor.plan("submit", refuse(429, retry_after="60"), answer)
    with open_client(kind, vendor, clock=Peeking()) as client:
        client.submit(JOB, MODEL)

    resting, sending = seen
    assert (resting.sent, resting.lease - resting.updated) == (False, 60 + 90)
    assert (sending.sent, sending.lease - sending.updated) == (True, 90)


def test_a_file_that_vanished_since_the_plan_is_an_error_and_nothing_was_sent(kind, tmp_path):
    picture, vendor = tmp_path / "fox.png", Vendor()
    picture.write_bytes(PNG)

    class Late(Acme):
        def submit(self, plan):
            files = {"file": next(iter(plan.uploads.values()))}
            yield Request("POST", "/v1/files", form={}, rehearsal={})
            picture.unlink(missing_ok=True)
            yield Request("POST", "/v1/videos", files=files, form={"prompt": "x"}, paid=True)

    vendor.plugin = Plugin(Late())
    with open_client(kind, vendor) as client:
        with pytest.raises(JobError, match="cannot be read any more"):
            client.submit(evolve(JOB, images=[Image(str(picture))]), MODEL)
        assert (read_row(client).state, read_row(client).counts) == ("failed", False)

    assert vendor.posts == []


def test_a_query_and_an_answer_before_the_paid_request(kind):
    class Asking(Acme):
        def submit(self, plan):
            yield Request("GET", "/v1/videos/quota", query={"model": "acme 1"})
            return (yield from super().submit(plan))

    vendor = Vendor(plugin=Plugin(Asking()))
    with open_client(kind, vendor) as client:
        assert client.submit(JOB, MODEL).id == "task-1"

    assert str(vendor.calls[0].url).endswith("/v1/videos/quota?model=acme+1")


def test_an_image_travels_before_the_job(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        client.submit(evolve(JOB, images=[Image(PNG)]), MODEL)

    upload, _ = vendor.calls
    assert upload.headers["content-type"].startswith("multipart/form-data")
    assert PNG in upload.content


def test_budgets_hold_across_clients_and_days(kind, tmp_path):
    config = {**CONFIG, "budget": {"money": "0.50"}}
    path, clock, vendor = tmp_path / "j.sqlite", VirtualClock(), Vendor()
    for _ in range(2):
        with open_client(kind, vendor, config, journal=path, clock=clock) as client:
            client.submit(JOB, MODEL)
            with pytest.raises(BudgetError):
                client.submit(JOB, MODEL)
        clock.advance(86_400)

    assert len(vendor.posts) == 2


def test_a_veto_and_a_missing_key_come_before_everything(kind):
    vendor = Vendor()
    vendor.plugin.vetoes = [BudgetError("not today")]
    with open_client(kind, vendor) as client:
        with pytest.raises(BudgetError, match="not today"):
            client.submit(JOB, MODEL)
        assert client.session.journal.entries() == []
    with (
        open_client(kind, vendor, {"providers": {"acme": {"api_key": {"env": "NONE"}}}}) as client,
        pytest.raises(ConfigError, match="set NONE"),
    ):
        client.submit(JOB, MODEL)

    assert vendor.calls == []
