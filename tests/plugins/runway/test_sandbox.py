"""The adapter over HTTP against Runway's wire, and what the wire refuses as the documents do."""

import base64

import httpx
import pytest

from anyvideo import ExpiredError, Image, ProviderError, Status, TaskFailedError, VideoJob
from anyvideo.sandbox import Sandbox, load_models
from anyvideo.testing import VirtualClock, draw_picture
from anyvideo_plugins.runway.sandbox.wire import VENDOR
from tests.clients import KINDS

MODEL = "runway/runway-gen-4.5"
TEXT, IMAGE = "/runway/v1/text_to_video", "/runway/v1/image_to_video"
VERSION = {"x-runway-version": "2024-11-06"}
BODY = {"model": "gen4.5", "promptText": "a fox", "ratio": "1280:720", "duration": 2}
URL = "https://example.com/a.png"
FRAME = {"uri": URL, "position": "first"}


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def runway(clock):
    with Sandbox(vendors=[VENDOR], clock=clock) as running:
        yield running


@pytest.fixture
def anyvideo(kind, runway, clock):
    with KINDS[kind]({}, sandbox=runway, journal=None, clock=clock) as client:
        yield client


# ---- The adapter


def test_a_prompt_becomes_a_film(anyvideo, runway, tmp_path):
    job = VideoJob("a fox", seconds=2, aspect_ratio="9:16")
    video = anyvideo.generate(job, tmp_path / "fox.mp4", MODEL)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (2, 720, 1280)
    assert [call.path for call in runway.posts()] == ["/v1/text_to_video"]
    assert str(video.task.cost) == "0.24"
    calls = [call for call in runway.requests if call.adapter]
    assert {call.headers["x-runway-version"] for call in calls} == {"2024-11-06"}


def test_a_local_image_becomes_a_film(anyvideo, runway, tmp_path):
    picture = draw_picture(64, 64, "webp")
    job = VideoJob("a fox", seconds=2, aspect_ratio="1:1", images=[Image(picture)])
    video = anyvideo.generate(job, tmp_path / "fox.mp4", MODEL)

    assert (video.facts.width, video.facts.height) == (960, 960)
    assert [call.path for call in runway.posts()] == ["/v1/image_to_video"]


def test_frames_and_references_become_films(anyvideo, runway):
    frames = [Image(draw_picture(64, 36)), Image(URL, "last_frame")]
    for images in (frames, [Image(draw_picture(64, 36), "reference")] * 9):
        task = anyvideo.submit(VideoJob("a fox", images=images), "runway/seedance-2.0")
        assert anyvideo.wait(task).status == Status.SUCCEEDED


@pytest.mark.parametrize(
    ("fault", "word", "code"),
    [
        ("fail-at=50", "server", "INTERNAL"),
        ("moderated=50", "content_policy", "SAFETY.INPUT.TEXT"),
    ],
)
def test_a_task_that_fails_says_why_and_what_it_cost(anyvideo, tmp_path, fault, word, code):
    job = VideoJob(f"a fox [fault:{fault}]", seconds=2)
    with pytest.raises(TaskFailedError) as caught:
        anyvideo.generate(job, tmp_path / "fox.mp4", MODEL)
    task = caught.value.task

    assert task is not None
    assert task.error is not None
    assert (task.error.kind, task.error.code) == (word, code)
    assert str(task.cost) == ("0.24" if word == "content_policy" else "0.00")


@pytest.mark.parametrize(
    ("fault", "word"),
    [
        ("429=9", "rate_limited"),
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
    ],
)
def test_refusals_are_understood(anyvideo, fault, word):
    with pytest.raises(ProviderError) as caught:
        anyvideo.submit(VideoJob(f"a fox [fault:{fault}]"), MODEL)

    assert caught.value.kind == word


def test_a_link_that_is_dead_is_asked_for_again(anyvideo, tmp_path):
    job = VideoJob("a fox [fault:expired-url]", seconds=2)

    assert anyvideo.generate(job, tmp_path / "fox.mp4", MODEL).path.exists()


def test_a_task_that_was_deleted_is_expired(anyvideo, runway, tmp_path):
    task = anyvideo.wait(anyvideo.submit(VideoJob("a fox [fault:expired-url]", seconds=2), MODEL))
    headers = {**VERSION, "authorization": "Bearer sk-1"}
    httpx.delete(f"{runway.base_url('runway')}/v1/tasks/{task.id}", headers=headers)
    with pytest.raises(ExpiredError):
        anyvideo.download(task, tmp_path / "fox.mp4")


