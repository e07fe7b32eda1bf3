"""The adapter against Google's wire in the sandbox, over HTTP, and what that wire refuses."""

import base64

import httpx
import pytest
from attrs import evolve

from anyvideo import Image, Status, VideoJob
from anyvideo.errors import (
    AmbiguousSubmitError,
    DownloadError,
    ExpiredError,
    ProviderError,
    TaskFailedError,
)
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.testing import draw_picture
from anyvideo_plugins.gemini.sandbox.wire import VENDOR
from tests.clients import KINDS

MODEL = "gemini/gemini-omni-1.1-flash"
PATH = "/gemini/v1beta/interactions"
PICTURE = draw_picture(64, 64)
IMAGE = {"type": "image", "mime_type": "image/png", "data": base64.b64encode(PICTURE).decode()}
ORDER = {
    "model": "gemini-omni-1.2-flash",
    "input": [{"type": "user_input", "content": [{"type": "text", "text": "a fox"}]}],
    "response_format": {"type": "video", "duration": "5s", "resolution": "360p", "delivery": "uri"},
    "background": True,
    "store": True,
}


@pytest.fixture
def clock():
    return VirtualClock(1_800_000_000.0)


@pytest.fixture
def google(clock):
    with Sandbox(vendors=[VENDOR], clock=clock) as running:
        yield running


@pytest.fixture(params=KINDS)
def client(request, google, clock):
    with KINDS[request.param]({}, sandbox=google, clock=clock, journal=None) as opened:
        yield opened


@pytest.fixture
def http(google):
    with httpx.Client(base_url=google.url, headers={"x-goog-api-key": "AIza-1"}) as opened:
        yield opened


def make(client, folder, prompt="a fox", **fields):
    return client.generate(
        VideoJob(prompt, seconds=3, resolution="360p", **fields), folder / "fox.mp4", MODEL
    )


def test_a_prompt_becomes_a_film(google, client, tmp_path):
    video = make(client, tmp_path, aspect_ratio="9:16")

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (3, 360, 640)
    assert video.differences == ()
    (paid,) = google.posts("gemini")
    assert paid.headers["x-goog-api-key"]
    assert all("authorization" not in call.headers for call in google.requests)
    assert all("key" not in call.query for call in google.requests)


def test_images_become_tags_and_base64(google, client, tmp_path):
    frames = (Image(PICTURE), Image(draw_picture(64, 32), "last_frame"))
    make(client, tmp_path, images=frames)

    (task,) = google.tasks
    assert task.order.prompt == "<FIRST_FRAME> <LAST_FRAME> a fox"


def test_the_file_may_come_some_time_after_its_interaction(google, client, tmp_path):
    make(client, tmp_path, "a fox [fault:content-400=3]")

    states = [call for call in google.requests if call.path.startswith("/v1beta/files/")]
    assert [call.path.endswith(":download") for call in states] == [False] * 4 + [True]
    assert states[3].at - states[0].at >= 75


def test_a_file_that_never_comes_can_be_fetched_later(client, tmp_path):
    with pytest.raises(DownloadError, match="download it again"):
        make(client, tmp_path, "a fox [fault:content-400=99]")


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("fail-at=50", "server", "internal"),
        ("moderated=80", "content_policy", None),
        ("no-url", "content_policy", None),
    ],
)
def test_a_job_that_fails_says_why(client, tmp_path, fault, kind, code):
    with pytest.raises(TaskFailedError) as caught:
        make(client, tmp_path, f"a fox [fault:{fault}]")

    task = caught.value.task
    assert task is not None
    assert task.status == Status.FAILED
    assert task.error is not None
    assert (task.error.kind, task.error.code) == (kind, code)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("moderated", "content_policy"),
        ("no-money", "insufficient_funds"),
        ("429=9", "rate_limited"),
    ],
)
def test_a_refusal_creates_no_job(google, client, fault, kind):
    with pytest.raises(ProviderError) as caught:
        client.submit(VideoJob(f"a fox [fault:{fault}]"), MODEL)

    assert caught.value.kind == kind
    assert google.tasks == ()


