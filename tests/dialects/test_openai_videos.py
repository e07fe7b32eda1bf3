"""The /v1/videos dialect: status, remix, and where the file is."""

import json

import pytest

from anyvideo.dialects.openai_videos import locate, remix, status
from anyvideo.dialects.urls import segment
from anyvideo.errors import ExpiredError, ProviderError
from anyvideo.model.wire import Request, Response
from anyvideo.tasks.report import Report
from anyvideo.tasks.task import Task
from anyvideo.testing import drive

URL = "https://files.example.com/fox.mp4"
MP4 = b"\x00\x00\x00\x18ftypisom"


def task(id="video_1", **known):  # noqa: A002 (the field's own name)
    return Task("mine", "apiyi", "https://api.apiyi.com", id, "sora-2", **known)


def answer(body, status=200, kind="application/json", **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": kind, **headers}, raw)


def first(flow):
    return next(flow)


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("video_1", "video_1"),
        ("sora-2:1234567890-abcdefgh", "sora-2:1234567890-abcdefgh"),
        ("a/b?c=d#e", "a%2Fb%3Fc%3Dd%23e"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("\ud800", "%3F"),
    ],
)
def test_an_id_is_one_segment_of_a_path(id, path):  # noqa: A002 (the field's own name)
    assert segment(id) == path
    assert first(status(task(id))) == Request("GET", f"/v1/videos/{path}")
    assert first(locate(task(id))).url == f"/v1/videos/{path}/content"
    assert first(remix(task(id), "more")).url == f"/v1/videos/{path}/remix"


def test_a_status_call_reads_its_answer():
    report = drive(status(task()), [answer({"id": "video_1", "status": "in_progress"})])

    assert report == Report("video_1", "running")


@pytest.mark.parametrize(
    ("size", "body"),
    [(None, {"prompt": "more"}), ("1280x720", {"prompt": "more", "size": "1280x720"})],
)
def test_a_remix_is_paid_and_names_the_new_task(size, body):
    flow = remix(task(), "more", size)

    assert next(flow) == Request("POST", "/v1/videos/video_1/remix", json=body, paid=True)
    with pytest.raises(StopIteration) as stop:
        flow.send(answer({"id": "video_2", "status": "pending", "progress": 0}))
    assert stop.value.value == Report("video_2", "queued", 0)


def test_the_tasks_own_url_needs_no_request():
    assert drive(locate(task(video_url=URL)), []) == Request("GET", URL, expects="video")


def test_a_url_that_is_content_itself_is_asked_for_where_the_key_belongs():
    own = "https://vip.apiyi.com/v1/videos/video_1/content?x=1"
    request = drive(locate(task(video_url=own)), [answer(MP4, kind="video/mp4")])

    assert request == Request("GET", "/v1/videos/video_1/content", expects="video")


@pytest.mark.parametrize(
    "response",
    [
        answer(MP4, kind="video/mp4"),
        answer(MP4, kind="application/octet-stream"),
        answer(MP4, kind=""),
        answer(MP4, 206, kind="video/mp4"),
        answer(b"", kind="video/mp4"),
    ],
    ids=["video", "bytes", "unnamed", "part", "taken"],
)
def test_bytes_are_the_file(response):
    assert drive(locate(task()), [response]).url == "/v1/videos/video_1/content"


@pytest.mark.parametrize(
    "response",
    [
        answer({"status": "completed", "url": URL}),
        answer({"video_url": URL}, kind="video/mp4"),
        answer({"data": {"url": URL}}, kind="text/plain"),
        answer(b"", 302, location=URL),
        answer(b"<a>Moved</a>", 307, kind="text/html", location=URL),
    ],
)
def test_the_file_may_lie_elsewhere(response):
    assert drive(locate(task()), [response]) == Request("GET", URL, expects="video")


@pytest.mark.parametrize("status", [404, 410])
def test_a_file_that_is_gone(status):
    with pytest.raises(ExpiredError, match="mine no longer has the video of video_1") as caught:
        drive(locate(task()), [answer({"error": {"message": "x"}}, status)])
    assert caught.value.task == task()


@pytest.mark.parametrize(("behind", "gone"), [(403, True), (404, True), (410, True), (500, False)])
def test_a_gateway_says_in_a_502_what_its_storage_answered(behind, gone):
    body = {"error": {"message": f"Upstream service returned status {behind}"}}
    with pytest.raises(ExpiredError if gone else ProviderError):
        drive(locate(task()), [answer(body, 502)])


@pytest.mark.parametrize(
    ("response", "kind", "retryable", "wait"),
    [
        (answer({"error": {"message": "not ready"}}, 400), "invalid_request", True, 4),
        (
            answer({"error": {"message": "x"}}, 400, **{"retry-after": "9"}),
            "invalid_request",
            True,
            9,
        ),
        (answer({"error": {"code": "artifact_not_ready"}}, 409), "server", True, 4),
        (answer({"code": "task_not_exist"}, 400), "not_found", False, None),
        (answer({"error": {"message": "Invalid token"}}, 401), "auth", False, None),
        (answer({"error": {"message": "request blocked"}}, 403), "permission", False, None),
        (answer({}, 416), "invalid_request", False, None),
        (answer({}, 503), "server", True, None),
        (answer({"error": {"message": "boom"}}), "server", True, None),
        (answer({"status": "completed"}), "malformed", True, None),
        (answer({"url": "soon"}), "malformed", True, None),
        (answer(b"{"), "malformed", True, None),
        (answer(b"<html>", kind="text/html"), "malformed", True, None),
        (answer(b" <html>", kind="video/mp4"), "malformed", True, None),
        (answer(b"", 302), "malformed", False, None),
        (answer(b"", 302, location="ftp://a.b/c"), "malformed", False, None),
        (answer(b"", 304, location=URL), "malformed", False, None),
    ],
)
def test_what_is_no_file_is_an_error_that_says_whether_to_wait(response, kind, retryable, wait):
    with pytest.raises(ProviderError) as caught:
        drive(locate(task()), [response])
    error = caught.value

    assert (error.kind, error.retryable, error.retry_after) == (kind, retryable, wait)
