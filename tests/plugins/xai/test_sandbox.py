"""xAI's wire in the sandbox answers and refuses as the documents say, and the adapter passes it over HTTP."""

import base64
import re
from decimal import Decimal
from typing import Any

import pytest

from anyvideo import (
    ExpiredError,
    Image,
    ProviderError,
    Status,
    TaskFailedError,
    UnsupportedError,
    VideoJob,
)
from anyvideo.sandbox import Sandbox, VirtualClock
from anyvideo.testing import draw_picture
from anyvideo_plugins.xai.sandbox.wire import VENDOR
from tests.clients import KINDS

PATH = "/xai/v1/videos"
BASE, FULL, LITE = "grok-imagine-video", "grok-imagine-video-1.5", "grok-imagine-video-1.5-lite"
WEB = {"url": "https://example.com/image.png"}
VOICE = {"voice_id": "eve"}
ORDER: dict[str, Any] = {"model": FULL, "prompt": "A serene lake at sunrise"}


def inline(width=64, height=64, kind="png", told=None):
    body = base64.b64encode(draw_picture(width, height, kind)).decode()
    return {"url": f"data:image/{told or kind};base64,{body}"}


def refusal(answer):
    body = answer.json()
    assert set(body) == {"code", "error"}
    return answer.status_code, body["code"], body["error"]


@pytest.fixture
def order(client):
    """Send an order; None leaves a field out."""

    def order(path="generations", /, **fields):
        whole = {name: value for name, value in {**ORDER, **fields}.items() if value is not None}
        return client.post(f"{PATH}/{path}", json=whole)

    return order


@pytest.fixture
def show(client):
    return lambda job: client.get(f"{PATH}/{job}")


def test_the_documented_answers(sandbox, order, show):
    created = order(duration=6, resolution="720p")
    assert created.status_code == 200
    job = created.json()["request_id"]
    assert created.json() == {"request_id": job}
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", job)

    waiting = show(job)
    assert (waiting.status_code, waiting.content) == (202, b"")
    sandbox.advance(2)
    running = show(job)
    assert running.status_code == 202
    assert running.json() == {"status": "pending", "progress": running.json()["progress"]}
    assert 0 < running.json()["progress"] < 100
    sandbox.advance(2)
    ended = show(job)
    assert ended.status_code == 200
    assert ended.json() == {
        "status": "done",
        "progress": 100,
        "model": FULL,
        "video": {
            "url": f"{sandbox.url}/files/{job}.mp4",
            "duration": 6,
            "respect_moderation": True,
        },
        "usage": {"cost_in_usd_ticks": 8_400_000_000},
    }


def test_jobs_that_fail(sandbox, order, show):
    lost, blocked, late = (
        order(prompt=f"a fox [fault:{word}]").json()["request_id"]
        for word in ("fail-at=50", "moderated=50", "no-url")
    )
    sandbox.advance(4)

    failed = show(lost)
    assert (failed.status_code, failed.json()["status"]) == (200, "failed")
    assert failed.json()["error"]["code"] == "internal_error"
    assert show(blocked).json()["status"] == "done"
    assert show(blocked).json()["video"] == {"url": "", "duration": 8, "respect_moderation": False}
    assert show(blocked).json()["usage"] == {"cost_in_usd_ticks": 6_400_000_000}
    assert show(late).json()["video"]["url"] == ""


def test_unknown_jobs_paths_and_keys(client, show):
    assert refusal(show("none"))[:2] == (404, "not-found")
    assert client.delete(f"{PATH}/none").status_code == 404
    assert client.post(PATH, json=ORDER).status_code == 404
    for key, found in (
        ("", (401, "unauthenticated:no-credentials")),
        ("Basic sandbox", (401, "unauthenticated:no-credentials")),
        ("Bearer sandbox-401", (400, "invalid-argument")),
        ("Bearer sandbox-402", (403, "permission-denied")),
    ):
        answer = client.post(f"{PATH}/generations", json=ORDER, headers={"authorization": key})
        assert refusal(answer)[:2] == found


