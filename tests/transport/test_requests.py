"""From a step to a request, and what each error of httpx proves."""

import base64
import json
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from attrs import evolve

from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.errors import ConfigError, DownloadError, JobError, PluginError, ProviderError
from anyvideo.files.images import read_upload
from anyvideo.model.wire import Inline, Request, describe_request
from anyvideo.testing import draw_picture
from anyvideo.transport.calls import start_call
from anyvideo.transport.requests import build_request, check_masked, httpx_errors
from anyvideo.transport.steps import Send, Transfer

KEY = "sk-0123456789abcdef"
HOME = "https://api.acme.example"


def make_provider(**options):
    return Provider(
        "acme",
        SimpleNamespace(name="acme", base_url="https://api.acme.example"),
        HOME,
        Key(literal=KEY),
        **options,
    )


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


@pytest.mark.parametrize("url", ["https://cdn.acme.example/x?key=" + KEY, HOME + "/***/x"])
def test_a_url_that_shows_the_key_or_lost_it_is_not_fetched(url, tmp_path):
    call = start_call(
        Transfer(make_provider(), Request("GET", url), tmp_path / "x", lambda _: None)
    )

    with pytest.raises(DownloadError, match="put the key into the URL"):
        check_masked(call)


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


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "fox.png"
    path.write_bytes(draw_picture(64, 48))
    return read_upload(str(path))


def test_an_image_inside_json_is_read_when_it_is_sent(upload):
    body: Any = {"image": Inline(upload), "more": [{"bare": Inline(upload, bare=True)}, 1]}
    request = Request("POST", "/x", json=body, paid=True)
    sent = json.loads(build(request).read())
    text = base64.b64encode(Path(str(upload.source)).read_bytes()).decode()

    assert sent == {"image": f"data:image/png;base64,{text}", "more": [{"bare": text}, 1]}
    shown = describe_request(request)["json"]
    assert shown["image"]["inline"]["sha256"] == upload.sha256
    assert text not in json.dumps(shown)


def test_an_image_may_be_the_whole_body(upload):
    request = Request("PUT", "https://store.example/x?sig=1", content=upload)
    built = build(request)

    assert built.read() == Path(str(upload.source)).read_bytes()
    assert built.headers["content-type"] == "image/png"
    assert built.headers["content-length"] == str(upload.size)
    assert "authorization" not in built.headers
    assert (
        build(evolve(request, headers={"content-type": "image/x"})).headers["content-type"]
        == "image/x"
    )
    assert describe_request(request)["content"]["bytes"] == upload.size


@pytest.mark.parametrize("place", ["json", "content"])
def test_an_image_that_is_gone_stops_the_request(upload, place):
    Path(str(upload.source)).unlink()
    body = {"json": {"a": Inline(upload)}} if place == "json" else {"content": upload}
    with pytest.raises(JobError, match=r"'fox.png' cannot be read any more: .*; nothing was sent"):
        build(Request("POST", "/x", **body))
