"""The clients as a whole: what they are opened with, and the story from a prompt to a file."""

import threading
from datetime import date
from pathlib import Path

import httpx
import pytest
from attrs import evolve

import anyvideo
from anyvideo import AsyncClient, Client
from anyvideo.errors import (
    ConfigError,
    DriftError,
    JournalError,
    NegotiationError,
    PluginError,
    ProviderError,
    UnsupportedError,
)
from anyvideo.journal.database import Journal
from anyvideo.model.media import Character
from anyvideo.plugin import CharacterRef, Request
from anyvideo.sandbox import Sandbox
from anyvideo.session.waiting import Retry
from anyvideo.tasks.task import Task
from anyvideo.testing import VirtualClock
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.clients import CONFIG, JOB, open_client
from tests.acme.plugin import Plugin
from tests.acme.vendor import Vendor, refuse
from tests.clients import KINDS

MODEL = "acme/acme-1"
SNOW = anyvideo.VideoJob("a red fox in fresh snow", seconds=4, size="1280x720")


def test_from_a_prompt_to_a_file(kind, tmp_path):
    vendor, seen = Vendor(polls=3), list[Task]()
    with open_client(kind, vendor) as client:
        video = client.generate(JOB, tmp_path / "fox.mp4", MODEL, seen.append)

    assert [str(task.status) for task in seen] == ["queued", "running", "running", "succeeded"]
    assert (video.path.read_bytes(), video.differences) == (vendor.film, ())
    assert [event.kind for event in vendor.plugin.events if event.kind != "request"] == [
        *("state", "state", "state", "state", "download"),
    ]


def test_both_clients_send_the_same(tmp_path):
    told = []
    for kind in KINDS:
        vendor = Vendor(polls=3)
        with open_client(kind, vendor) as client:
            client.generate(JOB, tmp_path / f"{kind}.mp4", MODEL)
            told.append(
                [
                    (call.method, str(call.url), dict(call.headers), call.content)
                    for call in vendor.calls
                ]
                + client.session.clock.sleeps
            )

    assert told[0] == told[1]


def test_planning_needs_no_key_and_no_network(kind):
    vendor = Vendor()
    with open_client(kind, vendor, {"providers": {"acme": {"api_key": {"env": "NONE"}}}}) as client:
        plan = client.plan(JOB, MODEL)
        assert [item.name for item in client.offers()] == [MODEL]
        assert client.compare(JOB).plans[0].offer.name == MODEL
        assert (str(plan.quote), plan.requests[-1].url) == ("0.40 USD", "/v1/videos")
        with pytest.raises(NegotiationError, match="seconds 7 is not available"):
            client.plan(evolve(JOB, seconds=7), MODEL)

    assert vendor.calls == []


def test_a_plan_is_sent_only_as_long_as_it_holds(kind):
    vendor = Vendor()
    with open_client(kind, vendor) as client:
        plan = client.plan(JOB, MODEL)
        assert client.submit(plan).id == "task-1"
        dear = evolve(plan, quote=evolve(plan.quote, amount=plan.quote.amount * 2))
        with pytest.raises(DriftError, match="price"):
            client.submit(dear)

    assert len(vendor.posts) == 1


@pytest.mark.parametrize("serves_file", [True, False])
def test_an_adapter_may_prove_in_its_own_way_who_is_asking(kind, tmp_path, serves_file):
    class Signing(Acme):
        def authorize(self, request, key, body, now):
            assert request.query == {}
            signature = f"{request.method} {request.url} {len(body)} {now:.0f} by {key[-4:]}"
            return {"x-signature": signature}

    vendor = Vendor(plugin=Plugin(Signing()), serves_file=serves_file)
    with open_client(kind, vendor) as client:
        client.generate(JOB, tmp_path / "fox.mp4", MODEL)
    post, status, file = vendor.calls

    assert post.headers["x-signature"] == (
        f"POST {ORIGIN}/v1/videos {len(post.content)} 1767225600 by cdef"
    )
    assert status.headers["x-signature"].startswith(f"GET {ORIGIN}/v1/videos/task-1 0 ")
    assert ("x-signature" in file.headers) == serves_file
    assert not any("authorization" in call.headers for call in vendor.calls)


