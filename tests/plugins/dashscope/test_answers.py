"""Every answer of DashScope's documents, and those that other projects recorded or test with, read exactly."""

from datetime import datetime
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Report, Request, Task, TaskError
from anyvideo.testing import drive
from anyvideo_plugins.dashscope.tasks import DashScope
from tests.plugins.dashscope.samples import (
    CANCELLED,
    CREATED,
    FAILED,
    ID,
    LOGGED,
    LOGGED_URL,
    LOST,
    NOT_PENDING,
    SUCCEEDED,
    TASKS,
    URL,
    answer,
    refuse,
    tell,
)

VENDOR = DashScope()
TASK = Task("dashscope", "dashscope", VENDOR.base_url, ID, "wan3.0")


def submit(body, http=200):
    plan = negotiate(VideoJob("a fox"), VENDOR.offers()[0])
    assert isinstance(plan, Plan)
    return drive(VENDOR.submit(plan), [answer(body, http)])


def status(body, http=200):
    return drive(VENDOR.status(TASK), [answer(body, http)])


def locate(body, http=200):
    return drive(VENDOR.locate(TASK), [answer(body, http)])


def refusal(operation, body, http):
    with pytest.raises(ProviderError) as caught:
        _ = submit(body, http) if operation == "submit" else status(body, http)
    return caught.value


def china(moment):
    """A moment as the vendor writes it, which is in UTC+8."""
    return datetime.fromisoformat(f"{moment}+08:00")


# ---- a new task


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (CREATED, "queued"),
        ({"output": {"task_id": ID, "task_status": "RUNNING"}}, "running"),
        ({"output": {"task_id": ID}}, "queued"),  # comfyui and gateways' stubs
        ({**CREATED, "code": None, "message": ""}, "queued"),  # what the SDK makes of it
        # Vendors' tests of Qwen adapters; its first poll says how it ended.
        ({"output": {"task_id": ID, "task_status": "UNKNOWN"}}, "queued"),
        ({"output": {"task_id": ID, "task_status": "FAILED"}}, "queued"),
    ],
)
def test_a_new_task(body, state):
    assert submit(body) == Report(ID, state)


@pytest.mark.parametrize(
    "body",
    [{}, {"output": {}}, {"output": {"task_id": ""}}, {"request_id": "r1"}, [], b"", b"<html>"],
)
def test_an_answer_without_an_id_proves_nothing(body):
    error = refusal("submit", body, 200)

    assert (error.kind, error.retryable) == ("malformed", False)


# ---- a task


def test_a_succeeded_task_has_its_url_unchanged_for_a_day_and_no_price():
    report = status(SUCCEEDED)

    assert report == Report(ID, "succeeded", None, URL, china("2026-04-21 17:56:36.658"))
    assert (report.created_at, report.cost) == (china("2026-04-20 17:55:17.075"), None)


def test_times_are_in_china_wherever_the_region_is():
    """LiteLLM's suite holds the same: read as UTC they would be eight hours late."""
    report = status(LOGGED)

    assert report.video_url == LOGGED_URL
    assert report.created_at == china("2026-08-27 15:59:59.299")
    # The link's own Expires is four seconds earlier: it was signed before the task ended.
    assert report.expires_at is not None
    assert 0 <= report.expires_at.timestamp() - 1787904126 < 5


@pytest.mark.parametrize(
    ("output", "prompt"),
    [
        # vercel/ai, packages/alibaba
        ({"actual_prompt": "An enhanced prompt with more cinematic details"}, True),
        ({"actual_prompt": None}, False),
        ({"submit_time": 1756281599, "end_time": 1756281600}, False),  # new-api forks: numbers
        ({"code": "x", "message": "leftover"}, False),  # there is a video
        ({"submit_time": "soon", "end_time": "later"}, False),
    ],
)
def test_what_else_a_succeeded_task_may_say(output, prompt):
    report = status(tell("SUCCEEDED", video_url=URL, **output))

    assert (report.status, report.video_url, report.error) == ("succeeded", URL, None)
    assert report.enhanced_prompt == (output["actual_prompt"] if prompt else None)


