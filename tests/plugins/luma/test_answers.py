"""Every answer of Luma's documents, and those that other projects test with, read exactly."""

import json

import pytest

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.plugin import Output, Report, Request, Response, Task, TaskError
from anyvideo.testing import drive
from tests.plugins.luma.answers import (
    COMPLETED,
    FLAGGED,
    ID,
    PROCESSING,
    QUEUED,
    URL,
    failed,
)
from tests.plugins.luma.plans import LUMA, plan_for

TASK = Task("luma", "luma", LUMA.base_url, ID, "luma-ray-3.2")


def answer(body, http=200, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(http, {"content-type": "application/json", **headers}, raw)


def submit(body, http=201, **headers):
    return drive(LUMA.submit(plan_for()), [answer(body, http, **headers)])


def status(body, http=200, **headers):
    return drive(LUMA.status(TASK), [answer(body, http, **headers)])


def locate(body, http=200):
    return drive(LUMA.locate(TASK), [answer(body, http)])


def refusal(read, body, http, **headers):
    with pytest.raises(ProviderError) as caught:
        read(body, http, **headers)
    return caught.value


# ---- A new generation


@pytest.mark.parametrize(
    "body",
    [
        QUEUED,  # guides/error-handling, HTTP 201
        {"id": ID, "state": "queued", "model": "ray-3.2", "type": "video"},  # MaxVideoAI
        {"id": ID, "state": "queued", "output": []},  # kimchi-gen
        {"id": ID},  # a client's LumaAgentsApiContractTests
        {**QUEUED, "output": None},
        # the sample of the API reference: a new job has all fields
        {**QUEUED, "failure_code": "content_moderated", "failure_reason": "failure_reason"},
    ],
)
def test_a_new_generation(body):
    assert submit(body) == Report(ID, "queued")


def test_the_moment_of_birth():
    report = submit(QUEUED)

    assert report.created_at is not None
    assert report.created_at.isoformat() == "2026-04-08T12:00:00+00:00"
    assert status({**PROCESSING, "created_at": "created_at"}).created_at is None


@pytest.mark.parametrize(
    "body", [{}, {"state": "queued"}, {"id": None}, {"id": ""}, [], b"", b'{"id": "d2']
)
def test_an_answer_without_an_id_proves_nothing(body):
    error = refusal(submit, body, 201)

    assert (error.kind, error.retryable) == ("malformed", False)


def test_a_generation_that_failed_at_once_has_an_id():
    report = submit(failed("invalid_request", "no"))

    assert report == Report(
        ID, "failed", error=TaskError("invalid_request", "invalid_request", "no")
    )


def test_a_new_generation_that_is_complete_without_a_link_is_asked_again():
    assert submit({**COMPLETED, "output": None}) == Report(ID, "running")
    assert submit(COMPLETED) == Report(ID, "succeeded", video_url=URL)


# ---- The states


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (QUEUED, "queued"),
        (PROCESSING, "running"),
        ({"id": ID, "state": "processing"}, "running"),  # kimchi-gen
        ({**PROCESSING, "output": None}, "running"),
        ({"id": ID, "state": "dreaming"}, "running"),  # MaxVideoAI: a word of the older API
        ({**QUEUED, "state": "archived"}, "running"),  # an unknown word keeps on
        ({**QUEUED, "state": "queued", "failure_code": "content_moderated"}, "queued"),
        # a link before the end is none
        ({**COMPLETED, "state": "processing"}, "running"),
    ],
)
def test_a_generation_that_is_not_done(body, word):
    assert status(body) == Report(ID, word)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (COMPLETED, URL),
        ({"id": "g1", "state": "completed", "output": [{"type": "video", "url": "https://cdn/v.mp4"}]}, "https://cdn/v.mp4"),  # kimchi-gen
        ({"state": "completed", "output": [{"type": "video", "url": "https://cdn/out.mp4"}]}, "https://cdn/out.mp4"),  # LumaAgentsApiContractTests: no id
        ({**COMPLETED, "output": [{"type": "video", "url": "https://storage.cdn-luma.com/video.mp4"}]}, "https://storage.cdn-luma.com/video.mp4"),  # an agent's AsyncFakeProvider
        ({**COMPLETED, "output": [{"type": "video", "url": "https://media.lumalabs.ai/v"}]}, "https://media.lumalabs.ai/v"),
        ({**COMPLETED, "output": [{"url": "https://media.lumalabs.ai/v.MP4?x=1"}]}, "https://media.lumalabs.ai/v.MP4?x=1"),
        ({**COMPLETED, "output": [{"url": "https://media.lumalabs.ai/v"}]}, "https://media.lumalabs.ai/v"),
        ({**COMPLETED, "output": [{"type": "VIDEO", "url": "https://media.lumalabs.ai/v"}]}, "https://media.lumalabs.ai/v"),
        ({**COMPLETED, "output": {"type": "video", "url": URL}}, URL),
        # what is left over beside a video
        ({**COMPLETED, "failure_code": "generation_failed"}, URL),
    ],
)  # fmt: skip
def test_a_generation_that_is_complete(body, url):
    assert status(body) == Report(ID, "succeeded", video_url=url)


