"""Every documented answer, and those that other projects recorded or have in their test-suites."""

from typing import Any

import pytest

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.plugin import Output, Report, Request, Status, TaskError
from anyvideo.testing import answer, drive
from anyvideo_plugins.replicate.answers import list_files
from tests.plugins.replicate.answers import (
    ABORTED,
    BORN,
    CANCELED,
    DONE,
    FAILED,
    FILM,
    FLAGGED,
    ID,
    INVALID,
    MISSING,
    NO_MONEY,
    NOT_FOUND,
    NOT_PERMITTED,
    PROCESSING,
    REMOVED,
    REPLICATE,
    STARTING,
    THROTTLED,
    UNAUTHENTICATED,
    URLS,
    plan_for,
    task_of,
)


def submit(*answers) -> Report:
    return drive(REPLICATE.submit(plan_for("veo-3.1")), answers)


def ask(*answers, **changes) -> Any:
    return drive(REPLICATE.status(task_of(**changes)), answers)


def refusal_of(work, *answers) -> ProviderError:
    with pytest.raises(ProviderError) as caught:
        work(*answers)
    return caught.value


# ---- States


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (STARTING, "queued"),
        (PROCESSING, "running"),
        (DONE, "succeeded"),
        (FAILED, "failed"),
        (CANCELED, "cancelled"),
        (ABORTED, "cancelled"),
        (REMOVED, "expired"),
        ({**PROCESSING, "status": "booting"}, "running"),
    ],
)
def test_each_state(told, status):
    report = ask(answer(told))

    assert (report.id, report.status, report.extra) == (ID, status, URLS)
    assert report.created_at.isoformat(timespec="milliseconds") == BORN.replace("Z", "+00:00")
    assert (report.video_url, report.progress) == (FILM if told is DONE else None, None)


def test_a_deadline_before_the_start_costs_nothing_and_a_cancelled_run_may_cost():
    assert ask(answer(ABORTED)).cost == 0
    assert ask(answer(CANCELED)).cost is None
    assert ask(answer(DONE)).cost is None


# ---- Outputs: a URL, a list, or an object

PICTURE = "https://replicate.delivery/pbxt/9inf/out-0.PNG?x=1"
SOUND = "https://replicate.delivery/pbxt/9inf/sound.wav"


@pytest.mark.parametrize(
    ("output", "url", "kinds"),
    [
        (FILM, FILM, []),
        ([FILM], FILM, []),
        ([PICTURE], PICTURE, []),
        ([PICTURE, FILM], FILM, ["image", "video"]),
        ({"video": FILM}, FILM, []),
        ({"thumbnail": PICTURE, "audio": SOUND, "video": FILM}, FILM, ["image", "audio", "video"]),
        ([{"url": FILM, "seed": 7}], FILM, []),
        ([FILM, "not a URL", None, 7], FILM, []),
        ({"video": {"url": FILM, "size": 7}}, FILM, []),
        ({"images": [PICTURE], "videos": [FILM]}, FILM, ["image", "video"]),
        ([[FILM]], FILM, []),
    ],
)
def test_an_output_is_found_in_each_form(output, url, kinds):
    report = ask(answer({**DONE, "output": output}))

    assert (report.status, report.video_url) == ("succeeded", url)
    assert [file.kind for file in report.outputs] == kinds
    assert all(isinstance(file, Output) and file.url for file in report.outputs)


@pytest.mark.parametrize("output", [None, "", [], {}])
def test_a_success_without_output_has_failed(output):
    report = ask(answer({**DONE, "output": output}))

    error = TaskError("server", None, "the prediction succeeded, and has no output")
    assert (report.status, report.error) == ("failed", error)


@pytest.mark.parametrize("output", ["no URL", 7, [None], {"seed": 7}])
def test_an_output_that_cannot_be_read_is_an_error_of_the_call(output):
    error = refusal_of(ask, answer({**DONE, "output": output}))

    assert (error.kind, error.status, error.retryable) == ("malformed", 200, True)


def test_an_output_of_a_prediction_that_runs_is_not_the_file():
    assert ask(answer({**PROCESSING, "output": [FILM]})).video_url is None


# ---- Failures of predictions


