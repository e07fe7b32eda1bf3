"""Every answer on Vidu's pages, and those in the tests of other projects, read as what they are."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Output, Report, Request, Response, Status, Task, TaskError
from anyvideo.testing import answer, drive
from anyvideo_plugins.vidu.videos import Vidu, ViduSettings

VIDU = Vidu()
TRACE = "04e5c2fe159ff7c574acd0424e78c35f"
# A URL that another project printed on 2025-12-22, without its signature.
URL = (
    "https://prod-ss-vidu.s3.cn-northwest-1.amazonaws.com.cn/infer/tasks/25/1222/04"
    "/900539403250700288/creation-01/video.mp4?X-Amz-Expires=86400"
)
COVER = "https://cdn.vidu.cn/covers/1.jpg"
MARKED = "https://cdn.vidu.cn/videos/1-marked.mp4"
# https://platform.vidu.com/docs/text-to-video, with an id that another project printed.
CREATED = {
    "task_id": "900539403250700288",
    "state": "created",
    "model": "viduq3-turbo",
    "prompt": "A small cat running on grass, sunny day",
    "duration": 5,
    "seed": 123456789,
    "aspect_ratio": "16:9",
    "resolution": "720p",
    "movement_amplitude": "auto",
    "payload": "",
    "credits": 10,
    "off_peak": False,
    "created_at": "2025-01-01T15:41:31.968916Z",
}
# https://platform.vidu.com/docs/get-generation, with URLs.
DONE = {
    "state": "success",
    "err_code": "",
    "credits": 4,
    "payload": "",
    "creations": [{"id": "your_creations_id", "url": URL, "cover_url": COVER}],
}


def refuse(code, reason, message):
    """https://platform.vidu.com/docs/cancel-generation shows this envelope."""
    trace = {"trace_id": TRACE}
    return answer({"code": code, "reason": reason, "message": message, "metadata": trace}, code)


def submit(*answers, **wishes):
    (offer,) = [offer for offer in VIDU.offers() if offer.model == "vidu-q3-turbo"]
    plan = negotiate(VideoJob("a fox", **wishes), offer)
    assert isinstance(plan, Plan)
    return drive(VIDU.submit(plan), answers)


def task(**known):
    return Task("vidu", "vidu", VIDU.base_url, "task-1", "vidu-q3-turbo", **known)


def poll(body, status=200, *, vidu=VIDU, **known):
    return drive(vidu.status(task(**known)), [answer(body, status)])


def refusal_of(call, *arguments):
    with pytest.raises(ProviderError) as caught:
        call(*arguments)
    return caught.value


# ---- submits


def test_the_pages_submit():
    report = submit(answer(CREATED))

    assert report == Report("900539403250700288", "queued")
    assert report.created_at == datetime(2025, 1, 1, 15, 41, 31, 968916, tzinfo=UTC)
    assert report.cost is None


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("created", "queued"),
        ("queueing", "queued"),
        ("processing", "running"),
        ("success", "running"),
        ("scheduled", "running"),
    ],
)
def test_a_submit_may_say_that_it_is_further(word, status):
    assert submit(answer({**CREATED, "state": word})).status == status


@pytest.mark.parametrize(
    "body",
    [
        # The suites of other clients: LiriOS, new-api and MyAPI.
        {"task_id": "task-1", "state": "created"},
        {"task_id": "task-1"},
        {"task_id": "task-1", "state": None},
        {"id": "task-1", "state": "created"},  # as a poll and a callback name it
        {"task_id": "task-1", "state": "created", "err_code": "failed"},
        {"task_id": "task-1", "state": "created", "error": {"message": "sensitive"}},
    ],
)
def test_a_submit_that_names_the_task_is_followed(body):
    assert submit(answer(body)) == Report("task-1", "queued")


@pytest.mark.parametrize(
    ("known", "error"),
    [
        (
            {"err_code": "failed", "error": {"message": "x"}},
            TaskError("server", "failed", "x"),
        ),
        (
            {"err_code": "AuditSubmitIllegal"},
            TaskError("content_policy", "AuditSubmitIllegal", "AuditSubmitIllegal"),
        ),
        # ComfyUI reads `code` where the state is failed right away.
        (
            {"code": "CreditInsufficient"},
            TaskError("insufficient_funds", "CreditInsufficient", "CreditInsufficient"),
        ),
        ({}, None),
    ],
)
def test_a_submit_may_fail_at_once(known, error):
    report = submit(answer({"task_id": "task-1", "state": "failed", **known}))

    assert (report.id, report.status, report.error) == ("task-1", Status.FAILED, error)


