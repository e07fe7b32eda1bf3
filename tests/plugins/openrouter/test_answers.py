"""Every answer on OpenRouter's pages, and those that other projects' suites hold, read to the letter."""

import json

import pytest

from anyvideo.errors import ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Plan, Report, Task, TaskError
from anyvideo.testing import answer, drive
from anyvideo_plugins.openrouter.videos import OpenRouter

OPENROUTER = OpenRouter()
ELSEWHERE = "https://storage.example.com/video.mp4"
OWN = "https://openrouter.ai/api/v1/videos/{}/content?index=0"


def submit(response):
    (offer,) = [offer for offer in OPENROUTER.offers() if offer.model == "veo-3.1"]
    plan = negotiate(VideoJob("a fox"), offer)
    assert isinstance(plan, Plan)
    return drive(OPENROUTER.submit(plan), [response])


def poll(body, status=200, id="job-abc123"):  # noqa: A002 (the field's own name)
    response = body if hasattr(body, "status") else answer(body, status)
    task = Task("openrouter", "openrouter", OPENROUTER.base_url, id, "veo-3.1")
    return drive(OPENROUTER.status(task), [response])


def locate(response, url=None):
    task = Task(
        "openrouter", "openrouter", OPENROUTER.base_url, "abc123", "veo-3.1", "succeeded", url
    )
    return drive(OPENROUTER.locate(task), [response])


def catch(work, *args):
    with pytest.raises(ProviderError) as caught:
        work(*args)
    return caught.value


def refuse(status, message, **more):
    return answer({"error": {"code": status, "message": message, **more}}, status)


# ---- submit: the OpenAPI, the guide, the SDK of the vendor, and what other suites recorded

OPENAPI = {"id": "job-abc123", "polling_url": "/api/v1/videos/job-abc123"}


@pytest.mark.parametrize(
    ("status", "body", "id"),
    [
        (202, {**OPENAPI, "generation_id": "gen-xyz789", "status": "pending"}, "job-abc123"),
        (
            202,
            {
                "id": "abc123",
                "polling_url": "https://openrouter.ai/api/v1/videos/abc123",
                "status": "pending",
            },
            "abc123",
        ),
        # tinyinference's suite: an id that looks like a generation's, and HTTP 200
        (
            200,
            {
                "id": "gen-vid-1-abc",
                "polling_url": "/api/v1/videos/gen-vid-1-abc",
                "status": "pending",
            },
            "gen-vid-1-abc",
        ),
        # symfony/ai's suite: no polling_url
        (200, {"id": "job-123", "status": "pending"}, "job-123"),
        # a Zig SDK's suite: an unknown field
        (
            202,
            {
                "id": "job-abc123",
                "polling_url": "https://openrouter.ai/api/v1/videos/job-abc123",
                "status": "pending",
                "unknown": True,
            },
            "job-abc123",
        ),
        # a suite whose transport drops the state: an id alone is a job all the same
        (202, {"id": "vid-1"}, "vid-1"),
    ],
)
def test_every_submit_answer_is_read_exactly(status, body, id):  # noqa: A002 (the field's own name)
    assert submit(answer(body, status)) == Report(id, "queued")


def test_a_job_that_fails_at_once_has_failed():
    body = {**OPENAPI, "status": "failed", "error": "Job was cancelled"}

    assert submit(answer(body, 202)) == Report(
        "job-abc123", "failed", error=TaskError("server", None, "Job was cancelled")
    )


# ---- status


