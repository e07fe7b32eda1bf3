"""Both drivers over real sockets: time-outs of whole requests, connections, proxies, strangers."""

import asyncio
import gzip
import socket
import sys
import threading
import time
from typing import Any

import httpx
import pytest
from attrs import evolve

from anyvideo import AsyncClient, Client
from anyvideo.errors import AmbiguousSubmitError, ConfigError, DownloadError, ProviderError
from anyvideo.session.waiting import Retry
from anyvideo.tasks.task import Task
from anyvideo.testing.clock import VirtualClock
from anyvideo.transport.aio import AsyncDriver
from anyvideo.transport.steps import Read, Work
from anyvideo.transport.sync import Driver
from tests.acme.clients import JOB, KEY, open_client
from tests.acme.vendor import make_film
from tests.sockets import DONE, Listener, drip, make_options, serve, write_answer

ONCE = Retry(attempts=1)
MODEL = "acme/acme-1"


def connect(kind, url, timeout=5.0, **options):
    return open_client(kind, None, **make_options(url, timeout), **{"retry": ONCE, **options})


def make_task(url, **changes):
    return evolve(Task("acme", "acme", url, "task-1", "acme-1"), **changes)


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
        with pytest.raises(DownloadError, match="bytes came in"):
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
    """Counts how many requests are being answered at once."""

    def __init__(self):
        self.now = self.most = 0
        self.lock = threading.Lock()

    def __call__(self, listener, connection):
        while listener.read(connection):
            with self.lock:
                self.now += 1
                self.most = max(self.most, self.now)
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
    assert crowd.most <= 8


@pytest.mark.parametrize("own", [False, True], ids=["ours", "the caller's"])
def test_a_name_that_leads_to_this_machine_is_refused_before_anything_is_sent(
    kind, own, tmp_path, monkeypatch
):
    look_up = socket.getaddrinfo

    def find(host, port, *args, **options):
        known = {b"cdn.acme.example", "cdn.acme.example"}
        return look_up("127.0.0.1" if host in known else host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find)
    heard = []

    def behave(listener, connection):
        heard.append(connection.recv(100))

    home = "http://gateway.acme.example"
    with Listener(behave) as stranger:
        url = f"http://cdn.acme.example:{stranger.port}/fox.mp4"
        monkeypatch.setenv("NO_PROXY", "*")
        with connect(kind, home, transport=OWN[kind]() if own else None) as client:
            task = make_task(home, status="succeeded", video_url=url)
            with pytest.raises(DownloadError, match=r"127\.0\.0\.1, which is not public"):
                client.download(task, tmp_path / "fox.mp4")

    assert heard == [b""]