@pytest.mark.parametrize(
    ("fields", "film", "ticks"),
    [
        ({}, "8|854x480", 6_400_000_000),
        ({"duration": "8"}, "8|854x480", 6_400_000_000),
        ({"duration": 15, "resolution": "1080p"}, "15|1920x1080", 37_500_000_000),
        ({"aspect_ratio": "9:16", "resolution": "720p"}, "8|720x1280", 11_200_000_000),
        ({"aspect_ratio": "5:2", "duration": 1}, "1|1200x480", 800_000_000),
        ({"model": LITE, "resolution": "1080p", "duration": 1}, "1|1920x1080", 1_400_000_000),
        ({"model": BASE, "duration": 1, "image": WEB}, "1|854x480", 520_000_000),
        ({"image": inline(60, 80), "duration": 1}, "1|480x640", 900_000_000),
        ({"image": inline(80, 60), "aspect_ratio": "1:1", "duration": 1}, "1|640x480", 900_000_000),
        ({"last_frame": WEB, "image": WEB, "duration": 3}, "3|854x480", 2_600_000_000),
        ({"reference_images": [WEB] * 7, "duration": 1}, "1|854x480", 1_500_000_000),
    ],
)
def test_what_is_made_and_billed(sandbox, client, order, show, fields, film, ticks):
    job = order(**fields).json()["request_id"]
    sandbox.advance(4)
    shown = show(job).json()

    assert client.get(shown["video"]["url"]).text.startswith(f"{ORDER['prompt']}|{film}|")
    assert shown["usage"]["cost_in_usd_ticks"] == ticks


@pytest.mark.parametrize(
    "fields",
    [
        {"model": "grok-imagine-video-1.5-preview"},
        {"model": "grok-imagine-video-1.5-2026-05-30"},
        {"generate_audio": False, "user": "end-user", "unheard_of": 1},
        {"storage_options": {"filename": "fox.mp4"}, "output": {"upload_url": "https://a.b/c"}},
        {"image": {"file_id": "file_1"}, "prompt": None},
        {"image": inline(kind="jpeg")},
        {"image": inline(kind="webp")},
        {"image": WEB, "reference_images": [WEB]},
        {"last_frame": WEB, "prompt": None},
        {"reference_images": [WEB, inline()], "reference_audios": [VOICE] * 3, "duration": 15},
        {"keyframes": [{"image": WEB, "timestamp_s": 1}] * 4},
        {"model": BASE, "reference_images": [WEB] * 7, "duration": 10},
        {"model": LITE, "image": WEB, "resolution": "1080p"},
    ],
)
def test_what_is_taken(order, fields):
    assert order(**fields).status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"model": None},
        {"model": 15},
        {"prompt": 5},
        {"duration": 5.5},
        {"duration": "5s"},
        {"aspect_ratio": "auto"},
        {"aspect_ratio": "16x9"},
        {"resolution": "720P"},
        {"resolution": 720},
        {"resolution": "4k"},
        {"image": "https://example.com/image.png"},
        {"image": [WEB]},
        {"last_frame": WEB["url"]},
        {"reference_images": WEB},
        {"reference_images": [WEB["url"]]},
        {"reference_audios": ["eve"]},
        {"generate_audio": "false"},
    ],
)
def test_a_wrong_type_or_word_does_not_pass_the_parser(sandbox, order, fields):
    refused = order(**fields)

    assert (refused.status_code, refused.headers["content-type"]) == (422, "text/plain")
    assert f"target type: {next(iter(fields))}: " in refused.text
    assert sandbox.tasks == ()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"duration": 0}, "Duration must be between 1 and 15 seconds"),
        ({"duration": 16}, "Duration must be between 1 and 15 seconds"),
        ({"prompt": None}, "Prompt cannot be empty. Please provide a prompt."),
        ({"prompt": ""}, "Prompt cannot be empty. Please provide a prompt."),
        (
            {"model": BASE, "resolution": "1080p"},
            "1080p video resolution is not supported for this model.",
        ),
        (
            {"reference_images": [WEB], "resolution": "1080p"},
            "1080p video resolution is not supported for reference-to-video requests.",
        ),
        (
            {"last_frame": WEB, "resolution": "1080p"},
            "1080p video resolution is not supported for reference-to-video requests.",
        ),
        (
            {"reference_images": [WEB] * 8},
            "Too many reference images: 8. Maximum allowed is 7.",
        ),
        (
            {"reference_images": [WEB], "reference_audios": [VOICE] * 4},
            "Too many reference audio clips: 4. Maximum allowed is 3.",
        ),
        (
            {"keyframes": [{"image": WEB, "timestamp_s": 1}] * 5},
            "Too many keyframes. Maximum allowed is 4.",
        ),
        (
            {"model": BASE, "reference_images": [WEB], "duration": 11},
            "Duration 11s exceeds the maximum allowed for reference-to-video, which is 10s.",
        ),
        (
            {"model": BASE, "reference_images": [WEB], "image": WEB},
            "Only one of image-to-video or reference-to-video can be active per request.",
        ),
        *(
            ({"model": model, name: value}, f"`{name}` is not supported for this model.")
            for model, name, value in (
                (BASE, "last_frame", WEB),
                (BASE, "reference_audios", [VOICE]),
                (BASE, "keyframes", [{"image": WEB, "timestamp_s": 1}]),
                (LITE, "last_frame", WEB),
                (LITE, "reference_images", [WEB]),
            )
        ),
        *(
            (
                {"image": image},
                "Invalid image: expected a public URL or a base64-encoded JPEG, PNG or WebP.",
            )
            for image in (
                {"url": "photo.png"},
                {"url": "data:image/png;base64,???"},
                {"url": "data:image/png,x"},
                {"url": "data:image/png;base64,AAAA"},
                {"url": base64.b64encode(draw_picture(8, 8)).decode()},
                inline(told="jpeg"),
            )
        ),
        ({"image": {"href": "x"}}, "Exactly one of `url` or `file_id` must be set for an image."),
        (
            {"image": {**WEB, "file_id": "file_1"}},
            "Exactly one of `url` or `file_id` must be set for an image.",
        ),
    ],
)
def test_what_is_refused(sandbox, order, fields, message):
    assert refusal(order(**fields)) == (400, "invalid-argument", message)
    assert sandbox.tasks == ()