@pytest.mark.parametrize(
    ("body", "report"),
    [
        # the OpenAPI's example of a completed job: no is_byok, and the file is elsewhere
        (
            {
                **OPENAPI,
                "generation_id": "gen-xyz789",
                "status": "completed",
                "unsigned_urls": [ELSEWHERE],
                "usage": {"cost": 0.5},
            },
            Report("job-abc123", "succeeded", video_url=ELSEWHERE, cost="0.5"),
        ),
        # the guide's, and the webhook's `data`
        (
            {
                "id": "abc123",
                "generation_id": "gen-1234567890-abcdef",
                "polling_url": "https://openrouter.ai/api/v1/videos/abc123",
                "status": "completed",
                "unsigned_urls": [OWN.format("abc123")],
                "usage": {"cost": 0.25, "is_byok": False},
            },
            Report("job-abc123", "succeeded", video_url=OWN.format("abc123"), cost="0.25"),
        ),
        # Open-WebUI-OpenRouter-pipe: cost as text, and no URL
        (
            {"status": "completed", "usage": {"cost": "0.25"}},
            Report("job-abc123", "succeeded", cost="0.25"),
        ),
        # tinyinference: an empty list, an empty slot before a full one, a slot that is no URL
        (
            {"status": "completed", "unsigned_urls": [], "usage": {"cost": 0.42}},
            Report("job-abc123", "succeeded", cost="0.42"),
        ),
        (
            {"status": "completed", "unsigned_urls": ["", "https://cdn.test/1.mp4"]},
            Report("job-abc123", "succeeded", video_url="https://cdn.test/1.mp4"),
        ),
        ({"status": "completed", "unsigned_urls": ["u"]}, Report("job-abc123", "succeeded")),
        # the SDK's model: `cost` may be null
        (
            {**OPENAPI, "status": "completed", "usage": {"cost": None, "is_byok": True}},
            Report("job-abc123", "succeeded"),
        ),
        ({**OPENAPI, "status": "pending"}, Report("job-abc123", "queued")),
        ({**OPENAPI, "status": "in_progress"}, Report("job-abc123", "running")),
        # a plugin's suite polls a body that names no job
        ({"status": "in_progress"}, Report("job-abc123", "running")),
        ({**OPENAPI, "status": "uploading"}, Report("job-abc123", "running")),
        # tinyinference: a job that still runs has neither its file nor its bill
        (
            {"status": "pending", "unsigned_urls": [ELSEWHERE], "usage": {"cost": 0.42}},
            Report("job-abc123", "queued"),
        ),
    ],
)
def test_every_status_answer_is_read_exactly(body, report):
    assert poll(body) == report


@pytest.mark.parametrize(
    ("status", "error", "report"),
    [
        # the guide's webhooks say what the three ends look like
        ("failed", "Content policy violation", TaskError("content_policy", None, "Content policy violation")),
        ("cancelled", "Job was cancelled", TaskError("server", None, "Job was cancelled")),
        (
            "expired",
            "Job exceeded maximum time to live",
            TaskError("timeout", None, "Job exceeded maximum time to live"),
        ),
        # tinyinference; a causal video pipeline (2026-09-21, "not billed"); Google behind the gateway
        (
            "failed",
            "prompt rejected by safety filter",
            TaskError("content_policy", None, "prompt rejected by safety filter"),
        ),
        (
            "failed",
            "Frame interpolation requires both an input image and a last frame.",
            TaskError(
                "server", None, "Frame interpolation requires both an input image and a last frame."
            ),
        ),
        (
            "failed",
            "Input blocked: The prompt could not be processed",
            TaskError("content_policy", None, "Input blocked: The prompt could not be processed"),
        ),
        # Open-WebUI-OpenRouter-pipe: an object in place of the text
        ("cancelled", {"message": "provider stopped"}, TaskError("server", None, "provider stopped")),
        # an account or a key that fails once the job was accepted is not the caller's
        ("failed", "Insufficient credits", TaskError("server", None, "Insufficient credits")),
        ("failed", None, None),
    ],
)  # fmt: skip
def test_every_end_without_a_video_is_read_exactly(status, error, report):
    body = {**OPENAPI, "status": status, "error": error}

    assert poll(body) == Report("job-abc123", status, error=report)


def test_a_refusal_of_bytedance_inside_the_text_is_moderation():
    inner = {
        "error": {
            "code": "InputVideoSensitiveContentDetected.PrivacyInformation",
            "message": "may contain real person",
        }
    }
    report = poll({**OPENAPI, "status": "failed", "error": json.dumps(inner)})

    assert (report.status, report.error.kind) == ("failed", "content_policy")
    assert report.error.code == "InputVideoSensitiveContentDetected.PrivacyInformation"


def test_the_metadata_of_an_error_object_says_why():
    error = {"code": 400, "message": "No", "metadata": {"error_type": "content_policy_violation"}}
    report = poll({**OPENAPI, "status": "failed", "error": error})

    assert report.error == TaskError("content_policy", "400", "No")