@pytest.fixture
def no_proxies(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    return monkeypatch


def test_a_proxy_of_the_environment_is_used_and_bounded(kind, no_proxies):
    home = "http://api.acme.example"
    with Listener(serve()) as proxy, Listener(drip(HEAD)) as stuck:
        no_proxies.setenv("HTTP_PROXY", proxy.url)
        with connect(kind, home) as client:
            assert client.status(make_task(home)).status == "succeeded"
        no_proxies.setenv("HTTP_PROXY", stuck.url)
        with connect(kind, home, 0.3) as client, pytest.raises(ProviderError, match="in time"):
            client.status(make_task(home))

    assert proxy.requests[0].startswith(b"GET http://api.acme.example/v1/videos/task-1 ")


def test_a_proxy_tunnels_what_is_encrypted_and_its_refusal_is_safe(kind, no_proxies):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")

    home = "https://api.acme.example"
    with Listener(behave) as proxy:
        no_proxies.setenv("HTTPS_PROXY", proxy.url.replace("//", "//ada:secret@"))
        with connect(kind, home) as client:
            with pytest.raises(ProviderError, match="could not be reached: 403") as caught:
                client.submit(JOB, MODEL)
            assert client.session.journal.entries()[0].state == "failed"

    assert caught.value.retryable
    assert proxy.requests[0].startswith(b"CONNECT api.acme.example:443 ")
    assert b"\r\nProxy-Authorization: Basic YWRhOnNlY3JldA==\r\n" in proxy.requests[0]
    assert KEY.encode() not in proxy.requests[0]


def test_a_socks_proxy_that_cannot_be_spoken_to_is_named_before_anything_is_sent(kind, no_proxies):
    no_proxies.setitem(sys.modules, "socksio", None)
    no_proxies.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    with connect(kind, "http://127.0.0.1:1") as client:
        with pytest.raises(ConfigError, match="socksio"):
            client.submit(JOB, MODEL)
        assert client.session.journal.entries()[0].state == "failed"


def test_a_password_in_a_url_is_used_there(kind, tmp_path):
    film = write_answer(make_film(), content_type="video/mp4")
    with Listener(serve(film)) as server, connect(kind, server.url) as client:
        url = f"{server.url}/fox.mp4".replace("//", "//ada:secret@")
        task = make_task(server.url, status="succeeded", video_url=url)
        client.download(task, tmp_path / "fox.mp4")

    head = server.requests[0].lower().split(b"\r\n")
    assert [line for line in head if line.startswith(b"authorization")] == [
        b"authorization: basic ywrhonnly3jldA==".lower()
    ]


def test_a_request_says_what_it_accepts_and_an_answer_may_be_packed(kind):
    packed = write_answer(gzip.compress(DONE), content_encoding="gzip")
    with Listener(serve(packed)) as server, connect(kind, server.url) as client:
        assert client.status(make_task(server.url)).raw == DONE.decode()

    head = server.requests[0].lower()
    assert b"\r\naccept: */*\r\n" in head
    assert b"\r\naccept-encoding: gzip, deflate" in head
    assert b"\r\nconnection: keep-alive\r\n" in head


def test_a_cookie_is_not_sent_back(kind):
    answer = write_answer(set_cookie="session=1")
    with Listener(serve(answer)) as server, connect(kind, server.url) as client:
        for _ in range(2):
            client.status(make_task(server.url))

    assert all(b"cookie" not in request.lower() for request in server.requests)


class Own(httpx.HTTPTransport):
    closed = False

    def close(self):
        self.closed = True
        super().close()


class OwnAsync(httpx.AsyncHTTPTransport):
    closed = False

    async def aclose(self):
        self.closed = True
        await super().aclose()


OWN: dict[str, Any] = {"sync": Own, "async": OwnAsync}


def test_a_transport_of_the_callers_is_used_and_closed(kind):
    transport = OWN[kind]()
    with Listener(serve()) as server, connect(kind, server.url, transport=transport) as client:
        assert client.status(make_task(server.url)).status == "succeeded"
        assert not transport.closed
        client.close()

    assert transport.closed


@pytest.mark.parametrize("host", ["cdn.acme.example", "xn--a"])
def test_a_url_that_no_socket_takes_is_an_error_of_ours(kind, tmp_path, monkeypatch, host):
    look_up = socket.getaddrinfo

    def find(name, *args, **options):
        if "acme" in str(name):
            raise UnicodeError
        return look_up(name, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", find)
    with Listener(serve()) as server, connect(kind, server.url) as client:
        task = make_task(server.url, status="succeeded", video_url=f"http://{host}/fox.mp4")
        with pytest.raises(DownloadError, match="the URL cannot be used"):
            client.download(task, tmp_path / "fox.mp4")


def test_a_vendor_on_this_machine_may_have_its_files_beside_it(kind, tmp_path):
    film = write_answer(make_film(), content_type="video/mp4")
    with Listener(serve(film)) as cdn, connect(kind, "http://127.0.0.1:1") as client:
        home = "http://127.0.0.1:1"
        task = make_task(home, status="succeeded", video_url=f"{cdn.url}/fox.mp4")
        client.download(task, tmp_path / "fox.mp4")

    assert b"authorization" not in cdn.requests[0].lower()


def test_an_environment_that_cannot_be_used_is_named(kind, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy")
    with connect(kind, "http://127.0.0.1:1") as client, pytest.raises(ConfigError, match="gopher"):
        client.status(make_task("http://127.0.0.1:1"))


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
