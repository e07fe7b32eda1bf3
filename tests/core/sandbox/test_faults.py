import re
import time

import httpx
import pytest

from anyvideo.sandbox import FAULTS, Sandbox
from anyvideo.sandbox.faults import Faults, find_words, read_words

WIRES = {
    "apiyi": ("/v1/videos", {"model": "sora-2", "seconds": "8", "size": "1280x720"}),
    "apertis-create": ("/v1/video/create", {"model": "veo3"}),
    "apimart": ("/v1/videos/generations", {"model": "sora-2"}),
}
PAGE = "text/html"


def find_id(answer):
    body = answer.json()
    return body["id"] if "id" in body else body["data"][0]["task_id"]


class Wire:
    """One vendor, as a test orders from it."""

    def __init__(self, adapter, client):
        self.adapter, self.client = adapter, client

    def order(self, prompt):
        path, fields = WIRES[self.adapter]
        return self.client.post(f"/{self.adapter}{path}", json={**fields, "prompt": prompt})

    def show(self, video):
        path = {
            "apiyi": f"/v1/videos/{video}",
            "apertis-create": f"/v1/video/query?id={video}",
            "apimart": f"/v1/tasks/{video}",
        }[self.adapter]
        return self.client.get(f"/{self.adapter}{path}")

    def state(self, video):
        body = self.show(video).json()
        return body.get("data", body)

    def url(self, video):
        state = self.state(video)
        if self.adapter == "apiyi":
            return f"/apiyi/v1/videos/{video}/content"
        if self.adapter == "apimart":
            return state["result"]["videos"][0]["url"][0]
        return state["video_url"]


@pytest.fixture(params=list(WIRES))
def wire(request, client):
    return Wire(request.param, client)


@pytest.fixture
def apiyi(client):
    return Wire("apiyi", client)


@pytest.fixture
def apimart(client):
    return Wire("apimart", client)


class TestWords:
    def test_every_fault_can_be_asked_for(self):
        for name, fault in FAULTS.items():
            word = name if fault.argument is not None else f"{name}=5"
            assert list(read_words([word])) == [name]

    def test_arguments(self):
        words = ["429", "429-retry-after=2.5", "content-400", "cut-download=9", "slow-download"]
        assert read_words(words) == {
            "429": 1,
            "429-retry-after": 2.5,
            "content-400": 2,
            "cut-download": 9,
            "slow-download": 0.1,
        }

    @pytest.mark.parametrize(
        ("word", "message"),
        [
            ("no", "no fault is named 'no'; known: 429, "),
            ("stuck=1", "takes no argument"),
            ("fail-at", "needs a number, such as fail-at=80, not ''"),
            ("fail-at=", "needs a number"),
            ("fail-at=-1", "needs a number"),
            ("slow-accept=x", "needs a number"),
        ],
    )
    def test_words_that_mean_nothing(self, word, message):
        with pytest.raises(ValueError, match=re.escape(message)):
            read_words([word])

    def test_words_in_a_prompt(self):
        assert find_words("a [fault:stuck] fox [fault:fail-at=80][x]") == ["stuck", "fail-at=80"]

    def test_a_switch_forgets(self):
        faults = Faults(["429"])
        active = faults.list("")
        assert faults.strike("429", "x", active)
        assert not faults.strike("429", "x", active)
        assert faults.strike("429", "y", active)
        faults.switch(["429=2"])
        assert [faults.strike("429", "x", faults.list("")) for _ in range(3)] == [True, True, False]

    def test_a_word_in_a_prompt_that_means_nothing_is_refused(self, sandbox, wire):
        refused = wire.order("a fox [fault:no]")
        assert refused.status_code == 400
        assert "sandbox: no fault is named 'no'" in refused.json()["error"]["message"]
        assert sandbox.tasks == ()

    def test_a_switch_holds_for_every_job_until_it_is_switched_off(self, sandbox, wire):
        video = find_id(wire.order("a fox"))
        sandbox.misbehave("stuck")
        sandbox.advance(99)
        assert wire.state(video)[
            "progress" if wire.adapter != "apertis-create" else "video_url"
        ] in {0, None}
        sandbox.misbehave()
        assert wire.state(video)["status"] == "completed"


