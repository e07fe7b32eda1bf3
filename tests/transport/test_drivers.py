"""Both drivers over real sockets: time-outs of whole requests, and connections."""

import asyncio
import socket
import threading
import time
from contextlib import suppress

import pytest

from anyvideo import AsyncClient, Client
from anyvideo.errors import AmbiguousSubmitError, DownloadError, ProviderError
from anyvideo.session.waiting import Retry
from anyvideo.testing.clock import VirtualClock
from anyvideo.transport.aio import AsyncDriver
from anyvideo.transport.steps import Read, Sleep, Work, throw_into
from anyvideo.transport.sync import Driver
from tests.acme.clients import JOB, KEY
from tests.acme.vendor import make_film
from tests.sockets import DONE, Listener, drip, make_options, serve, write_answer
from tests.transport.connecting import MODEL, connect, make_task

HEAD = b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n"
DRIPS = {
    "the first line": b"HTTP/1.1 200 ",
    "the head": b"HTTP/1.1 200 OK\r\nx: ",
    "hints": b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nx: ",
    "the body": HEAD + b'{"id": ',
}


@pytest.mark.parametrize("start", DRIPS.values(), ids=DRIPS)
def test_a_server_that_drips_cannot_hold_a_request(kind, start):
    with Listener(drip(start)) as server, connect(kind, server.url, 0.3) as client:
        started = time.monotonic()
        with pytest.raises(ProviderError, match="did not answer in time") as caught:
            client.status(make_task(server.url))

    assert (caught.value.kind, caught.value.retryable) == ("timeout", True)
    assert time.monotonic() - started < 3


def test_a_paid_request_that_drips_is_ambiguous_and_over(kind):
    with Listener(drip(HEAD)) as server, connect(kind, server.url, 0.3) as client:
        with pytest.raises(AmbiguousSubmitError, match="did not answer in time"):
            client.submit(JOB, MODEL)
        assert client.session.journal.entries()[0].state == "ambiguous"