def test_an_unknown_model_and_another_form_of_body(client, order):
    status, code, message = refusal(order(model="grok-imagine-video-2.0"))
    assert (status, code) == (404, "not-found")
    assert message.startswith("The model grok-imagine-video-2.0 does not exist")

    form = client.post(f"{PATH}/generations", files={"prompt": (None, "a fox")})
    assert form.status_code == 415
    broken = client.post(
        f"{PATH}/generations", content=b"{", headers={"content-type": "application/json"}
    )
    assert refusal(broken)[:2] == (400, "invalid-argument")


def test_edits(sandbox, order, show):
    job = order("edits", model=BASE, video=WEB).json()["request_id"]
    sandbox.advance(4)
    assert show(job).json()["status"] == "done"

    assert order("edits", model=BASE).status_code == 422
    assert order("edits", model=BASE, video=WEB["url"]).status_code == 422
    assert order("edits", model=BASE, video=WEB, prompt=None).status_code == 422
    message = "Video editing is not supported for this model."
    assert refusal(order("edits", video=WEB)) == (400, "invalid-argument", message)
    assert refusal(order("edits", model=BASE, video={}))[2] == "Invalid video URL."


# ---- the adapter over HTTP, with both clients


@pytest.fixture(params=list(KINDS))
def user(request):
    clock = VirtualClock()
    with (
        Sandbox(vendors=[VENDOR], clock=clock) as sandbox,
        KINDS[request.param]({}, sandbox=sandbox, journal=None, clock=clock) as client,
    ):
        yield client, sandbox


