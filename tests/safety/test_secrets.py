"""The key: nowhere but in the Authorization header to the vendor's own origin.

A vendor that puts the key into everything it says is driven through every operation and error,
at every log level; then everything that anybody could see is searched for it.
"""

import contextlib
import copy
import json
import logging
import pickle
import traceback

import httpx
import pytest
from attrs import asdict, evolve

from anyvideo import Character, Image
from anyvideo.errors import AnyVideoError
from anyvideo.plugin import CharacterRef, Report, Request, diagnose
from anyvideo.secret import Secret
from tests.acme.adapter import Acme
from tests.acme.clients import JOB, open_client
from tests.acme.plugin import Plugin
from tests.acme.vendor import DONE, PNG, Vendor

pytestmark = pytest.mark.volume

# JSON, URLs and base64 write some of these characters in other ways.
MARK = "sk-marked/01+23456789abcdef"
SECRET = Secret(MARK)
MODEL = "acme/acme-1"
ECHO = {"x-request-id": MARK, "x-echo": f"Bearer {MARK}", "set-cookie": f"key={MARK}"}
WHO = Character(url="https://x.example/cat.mp4", timestamps=(0, 2))


def say(code=200, **body):
    """An answer that says the key in its headers, its words and its ids."""
    words = {"echo": MARK, "message": f"the key {MARK} was used", **body}
    return httpx.Response(code, json=words, headers={**ECHO, "location": f"/x?key={MARK}"})


class Talking(Acme):
    """Has every optional operation, and repeats to the core whatever it hears."""

    def find(self, task):
        response = yield Request("GET", f"/v1/videos/find-{task.ref}")
        raise diagnose(response)

    def create_character(self, character):
        response = yield Request("POST", "/v1/characters", json={}, paid=True)
        return CharacterRef(response.text, response.text)


class Streaming(Talking):
    def stream(self, plan):
        head = yield Request("POST", "/v1/chat", json={}, expects="events", paid=True)
        if not head.ok:
            raise diagnose(head, paid=True)
        text = b""
        while chunk := (yield Report(f"task-{text.decode()}", enhanced_prompt=text.decode())):
            text += chunk
        return Report(f"task-{text.decode()}", enhanced_prompt=text.decode())


def submit(client, folder):
    client.submit(evolve(JOB, images=[Image(PNG)]), MODEL, key="order-7")


def generate(client, folder):
    client.generate(JOB, folder / "fox.mp4", MODEL)


def follow(client, folder):
    client.resume(DONE)
    list(client.watch(DONE))
    client.status(DONE)


def download(client, folder):
    client.download(DONE, folder / "down.mp4")


def remix(client, folder):
    client.remix(DONE, "in autumn")


def cast(client, folder):
    client.create_character(WHO, MODEL)


def settle(client, folder):
    for row in client.session.journal.entries():
        client.resolve(row.ref, "task-1")


def resume(client, folder):
    for row in client.session.journal.entries():
        client.resume(row.task)


OPERATIONS = [submit, generate, follow, download, remix, cast, resume, settle]
ANSWERS = {
    "fine": None,
    "400": lambda _: say(400, error={"message": f"bad {MARK}", "code": MARK}),
    "401": lambda _: say(401, error={"message": f"Incorrect API key provided: {MARK}"}),
    "404": lambda _: say(404, error={"message": f"no such task {MARK}"}),
    "429": lambda _: say(429, error={"message": "rate limit", "type": MARK}),
    "500": lambda _: httpx.Response(500, text=f"panic: {MARK}", headers=ECHO),
    "redirect": lambda _: httpx.Response(302, headers={"location": f"https://{MARK}.example/"}),
    "html": lambda _: httpx.Response(200, html=f"<title>{MARK}</title>", headers=ECHO),
    "odd": lambda _: say(200, id=MARK, status=MARK, video_url=f"https://cdn.x.example/{MARK}"),
    "failed": lambda _: say(200, id="x", status="failed", error={"message": MARK}),
    "broken": lambda _: httpx.ReadError(f"broke at {MARK[:4]}"),
}


