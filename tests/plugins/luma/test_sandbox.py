"""The adapter over HTTP against Luma's wire, and what the wire refuses as the pages do."""

import base64

import pytest

from anyvideo import ExpiredError, Image, ProviderError, Status, TaskFailedError, VideoJob
from anyvideo.sandbox import Sandbox, load_models
from anyvideo.testing import VirtualClock, draw_picture
from anyvideo_plugins.luma.sandbox.wire import VENDOR
from tests.clients import KINDS

MODEL = "luma/luma-ray-3.2"
PATH = "/luma/v1/generations"
URL = "https://example.com/a.png"
BODY = {"model": "ray-3.2", "type": "video", "prompt": "a fox"}


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def luma(clock):
    with Sandbox(vendors=[VENDOR], clock=clock) as running:
        yield running


@pytest.fixture
def anyvideo(kind, luma, clock):
    with KINDS[kind]({}, sandbox=luma, journal=None, clock=clock) as client:
        yield client


# ---- The adapter


def test_a_prompt_becomes_a_film(anyvideo, luma, tmp_path):
    job = VideoJob("a fox", aspect_ratio="9:16", resolution="360p")
    video = anyvideo.generate(job, tmp_path / "fox.mp4", MODEL)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (5, 360, 640)
    assert [call.path for call in luma.posts()] == ["/v1/generations"]
    assert video.task.created_at is not None


def test_local_frames_become_a_film(anyvideo, tmp_path):
    frames = [Image(draw_picture(36, 64, "webp")), Image(draw_picture(9, 16), "last_frame")]
    job = VideoJob("a fox", images=frames, resolution="360p")
    video = anyvideo.generate(job, tmp_path / "fox.mp4", MODEL)

    assert (video.facts.width, video.facts.height) == (360, 640)


@pytest.mark.parametrize(
    ("fault", "kind_of_error", "code"),
    [
        ("fail-at=50", "server", "generation_failed"),
        ("moderated=50", "content_policy", "content_moderated"),
    ],
)
def test_a_generation_that_fails_says_why(anyvideo, tmp_path, fault, kind_of_error, code):
    with pytest.raises(TaskFailedError) as caught:
        anyvideo.generate(VideoJob(f"a fox [fault:{fault}]"), tmp_path / "fox.mp4", MODEL)
    task = caught.value.task

    assert task is not None
    assert task.error is not None
    assert (task.error.kind, task.error.code) == (kind_of_error, code)


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
    job = VideoJob("a fox [fault:expired-url]", resolution="360p")

    assert anyvideo.generate(job, tmp_path / "fox.mp4", MODEL).path.exists()


def test_a_file_that_is_gone_has_expired(anyvideo, tmp_path):
    task = anyvideo.wait(anyvideo.submit(VideoJob("a fox [fault:expired]"), MODEL))
    with pytest.raises(ExpiredError):
        anyvideo.download(task, tmp_path / "fox.mp4")


def test_a_generation_without_output_has_failed(anyvideo, tmp_path):
    with pytest.raises(TaskFailedError):
        anyvideo.generate(VideoJob("a fox [fault:no-url]"), tmp_path / "a.mp4", MODEL)


def test_an_unknown_word_keeps_on(anyvideo):
    task = anyvideo.submit(VideoJob("a fox [fault:unknown-status]"), MODEL)

    assert anyvideo.wait(task).status == Status.SUCCEEDED


# ---- The wire


@pytest.fixture
def send(client):
    def send(video=None, drop=(), headers=None, **changes):
        body = {name: value for name, value in {**BODY, **changes}.items() if name not in drop}
        if video is not None:
            body["video"] = video
        return client.post(PATH, json=body, headers=headers)

    return send


def refused(answer):
    assert answer.json().keys() == {"detail"}
    return answer.status_code, answer.json()["detail"]


def test_the_states_of_a_generation(sandbox, client, send):
    made = send({"duration": "10s"})
    assert made.status_code == 201
    known = {"type": "video", "state": "queued", "model": "ray-3.2", "output": []}
    assert made.json().items() >= {**known, "failure_reason": None, "failure_code": None}.items()
    path, seen = f"{PATH}/{made.json()['id']}", [made.json()]
    for _ in range(3):
        seen.append(client.get(path).json())
        sandbox.advance(1.5)

    assert [item["state"] for item in seen] == ["queued", "queued", "processing", "completed"]
    assert [item["output"] for item in seen[:3]] == [[], [], []]
    assert seen[0] == seen[1]
    assert seen[0]["created_at"] == "2026-01-01T00:00:00Z"
    (output,) = seen[3]["output"]
    assert output["type"] == "video"
    assert client.get(output["url"]).text.startswith("a fox|10|1280x720")
    assert seen[3] == {**seen[0], "state": "completed", "output": [output]}
    assert client.get(path).headers["x-api-version"] == "2026-04-01"