@pytest.mark.parametrize(
    ("items", "outputs"),
    [
        # MaxVideoAI, tests/luma-agents-response.test.ts
        (
            [("thumbnail", "https://assets.luma.ai/thumb.jpg"), ("video", URL)],
            (Output("https://assets.luma.ai/thumb.jpg", "thumbnail"), Output(URL)),
        ),
        # an MP4 and its EXR, however the vendor calls the second
        *(
            (
                [(kind, "https://a.b/frames.exr?x"), ("video", URL)],
                (Output("https://a.b/frames.exr?x", "exr"), Output(URL)),
            )
            for kind in ("exr", "video", "image")
        ),
    ],
)
def test_a_generation_with_several_files(items, outputs):
    body = {**COMPLETED, "output": [{"type": kind, "url": url} for kind, url in items]}

    assert status(body) == Report(ID, "succeeded", video_url=URL, outputs=outputs)


def test_complete_with_nothing_to_show_is_a_failure():
    # a client's LumaAdapter.poll: "a completed generation without a video"
    assert status({**COMPLETED, "output": []}) == Report(
        ID, "failed", error=TaskError("server", None, "no reason given")
    )


@pytest.mark.parametrize("output", [None, [], [{"type": "video", "url": None}]])
def test_complete_with_a_reason_in_place_of_the_video_is_a_failure(output):
    told = {**failed("content_moderated", FLAGGED), "state": "completed", "output": output}

    assert status(told) == Report(
        ID, "failed", error=TaskError("content_policy", "content_moderated", FLAGGED)
    )


@pytest.mark.parametrize(
    "output",
    [None, "soon", {}, [{}], [None], [{"type": "video"}], [{"type": "video", "url": None}],
     [{"type": "video", "url": "gone"}], [{"type": "image", "url": "https://a.b/1.png"}]],
)  # fmt: skip
def test_complete_without_a_link_may_have_one_later(output):
    error = refusal(status, {**COMPLETED, "output": output}, 200)

    assert (error.kind, error.retryable) == ("malformed", True)


@pytest.mark.parametrize(
    ("code", "reason", "kind"),
    [
        # guides/error-handling: the codes and the reasons
        ("content_moderated", FLAGGED, "content_policy"),
        ("budget_exhausted", "Insufficient credits to complete this generation.", "insufficient_funds"),
        ("generation_failed", "Generation failed", "server"),
        ("output_not_found", "Output artifacts not found", "server"),
        # generation_failure_code.py
        ("image_too_large", "x", "invalid_request"),
        ("unsupported_format", "x", "invalid_request"),
        ("corrupt_input", "x", "invalid_request"),
        ("invalid_request", "x", "invalid_request"),
        ("rate_limited", "x", "rate_limited"),
        # tests of clients
        ("content_moderated", "Prompt not allowed", "content_policy"),
        ("content_moderated", "Request blocked by safety review", "content_policy"),
        ("content_moderated", "flagged", "content_policy"),
        ("something_new", "x", "server"),
    ],
)  # fmt: skip
def test_a_generation_that_failed(code, reason, kind):
    assert status(failed(code, reason)) == Report(ID, "failed", error=TaskError(kind, code, reason))


@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        ("content_moderated", None, TaskError("content_policy", "content_moderated", "")),
        (None, FLAGGED, TaskError("content_policy", None, FLAGGED)),
        (None, "out of memory", TaskError("server", None, "out of memory")),
        (None, None, TaskError("server", None, "no reason given")),
        ("", "", TaskError("server", None, "no reason given")),
    ],
)
def test_a_failure_that_says_less(code, reason, error):
    assert status(failed(code, reason)) == Report(ID, "failed", error=error)


# ---- Errors of a call: {"detail": text}

