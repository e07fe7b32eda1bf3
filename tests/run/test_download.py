"""Downloads: whole, checked, the key to its own host only, expired URLs, the order compared."""

import base64
import json
import sqlite3
from contextlib import closing

import httpx
import pytest
from attrs import evolve

from anyvideo.errors import (
    DownloadError,
    ExpiredError,
    PluginError,
    ProviderError,
    TaskFailedError,
)
from anyvideo.plugin import Report, Request, diagnose_failure
from anyvideo.tasks.report import TaskError
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import JOB, KEY, open_client, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import DONE, URL, Vendor, make_film, refuse

MODEL = "acme/acme-1"


def list_rest(target):
    return sorted(path.name for path in target.parent.iterdir() if path != target)


@pytest.mark.parametrize("serves_file", [False, True])
def test_the_file_comes_home_whole_and_nothing_else_stays(kind, fetch, target, serves_file):
    vendor = Vendor(serves_file=serves_file)
    video = fetch(vendor, target, evolve(DONE, video_url=None if serves_file else URL))

    assert target.read_bytes() == vendor.film
    assert (video.path, video.size, video.task.id) == (target, len(vendor.film), "task-1")
    assert (video.facts.width, video.facts.height, video.facts.seconds) == (160, 120, 4)
    assert list_rest(target) == []
    assert [
        event.details["bytes"] for event in vendor.plugin.events if event.kind == "download"
    ] == [video.size]


def test_listeners_hear_of_every_request_and_of_no_signature(fetch, target):
    vendor = Vendor()
    vendor.plan("file", refuse(404))
    fetch(vendor, target, evolve(DONE, video_url=f"{URL}?signature=secret"))
    asked = [event.details for event in vendor.plugin.events if event.kind == "request"]

    assert [(details["url"], details["status"]) for details in asked] == [
        (URL, 404),
        ("/v1/videos/task-1", 200),
        (URL, 200),
    ]


def test_the_key_goes_home_and_not_abroad(fetch, target):
    vendor = Vendor(serves_file=True)
    vendor.plan("content", httpx.Response(302, headers={"location": URL}))
    fetch(vendor, target, evolve(DONE, video_url=None))
    home, abroad = vendor.calls

    assert home.headers["authorization"] == f"Bearer {KEY}"
    assert "authorization" not in abroad.headers


class TestExpiry:
    @pytest.mark.parametrize("status", [401, 403, 404, 410])
    def test_a_fresh_url_is_asked_for_once(self, fetch, target, status):
        vendor = Vendor()
        vendor.plan("file", refuse(status))
        fetch(vendor, target)

        assert [str(call.url) for call in vendor.calls] == [URL, f"{ORIGIN}/v1/videos/task-1", URL]
        assert target.read_bytes() == vendor.film

    @pytest.mark.parametrize(
        ("first", "second", "error"),
        [(404, 404, ExpiredError), (403, 410, ExpiredError), (403, 403, DownloadError)],
    )
    def test_what_stays_away_is_gone_or_refused(self, fetch, target, first, second, error):
        vendor = Vendor()
        vendor.plan("file", refuse(first), refuse(second))
        with pytest.raises(DownloadError) as caught:
            fetch(vendor, target)

        assert type(caught.value) is error
        assert read_task(caught).id == "task-1"

    @pytest.mark.parametrize(
        "answer",
        [lambda _: refuse(404, "task not exist"), {"id": "task-1", "status": "expired"}],
        ids=["unknown", "expired"],
    )
    def test_a_task_that_was_dropped_is_expired(self, fetch, target, answer):
        vendor = Vendor()
        vendor.plan("file", refuse(404))
        vendor.plan("status", answer)
        with pytest.raises(ExpiredError, match="no longer has the video"):
            fetch(vendor, target)

    def test_a_vendor_that_cannot_say_has_dropped_nothing(self, fetch, target):
        vendor = Vendor()
        vendor.plan("file", refuse(403))
        vendor.plan("status", refuse(401))
        with pytest.raises(DownloadError) as caught:
            fetch(vendor, target)

        assert type(caught.value) is DownloadError

    def test_the_vendors_own_word_for_it_is_taken(self, fetch, target):
        vendor = Vendor(serves_file=True)
        vendor.plan("content", refuse(410))
        with pytest.raises(ExpiredError) as caught:
            fetch(vendor, target, evolve(DONE, video_url=None))

        gone = TaskError("not_found", None, "acme no longer has the video of task-1")
        assert read_task(caught) == evolve(DONE, video_url=None, error=gone)

    def test_a_task_that_expired_or_failed_has_no_file(self, fetch, target):
        for status, error in (("expired", ExpiredError), ("failed", DownloadError)):
            with pytest.raises(DownloadError, match="no video to fetch") as caught:
                fetch(Vendor(), target, evolve(DONE, status=status))
            assert type(caught.value) is error

    def test_a_running_task_is_asked_for_first_and_patiently(self, fetch, target):
        vendor = Vendor()
        vendor.plan("status", httpx.ConnectError("no route"))
        fetch(vendor, target, evolve(DONE, status="running", video_url=None))

        assert (target.exists(), fetch.sleeps) == (True, [1])


