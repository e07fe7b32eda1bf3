"""The adapter over HTTP against Replicate's wire, and what the wire refuses as the documents do."""

import base64

import pytest

from anyvideo import ExpiredError, Image, ProviderError, Status, TaskFailedError, VideoJob
from anyvideo.sandbox import Sandbox, load_models
from anyvideo.testing import VirtualClock, draw_picture
from anyvideo_plugins.replicate.sandbox.wire import VENDOR
from tests.cassettes.scenarios.tiers import list_jobs
from tests.clients import KINDS
from tests.plugins.replicate.answers import OFFERS

MODEL = "replicate/veo-3.1"
URL = "https://example.com/a.png"
FOX = VideoJob("a fox", seconds=4)
LARGE = draw_picture(64, 64) + bytes(256_000)


@pytest.fixture
def clock():
    return VirtualClock()


@pytest.fixture
def replicate(clock):
    with Sandbox(vendors=[VENDOR], clock=clock) as running:
        yield running


@pytest.fixture
def anyvideo(kind, replicate, clock):
    with KINDS[kind]({}, sandbox=replicate, journal=None, clock=clock) as client:
        yield client


def wish(fault):
    return VideoJob(f"a fox [fault:{fault}]", seconds=4)


# ---- The adapter


def test_a_prompt_becomes_a_film(anyvideo, replicate, tmp_path):
    job = VideoJob("a fox", seconds=4, aspect_ratio="9:16", resolution="720p")
    video = anyvideo.generate(job, tmp_path / "fox.mp4", MODEL)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (4, 720, 1280)
    assert [call.path for call in replicate.posts()] == ["/v1/models/google/veo-3.1/predictions"]


def test_local_images_become_films(anyvideo, replicate):
    frames = [Image(draw_picture(64, 36, "webp")), Image(draw_picture(64, 36), "last_frame")]
    for images in (frames, [Image(draw_picture(64, 36), "reference")] * 9):
        task = anyvideo.submit(VideoJob("a fox", images=images), "replicate/seedance-2.0")
        assert anyvideo.wait(task).status == Status.SUCCEEDED
    assert {call.path for call in replicate.posts()} == {
        "/v1/models/bytedance/seedance-2.0/predictions"
    }


def test_a_large_local_image_is_stored_first(anyvideo, replicate):
    task = anyvideo.submit(VideoJob("a fox", images=[Image(LARGE)]), MODEL)

    assert anyvideo.wait(task).status == Status.SUCCEEDED
    paths = [call.path for call in replicate.requests if call.method == "POST"]
    assert paths == ["/v1/files", "/v1/models/google/veo-3.1/predictions"]


@pytest.mark.parametrize(
    ("fault", "word", "code"),
    [("fail-at=50", "server", "E1000"), ("moderated=50", "content_policy", "E005")],
)
def test_a_prediction_that_fails_says_why(anyvideo, tmp_path, fault, word, code):
    with pytest.raises(TaskFailedError) as caught:
        anyvideo.generate(wish(fault), tmp_path / "fox.mp4", MODEL)

    task = caught.value.task
    assert task is not None
    assert task.error is not None
    assert (task.error.kind, task.error.code) == (word, code)


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
        anyvideo.submit(wish(fault), MODEL)

    assert caught.value.kind == word


def test_a_prediction_without_output_has_failed(anyvideo, tmp_path):
    with pytest.raises(TaskFailedError):
        anyvideo.generate(wish("no-url"), tmp_path / "fox.mp4", MODEL)


def test_a_link_that_is_dead_is_asked_for_again(anyvideo, tmp_path):
    assert anyvideo.generate(wish("expired-url"), tmp_path / "fox.mp4", MODEL).path.exists()


def test_a_file_is_there_for_an_hour(anyvideo, clock, tmp_path):
    task = anyvideo.submit(FOX, MODEL)
    clock.advance(3600)
    assert anyvideo.download(task, tmp_path / "fox.mp4").path.exists()
    clock.advance(200)
    with pytest.raises(ExpiredError):
        anyvideo.download(task, tmp_path / "again.mp4")
    assert anyvideo.status(task).status == Status.EXPIRED


def test_a_prediction_is_cancelled_and_stays_so(anyvideo, clock):
    task = anyvideo.submit(FOX, MODEL)
    cancelled = anyvideo.cancel(task)
    clock.advance(60)

    assert (cancelled.status, cancelled.cost) == (Status.CANCELLED, None)
    assert anyvideo.status(task).status == Status.CANCELLED