def test_a_completed_job_with_an_error_and_no_file_has_failed():
    report = poll({**OPENAPI, "status": "completed", "error": "Provider returned error"})

    assert (report.status, report.error.message) == ("failed", "Provider returned error")


def test_a_completed_job_with_a_file_has_not():
    body = {**OPENAPI, "status": "completed", "unsigned_urls": [ELSEWHERE], "error": "late"}

    assert poll(body) == Report("job-abc123", "succeeded", video_url=ELSEWHERE)


# ---- errors: the OpenAPI's for each path, and what other projects recorded

ZOD = '[\n  {\n    "code": "invalid_value",\n    "path": ["resolution"],\n    "message": "Invalid option"\n  }\n]'
ERRORS = {
    "openapi 400": (refuse(400, "Invalid request parameters"), "invalid_request"),
    "openapi 401": (refuse(401, "Missing Authentication header"), "auth"),
    "openapi 402": (
        refuse(402, "Insufficient credits. Add more using https://openrouter.ai/credits"),
        "insufficient_funds",
    ),
    "openapi 403": (refuse(403, "Only management keys can perform this operation"), "permission"),
    "openapi 404": (refuse(404, "Resource not found"), "model_unavailable"),
    "openapi 429": (refuse(429, "Rate limit exceeded"), "rate_limited"),
    "openapi 500": (refuse(500, "Internal Server Error"), "server"),
    "openapi 502": (refuse(502, "Provider returned error"), "server"),
    "openapi 503": (refuse(503, "Service temporarily unavailable"), "server"),
    # recorded by a client's suite
    "wrong key": (answer({"error": {"message": "User not found.", "code": 401}}, 401), "auth"),
    "a key's own limit": (
        refuse(403, "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys"),
        "insufficient_funds",
    ),
    "unknown model": (
        answer(
            {
                "error": {"message": "nonexistent/not-a-model:free is not a valid model ID", "code": 400},
                "user_id": "user_REDACTED",
            },
            400,
        ),
        "model_unavailable",
    ),
    "zod": (answer({"success": False, "error": {"name": "ZodError", "message": ZOD}}, 400), "invalid_request"),
    # omniapi-mcp: a value outside of the model's list, without a code
    "value": (
        answer(
            {
                "error": {
                    "message": "Duration 99s is not supported for this model. Supported durations: 1, 2, 3",
                    "metadata": {"failed_routing_step": "Validate Video Parameters"},
                }
            },
            400,
        ),
        "invalid_request",
    ),
    "guardrail": (
        refuse(
            404,
            "0 endpoints out of 5 requested are available matching your guardrail restrictions and data policy",
            metadata={"failed_routing_step": "Filter by Guardrails"},
        ),
        "permission",
    ),
    "no routing": (
        refuse(503, "There is no available model provider that meets your routing requirements"),
        "model_unavailable",
    ),
    # the errors page: moderation is a 403 with its reasons
    "flagged": (
        refuse(
            403,
            'google/veo-3.1 requires moderation on Google. Your input was flagged for "violence"',
            metadata={"reasons": ["violence"], "flagged_input": "...", "provider_name": "Google"},
        ),
        "content_policy",
    ),
    "flagged, in few words": (
        refuse(403, "Your input was flagged", metadata={"reasons": ["violence"]}),
        "content_policy",
    ),
    "policy": (
        refuse(400, "Provider returned error", metadata={"error_type": "content_policy_violation"}),
        "content_policy",
    ),
    "refusal": (
        refuse(502, "Provider returned error", metadata={"error_type": "refusal"}),
        "content_policy",
    ),
    "in flight": (
        refuse(402, "Budget in use", metadata={"limit_source": "openrouter_in_flight_budget"}),
        "rate_limited",
    ),
    "credits": (
        refuse(402, "Budget is spent", metadata={"limit_source": "openrouter_credits"}),
        "insufficient_funds",
    ),
}  # fmt: skip