def test_a_job_without_output_has_failed(anyvideo, tmp_path):
    with pytest.raises(TaskFailedError):
        anyvideo.generate(VideoJob("a fox [fault:no-url]", seconds=2), tmp_path / "a.mp4", MODEL)


def test_a_job_is_cancelled_and_gone(anyvideo):
    task = anyvideo.submit(VideoJob("a fox", seconds=2), MODEL)
    cancelled = anyvideo.cancel(task)

    assert (cancelled.status, cancelled.cost) == (Status.CANCELLED, None)
    with pytest.raises(ProviderError) as caught:
        anyvideo.status(task)
    assert caught.value.kind == "not_found"


def test_a_finished_job_keeps_its_output_when_it_is_cancelled(anyvideo, runway, clock, tmp_path):
    task = anyvideo.submit(VideoJob("a fox", seconds=2), MODEL)
    clock.advance(60)
    done = anyvideo.cancel(task)

    assert done.status == Status.SUCCEEDED
    assert "DELETE" not in {call.method for call in runway.requests}
    assert anyvideo.download(done, tmp_path / "fox.mp4").path.exists()


# ---- The wire


@pytest.fixture
def send(client):
    def send(path, drop=(), headers=VERSION, **changes):
        body = {name: value for name, value in {**BODY, **changes}.items() if name not in drop}
        return client.post(path, json=body, headers=headers)

    return send


def issue(answer):
    body = answer.json()
    assert (answer.status_code, body["error"]) == (400, "Validation of body failed")
    assert body["docUrl"] == "https://docs.dev.runwayml.com/api"
    (found,) = body["issues"]
    return ".".join(map(str, found["path"]))


def test_the_states_of_a_task(sandbox, client, send):
    made = send(TEXT)
    assert made.json().keys() == {"id", "estimatedCost"}
    assert made.json()["estimatedCost"] == {"credits": 24}
    path, seen = f"/runway/v1/tasks/{made.json()['id']}", []
    for _ in range(3):
        seen.append(client.get(path, headers=VERSION).json())
        sandbox.advance(1.5)

    assert [item["status"] for item in seen] == ["PENDING", "RUNNING", "SUCCEEDED"]
    assert seen[0]["createdAt"] == "2026-01-01T00:00:00.000Z"
    assert [item.get("progress") for item in seen] == [None, 0.5, None]
    assert "output" not in seen[1]
    assert client.get(seen[2]["output"][0]).text.startswith("a fox|2|1280x720")
    assert client.delete(path, headers=VERSION).status_code == 204
    gone = client.get(path, headers=VERSION)
    assert (gone.status_code, gone.json()) == (404, {"error": "Could not find Task"})
    assert client.delete(path, headers=VERSION).status_code == 404


@pytest.mark.parametrize("headers", [{}, {"x-runway-version": "2024-09-13"}])
def test_a_call_without_the_version_is_refused(client, send, headers):
    made = send(TEXT).json()["id"]

    assert send(TEXT, headers=headers).status_code == 400
    assert client.get(f"/runway/v1/tasks/{made}", headers=headers).status_code == 400
    assert client.delete(f"/runway/v1/tasks/{made}", headers=headers).status_code == 400


@pytest.mark.parametrize("given", ["", "Basic key", "Key key"])
def test_a_key_in_another_form_is_refused(send, given):
    assert send(TEXT, headers={**VERSION, "authorization": given}).status_code == 401


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"model": "gen5"}, "model"),
        ({"model": None}, "model"),
        ({"model": "gen4_turbo"}, "model"),
        ({"promptText": ""}, "promptText"),
        ({"promptText": "x" * 1001}, "promptText"),
        ({"promptText": "\N{FOX FACE}" * 501}, "promptText"),
        ({"ratio": "16:9"}, "ratio"),
        ({"ratio": "960:960"}, "ratio"),
        ({"duration": 1}, "duration"),
        ({"duration": 11}, "duration"),
        ({"duration": "5"}, "duration"),
        ({"duration": 2.5}, "duration"),
        ({"duration": None}, "duration"),
        ({"seed": -1}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"audio": True}, "audio"),
        ({"resolution": "720p"}, "resolution"),
        ({"prompt_text": "a fox"}, "prompt_text"),
        ({"promptImage": URL}, "promptImage"),
        ({"references": [{"uri": URL}]}, "references"),
        ({"model": "veo3.1", "duration": 5}, "duration"),
        ({"model": "seedance2", "duration": 4, "references": [{"uri": URL}] * 10}, "references"),
        ({"model": "seedance2", "duration": 4, "references": [{"url": URL}]}, "references.0.uri"),
        ({"model": "seedance2_mini", "duration": 4, "ratio": "1920:1080"}, "ratio"),
        ({"model": "happyhorse_1_0", "duration": 3, "resolution": "720P"}, "resolution"),
        ({"model": "hailuo3", "duration": 5, "ratio": "16:9", "resolution": "720p"}, "resolution"),
    ],
)
def test_what_text_to_video_refuses(send, changes, path):
    assert issue(send(TEXT, **changes)) == path