class TestRefusals:
    @pytest.mark.parametrize(
        ("word", "statuses"),
        [
            ("429", (429, 429, 429)),
            ("503", (503, 503, 503)),
            ("429-retry-after=7", (429, 429, 429)),
        ],
    )
    def test_once_and_then_no_more(self, sandbox, wire, word, statuses):
        refused = wire.order(f"a fox [fault:{word}]")
        assert refused.status_code == dict(zip(WIRES, statuses, strict=True))[wire.adapter]
        assert refused.headers.get("retry-after") == ("7" if "=" in word else None)
        assert sandbox.tasks == ()
        assert wire.order(f"a fox [fault:{word}]").status_code == 200
        assert len(sandbox.posts(wire.adapter)) == 2
        assert len(sandbox.tasks) == 1

    def test_as_often_as_asked(self, wire):
        statuses = [wire.order("a fox [fault:429=2]").status_code for _ in range(3)]
        assert statuses == [429, 429, 200]

    @pytest.mark.parametrize(
        ("word", "statuses"),
        [
            ("no-money", (403, 402, 402)),
            ("no-money=429", (429, 402, 402)),
            ("moderated", (400, 400, 500)),
        ],
    )
    def test_always(self, sandbox, wire, word, statuses):
        for _ in range(2):
            refused = wire.order(f"a fox [fault:{word}]")
            assert refused.status_code == dict(zip(WIRES, statuses, strict=True))[wire.adapter]
        assert sandbox.tasks == ()

    def test_the_words_of_money_and_moderation(self, wire):
        money = wire.order("a fox [fault:no-money=429]").text
        assert "quota" in money or "balance" in money.lower()
        moderated = wire.order("a fox [fault:moderated]").text
        assert any(word in moderated for word in ("sentinel_block", "content_policy", "moderation"))

    def test_a_page_instead_of_json(self, sandbox, wire):
        answer = wire.order("a fox [fault:html]")
        assert (answer.status_code, answer.headers["content-type"]) == (200, PAGE)
        assert sandbox.tasks == ()


class TestAccepted:
    def test_the_connection_drops(self, sandbox, wire):
        for count in (1, 2):
            with pytest.raises(httpx.RemoteProtocolError):
                wire.order("a fox [fault:drop-after-accept]")
            assert len(sandbox.tasks) == count

    def test_a_proxy_fails(self, sandbox, wire):
        answer = wire.order("a fox [fault:502-after-accept]")
        assert (answer.status_code, answer.headers["content-type"]) == (502, PAGE)
        assert len(sandbox.tasks) == 1

    def test_the_answer_is_slow(self, sandbox, clock, wire):
        begin = clock.now()
        assert wire.order("a fox [fault:slow-accept=120]").status_code == 200
        assert clock.now() - begin == 120

    def test_the_answer_is_slow_in_real_time(self):
        with Sandbox(faults=("slow-accept=30",)) as sandbox:
            begin = time.monotonic()
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(
                    f"{sandbox.url}/apimart/v1/videos/generations",
                    json={"model": "sora-2", "prompt": "a fox"},
                    headers={"authorization": "Bearer k"},
                    timeout=0.05,
                )
            assert time.monotonic() - begin < 5
            assert len(sandbox.tasks) == 1

    def test_the_answer_is_cut(self, sandbox, wire):
        answer = wire.order("a fox [fault:truncated]")
        assert answer.status_code == 200
        with pytest.raises(ValueError, match=r"Expecting|Unterminated|Invalid"):
            answer.json()
        assert len(sandbox.tasks) == 1


