"""The key as vendors may write it, wherever they may write it: it is found nowhere afterwards."""

import logging
from base64 import b64encode
from urllib.parse import quote

import httpx
import pytest
from attrs import evolve

from anyvideo.errors import AnyVideoError, DownloadError, ProviderError
from anyvideo.plugin import Request
from anyvideo.testing.clock import VirtualClock
from tests.acme.adapter import Acme
from tests.acme.clients import JOB, open_client, read_task
from tests.acme.plugin import Plugin
from tests.acme.vendor import DONE, Pieces, Vendor
from tests.clients import KINDS
from tests.safety.test_secrets import MARK, MODEL, Evidence, Streaming, Talking, find_leaks
from tests.sockets import Listener, make_options

pytestmark = pytest.mark.volume

FORMS = {
    "plain": MARK,
    "solidus": MARK.replace("/", "\\/"),
    "json": MARK.replace("/", "\\u002f").replace("+", "\\u002B"),
    "json, whole": "".join(f"\\u{ord(c):04x}" for c in MARK),
    "json in json": MARK.replace("/", "\\\\\\/"),
    "url": quote(MARK, safe=""),
    "url in url": quote(quote(MARK, safe=""), safe=""),
    "url, whole": "".join(f"%{ord(c):02x}" for c in MARK),
    **{f"base64, {n}": b64encode(b"user:"[:n] + MARK.encode() + b"!").decode() for n in range(3)},
    "base64 in json": b64encode(f"user:{MARK}?>".encode()).decode().replace("/", "\\/"),
}


def answer(headers=None, **fields):
    """An answer whose texts are written as they stand, with the escapes that they hold."""
    known = {"id": "task-1", "status": "completed", **fields}
    body = ", ".join(f'"{name}": "{text}"' for name, text in known.items())
    status = 400 if "code" in fields else 200
    return httpx.Response(status, headers=headers, content=f"{{{body}}}".encode())


# Each answers every request of one name with a form of the key in one place.
PLACES = {
    "header": ("status", lambda form: answer(headers={"x-echo": form, "etag": f'"{form}"'})),
    "name of a header": ("status", lambda form: answer(headers={quote(form, safe="%"): "1"})),
    "body": ("status", lambda form: answer(note=form, prompt=f"a fox {form}")),
    "id": ("submit", lambda form: answer(id=form, status="queued")),
    "status": ("status", lambda form: answer(status=form)),
    "url": ("status", lambda form: answer(video_url=f"https://cdn.x.example/v.mp4?k={form}")),
    "path": ("status", lambda form: answer(video_url=f"https://cdn.x.example/{form}/v.mp4")),
    "error": ("submit", lambda form: answer(message=f"bad {form}", code=form)),
    "failure": ("status", lambda form: answer(status="failed", error=f"bad {form}")),
    "text": ("submit", lambda form: httpx.Response(500, text=f"<p>{form}</p>")),
    "redirect": ("file", lambda form: redirect(f"https://other.example/v.mp4?k={form}")),
    "file name": ("file", lambda form: answer(headers={"content-disposition": f"f={form}"})),
}


def redirect(url):
    return httpx.Response(302, headers={"location": url})


def generate(client, folder):
    client.generate(JOB, folder / "fox.mp4", MODEL)


def fetch(client, folder):
    client.resume(DONE)
    client.download(DONE, folder / "down.mp4")


def drive(client, folder, evidence, *operations):
    for operation in operations:
        try:
            operation(client, folder)
        except AnyVideoError as error:
            evidence.add_error(error)


@pytest.fixture
def logs(caplog, monkeypatch):
    monkeypatch.setenv("ACME_API_KEY", MARK)
    caplog.set_level(logging.DEBUG)
    return caplog