def test_a_finished_prediction_keeps_its_output_when_it_is_cancelled(anyvideo, clock, tmp_path):
    task = anyvideo.submit(FOX, MODEL)
    clock.advance(60)
    done = anyvideo.cancel(task)

    assert done.status == Status.SUCCEEDED
    assert anyvideo.download(done, tmp_path / "fox.mp4").path.exists()


@pytest.mark.parametrize("model", list(OFFERS))
def test_the_wire_takes_every_word_that_the_adapter_sells(replicate, clock, model):
    with KINDS["sync"]({}, sandbox=replicate, journal=None, clock=clock) as client:
        for job in list_jobs(OFFERS[model]):
            assert client.submit(job, f"replicate/{model}").status == Status.QUEUED


def test_the_wire_knows_the_models_that_the_adapter_sells_and_no_other():
    known = load_models("anyvideo_plugins.replicate.sandbox", "models.toml")

    assert {offer.wire_model for offer in OFFERS.values()} == set(known)


# ---- The wire


@pytest.fixture
def send(client):
    def send(model="google/veo-3.1", headers=None, body=None, **fields):
        given = {
            name: value for name, value in {"prompt": "a fox", **fields}.items() if value != ""
        }
        path = f"/replicate/v1/models/{model}/predictions"
        return client.post(path, json={"input": given, **(body or {})}, headers=headers)

    return send


def test_the_states_of_a_prediction(sandbox, client, send):
    made = send(duration=4, resolution="720p")
    first = made.json()
    assert (made.status_code, first["status"], first["output"]) == (201, "starting", None)
    assert len(first["id"]) == 26
    path, seen = f"/replicate/v1/predictions/{first['id']}", []
    assert first["urls"] == {
        "get": f"{sandbox.url}{path}",
        "cancel": f"{sandbox.url}{path}/cancel",
    }
    for _ in range(3):
        seen.append(client.get(path).json())
        sandbox.advance(1.5)

    assert [item["status"] for item in seen] == ["starting", "processing", "succeeded"]
    assert [item["output"] for item in seen[:2]] == [None, None]
    assert client.get(seen[2]["output"]).text.startswith("a fox|4|1280x720")
    assert client.post(f"{path}/cancel").json()["status"] == "succeeded"
    sandbox.advance(3601)
    gone = client.get(path).json()
    assert (gone["status"], gone["output"], gone["data_removed"]) == ("succeeded", None, True)
    assert gone["input"] == {}


@pytest.mark.parametrize(
    ("model", "fields", "size"),
    [
        ("bytedance/seedance-2.0", {"resolution": "4k", "aspect_ratio": "9:16"}, "2160x3840"),
        ("kwaivgi/kling-v3-video", {"mode": "standard", "aspect_ratio": "1:1"}, "720x720"),
        ("wan-video/wan-2.6-t2v", {"size": "1080*1920"}, "1080x1920"),
        ("luma/ray-2-720p", {}, "1280x720"),
        ("xai/grok-imagine-video", {}, "1280x720"),
    ],
)
def test_the_size_of_a_film(sandbox, client, send, model, fields, size):
    made = send(model, **fields).json()
    sandbox.advance(60)
    done = client.get(f"/replicate/v1/predictions/{made['id']}").json()

    assert client.get(done["output"]).text.startswith(f"a fox|5|{size}")


@pytest.mark.parametrize("given", ["", "Basic key", "Key key"])
def test_a_key_in_another_form_is_refused(send, given):
    answer = send(headers={"authorization": given})

    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthenticated")


def issue(answer):
    body = answer.json()
    assert (answer.status_code, body["status"]) == (422, 422)
    assert body["title"] == "Input validation failed"
    (found,) = body["invalid_fields"]
    assert found["description"] in body["detail"]
    return found["type"], found["field"]


