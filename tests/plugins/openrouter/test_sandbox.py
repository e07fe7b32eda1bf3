"""The adapter against OpenRouter's wire over HTTP, with both clients; and what the wire refuses."""

import base64
import json
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from anyvideo import (
    ExpiredError,
    Image,
    ProviderError,
    Status,
    TaskFailedError,
    VideoJob,
)
from anyvideo.sandbox import Sandbox, load_models
from anyvideo_plugins.openrouter.sandbox.wire import VENDOR
from tests.clients import KINDS
from tests.plugins.openrouter.bodies import BODIES, FIRST, part

PHOTO = Path(__file__).parents[2] / "images" / "plain-1280x720.png"
LITE = "openrouter/grok-imagine-video-1.5-lite"
ORDER = {"model": "x-ai/grok-imagine-video-1.5-lite", "prompt": "a fox", "duration": 1}


@pytest.fixture
def studio(sandbox_clock):
    with Sandbox(vendors=[VENDOR], clock=sandbox_clock) as running:
        yield running


@pytest.fixture(params=KINDS)
def maker(request, studio, sandbox_clock):
    with KINDS[request.param]({}, sandbox=studio, journal=None, clock=sandbox_clock) as client:
        yield client


def fox(word="", **wishes):
    return VideoJob(f"a fox {word}", **{"seconds": 1, "resolution": "480p", **wishes})


# ---- the adapter


def test_a_prompt_becomes_a_film(studio, maker, tmp_path):
    video = maker.generate(fox(aspect_ratio="9:16"), tmp_path / "fox.mp4", LITE)

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (1, 480, 854)
    assert video.task.cost == Decimal("0.02")
    (order,) = studio.posts("openrouter")
    assert json.loads(order.body) == {
        **ORDER,
        "prompt": "a fox ",
        "resolution": "480p",
        "aspect_ratio": "9:16",
    }
    assert order.headers["authorization"].startswith("Bearer ")


def test_a_local_image_travels_inside_the_body(studio, maker, tmp_path):
    video = maker.generate(fox(images=[Image(PHOTO)]), tmp_path / "fox.mp4", LITE)
    (order,) = studio.posts("openrouter")
    (frame,) = json.loads(order.body)["frame_images"]
    head, _, content = frame["image_url"]["url"].partition(",")

    assert (frame["type"], frame["frame_type"]) == ("image_url", "first_frame")
    assert head == "data:image/png;base64"
    assert base64.b64decode(content) == PHOTO.read_bytes()
    assert video.task.cost == Decimal("0.03")


@pytest.mark.parametrize(("model", "job", "body"), BODIES.values(), ids=BODIES.keys())
def test_every_documented_order_is_accepted(studio, maker, model, job, body):
    task = maker.wait(maker.submit(job, f"openrouter/{model}"))

    assert task.status == Status.SUCCEEDED
    assert json.loads(studio.posts("openrouter")[0].body) == body


def test_a_failed_job(maker):
    task = maker.wait(maker.submit(fox("[fault:fail-at=50]"), LITE))

    assert (task.status, task.error.message) == (Status.FAILED, "Provider returned error")


def test_a_moderated_job(maker, tmp_path):
    with pytest.raises(TaskFailedError, match="Content policy violation"):
        maker.generate(fox("[fault:moderated=50]"), tmp_path / "fox.mp4", LITE)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("429=9", "rate_limited"),
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
    ],
)
def test_refusals_are_understood(studio, maker, fault, kind):
    with pytest.raises(ProviderError) as caught:
        maker.submit(fox(f"[fault:{fault}]"), LITE)

    assert caught.value.kind == kind
    assert studio.tasks == ()


@pytest.mark.parametrize("fault", ["expired", "no-url"])
def test_a_file_that_is_gone_has_expired(maker, tmp_path, fault):
    with pytest.raises(ExpiredError):
        maker.generate(fox(f"[fault:{fault}]"), tmp_path / "fox.mp4", LITE)