class TestRefusals:
    def test_a_file_that_is_not_ready_is_waited_for(self, fetch, target):
        vendor = Vendor(serves_file=True)
        vendor.plan("content", refuse(400, "not ready"), refuse(400, "not ready"))
        fetch(vendor, target, evolve(DONE, video_url=None))

        assert fetch.sleeps == [4, 4]

    def test_a_busy_host_is_asked_again_when_it_says(self, kind, fetch, target):
        vendor = Vendor()
        vendor.plan("file", refuse(503, retry_after="7"))
        fetch(vendor, target)

        assert fetch.sleeps == [7]
        assert "retry" in {event.kind for event in vendor.plugin.events}

    def test_a_refusal_of_the_vendors_own_is_no_expiry(self, fetch, target):
        vendor = Vendor(serves_file=True)
        vendor.plan("content", refuse(403, "forbidden"))
        with pytest.raises(DownloadError, match="forbidden") as caught:
            fetch(vendor, target, evolve(DONE, video_url=None))

        assert isinstance(caught.value.__cause__, ProviderError)

    def test_an_answer_without_a_byte_is_tried_again(self, fetch, target):
        vendor = Vendor()
        vendor.plan("file", httpx.Response(200))
        fetch(vendor, target)

        assert fetch.sleeps == [1]

    @pytest.mark.parametrize(
        "location",
        [
            "file:///etc/passwd",
            "ftp://x/y",
            "http://127.0.0.1/x",
            "http://10.0.0.1/x",
            "javascript:alert(1)",
            "data:,x",
            "http://[",
            "http://[::1/x",
            "http://x:99999/",
            "http://x:y/",
            "http:///x",
        ],
    )
    def test_a_redirect_leads_nowhere_but_to_the_public(self, fetch, target, location):
        vendor = Vendor()
        vendor.plan("file", httpx.Response(302, headers={"location": location}))
        with pytest.raises(DownloadError, match="nothing was sent there") as caught:
            fetch(vendor, target)

        assert (len(vendor.calls), read_task(caught)) == (1, DONE)

    def test_redirects_end(self, fetch, target):
        vendor = Vendor()
        vendor.plan("file", *[httpx.Response(302, headers={"location": "/again.mp4"})] * 9)
        with pytest.raises(DownloadError, match="more than 5 redirects"):
            fetch(vendor, target)

    @pytest.mark.parametrize("told", [True, False])
    def test_a_file_above_the_limit_is_not_kept_on_fetching(self, kind, target, told):
        vendor = Vendor()
        if not told:
            vendor.plan("file", lambda _: httpx.Response(200, stream=httpx.ByteStream(vendor.film)))
        with open_client(kind, vendor) as client:
            client.session.limit = 1000
            with pytest.raises(DownloadError, match="larger than the limit of 1000 bytes"):
                client.download(DONE, target)

    def test_an_adapter_may_ask_where_the_file_is_and_take_the_answer(self, fetch, target):
        class Asking(Acme):
            def locate(self, task):
                yield Request("GET", f"/v1/videos/{task.id}")
                response = yield (found := Request("GET", URL, expects="video"))
                return found if response.ok else None

        vendor = Vendor(plugin=Plugin(Asking()))
        fetch(vendor, target)

        assert len(vendor.calls) == 2
        assert target.read_bytes() == vendor.film

    def test_an_adapter_that_finds_nothing_is_named(self, fetch, target):
        class Lost(Acme):
            def locate(self, task):
                yield Request("GET", f"/v1/videos/{task.id}")
                return "https://cdn.acme.example/task-1.mp4"

        with pytest.raises(PluginError, match="yielded str"):
            fetch(Vendor(plugin=Plugin(Lost())), target)