class TestJobs:
    def test_stuck(self, sandbox, wire):
        video = find_id(wire.order("a fox [fault:stuck]"))
        sandbox.advance(10_000_000)
        assert wire.state(video)["status"] in {"queued", "pending"}

    def test_failing(self, sandbox, wire):
        video = find_id(wire.order("a fox [fault:fail-at=80]"))
        sandbox.advance(2.3)
        assert wire.state(video)["status"] in {"in_progress", "processing"}
        sandbox.advance(0.2)
        state = wire.state(video)
        assert state["status"] == "failed"
        assert state.get("progress", 80) == 80
        # Apertis documents no reason beside the status.
        assert ("error" in state) == (wire.adapter != "apertis-create")

    def test_moderated_later(self, sandbox, wire):
        video = find_id(wire.order("a fox [fault:moderated=50]"))
        sandbox.advance(1.5)
        state = wire.state(video)
        assert state["status"] == "failed"
        assert any(word in str(state["error"]) for word in ("moderation", "content_policy"))

    def test_an_unknown_word(self, sandbox, wire):
        video = find_id(wire.order("a fox [fault:unknown-status]"))
        sandbox.advance(1)
        assert wire.state(video)["status"] == "reticulating_splines"
        sandbox.advance(2)
        assert wire.state(video)["status"] == "completed"

    def test_no_file(self, sandbox, client, wire):
        video = find_id(wire.order("a fox [fault:no-url]"))
        sandbox.advance(3)
        state = wire.state(video)
        assert state["status"] == "completed"
        assert not state.get("video_url")
        assert not state.get("result", {}).get("videos")
        assert client.get(f"/files/{video}.mp4").status_code == 404
        if wire.adapter == "apiyi":
            assert client.get(wire.url(video)).status_code == 502


class TestPolls:
    @pytest.mark.parametrize(("word", "status"), [("poll-429", 429), ("poll-503=2", 503)])
    def test_refused_for_a_while(self, wire, word, status):
        video = find_id(wire.order(f"a fox [fault:{word}]"))
        for _ in range(2 if "=" in word else 1):
            assert wire.show(video).status_code == status
        assert wire.show(video).status_code == 200

    def test_the_connection_drops(self, wire):
        video = find_id(wire.order("a fox [fault:poll-drop]"))
        with pytest.raises(httpx.RemoteProtocolError):
            wire.show(video)
        assert wire.show(video).status_code == 200

    def test_a_page_and_half_an_answer(self, wire):
        video = find_id(wire.order("a fox [fault:poll-html] [fault:poll-truncated]"))
        assert wire.show(video).headers["content-type"] == PAGE
        cut = wire.show(video)
        assert wire.show(video).text.startswith(cut.text)
        assert wire.show(video).json()


class TestStreams:
    PATH = "/apertis-chat/v1/chat/completions"

    @pytest.fixture
    def talk(self, client):
        def talk(word):
            messages = [{"role": "user", "content": f"a fox [fault:{word}]"}]
            return client.stream(
                "POST", self.PATH, json={"model": "sora-2", "stream": True, "messages": messages}
            )

        return talk

    def read(self, talk, word):
        with talk(word) as answer:
            return answer.read().decode()

    def test_cut_after_the_first_progress(self, client, sandbox, talk):
        lines = []
        with talk("cut-stream") as answer, pytest.raises(httpx.RemoteProtocolError):
            lines += answer.iter_lines()
        (task,) = sandbox.tasks
        sandbox.advance(3)
        asked = client.get("/apertis-chat/v1/video/query", params={"id": task.id})
        assert asked.json()["status"] == "completed"

    def test_scraps(self, sandbox, talk):
        text = self.read(talk, "odd-stream")
        assert text.endswith("data: [DONE]\r\n\r\n")
        joined = "".join(part.split('"')[0] for part in text.split('"content": "')[1:])
        (task,) = sandbox.tasks
        assert f"task_id: {task.id}\\nprogress: 25%\\n" in joined
        assert f"[video_url]({sandbox.url}/files/" in joined

    def test_half_a_frame(self, talk):
        text = self.read(talk, "truncated")
        assert text.count("data: ") == 2
        assert "[DONE]" not in text

    def test_no_url(self, talk):
        assert "video_url" not in self.read(talk, "no-url")

    def test_stuck(self, talk):
        text = self.read(talk, "stuck")
        assert "progress: 0%" in text
        assert "video_url" not in text
        assert text.endswith("[DONE]\n\n")

    @pytest.mark.parametrize(
        ("word", "why"), [("fail-at=60", "internal error"), ("moderated=60", "content policy")]
    )
    def test_failing(self, talk, word, why):
        text = self.read(talk, word)
        assert "progress: 50%" in text
        assert "progress: 75%" not in text
        assert f"video generation failed: {why}" in text

    def test_the_connection_drops(self, sandbox, talk):
        with pytest.raises(httpx.RemoteProtocolError), talk("drop-after-accept"):
            pass
        assert len(sandbox.tasks) == 1