@pytest.mark.parametrize(
    "fault",
    [
        *(
            "foreign-url",
            "expired-url",
            "redirect",
            "content-400",
            "cut-download",
            "unknown-status",
        ),
        *("poll-429", "poll-503", "poll-html", "poll-truncated", "429", "429-retry-after=7"),
    ],
)
def test_whatever_happens_on_the_way_there_is_one_job(studio, maker, tmp_path, fault):
    video = maker.generate(fox(f"[fault:{fault}]"), tmp_path / "fox.mp4", LITE)

    assert video.task.status == Status.SUCCEEDED
    assert len(studio.tasks) == 1


def test_the_key_stays_at_the_vendors_own_origin(studio, maker, tmp_path):
    maker.generate(fox("[fault:foreign-url]"), tmp_path / "fox.mp4", LITE)
    (fetched,) = [call for call in studio.requests if call.path.startswith("/files/")]

    assert "authorization" not in fetched.headers


# ---- the wire


@pytest.fixture
def send(studio):
    def send(method, path, fields=None, key="sk-or-1"):
        headers = {"authorization": f"Bearer {key}"} if key else {}
        url = f"{studio.url}/openrouter/v1/videos{path}"
        return httpx.request(method, url, json=fields, headers=headers, timeout=10)

    return send


@pytest.fixture
def order(send):
    return lambda **fields: send("POST", "", {**ORDER, **fields})


def read_refusal(refused):
    error = refused.json()["error"]
    return refused.status_code, error.get("code", error.get("name")), error["message"]


def test_the_documented_answers(studio, order, send):
    submitted = order()
    job = submitted.json()["id"]
    common = {"id": job, "polling_url": f"/api/v1/videos/{job}"}
    assert (submitted.status_code, submitted.json()) == (202, {**common, "status": "pending"})
    assert send("GET", f"/{job}").json() == {**common, "status": "pending"}
    studio.advance(1)
    running = {**common, "generation_id": f"gen-{job}"}
    assert send("GET", f"/{job}").json() == {**running, "status": "in_progress"}
    assert read_refusal(send("GET", f"/{job}/content"))[:2] == (400, 400)
    studio.advance(3)
    url = f"{studio.url}/openrouter/v1/videos/{job}/content?index=0"
    usage = {"cost": 0.03, "is_byok": False}  # 720p, where nothing is said
    done = {**running, "status": "completed", "unsigned_urls": [url], "usage": usage}
    assert send("GET", f"/{job}").json() == done
    film = send("GET", f"/{job}/content?index=0")
    assert (film.headers["content-type"], film.content[4:8]) == ("video/mp4", b"ftyp")
    assert send("GET", f"/{job}/content").content == film.content
    assert read_refusal(send("GET", f"/{job}/content?index=1"))[:2] == (404, 404)
    assert read_refusal(send("GET", f"/{job}/content?index=a"))[:2] == (400, 400)


@pytest.mark.parametrize(
    ("key", "status", "message"),
    [
        ("", 401, "Missing Authentication header"),
        ("sandbox-401", 401, "User not found."),
        ("sandbox-402", 402, "Insufficient credits. Add more using https://openrouter.ai/credits"),
    ],
)
@pytest.mark.parametrize("path", ["", "/job-1", "/job-1/content"])
def test_keys(send, key, status, message, path):
    refused = send("GET" if path else "POST", path, None if path else ORDER, key=key)

    assert read_refusal(refused) == (status, status, message)