REFERENCES = [URL] * 3
REFUSED = [
    ("google/veo-3.1", {"prompt": ""}, "required", "input"),
    ("google/veo-3.1", {"prompt": 7}, "invalid_type", "input.prompt"),
    ("google/veo-3.1", {"first_frame": URL}, "additional_property_not_allowed", "input"),
    ("google/veo-3.1", {"duration": 5}, "enum", "input.duration"),
    ("google/veo-3.1", {"duration": "8"}, "invalid_type", "input.duration"),
    ("google/veo-3.1", {"resolution": "4k"}, "enum", "input.resolution"),
    ("google/veo-3.1", {"generate_audio": 1}, "invalid_type", "input.generate_audio"),
    ("google/veo-3.1", {"last_frame": URL}, "required", "input"),
    ("google/veo-3.1", {"reference_images": URL}, "invalid_type", "input.reference_images"),
    ("google/veo-3.1", {"reference_images": REFERENCES, "duration": 4}, "const", "input.duration"),
    (
        "google/veo-3.1",
        {"reference_images": REFERENCES, "aspect_ratio": "9:16"},
        "const",
        "input.aspect_ratio",
    ),
    ("google/veo-3.1", {"image": "data:image/png,AAAA"}, "format", "input.image"),
    ("bytedance/seedance-2.5", {"duration": 31}, "number_lte", "input.duration"),
    ("bytedance/seedance-2.5", {"image": URL}, "const", "input.aspect_ratio"),
    (
        "bytedance/seedance-2.0",
        {"reference_images": REFERENCES, "image": URL},
        "not",
        "input.reference_images",
    ),
    ("bytedance/seedance-2.0-fast", {"resolution": "1080p"}, "enum", "input.resolution"),
    ("bytedance/seedance-1.5-pro", {"last_frame_image": URL}, "required", "input"),
    ("kwaivgi/kling-v3-video", {"end_image": URL}, "required", "input"),
    ("kwaivgi/kling-v2.1", {}, "required", "input"),
    ("kwaivgi/kling-v2.1", {"start_image": URL, "end_image": URL}, "const", "input.mode"),
    ("minimax/hailuo-2.3", {"duration": 10, "resolution": "1080p"}, "const", "input.resolution"),
    ("lightricks/ltx-2.3-pro", {"image": URL}, "const", "input.task"),
    ("lightricks/ltx-2.3-fast", {"duration": 12, "resolution": "4k"}, "const", "input.resolution"),
]


@pytest.mark.parametrize(("model", "fields", "kind_of_issue", "field"), REFUSED)
def test_what_a_model_refuses(send, model, fields, kind_of_issue, field):
    assert issue(send(model, **fields)) == (kind_of_issue, field)


@pytest.mark.parametrize(
    ("body", "kind_of_issue", "field"),
    [
        ({"model": "google/veo-3.1"}, "additional_property_not_allowed", ""),
        ({"input": "a fox"}, "required", ""),
        ({"webhook": "http://app.example/hook"}, "format", "webhook"),
        ({"webhook_events_filter": ["done"]}, "enum", "webhook_events_filter"),
        ({"webhook_events_filter": "completed"}, "enum", "webhook_events_filter"),
    ],
)
def test_what_the_body_may_not_hold(send, body, kind_of_issue, field):
    assert issue(send(body=body)) == (kind_of_issue, field)


def test_a_body_with_a_webhook_is_taken(send):
    body = {"webhook": "https://app.example/hook", "webhook_events_filter": ["completed"]}

    assert send(body=body).status_code == 201


def encode_data(kind="image/png", body=None):
    return f"data:{kind};base64,{base64.b64encode(body or draw_picture(8, 8)).decode()}"


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (URL, 201),
        (encode_data(), 201),
        (encode_data("image/webp", draw_picture(8, 8, "webp")), 201),
        (encode_data("image/jpeg"), 422),
        (encode_data("image/png", b"no image"), 422),
        ("data:image/png;base64,@", 422),
        ("a.png", 422),
    ],
)
def test_the_forms_of_an_image(send, given, status):
    assert send(image=given).status_code == status


@pytest.mark.parametrize("body", [b"{", b"[]", b""])
def test_a_body_that_is_no_object_is_refused(client, body):
    path = "/replicate/v1/models/google/veo-3.1/predictions"
    answer = client.post(path, content=body, headers={"content-type": "application/json"})

    assert answer.status_code == 400


def test_files_are_stored(client):
    path, picture = "/replicate/v1/files", draw_picture(8, 8)
    made = client.post(path, files={"content": ("a.png", picture, "image/png")})

    assert (made.status_code, made.json()["size"]) == (201, len(picture))
    assert made.json()["urls"]["get"] == f"https://api.replicate.com/v1/files/{made.json()['id']}"
    for files in (
        {"file": ("a.png", picture, "image/png")},
        {"content": ("a.png", picture, "image/jpeg")},
        {"content": ("a.png", b"no image", "image/png")},
    ):
        assert client.post(path, files=files).status_code == 422


def test_a_file_may_be_too_large(client, monkeypatch):
    monkeypatch.setattr("anyvideo_plugins.replicate.sandbox.wire._MOST_BYTES", 10)
    files = {"content": ("a.png", draw_picture(8, 8), "image/png")}

    assert client.post("/replicate/v1/files", files=files).status_code == 422


def test_an_unknown_path_model_or_prediction(client, send):
    assert send("google/veo-9").status_code == 404
    for method, path in (
        ("POST", "/v1/predictions"),
        ("GET", "/v1/predictions/none"),
        ("POST", "/v1/predictions/none/cancel"),
    ):
        assert client.request(method, f"/replicate{path}", json={}).status_code == 404