@pytest.mark.parametrize("fault", ["429", "429-retry-after=7"])
def test_a_limit_is_waited_for(google, client, fault):
    assert client.submit(VideoJob(f"a fox [fault:{fault}]"), MODEL).status == Status.RUNNING
    assert len(google.tasks) == 1


@pytest.mark.parametrize("fault", ["503", "502-after-accept", "truncated", "drop-after-accept"])
def test_an_order_in_doubt_is_not_sent_again(google, client, fault):
    with pytest.raises(AmbiguousSubmitError):
        client.submit(VideoJob(f"a fox [fault:{fault}]"), MODEL)

    assert len(google.posts("gemini")) == 1


@pytest.mark.parametrize(
    "fault", ["poll-429", "poll-503", "poll-html", "poll-drop", "unknown-status"]
)
def test_a_poll_that_fails_is_no_end(client, tmp_path, fault):
    assert make(client, tmp_path, f"a fox [fault:{fault}]").task.status == Status.SUCCEEDED


def test_a_job_that_runs_can_be_cancelled(client):
    task = client.cancel(client.submit(VideoJob("a fox"), MODEL))

    assert (task.status, task.cost) == (Status.CANCELLED, None)
    assert client.status(task).status == Status.CANCELLED


def test_a_job_that_is_complete_cannot(google, client):
    task = client.submit(VideoJob("a fox"), MODEL)
    google.advance(9)

    with pytest.raises(ProviderError, match="already completed"):
        client.cancel(task)


def test_a_file_is_gone_after_two_days(google, client, tmp_path):
    task = client.wait(client.submit(VideoJob("a fox", seconds=3), MODEL))
    google.advance(48 * 3600 + 1)

    with pytest.raises(ExpiredError):
        client.download(task, tmp_path / "fox.mp4")


def test_an_unknown_interaction_is_not_found(client):
    task = client.submit(VideoJob("a fox"), MODEL)

    with pytest.raises(ProviderError, match="Invalid interaction name") as caught:
        client.status(evolve(task, id="v1_gone"))
    assert caught.value.kind == "not_found"


@pytest.mark.parametrize(
    ("key", "kind"), [("sandbox-401", "auth"), ("sandbox-402", "insufficient_funds")]
)
def test_a_key_that_is_refused(google, clock, key, kind):
    config = {"providers": {"gemini": {"api_key": key, "base_url": google.base_url("gemini")}}}
    client = KINDS["sync"](config, clock=clock, journal=None)
    with client, pytest.raises(ProviderError) as caught:
        client.submit(VideoJob("a fox"), MODEL)

    assert caught.value.kind == kind


def test_the_answers_of_the_guide(google, http):
    made = http.post(PATH, json=ORDER).json()
    assert (made["status"], made["object"]) == ("in_progress", "interaction")
    google.advance(9)
    done = http.get(f"{PATH}/{made['id']}").json()

    assert [step["type"] for step in done["steps"]] == ["user_input", "thought", "model_output"]
    (video,) = done["steps"][-1]["content"]
    assert video["uri"].endswith(f"/v1beta/files/{made['id']}:download?alt=media")
    assert done["usage"]["output_tokens_by_modality"] == [{"modality": "video", "tokens": 28960}]
    assert http.get(video["uri"].partition("?")[0]).json()["state"] == "ACTIVE"
    assert httpx.get(video["uri"]).status_code == 403


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        ({}, "Method doesn't allow unregistered callers"),
        ({"authorization": "Bearer AIza-1"}, "Method doesn't allow unregistered callers"),
        ({"x-goog-api-key": "sandbox-401"}, "API key not valid"),
    ],
)
def test_the_key_has_one_place(google, headers, message):
    refused = httpx.post(f"{google.url}{PATH}", json=ORDER, headers=headers)

    assert refused.json()["error"]["message"].startswith(message)


def say(*blocks):
    return [{"type": "user_input", "content": list(blocks)}]


