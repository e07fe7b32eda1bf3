"""Every documented answer, and those that other projects recorded or have in their test-suites."""

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.plugin import Report, Request, Status, Task, TaskError
from anyvideo.testing import answer, drive
from tests.plugins.runway.answers import (
    ACCEPTED,
    BORN,
    CANCELLED,
    DELETED,
    FAILED,
    ID,
    INVALID,
    NO_MONEY,
    PENDING,
    RUNNING,
    SUCCEEDED,
    THROTTLED,
    TOO_LONG,
    URL,
)
from tests.plugins.runway.plans import RUNWAY, plan_for

TASK = Task("runway", "runway", RUNWAY.base_url, ID, "runway-gen-4.5")


def submit(response):
    return drive(RUNWAY.submit(plan_for("runway-gen-4.5")), [response])


def status(body, code=200):
    return drive(RUNWAY.status(TASK), [answer(body, code)])


def refuse(response, ask=submit):
    with pytest.raises(ProviderError) as caught:
        ask(response)
    return caught.value


# ---- Submits: the second is in the tests of a text-to-video client, the third is the oldest form


@pytest.mark.parametrize(
    "body", [ACCEPTED, {"id": ID, "estimatedCost": {"credits": 96}}, {"id": ID}]
)
def test_a_submit_is_queued_and_costs_nothing_yet(body):
    report = submit(answer(body))

    assert report == Report(ID, "queued")
    assert report.cost is None


@pytest.mark.parametrize("output", [None, "later", [None]])
def test_a_task_that_names_no_output_yet_is_a_task(output):
    report = submit(answer({"id": ID, "status": "SUCCEEDED", "output": output}))

    assert report == Report(ID, "running")


# ---- States


@pytest.mark.parametrize(
    ("body", "report"),
    [
        (PENDING, Report(ID, "queued")),
        (THROTTLED, Report(ID, "queued")),
        (RUNNING, Report(ID, "running", 2)),
        ({**RUNNING, "progress": 0.45}, Report(ID, "running", 45)),
        ({**RUNNING, "progress": 1}, Report(ID, "running", 100)),
        (SUCCEEDED, Report(ID, "succeeded", video_url=URL, cost="0.63")),
        (CANCELLED, Report(ID, "cancelled", cost=0)),
        (
            FAILED,
            Report(
                ID,
                "failed",
                error=TaskError("content_policy", "SAFETY.INPUT.TEXT", "The prompt was rejected"),
                cost="0.60",
            ),
        ),
        # A word that no document has, with the fields of a running task.
        ({**RUNNING, "status": "RETICULATING"}, Report(ID, "running", 2)),
        # Clients have these without createdAt in their suites.
        ({"id": ID, "status": "PENDING"}, Report(ID, "queued")),
        ({"id": ID, "status": "RUNNING"}, Report(ID, "running")),
    ],
)
def test_every_state_is_read_exactly(body, report):
    assert status(body) == report


def test_the_moment_of_birth_is_the_vendors():
    assert status(PENDING).created_at.isoformat() == BORN.replace("Z", "000+00:00")


def test_a_url_of_a_task_that_runs_is_not_the_video():
    assert status({**RUNNING, "output": [URL]}).video_url is None


# ---- Failures: https://docs.dev.runwayml.com/errors/task-failures, and the suites of five clients


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("SAFETY.INPUT.TEXT", "content_policy"),
        ("SAFETY.INPUT.IMAGE", "content_policy"),
        ("SAFETY.INPUT.VIDEO", "content_policy"),
        ("SAFETY.INPUT.AUDIO", "content_policy"),
        ("SAFETY.OUTPUT.IMAGE", "content_policy"),
        ("SAFETY.OUTPUT.VIDEO", "content_policy"),
        ("INPUT_PREPROCESSING.SAFETY.TEXT", "content_policy"),
        ("INPUT_PREPROCESSING.INTERNAL", "server"),
        ("INTERNAL.BAD_OUTPUT.01", "server"),
        ("INTERNAL.BAD_OUTPUT.CODE01", "server"),
        ("INTERNAL", "server"),
        ("ASSET.INVALID", "invalid_request"),
        ("THIRD_PARTY.UNAVAILABLE", "server"),
    ],
)
def test_each_failure_code_has_its_kind_and_is_kept(code, kind):
    report = status({**FAILED, "failureCode": code, "failure": "It did not work."})

    assert report.status == Status.FAILED
    assert report.error == TaskError(kind, code, "It did not work.")


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"failure": "secret internals"}, TaskError("server", None, "secret internals")),
        ({"failure": "An unexpected error occurred.", "failureCode": None}, None),
        ({}, TaskError("server", None, "no reason given")),
        (
            {"failure": "The output was blocked by content moderation."},
            TaskError("content_policy", None, "The output was blocked by content moderation."),
        ),
    ],
)
def test_a_failure_without_a_code_is_the_vendors_own(told, error):
    report = status({"id": ID, "status": "FAILED", "createdAt": BORN, **told})

    assert report.status == Status.FAILED
    assert report.error == (error or TaskError("server", None, told["failure"]))


