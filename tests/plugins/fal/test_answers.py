"""Every answer on fal's pages, and those of other projects' suites, read as what they are.

PY is projects/fal_client/tests/unit/test_client.py of github.com/fal-ai/fal at c6f0afaa, JS is
libs/client/src/queue.spec.ts of github.com/fal-ai/fal-js at 381105e1, VAI is
packages/fal/src/fal-video-model.test.ts of github.com/vercel/ai at ed857f57, LITELLM is
tests/test_litellm/llms/fal_ai/videos/test_falai_video_transformation.py of github.com/BerriAI/litellm.
"""

import pytest

from anyvideo.plugin import Report, Request, Response, Status, VideoJob
from anyvideo.testing import answer, drive
from anyvideo_plugins import fal
from tests.plugins.fal.answers import (
    DONE,
    FAL,
    FILM,
    ID,
    MODERATED,
    PATH,
    QUEUED,
    RESULT,
    ROOT,
    RUNNING,
    URLS,
    ask,
    fail,
    plan_for,
    record,
    refusal_of,
    task_of,
)

PLAN = plan_for(VideoJob("p"), "veo-3.1")
EARLY = "Request is still in progress"
LOCKED = (
    "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."
)


def submit(response):
    return drive(FAL.submit(PLAN), [response])


def test_the_plugin_offers_its_adapter():
    (adapter,) = fal.anyvideo_adapters()

    assert (adapter.name, adapter.key_env) == ("fal", "FAL_KEY")
    assert adapter.base_url == "https://queue.fal.run"


SUBMITTED = [
    (QUEUED, ID, URLS),
    ({**QUEUED, "gateway_request_id": "9f1d"}, ID, URLS),
    # JS
    (
        {
            "status": "IN_QUEUE",
            "request_id": "req_123",
            "response_url": "https://queue.fal.run/x/y/requests/req_123",
            "status_url": "https://queue.fal.run/x/y/requests/req_123/status",
            "cancel_url": "https://queue.fal.run/x/y/requests/req_123/cancel",
            "queue_position": 0,
        },
        "req_123",
        {
            "response_url": "https://queue.fal.run/x/y/requests/req_123",
            "status_url": "https://queue.fal.run/x/y/requests/req_123/status",
            "cancel_url": "https://queue.fal.run/x/y/requests/req_123/cancel",
        },
    ),
    # VAI has one of them.
    ({"request_id": ID, "response_url": ROOT}, ID, {"response_url": ROOT}),
    # LITELLM has none of them.
    ({"request_id": "task-1", "status": "IN_QUEUE"}, "task-1", {}),
    # An older webhooks page
    (
        {"request_id": "024ca5b1-45d3-4afd-883e-ad3abe2a1c4d"},
        "024ca5b1-45d3-4afd-883e-ad3abe2a1c4d",
        {},
    ),
]


@pytest.mark.parametrize(("body", "id_", "urls"), SUBMITTED)
def test_a_submit_keeps_the_id_and_the_urls(body, id_, urls):
    report = submit(answer(body))

    assert report == Report(id_, "queued", extra=urls)


@pytest.mark.parametrize(
    "url", ["https://queue.fal.run/" + "x" * 5000, "https://queue.fal.run/雪", ""]
)
def test_a_url_that_cannot_be_kept_does_not_lose_the_job(url):
    report = submit(answer({**QUEUED, "cancel_url": url}))

    assert (report.id, set(report.extra)) == (ID, {"status_url", "response_url"})


