"""The example of a log of events writes one JSON object a line."""

import json

from anyvideo.model.job import VideoJob
from tests.examples.running import MODEL, load_example, open_client

JOB = VideoJob("a fox", seconds=1)


def test_every_event_is_a_line(sandbox, sandbox_clock, monkeypatch, tmp_path):
    log = tmp_path / "events.jsonl"
    monkeypatch.setenv("JSON_LINES_FILE", str(log))
    with open_client(load_example("json_lines"), sandbox, sandbox_clock) as client:
        video = client.generate(JOB, tmp_path / "fox.mp4", MODEL)

    events = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert {event["kind"] for event in events} == {"request", "state", "download"}
    assert {event["provider"] for event in events} == {"apiyi"}
    assert len({event["job"] for event in events if "job" in event}) == 1
    assert events[-1]["bytes"] == video.size
    assert events[0]["paid"] is True
    states = [event["status"] for event in events if event["kind"] == "state"]
    assert (states[0], states[-1]) == ("queued", "succeeded")


def test_without_a_file_the_lines_go_to_standard_error(sandbox, sandbox_clock, capsys):
    with open_client(load_example("json_lines"), sandbox, sandbox_clock) as client:
        client.submit(JOB, MODEL)

    assert json.loads(capsys.readouterr().err.splitlines()[0])["kind"] == "request"