class TestFiles:
    def finish(self, sandbox, wire, word):
        video = find_id(wire.order(f"a fox [fault:{word}]"))
        sandbox.advance(3)
        return video

    def test_content_is_late(self, sandbox, client, apiyi):
        video = find_id(apiyi.order("a fox [fault:content-400]"))
        assert "not completed" in client.get(apiyi.url(video)).text
        sandbox.advance(3)
        assert [client.get(apiyi.url(video)).status_code for _ in range(3)] == [400, 400, 200]

    def test_expired(self, sandbox, client, wire):
        video = self.finish(sandbox, wire, "expired")
        assert client.get(wire.url(video)).status_code == (404 if wire.adapter == "apiyi" else 410)

    def test_the_first_url_is_dead(self, sandbox, client, apimart):
        video = self.finish(sandbox, apimart, "expired-url")
        first = apimart.url(video)
        assert apimart.url(video) == first
        assert [client.get(first).status_code for _ in range(2)] == [403, 403]
        second = apimart.url(video)
        assert second != first
        assert client.get(second).status_code == 200

    def test_the_url_is_on_another_origin(self, sandbox, apimart):
        video = self.finish(sandbox, apimart, "foreign-url")
        url = apimart.url(video)
        assert url.startswith("http://localhost:")
        assert httpx.get(url).status_code == 200
        assert sandbox.requests[-1].headers["host"].startswith("localhost:")

    def test_a_redirect_to_another_origin(self, sandbox, client, wire):
        video = self.finish(sandbox, wire, "redirect")
        moved = client.get(wire.url(video))
        assert moved.status_code == 302
        assert moved.headers["location"].startswith("http://localhost:")
        followed = client.get(wire.url(video), follow_redirects=True)
        assert followed.content.startswith(b"a fox")
        assert "authorization" not in sandbox.requests[-1].headers

    @pytest.mark.parametrize(
        ("fields", "size"),
        [
            ({}, "640x360"),
            ({"resolution": "1080p", "aspect_ratio": "9:16"}, "720x1280"),
            ({"resolution": "1080p"}, "1280x720"),
        ],
    )
    def test_a_smaller_picture(self, sandbox, client, apimart, fields, size):
        fields = {"model": "sora-2-pro", "prompt": "a fox [fault:wrong-size]", **fields}
        video = find_id(client.post("/apimart/v1/videos/generations", json=fields))
        sandbox.advance(3)
        assert f"|{size}|" in client.get(apimart.url(video)).text

    def test_a_slow_file(self, sandbox, client, clock, wire):
        video = self.finish(sandbox, wire, "slow-download=60")
        begin = clock.now()
        film = client.get(wire.url(video))
        assert len(film.content) == int(film.headers["content-length"]) > 16_384
        assert clock.now() - begin >= 120

    def test_a_file_that_breaks_off_and_is_resumed(self, sandbox, client, wire):
        video = self.finish(sandbox, wire, "cut-download=5000")
        got, total, etag = b"", 1, ""
        rounds = 0
        while len(got) < total:
            headers = {"range": f"bytes={len(got)}-", **({"if-range": etag} if etag else {})}
            with client.stream("GET", wire.url(video), headers=headers) as answer:
                etag, total = (
                    answer.headers["etag"],
                    int(answer.headers["content-range"].split("/")[1]),
                )
                try:
                    for block in answer.iter_bytes():
                        got += block
                except httpx.RemoteProtocolError:
                    rounds += 1
        sandbox.misbehave()
        assert rounds == total // 5000
        assert len(got) == total