TEXT = {"type": "text", "text": "a fox"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": None}, "model is required"),
        ({"model": "veo-3.1-generate-preview"}, "is no longer available"),
        ({"model": "gemini-omni-flash-preview"}, "is no longer available"),
        ({"model": "gemini-9"}, "is not found"),
        ({"inputs": []}, "Unknown parameter 'inputs'."),
        ({"safety_settings": []}, "Unknown parameter 'safety_settings'."),
        ({"seed": 7}, "Unknown parameter 'seed'."),
        ({"aspect_ratio": "16:9"}, "Unknown parameter 'aspect_ratio'."),
        ({"background": "true"}, "'background': expected boolean"),
        ({"background": False}, "background=true"),
        ({"store": False}, "background requires store"),
        ({"input": None}, "input must be"),
        ({"input": []}, "input must be"),
        ({"input": say({"type": "input_text", "text": "a fox"})}, "Unknown content"),
        ({"input": say({"type": "text", "text": 7})}, "Unknown content"),
        ({"input": say({**IMAGE, "mime_type": "image/gif"}, TEXT)}, "supported mime_type"),
        (
            {"input": say({**IMAGE, "mime_type": "image/jpeg"}, TEXT)},
            "Unable to process input image",
        ),
        (
            {"input": say({**IMAGE, "data": "data:image/png;base64,AAAA"}, TEXT)},
            "data is not base64",
        ),
        (
            {
                "input": say(
                    {"type": "image", "mime_type": "image/png", "uri": "https://a.b/c.png"}, TEXT
                )
            },
            "Unsupported file URI",
        ),
        ({"input": say(*[IMAGE] * 11, TEXT)}, "at most 10 images"),
        (
            {"input": say(IMAGE, {"type": "text", "text": "<LAST_FRAME> a fox"})},
            "must be used with <FIRST_FRAME>",
        ),
        ({"response_format": []}, "response_format must be an object"),
        ({"response_format": {}}, "response_format.type"),
        ({"response_format": {"type": "video", "duration": 5}}, "response_format.duration"),
        ({"response_format": {"type": "video", "duration": "5"}}, "response_format.duration"),
        ({"response_format": {"type": "video", "duration": "16s"}}, "3s to 15s"),
        ({"response_format": {"type": "video", "resolution": "4K"}}, "response_format.resolution"),
        (
            {"response_format": {"type": "video", "aspect_ratio": "1:1"}},
            "response_format.aspect_ratio",
        ),
        ({"response_format": {"type": "video", "delivery": "url"}}, "response_format.delivery"),
        (
            {"response_format": {"type": "video", "fps": 24}},
            "Unknown parameter 'response_format.fps'.",
        ),
        ({"generation_config": {"video_config": {"task": "i2v"}}}, "video_config.task"),
    ],
)
def test_what_the_reference_refuses(google, http, changes, message):
    fields = {name: value for name, value in {**ORDER, **changes}.items() if value is not None}
    refused = http.post(PATH, json=fields)

    assert refused.status_code in {400, 404}
    assert message in refused.json()["error"]["message"]
    assert google.tasks == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"input": "a fox"},
        {"input": [IMAGE, TEXT]},
        {"response_format": {"type": "video", "duration": "4.5s"}},
        {"response_format": None},
        {"webhook_config": {"uris": ["https://a.b"]}, "previous_interaction_id": "v1_a"},
    ],
)
def test_what_the_reference_takes(http, changes):
    fields = {name: value for name, value in {**ORDER, **changes}.items() if value is not None}

    assert http.post(PATH, json=fields).json()["status"] == "in_progress"


def test_a_body_that_is_no_json_and_a_path_that_is_no_endpoint(http):
    assert http.post(PATH, content=b"{}").status_code == 400
    cut = http.post(PATH, content=b"{", headers={"content-type": "application/json"})
    assert cut.json()["error"]["code"] == "invalid_request"
    assert http.get("/gemini/v1beta/models").json()["error"]["status"] == "NOT_FOUND"