@pytest.mark.parametrize(
    "output",
    [
        # The form of other models on the same wire: wan2.2-s2v, wan2.2-animate-move.
        {"results": {"video_url": URL}},
        {"results": [{"url": URL}]},
        {"video_url": [URL]},
        {"video_url": {"url": URL}},
    ],
)
def test_a_url_in_another_form_is_found(output):
    assert status(tell("SUCCEEDED", **output)).video_url == URL


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("PENDING", "queued"),
        ("RUNNING", "running"),
        ("SUSPENDED", "queued"),
        ("CANCELED", "cancelled"),
        ("FAILED", "failed"),
        ("SCHEDULING", "running"),  # LiteLLM's suite: a word that no page has
        ("running", "running"),
    ],
)
def test_the_states(word, state):
    assert status(tell(word)) == Report(ID, state)


def test_unknown_is_the_end_and_no_state_to_wait_in():
    """LiteLLM's suite: it comes without an error, after 24 hours and for a wrong id."""
    report = status(LOST)

    assert (report.status, report.error.kind, report.error.code) == (
        "expired",
        "not_found",
        "UNKNOWN",
    )
    assert "24 hours" in report.error.message


def test_a_failed_task_says_why_with_http_200():
    reason = TaskError("invalid_request", "InvalidParameter", "The size is not match xxxxxx")
    assert status(FAILED) == Report(ID, "failed", error=reason)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (
            "DataInspectionFailed",
            "Output data may contain inappropriate content.",
            "content_policy",
        ),
        ("data_inspection_failed", "Input data may contain", "content_policy"),
        ("IPInfringementSuspect", "Input data is suspected of", "content_policy"),
        ("InvalidParameter.DataInspection", "The input did not pass.", "content_policy"),
        ("InternalError.DataInspection", "inspection", "content_policy"),
        ("CustomRoleBlocked", "inappropriate content with custom rule", "content_policy"),
        (None, "Content policy violation", "content_policy"),  # vercel/ai
        ("ContentFiltered", "内容审核未通过", "content_policy"),  # a client's tests
        (
            "InvalidParameter.DataInspection",
            "Unable to download the media resource during the data inspection process.",
            "invalid_request",
        ),
        ("InvalidParameter", "The two modes are mutually exclusive.", "invalid_request"),  # LiteLLM
        ("InvalidURL.Timeout", "Download xxx timeout, please check network", "invalid_request"),
        ("InvalidFile.Resolution", "The image resolution is invalid", "invalid_request"),
        ("InvalidImage.FileFormat", "Invalid image type.", "invalid_request"),
        ("BadRequest.InputDownloadFailed", "Failed to download the input file", "invalid_request"),
        ("InternalError.Timeout", "An internal timeout error has occured", "timeout"),
        ("InternalError.Algo", "inference internal error.", "server"),
        ("InternalError", "An internal error has occured", "server"),
        ("InternalError.Upload", "Failed to upload result.", "server"),
        ("Throttling.RateQuota", "Requests rate limit exceeded", "rate_limited"),
        ("Arrearage", "good standing", "insufficient_funds"),
        ("UserCanceled", "no reason that anybody knows", "server"),
    ],
)
def test_why_tasks_fail(code, message, kind):
    error = status(tell("FAILED", code=code, message=message)).error

    assert (error.kind, error.code, error.message) == (kind, code, message)


def test_a_reason_may_stand_around_the_task():
    body = {**tell("FAILED"), "code": "DataInspectionFailed", "message": "inappropriate"}

    assert status(body).error == TaskError(
        "content_policy", "DataInspectionFailed", "inappropriate"
    )
    assert status({**FAILED, "code": "", "message": "Success"}) == status(FAILED)


@pytest.mark.parametrize("told", [{}, {"code": "", "message": ""}, {"code": 400, "message": 10086}])
def test_a_failure_without_a_reason(told):
    assert status(tell("FAILED", **told)).status == "failed"


def test_a_task_that_runs_has_no_error_yet():
    assert status(tell("RUNNING", code="x", message="y")).error is None


# ---- succeeded, and no file


@pytest.mark.parametrize("url", [None, "", "x.mp4", 7])
def test_a_url_that_is_only_missing_is_asked_for_again(url):
    with pytest.raises(ProviderError, match="not where its video is") as caught:
        status(tell("SUCCEEDED", video_url=url))

    assert (caught.value.kind, caught.value.retryable) == ("malformed", True)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (tell("SUCCEEDED", code="DataInspectionFailed", message="inappropriate"), "content_policy"),
        ({**tell("SUCCEEDED"), "usage": {"video_count": 0}}, "server"),
        ({**tell("SUCCEEDED"), "usage": {"video_count": "0"}}, "server"),
    ],
)
def test_a_success_without_a_video_is_a_failure(body, kind):
    report = status(body)

    assert (report.status, report.error.kind, report.expires_at) == ("failed", kind, None)