@pytest.mark.parametrize(
    ("text", "kind", "code"),
    [
        (FLAGGED, "content_policy", "E005"),
        (f"{FLAGGED} (uIJ6l3ruRD)", "content_policy", "E005"),
        ("The input or output was flagged as sensitive.", "content_policy", None),
        ("Director: unexpected error handling prediction (E9828)", "server", "E9828"),
        ("Director: unexpected error handling prediction (E6716)", "timeout", "E6716"),
        ("Prediction interrupted; please retry (code: PA)", "server", "PA"),
        ("E1001: the model ran out of memory", "server", "E1001"),
        ("Invalid input (E006)", "invalid_request", "E006"),
        # https://github.com/pollinations/pollinations/pull/10801
        ("Input validation error: the URL returned 404", "invalid_request", None),
        ("Service is temporarily unavailable. Please try again later. (E004)", "server", "E004"),
        ("no foxes", "server", None),
        (None, "server", None),
        ("", "server", None),
        ({"detail": "no foxes"}, "server", None),
    ],
)
def test_why_a_prediction_failed(text, kind, code):
    report = ask(answer({**FAILED, "error": text}))

    assert report.status == "failed"
    assert report.error is not None
    assert (report.error.kind, report.error.code) == (kind, code)
    if isinstance(text, str) and text:
        assert report.error.message == text


def test_the_account_that_a_prediction_fails_for_is_not_the_callers():
    report = ask(answer({**FAILED, "error": "Insufficient balance at the upstream"}))

    assert report.error is not None
    assert report.error.kind == "server"


# ---- What suites of other projects have: replicate-python's cassettes, vercel/ai, nodetool


def test_predictions_that_replicate_python_recorded():
    # tests/cassettes/models-predictions-create.yaml
    created = {
        "id": "heat2o3bzn3ahtr6bjfftvbaci",
        "model": "replicate/lifeboat-70b",
        "version": "d-c6559c5791b50af57b69f4a73f8e021c",
        "input": {"prompt": "Please write a haiku about llamas."},
        "logs": "",
        "error": None,
        "status": "starting",
        "created_at": "2023-11-27T13:35:45.99397566Z",
        "urls": {
            "cancel": "https://api.replicate.com/v1/predictions/heat2o3bzn3ahtr6bjfftvbaci/cancel",
            "get": "https://api.replicate.com/v1/predictions/heat2o3bzn3ahtr6bjfftvbaci",
        },
    }
    # tests/cassettes/predictions-get.yaml, without its logs
    got: dict[str, Any] = {
        "completed_at": "2023-08-16T18:57:12.170420Z",
        "created_at": "2023-08-16T18:57:08.394251Z",
        "error": None,
        "id": "vgcm4plb7tgzlyznry5d5jkgvu",
        "input": {
            "seed": 42069,
            "width": 512,
            "prompt": "a studio photo of a rainbow colored corgi",
        },
        "logs": "Using seed: 42069\nPrompt: a studio photo\n100%|\u2588\u2588| 50/50",
        "metrics": {"predict_time": 3.804328},
        "output": [
            "https://replicate.delivery/pbxt/9inf36wjsEWuQ6XTf84iezPftv9QZdePfGySnU5tUai3BOrWE/out-0.png"
        ],
        "started_at": "2023-08-16T18:57:08.366092Z",
        "status": "succeeded",
        "urls": {
            "get": "https://api.replicate.com/v1/predictions/vgcm4plb7tgzlyznry5d5jkgvu",
            "cancel": "https://api.replicate.com/v1/predictions/vgcm4plb7tgzlyznry5d5jkgvu/cancel",
        },
        "version": "a00d0b7dcbb9c3fbb34ba87d2d5b46c56969c84a628bf778a7fdaec30b1b99c5",
        "webhook_completed": None,
    }
    new, done = submit(answer(created, 201)), ask(answer(got), id="vgcm4plb7tgzlyznry5d5jkgvu")

    assert (new.id, new.status) == ("heat2o3bzn3ahtr6bjfftvbaci", "queued")
    assert (new.extra, str(new.created_at)) == (created["urls"], "2023-11-27 13:35:45.993975+00:00")
    assert (done.status, done.video_url) == ("succeeded", got["output"][0])


def test_a_submit_that_vercels_suite_answers_at_once():
    # vercel/ai, packages/replicate/src/replicate-video-model.test.ts
    told = {
        "id": "test-prediction-id",
        "status": "succeeded",
        "output": "https://replicate.delivery/video.mp4",
        "error": None,
        "urls": {"get": "https://api.replicate.com/v1/predictions/test-prediction-id"},
        "metrics": {"predict_time": 25.5},
    }
    report = submit(answer(told))

    assert (report.id, report.status) == ("test-prediction-id", "succeeded")
    assert report.video_url == told["output"]
    assert submit(answer({**told, "output": None})).status == "running"
    assert submit(answer({**told, "output": "no URL"})).status == "running"


# ---- Refusals