@pytest.mark.parametrize("given", ["", "Basic key", "Token key"])
def test_a_key_in_another_form_is_refused(send, given):
    answer = send(headers={"authorization": given})

    assert refused(answer) == (401, "Missing or invalid API key")


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"model": "ray-2"}, "Unknown model: ray-2"),
        ({"model": "uni-1"}, "Type 'video' is not supported for model 'uni-1'"),
        ({"drop": ["model"]}, "Type 'video' is not supported for model 'uni-1'"),
        ({"drop": ["type"]}, "Type 'image' is not supported for model 'ray-3.2'"),
        ({"prompt": ""}, "Prompt must be between 1 and 6000 characters"),
        ({"prompt": "x" * 6001}, "Prompt must be between 1 and 6000 characters"),
        (
            {"aspect_ratio": "3:2"},
            "Invalid aspect_ratio '3:2'. Valid: 16:9, 1:1, 21:9, 3:4, 4:3, 9:16",
        ),
        ({"video": {"duration": 5}}, "Invalid duration '5'. Valid: 10s, 5s"),
        ({"video": {"duration": "9s"}}, "Invalid duration '9s'. Valid: 10s, 5s"),
        (
            {"video": {"resolution": "4k"}},
            "Invalid resolution '4k'. Valid: 1080p, 360p, 540p, 720p",
        ),
        ({"video": {"loop": "yes"}}, "Invalid loop 'yes'. Valid: boolean"),
        ({"style": "auto"}, "style is not supported for model 'ray-3.2'"),
        ({"image_ref": []}, "image_ref is not supported for model 'ray-3.2'"),
        (
            {"source": {"url": URL}},
            "source is only valid for type 'image_edit', 'video_edit' or 'video_reframe'",
        ),
        ({"type": "video_edit"}, "source is required for type 'video_edit'"),
    ],
)
def test_what_is_refused_as_a_bad_request(send, changes, detail):
    assert refused(send(**changes)) == (400, detail)


def encode(picture):
    return base64.b64encode(picture).decode()


DATA = {"data": encode(draw_picture(8, 8)), "media_type": "image/png"}


@pytest.mark.parametrize(
    ("frame", "status", "detail"),
    [
        ({**DATA, "url": URL}, 400, "provide either 'url' or 'data', not both"),
        ({}, 400, "provide exactly one of 'url', 'data' or 'generation_id'"),
        ({"data": DATA["data"]}, 400, "'media_type' is required with 'data'"),
        ({**DATA, "data": "not-valid-base64!!!"}, 422, "invalid base64 data"),
        ({**DATA, "data": f"data:image/png;base64,{DATA['data']}"}, 422, "invalid base64 data"),
        ({**DATA, "data": encode(b"%PDF-1.7")}, 422, "content-type is not an image"),
        ({**DATA, "media_type": "image/jpeg"}, 422, "content-type is not an image"),
        ({"url": "example.com/a.png"}, 422, "failed to fetch URL"),
        ({"url": f"data:image/png;base64,{DATA['data']}"}, 422, "failed to fetch URL"),
    ],
)
@pytest.mark.parametrize("name", ["start_frame", "end_frame"])
def test_frames_that_are_refused(send, name, frame, status, detail):
    assert refused(send({name: frame})) == (status, f"video.{name}: {detail}")


def test_a_frame_may_be_too_large(send, monkeypatch):
    monkeypatch.setattr("anyvideo_plugins.luma.sandbox.orders._MOST_BYTES", 10)

    detail = "video.start_frame: image exceeds 50 MB limit"
    assert refused(send({"start_frame": DATA})) == (413, detail)


@pytest.mark.parametrize(
    "video",
    [
        {"duration": "10s", "hdr": True},
        {"duration": "10s", "start_frame": {"url": URL}},
        {"duration": "10s", "end_frame": {"url": URL}},
        {"duration": "10s", "loop": True},
        {"loop": True, "hdr": True},
        {"loop": True, "end_frame": {"url": URL}},
        {"hdr": True, "resolution": "540p"},
        {"exr_export": True},
        {"keyframes": [{"url": URL}], "keyframe_indexes": [0], "start_frame": {"url": URL}},
        {"keyframes": [{"url": URL}, {"url": URL}], "keyframe_indexes": [0, 0]},
        {"keyframes": [{"url": URL}]},
    ],
)
def test_what_does_not_go_together(send, video):
    assert send(video).status_code == 422


@pytest.mark.parametrize(
    "video",
    [
        {"loop": True, "start_frame": {"url": URL}},
        {"hdr": True, "exr_export": True},
        {"duration": "10s", "keyframes": [DATA], "keyframe_indexes": [0]},
        {"start_frame": {"generation_id": "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"}},
        {"start_frame": DATA, "end_frame": {"url": URL}},
    ],
)
def test_what_goes_together(send, video):
    assert send(video, user_id="opaque").status_code == 201


def test_an_edit_has_a_source(send):
    source = {"url": "https://example.com/a.mp4", "media_type": "video/mp4"}

    assert send(type="video_edit", source=source).json()["type"] == "video_edit"


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
def test_a_body_that_is_no_object_is_refused(client, body):
    answer = client.post(PATH, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400


def test_an_unknown_path_and_an_unknown_task(client):
    made = client.post(PATH, json=BODY).json()["id"]

    assert refused(client.get(f"{PATH}/none")) == (404, "Generation not found")
    assert client.delete(f"{PATH}/{made}").status_code == 404
    assert client.get(PATH).status_code == 404


def test_the_wire_knows_every_model_that_the_adapter_sells(anyvideo):
    known = set(load_models("anyvideo_plugins.luma.sandbox", "models.toml"))
    sold = [offer for offer in anyvideo.offers("luma/*") if offer.retired is None]

    assert {offer.wire_model for offer in sold} == known
