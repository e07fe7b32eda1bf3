"""Whatever a vendor streams, it ends in bounded memory and time, and a job with an id is polled."""

import itertools
import json
import zlib

import pytest

from anyvideo import VideoJob
from anyvideo.errors import AmbiguousSubmitError
from anyvideo.session.waiting import Retry
from tests.acme.clients import KEY, open_client, read_row
from tests.safety.test_hostile_answers import BUDGET, EMPTY_BLOCKS, Watch
from tests.sockets import Listener

pytestmark = pytest.mark.volume

MODEL = "apertis-chat/sora-2"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
ID = b'data: {"choices": [{"delta": {"content": "task_id: sora-2:1234567890-abcdefgh\\n"}}]}\n\n'


def event(text):
    return b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}).encode() + b"\n\n"


def repeat(piece):
    return lambda: itertools.repeat(piece)


def count(form):
    return lambda: (event(form % number) for number in itertools.count())


FLOODS = {
    "events": repeat(event("rendering") * 500),
    "tiny events": repeat(b"data: x\n\n" * 5000),
    "a line": repeat(b"data: " + b"x" * 65536),
    "a line without a field": repeat(b"x" * 65536),
    "an event of many lines": repeat(b"data: x\n" * 5000),
    "an event with \\r alone": repeat(b"data: x\r" * 5000),
    "events with \\r alone": repeat(b"data: x\r\r" * 5000),
    "nothing but \\r": repeat(b"\r" * 65536),
    "comments": repeat(b": ping\n\n" * 5000),
    "other fields": repeat(b"id: 7\nretry: 1\n\n" * 3000),
    "progress up and down": repeat(event("progress: 40%\n") + event("progress: 10%\n")),
    "progress that hardly moves": count("progress: 1.%06d%%\n"),
    "ids": count("task_id: video_%d\n"),
    "ids by field": lambda: (b'data: {"task_id": "v%d"}\n\n' % n for n in itertools.count()),
    "failures": repeat(event("error: no\n")),
    "documents in one event": repeat(b"data: " + b"{}" * 30000 + b"\n\n"),
    "deep documents": repeat(b"data: " + b"[" * 60000 + b"\n\n"),
    "URLs": count("https://cdn.example/%d.png "),
    "invalid text": repeat(b"\xff" * 65536),
    "bytes of nothing": repeat(bytes(65536)),
}


def flood(start, make):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(start)
        for piece in make():
            connection.sendall(piece)
            if listener.closing.is_set():
                return

    return behave


def pack(make):
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    for piece in make():
        yield packer.compress(piece) + packer.flush(2)


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    """The limits of a stream, smaller: their order is the same, and a test is over sooner."""
    monkeypatch.setattr("anyvideo.run.stream_guard.MOST_STREAM_BYTES", 1 << 17)
    monkeypatch.setattr("anyvideo.dialects.sse.MOST_EVENT_BYTES", 1 << 15)
    monkeypatch.setattr("anyvideo.run.stream_guard.MOST_STREAM_CHANGES", 50)
    for driver in ("sync", "aio"):
        monkeypatch.setattr(f"anyvideo.transport.{driver}.LONGEST_SILENCE", 0.3)


def submit(kind, behave):
    settings = {"base_url": "", "api_key": KEY, "timeout": 2}
    with Listener(behave) as server:
        config = {"providers": {"apertis-chat": {**settings, "base_url": server.url}}}
        options = {"config": config, "retry": Retry(attempts=1)}
        with open_client(kind, None, **options) as client, Watch() as watch:
            try:
                task = client.submit(VideoJob("a red fox"), MODEL)
            except AmbiguousSubmitError as error:
                task = error.task
            row = read_row(client)
    assert len(server.requests) == 1
    assert watch.peak < BUDGET
    assert watch.seconds < 10
    return task, row


START = HEAD + b"\r\n" + ID
BEHAVIOURS = {name: flood(START, make) for name, make in FLOODS.items()}
PACKED = flood(
    HEAD + b"content-encoding: gzip\r\n\r\n",
    lambda: pack(lambda: itertools.chain([ID], repeat(bytes(1 << 20))())),
)


@pytest.mark.parametrize(
    "behave", [*BEHAVIOURS.values(), PACKED], ids=[*BEHAVIOURS, "a bomb of gzip"]
)
def test_a_stream_without_an_end_leaves_a_task_to_poll(kind, behave):
    task, row = submit(kind, behave)

    assert (task.id, row.task.id) == ("sora-2:1234567890-abcdefgh",) * 2
    assert row.state == task.status
    assert task.status in {"running", "failed"}


@pytest.mark.parametrize("name", ["events", "a line", "comments", "an event with \\r alone"])
def test_a_stream_without_an_end_and_an_id_is_ambiguous(kind, name):
    task, row = submit(kind, flood(HEAD + b"\r\n", FLOODS[name]))

    assert (task.id, task.status, row.state) == ("", "ambiguous", "ambiguous")


SILENT = {
    "gzip of nothing": flood(
        HEAD + b"content-encoding: gzip\r\n\r\n" + EMPTY_BLOCKS,
        repeat(b"\x00\x00\x00\xff\xff" * 9999),
    ),
    "the length of a chunk": flood(
        HEAD + b"transfer-encoding: chunked\r\n\r\n1;", repeat(b"x" * 999)
    ),
    "silence": lambda listener, connection: [
        listener.read(connection),
        connection.sendall(HEAD + b"\r\n"),
        listener.closing.wait(5),
    ],
}


@pytest.mark.parametrize("behave", SILENT.values(), ids=SILENT)
def test_a_stream_that_says_nothing_ends(kind, behave):
    assert submit(kind, behave)[1].state == "ambiguous"