# ---- errors: help.aliyun.com/en/model-studio/error-code, with the texts of that page

STANDING = "Access denied, please make sure your account is in good standing."
ALLOCATED = "Allocated quota exceeded, please increase your quota limit."
CURRENT = "You exceeded your current quota, please check your plan and billing details."
ERRORS = [
    (400, "InvalidParameter", "Required parameter(s) missing or invalid", "invalid_request"),
    (400, "InvalidParameter", "Model not exist.", "model_unavailable"),
    (400, "InvalidURL", "Required URL is missing or invalid", "invalid_request"),
    (400, "InvalidFile.Size", "Invalid file size.", "invalid_request"),
    (400, "BadRequest.EmptyInput", "Required input parameter missing", "invalid_request"),
    (400, "BadRequest.TooLarge", "Payload Too Large.", "invalid_request"),
    (400, "UnsupportedOperation", "The operation is unsupported", "invalid_request"),
    (400, "DataInspectionFailed", "Input data may contain inappropriate", "content_policy"),
    (400, "InvalidParameter.DataInspection", "blocked", "content_policy"),
    (400, "IPInfringementSuspect", "IP infringement.", "content_policy"),
    (400, "FaqRuleBlocked", "blocked by faq rule.", "content_policy"),
    (400, "Arrearage", STANDING, "insufficient_funds"),
    (401, "InvalidApiKey", "Invalid API-key provided.", "auth"),
    (401, "InvalidApiKey", "No API-key provided.", "auth"),
    (401, "invalid_api_key", "Incorrect API key provided.", "auth"),
    (403, "AccessDenied", "current user api does not support synchronous calls.", "permission"),
    (403, "AccessDenied.Unpurchased", "Access to model denied.", "permission"),
    (403, "Model.AccessDenied", "Model access denied.", "permission"),
    (403, "Workspace.AccessDenied", "Workspace access denied.", "permission"),
    (403, "AllocationQuota.FreeTierOnly", "The free tier is used up", "insufficient_funds"),
    (404, "ModelNotFound", "Model can not be found.", "model_unavailable"),
    (404, "model_not_found", "The model xxx does not exist.", "model_unavailable"),
    (404, "NotFound", "Not found!", "not_found"),
    (429, "Throttling", "Requests throttling triggered.", "rate_limited"),
    (429, "Throttling.RateQuota", "Requests rate limit exceeded", "rate_limited"),
    (429, "Throttling.BurstRate", "Request rate increased too quickly.", "rate_limited"),
    (429, "Throttling.AllocationQuota", ALLOCATED, "rate_limited"),
    (429, "Throttling.AllocationQuota", CURRENT, "rate_limited"),
    (429, "limit_requests", "You exceeded your current requests list.", "rate_limited"),
    (429, "Throttling.AllocationQuota", "Free allocated quota exceeded.", "insufficient_funds"),
    # What a user of the token plan met.
    (
        429,
        "Throttling.AllocationQuota",
        "token-plan 1-week quota has been exhausted",
        "insufficient_funds",
    ),
    (429, "CommodityNotPurchased", "Commodity has not purchased yet.", "insufficient_funds"),
    (429, "PrepaidBillOverdue", "The prepaid bill is overdue.", "insufficient_funds"),
    (429, "PostpaidBillOverdue", "The postpaid bill is overdue.", "insufficient_funds"),
    (500, "InternalError", "An internal error has occured", "server"),
    (500, "InternalError.DataInspection", "inspection", "content_policy"),
    (500, "RequestTimeOut", "Request timed out, please try again later.", "timeout"),
    (503, "ModelServingError", "Too many requests.", "server"),
    (503, "ModelUnavailable", "Model is unavailable, please try again later.", "server"),
    # LiteLLM's suite and others: an error inside HTTP 200.
    (200, "InvalidApiKey", "No API-key provided.", "auth"),
    (200, "InvalidParameter", "task not found", "not_found"),
    (200, "Throttling.RateQuota", "slow", "rate_limited"),
]