@pytest.mark.parametrize(
    "fields",
    [
        {"model": None},
        {"model": 7},
        {"prompt": 7},
        {"duration": "5"},
        {"duration": 5.5},
        {"duration": 0},
        {"resolution": "1080x1920"},
        {"resolution": "720P"},
        {"aspect_ratio": "16x9"},
        {"size": "big"},
        {"generate_audio": "true"},
        {"seed": "7"},
        {"callback_url": "soon"},
        {"provider": "google-vertex"},
        {"frame_images": FIRST},
        {"frame_images": [FIRST]},
        {"frame_images": [{"type": "first_frame", "image_url": FIRST}]},
        {"frame_images": [{"type": "image_url", "image_url": FIRST, "frame_type": "first_frame"}]},
        {"frame_images": [part(FIRST)]},
        {"frame_images": [part(FIRST, frame_type="middle")]},
        {"input_references": [{"url": FIRST}]},
        {"input_references": [{"type": "image_url", "image_url": {"href": FIRST}}]},
    ],
)
def test_a_wrong_type_or_word_is_a_zod_error(studio, order, fields):
    refused = order(**fields)

    assert read_refusal(refused)[:2] == (400, "ZodError")
    assert refused.json()["success"] is False
    assert json.loads(refused.json()["error"]["message"])[0]["path"][0] == next(iter(fields))
    assert studio.tasks == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"model": "google/veo-3.1", "duration": 5},
            "Duration 5s is not supported for this model. Supported durations: 4, 6, 8",
        ),
        (
            {"resolution": "4K"},
            "Resolution 4K is not supported for this model. Supported resolutions: 480p, 720p, 1080p",
        ),
        (
            {"model": "google/veo-3.1", "duration": 4, "aspect_ratio": "1:1"},
            "Aspect ratio 1:1 is not supported for this model. Supported aspect ratios: 16:9, 9:16",
        ),
        ({"prompt": " "}, "A prompt is required for this model"),
        (
            {"model": "heygen/heygen-video-1", "duration": 5, "generate_audio": False},
            "Audio cannot be disabled for this model",
        ),
        (
            {"frame_images": [part(FIRST, frame_type="last_frame")]},
            "Frame images ['last_frame'] are not supported for this model: first_frame",
        ),
    ],
)
def test_what_the_model_does_not_take(studio, order, fields, message):
    refused = order(**fields)

    assert read_refusal(refused) == (400, 400, message)
    assert refused.json()["error"]["metadata"] == {
        "failed_routing_step": "Validate Video Parameters"
    }
    assert studio.tasks == ()


@pytest.mark.parametrize("url", ["photo.png", "data:image/png;base64,???", "data:image/png,x"])
def test_an_image_is_an_address_or_base64(order, url):
    refused = order(frame_images=[part(url, frame_type="first_frame")])

    assert read_refusal(refused) == (400, 400, "Invalid image URL")


def test_unknown_models_and_jobs_and_paths(order, send):
    assert read_refusal(order(model="acme/acme-1")) == (404, 404, "Resource not found")
    assert read_refusal(send("GET", "/job-none")) == (404, 404, "Resource not found")
    assert read_refusal(send("GET", "/job-none/content")) == (404, 404, "Resource not found")
    assert read_refusal(send("DELETE", "/job-none")) == (404, 404, "Not Found")


def test_audio_and_video_references_are_accepted(order):
    references = [
        {"type": "audio_url", "audio_url": {"url": "https://example.com/a.mp3"}},
        {"type": "video_url", "video_url": {"url": "https://example.com/v.mp4"}},
    ]

    assert order(input_references=references).status_code == 202


@pytest.mark.parametrize(
    ("fields", "cost"),
    [
        ({"model": "google/veo-3.1-fast", "duration": 8, "resolution": "4K"}, 2.4),
        (
            {"model": "google/veo-3.1-fast", "duration": 4, "generate_audio": False},
            0.32,
        ),
        (
            {
                "model": "alibaba/wan-2.6",
                "duration": 5,
                "frame_images": [part(FIRST, frame_type="first_frame")],
            },
            0.5,
        ),
        ({"size": "854x480", "resolution": "480p"}, 0.02),
        ({"frame_images": [part(FIRST, frame_type="first_frame")]}, 0.04),
    ],
)
def test_what_a_job_costs(studio, order, send, fields, cost):
    job = order(**fields).json()["id"]
    studio.advance(4)

    assert send("GET", f"/{job}").json()["usage"]["cost"] == cost


def test_every_model_makes_a_film(studio, order):
    for name, model in load_models("anyvideo_plugins.openrouter.sandbox", "models.toml").items():
        assert order(model=name, duration=None).status_code == 202
        assert studio.tasks[-1].order.seconds == model.facts["length"]


def test_a_body_that_is_no_json_is_refused(studio):
    headers = {"authorization": "Bearer k", "content-type": "application/json"}
    answer = httpx.post(f"{studio.url}/openrouter/v1/videos", content=b"{", headers=headers)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, 400)
