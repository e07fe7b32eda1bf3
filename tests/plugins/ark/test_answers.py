"""Every answer of Ark's documents, and those that other projects recorded or test with, read exactly."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Report, Request, Response, Task, TaskError
from anyvideo.testing import drive
from anyvideo_plugins.ark.tasks import Ark

ARK = Ark()
ID = "cgt-20260717171624-cr2n9"
TASK = Task("ark", "ark", ARK.base_url, ID, "seedance-2.0")
TASKS = "/api/v3/contents/generations/tasks"
URL = "https://ark-content-generation-cn-beijing.tos-cn-beijing.volces.com/x.mp4?X-Tos-Expires=86400&X-Tos-Signature=a%2Fb"


def answer(body, status=200, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **headers}, raw)


def submit(response):
    (offer,) = [offer for offer in ARK.offers() if offer.model == "seedance-2.0"]
    plan = negotiate(VideoJob("a fox"), offer)
    assert isinstance(plan, Plan)
    return drive(ARK.submit(plan), [response])


def status(body, http=200, **headers):
    return drive(ARK.status(TASK), [answer(body, http, **headers)])


def refusal(operation, body, http):
    response = answer(body, http)
    with pytest.raises(ProviderError) as caught:
        _ = submit(response) if operation == "submit" else drive(ARK.status(TASK), [response])
    return caught.value


def at(seconds):
    return datetime.fromtimestamp(seconds, UTC)


# ---- a new task: the SDKs' ContentGenerationTaskID, docs.apiyi.com, and a gateway's tests (new-api)


@pytest.mark.parametrize(
    "body",
    [
        {"id": ID},
        {"id": ID, "safety_identifier": "user-hash-abc"},
        {"id": ID, "model": "seedance-2-0", "status": "queued", "created_at": 1783475210},
    ],
)
def test_a_new_task(body):
    assert submit(answer(body)) == Report(ID, "queued")


@pytest.mark.parametrize("body", [{}, {"id": ""}, {"id": None}, [], b"", b"<html></html>"])
def test_an_answer_without_an_id_proves_nothing(body):
    error = refusal("submit", body, 200)

    assert (error.kind, error.retryable) == ("malformed", False)


# ---- a task: the page on GET, and what clients recorded

ECHOES = {
    "service_tier": "default",
    "execution_expires_after": 172800,
    "generate_audio": True,
    "draft": False,
    "priority": 0,
}
# A gateway's recorded answers (new-api forks, relay/channel/task/doubao).
SUCCEEDED = {
    "id": ID,
    "model": "doubao-seedance-2-0-260128",
    "status": "succeeded",
    "content": {"video_url": URL},
    "usage": {"completion_tokens": 108900, "total_tokens": 108900},
    "created_at": 1779348818,
    "updated_at": 1779348874,
    "seed": 78674,
    "resolution": "720p",
    "ratio": "16:9",
    "duration": 5,
    "framespersecond": 24,
    **ECHOES,
}
COPYRIGHT = "The request failed because the output video may be related to copyright restrictions. Request id: 02178427978698300000000000000000000ffffac1923a9fc42b8"
FAILED = {
    "id": ID,
    "model": "doubao-seedance-2-0-260128",
    "status": "failed",
    "error": {
        "code": "OutputVideoSensitiveContentDetected.PolicyViolation",
        "message": COPYRIGHT,
    },
    "created_at": 1784279786,
    "updated_at": 1784280145,
    **ECHOES,
}
# A comment in a C# client, with the recorded answer.
RUNNING = {
    "id": ID,
    "model": "doubao-seedance-1-5-pro-251215",
    "status": "running",
    "created_at": 1768824776,
    "updated_at": 1768824776,
    **ECHOES,
}


def test_a_succeeded_task_has_its_url_unchanged_for_a_day_and_no_price():
    report = status(SUCCEEDED)

    assert report == Report(ID, "succeeded", None, URL, at(1779348874 + 86_400))
    assert (report.created_at, report.cost) == (at(1779348818), None)


@pytest.mark.parametrize(
    "more",
    [
        {"error": None},  # docs of gravitex.ai
        {"content": {"video_url": URL, "last_frame_url": "https://a.b/last.png"}},
        {"content": {"video_url": URL, "file_url": "https://a.b/model.glb"}},
        {"usage": {"completion_tokens": "35800", "total_tokens": "35800"}},  # TanStack/ai
        {"duration": "5", "output_format": "mov"},
        {"error": {"code": "x", "message": "leftover"}},  # there is a video
    ],
)
def test_what_else_a_succeeded_task_says_changes_nothing(more):
    assert status({**SUCCEEDED, **more}) == status(SUCCEEDED)


def test_a_succeeded_task_may_say_little():
    # vercel/ai, packages/bytedance
    url = "https://bytedance.cdn/files/video-output.mp4"
    sample = {
        "id": "test-task-id-123",
        "model": "seedance-1-0-pro-250528",
        "status": "succeeded",
        "content": {"video_url": url},
        "usage": {"completion_tokens": 100},
    }

    assert status(sample) == Report(ID, "succeeded", None, url)


@pytest.mark.parametrize(
    "content",
    [[{"video_url": URL}], {"video_url": [URL]}, {"video_url": {"url": URL}}],
)
def test_a_url_in_another_form_is_found(content):
    assert status({**SUCCEEDED, "content": content}) == status(SUCCEEDED)


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (RUNNING, "running"),
        ({**RUNNING, "status": "queued"}, "queued"),
        ({**RUNNING, "status": "cancelled"}, "cancelled"),
        ({"id": ID, "status": "canceled"}, "cancelled"),  # vercel/ai: the other spelling
        ({"id": ID, "status": "expired"}, "expired"),  # TanStack/ai: no error beside it
        ({"id": ID, "status": "failed"}, "failed"),  # vercel/ai
        ({"id": ID, "status": "reviewing"}, "running"),
    ],
)
def test_the_states(body, state):
    assert status(body) == Report(ID, state)


def test_a_failed_task_says_why_with_http_200():
    assert status(FAILED) == Report(
        ID,
        "failed",
        error=TaskError(
            "content_policy", "OutputVideoSensitiveContentDetected.PolicyViolation", COPYRIGHT
        ),
    )


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        # TanStack/ai, vercel/ai and artcraft's tests
        ("OutputVideoSensitiveContentDetected", "the output video may contain…", "content_policy"),
        ("InputImageSensitiveContentDetected", "blocked", "content_policy"),
        ("SensitiveContentDetected", "The prompt was rejected by the filter.", "content_policy"),
        ("OutputAudioSensitiveContentDetected", "the output audio may", "content_policy"),
        ("OutputAudioSensitiveContentDetected.PolicyViolation", "copyright", "content_policy"),
        ("InputMusicSensitiveContentDetected", "no such code yet", "content_policy"),
        ("InternalServiceError", "", None),
        ("InternalServiceError", "The service encountered an unexpected error.", "server"),
        # A task of 2.5 that turned out to be an edit, a user's report of 2026-08
        ("InvalidParameter.TaskTypeConstraint", "ratio must be adaptive", "invalid_request"),
        ("InvalidParameter", "Invalid video_url.", "invalid_request"),
        ("AccountOverdueError", "overdue balance", "insufficient_funds"),
        ("QuotaExceeded", "resource pack exhausted", "server"),
        ("APITimeoutError", "Request timed out", "timeout"),
        ("Unheard.Of", "no reason that anybody knows", "server"),
    ],
)
def test_why_tasks_fail(code, message, kind):
    error = status({**FAILED, "error": {"code": code, "message": message}}).error

    assert (error.code, error.message) == (code, message)
    assert error.kind == (kind or "server")


def test_a_task_that_runs_has_no_error_yet():
    assert status({**RUNNING, "error": {"code": "x", "message": "y"}}).error is None


# ---- succeeded, and no file: the record outlives the link, which lives 24 hours

NO_FILE = {**SUCCEEDED, "content": None}
LATER = "Fri, 22 May 2026 07:34:34 GMT"  # updated_at is a day earlier to the second
EARLIER = "Fri, 22 May 2026 07:34:33 GMT"


@pytest.mark.parametrize("content", [None, {}, {"video_url": None}, {"video_url": ""}, []])
def test_a_link_that_has_lapsed(content):
    report = status({**SUCCEEDED, "content": content}, date="Sat, 23 May 2026 00:00:00 GMT")

    assert (report.status, report.video_url) == ("expired", None)


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (NO_FILE, {"date": EARLIER}),
        (NO_FILE, {}),
        (NO_FILE, {"date": "now"}),
        ({**NO_FILE, "updated_at": None}, {"date": LATER}),
        ({**NO_FILE, "updated_at": 2000000000}, {"date": LATER}),
        # vercel/ai: "No video URL in response"
        ({"id": ID, "status": "succeeded", "content": {}}, {}),
    ],
)
def test_a_link_that_is_only_missing_is_asked_for_again(body, headers):
    with pytest.raises(ProviderError, match="not where its video is") as caught:
        status(body, **headers)

    assert (caught.value.kind, caught.value.retryable) == ("malformed", True)


def test_the_last_second_of_a_link():
    assert status(NO_FILE, date=LATER).status == "expired"


def test_an_error_in_place_of_the_file_is_a_failure():
    report = status({**NO_FILE, "error": FAILED["error"]})

    assert (report.status, report.error.kind, report.expires_at) == (
        "failed",
        "content_policy",
        None,
    )


# ---- errors: docs.byteplus.com/en/docs/ModelArk/1299023, with the texts of that page, and recorded ones

PRIVACY = {
    "code": "InputImageSensitiveContentDetected.PrivacyInformation",
    "message": "The request failed because the input image 'content[1]' may contain real person."
    " Request id: 0217854745934891b8c9f69a83502ac57f9e97e4a3cfb74b86bb8",
    "param": "content[1]",
    "type": "BadRequest",
}
LIMIT = {
    "code": "SetLimitExceeded",
    "message": "Your account [2101141013] has reached the set inference limit for the"
    " [doubao-seedance-2-0] model, and the model service has been paused.",
    "param": "",
    "type": "TooManyRequests",
}


def error(code, message="", kind="", param=""):
    return {"error": {"code": code, "message": message, "param": param, "type": kind}}


ERRORS = [
    (
        400,
        error("MissingParameter", "missing one or multiple required parameters"),
        "invalid_request",
    ),
    (400, error("InvalidParameter", "the parameter duration is not valid"), "invalid_request"),
    (
        400,
        error(
            "InvalidParameter",
            "the specified parameter `draft` is not supported for model seedance-1-0-pro in t2v",
            "BadRequest",
            "draft",
        ),
        "invalid_request",
    ),
    (400, error("InvalidParameter.UnsupportedImageFormat", "image format"), "invalid_request"),
    (
        400,
        error("InvalidParameter.TaskTypeConstraint", "ratio must be adaptive"),
        "invalid_request",
    ),
    (400, error("InvalidImageURL.InvalidFormat", "Invalid base64 image url."), "invalid_request"),
    (400, error("InvalidEndpoint.ClosedEndpoint", "currently closed"), "model_unavailable"),
    (400, error("SensitiveContentDetected", "sensitive information"), "content_policy"),
    (400, error("SensitiveContentDetected.SevereViolation", "severe"), "content_policy"),
    (400, error("InputTextSensitiveContentDetected", "the input text may"), "content_policy"),
    (400, error("InputVideoSensitiveContentDetected.PrivacyInformation", "x"), "content_policy"),
    (400, error("InputTextRiskDetection", "ContentSecurityDetection"), "content_policy"),
    (400, {"error": PRIVACY}, "content_policy"),
    (400, {"error": {"message": "Invalid prompt"}}, "invalid_request"),  # vercel/ai
    (400, {"message": "Your account has not activated it."}, "invalid_request"),
    (401, error("AuthenticationError", "The API key is missing or invalid."), "auth"),
    (403, error("AccountOverdueError", "an overdue balance.", "Forbidden"), "insufficient_funds"),
    (403, error("OperationDenied.ServiceOverdue", "overdue"), "insufficient_funds"),
    (403, error("OperationDenied.ServiceNotOpen", "unavailable"), "model_unavailable"),
    (403, error("AccessDenied", "you do not have access"), "permission"),
    (404, error("ModelNotOpen", "has not activated the model", "Not Found"), "model_unavailable"),
    (404, error("InvalidEndpointOrModel.NotFound", "does not exist"), "model_unavailable"),
    (404, error("InvalidEndpoint.NotFound", "does not exist"), "model_unavailable"),
    (404, error("NotFound", "task not found"), "not_found"),  # TanStack/ai
    (404, {"error": {"message": "Task not found"}}, "not_found"),  # vercel/ai
    (429, error("RateLimitExceeded.EndpointRPMExceeded", "RPM limit"), "rate_limited"),
    (429, error("RateLimitExceeded.FoundationModelRPMExceeded", "RPM exceeded"), "rate_limited"),
    (429, error("ModelAccountRpmRateLimitExceeded", "RPM limit"), "rate_limited"),
    (429, error("AccountRateLimitExceeded", "Requests are too frequent."), "rate_limited"),
    (429, {"code": "AccountRateLimitExceeded", "message": "too frequent"}, "rate_limited"),
    (429, error("QuotaExceeded", "The number of queued tasks exceeds the limit"), "rate_limited"),
    (429, error("ServerOverloaded", "unable to handle additional requests"), "rate_limited"),
    (429, error("RequestBurstTooFast", "slow down traffic growth"), "rate_limited"),
    (429, error("InflightBatchsizeExceeded", "limit has been exceeded"), "rate_limited"),
    (429, error("ModelLoadingError", "the model is currently being loaded"), "rate_limited"),
    (
        429,
        error("QuotaExceeded", "Your account 1 has exhausted its free trial quota for x."),
        "insufficient_funds",
    ),
    (429, error("AccountQuotaExceeded", "the monthly usage quota"), "insufficient_funds"),
    (429, {"error": LIMIT}, "insufficient_funds"),
    (500, error("InternalServiceError", "an unexpected internal error"), "server"),
    (503, error("ServerOverloaded", "unable to handle additional requests"), "server"),
    (200, error("InvalidParameter", "an error inside HTTP 200"), "invalid_request"),
    (200, error("AccountOverdueError", "an error inside HTTP 200"), "insufficient_funds"),
]


@pytest.mark.parametrize("operation", ["submit", "status"])
@pytest.mark.parametrize(("http", "body", "kind"), ERRORS)
def test_errors(operation, http, body, kind):
    caught = refusal(operation, body, http)

    assert (caught.kind, caught.status) == (kind, http)
    said = body.get("error", body)
    assert caught.message == said["message"]
    assert caught.code == said.get("code")
    # Only a 429 that waiting ends proves that a paid request made no job, and may be sent again.
    again = kind == "rate_limited" if operation == "submit" else kind in {"rate_limited", "server"}
    assert caught.retryable is again


def test_the_id_of_a_request_is_kept():
    known = refusal("submit", {"error": PRIVACY}, 400).request_id

    assert known == "0217854745934891b8c9f69a83502ac57f9e97e4a3cfb74b86bb8"


def test_a_web_page_is_no_answer():
    for operation in ("submit", "status"):
        assert refusal(operation, b"<html><title>502</title></html>", 502).kind == "server"


# ---- where the file is


def locate(body, http=200, **headers):
    return drive(ARK.locate(TASK), [answer(body, http, **headers)])


def test_the_file_is_at_the_tasks_own_url_or_at_that_of_a_fresh_answer():
    file = Request("GET", URL, expects="video")

    assert drive(ARK.locate(evolve(TASK, video_url=URL)), []) == file
    assert locate(SUCCEEDED) == file


def test_a_file_that_is_gone():
    with pytest.raises(ExpiredError, match="no longer has the video"):
        locate(NO_FILE, date=LATER)
    with pytest.raises(ExpiredError, match="no longer knows the task"):
        locate(error("NotFound", "task not found"), 404)


@pytest.mark.parametrize("body", [RUNNING, FAILED])
def test_a_task_without_a_file(body):
    with pytest.raises(DownloadError, match="names no video"):
        locate(body)


def test_a_question_for_the_file_that_fails():
    with pytest.raises(ProviderError) as caught:
        locate(error("InternalServiceError"), 500)

    assert caught.value.kind == "server"


# ---- cancel: DELETE cancels what is queued, and deletes what has ended; the tests of new-api forks

QUEUED = {**RUNNING, "status": "queued"}
BUSY = error(
    "InvalidAction.RunningTaskDeletion", "Cannot delete task because it is currently running"
)


def cancel(*answers):
    flow = ARK.cancel(TASK)
    sent = [next(flow), *(flow.send(response) for response in answers[:-1])]
    with pytest.raises(StopIteration) as stop:
        flow.send(answers[-1])
    return sent, stop.value.value


def test_a_queued_task_is_cancelled_and_costs_nothing():
    sent, report = cancel(answer(QUEUED), answer({}))

    assert sent == [Request("GET", f"{TASKS}/{ID}"), Request("DELETE", f"{TASKS}/{ID}")]
    assert report == Report(ID, "cancelled", cost=Decimal(0))


@pytest.mark.parametrize("body", [RUNNING, SUCCEEDED, FAILED, {"id": ID, "status": "odd"}])
def test_nothing_else_is_deleted(body):
    sent, report = cancel(answer(body))

    assert [request.method for request in sent] == ["GET"]
    assert report == status(body)


@pytest.mark.parametrize("body", [BUSY, BUSY["error"]], ids=["nested", "flat"])
def test_a_task_that_began_in_between_runs_on(body):
    _, report = cancel(answer(QUEUED), answer(body, 409))

    assert report == Report(ID, "running")


@pytest.mark.parametrize("body", [{}, b"", {"error": None}])
def test_an_empty_answer_cancels(body):
    assert cancel(answer(QUEUED), answer(body))[1].status == "cancelled"


@pytest.mark.parametrize("body", [b"<html>Sign in</html>", b"null", [], RUNNING])
def test_an_answer_to_a_delete_that_proves_nothing_is_no_cancel(body):
    sent, report = cancel(answer(QUEUED), answer(body), answer(RUNNING))

    assert [request.method for request in sent] == ["GET", "DELETE", "GET"]
    assert (report.status, report.cost) == ("running", None)


def test_an_error_inside_http_200_is_no_cancel():
    assert cancel(answer(QUEUED), answer(BUSY))[1] == Report(ID, "running")
    with pytest.raises(ProviderError, match="oops"):
        cancel(answer(QUEUED), answer(error("InternalServiceError", "oops")))


def test_a_cancel_that_fails():
    flow = ARK.cancel(TASK)
    next(flow)
    flow.send(answer(QUEUED))
    with pytest.raises(ProviderError) as caught:
        flow.send(answer(error("NotFound", "task not found"), 404))

    assert caught.value.kind == "not_found"
