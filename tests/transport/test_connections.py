"""Which transport a request gets, and which address is checked."""

import threading
from types import SimpleNamespace

import httpx
import pytest

from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.errors import ConfigError
from anyvideo.model.wire import Request
from anyvideo.transport.calls import start_call
from anyvideo.transport.connections import Connections
from anyvideo.transport.steps import Send

HOME = "https://api.acme.example"
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return lambda given: [monkeypatch.setenv(*item) for item in given.items()]


def make_provider(alias="acme"):
    return Provider(
        alias,
        SimpleNamespace(name="acme", base_url="https://api.acme.example"),
        HOME,
        Key(literal="k"),
    )


def make_call(url="/x", alias="acme", *, paid=False):
    return start_call(Send(make_provider(alias), Request("GET", url, paid=paid)))


def open_connections(given=None):
    opened = []

    def open_transport(context, limits, proxy):
        opened.append((limits.max_keepalive_connections, proxy and str(proxy.url)))
        return len(opened)

    return Connections(given, open_transport, threading.Semaphore), opened


def find(connections, call):
    return connections.find_transport(call, httpx.URL(call.url))


def test_polls_share_a_transport_that_keeps_connections_and_paid_requests_have_another():
    connections, opened = open_connections()
    polls = [find(connections, make_call()) for _ in range(2)]
    paid = find(connections, make_call(paid=True))
    other = find(connections, make_call(alias="other"))

    assert (polls, paid, other) == ([1, 1], 2, 3)
    assert opened == [(8, None), (0, None), (8, None)]
    assert sorted(connections.drain()) == [1, 2, 3]
    assert list(connections.drain()) == []


def test_a_transport_of_the_callers_serves_all(environment):
    environment({"HTTPS_PROXY": "http://proxy:1"})
    connections, opened = open_connections("given")

    assert find(connections, make_call(paid=True)) == "given"
    assert (opened, list(connections.drain())) == ([], ["given"])


def test_each_way_through_a_proxy_has_a_transport_of_its_own(environment):
    environment({"HTTPS_PROXY": "http://proxy:1", "NO_PROXY": "cdn.acme.example"})
    connections, opened = open_connections()
    find(connections, make_call())
    find(connections, make_call("https://cdn.acme.example/x"))

    assert opened == [(8, "http://proxy:1"), (8, None)]


@pytest.mark.parametrize(
    ("given", "url", "needed"),
    [
        ({}, "https://cdn.acme.example/x", True),
        ({}, "https://api.acme.example/x", False),
        ({"HTTPS_PROXY": "http://proxy:1"}, "https://cdn.acme.example/x", False),
        ({"HTTPS_PROXY": "http://proxy:1"}, "http://cdn.acme.example/x", True),
        ({"ALL_PROXY": "http://proxy:1"}, "http://cdn.acme.example/x", False),
        (
            {"ALL_PROXY": "http://proxy:1", "NO_PROXY": "acme.example"},
            "http://cdn.acme.example/x",
            True,
        ),
    ],
)
def test_behind_a_proxy_the_peer_is_the_proxy(environment, given, url, needed):
    environment(given)
    connections, _ = open_connections()

    assert connections.needs_peer_check(make_provider(), httpx.URL(url)) == needed


@pytest.mark.parametrize(
    "given",
    [
        {"HTTPS_PROXY": "gopher://proxy"},
        {"HTTPS_PROXY": "http://[::1"},
        {"HTTPS_PROXY": "http://proxy:99999"},
        {"HTTPS_PROXY": "http://proxy:0"},
        {"HTTPS_PROXY": "proxy:port"},
        {"NO_PROXY": "fd00::/8"},
        {"SSL_CERT_FILE": "no/such/file"},
    ],
    ids=str,
)
def test_an_environment_that_cannot_be_used_is_named(environment, given):
    environment(given)
    connections, _ = open_connections()

    with pytest.raises(ConfigError, match="that the environment names cannot be used"):
        find(connections, make_call())


def test_an_origin_has_one_gate_however_its_url_is_written():
    connections, _ = open_connections()
    gate = connections.find_gate("https://API.acme.example/x")

    assert connections.find_gate("https://api.acme.example:443/y") is gate
    assert connections.find_gate("https://cdn.acme.example/x") is not gate