@pytest.mark.parametrize("text", ["Unauthorized at the provider", "Not enough credits"])
def test_the_account_that_a_task_fails_for_is_not_the_callers(text):
    report = status({**FAILED, "failureCode": None, "failure": text})

    assert report.error == TaskError("server", None, text)


def test_credits_that_were_given_back_cost_nothing():
    assert status({**FAILED, "failureCode": "INTERNAL", "cost": {"credits": 0}}).cost == 0


@pytest.mark.parametrize("told", [None, "many", True, [], {}, float("nan"), -1])
def test_a_cost_that_is_none_is_not_known(told):
    assert status({**SUCCEEDED, "cost": {"credits": told}}).cost is None


@pytest.mark.parametrize("output", [URL, [None, URL], ["", URL, "https://example.com/2.mp4"]])
def test_the_first_url_of_an_output_is_the_video(output):
    assert status({**SUCCEEDED, "output": output}).video_url == URL


def test_no_output_is_no_success():
    report = status({**SUCCEEDED, "output": []})

    assert (report.status, report.error.kind, report.video_url) == ("failed", "server", None)


@pytest.mark.parametrize("output", [None, "later", [None], ["no URL"], {"0": URL}])
def test_an_output_that_cannot_be_read_is_asked_for_again(output):
    error = refuse({**SUCCEEDED, "output": output}, status)

    assert (error.kind, error.retryable) == ("malformed", True)
    assert "names no output" in str(error)


# ---- Errors of HTTP: https://docs.dev.runwayml.com/errors/errors, and recorded ones


@pytest.mark.parametrize(
    ("body", "code", "kind", "text"),
    [
        (INVALID, 400, "invalid_request", "model: Invalid input: expected string, received"),
        (TOO_LONG, 400, "invalid_request", "videoUri: Asset duration must be at most 30 seconds"),
        (NO_MONEY, 400, "insufficient_funds", "not have enough credits"),
        (
            {**NO_MONEY, "docUrl": "https://docs.dev.runwayml.com/api"},
            400,
            "insufficient_funds",
            "not have enough credits",
        ),
        (
            {"error": "Validation of body failed", "issues": []},
            400,
            "invalid_request",
            "Validation of body failed",
        ),
        (
            # The word of a field is not the word of a kind.
            {
                "error": "Validation of body failed",
                "issues": [{"path": ["contentModeration"], "message": "Unrecognized key"}],
            },
            400,
            "invalid_request",
            "contentModeration: Unrecognized key",
        ),
        (
            {"error": "The prompt was rejected by content moderation."},
            400,
            "content_policy",
            "rejected",
        ),
        (
            # An issue of the whole body, and one that says only where it is.
            {
                "error": "Validation of body failed",
                "issues": [
                    {"path": [], "message": "Give a prompt or an image"},
                    {"path": ["promptImage", 0], "message": None},
                    {"message": "Bad"},
                ],
            },
            400,
            "invalid_request",
            "Validation of body failed; Give a prompt or an image; promptImage.0; Bad",
        ),
        (
            {"issues": [{"path": ["ratio"], "message": "Invalid input"}]},
            400,
            "invalid_request",
            "ratio: Invalid input",
        ),
        (
            # https://github.com/runwayml/sdk-python/issues/139
            {"error": "Model variant gen3_alphaturbo is not available"},
            403,
            "model_unavailable",
            "Model variant gen3_alphaturbo is not available",
        ),
        ({"error": "Failed to fetch asset."}, 400, "invalid_request", "Failed to fetch asset."),
        ({"error": "The provided API key is not valid."}, 401, "auth", "API key"),
        ({"error": "Could not find POST /v1/x"}, 404, "not_found", "Could not find"),
        ({"error": "Method not allowed"}, 405, "invalid_request", "Method not allowed"),
    ],
)
def test_each_refusal_of_a_submit_has_its_kind_and_proves_that_there_is_no_job(
    body, code, kind, text
):
    error = refuse(answer(body, code))

    assert (error.kind, error.status, error.retryable) == (kind, code, False)
    assert text in error.message