@pytest.mark.parametrize("body", [{"state": "created"}, {"task_id": ""}, {}, [], None])
def test_a_submit_without_a_task_proves_nothing(body):
    error = refusal_of(submit, answer(body))

    assert (error.kind, error.retryable) in {("server", False), ("malformed", False)}


def test_a_submit_that_broke_proves_nothing():
    for response in (answer({"task_id": "task-1", "state": "created"}, 502), Response(504)):
        assert refusal_of(submit, response).retryable is False
    truncated = Response(200, {"content-type": "application/json"}, b'{"task_id":')
    assert refusal_of(submit, truncated).kind == "malformed"


# https://platform.vidu.com/docs/error-code: HTTP status, code, message, kind.
ERRORS = [
    (400, "BadRequest", "bad request", "invalid_request"),
    (400, "FieldLacking", "field is missing or empty: prompt", "invalid_request"),
    (400, "FieldUnwanted", "unwanted field: n", "invalid_request"),
    (400, "FieldItemCountOutOfRange", "field item count out of range: images", "invalid_request"),
    (400, "PageSizeOutOfRange", "page size out of range", "invalid_request"),
    (400, "ImageDownloadFailure", "image download failure", "invalid_request"),
    (400, "OperationInProcess", "operation in process, please retry later", "rate_limited"),
    (400, "TaskPromptPolicyViolation", "prompt policy violation", "content_policy"),
    (400, "ImageFormatInvalid", "invalid image format", "invalid_request"),
    (400, "AuditSubmitIllegal", "submit is illegal", "content_policy"),
    (400, "CreditInsufficient", "insufficient credits", "insufficient_funds"),
    (400, "CreationPolicyViolation", "creation policy violation", "content_policy"),
    (400, "ModelUnavailable", "model unavailable", "model_unavailable"),
    (400, "FieldInvalid", "invalid field: duration", "invalid_request"),
    (400, "ImageCheckBodyJointsFailed", "Image Check Body Joins Failed", "invalid_request"),
    (400, "ImageCheckFaceFailed", "mage Check Face Failed", "invalid_request"),
    (
        400,
        "ImageObjectsUndetected",
        "Image BodyJoins or Face Too Much Occlusion",
        "invalid_request",
    ),
    (401, "Unauthorized", "unauthorized", "auth"),
    (403, "Forbidden", "forbidden", "permission"),
    (404, "TaskNotFound", "task not found", "not_found"),
    (404, "CreationNotFound", "creation not found", "not_found"),
    (404, "NotFound", "not found", "not_found"),
    (409, "Conflict", "resource conflict", "invalid_request"),
    (429, "QuotaExceeded", "quota exceeded", "rate_limited"),
    (429, "TooManyRequests", "too many requests", "rate_limited"),
    (429, "SystemThrottling", "system is throttling", "rate_limited"),
    (499, "Canceled", "request canceled by client", "timeout"),
    (500, "InternalServiceFailure", "internal service failure", "server"),
    # Not on the page: a code says by itself that it is about the content.
    (400, "OutputPolicyViolationOfTomorrow", "no", "content_policy"),
    (400, "AuditTomorrow", "no", "content_policy"),
    (400, "PhotoAuditNotPass", "no", "content_policy"),
    (418, "Teapot", "I am a teapot", "invalid_request"),
]


@pytest.mark.parametrize(("status", "code", "message", "kind"), ERRORS)
def test_every_code_of_the_page(status, code, message, kind):
    error = refusal_of(submit, refuse(status, code, message))

    assert (error.kind, error.code, error.message) == (kind, code, message)
    assert (error.status, error.request_id) == (status, TRACE)
    assert error.retryable is (status == 429)


def test_a_code_inside_http_200_is_the_error_that_it_names():
    body = {"code": 400, "reason": "CreditInsufficient", "message": "insufficient credits"}

    assert refusal_of(submit, answer(body)).kind == "insufficient_funds"
    assert refusal_of(poll, {**body, "reason": "TaskNotFound"}).kind == "not_found"
    assert refusal_of(drive, VIDU.cancel(task()), [answer(body)]).kind == "insufficient_funds"


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        # new-api and a gateway of Vidu's body answer with a word in `code`.
        (
            answer({"code": "invalid_request", "message": "invalid template"}, 400),
            "invalid_request",
        ),
        (answer({"code": "SystemThrottling", "message": "throttled"}, 400), "rate_limited"),
        (answer({"err_code": "AuditFailed", "err_msg": "no"}, 400), "content_policy"),
        (answer({"code": 400, "message": "insufficient credits"}, 400), "insufficient_funds"),
        (Response(403, {"content-type": "text/html"}, b"<title>Forbidden</title>"), "permission"),
        (Response(502, {}, b"bad gateway"), "server"),
    ],
)
def test_an_error_without_a_reason(response, kind):
    assert refusal_of(submit, response).kind == kind


