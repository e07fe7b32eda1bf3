"""Which URLs are asked, how a job is cancelled, and where its file is.

The short names of sources are those of test_answers.py.
"""

import pytest

from anyvideo.errors import DownloadError, ExpiredError
from anyvideo.plugin import Report, Request, Response, Status
from anyvideo.testing import answer, drive
from tests.plugins.fal.answers import (
    DONE,
    FAL,
    FILM,
    ID,
    MODERATED,
    PATH,
    RESULT,
    ROOT,
    RUNNING,
    URLS,
    ask,
    fail,
    record,
    refusal_of,
    task_of,
)

EARLY = "Request is still in progress"


def test_the_result_alone_is_enough_to_follow_a_task():
    """VAI keeps one URL."""
    known = {"response_url": ROOT}

    assert ask(fail(EARLY, 400), extra=known).status == Status.RUNNING
    assert ask(answer(RESULT), extra=known).video_url == FILM
    assert ask(answer(MODERATED, 422), extra=known).error.kind == "content_policy"


def test_a_state_may_name_the_result():
    """LITELLM has the URLs of a complete request in its state alone."""
    known = {"status_url": URLS["status_url"]}

    assert ask(answer(DONE), answer(RESULT), extra=known).video_url == FILM


@pytest.mark.parametrize(
    "url",
    [
        None,
        7,
        "",
        "/fal-ai/veo3.1/requests/x/status",
        "http://queue.fal.run/x/status",
        "https://queue.fal.run.example.com/x/status",
        "https://queue.fal.run@example.com/x/status",
        "https://queue.fal.run:8443/x/status",
        "https://example.com/?https://queue.fal.run/x",
        "ftp://queue.fal.run/x/status",
    ],
)
@pytest.mark.parametrize("name", ["status_url", "response_url", "cancel_url"])
def test_no_other_url_is_asked(name, url):
    flow = FAL.cancel if name == "cancel_url" else FAL.status
    task = task_of(extra={**URLS, name: url})
    early = [] if name != "response_url" else [answer({"status": "COMPLETED"})]

    error = refusal_of(drive, flow(task), early)

    assert (error.kind, error.retryable) == ("malformed", False)
    assert name in error.message


def test_a_task_without_urls_is_not_asked_about():
    error = refusal_of(drive, FAL.status(task_of(extra={})), [])

    assert error.message.startswith("no status_url is known")


@pytest.mark.parametrize("base", ["https://proxy.example.com/fal", "http://127.0.0.1:9000/fal"])
def test_behind_a_proxy_the_urls_are_below_its_own(base):
    """A proxy may pass the vendor's URLs on, or put its own in their place."""
    for root in ("https://queue.fal.run", base):
        urls = {name: url.replace("https://queue.fal.run", root) for name, url in URLS.items()}
        _, requests = record(FAL.status(task_of(base_url=base, extra=urls)), answer(RUNNING, 202))
        assert requests == [Request("GET", f"{PATH}/status")]


@pytest.mark.parametrize(
    "response",
    [answer({"status": "CANCELLATION_REQUESTED"}, 202), answer({"status": "OK"}), Response(200)],
)
@pytest.mark.parametrize("status", [Status.QUEUED, Status.RUNNING])
def test_a_request_to_cancel_changes_nothing_yet(status, response):
    report, requests = record(FAL.cancel(task_of(status=status)), response)

    assert report == Report(ID, status)
    assert report.cost is None
    assert requests == [Request("PUT", f"{PATH}/cancel")]


def test_a_job_that_ended_before_it_was_cancelled_is_asked_about():
    late = answer({"status": "ALREADY_COMPLETED"}, 400)
    report, requests = record(FAL.cancel(task_of()), late, answer(DONE), answer(RESULT))

    assert report == Report(ID, "succeeded", 100, FILM)
    assert [request.method for request in requests] == ["PUT", "GET", "GET"]


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (answer({"status": "NOT_FOUND"}, 404), "not_found"),
        (answer({"detail": "No user found for Key ID and Secret"}, 401), "auth"),
        (Response(503), "server"),
    ],
)
def test_a_refused_cancel_is_an_error(response, kind):
    assert refusal_of(drive, FAL.cancel(task_of()), [response]).kind == kind


def test_the_file_is_at_the_tasks_own_url():
    request, requests = record(FAL.locate(task_of(status="succeeded", video_url=FILM)))

    assert (request, requests) == (Request("GET", FILM, expects="video"), [])


def test_without_a_url_the_result_is_asked_for():
    located = drive(FAL.locate(task_of(status="succeeded")), [answer(DONE), answer(RESULT)])

    assert located == Request("GET", FILM, expects="video")


def test_a_failure_that_only_the_result_tells_ends_the_task():
    done = task_of(status="succeeded")
    report = drive(FAL.locate(done), [answer(DONE), answer(MODERATED, 422)])

    assert isinstance(report, Report)
    assert report.error is not None
    assert (report.status, report.error.kind) == (Status.FAILED, "content_policy")


def test_a_forgotten_task_has_expired_and_a_running_one_has_no_file():
    with pytest.raises(ExpiredError, match="no longer knows the task"):
        drive(FAL.locate(task_of()), [fail("Request not found", 404)])
    with pytest.raises(DownloadError, match="still runs"):
        drive(FAL.locate(task_of()), [answer(RUNNING, 202)])
    assert refusal_of(drive, FAL.locate(task_of()), [Response(503)]).kind == "server"
