"""Whatever a vendor answers, it takes bounded memory and bounded time."""

import gzip
import time
import tracemalloc
import zlib
from functools import lru_cache

import pytest

from anyvideo.errors import AmbiguousSubmitError, DownloadError, ProviderError
from anyvideo.limits import MOST_ANSWER_BYTES
from tests.acme.clients import JOB, read_row
from tests.sockets import Listener, write_answer
from tests.transport.connecting import MODEL, connect, make_task

pytestmark = pytest.mark.volume

BUDGET = 64 << 20
BOMB = 80 << 20


@lru_cache
def pack(layers, wbits=31):
    """A bomb of zeros in so many layers."""
    packed = bytes(BOMB)
    for _ in range(layers):
        packer = zlib.compressobj(6, zlib.DEFLATED, wbits)
        packed = packer.compress(packed) + packer.flush()
    return packed


def fill(start, piece, end=b"", size=MOST_ANSWER_BYTES):
    count = (size - len(start) - len(end)) // len(piece)
    return start + piece * count + end


def number(form, end, size=MOST_ANSWER_BYTES):
    """A JSON object with as many keys as fit."""
    pieces, length = list[bytes](), 0
    while length < size - 30:
        pieces.append(form % len(pieces))
        length += len(pieces[-1])
    return b'{"id": "task-1", "status": "x"' + b"".join(pieces)[: size - 64] + end


def say(**options):
    """Answers once with a body that is made when it is needed."""
    make = options.pop("make")
    return lambda: write_answer(make(), **options)


ANSWERS = {
    "gzip": say(make=lambda: pack(1), content_encoding="gzip"),
    "gzip in gzip": say(make=lambda: pack(2), content_encoding="gzip, gzip"),
    "three layers": say(make=lambda: pack(3), content_encoding="gzip, identity, gzip, gzip"),
    "deflate": say(make=lambda: pack(1, 15), content_encoding="deflate"),
    "raw deflate": say(make=lambda: pack(1, -15), content_encoding="deflate"),
    "packed as something else": say(make=lambda: pack(1), content_encoding="br"),
    "not packed": say(make=lambda: b"{}" * 100, content_encoding="gzip"),
    "cut": say(make=lambda: gzip.compress(bytes(999))[:20], content_encoding="gzip"),
    "16 MB of {}": say(make=lambda: fill(b"", b"{}", size=16 << 20)),
    "a list of {}": say(make=lambda: fill(b"[", b"{},", b"0]")),
    "a list of {} in gzip": say(
        make=lambda: gzip.compress(fill(b"[", b"{},", b"0]")), content_encoding="gzip"
    ),
    "lists in lists": say(make=lambda: fill(b"", b"[")),
    "objects in objects": say(make=lambda: fill(b"", b'{"a":')),
    "a level too many": say(make=lambda: b'{"a":' + b"[" * 64 + b"]" * 64 + b"}"),
    "many keys": say(make=lambda: number(b',"%d":0', b"}")),
    "a text with one wide letter": say(
        make=lambda: fill('{"status": "\U0001f3ac'.encode(), b"a", b'"}')
    ),
    "escapes": say(make=lambda: fill(b'{"status": "', b"\\ud83c", b'"}')),
    "quotes": say(make=lambda: fill(b"[" * 65, b'"\\')),
    "digits": say(make=lambda: fill(b'{"id": ', b"9", b"}")),
    "an exponent": say(make=lambda: b'{"id": "x", "status": "queued", "cost": 1e999999999}' * 2),
    "JSON in a message": say(
        make=lambda: fill(b'{"error": {"message": "[', b"{},", b'"}}', size=90_000 * 3)
    ),
    "HTML": say(make=lambda: fill(b"<html>", b"<title>"), content_type="text/html"),
    "spaces": say(make=lambda: fill(b"", b" ")),
}

# How long one of these may take on a machine that has much else to do, in seconds.
LONGEST = 120.0


class Watch:
    """Measures the memory and the CPU time of a with statement, which other programs do not change."""

    def __enter__(self):
        tracemalloc.start()
        self.base, self.started = tracemalloc.get_traced_memory()[0], time.process_time()
        self.ends = time.monotonic() + LONGEST
        return self

    def __exit__(self, *_):
        self.peak = tracemalloc.get_traced_memory()[1] - self.base
        self.seconds = time.process_time() - self.started
        tracemalloc.stop()
        assert time.monotonic() < self.ends


def answer_all(data):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(data)

    return behave


