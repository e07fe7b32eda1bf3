"""Every vendor in the sandbox misbehaves on request: at orders, at jobs and at status calls."""

import time

import httpx
import pytest

from anyvideo.sandbox import Sandbox
from tests.plugins.wires import CONTENT, PAGE, WIRES, find_id


class TestWords:
    def test_a_word_in_a_prompt_that_means_nothing_is_refused(self, sandbox, wire):
        refused = wire.order("a fox [fault:no]")
        assert refused.status_code == 400
        assert "sandbox: unknown fault 'no'" in refused.json()["error"]["message"]
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
            ("429", (429, 429, 429, 429)),
            ("503", (503, 503, 503, 503)),
            ("429-retry-after=7", (429, 429, 429, 429)),
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
            ("no-money", (403, 402, 402, 429)),
            ("no-money=429", (429, 402, 402, 429)),
            ("moderated", (400, 400, 500, 400)),
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
        if wire.adapter in CONTENT:
            assert client.get(wire.url(video)).status_code in {500, 502}


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