def collect(client, evidence, vendor, logs, folder):
    evidence.add_client(client)
    evidence.add_folder(folder)
    evidence.add(*vendor.plugin.events, *(record.getMessage() for record in logs.records))
    return evidence.find()


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("name", "say"), PLACES.values(), ids=PLACES)
def test_an_echo_is_found_nowhere(kind, name, say, form, tmp_path, logs):
    vendor, evidence = Vendor(plugin=Plugin(Talking())), Evidence()
    vendor.plan(name, *[lambda _: say(form)] * 99)
    with open_client(kind, vendor, {}, journal=tmp_path / "j.sqlite") as client:
        drive(client, tmp_path, evidence, generate, fetch)
        assert collect(client, evidence, vendor, logs, tmp_path) == []

    assert find_leaks(vendor) == []


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_echo_in_a_stream_is_found_nowhere(kind, form, tmp_path, logs):
    vendor, evidence = Vendor(plugin=Plugin(Streaming())), Evidence()
    pieces = [f"id={form[:7]}".encode(), f"{form[7:]}\n".encode(), f"at=10 {form} ".encode()]
    vendor.plan("submit", *[lambda _: httpx.Response(200, stream=Pieces(*pieces))] * 9)
    with open_client(kind, vendor, {}, journal=tmp_path / "j.sqlite") as client:
        drive(client, tmp_path, evidence, generate)
        assert collect(client, evidence, vendor, logs, tmp_path) == []


class Joining(Acme):
    """Joins the pieces of an answer, as the adapter of a chat does."""

    def submit(self, plan):
        report = yield from super().submit(plan)
        return evolve(report, id=f"{MARK[:9]}{MARK[9:]}", enhanced_prompt=f"a fox {MARK}")

    def status(self, task):
        yield Request("GET", f"/v1/videos/{task.id}")
        message = f"bad {MARK}"
        raise ProviderError("server", message, code=MARK, request_id=MARK)  # noqa: EM101 (a kind)


def test_what_an_adapter_joins_is_masked_too(kind, tmp_path, logs):
    vendor, evidence = Vendor(plugin=Plugin(Joining())), Evidence()
    with open_client(kind, vendor, {}, journal=tmp_path / "j.sqlite") as client:
        drive(client, tmp_path, evidence, generate, fetch)
        assert collect(client, evidence, vendor, logs, tmp_path) == []

    assert find_leaks(vendor) == []


class Carrying(Acme):
    """Asks another host for the file, with the key in its URL."""

    def locate(self, task):
        yield Request("GET", f"https://cdn.acme.example/v.mp4?k={quote(MARK, safe='')}")


@pytest.mark.parametrize("adapter", [Acme, Carrying])
def test_a_url_that_held_the_key_is_not_asked_for(kind, adapter, tmp_path, logs):
    vendor = Vendor(plugin=Plugin(adapter()))
    url = f"https://cdn.acme.example/v.mp4?k={MARK}"
    vendor.plan("status", lambda _: answer(video_url=url))
    with open_client(kind, vendor, {}) as client:
        task = client.status(evolve(DONE, status="running", video_url=None))
        assert task.video_url == "https://cdn.acme.example/v.mp4?k=***"
        with pytest.raises(DownloadError, match="put the key into the URL") as caught:
            client.download(task, tmp_path / "fox.mp4")

    assert read_task(caught).id == DONE.id
    assert "\n" not in str(caught.value)
    assert [call.url.host for call in vendor.calls] == ["api.acme.example"]


GARBLED = {
    "status line": b"HTTP/1.1 2x0 %s\r\n\r\n",
    "reason": b"HTTP/1.1 401 %s\r\ncontent-length: 0\r\n\r\n",
    "header line": b"HTTP/1.1 200 OK\r\n%s\x00no header\r\n\r\n",
    "header": b"HTTP/1.1 200 OK\r\nx: %s\r\ncontent-length: 99999\r\n\r\n{",
    "chunk": b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%s\r\n",
    "length": b"HTTP/1.1 200 OK\r\ncontent-length: %s\r\n\r\n",
    "encoding": b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 27\r\n\r\n%s",
}


@pytest.mark.parametrize("head", GARBLED.values(), ids=GARBLED)
def test_a_garbled_answer_is_quoted_without_the_key(kind, head, logs):
    evidence = Evidence()
    with Listener(say(head % MARK.encode())) as listener:
        options = make_options(listener.url)
        options["config"]["providers"]["acme"]["api_key"] = MARK
        with (
            KINDS[kind](**options, clock=VirtualClock(), journal=None) as client,
            pytest.raises(AnyVideoError) as caught,
        ):
            client.submit(JOB, MODEL)
    evidence.add_error(caught.value)
    evidence.add(*(record.getMessage() for record in logs.records))

    assert listener.requests
    assert any(record.name == "httpcore.http11" for record in logs.records)
    assert evidence.find() == []


def say(data):
    def behave(listener, connection):
        listener.read(connection)
        connection.sendall(data)

    return behave
