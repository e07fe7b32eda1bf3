"""Ambiguous only if something left: what cannot be sent is refused before its row is marked."""

import string

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.adapters.registry import Registry
from anyvideo.errors import ConfigError, PluginError
from anyvideo.plugin import Request, Upload
from anyvideo.validation import is_header_value, is_token
from tests.acme.adapter import Acme
from tests.acme.clients import JOB, KEY, open_client, read_row
from tests.acme.plugin import Plugin
from tests.sockets import Listener, serve

MODEL = "acme/acme-1"
LOOP: dict[str, object] = {}
LOOP["loop"] = LOOP
DEEP: list[object] = []
for _ in range(100_000):
    DEEP = [DEEP]

SETTINGS = {
    "a time-out of 1e300": {"timeout": 1e300},
    "a time-out above an hour": {"timeout": 3601},
    "an endless time-out": {"timeout": float("inf")},
    "no number for a time-out": {"timeout": float("nan")},
    "a huge time-out": {"timeout": 10**400},
    "a user agent with a line break": {"user_agent": "me\r\nx: y"},
    "a user agent with NUL": {"user_agent": "me\0"},
    "a user agent in another script": {"user_agent": "影片"},
    "a user agent with a blank at its end": {"user_agent": "me "},
    "a host with an empty label": {"base_url": "https://a..example"},
    "a host with a long label": {"base_url": f"https://{'a' * 64}.example"},
    "a host in no script": {"base_url": "https://\u00ad.example"},
    "a line break in the address": {"base_url": "https://a.exam\nple"},
    "a blank in the address": {"base_url": "https://a.example/ v"},
}
KEYS = {
    "NUL": f"{KEY}\0",
    "a line break": f"{KEY}\nx: y",
    "an escape": f"{KEY}\x1b[0m",
    "a letter": f"{KEY}ü",
    "a blank": f"{KEY} {KEY}",
}
ADDRESSES = {
    "a host that IDNA has not": "http://xn--a",
    "a host with a symbol": "http://☃.example",
}
REQUESTS = {
    "a header with a line break": {"headers": {"x-a": "a\r\nb: c"}},
    "a header with NUL": {"headers": {"x-a": "a\0"}},
    "a header with a control character": {"headers": {"x-a": "a\x01b"}},
    "a header in another script": {"headers": {"x-a": "影"}},
    "a header with blanks around it": {"headers": {"x-a": " a "}},
    "a header that is a number": {"headers": {"x-a": 7}},
    "a header without a name": {"headers": {"": "a"}},
    "a header with a bad name": {"headers": {"x a": "a"}},
    "a header with a name in another script": {"headers": {"影": "a"}},
    "a length of its own": {"headers": {"Content-Length": "5"}},
    "an encoding of its own": {"headers": {"transfer-encoding": "gzip"}},
    "a method with a blank": {"method": "PO ST"},
    "a method with a line break": {"method": "POST / HTTP/1.1\r\n"},
    "no method": {"method": ""},
    "a method that is no text": {"method": None},
    "a control character in the path": {"url": "/v1/videos\x00"},
    "a line break in the path": {"url": "/v1/vi\r\ndeos"},
    "a path without end": {"url": f"/v1/{'a' * 100_000}"},
    "half a character in the path": {"url": "/v1/\ud800"},
    "half a character in the query": {"query": {"a": "\ud800"}},
    "half a character in the JSON": {"json": {"a": "\ud800"}},
    "no JSON": {"json": {"a": object()}},
    "a number that JSON has not": {"json": {"a": float("nan")}},
    "JSON in a loop": {"json": LOOP},
    "JSON without a bottom": {"json": DEEP},
    "a form that is no text": {"json": None, "form": {"a": 1}},
    "half a character in a form": {"json": None, "form": {"a": "\ud800"}},
    "a query that is a number": {"query": 7},
    "a file that is none": {"json": None, "files": {"a": 7}},
    "a file of nothing": {
        "json": None,
        "files": {"a": Upload("a.png", "image/png", None, 1, "", 1, 1)},  # type: ignore[arg-type]  # as an adapter may err
    },
}


class Broken(Acme):
    """Makes one request, and that one wrong."""

    def __init__(self, **parts):
        super().__init__()
        self.parts = parts

    def submit(self, plan):
        parts = {"method": "POST", "url": "/v1/videos", "json": {}, **self.parts}
        yield Request(paid=True, **parts)


def configure(adapter, url, **settings):
    registry = Registry()
    registry.add(Plugin(adapter))
    return {
        "config": {"providers": {"acme": {"base_url": url, "api_key": KEY, **settings}}},
        "registry": registry,
    }


def refuse(kind, error, adapter, url, **settings):
    """Submit what cannot be sent; return the error after checking that the row says so."""
    with open_client(kind, None, **configure(adapter, url, **settings)) as client:
        with pytest.raises(error) as caught:
            client.submit(JOB, MODEL)
        rows = client.session.journal.entries()
        assert [(row.sent, row.state, row.counts) for row in rows] in (
            [],
            [(False, "failed", False)],
        )
    text = str(caught.value)
    assert "nothing was sent" in text
    assert "\n" not in text
    assert KEY not in text
    return text


@pytest.mark.parametrize("settings", SETTINGS.values(), ids=SETTINGS)
def test_a_setting_that_cannot_be_sent_is_refused_with_its_place(kind, settings):
    with pytest.raises(ConfigError, match=r"config: providers\.acme") as caught:
        open_client(kind, None, **configure(Acme(), **{"url": "https://a.example", **settings}))

    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS)
def test_a_key_that_cannot_be_sent_is_refused(kind, key):
    with Listener(serve()) as server:
        assert "the key in acme" in refuse(kind, ConfigError, Acme(), server.url, api_key=key)

    assert server.requests == []


@pytest.mark.parametrize("url", ADDRESSES.values(), ids=ADDRESSES)
def test_an_address_that_cannot_be_reached_is_the_configs_fault(kind, url):
    assert "base_url" in refuse(kind, ConfigError, Acme(), url)


@pytest.mark.parametrize("parts", REQUESTS.values(), ids=REQUESTS)
def test_a_request_that_cannot_be_written_is_the_adapters_fault(kind, parts):
    with Listener(serve()) as server:
        assert "adapter acme" in refuse(kind, PluginError, Broken(**parts), server.url)

    assert server.requests == []


@given(st.text(), st.text(), st.text())
def test_what_passes_the_check_is_what_a_connection_writes(method, name, value):
    """h11 refuses what it cannot write, which would be too late."""
    if is_token(method) and is_token(name) and is_header_value(value):
        pair = (f"x-{name}", value)
        h11.Request(method=method, target="/", headers=[("host", "a"), pair])


@given(st.text(string.printable, min_size=1))
def test_what_a_connection_writes_passes_the_check(text):
    for check, head in (
        (is_token, {"method": text, "headers": [("host", "a")]}),
        (is_header_value, {"method": "GET", "headers": [("host", "a"), ("x", text)]}),
    ):
        try:
            h11.Request(target="/", **head)
        except h11.LocalProtocolError:
            assert not check(text)


def test_what_can_be_sent_is_marked_and_sent(kind):
    with (
        Listener(serve()) as server,
        open_client(kind, None, **configure(Acme(), server.url)) as client,
    ):
        client.submit(JOB, MODEL)
        assert read_row(client).sent