@pytest.mark.parametrize("make", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_to_a_poll_stays_within_its_memory(kind, make):
    with Listener(answer_all(make())) as server, connect(kind, server.url, 2) as client:
        task = make_task(server.url)
        with Watch() as watch:
            try:
                assert client.status(task).status in {"queued", "running"}
            except ProviderError as error:
                assert error.retryable, error  # noqa: PT017 (some of them are answers)
    assert watch.peak < BUDGET
    assert watch.seconds < 10


@pytest.mark.parametrize("make", ANSWERS.values(), ids=ANSWERS)
def test_an_error_after_a_submit_stays_within_its_memory(kind, make):
    data = make().replace(b"200 OK", b"500 Internal Server Error", 1)
    with Listener(answer_all(data)) as server, connect(kind, server.url, 2) as client:
        with Watch() as watch, pytest.raises(AmbiguousSubmitError):
            client.submit(JOB, MODEL)
        assert read_row(client).state == "ambiguous"
    assert watch.peak < BUDGET
    assert len(server.requests) == 1


def test_a_larger_answer_than_any_is_malformed_and_asked_for_again(kind):
    data = write_answer(fill(b'{"id": "task-1", "x": "', b"a", b'"}', MOST_ANSWER_BYTES + 9))
    with Listener(answer_all(data)) as server, connect(kind, server.url) as client:
        with pytest.raises(ProviderError, match="larger than 1048576 bytes") as caught:
            client.status(make_task(server.url))
        assert (caught.value.kind, caught.value.retryable) == ("malformed", True)
        with pytest.raises(AmbiguousSubmitError, match="larger than 1048576 bytes"):
            client.submit(JOB, MODEL)
        assert read_row(client).state == "ambiguous"


def test_the_largest_answer_is_read(kind):
    data = write_answer(fill(b'{"id": "task-1", "status": "queued", "x": "', b"a", b'"}'))
    with Listener(answer_all(data)) as server, connect(kind, server.url) as client:
        assert client.status(make_task(server.url)).status == "queued"


def pour(start, piece):
    """Sends a start, and then the same for ever, as fast as it is taken."""

    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(start)
        while not listener.closing.is_set():
            connection.sendall(piece)

    return behave


EMPTY_BLOCKS = gzip.compress(b"")[:10] + b"\x00\x00\x00\xff\xff"
ENDLESS = {
    "a body": pour(b"HTTP/1.1 200 OK\r\n\r\n", b"[" * 65536),
    "a chunked body": pour(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"100\r\n" + b" " * 256 + b"\r\n"),
    "a line of a chunk": pour(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1;", b"x" * 9999),
    "gzip of nothing": pour(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + EMPTY_BLOCKS,
        b"\x00\x00\x00\xff\xff" * 9999,
    ),
    "gzip with a tail": pour(
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n" + gzip.compress(b"{"), bytes(65536)
    ),
    "a head": pour(b"HTTP/1.1 200 OK\r\nx: ", b"x" * 65536),
    "headers": pour(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n" * 9999),
    "hints": pour(b"", b"HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n" * 999),
    "nothing but line ends": pour(b"", b"\r\n" * 9999),
}  # fmt: skip


@pytest.mark.parametrize("behave", ENDLESS.values(), ids=ENDLESS)
def test_an_answer_without_an_end_ends(kind, behave):
    with Listener(behave) as server, connect(kind, server.url, 0.3) as client:
        with Watch() as watch, pytest.raises(ProviderError) as caught:
            client.status(make_task(server.url))
        assert caught.value.retryable
    assert watch.peak < BUDGET
    assert watch.seconds < 5


FILE = b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\n\r\n"
PAGE = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>"


def drip(start, piece, pause=0.02):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(start)
        while not listener.closing.wait(pause):
            connection.sendall(piece)

    return behave


DRIPS = {
    "a film": drip(FILE, b"x"),
    "a page": drip(PAGE, b"x"),
    "a page a little at a time": drip(PAGE, b"x" * 100),
    "a page at once": pour(PAGE, b"x" * 65536),
    "JSON": drip(FILE, b'{"a":'),
    "the length of a chunk": drip(FILE[:-2] + b"transfer-encoding: chunked\r\n\r\n1;", b"x"),
    "gzip of nothing": drip(
        FILE[:-2] + b"content-encoding: gzip\r\n\r\n" + EMPTY_BLOCKS, b"\x00\x00\x00\xff\xff" * 99
    ),
}


@pytest.mark.parametrize("behave", DRIPS.values(), ids=DRIPS)
def test_a_file_that_never_comes_is_given_up(kind, tmp_path, behave):
    with Listener(behave) as server, connect(kind, server.url, 0.3) as client:
        task = make_task(server.url, status="succeeded", video_url=f"{server.url}/fox.mp4")
        with Watch() as watch, pytest.raises(DownloadError, match="download it again"):
            client.download(task, tmp_path / "fox.mp4")
    assert watch.peak < BUDGET
    assert watch.seconds < 5