class TestCharacters:
    class Casting(Acme):
        result = CharacterRef("char-1", "kitty")

        def create_character(self, character):
            yield Request("POST", "/v1/characters", json={"url": character.url}, paid=True)
            return self.result

    WHO = Character(url="https://x.example/cat.mp4", timestamps=(0, 2))

    def test_a_character_is_made_by_the_first_that_can(self, kind):
        vendor = Vendor(plugin=Plugin(Acme(), self.Casting("beta")))
        config = {"providers": {name: {"api_key": "sk-0123456789"} for name in ("acme", "beta")}}
        with open_client(kind, vendor, config) as client:
            assert client.create_character(self.WHO, "acme-1").username == "kitty"

        assert vendor.calls[0].url.host == "api.beta.example"

    def test_where_nobody_can_that_is_said(self, kind):
        with (
            open_client(kind, Vendor()) as client,
            pytest.raises(UnsupportedError, match="acme cannot"),
        ):
            client.create_character(self.WHO, MODEL)

    def test_a_model_that_is_gone_is_refused_as_a_submit_is(self, kind):
        retired = {"on": date(2020, 1, 1), "use": ["acme/acme-2"]}
        config = {**CONFIG, "offers": [{"adapter": "acme", "model": "acme-1", "retired": retired}]}
        vendor = Vendor(plugin=Plugin(self.Casting()))
        with (
            open_client(kind, vendor, config) as client,
            pytest.raises(NegotiationError, match="acme/acme-1: retired on 2020-01-01; use acme"),
        ):
            client.create_character(self.WHO, MODEL)

        assert vendor.calls == []

    def test_what_provably_made_nothing_is_asked_for_again(self, kind):
        vendor = Vendor(plugin=Plugin(self.Casting()))
        vendor.plan("submit", httpx.ConnectError("refused"))
        with open_client(kind, vendor) as client:
            assert client.create_character(self.WHO, MODEL).username == "kitty"

    def test_it_is_asked_for_once(self, kind):
        vendor = Vendor(plugin=Plugin(self.Casting()))
        vendor.plan("submit", httpx.ReadTimeout("slow"))
        with open_client(kind, vendor) as client, pytest.raises(anyvideo.ProviderError):
            client.create_character(self.WHO, MODEL)

        assert len(vendor.calls) == 1

    def test_an_adapter_that_returns_something_else_is_named(self, kind, monkeypatch):
        monkeypatch.setattr(self.Casting, "result", "kitty")
        with (
            open_client(kind, Vendor(plugin=Plugin(self.Casting()))) as client,
            pytest.raises(
                PluginError, match="create_character returned str; return a CharacterRef"
            ),
        ):
            client.create_character(self.WHO, MODEL)