@pytest.mark.parametrize(
    ("body", "status", "kind", "message"),
    [
        (UNAUTHENTICATED, 401, "auth", "You did not pass a valid authentication token"),
        (NO_MONEY, 402, "insufficient_funds", NO_MONEY["detail"]),
        ({"detail": "Monthly spend limit reached."}, 402, "insufficient_funds", "Monthly"),
        (
            {"detail": "You do not have permission to perform this action."},
            403,
            "permission",
            "You",
        ),
        (INVALID, 422, "invalid_request", "- input.aspect_ratio: aspect_ratio must be one of"),
        (MISSING, 422, "invalid_request", "- input: prompt is required"),
        (NOT_PERMITTED, 422, "model_unavailable", "The specified version does not exist"),
        ({"detail": FLAGGED, "status": 422}, 422, "content_policy", FLAGGED),
        (
            {
                "title": "Version is disabled",
                "detail": "This version has been disabled",
                "status": 422,
            },
            422,
            "model_unavailable",
            "This version has been disabled",
        ),
        # RFC 7807 has the detail as optional.
        (
            {"title": "Billing\nrequired", "status": 402},
            402,
            "insufficient_funds",
            "Billing required",
        ),
        ({"title": "Bad input", "detail": None}, 422, "invalid_request", "Bad input"),
        (NOT_FOUND, 404, "model_unavailable", "The requested resource could not be found."),
        ({"detail": "Not found."}, 404, "model_unavailable", "Not found."),
    ],
)
def test_a_refused_submit_says_why_and_proves_that_there_is_no_job(body, status, kind, message):
    error = refusal_of(submit, answer(body, status))

    assert (error.kind, error.status, error.retryable) == (kind, status, False)
    assert error.message.startswith(message[:60])


def test_a_throttled_submit_may_be_repeated_after_the_time_that_its_body_names():
    # nodetool, packages/replicate-nodes/tests/replicate-rate-limit.test.ts
    error = refusal_of(submit, answer(THROTTLED, 429))

    assert (error.kind, error.retry_after, error.retryable) == ("rate_limited", 5, True)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (answer({"detail": "Internal server error"}, 500), "server"),
        (answer({"detail": "Bad gateway"}, 502), "server"),
        (answer(b"<html>Bad gateway</html>", 502), "server"),
        (answer({"id": ID, "urls": URLS}, 500), "server"),
        (answer({}, 201), "malformed"),
        (answer([STARTING], 201), "malformed"),
        (answer(b"", 201), "malformed"),
    ],
)
def test_an_unclear_answer_to_a_submit_proves_nothing(told, kind):
    error = refusal_of(submit, told)

    assert (error.kind, error.retryable) == (kind, False)


def test_a_submit_whose_answer_names_no_state_is_a_job():
    assert submit(answer({"id": ID}, 201)).status == Status.QUEUED


@pytest.mark.parametrize(
    ("told", "kind", "retryable"),
    [
        (answer(NOT_FOUND, 404), "not_found", False),
        (answer(THROTTLED, 429), "rate_limited", True),
        (answer({"detail": "Service unavailable"}, 503), "server", True),
        (answer({"id": ID}), "malformed", True),
        (answer({"id": ID, "status": 200}), "malformed", True),
    ],
)
def test_a_failed_poll_is_an_error_of_the_call(told, kind, retryable):
    error = refusal_of(ask, told)

    assert (error.kind, error.retryable) == (kind, retryable)


# ---- Cancelling and the file


@pytest.mark.parametrize(
    ("told", "status"),
    [
        (CANCELED, "cancelled"),
        (PROCESSING, "running"),
        (DONE, "succeeded"),
        (FAILED, "failed"),
    ],
)
def test_a_cancel_reports_how_the_prediction_stands(told, status):
    assert drive(REPLICATE.cancel(task_of()), [answer(told)]).status == status


def test_a_cancel_of_what_is_unknown_is_an_error():
    with pytest.raises(ProviderError):
        drive(REPLICATE.cancel(task_of()), [answer(NOT_FOUND, 404)])


def locate(*answers, **changes):
    return drive(REPLICATE.locate(task_of(status="succeeded", **changes)), answers)


def test_the_file_is_at_the_tasks_own_url_or_at_the_one_of_a_new_answer():
    assert locate(video_url=FILM) == Request("GET", FILM, expects="video")
    assert locate(answer(DONE)) == Request("GET", FILM, expects="video")


@pytest.mark.parametrize("told", [answer(REMOVED), answer(NOT_FOUND, 404)])
def test_a_file_that_was_removed_is_expired(told):
    with pytest.raises(ExpiredError):
        locate(told)


def test_a_file_that_is_not_there_yet_is_no_file():
    with pytest.raises(DownloadError, match="still runs"):
        locate(answer(PROCESSING))


def test_a_late_failure_is_reported_and_another_error_is_raised():
    assert locate(answer(FAILED)).status == "failed"
    with pytest.raises(ProviderError):
        locate(answer(THROTTLED, 429))


def test_a_text_that_is_no_url_is_no_file():
    assert list_files(["http://[", "https://a.b/c.mp4"]) == list_files("https://a.b/c.mp4")
