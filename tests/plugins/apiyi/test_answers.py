"""Every answer on APIYI's pages, read to the letter."""

import json

import pytest

from anyvideo.errors import ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Report, Request, Response, Task, TaskError
from anyvideo.testing import drive
from anyvideo_plugins.apiyi.videos import Videos

APIYI = Videos()
URL = "https://files.example.com/fox.mp4"


def plan_for(model):
    (offer,) = [offer for offer in APIYI.offers() if offer.model == model]
    return negotiate(VideoJob("a fox"), offer, Policy(retired="allow"))


def answer(body, status=200, kind="application/json"):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": kind}, raw)


def task(id="video_abc123def456", **known):  # noqa: A002 (the field's own name)
    return Task("apiyi", "apiyi", APIYI.base_url, id, "sora-2", **known)


# ---- https://docs.apiyi.com/en/api-capabilities/sora-2/text-to-video

QUEUED = {
    "id": "video_abc123def456",
    "object": "video",
    "model": "sora-2",
    "status": "queued",
    "progress": 0,
    "created_at": 1712697600,
    "completed_at": 1712697900,
    "size": "1280x720",
    "seconds": "8",
    "quality": "standard",
}
SUBMITTED = {name: value for name, value in QUEUED.items() if name != "completed_at"}
RUNNING = {
    "id": "video_abc123def456",
    "object": "video",
    "model": "sora-2",
    "status": "in_progress",
    "progress": 45,
    "created_at": 1712697600,
    "size": "1280x720",
    "seconds": "8",
}
COMPLETED = {
    "id": "video_abc123def456",
    "object": "video",
    "model": "sora-2",
    "status": "completed",
    "progress": 100,
    "created_at": 1712697600,
    "completed_at": 1712697900,
    "size": "1280x720",
    "seconds": "8",
}


@pytest.mark.parametrize("sample", [QUEUED, SUBMITTED], ids=["top of the page", "step 1"])
def test_every_submit_answer_is_read_exactly(sample):
    plan = plan_for("sora-2")

    assert drive(APIYI.submit(plan), [answer(sample)]) == Report("video_abc123def456", "queued", 0)


@pytest.mark.parametrize(
    ("sample", "status", "progress"),
    [(RUNNING, "running", 45), (COMPLETED, "succeeded", 100)],
)
def test_every_status_answer_is_read_exactly(sample, status, progress):
    flow = APIYI.status(task())

    assert next(flow) == Request("GET", "/v1/videos/video_abc123def456")
    with pytest.raises(StopIteration) as stop:
        flow.send(answer(sample))
    assert stop.value.value == Report("video_abc123def456", status, progress)


def test_the_file_is_behind_content():
    request = Request("GET", "/v1/videos/video_abc123def456/content", expects="video")

    assert drive(APIYI.locate(task()), [answer(b"\0\0\0\x18ftyp", 200, "video/mp4")]) == request


def test_content_may_be_late_and_may_be_gone():
    with pytest.raises(ProviderError) as late:
        drive(APIYI.locate(task()), [answer({"error": {"message": "not ready"}}, 400)])
    assert (late.value.retryable, late.value.retry_after) == (True, 4)
    with pytest.raises(ExpiredError):
        drive(APIYI.locate(task()), [answer({"error": {"message": "not found"}}, 404)])


# ---- https://docs.apiyi.com/en/api-capabilities/grok-imagine-video


def test_xai_says_done():
    report = drive(APIYI.status(task()), [answer({"id": "video_1", "status": "done"})])

    assert report == Report("video_1", "succeeded")


# ---- https://docs.apiyi.com/en/api-capabilities/veo-3-1-official/overview


def test_veos_answers_are_read_exactly():
    sample = {
        "id": "task_x",
        "task_id": "task_x",
        "object": "video",
        "model": "veo-3.1-fast-generate-preview",
        "status": "queued",
        "progress": 0,
        "created_at": 1775025000,
    }
    gone = '{"error": {"code": 404, "message": "The model is no longer available"}}'
    failed = {
        **sample,
        "status": "failed",
        "error": {"code": "fail_to_fetch_task", "message": gone},
    }
    error = TaskError("model_unavailable", "fail_to_fetch_task", "The model is no longer available")

    assert drive(APIYI.status(task("task_x")), [answer(sample)]) == Report("task_x", "queued", 0)
    assert drive(APIYI.status(task("task_x")), [answer(failed)]).error == error


# ---- https://docs.apiyi.com/en/api-capabilities/veo/async-api


def test_reversed_veos_answers_are_read_exactly():
    submitted = {
        "id": "video_abc123",
        "object": "video",
        "created": 1762181811,
        "status": "queued",
        "model": "veo-3.1",
    }
    located = {"status": "completed", "url": URL, "duration": 8, "resolution": "720x1280"}
    plan = plan_for("veo-3.1-reversed")

    assert drive(APIYI.submit(plan), [answer(submitted)]) == Report("video_abc123", "queued")
    assert drive(APIYI.locate(task()), [answer(located)]) == Request("GET", URL, expects="video")


# ---- the manual of 2025: apiyi-api/ai-api-code-samples, sora-2-api-asynchronous/API-MANUAL.md

MANUAL = {
    "id": "video_abc123def456",
    "status": "submitted",
    "progress": 0,
    "prompt": "a fox",
    "model": "sora-2",
    "size": "1280x720",
    "seconds": "10",
    "created_at": 1704067200,
    "url": None,
    "completed_at": None,
}


def test_the_manuals_answers_are_read_exactly():
    own = "https://api.apiyi.com/v1/videos/video_abc123def456/content"
    done = {**MANUAL, "status": "completed", "progress": 100, "url": own}
    failed = {
        "id": "video_abc123def456",
        "status": "failed",
        "progress": 0,
        "error": "Content policy violation",
        "created_at": 1704067200,
    }
    error = TaskError("content_policy", None, "Content policy violation")

    assert [drive(APIYI.status(task()), [answer(body)]) for body in (MANUAL, done, failed)] == [
        Report("video_abc123def456", "queued", 0),
        Report("video_abc123def456", "succeeded", 100, own),
        Report("video_abc123def456", "failed", 0, error=error),
    ]


def test_the_manuals_error_is_read_exactly():
    body = {"error": {"code": "invalid_request", "message": "Missing required parameter: prompt"}}
    plan = plan_for("sora-2")
    with pytest.raises(ProviderError) as caught:
        drive(APIYI.submit(plan), [answer(body, 400)])
    error = caught.value

    assert (error.kind, error.code) == ("invalid_request", "invalid_request")
    assert (error.message, error.retryable) == ("Missing required parameter: prompt", False)