ERRORS = [
    # guides/error-handling, in the words of 2026-05 and of 2026-09
    (400, {"detail": "Unknown model: super-model-v9"}, "model_unavailable"),
    (400, {"detail": "Type 'video' is not supported for model 'uni-1'"}, "invalid_request"),
    (400, {"detail": "Invalid aspect_ratio '4:3'. Valid: 1:1, 1:2, 1:3"}, "invalid_request"),
    (400, {"detail": "Prompt must be between 1 and 6000 characters"}, "invalid_request"),
    (400, {"detail": "image_ref[0]: provide either 'url' or 'data', not both"}, "invalid_request"),
    (400, {"detail": "image_ref[0]: 'media_type' is required with 'data'"}, "invalid_request"),
    (401, {"detail": "Missing or invalid API key"}, "auth"),
    (401, {"detail": "Invalid API key"}, "auth"),
    (401, {"detail": "API key has been revoked"}, "auth"),
    (401, {"detail": "API key has expired"}, "auth"),
    (402, {"detail": "Insufficient credits. Please add credits to continue."}, "insufficient_funds"),
    (402, {"detail": "Insufficient balance. Please add funds to continue."}, "insufficient_funds"),
    (403, {"detail": "API client is suspended"}, "permission"),
    (403, {"detail": "API client is deactivated"}, "permission"),
    (413, {"detail": "source: image exceeds 50 MB limit"}, "invalid_request"),
    (422, {"detail": "image_ref[0]: invalid base64 data"}, "invalid_request"),
    (422, {"detail": "source: failed to fetch URL (HTTP 404)"}, "invalid_request"),
    (422, {"detail": "image_ref[0]: content-type is not an image"}, "invalid_request"),
    (429, {"detail": "Rate limit exceeded"}, "rate_limited"),
    (429, {"detail": "Too many concurrent jobs"}, "rate_limited"),
    (502, {"detail": "Upstream service unavailable"}, "server"),
    (502, {"detail": "source: fetch proxy unavailable"}, "server"),
    (503, {"detail": "Image URL ingestion unavailable"}, "server"),
    (404, {"detail": "Generation not found"}, "not_found"),
    # LumaAgentsApiContractTests: what an empty account was answered on 2026-09-03
    (402, {"detail": "Not enough credits to continue.", "error": {"code": "RATE_LIMIT.BUDGET.EXCEEDED"}}, "insufficient_funds"),
    (429, {"detail": "slow down", "error": {"code": "RATE_LIMIT.BUDGET.EXCEEDED"}}, "insufficient_funds"),
    (422, {"detail": [{"msg": "Field required", "loc": ["body", "prompt"]}]}, "invalid_request"),
    (500, b"boom", "server"),
    (504, b"<html><title>504 Gateway Time-out</title></html>", "timeout"),
]  # fmt: skip


@pytest.mark.parametrize("read", [submit, status])
@pytest.mark.parametrize(("http", "body", "kind"), ERRORS)
def test_errors_of_a_call(read, http, body, kind):
    error = refusal(read, body, http)

    assert (error.kind, error.status) == (kind, http)
    if isinstance(body, dict) and isinstance(body["detail"], str):
        assert error.message == body["detail"]


@pytest.mark.parametrize(("http", "body", "kind"), ERRORS)
def test_a_submit_is_repeated_only_where_no_job_exists(http, body, kind):
    assert refusal(submit, body, http).retryable is (kind == "rate_limited")


def test_the_code_of_an_empty_account_is_kept():
    body = {"detail": "Not enough credits to continue."}
    error = refusal(submit, {**body, "error": {"code": "RATE_LIMIT.BUDGET.EXCEEDED"}}, 402)

    assert error.code == "RATE_LIMIT.BUDGET.EXCEEDED"


def test_a_validation_error_is_told_in_its_own_words():
    body = {"detail": [{"msg": "Field required", "loc": ["body", "prompt"]}]}

    assert refusal(submit, body, 422).message == "Field required"


def test_how_long_to_wait_and_which_request_it_was():
    # guides/error-handling: a limit of concurrent jobs always says 60
    headers = {"retry-after": "60", "x-request-id": "661f9500-f30c-52e5-b827-557766551111"}
    error = refusal(submit, {"detail": "Too many concurrent jobs"}, 429, **headers)

    assert (error.retry_after, error.request_id) == (60, headers["x-request-id"])


@pytest.mark.parametrize(
    ("body", "http"),
    [
        ({}, 200),
        ([], 200),
        (b"", 200),
        (b"not json", 200),
        ({"id": ID}, 200),
        ({**PROCESSING, "state": None}, 200),
        ({**PROCESSING, "state": 3}, 200),
        ({}, 302),
    ],
)
def test_an_answer_that_says_nothing_of_the_generation(body, http):
    assert refusal(status, body, http).kind == "malformed"


# ---- The file


def test_the_file_is_where_the_vendor_says_when_asked():
    assert locate(COMPLETED) == Request("GET", URL, expects="video")


def test_a_generation_that_is_forgotten_has_expired():
    with pytest.raises(ExpiredError) as caught:
        locate({"detail": "Generation not found"}, 404)

    assert caught.value.task is TASK


@pytest.mark.parametrize("body", [PROCESSING, failed("content_moderated", FLAGGED)])
def test_a_file_that_is_not_there(body):
    with pytest.raises(DownloadError) as caught:
        locate(body)

    assert not isinstance(caught.value, ExpiredError)
    assert caught.value.task is TASK


@pytest.mark.parametrize("http", [401, 429, 502])
def test_a_vendor_that_does_not_answer_has_not_lost_the_file(http):
    with pytest.raises(ProviderError) as caught:
        locate({"detail": "no"}, http)

    assert caught.value.status == http
