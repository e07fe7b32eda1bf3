"""Apertis' stream in the sandbox follows the vendor's page, and misbehaves on request."""

import json

import httpx
import pytest

from anyvideo.sandbox import Sandbox, VirtualClock
from tests.plugins.apertis.samples import CHAT, film, refusal


class TestChat:
    PATH = "/apertis-chat/v1/chat/completions"

    def test_the_documented_stream(self, sandbox, client):
        answer = client.post(self.PATH, json=CHAT)
        assert answer.headers["content-type"] == "text/event-stream"
        *events, end, rest = answer.text.split("\n\n")
        assert (end, rest) == ("data: [DONE]", "")
        texts = [
            json.loads(event.removeprefix("data: "))["choices"][0]["delta"]["content"]
            for event in events
        ]
        (task,) = sandbox.tasks
        url = f"{sandbox.url}/files/{task.id.replace(':', '%3A')}.mp4"
        assert texts == [
            f"task_id: {task.id}",
            "progress: 25%",
            "progress: 50%",
            "progress: 75%",
            "progress: 100%",
            f"video_url: {url}",
        ]
        assert film(url).startswith(b"Generate a video of a serene lake|10|1280x720")

    def test_facts_come_when_they_happen(self):
        clock = VirtualClock(patient=True)
        with (
            Sandbox(clock=clock) as sandbox,
            httpx.Client(base_url=sandbox.url, headers={"authorization": "Bearer k"}) as client,
            client.stream("POST", self.PATH, json=CHAT) as answer,
        ):
            lines = answer.iter_lines()
            assert "task_id" in next(lines)
            sandbox.advance(0.75)
            assert (next(lines), "25%" in next(lines)) == ("", True)
            video = sandbox.tasks[0].id
            asked = client.get("/apertis-chat/v1/video/query", params={"id": video})
            assert asked.json()["status"] == "processing"
            sandbox.advance(60)
            assert list(lines)[-2:] == ["data: [DONE]", ""]

    def test_without_a_stream(self, client):
        answer = client.post(self.PATH, json={**CHAT, "stream": False}).json()
        first, *_, last = answer["choices"][0]["message"]["content"].splitlines()
        assert first.startswith("task_id: sora-2:")
        assert last.startswith("video_url: http")

    def test_a_prompt_in_parts(self, sandbox, client):
        parts = [
            {"type": "text", "text": "a "},
            {"type": "text", "text": "fox"},
            "?",
            {"type": "image_url"},
        ]
        message = {"role": "user", "content": parts}
        client.post(self.PATH, json={**CHAT, "messages": [message]})
        assert sandbox.tasks[0].order.prompt == "a fox"

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"model": "veo3"}, (404, "model_not_found", "model")),
            ({"messages": None}, (400, "missing_parameter", "messages")),
            ({"messages": []}, (400, "invalid_parameter", "messages")),
            ({"messages": ["hi"]}, (400, "invalid_parameter", "messages")),
            (
                {"messages": [{"role": "system", "content": "hi"}]},
                (400, "invalid_parameter", "messages"),
            ),
            (
                {"messages": [{"role": "user", "content": ""}]},
                (400, "invalid_parameter", "messages"),
            ),
            ({"stream": "yes"}, (400, "invalid_parameter", "stream")),
        ],
    )
    def test_what_is_refused(self, client, changes, expected):
        assert refusal(client.post(self.PATH, json={**CHAT, **changes})) == expected


class TestFaults:
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