@pytest.mark.parametrize("operation", ["submit", "status"])
@pytest.mark.parametrize(("http", "code", "message", "kind"), ERRORS)
def test_errors(operation, http, code, message, kind):
    caught = refusal(operation, refuse(code, message), http)

    assert (caught.kind, caught.status, caught.message) == (kind, http, message)
    assert caught.request_id == "7438d53d-6eb8-4596-8835-5b1a7b5a9f92"
    # Only what waiting ends proves that a paid request made no job, and may be sent again.
    passing = {"rate_limited", "server", "timeout"}
    proven = kind == "rate_limited" and http == 429
    again = proven if operation == "submit" else kind in passing
    assert caught.retryable is again


def test_the_vendors_own_code_is_kept():
    assert refusal("submit", refuse("Arrearage", STANDING), 400).code == "Arrearage"
    assert refusal("status", refuse("InternalError.Algo", "x"), 500).code == "InternalError.Algo"


def test_a_web_page_is_no_answer():
    for operation in ("submit", "status"):
        assert refusal(operation, b"<html><title>502</title></html>", 502).kind == "server"


# ---- where the file is


def test_the_file_is_at_the_tasks_own_url_or_at_that_of_a_fresh_answer():
    file = Request("GET", URL, expects="video")

    assert drive(VENDOR.locate(evolve(TASK, video_url=URL)), []) == file
    assert locate(SUCCEEDED) == file


@pytest.mark.parametrize(
    ("body", "http"),
    [(LOST, 200), (refuse("NotFound", "Not found!"), 404), (refuse("X", "task not found"), 200)],
)
def test_a_file_that_is_gone(body, http):
    with pytest.raises(ExpiredError, match="no longer"):
        locate(body, http)


@pytest.mark.parametrize("body", [tell("PENDING"), tell("RUNNING"), FAILED, tell("CANCELED")])
def test_a_task_without_a_file(body):
    with pytest.raises(DownloadError, match="names no video"):
        locate(body)


def test_a_question_for_the_file_that_fails():
    with pytest.raises(ProviderError) as caught:
        locate(refuse("InternalError", "x"), 500)

    assert caught.value.kind == "server"


# ---- cancel: only what is PENDING


def cancel(*answers):
    flow = VENDOR.cancel(TASK)
    sent = [next(flow), *(flow.send(response) for response in answers[:-1])]
    with pytest.raises(StopIteration) as stop:
        flow.send(answers[-1])
    return sent, stop.value.value


@pytest.mark.parametrize("body", [CANCELLED, {**CANCELLED, "output": {"task_status": "CANCELED"}}])
def test_a_pending_task_is_cancelled_and_costs_nothing(body):
    sent, report = cancel(answer(body))

    assert sent == [Request("POST", f"{TASKS}/{ID}/cancel")]
    assert report == Report(ID, "cancelled", cost=Decimal(0))


@pytest.mark.parametrize("http", [400, 200])
@pytest.mark.parametrize("body", [tell("RUNNING"), SUCCEEDED, FAILED, LOST, tell("CANCELED")])
def test_any_other_task_is_told_as_it_stands(body, http):
    sent, report = cancel(answer(NOT_PENDING, http), answer(body))

    assert [request.method for request in sent] == ["POST", "GET"]
    assert report == status(body)
    assert report.cost is None


@pytest.mark.parametrize(
    "body", [b"<html>Sign in</html>", b"", [], tell("RUNNING"), {"message": "Success"}]
)
def test_an_odd_answer_to_a_cancel_proves_nothing(body):
    sent, report = cancel(answer(body), answer(tell("RUNNING")))

    assert [request.method for request in sent] == ["POST", "GET"]
    assert report == Report(ID, "running")


@pytest.mark.parametrize(
    ("body", "http", "kind"),
    [
        ({"error": {"code": "InternalError", "message": "oops"}}, 200, "server"),
        (refuse("Throttling.RateQuota", "Requests rate limit exceeded"), 429, "rate_limited"),
        (refuse("InvalidApiKey", "Invalid API-key provided."), 401, "auth"),
        (refuse("Throttling", "slow"), 200, "rate_limited"),
    ],
)
def test_a_cancel_that_fails(body, http, kind):
    flow = VENDOR.cancel(TASK)
    next(flow)
    with pytest.raises(ProviderError) as caught:
        flow.send(answer(body, http))

    assert caught.value.kind == kind