REFUSED = [
    (answer({"detail": LOCKED}, 403), "insufficient_funds", None, False),
    (answer({"detail": "User is locked."}, 403), "permission", None, False),
    (answer({"detail": "No user found for Key ID and Secret"}, 401), "auth", None, False),
    (answer({"detail": "Application 'veo9' not found"}, 404), "model_unavailable", None, False),
    (answer({"detail": "Too many concurrent requests"}, 429), "rate_limited", None, True),
    (answer(MODERATED, 422), "content_policy", "content_policy_violation", False),
    (fail([{"loc": ["body", "prompt"], "msg": "Field required", "type": "missing"}]), "invalid_request", "missing", False),
    # An older webhooks page
    (
        fail([{"loc": ["body", "model_name"], "msg": "field required", "type": "value_error.missing"}]),
        "invalid_request",
        "value_error.missing",
        False,
    ),
    (fail("Invalid request body"), "invalid_request", None, False),
    (fail("No runner could be allocated", 503, error_type="runner_scheduling_failure"), "server", "runner_scheduling_failure", False),
    (fail("Request timed out", 504, error_type="request_timeout"), "timeout", "request_timeout", False),
    (fail("Malformed request", 400, error_type="bad_request"), "invalid_request", "bad_request", False),
    (fail("Client closed the connection", 499, error_type="client_disconnected"), "server", "client_disconnected", False),
    (fail("Runner crashed", 400, error_type="runner_server_error"), "server", "runner_server_error", False),
    (fail("Too many requests", 429, error_type="concurrent_requests_limit"), "rate_limited", "concurrent_requests_limit", True),
    # VAI: not fal's own shape
    (answer({"error": {"message": "Invalid prompt"}}, 400), "invalid_request", None, False),
    (answer({}), "malformed", None, False),
    (answer("{", 200), "malformed", None, False),
    (answer({"detail": "ok"}, 200), "malformed", None, False),
    (answer({"detail": "Something else"}, 200), "server", None, False),
    # PY: the ingress
    (Response(503, {"content-type": "text/html"}, b"<html>nginx error</html>"), "server", None, False),
    (Response(502, {"content-type": "text/plain"}, b"bad gateway - nginx"), "server", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("response", "kind", "code", "retryable"), REFUSED)
def test_a_refused_submit_is_an_error_of_its_kind(response, kind, code, retryable):
    error = refusal_of(submit, response)

    assert (error.kind, error.code, error.retryable) == (kind, code, retryable)
    assert error.status == response.status


def test_the_headers_of_a_refusal_are_read():
    headers = {"x-fal-request-id": "req-7", "x-fal-error-type": "runner_disconnected"}
    error = refusal_of(submit, Response(503, headers, b"gone"))

    assert (error.request_id, error.code) == ("req-7", "runner_disconnected")


# PY, LITELLM and the page of the queue.
STATES = [
    ({"status": "IN_QUEUE", "queue_position": 123}, 202, Status.QUEUED),
    (QUEUED, 200, Status.QUEUED),
    ({"status": "IN_PROGRESS", "logs": [{"msg": "foo"}, {"msg": "bar"}]}, 202, Status.RUNNING),
    ({"request_id": "task-1", "status": "IN_PROGRESS", "queue_position": 2}, 200, Status.RUNNING),
    ({"status": "IN_PROGRESS"}, 200, Status.RUNNING),
    (RUNNING, 202, Status.RUNNING),
    ({"status": "FOO"}, 200, Status.RUNNING),
]


@pytest.mark.parametrize(("body", "http", "status"), STATES)
def test_a_state_before_the_end_is_one_request(body, http, status):
    report, requests = record(FAL.status(task_of()), answer(body, http))

    assert report == Report(ID, status)
    assert requests == [Request("GET", f"{PATH}/status")]


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_202_is_a_task_that_runs(body):
    assert ask(Response(202, {}, body)) == Report(ID, "running")


# What a complete request says beside its word, and the result that follows.
COMPLETE = [
    DONE,
    {"status": "COMPLETED", "logs": [], "metrics": {}},
    {"status": "COMPLETED", "logs": [{"msg": "foo"}, {"msg": "bar"}]},
    {"status": "COMPLETED", "logs": [], "metrics": {"m1": "v1", "m2": "v2"}},
    {"status": "COMPLETED", "error": None, "error_type": None},
]


@pytest.mark.parametrize("body", COMPLETE)
def test_a_complete_request_has_its_file_in_the_result(body):
    report, requests = record(FAL.status(task_of()), answer(body), answer(RESULT))

    assert report == Report(ID, "succeeded", 100, FILM)
    assert requests == [Request("GET", f"{PATH}/status"), Request("GET", PATH)]


@pytest.mark.parametrize(
    "result",
    [
        {"video": {"url": FILM}, "seed": 123},
        # VAI
        {
            "video": {"url": FILM, "width": 1920, "height": 1080, "duration": 5.0, "fps": 24, "content_type": "video/mp4"},
            "seed": 7,
            "timings": {"inference": 1.1},
            "has_nsfw_concepts": [False],
            "prompt": "p",
        },
        {"video": {"url": FILM}, "metadata": {"url": "https://v3b.fal.media/files/b/other.mp4"}},
        {"video": FILM},
        {"videos": [{"url": FILM}]},
        {"url": FILM},
    ],
)  # fmt: skip
def test_the_file_is_found_in_every_form(result):
    assert ask(answer(DONE), answer(result)).video_url == FILM


def test_the_prompt_that_was_used_is_kept():
    report = ask(answer(DONE), answer({**RESULT, "actual_prompt": "a red fox, close up"}))

    assert report.enhanced_prompt == "a red fox, close up"


@pytest.mark.parametrize(
    "result",
    [
        answer({"status": "IN_PROGRESS", "logs": None}, 202),
        answer({"status": "IN_PROGRESS"}),
        answer({"status": "IN_QUEUE", "queue_position": 1}),
        Response(202),
    ],
)
def test_a_state_in_place_of_a_result_is_no_failure(result):
    assert ask(answer(DONE), result) == Report(ID, "running")


NO_ANSWER = [
    (Response(503, {"content-type": "text/html"}, b"<html>nginx error</html>"), "server", True),
    (Response(503, {"content-type": "text/plain"}, b"gateway timeout via nginx"), "server", True),
    (Response(408), "timeout", True),
    (Response(429), "rate_limited", True),
    (Response(500), "server", True),
    (fail("Too many requests", 429), "rate_limited", True),
    (fail("Invalid key", 401), "auth", False),
    (fail(LOCKED, 403), "insufficient_funds", False),
    (fail("Request not found", 404), "not_found", False),
    # VAI: a gateway's answer, and not that of a model
    (answer({"error": {"message": "Internal server error", "code": 500}}, 500), "server", True),
    (Response(200, {}, b'{"video": {"url": "https:'), "malformed", True),
    (Response(200, {}, b"[]"), "malformed", True),
]


@pytest.mark.parametrize(("response", "kind", "retryable"), NO_ANSWER)
@pytest.mark.parametrize("before", [(), (answer(DONE),)], ids=["state", "result"])
def test_a_call_that_fails_fails_no_task(before, response, kind, retryable):
    error = refusal_of(ask, *before, response)

    assert (error.kind, error.retryable) == (kind, retryable)


OF_THE_WAY = [
    (502, "Bad gateway", "server"),
    (503, "Service Unavailable", "server"),
    (504, "Gateway timeout", "timeout"),
    (405, "Method Not Allowed", "invalid_request"),
    (410, "The result has expired", "not_found"),
]


@pytest.mark.parametrize(("http", "text", "kind"), OF_THE_WAY)
def test_a_gateways_word_in_place_of_a_result_fails_no_task(http, text, kind):
    error = refusal_of(ask, answer(DONE), fail(text, http))

    assert (error.kind, error.message) == (kind, text)


@pytest.mark.parametrize("http", [400, 422, 500, 503])
def test_an_error_in_place_of_a_state_fails_no_task(http):
    assert refusal_of(ask, answer(MODERATED, http)).code == "content_policy_violation"


@pytest.mark.parametrize("body", [{}, {"status": ""}, {"status": 7}, RESULT])
def test_a_state_without_a_word_is_no_state(body):
    assert refusal_of(ask, answer(body)).kind in {"malformed", "server"}