def test_retry_after_is_kept():
    limited = refuse(429, "SystemThrottling", "system is throttling")
    waiting = Response(429, {**limited.headers, "retry-after": "7"}, limited.body)

    assert refusal_of(submit, waiting).retry_after == 7


# ---- polls


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("created", "queued"),
        ("queueing", "queued"),
        ("processing", "running"),
        ("weird", "running"),  # LiriOS
    ],
)
def test_a_task_that_is_not_finished(word, status):
    body = {"id": "task-1", "state": word, "err_code": "", "credits": 4, "progress": 40}

    assert poll(body) == Report("task-1", status, progress=40)
    assert poll({"state": word}) == Report("task-1", status)


def test_the_pages_poll():
    outputs = (Output(URL), Output(COVER, "thumbnail"))
    expected = Report("task-1", "succeeded", video_url=URL, cost=Decimal("0.02"), outputs=outputs)

    assert poll(DONE) == expected
    assert poll({**DONE, "id": "another"}).id == "task-1"


def test_a_task_may_have_several_creations():
    # new-api's suite: the second has a marked file only.
    creations = [{"url": URL}, {"watermarked_url": MARKED}, {"url": "soon"}, "x"]

    report = poll({"state": "success", "creations": creations})
    assert report.video_url == URL
    assert report.outputs == (Output(URL), Output(MARKED, "watermarked"))
    late = poll({"state": "success", "creations": [{"url": ""}, {"url": URL}]})
    assert (late.video_url, late.outputs) == (URL, (Output(URL),))


@pytest.mark.parametrize(
    ("asked", "marked", "url"),
    [(True, MARKED, MARKED), (True, "", URL), (False, MARKED, URL)],
)
def test_a_watermark_that_was_asked_for_is_on_the_file(asked, marked, url):
    body = {**DONE, "creations": [{"url": URL, "watermarked_url": marked}]}

    assert poll(body, extra={"marked": True} if asked else {}).video_url == url


def test_a_file_that_is_only_there_with_a_mark_is_taken():
    # LiriOS.
    body = {"state": "success", "creations": [{"watermarked_url": MARKED}]}

    assert poll(body).video_url == MARKED


def test_that_a_watermark_was_asked_for_is_kept_with_the_task():
    assert submit(answer(CREATED), watermark=True).extra == {"marked": True}
    option = {"vidu": {"watermark": True}}
    assert submit(answer(CREATED), options=option).extra == {"marked": True}
    assert submit(answer(CREATED), watermark=False).extra == {}


@pytest.mark.parametrize(
    ("count", "cost"),
    [
        (60, "0.3"),
        ("12", "0.06"),
        (0, "0"),
        (None, None),
        (True, None),
        (-1, None),
        ("many", None),
        (2.5, None),
    ],
)
def test_what_a_task_cost(count, cost):
    assert poll({**DONE, "credits": count}).cost == (cost and Decimal(cost))


def test_in_china_a_task_has_no_cost_in_usd():
    assert poll(DONE, vidu=VIDU.configure(ViduSettings("cn"))).cost is None


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("CreationPolicyViolation", "content_policy"),
        ("TaskPromptPolicyViolation", "content_policy"),
        ("AuditSubmitIllegal", "content_policy"),
        ("AuditFailed", "content_policy"),
        ("content_policy", "content_policy"),  # LiriOS
        ("ImageDownloadFailure", "invalid_request"),
        ("FieldInvalid", "invalid_request"),
        ("ModelUnavailable", "model_unavailable"),
        ("CreditInsufficient", "insufficient_funds"),
        ("SystemThrottling", "rate_limited"),
        ("InternalServiceFailure", "server"),
        ("generation_error", "server"),  # LiriOS
        ("E_BAD", "server"),  # a relay in Go
        ("Unknown", "server"),
    ],
)
def test_a_failed_task_says_why(code, kind):
    report = poll({"state": "failed", "err_code": code, "credits": 4, "creations": []})

    assert (report.status, report.error) == (Status.FAILED, TaskError(kind, code, code))
    assert (report.video_url, report.cost) == (None, None)


def test_a_failed_task_may_say_nothing_or_more():
    assert poll({"state": "failed"}).error is None
    told = poll({"state": "failed", "err_code": "FieldInvalid", "message": "bad ratio"}).error
    assert told == TaskError("invalid_request", "FieldInvalid", "bad ratio")


