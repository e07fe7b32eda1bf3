"""Hosts, proxies and transports over real sockets, with both clients."""

import gzip
import socket
import sys
from typing import Any

import httpx
import pytest

from anyvideo.errors import ConfigError, DownloadError, ProviderError
from tests.acme.clients import JOB, KEY
from tests.acme.vendor import make_film
from tests.sockets import DONE, Listener, drip, serve, write_answer
from tests.transport.connecting import MODEL, connect, make_task


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
    with (
        Listener(serve()) as proxy,
        Listener(drip(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")) as stuck,
    ):
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