def test_a_file_may_take_longer_than_a_request(kind, tmp_path):
    film = make_film()

    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(write_answer(film, content_type="video/mp4")[: -len(film)])
        for start in range(0, len(film), 1 + len(film) // 20):
            listener.closing.wait(0.05)
            connection.sendall(film[start : start + 1 + len(film) // 20])

    with Listener(behave) as server, connect(kind, server.url, 0.4) as client:
        task = make_task(server.url, status="succeeded", video_url=f"{server.url}/fox.mp4")
        assert client.download(task, tmp_path / "fox.mp4").size == len(film)


def test_a_file_that_hardly_comes_is_given_up(kind, tmp_path):
    start = b"HTTP/1.1 200 OK\r\ncontent-type: video/mp4\r\ncontent-length: 100000\r\n\r\n"
    with Listener(drip(start)) as server, connect(kind, server.url, 0.3) as client:
        task = make_task(server.url, status="succeeded", video_url=f"{server.url}/fox.mp4")
        with pytest.raises(DownloadError, match="sent less than 1024 bytes a second"):
            client.download(task, tmp_path / "fox.mp4")


def test_a_host_that_refuses_is_tried_again_and_named(kind):
    with socket.create_server(("127.0.0.1", 0)) as gone:
        url = f"http://127.0.0.1:{gone.getsockname()[1]}"
    with connect(kind, url, retry=Retry()) as client:
        with pytest.raises(ProviderError, match="acme: could not be reached"):
            client.submit(JOB, MODEL)
        assert client.session.clock.sleeps == [1, 2, 4, 8]
        assert client.session.journal.entries()[0].state == "failed"


def test_polls_share_a_connection_and_a_paid_request_has_its_own(kind):
    with Listener(serve()) as server, connect(kind, server.url) as client:
        for _ in range(3):
            client.status(make_task(server.url))
        assert server.connections == 1
        client.submit(JOB, MODEL)
        client.submit(JOB, MODEL)

        assert server.connections == 3
        assert all(f"Bearer {KEY}".encode() in request for request in server.requests)
        assert all(b"user-agent: anyvideo/" in request.lower() for request in server.requests)


def test_a_connection_that_the_vendor_closed_is_replaced(kind):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(write_answer())

    with Listener(behave) as server, connect(kind, server.url, retry=Retry()) as client:
        for _ in range(3):
            assert client.wait(make_task(server.url)).status == "succeeded"


class Crowd:
    """Counts how many requests are being answered at once; answers none before eight have come."""

    def __init__(self):
        self.now = self.most = 0
        self.lock, self.enough = threading.Lock(), threading.Event()

    def __call__(self, listener, connection):
        while listener.read(connection):
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
            if self.most >= 8:
                self.enough.set()
            self.enough.wait(5)
            listener.closing.wait(0.01)
            with self.lock:
                self.now -= 1
            connection.sendall(write_answer())


def test_a_vendor_gets_few_connections_however_many_tasks():
    crowd = Crowd()

    async def run(server):
        async with AsyncClient(journal=None, **make_options(server.url)) as client:
            await asyncio.gather(*(client.status(make_task(server.url)) for _ in range(40)))

    with Listener(crowd) as server:
        asyncio.run(run(server))

    assert (crowd.most, server.connections) == (8, 8)


def test_a_vendor_gets_few_connections_however_many_threads():
    crowd, answers = Crowd(), []
    with (
        Listener(crowd) as server,
        Client(journal=None, **make_options(server.url)) as client,
    ):
        work = lambda: answers.append(client.status(make_task(server.url)))  # noqa: E731 (a piece of work)
        threads = [threading.Thread(target=work) for _ in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(answers) == 24
    assert crowd.most == 8


class TestRun:
    """The loop itself: whatever the steps do with an error is what comes of it."""

    def run(self, kind, steps):
        if kind == "sync":
            return Driver(VirtualClock()).run(steps)
        return asyncio.run(AsyncDriver(VirtualClock()).run(steps))

    def test_errors_are_thrown_in_and_may_be_caught(self, kind):
        def steps():
            try:
                yield Work(lambda: 1 / 0)
            except ZeroDivisionError:
                return (yield Work(lambda: "mended"))

        assert self.run(kind, steps()) == "mended"

    def test_an_error_may_end_the_steps(self, kind):
        def steps():
            try:
                yield Work(lambda: 1 / 0)
            except ZeroDivisionError:
                return "given up"

        assert self.run(kind, steps()) == "given up"

    def test_an_error_that_nobody_catches_is_raised(self, kind):
        def steps():
            yield Work(lambda: 1 / 0)

        with pytest.raises(ZeroDivisionError):
            self.run(kind, steps())

    def test_an_end_that_is_raised_is_no_result(self, kind):
        def steps():
            yield Work(lambda: next(iter(())))

        with pytest.raises(RuntimeError):
            self.run(kind, steps())

    def test_reading_where_nothing_is_open_comes_to_an_end(self, kind):
        def steps():
            return (yield Read())

        assert self.run(kind, steps()) == b""

    def test_steps_are_closed_whatever_happens(self, kind):
        closed = []

        def steps():
            try:
                yield Work(lambda: None)
            finally:
                closed.append(True)

        made = steps()
        self.run(kind, made)
        assert closed == [True]


def test_the_answer_is_what_was_sent():
    with Listener(serve()) as server, connect("sync", server.url) as client:
        assert client.status(make_task(server.url)).raw == DONE.decode()


def test_an_interrupt_between_two_steps_is_shown_to_them_once():
    seen = []

    def steps():
        try:
            yield Work(lambda: None)
        except KeyboardInterrupt as error:
            seen.append(error)
            raise

    made, interrupt = steps(), KeyboardInterrupt()
    next(made)
    with pytest.raises(KeyboardInterrupt):
        throw_into(made, interrupt)
    throw_into(made, interrupt)

    assert seen == [interrupt]


def test_what_an_interrupt_still_notes_is_done_at_once():
    """Also where the noting fails, which the steps may survive."""
    done = []

    def steps():
        try:
            yield Sleep(1)
        except KeyboardInterrupt:
            with suppress(ZeroDivisionError):
                yield Work(lambda: 1 / 0)
            done.append((yield Work(lambda: "noted")))
            raise

    made = steps()
    next(made)
    with pytest.raises(KeyboardInterrupt):
        throw_into(made, KeyboardInterrupt())

    assert done == ["noted"]


def test_steps_that_wait_are_not_waited_for_after_an_interrupt():
    def steps():
        try:
            yield Sleep(1)
        finally:
            yield Sleep(2)

    made = steps()
    next(made)
    throw_into(made, KeyboardInterrupt())
    assert made.gi_frame is not None