@pytest.mark.parametrize(("model", "cost"), [(BASE, "0.28"), (FULL, "0.56"), (LITE, "0.12")])
def test_a_video_is_made(user, tmp_path, model, cost):
    client, sandbox = user
    job = VideoJob("a fox", seconds=4, resolution="720p", aspect_ratio="9:16", audio=False)
    video = client.generate(job, tmp_path / "fox.mp4", f"xai/{model}")

    assert (video.facts.seconds, video.facts.width, video.facts.height) == (4, 720, 1280)
    assert video.task.cost == Decimal(cost)
    (order,) = sandbox.posts("xai")
    assert order.headers["authorization"] == "Bearer sandbox"


def test_a_local_picture_becomes_a_video_of_its_shape(user, tmp_path):
    client, sandbox = user
    picture = draw_picture(60, 80)
    job = VideoJob("a fox", images=(Image(picture),), seconds=1, resolution="480p")
    video = client.generate(job, tmp_path / "fox.mp4", f"xai/{FULL}")

    assert (video.facts.width, video.facts.height) == (480, 640)
    assert video.task.cost == client.plan(job, f"xai/{FULL}").quote.amount == Decimal("0.09")
    (order,) = sandbox.posts("xai")
    assert b'"url":"data:image/png;base64,' + base64.b64encode(picture) + b'"' in order.body


@pytest.mark.parametrize(
    ("word", "kind", "cost"),
    [("fail-at=50", "server", None), ("moderated=50", "content_policy", Decimal("0.64"))],
)
def test_a_failure(user, tmp_path, word, kind, cost):
    client, _ = user
    with pytest.raises(TaskFailedError) as caught:
        client.generate(VideoJob(f"a fox [fault:{word}]"), tmp_path / "fox.mp4", f"xai/{FULL}")

    task = caught.value.task
    assert task is not None
    assert task.error is not None
    assert (task.error.kind, task.cost) == (kind, cost)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("no-money", "insufficient_funds"),
        ("no-money=429", "insufficient_funds"),
        ("moderated", "content_policy"),
        ("429=9", "rate_limited"),
    ],
)
def test_refusals(user, word, kind):
    client, sandbox = user
    with pytest.raises(ProviderError) as caught:
        client.submit(VideoJob(f"a fox [fault:{word}]"), f"xai/{FULL}")

    assert caught.value.kind == kind
    assert sandbox.tasks == ()


@pytest.mark.parametrize("word", ["expired", "expired-url"])
def test_a_link_that_is_dead(user, tmp_path, word):
    client, _ = user
    task = client.wait(client.submit(VideoJob(f"a fox [fault:{word}]"), f"xai/{FULL}"))
    if word == "expired-url":
        assert client.download(task, tmp_path / "fox.mp4").size > 0
        return
    with pytest.raises(ExpiredError):
        client.download(task, tmp_path / "fox.mp4")


@pytest.mark.parametrize("word", ["foreign-url", "poll-503", "poll-truncated", "unknown-status"])
def test_a_video_is_made_in_spite_of(user, tmp_path, word):
    client, sandbox = user
    job = VideoJob(f"a fox [fault:{word}]", seconds=1)

    assert client.generate(job, tmp_path / "fox.mp4", f"xai/{FULL}").size > 0
    assert len(sandbox.posts("xai")) == 1
    # The file's host is not the vendor's own: it gets no key.
    if word == "foreign-url":
        assert "authorization" not in sandbox.requests[-1].headers


def test_a_finished_video_is_edited(user):
    client, sandbox = user
    old = client.wait(client.submit(VideoJob("a fox"), f"xai/{BASE}"))
    new = client.wait(client.remix(old, "a fox with a hat"))

    assert (new.status, new.model) == (Status.SUCCEEDED, BASE)
    assert new.id != old.id
    assert sandbox.posts("xai")[-1].path == "/v1/videos/edits"


def test_there_is_no_cancel(user):
    client, _ = user
    task = client.submit(VideoJob("a fox"), f"xai/{FULL}")

    with pytest.raises(UnsupportedError):
        client.cancel(task)