def test_the_cap_of_a_day_created_nothing():
    error = refuse(answer({"error": "You exceeded the number of requests that you may make"}, 429))

    assert (error.kind, error.retryable) == ("rate_limited", True)


@pytest.mark.parametrize("code", [502, 503, 504])
def test_a_vendor_that_sheds_load_may_have_created_the_task(code):
    assert not refuse(answer({"error": "overloaded"}, code)).retryable
    assert refuse(
        answer({"error": "overloaded"}, code), lambda it: status(it.json(), code)
    ).retryable


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": ["a"]}, [], "ok", {"status": "PENDING"}])
def test_a_submit_that_names_no_task_proves_nothing(body):
    error = refuse(answer(body))

    assert (error.kind in {"malformed", "server"}, error.retryable) == (True, False)


@pytest.mark.parametrize("body", [{}, {"id": ID}, {"id": ID, "status": None}, {"status": 7}, []])
def test_a_status_answer_that_says_nothing_of_a_state_is_an_error_of_the_call(body):
    assert refuse(body, status).retryable


def test_a_task_that_is_gone_is_not_found():
    assert refuse(DELETED, lambda body: status(body, 404)).kind == "not_found"


# ---- The file


def locate(task, *answers):
    return drive(RUNWAY.locate(task), answers)


def test_the_file_is_at_the_tasks_url_or_at_a_fresh_one():
    fresh = URL.replace("redacted", "fresh")
    found = Request("GET", fresh, expects="video")

    assert locate(evolve(TASK, video_url=URL)) == Request("GET", URL, expects="video")
    assert locate(TASK, answer({**SUCCEEDED, "output": [fresh]})) == found


def test_a_task_that_the_vendor_forgot_is_expired():
    with pytest.raises(ExpiredError, match=r"no longer knows the task .*: Could not find Task"):
        locate(TASK, answer(DELETED, 404))


@pytest.mark.parametrize("body", [RUNNING, FAILED, CANCELLED])
def test_a_task_without_a_file_says_so(body):
    with pytest.raises(DownloadError, match="names no video"):
        locate(TASK, answer(body))


def test_another_error_is_that_of_the_call():
    with pytest.raises(ProviderError) as caught:
        locate(TASK, answer({"error": "overloaded"}, 503))
    assert caught.value.kind == "server"


# ---- Cancelling: recorded, 204 without a body, and then 404


def cancel(*answers):
    flow, asked, left = RUNWAY.cancel(TASK), [], list(answers)
    request = next(flow)
    try:
        while True:
            asked.append((request.method, request.url, dict(request.headers)))
            request = flow.send(left.pop(0))
    except StopIteration as stop:
        return stop.value, asked


VERSION = {"X-Runway-Version": "2024-11-06"}
ASK, DELETE = (("GET", f"/v1/tasks/{ID}", VERSION), ("DELETE", f"/v1/tasks/{ID}", VERSION))


@pytest.mark.parametrize("body", [PENDING, THROTTLED, RUNNING])
def test_a_task_that_has_not_ended_is_cancelled(body):
    report, asked = cancel(answer(body), answer(b"", 204))

    assert (report, asked) == (Report(ID, "cancelled"), [ASK, DELETE])
    assert report.cost is None


@pytest.mark.parametrize("body", [SUCCEEDED, FAILED, CANCELLED])
def test_a_task_that_has_ended_is_never_deleted(body):
    report, asked = cancel(answer(body))

    assert (report, asked) == (status(body), [ASK])


@pytest.mark.parametrize(("code", "kind"), [(404, "not_found"), (401, "auth"), (503, "server")])
def test_a_cancel_that_is_refused_is_an_error(code, kind):
    with pytest.raises(ProviderError) as caught:
        cancel(answer(RUNNING), answer(DELETED, code))
    assert caught.value.kind == kind