@pytest.mark.parametrize(
    ("known", "error"),
    [
        ({"err_code": "", "err_msg": "oops"}, ("server", None, "oops")),
        (
            {"err_code": "FieldInvalid", "err_msg": "bad"},
            ("invalid_request", "FieldInvalid", "bad"),
        ),
        ({"error": "oops"}, ("server", None, "oops")),
        (
            {"error": {"code": "AuditFailed", "message": "no"}},
            ("content_policy", "AuditFailed", "no"),
        ),
        ({"err_code": 500}, ("server", "500", "500")),
        ({"err_code": ["x"], "message": None}, None),
    ],
)
def test_a_failed_task_may_say_why_elsewhere(known, error):
    report = poll({"state": "failed", **known})

    assert report.status is Status.FAILED
    assert report.error == (error and TaskError(*error))


@pytest.mark.parametrize("code", ["UserCancelled", "Canceled"])
def test_a_task_that_was_stopped_is_cancelled(code):
    report = poll({"state": "failed", "err_code": code, "creations": []})

    assert (report.status, report.error) == (Status.CANCELLED, None)


def test_no_creation_is_a_failure():
    # The suites of new-api, LiriOS and others have this answer.
    empty = {"id": "t", "state": "success", "creations": []}
    nothing = TaskError("server", None, "it succeeded without a video")
    held = TaskError("content_policy", "CreationPolicyViolation", "CreationPolicyViolation")

    assert (poll(empty).status, poll(empty).error) == (Status.FAILED, nothing)
    for creations in ([], None, [{"url": ""}]):
        body = {**empty, "err_code": "CreationPolicyViolation", "creations": creations}
        assert (poll(body).status, poll(body).error) == (Status.FAILED, held)


@pytest.mark.parametrize("creations", [{"url": URL}, [URL], URL, ["x", {"url": URL}]])
def test_a_creation_in_another_form_is_found(creations):
    assert poll({"state": "success", "creations": creations}).video_url == URL


@pytest.mark.parametrize("creations", [None, {}, [{}], [{"url": "soon"}], ["x"], "x"])
def test_a_creation_that_cannot_be_read_is_asked_for_again(creations):
    error = refusal_of(poll, {"state": "success", "creations": creations})

    assert (error.kind, error.retryable) == ("malformed", True)


@pytest.mark.parametrize("body", [{}, [], {"state": ""}, {"state": 3}, {"creations": []}])
def test_an_answer_without_a_state_says_nothing(body):
    assert refusal_of(poll, body).retryable is True


# ---- files and cancelling


def locate(*answers, **known):
    return drive(VIDU.locate(task(**known)), answers)


def test_the_file_is_at_its_url_or_at_the_one_that_a_poll_names():
    assert locate(video_url=URL) == Request("GET", URL, expects="video")
    assert locate(answer(DONE)) == Request("GET", URL, expects="video")


def test_a_file_may_be_gone_late_or_never_made():
    with pytest.raises(ExpiredError, match="no longer knows the task task-1"):
        locate(refuse(404, "TaskNotFound", "task not found"))
    with pytest.raises(DownloadError, match="which is running"):
        locate(answer({"state": "processing"}))
    with pytest.raises(ProviderError):
        locate(Response(502))
    failed = locate(answer({"state": "failed", "err_code": "InternalServiceFailure"}))
    assert failed.status is Status.FAILED


def cancel(*answers):
    return drive(VIDU.cancel(task()), answers)


@pytest.mark.parametrize(
    "response",
    [answer({}), answer(None), Response(200), Response(204), Response(200, {}, b"{ }\n")],
)
def test_an_empty_answer_cancels(response):
    # The page has {} and "it returns null"; the suite of lucid-fin has {}.
    assert cancel(response) == Report("task-1", "cancelled")


def test_what_cannot_be_cancelled_is_looked_at():
    too_late = refuse(400, "BadRequest", "task state is scheduled, can not cancel")

    assert cancel(too_late, answer({"state": "processing"})) == Report("task-1", "running")
    assert cancel(too_late, answer(DONE)).status is Status.SUCCEEDED


@pytest.mark.parametrize(
    "response", [Response(200, {}, b"<html>Dashboard</html>"), answer({"id": "task-1"}), answer([])]
)
def test_an_odd_answer_to_a_cancel_proves_nothing(response):
    assert cancel(response, answer({"state": "processing"})) == Report("task-1", "running")


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (refuse(404, "TaskNotFound", "task not found"), "not_found"),
        (refuse(401, "Unauthorized", "unauthorized"), "auth"),
        (Response(502), "server"),
    ],
)
def test_another_refusal_of_a_cancel_is_an_error(response, kind):
    assert refusal_of(cancel, response).kind == kind
