"""Every way in which fal says that a job failed, and what is no failure of a job.

The short names of sources are those of test_answers.py.
"""

import pytest

from anyvideo.plugin import Report, Status, TaskError
from anyvideo.testing import answer
from tests.plugins.fal.answers import DONE, ID, MODERATED, RESULT, ask, fail

LOST = [
    ("Runner disconnected", "runner_disconnected", "server"),
    ("Request timed out", "request_timeout", "timeout"),
    ("The runner did not start", "startup_timeout", "timeout"),
    ("No runner", "runner_scheduling_failure", "server"),
    ("The connection timed out", "runner_connection_timeout", "timeout"),
    ("Refused", "runner_connection_refused", "server"),
    ("Broken", "runner_connection_error", "server"),
    ("Half", "runner_incomplete_response", "server"),
    ("Crashed", "runner_server_error", "server"),
    ("Closed", "client_disconnected", "server"),
    ("Unexpected", "internal_error", "server"),
]


@pytest.mark.parametrize(("error", "error_type", "kind"), LOST)
def test_a_request_that_is_lost_says_so_in_its_state(error, error_type, kind):
    body = {"status": "COMPLETED", "logs": [], "error": error, "error_type": error_type}

    assert ask(answer(body)) == Report(ID, "failed", error=TaskError(kind, error_type, error))


def test_a_cancelled_request_is_cancelled():
    error = {"error": "Request was cancelled", "error_type": "client_cancelled"}
    told = ask(answer({"status": "COMPLETED", **error}))
    result = fail(error["error"], 499, error_type="client_cancelled")

    assert told.status == ask(answer(DONE), result).status == Status.CANCELLED
    assert told.error.code == "client_cancelled"


FAILURES = [
    (answer(MODERATED, 422), "content_policy", "content_policy_violation"),
    (
        fail(
            [
                {
                    "loc": ["body", "image_urls"],
                    "msg": "Failed to download the file. Please check if the URL is accessible.",
                    "type": "file_download_error",
                    "url": "https://docs.example/errors",
                    "input": ["https://cdn.example/input.png"],
                }
            ]
        ),  # LITELLM
        "invalid_request",
        "file_download_error",
    ),
    (fail([{"loc": ["body"], "msg": "no media", "type": "no_media_generated"}]), "invalid_request", "no_media_generated"),
    (fail([{"loc": ["body"], "msg": "no", "type": "content_policy_violation"}]), "content_policy", "content_policy_violation"),
    (fail([{"loc": ["body"], "msg": "too small", "type": "image_too_small"}]), "invalid_request", "image_too_small"),
    (fail([{"loc": ["body"], "msg": "slow", "type": "generation_timeout"}], 504), "timeout", "generation_timeout"),
    (fail([{"loc": ["body"], "msg": "broken", "type": "internal_server_error"}], 500), "server", "internal_server_error"),
    (fail([{"loc": ["body"], "msg": "behind", "type": "downstream_service_error"}], 400), "server", "downstream_service_error"),
    (fail([{"loc": ["body"], "msg": "behind", "type": "downstream_service_unavailable"}], 500), "server", "downstream_service_unavailable"),
    (fail("Request timed out", 504, error_type="request_timeout"), "timeout", "request_timeout"),
    (fail("Runner disconnected", 503, error_type="runner_disconnected"), "server", "runner_disconnected"),
    (fail("Internal Server Error", 500), "server", None),
    (fail("Prompt was flagged by the safety filter", 400), "content_policy", None),
    (answer({"video": None}), "server", None),
    (answer({"videos": [], "seed": 1}), "server", None),
    (answer({"detail": [{"msg": "flagged", "type": "content_policy_violation"}]}), "content_policy", "content_policy_violation"),
]  # fmt: skip


@pytest.mark.parametrize(("result", "kind", "code"), FAILURES)
def test_a_result_that_is_a_failure_ends_the_task(result, kind, code):
    report = ask(answer(DONE), result)

    assert report.status == Status.FAILED
    assert (report.error.kind, report.error.code) == (kind, code)
    assert report.error.message
    assert report.video_url is None


def test_the_vendors_own_text_is_kept_and_the_callers_is_not():
    error = ask(answer(DONE), answer(MODERATED, 422)).error

    assert error.message == MODERATED["detail"][0]["msg"]


def test_the_result_says_more_of_a_failure_than_the_state():
    told = {**DONE, "error": "Invalid status code: 422", "error_type": None}

    assert ask(answer(told), answer(MODERATED, 422)).error.kind == "content_policy"
    silent = ask(answer(told), answer({"video": None}))
    assert (silent.status, silent.error.message) == (Status.FAILED, "Invalid status code: 422")
    assert ask(answer(told), answer(RESULT)).status == Status.SUCCEEDED


@pytest.mark.parametrize("http", [404, 410])
def test_a_failure_that_the_state_told_outlives_its_result(http):
    told = {**DONE, "error": "The prompt was flagged", "error_type": "content_policy_violation"}
    report = ask(answer(told), fail("Request not found", http))

    error = TaskError("content_policy", "content_policy_violation", "The prompt was flagged")
    assert report == Report(ID, "failed", error=error)


def test_a_state_gives_its_reasons_in_either_form():
    error = ask(answer({"status": "FAILED", **MODERATED})).error

    assert (error.kind, error.message) == ("content_policy", MODERATED["detail"][0]["msg"])


def test_a_word_for_failure_is_believed():
    """LITELLM; fal documents no such word."""
    report = ask(answer({"request_id": "x", "status": "FAILED", "error": "model timed out"}))

    assert (report.status, report.error.kind) == (Status.FAILED, "timeout")


@pytest.mark.parametrize("http", [400, 500])
def test_a_result_that_comes_too_early_is_a_task_that_runs(http):
    """VAI has 500, fal's answer of 2026 is 400."""
    assert ask(answer(DONE), fail("Request is still in progress", http)) == Report(ID, "running")