@pytest.mark.parametrize("name", ["model", "promptText", "ratio", "duration"])
def test_what_is_required(send, name):
    assert issue(send(TEXT, drop=[name])) == name


def encode_data(kind="image/png", body=None):
    return f"data:{kind};base64,{base64.b64encode(body or draw_picture(8, 8)).decode()}"


@pytest.mark.parametrize(
    "given",
    [
        URL,
        "runway://a1",
        encode_data(),
        encode_data("image/jpg", draw_picture(8, 8, "jpeg")),
        [FRAME],
        [{"uri": encode_data("image/webp", draw_picture(8, 8, "webp")), "position": "first"}],
    ],
)
def test_the_forms_of_an_image(send, given):
    assert send(IMAGE, promptImage=given).status_code == 200


@pytest.mark.parametrize(
    ("given", "path"),
    [
        (None, "promptImage"),
        ([], "promptImage"),
        ([URL], "promptImage"),
        (FRAME, "promptImage"),
        ("http://example.com/a.png", "promptImage"),
        ("https://127.0.0.1/a.png", "promptImage"),
        ("data:image/png,AAAA", "promptImage"),
        ("data:image/png;base64,@", "promptImage"),
        (encode_data("image/jpeg"), "promptImage"),
        (encode_data("image/gif", b"GIF89a" + bytes(20)), "promptImage"),
        (encode_data(body=draw_picture(8, 8) + bytes(3_932_160)), "promptImage"),
        ([{"uri": URL}], "promptImage.0.position"),
        ([{"uri": URL, "position": "last"}], "promptImage.0.position"),
        ([{"url": URL, "position": "first"}], "promptImage.0"),
        ([{"position": "first"}], "promptImage.0.uri"),
        ([FRAME, FRAME], "promptImage"),
    ],
)
def test_what_image_to_video_refuses(send, given, path):
    assert issue(send(IMAGE, promptImage=given)) == path


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"promptImage": [FRAME, {**FRAME, "position": "last"}]}, None),
        ({"promptImage": [{"uri": URL}, {"uri": URL}]}, None),
        ({"promptImage": [FRAME, {"uri": URL}]}, "promptImage"),
        ({"promptImage": [{"uri": URL, "position": "last"}]}, "promptImage"),
        ({"model": "wan3", "promptImage": [FRAME]}, "ratio"),
        ({"model": "wan3", "promptImage": [FRAME], "ratio": "auto_720p"}, None),
        ({"model": "happyhorse_1_0", "promptImage": URL}, "ratio"),
    ],
)
def test_positions(send, changes, path):
    answer = send(IMAGE, **{"model": "seedance2", "duration": 4, **changes})

    assert (None if answer.status_code == 200 else issue(answer)) == path


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
def test_a_body_that_is_no_object_is_refused(client, body):
    kind = {**VERSION, "content-type": "application/json"}

    assert client.post(TEXT, content=body, headers=kind).json()["error"] == "Invalid JSON"


def test_an_unknown_path_and_an_unknown_task(client):
    assert client.post("/runway/v1/videos", headers=VERSION).status_code == 404
    assert client.post("/runway/v1/tasks/1/cancel", headers=VERSION).status_code == 404
    assert client.get("/runway/v1/tasks/none", headers=VERSION).status_code == 404


def test_the_wire_knows_every_model_that_the_adapter_sells(anyvideo):
    known = {
        name
        for table in ("text", "image")
        for name in load_models("anyvideo_plugins.runway.sandbox", "models.toml", table)
    }
    sold = [offer for offer in anyvideo.offers("runway/*") if offer.retired is None]

    assert {name for offer in sold for name in offer.names_of_model} >= known
    assert {offer.wire_model for offer in sold} <= known