class TestOpening:
    def test_the_journal_lies_in_the_home_folder(self, kind, tmp_path, monkeypatch):
        monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path / "home"))
        with open_client(kind, Vendor(), journal="default") as client:
            client.submit(JOB, MODEL)

        journal = Journal(tmp_path / "home" / "journal.sqlite")
        assert [row.state for row in journal.entries()] == ["queued"]
        journal.close()

    def test_the_callers_own_journal_stays_open(self, kind):
        journal = Journal(":memory:")
        with open_client(kind, Vendor(), journal=journal) as client:
            client.submit(JOB, MODEL)

        assert len(journal.entries()) == 1
        journal.close()

    def test_a_journal_in_memory_makes_no_file(self, kind, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        with open_client(kind, Vendor(), journal=":memory:") as client:
            client.submit(JOB, MODEL)

        assert list(tmp_path.iterdir()) == []

    def test_a_journal_that_cannot_be_used_stops_a_submit_and_no_comparison(self, kind, tmp_path):
        (tmp_path / "file").write_text("x")
        vendor = Vendor()
        with open_client(kind, vendor, journal=tmp_path / "file" / "j.sqlite") as client:
            assert client.compare(JOB).plans
            with pytest.raises(JournalError):
                client.submit(JOB, MODEL)

        assert vendor.posts == []

    def test_a_client_that_cannot_be_opened_leaves_no_sandbox_running(self, kind, monkeypatch):
        started = list[Sandbox]()
        start = Sandbox.start

        def note(sandbox):
            started.append(sandbox)
            return start(sandbox)

        monkeypatch.setattr(Sandbox, "start", note)
        with pytest.raises(ConfigError, match="unknown adapter"):
            open_client(kind, None, {"providers": {"nobody": {}}}, sandbox=True)

        (sandbox,) = started
        with pytest.raises(RuntimeError):
            _ = sandbox.url

    def test_a_setting_that_is_wrong_is_said_at_once(self, kind):
        with pytest.raises(ConfigError, match="provders"):
            open_client(kind, None, {"provders": {}})

    def test_a_client_that_did_nothing_can_be_closed(self, kind):
        with open_client(kind, Vendor(), journal=None):
            pass

    def test_a_sandbox_needs_no_key_and_leaves_no_journal(self, kind, tmp_path, monkeypatch):
        monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path / "home"))
        with open_client(kind, None, {}, sandbox=True, journal="default") as client:
            task = client.submit(SNOW, "apiyi/grok-imagine-video-1.5")
            assert client.status(task).id == task.id
            assert len(client.session.journal.entries()) == 1

        assert not (tmp_path / "home").exists()

    def test_a_sandbox_of_the_callers_own_is_used_and_left_running(self, kind, tmp_path):
        clock = VirtualClock()
        with Sandbox(clock=clock) as sandbox:
            for name in ("one.mp4", "two.mp4"):
                with open_client(kind, None, {}, sandbox=sandbox, clock=clock) as client:
                    video = client.generate(SNOW, tmp_path / name, "apiyi/grok-imagine-video-1.5")

        assert (video.facts.width, video.facts.seconds, video.differences) == (1280, 4, ())


def test_threads_may_share_a_client(tmp_path):
    vendor, videos = Vendor(), []
    with open_client("sync", vendor, journal=tmp_path / "j.sqlite") as client:
        work = lambda number: videos.append(client.generate(JOB, tmp_path / f"{number}.mp4", MODEL))  # noqa: E731 (a piece of work)
        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = client.session.journal.entries()

    assert len({video.task.id for video in videos}) == 8
    assert {(row.state, Path(row.path).exists()) for row in rows} == {("succeeded", True)}


@pytest.mark.parametrize(("one", "other"), [(Client, AsyncClient)])
def test_both_clients_have_the_same_methods_with_the_same_arguments(one, other):
    import inspect

    def describe(client):
        return {
            name: [
                item.replace(annotation="")
                for item in inspect.signature(member).parameters.values()
            ]
            for name, member in inspect.getmembers(client, inspect.isfunction)
            if not name.startswith("_")
        }

    assert describe(one) == describe(other)


def test_asking_again_has_an_error_of_its_own_at_the_end(kind):
    vendor = Vendor()
    vendor.plan("submit", refuse(401))
    with (
        open_client(kind, vendor, CONFIG) as client,
        pytest.raises(anyvideo.ProviderError) as caught,
    ):
        client.submit(JOB, MODEL)

    assert caught.value.kind == "auth"
    assert ORIGIN.endswith(vendor.calls[0].url.host)


@pytest.mark.parametrize(("retries", "posts"), [(0, 1), (2, 3), (None, 5)])
def test_retries_is_how_often_a_refused_job_is_sent_again(kind, retries, posts):
    vendor = Vendor()
    vendor.plan("submit", *[lambda _: refuse(429, "rate limit")] * 9)
    config = CONFIG if retries is None else {**CONFIG, "retries": retries}
    with open_client(kind, vendor, config) as client, pytest.raises(ProviderError):
        client.submit(JOB, "acme/acme-1")

    assert len(vendor.posts) == posts


def test_a_retry_of_the_caller_comes_before_the_config(kind):
    vendor = Vendor()
    vendor.plan("submit", *[lambda _: refuse(429, "rate limit")] * 9)
    options = {"config": {**CONFIG, "retries": 0}, "retry": Retry(attempts=2)}
    with open_client(kind, vendor, **options) as client, pytest.raises(ProviderError):
        client.submit(JOB, "acme/acme-1")

    assert len(vendor.posts) == 2