@pytest.fixture(params=[logging.DEBUG, logging.INFO, logging.WARNING], ids=logging.getLevelName)
def level(request, caplog):
    caplog.set_level(request.param)
    return request.param


def holds_key(text):
    return SECRET.mask(text) != text


class Evidence:
    """Everything that anybody could see of what a client did."""

    def __init__(self):
        self.seen = []

    def add(self, *things):
        for thing in things:
            self.seen += [str(thing), repr(thing)]

    def add_error(self, error):
        while error is not None:
            self.add(error, *error.args, getattr(error, "task", None), vars(error))
            for frame, _ in traceback.walk_tb(error.__traceback__):
                if "/tests/" not in frame.f_code.co_filename:  # ours know the key
                    self.add(*frame.f_locals.values())
            error = error.__cause__ or error.__context__

    def add_client(self, client):
        session = client.session
        self.add(client, session, session.config, session.providers, session.journal)
        for value in (session.config, *session.providers.values()):
            self.add(asdict(value), json.dumps(asdict(value), default=str), copy.deepcopy(value))
            self.add(
                pickle.dumps(asdict(value)["api_key" if hasattr(value, "alias") else "providers"])
            )
        for row in session.journal.entries():
            self.add(row, row.task, row.task.raw, row.task.to_json())
        plan = client.plan(JOB, MODEL)
        self.add(plan, plan.fingerprinted, plan.requests, plan.fingerprint)

    def add_folder(self, folder):
        self.seen += [
            path.read_bytes().decode("latin-1") for path in folder.rglob("*") if path.is_file()
        ]

    def find(self):
        return [text[:500] for text in self.seen if holds_key(text)]


class TestSecrets:
    @pytest.mark.parametrize("adapter", [Talking, Streaming])
    @pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
    def test_the_key_is_found_nowhere(
        self, kind, adapter, answer, level, tmp_path, caplog, monkeypatch
    ):
        monkeypatch.setenv("ACME_API_KEY", MARK)
        vendor, evidence = Vendor(plugin=Plugin(adapter())), Evidence()
        if answer is not None:
            for name in ("upload", "submit", "status", "content", "file"):
                vendor.plan(name, *[answer] * 99)
        with open_client(kind, vendor, {}, journal=tmp_path / "j.sqlite") as client:
            for operation in OPERATIONS:
                with contextlib.suppress(AnyVideoError):
                    try:
                        operation(client, tmp_path)
                    except AnyVideoError as error:
                        evidence.add_error(error)
                        raise
            evidence.add_client(client)
            evidence.add_folder(tmp_path)  # with the log of the journal
        evidence.add(*vendor.plugin.events, *(record.getMessage() for record in caplog.records))

        assert evidence.find() == []
        assert find_leaks(vendor) == []
        assert any("authorization" in call.headers for call in vendor.calls)

    def test_a_key_in_the_config_is_not_shown_either(self, tmp_path):
        vendor, evidence = Vendor(), Evidence()
        with open_client("sync", vendor, {"providers": {"acme": {"api_key": MARK}}}) as client:
            client.generate(JOB, tmp_path / "fox.mp4", MODEL)
            evidence.add_client(client)

        assert evidence.find() == []
        assert find_leaks(vendor) == []

    def test_the_search_finds_what_is_there(self):
        vendor, evidence = Vendor(), Evidence()
        evidence.add_error(AnyVideoError(MARK))
        vendor.calls = [httpx.Request("GET", f"https://cdn.acme.example/?key={MARK}")]

        assert evidence.find()
        assert find_leaks(vendor)


def find_leaks(vendor):
    """The requests that carry the key anywhere but where it belongs."""
    leaks = []
    for call in vendor.calls:
        headers = dict(call.headers)
        if call.url.host == "api.acme.example":
            assert headers.pop("authorization") == f"Bearer {MARK}"
        if holds_key(json.dumps([str(call.url), headers, call.content.decode("latin-1")])):
            leaks.append(call)
    return leaks