class TestReport:
    def test_the_delivery_is_held_against_the_order(self, kind, target):
        vendor = Vendor(film=make_film((320, 240), 2.0))
        with open_client(kind, vendor) as client:
            video = client.generate(JOB, target, MODEL)
            row = client.session.journal.entries()[0]

        assert [str(item) for item in video.differences] == [
            "seconds ordered 4, delivered 2",
            "size ordered 160x120, delivered 320x240",
        ]
        assert json.loads(row.facts)["differences"] == [str(item) for item in video.differences]
        assert (json.loads(row.facts)["width"], row.path) == (320, str(target))

    def test_without_a_journal_the_plan_is_the_order(self, kind, target):
        with open_client(kind, Vendor(film=make_film((320, 240))), journal=None) as client:
            video = client.generate(JOB, target, MODEL)

        assert [item.field for item in video.differences] == ["size"]

    @pytest.mark.parametrize("job", ["", "{"])
    def test_an_order_that_nobody_knows_is_not_compared(self, kind, target, job):
        path = target.with_name("j.sqlite")
        with open_client(kind, Vendor(), journal=path) as client:
            task = client.submit(JOB, MODEL)
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                connection.execute("UPDATE job SET job = ?", (job,))
            assert client.download(task, target).differences == ()


def test_an_order_of_a_row_that_is_gone_is_not_compared(kind, target):
    with open_client(kind, Vendor()) as client:
        assert client.download(evolve(DONE, ref="gone"), target).differences == ()


@pytest.mark.parametrize("size", [1000, 10**9])
def test_the_file_may_be_passed_on_in_pieces(kind, size, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        pieces = list(client.iter_bytes(task, size))
        row = client.session.journal.get(task.ref)

    assert b"".join(pieces) == vendor.film
    assert max(map(len, pieces)) == min(size, len(vendor.film))
    assert (row.path, json.loads(row.facts)["bytes"]) == (None, len(vendor.film))
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_video_is_not_passed_on(kind, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    vendor = Vendor(film=b"no film" * 100)
    with open_client(kind, vendor) as client, pytest.raises(DownloadError, match="not a whole MP4"):
        next(iter(client.iter_bytes(DONE)))

    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_is_noted(kind, tmp_path):
    vendor = Vendor()
    vendor.plan("file", refuse(404), refuse(404))
    with open_client(kind, vendor) as client:
        task = client.submit(JOB, MODEL)
        with pytest.raises(ExpiredError) as caught:
            client.download(task, tmp_path / "fox.mp4")
        row = client.session.journal.get(task.ref)

    assert (row.state, row.task.error.kind) == ("succeeded", "not_found")
    assert row.task.error.message == "the vendor no longer has the video of task-1 (HTTP 404)"
    assert read_task(caught).error == row.task.error


class Late(Acme):
    """Acme as a vendor that calls every job complete, and says of its file that it failed."""

    def locate(self, task):
        response = yield Request("GET", f"/v1/videos/{task.id}/content")
        if response.ok:
            return Request("GET", response.find("url"), expects="video")
        return Report(
            task.id,
            "failed",
            error=diagnose_failure(response.find("error"), status=response.status),
        )


def test_a_failure_that_only_the_file_tells_ends_the_task(kind, tmp_path):
    vendor = Vendor(plugin=Plugin(Late()))
    vendor.plan("content", refuse(400, "the video was moderated"))
    with open_client(kind, vendor) as client:
        task = client.wait(client.submit(JOB, MODEL))
        with pytest.raises(
            TaskFailedError, match="failed: the video was moderated; a failed job is"
        ) as caught:
            client.download(task, tmp_path / "fox.mp4")
        row = client.session.journal.get(task.ref)

    assert (row.state, row.counts, row.task.error.kind) == ("failed", False, "content_policy")
    assert read_task(caught).status == "failed"
    assert list(tmp_path.iterdir()) == []


class Whole(Acme):
    """Acme as a vendor whose answer holds the file."""

    def locate(self, task):
        response = yield Request("GET", f"/v1/videos/{task.id}/content")
        return base64.b64decode(response.find("data"))


@pytest.mark.parametrize("whole", [True, False])
def test_a_file_may_come_inside_an_answer(kind, tmp_path, whole):
    vendor, target = Vendor(plugin=Plugin(Whole())), tmp_path / "fox.mp4"
    data = vendor.film if whole else vendor.film[:-9]
    vendor.plan("content", {"data": base64.b64encode(data).decode()})
    with open_client(kind, vendor) as client:
        task = client.wait(client.submit(JOB, MODEL))
        if whole:
            assert client.download(task, target).size == len(vendor.film)
        else:
            with pytest.raises(DownloadError, match="is not a whole MP4"):
                client.download(task, target)

    assert target.exists() == whole
    assert vendor.count("file") == 0


def test_a_delivered_video_never_fails_later(kind, tmp_path):
    vendor = Vendor(plugin=Plugin(Late()))
    vendor.plan("content", {"url": URL}, refuse(400, "the video was moderated"))
    with open_client(kind, vendor) as client:
        task = client.wait(client.submit(JOB, MODEL))
        client.download(task, tmp_path / "fox.mp4")
        with pytest.raises(TaskFailedError):
            client.download(task, tmp_path / "again.mp4")
        assert client.session.journal.get(task.ref).state == "succeeded"
