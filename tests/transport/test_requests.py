"""From a step to a request, and what each error of httpx proves."""

from contextlib import ExitStack
from types import SimpleNamespace

import httpx
import pytest
from attrs import evolve

from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.errors import ConfigError, DownloadError, PluginError, ProviderError
from anyvideo.model.wire import Request
from anyvideo.transport.calls import start_call
from anyvideo.transport.requests import build_request, httpx_errors
from anyvideo.transport.steps import Send, Transfer

KEY = "sk-0123456789abcdef"
HOME = "https://api.acme.example"


def make_provider(**options):
    return Provider("acme", SimpleNamespace(name="acme"), HOME, Key(literal=KEY), **options)


def build(request, **options):
    with ExitStack() as files:
        return build_request(start_call(Send(make_provider(**options), request)), files, lambda: 0)


def test_a_request_has_the_key_and_what_the_adapter_says():
    headers = {"Accept": "application/json", "x-a": "b"}
    built = build(Request("POST", "/x", query={"a": "b c"}, json={"n": 1}, headers=headers))

    assert str(built.url) == f"{HOME}/x?a=b+c"
    assert built.read() == b'{"n":1}'
    assert built.headers["authorization"] == f"Bearer {KEY}"
    assert (built.headers["accept"], built.headers["x-a"]) == ("application/json", "b")
    assert built.headers["user-agent"].startswith("anyvideo/")
    assert build(Request("GET", "/x"), user_agent="me").headers["user-agent"] == "me"


def test_the_key_stays_at_home():
    assert "authorization" not in build(Request("GET", "https://cdn.acme.example/x")).headers


def test_a_transfer_asks_for_the_rest_of_a_part_and_sends_nothing(tmp_path):
    request = Request("GET", "https://cdn.acme.example/x", json={"n": 1})
    step = Transfer(make_provider(), request, tmp_path / "x", lambda _: None, 10, '"v1"')
    built = build_request(start_call(step), ExitStack(), lambda: 0)

    assert (built.headers["range"], built.headers["if-range"]) == ("bytes=10-", '"v1"')
    assert built.headers["accept-encoding"] == "identity"
    assert built.read() == b""


def test_time_outs_are_within_that_of_the_whole_and_a_stream_may_be_silent():
    short = build(Request("GET", "/x"), timeout=6).extensions["timeout"]
    events = build(Request("GET", "/x", expects="events"), timeout=60).extensions["timeout"]

    assert short == {"connect": 2, "read": 6, "write": 6, "pool": 6}
    assert events == {"connect": 15, "read": 300, "write": 60, "pool": 60}


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (Request("GET", "/x", headers={"x-a": 1}), PluginError),  # type: ignore[dict-item]  # an adapter's mistake
        (Request("POST", "/x", json=object()), PluginError),  # type: ignore[arg-type]  # an adapter's mistake
        (Request("GET", "/x", headers={"x-a": "\u20ac"}), PluginError),
        (Request("GET", "https://api.acme.example:x/"), DownloadError),
        (Request("GET", "https://cdn.acme.example/\x00"), ProviderError),
    ],
    ids=["header", "json", "letters", "port", "url"],
)
def test_what_cannot_be_sent_is_an_error_of_ours(request_, error):
    with pytest.raises(error):
        build(request_)


@pytest.mark.parametrize(
    ("options", "name"),
    [({"user_agent": "me\n"}, "user_agent"), ({"api_key": Key(literal="a\n")}, "the key")],
)
def test_what_a_config_cannot_send_is_the_configs_fault(options, name):
    step = Send(evolve(make_provider(), **options), Request("GET", "/x"))
    with pytest.raises(ConfigError, match=f"acme: {name} cannot be sent.*nothing was sent"):
        build_request(start_call(step), ExitStack(), lambda: 0)


UNSENT = [
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
]
UNKNOWN = [
    httpx.ReadTimeout,
    httpx.WriteTimeout,
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.LocalProtocolError,
    httpx.RemoteProtocolError,
    httpx.DecodingError,
    TimeoutError,
]


@pytest.mark.parametrize("error", [*UNSENT, *UNKNOWN])
@pytest.mark.parametrize("paid", [True, False])
def test_only_what_was_never_sent_may_be_paid_again(error, paid):
    raised = error("reset")
    with pytest.raises(ProviderError) as caught, httpx_errors(None, paid=paid):
        raise raised

    assert caught.value.retryable == (error in UNSENT or not paid)


def test_every_error_of_a_transport_is_judged():
    def list_leaves(error):
        return [leaf for one in error.__subclasses__() for leaf in list_leaves(one)] or [error]

    leaves = {error for error in list_leaves(httpx.TransportError) if "httpx" in error.__module__}
    assert leaves <= {*UNSENT, *UNKNOWN}
