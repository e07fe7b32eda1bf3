"""A submit over a stream: safe from the first word of an id on, ambiguous before it."""

from types import SimpleNamespace

import httpx
import pytest

from anyvideo.errors import AmbiguousPluginError, AmbiguousSubmitError, PluginError, ProviderError
from anyvideo.limits import MOST_STREAM_BYTES
from anyvideo.plugin import Report, Request, Response, Task, diagnose
from anyvideo.run.stream_guard import StreamGuard
from anyvideo.testing.clock import VirtualClock
from tests.acme.adapter import Acme
from tests.acme.clients import JOB, KEY, open_client, read_row, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import Pieces, Vendor, refuse

MODEL = "acme/acme-1"
URL = "https://cdn.acme.example/1.mp4"
LAST = SimpleNamespace()


class Streaming(Acme):
    """Reads lines such as "id=task-1", "at=40" and "url=https://..."."""

    def stream(self, plan):
        head = yield Request(
            "POST", "/v1/chat", json={"prompt": plan.job.prompt}, expects="events", paid=True
        )
        if not head.ok:
            raise diagnose(head, paid=True)
        known, text, chunk = dict[str, str](), b"", head.body
        while True:
            text += chunk
            known.update(line.split("=", 1) for line in text.decode().split() if "=" in line)
            if "refused" in known:
                raise ProviderError(kind="content_policy", message=known["refused"])
            status = "succeeded" if "url" in known else "running"
            report = Report(known.get("id", ""), status, known.get("at"), known.get("url"))
            chunk = yield report
            if not chunk:
                return report


def submit(kind, *pieces, adapter=Streaming, **options):
    stream = Pieces(*pieces)
    vendor = Vendor(plugin=Plugin(adapter()))
    vendor.plan("submit", lambda _: httpx.Response(200, stream=stream))
    with open_client(kind, vendor) as client:
        try:
            return client.submit(JOB, MODEL, **options), read_row(client)
        finally:
            LAST.row = read_row(client)
            assert stream.closed
            assert len(vendor.posts) == 1


def test_every_word_is_noted_and_told(kind):
    seen: list[Task] = []
    task, row = submit(
        kind,
        b"hm ",
        b"id=task-1\nat=10 ",
        b"\nat=40\n",
        f"url={URL}\n".encode(),
        on_change=seen.append,
    )

    assert [(item.status, item.progress) for item in seen] == [
        ("running", 10),
        ("running", 40),
        ("succeeded", 40),
    ]
    assert (task.id, task.video_url, task.status) == ("task-1", URL, "succeeded")
    assert (row.state, row.task.id, row.lease) == ("succeeded", "task-1", 0.0)


def test_a_stream_that_breaks_after_the_id_leaves_a_task_to_ask_for(kind):
    task, row = submit(kind, b"id=task-1\n", httpx.ReadError("reset"))

    assert (task.id, task.status, row.state) == ("task-1", "running", "running")


def test_a_stream_that_breaks_before_the_id_is_ambiguous(kind):
    with pytest.raises(AmbiguousSubmitError):
        submit(kind, b"hm ", httpx.ReadError("reset"))

    assert LAST.row.state == "ambiguous"


def test_a_stream_that_ends_without_an_id_is_ambiguous(kind):
    with pytest.raises(AmbiguousPluginError, match="without an id"):
        submit(kind, b"hm ")


def test_a_video_at_the_end_needs_no_id(kind):
    task, row = submit(kind, f"url={URL}\n".encode())

    assert (task.id, task.status, row.task.video_url) == (row.ref, "succeeded", URL)


def test_a_refusal_in_the_stream_costs_nothing(kind):
    with pytest.raises(ProviderError, match="nsfw") as caught:
        submit(kind, b"refused=nsfw ")

    assert caught.value.provider == "acme"
    assert (LAST.row.state, LAST.row.counts) == ("failed", False)


@pytest.mark.parametrize("answer", [httpx.ConnectError("no"), lambda _: refuse(429, "rate limit")])
def test_what_provably_created_nothing_is_sent_again(kind, answer):
    vendor = Vendor(plugin=Plugin(Streaming()))
    vendor.plan("submit", answer, lambda _: httpx.Response(200, stream=Pieces(b"id=task-1 ")))
    with open_client(kind, vendor) as client:
        assert client.submit(JOB, MODEL).id == "task-1"
        assert client.session.clock.sleeps == [1]


def test_a_refusal_before_the_stream_has_its_reason(kind):
    vendor = Vendor(plugin=Plugin(Streaming()))
    vendor.plan("submit", refuse(400, "bad prompt"))
    with open_client(kind, vendor) as client, pytest.raises(ProviderError, match="bad prompt"):
        client.submit(JOB, MODEL)


def test_an_interrupt_after_the_id_leaves_a_running_job(kind):
    with pytest.raises(KeyboardInterrupt) as caught:
        submit(kind, b"id=task-1\n", KeyboardInterrupt())

    assert read_task(caught).id == "task-1"
    assert (LAST.row.state, LAST.row.task.id) == ("running", "task-1")


def test_an_interrupt_before_the_id_is_ambiguous(kind):
    with pytest.raises(KeyboardInterrupt):
        submit(kind, b"hm", KeyboardInterrupt())

    assert LAST.row.state == "ambiguous"