# What the vendor behind the gateway said stands in `raw`: text, JSON, or JSON as text.
SEED = {
    "code": "InputTextSensitiveContentDetected",
    "message": "The input may contain sensitive text.",
}
RAW = [
    (400, json.dumps({"error": SEED}), "content_policy", SEED["message"]),
    (502, {"error": SEED}, "content_policy", SEED["message"]),
    (400, "Image too small", "invalid_request", "Image too small"),
    (502, "upstream connect error", "server", "upstream connect error"),
    (502, {"error": {"code": 401, "message": "Bad key"}}, "server", "Bad key"),
    (429, "busy", "rate_limited", "busy"),
]


@pytest.mark.parametrize(("status", "raw", "kind", "text"), RAW)
def test_what_the_vendor_behind_the_gateway_said_is_told(status, raw, kind, text):
    metadata = {"raw": raw, "provider_name": "Seed"}
    error = catch(submit, refuse(status, "Provider returned error", metadata=metadata))

    assert (error.kind, error.message) == (kind, f"Provider returned error: {text}")
    assert error.retryable == (status == 429)


@pytest.mark.parametrize("raw", [None, "", [], {}, 7])
def test_a_raw_answer_that_says_nothing_adds_nothing(raw):
    error = catch(submit, refuse(400, "Provider returned error", metadata={"raw": raw}))

    assert (error.kind, error.message) == ("invalid_request", "Provider returned error")


@pytest.mark.parametrize("body", [{"error": {"message": "Not found"}}, {}, "<html>404</html>"])
def test_a_submit_that_is_not_found_names_an_unknown_model(body):
    assert catch(submit, answer(body, 404)).kind == "model_unavailable"


@pytest.mark.parametrize(("response", "kind"), ERRORS.values(), ids=ERRORS.keys())
def test_every_refusal_of_a_submit_is_understood(response, kind):
    error = catch(submit, response)

    assert (error.kind, error.status) == (kind, response.status)
    # Only a 429 proves that the same job may be sent again.
    assert error.retryable == (response.status == 429)
    assert "user_" not in error.message


@pytest.mark.parametrize(
    ("response", "kind", "retryable"),
    [
        (refuse(401, "Missing Authentication header"), "auth", False),
        (refuse(404, "Resource not found"), "not_found", False),
        # omniapi-mcp
        (answer({"error": {"message": "Video job gone not found"}}, 404), "not_found", False),
        (refuse(500, "Internal Server Error"), "server", True),
        # tinyinference: polled through
        (answer({"error": {"message": "busy"}}, 502), "server", True),
        (answer({"error": {"code": 429, "message": "slow"}}), "rate_limited", True),
        (answer({"id": "job-abc123"}), "malformed", True),
        (answer({"id": "job-abc123", "status": None}), "malformed", True),
        (answer(b"<html>Dashboard</html>"), "malformed", True),
    ],
)
def test_a_failed_status_call_is_no_failed_job(response, kind, retryable):
    error = catch(poll, response)

    assert (error.kind, error.retryable) == (kind, retryable)


def test_the_upstream_pools_429_is_recorded_with_its_wait():
    """Recorded on 2026-10-02 from two free models."""
    metadata = {
        "raw": "liquid/lfm-2.5-2.6b:free is temporarily rate-limited upstream.",
        "provider_name": "Liquid",
        "is_byok": False,
        "provider_error_code": "rate_limit_exceeded",
        "limit_source": "upstream_provider_shared_pool",
        "retry_after_seconds": 1,
        "headers": {"Retry-After": "1"},
    }
    body = {"error": {"message": "Provider returned error", "code": 429, "metadata": metadata}}
    error = catch(submit, answer(body, 429, {"retry-after": "1"}))

    assert (error.kind, error.retryable, error.retry_after) == ("rate_limited", True, 1)


# ---- the file


def test_a_file_that_is_gone_has_expired():
    for status in (404, 410):
        with pytest.raises(ExpiredError):
            locate(refuse(status, "Resource not found"))


@pytest.mark.parametrize(
    ("response", "kind", "retryable"),
    [
        (refuse(401, "Missing Authentication header"), "auth", False),
        (refuse(400, "Invalid request parameters"), "invalid_request", True),
        (refuse(502, "Provider returned error"), "server", True),
        (refuse(500, "Internal Server Error"), "server", True),
    ],
)
def test_a_file_that_is_not_given(response, kind, retryable):
    error = catch(locate, response)

    assert (error.kind, error.retryable) == (kind, retryable)
