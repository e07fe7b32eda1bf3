"""Every answer on APIMart's pages, and recorded ones, read to the letter."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given

from anyvideo.errors import AnyVideoError, DownloadError, ExpiredError, JobError, ProviderError
from anyvideo.plugin import Image, Report, Request, Status, TaskError, VideoJob
from anyvideo_plugins import apimart
from tests.plugins.apimart.answers import (
    APIMART,
    COMPLETED,
    FAILED,
    ID,
    PNG,
    PROCESSING,
    RECOVERED,
    SUBMITTED,
    SUBMITTED_AS_OBJECT,
    SUBMITTED_VERSIONED,
    UPLOADED,
    URL,
    answer,
    drive,
    plan_for,
    responses,
    task_of,
)

RECORDED = "task_01KBS40K78KGHZ9SDBWQSGSXRK"  # what the recorded answers are about
PLAN = plan_for(VideoJob("p"), "veo-3.1-fast")
GONE = {"error": {"code": 400, "message": "任务不存在或已过期", "type": "invalid_request_error"}}


def submit(response):
    return drive(APIMART.submit(PLAN), response)[0]


def status(response):
    report, (request,) = drive(APIMART.status(task_of()), response)
    assert (request.method, request.url) == ("GET", f"/v1/tasks/{ID}")
    assert not request.paid
    return report


def done(**changes):
    return answer({"code": 200, "data": {**COMPLETED["data"], **changes}})


def test_the_plugin_offers_its_adapter():
    (adapter,) = apimart.anyvideo_adapters()

    assert (adapter.name, adapter.key_env) == ("apimart", "APIMART_API_KEY")
    assert adapter.base_url == "https://api.apimart.ai"
    assert adapter.offers()[0] is adapter.offers()[0]


@pytest.mark.parametrize(
    "response",
    [
        answer(SUBMITTED),
        answer(SUBMITTED_AS_OBJECT),
        answer(SUBMITTED_VERSIONED),
        answer(RECOVERED, 202),
        answer(RECOVERED),
        answer({"task_id": ID, "status": "submitted"}),
        answer({"id": ID}),
    ],
    ids=["array", "object", "versioned", "202", "202 in 200", "flat task_id", "flat id"],
)
def test_every_form_of_a_submit_answer_names_the_task(response):
    report = submit(response)

    assert (report.id, report.status) == (ID, Status.QUEUED)


def test_a_recorded_task_in_progress_is_read_to_the_letter():
    assert status(answer(PROCESSING)) == Report(RECORDED, "running", 91)


def test_a_recorded_finished_task_is_read_to_the_letter():
    expires = datetime(2025, 12, 7, 6, 4, 6, tzinfo=UTC)

    assert status(answer(COMPLETED)) == Report(RECORDED, "succeeded", 100, URL, expires)


@pytest.mark.parametrize(
    ("cost", "amount"),
    [
        (0.15, "0.15"),
        ("0.1234", "0.1234"),
        (0.047920000000000004, "0.047920000000000004"),
        (0, "0"),
    ],
)
def test_the_bill_is_read(cost, amount):
    assert status(done(cost=cost, credits_cost=1.5)).cost == Decimal(amount)


@pytest.mark.parametrize(
    "result",
    [
        {"videos": [{"url": URL}]},
        {"videos": [{"url": [URL], "last_frame_url": "https://a.b/last.png"}]},
        {"videos": [{"video_url": URL}], "thumbnail_url": "https://a.b/thumb.png"},
        {"videos": [URL]},
    ],
)
def test_the_file_is_found_in_every_form(result):
    assert status(done(result=result)).video_url == URL


def test_a_task_without_an_envelope_is_read():
    video = {"url": "https://cdn.apimart.ai/videos/xxx.mp4", "duration": 10}
    body = {"id": ID, "status": "completed", "progress": 100, "result": {"videos": [video]}}

    assert status(answer(body)).video_url == "https://cdn.apimart.ai/videos/xxx.mp4"


WORDS = {
    Status.QUEUED: ["submitted", "pending", "queued", "NOT_START"],
    Status.RUNNING: ["processing", "in_progress", "running", "MODAL", "a word that nobody knows"],
    Status.SUCCEEDED: ["completed", "success", "succeeded", "SUCCESS", "done"],
    Status.FAILED: ["failed", "failure", "fail", "error", "FAILURE"],
    Status.CANCELLED: ["cancelled", "canceled"],
}


@pytest.mark.parametrize(
    ("word", "expected"), [(word, status) for status, words in WORDS.items() for word in words]
)
def test_every_word_for_a_status_is_known(word, expected):
    assert status(done(status=word)).status == expected


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ({"message": "content rejected"}, TaskError("content_policy", None, "content rejected")),
        ("content rejected", TaskError("content_policy", None, "content rejected")),
        (
            {"message": "it broke", "type": "task_failed", "param": "", "code": "task_failed"},
            TaskError("server", "task_failed", "it broke"),
        ),
        (
            {"code": 500, "message": "it broke", "type": "server_error"},
            TaskError("server", "500", "it broke"),
        ),
        (
            {"message": "<title>Just a moment...</title>"},
            TaskError("server", None, "Just a moment..."),
        ),
        (None, None),
        ("", None),
    ],
)
def test_a_failed_task_says_why(error, expected):
    report = status(answer({"code": 200, "data": {"id": ID, "status": "failed", "error": error}}))

    assert report == Report(ID, "failed", error=expected)


@pytest.mark.parametrize("result", [None, {}, {"videos": []}, {"videos": [{"url": "ftp://a.b/c"}]}])
def test_a_finished_task_without_a_file_is_an_error_of_its_own(result):
    with pytest.raises(ProviderError) as caught:
        status(done(result=result))

    assert caught.value.kind == "malformed"


def said(message="bad", **error):
    return {"error": {"message": message, **error}}


# The documented forms and those recorded live: status, body, kind, whether a poll may be repeated.
ERRORS = [
    (400, said(code=400, type="invalid_request_error"), "invalid_request", False),
    (401, said(code=401, type="authentication_error"), "auth", False),
    (402, said(code=402, type="payment_required"), "insufficient_funds", False),
    (403, said(code=403, type="permission_error"), "permission", False),
    (429, said(code=429, type="rate_limit_error"), "rate_limited", True),
    (500, said(code=500, type="server_error"), "server", True),
    (502, said(code=502, type="bad_gateway"), "server", True),
    (401, said("invalid API key (request id: 2026)", code="", type="apimart_error"), "auth", False),
    (401, said("API key is required", type="apimart_error"), "auth", False),
    (400, said("Please wait and try again later", code="get_channel_failed"), "server", True),
    (500, said("build_request_failed: invalid size: 3:5, allowed: 1:1"), "invalid_request", False),
    (
        500,
        said("build_request_failed: content moderation failed: sensitive content detected"),
        "content_policy",
        False,
    ),
    (400, said(code="nsfw_content_detected"), "content_policy", False),
    (400, said(code="invalid_duration"), "invalid_request", False),
    (
        400,
        {"request_id": "req_1", **said(param="size", code="invalid_size")},
        "invalid_request",
        False,
    ),
    (404, said(code="model_not_found"), "model_unavailable", False),
    (409, said(code="idempotency_key_reused"), "invalid_request", False),
    (200, {"code": 402, "message": "Insufficient balance"}, "insufficient_funds", False),
    (200, {"code": 605, "message": "no"}, "insufficient_funds", False),
    (200, {"success": False, "message": "Insufficient balance"}, "insufficient_funds", False),
    (200, said(code=401, type="authentication_error"), "auth", False),
    (429, {"detail": "slow down", "retry_after": 7}, "rate_limited", True),
]


@pytest.mark.parametrize(("code", "body", "kind", "repeat"), ERRORS)
def test_every_documented_error_has_its_kind(code, body, kind, repeat):
    with pytest.raises(ProviderError) as caught:
        status(answer(body, code))
    assert (caught.value.kind, caught.value.retryable) == (kind, repeat)

    with pytest.raises(ProviderError) as caught:
        submit(answer(body, code))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("build_request_failed: invalid size: 3:5, allowed: 1:1", "invalid_request"),
        (
            "build_request_failed: content moderation failed: sensitive content detected",
            "content_policy",
        ),
    ],
)
def test_the_callers_mistake_in_the_envelope_of_a_500_is_no_outage(message, kind):
    with pytest.raises(ProviderError) as caught:
        status(answer(said(message, code=500, type="server_error"), 500))

    assert (caught.value.kind, caught.value.retryable) == (kind, False)


def test_a_recorded_answer_of_json_that_calls_itself_a_stream_is_read():
    body = {
        "error": {"code": "bad_response_status_code", "message": "bad response status code 422"}
    }
    with pytest.raises(ProviderError) as caught:
        submit(answer(body, 422, **{"content-type": "text/event-stream"}))

    assert caught.value.code == "bad_response_status_code"


def test_the_wait_in_a_body_is_read():
    with pytest.raises(ProviderError) as caught:
        status(answer({"detail": "slow down", "retry_after": 7}, 429))

    assert caught.value.retry_after == 7


def test_the_file_is_where_the_task_says():
    request, sent = drive(APIMART.locate(task_of(video_url=URL)))

    assert request == Request("GET", URL, expects="video")
    assert sent == []


def test_a_task_that_does_not_say_is_asked_once():
    request, sent = drive(APIMART.locate(task_of()), answer(COMPLETED))

    assert request == Request("GET", URL, expects="video")
    assert [asked.url for asked in sent] == [f"/v1/tasks/{ID}"]


@pytest.mark.parametrize(
    ("response", "error", "words"),
    [
        (answer(GONE, 400), ExpiredError, "no longer knows"),
        (answer({"code": 404, "message": "not found"}, 404), ExpiredError, "no longer knows"),
        (
            answer({"code": 200, "data": {"id": ID, "status": "expired"}}),
            ExpiredError,
            "no longer has",
        ),
        (answer(PROCESSING), DownloadError, "which is running"),
        (answer(FAILED), DownloadError, "which is failed"),
        (done(result={}), DownloadError, "which is succeeded"),
        (answer(b"", 502), ProviderError, "HTTP 502"),
    ],
)
def test_a_task_without_a_file_says_so(response, error, words):
    with pytest.raises(error, match=words) as caught:
        drive(APIMART.locate(task_of()), response)

    assert caught.value.task is None or caught.value.task.id == ID


def test_a_remix_continues_a_video_with_its_own_model():
    flow = APIMART.remix(task_of(), "it runs on")
    report, (request,) = drive(flow, answer({"id": "task_2", "object": "video.remix.task"}))

    assert (report.id, report.status) == ("task_2", Status.QUEUED)
    assert (request.method, request.url) == ("POST", f"/v1/videos/{ID}/remix")
    assert request.json == {"model": "veo3.1-fast", "prompt": "it runs on"}
    assert request.paid


@pytest.mark.parametrize(
    ("model", "size", "body"),
    [
        (
            "veo-3.1",
            "1080x1920",
            {"model": "veo3.1-quality", "aspect_ratio": "9:16", "resolution": "1080p"},
        ),
        (
            "veo3.1-fast",
            "3840x2160",
            {"model": "veo3.1-fast", "aspect_ratio": "16:9", "resolution": "4k"},
        ),
        (
            "a model of the config",
            "1280x720",
            {"model": "a model of the config", "aspect_ratio": "16:9", "resolution": "720p"},
        ),
    ],
)
def test_a_remix_may_have_another_size(model, size, body):
    _, (request,) = drive(APIMART.remix(task_of(model), "on", size), answer(SUBMITTED))

    assert request.json == {"prompt": "on", **body}


@pytest.mark.parametrize(
    ("prompt", "size", "words"),
    [
        ("", None, "the prompt is empty"),
        ("on", "16x9:2", "WIDTHxHEIGHT"),
        ("on", "1000x1000", "apimart/veo-3.1-fast is not available in 1000x1000"),
    ],
)
def test_a_remix_that_cannot_be_is_one_line_and_nothing_is_sent(prompt, size, words):
    with pytest.raises(JobError, match=words):
        drive(APIMART.remix(task_of(), prompt, size))


UPLOADS = plan_for(VideoJob("p", images=[Image(PNG)]), "kling-v3")


@given(responses())
def test_any_answer_to_a_submit_is_a_report_or_a_typed_error(response):
    for flow, answers in (
        (APIMART.submit(PLAN), [response]),
        (APIMART.submit(UPLOADS), [response, answer(SUBMITTED)]),
        (APIMART.submit(UPLOADS), [answer(UPLOADED), response]),
        (APIMART.remix(task_of(), "on"), [response]),
    ):
        try:
            report, _ = drive(flow, *answers)
        except AnyVideoError:
            continue
        assert isinstance(report, Report)
        assert report.id


@given(responses())
def test_any_answer_to_a_poll_is_a_report_or_a_typed_error(response):
    try:
        report = status(response)
    except AnyVideoError:
        return
    assert report.id
    assert report.status != Status.SUCCEEDED or report.video_url


@given(responses())
def test_any_answer_on_the_way_to_the_file_is_a_request_or_a_typed_error(response):
    try:
        request, _ = drive(APIMART.locate(task_of()), response)
    except AnyVideoError:
        return
    assert isinstance(request, Request)
    assert request.url.lower().startswith(("http://", "https://"))