def test_a_listener_that_fails_loses_no_job(kind):
    def fail(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as caught:
        submit(kind, b"id=task-1\n", b"at=40\n", on_change=fail)

    assert read_task(caught).id == "task-1"
    assert LAST.row.state == "running"


def test_while_no_id_is_known_the_lease_is_renewed(kind):
    leases = list[float]()

    class Slow(Pieces):
        def __iter__(self):
            for _ in range(3):
                clock.advance(61)
                leases.append(client.session.journal.entries()[0].lease - clock.now())
                yield b"hm "
            yield b"id=task-1\n"

    vendor = Vendor(plugin=Plugin(Streaming()))
    vendor.plan("submit", lambda _: httpx.Response(200, stream=Slow()))
    with open_client(kind, vendor) as client:
        clock = client.session.clock
        client.submit(JOB, MODEL)

    assert leases == [269, 269, 269]


def test_a_stream_without_an_end_is_left_for_the_query(kind):
    class Endless(Pieces):
        def __iter__(self):
            yield b"id=task-1\n"
            while True:
                clock.advance(59)
                yield b": keep-alive\n"

    vendor = Vendor(plugin=Plugin(Streaming()))
    vendor.plan("submit", lambda _: httpx.Response(200, stream=Endless()))
    with open_client(kind, vendor) as client:
        clock = client.session.clock
        assert client.submit(JOB, MODEL).status == "running"


def test_a_stream_is_over_before_the_job_is_asked_for(kind, tmp_path):
    stream, vendor, closed = Pieces(b"id=task-1 "), Vendor(plugin=Plugin(Streaming())), []

    def answer(call):
        closed.append(stream.closed)
        return vendor.answer_status(call)

    vendor.plan("submit", lambda _: httpx.Response(200, stream=stream))
    vendor.plan("status", answer)
    with open_client(kind, vendor) as client:
        client.generate(JOB, tmp_path / "fox.mp4", MODEL)

    assert closed == [True]


class Timed(Pieces):
    """Says some things for ever, with so many seconds before each."""

    def __init__(self, seconds, *pieces, first=b"id=task-1\n"):
        super().__init__(*pieces)
        self.seconds, self.first, self.said = seconds, first, 0
        self.clock = VirtualClock()

    def __iter__(self):
        yield self.first
        while True:
            self.said += 1
            self.clock.advance(self.seconds)
            yield self.pieces[self.said % len(self.pieces)]


@pytest.mark.parametrize(
    ("stream", "pieces"),
    [
        (Timed(60, b": ping\n"), 15),
        (Timed(60, b"at=1\n", b"at=2\n"), 60),
        (Timed(0.01, b"at=1\n", b"at=2\n"), 999),
    ],
    ids=["no news", "up and down", "up and down at once"],
)
def test_a_stream_that_goes_on_is_left_for_the_query(kind, stream, pieces):
    stream.said = 0
    vendor = Vendor(plugin=Plugin(Streaming()))
    vendor.plan("submit", lambda _: httpx.Response(200, stream=stream))
    with open_client(kind, vendor) as client:
        stream.clock = client.session.clock
        task = client.submit(JOB, MODEL)

    assert (task.id, task.status) == ("task-1", "running")
    assert abs(stream.said - pieces) <= 1


def test_a_stream_without_an_id_is_waited_for_longer(kind):
    stream = Timed(60, b": ping\n", first=b"hm\n")
    vendor = Vendor(plugin=Plugin(Streaming()))
    vendor.plan("submit", lambda _: httpx.Response(200, stream=stream))
    with open_client(kind, vendor) as client:
        stream.clock = client.session.clock
        with pytest.raises(AmbiguousSubmitError):
            client.submit(JOB, MODEL)

    assert abs(stream.said - 60) <= 1


def test_a_stream_of_too_many_bytes_is_left():
    guard = StreamGuard(0.0)
    guard.size = MOST_STREAM_BYTES - 1
    assert not guard.is_spent(1.0)

    guard.size += 1
    assert guard.is_spent(1.0)


class TestBadAdapters:
    def test_one_that_goes_on_after_the_end_is_named(self, kind):
        class Endless(Acme):
            def stream(self, plan):
                yield Request("POST", "/v1/chat", expects="events", paid=True)
                while True:
                    yield None

        with pytest.raises(AmbiguousSubmitError, match="goes on after its end"):
            submit(kind, b"hm", adapter=Endless)

    def test_one_that_begins_with_no_request_is_named(self, kind):
        class Odd(Acme):
            def stream(self, plan):
                yield Report("x")

        vendor = Vendor(plugin=Plugin(Odd()))
        with (
            open_client(kind, vendor) as client,
            pytest.raises(PluginError, match="yielded Report"),
        ):
            client.submit(JOB, MODEL)

        assert vendor.calls == []


def test_the_key_is_cut_out_of_the_stream_wherever_it_is_split(kind):
    key = KEY.encode()
    heard = []

    class Listening(Streaming):
        def stream(self, plan):
            flow = super().stream(plan)
            request = next(flow)
            while True:
                received = yield request
                heard.append(received.body if isinstance(received, Response) else received)
                try:
                    request = flow.send(received)
                except StopIteration as stop:
                    return stop.value

    pieces = [
        b"id=task-1 echo=",
        *(key[index : index + 1] for index in range(len(key))),
        b" at=4\n",
    ]
    task, _ = submit(kind, *pieces, b"rest=", key[:5], adapter=Listening)

    assert key not in b"".join(heard)
    assert b"echo=*** at=4" in b"".join(heard)
    assert b"".join(heard).endswith(b"rest=" + key[:5])
    assert task.progress == 4
