"""From any answer of a vendor to a ProviderError: its kind, its words, and what is safe to repeat."""

import json
import time

import pytest

from anyvideo.dialects.diagnosis import _KINDS, _MAY_SAY, _TEXTS, diagnose, diagnose_failure
from anyvideo.errors import ERROR_KINDS, ErrorKind
from anyvideo.model.wire import Response
from anyvideo.tasks.report import TaskError


def answer(status, body="", **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    return Response(status, headers, text.encode())


def kind_of(status, body="", *, relayed=False):
    return diagnose(answer(status, body), relayed=relayed).kind


def relay(value):
    """Put an answer where new-api puts the answer of the vendor behind it."""
    return {"code": "fail_to_fetch_task", "message": json.dumps(value), "data": None}


STATUSES = {
    **dict.fromkeys((400, 405, 409, 413, 415, 418, 422, 451), "invalid_request"),
    **dict.fromkeys((500, 501, 502, 503, 520, 521, 523, 530), "server"),
    **dict.fromkeys((408, 499, 504, 522, 524), "timeout"),
    **dict.fromkeys((404, 410), "not_found"),
    **dict.fromkeys((425, 429), "rate_limited"),
    **dict.fromkeys((0, 100, 200, 204, 301, 304, 600, 999), "malformed"),
    401: "auth",
    402: "insufficient_funds",
    403: "permission",
}


@pytest.mark.parametrize(("status", "kind"), STATUSES.items())
def test_a_status_alone(status, kind):
    assert kind_of(status) == kind


@pytest.mark.parametrize(("word", "kind"), _KINDS.items())
@pytest.mark.parametrize("place", ["code", "type", "status"])
def test_a_word_says_more_than_a_vague_status(word, kind, place):
    assert kind_of(400, {"error": {place: word.upper(), "message": "x"}}) == kind
    assert kind_of(200, {"error": {place: word, "message": "x"}}) == kind


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 429, 504])
@pytest.mark.parametrize("word", ["server_error", "invalid_request", "500", "400"])
def test_a_clear_status_says_more_than_a_vague_word(word, status):
    assert (
        kind_of(status, {"error": {"code": word, "type": word, "message": "x"}}) == STATUSES[status]
    )


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (400, "Your request was blocked by our moderation system", "content_policy"),
        (400, "This content may violate our guardrails", "content_policy"),
        (400, "Input image may violate the usage policies", "content_policy"),
        (500, "content moderation failed: sensitive content detected", "content_policy"),
        (403, "提示词包含敏感词", "content_policy"),
        (400, "model names are case-sensitive", "invalid_request"),
        (400, "model names are case insensitive", "invalid_request"),
        (400, "Unknown parameter: 'safety_identifier'", "invalid_request"),
        (401, "moderation is not yours to see", "auth"),
        (403, "user [7] quota [0] preConsumedQuota [5] is not enough", "insufficient_funds"),
        (400, "Insufficient account balance", "insufficient_funds"),
        (401, "该令牌额度已用尽", "insufficient_funds"),
        (429, "You exceeded your current quota", "insufficient_funds"),
        (429, "Rate limit or insufficient balance", "rate_limited"),
        (429, "Quota exceeded for requests per minute", "rate_limited"),
        (429, "Resource has been exhausted (e.g. check quota).", "rate_limited"),
        (429, "当前分组上游负载已饱和,请稍后再试", "rate_limited"),
        (503, "No available channel for model sora-9", "model_unavailable"),
        (503, "当前分组 default 下对于模型 sora-9 无可用渠道", "model_unavailable"),
        (
            404,
            "models/veo-3.1-generate-preview is not found for API version v1",
            "model_unavailable",
        ),
        (400, "The model `sora-9` does not exist", "model_unavailable"),
        (400, "Unknown model", "model_unavailable"),
        (403, "model sora-2 is not available in your plan", "permission"),
        (503, "The model is currently overloaded", "server"),
        (503, "model sora-2 is temporarily not available", "server"),
        (400, "Model sora-2 only takes 4, 8, 12; 10 is not supported", "invalid_request"),
        (400, "1080p is not supported by model sora-2", "invalid_request"),
        (400, "The task 7 does not exist or has expired", "not_found"),
        (400, "任务不存在或已过期", "not_found"),
        (500, "context deadline exceeded", "server"),
        (500, "build_request_failed: invalid size", "invalid_request"),
        (500, "json: cannot unmarshal number into Go struct field .seconds", "server"),
        (504, "insufficient balance", "timeout"),
        (200, "Too many requests", "rate_limited"),
        (200, "Invalid API key", "auth"),
        (200, "the upstream timed out", "timeout"),
        (200, "Missing required parameter: prompt", "invalid_request"),
        (200, "something went wrong", "server"),
    ],
)
def test_a_message_says_more_where_it_may(status, message, kind):
    for body in (
        {"error": {"message": message}},
        {"code": "", "message": message},
        {"error": message},
    ):
        assert kind_of(status, body) == kind


def test_plain_text_with_200_is_no_answer_unless_it_says_what_it_is():
    assert kind_of(200, "hello") == "malformed"
    assert kind_of(200, "error: insufficient balance") == "insufficient_funds"


def test_a_code_that_no_table_knows_is_read_as_text():
    assert (
        kind_of(400, {"error": {"code": "InputImageSensitiveContentDetected"}}) == "content_policy"
    )
    assert kind_of(403, {"error": {"code": "account_balance_not_enough"}}) == "insufficient_funds"


def test_a_status_may_be_written_as_words():
    assert kind_of(200, {"status": "Task not found"}) == "not_found"


def test_money_moderation_and_models_outrank_what_stands_beside_them():
    body = {"error": {"code": "rate_limit_exceeded", "type": "insufficient_quota"}}
    nested = relay({"error": {"code": "server_error", "type": "moderation_blocked"}})

    assert kind_of(429, body) == "insufficient_funds"
    assert kind_of(500, nested) == "content_policy"


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (401, relay({"error": {"code": "invalid_api_key", "message": "Incorrect API key"}})),
        (403, relay({"error": {"message": "not allowed"}})),
        (402, relay({"error": {"message": "pay"}})),
        (429, relay({"error": {"code": "insufficient_quota", "message": "x"}})),
        (401, {"error": {"code": "channel:invalid_key", "message": "x"}}),
    ],
)
def test_the_gateways_own_key_and_account_are_not_the_callers(status, body):
    assert kind_of(status, body) == "server"
    assert not diagnose(answer(status, body), paid=True).retryable


def test_what_the_vendor_behind_says_of_the_job_is_the_callers():
    blocked = {"error": {"code": "moderation_blocked", "message": "x"}}

    assert kind_of(401, blocked, relayed=True) == "content_policy"
    assert kind_of(401, {"error": "no"}, relayed=True) == "server"
    assert kind_of(429, relay({"error": {"message": "slow down"}})) == "rate_limited"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"code": "Moderation_Blocked"}}, "Moderation_Blocked"),
        ({"error": {"code": 605}}, "605"),
        ({"error": {"code": "", "type": "billing_error"}}, None),
        ({"error": {"code": None}}, None),
        (relay({"error": {"code": "insufficient_image"}}), "fail_to_fetch_task"),
        (relay({"error": {"code": "invalid_value"}}), "invalid_value"),
        (relay({"error": {"code": 404, "message": "no such model"}}), "fail_to_fetch_task"),
        ({"error": {"code": "odd", "message": "sensitive"}}, "odd"),
    ],
)
def test_the_code_is_the_one_that_decides_or_the_outermost(body, code):
    assert diagnose(answer(400, body)).code == code


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (502, "<title>502 Bad Gateway</title>", "502 Bad Gateway"),
        (429, "", "answered with HTTP 429 and no reason"),
        (403, "error code: 1010", "blocked before it reached the vendor; set user_agent"),
        (403, "<title>Attention Required! | Cloudflare</title>", "blocked before it reached"),
        (200, "<!doctype html><title>New API</title>", "answered with a web page, not with JSON"),
        (500, relay({"error": {"message": "the innermost"}}), "the innermost"),
    ],
)
def test_the_message_says_what_happened(status, body, message):
    assert diagnose(answer(status, body)).message.startswith(message)


def test_a_redirect_says_where_to():
    assert diagnose(answer(301, location="https://b.c/d")).message == "redirected to https://b.c/d"
    assert diagnose(answer(301)).message == "redirected to ?"


def test_an_error_carries_the_facts_of_the_answer():
    body = {"error": {"message": "no", "code": "x"}, "request_id": "req_1"}
    error = diagnose(answer(418, body, **{"retry-after": "3"}))

    assert (error.status, error.code, error.request_id, error.retry_after) == (418, "x", "req_1", 3)


CHANNEL = {"error": {"code": "get_channel_failed", "message": "later"}}
ASLEEP = {"error": {"code": "idempotency_unavailable", "message": "x"}}


@pytest.mark.parametrize(
    ("status", "body", "headers", "paid", "free"),
    [
        (429, "", {}, True, True),
        (429, {"error": {"code": "insufficient_quota"}}, {}, False, False),
        (200, {"code": 429, "message": "slow"}, {}, True, True),
        (500, {"error": {"code": "rate_limit_exceeded"}}, {}, False, True),
        (503, "", {}, False, True),
        (503, "", {"retry-after": "5"}, True, True),
        (503, {"error": {"code": "model_not_found"}}, {"retry-after": "5"}, False, False),
        (502, "", {"retry-after": "5"}, False, True),
        (400, CHANNEL, {}, True, True),
        (500, CHANNEL, {}, False, True),
        (400, relay(CHANNEL), {}, False, True),
        (503, ASLEEP, {}, True, True),
        (500, ASLEEP, {}, False, True),
        (409, {"error": {"code": "idempotency_in_progress"}}, {"retry-after": "1"}, False, True),
        (500, "", {}, False, True),
        (501, "", {}, False, False),
        (504, "", {}, False, True),
        (200, "", {}, False, True),
        (301, "", {}, False, False),
        (400, "", {}, False, False),
        (401, "", {}, False, False),
        (403, "", {}, False, False),
        (404, "", {}, False, False),
    ],
)
def test_only_what_provably_created_nothing_is_paid_again(status, body, headers, paid, free):
    response = answer(status, body, **headers)

    assert diagnose(response, paid=True).retryable is paid
    assert diagnose(response).retryable is free


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (None, None),
        ("", None),
        ({}, None),
        ({"code": "", "message": ""}, None),
        ("success", None),
        ("Content policy violation", TaskError("content_policy", None, "Content policy violation")),
        ({"code": "x", "message": ""}, TaskError(None, "x", "")),
        ({"code": "", "message": "boom"}, TaskError("server", None, "boom")),
        ({"code": 500, "message": "boom"}, TaskError("server", "500", "boom")),
        (
            {"type": "invalid_request_error", "message": "Inpaint image must match"},
            TaskError("invalid_request", None, "Inpaint image must match"),
        ),
        (
            relay({"error": {"code": 404, "message": "x is no longer available"}}),
            TaskError("model_unavailable", "fail_to_fetch_task", "x is no longer available"),
        ),
        (
            {"error": {"message": "no funds", "code": "insufficient_quota"}},
            TaskError("insufficient_funds", "insufficient_quota", "no funds"),
        ),
    ],
)
def test_why_a_job_failed(error, failure):
    assert diagnose_failure(error) == failure


def test_an_accepted_job_fails_for_the_gateways_money():
    assert diagnose_failure("insufficient balance", relayed=True) == TaskError(
        "server", None, "insufficient balance"
    )


def test_the_tables_know_every_kind_and_no_other():
    assert set(_KINDS.values()) | {"malformed"} == ERROR_KINDS
    assert set(_TEXTS) | set(_MAY_SAY) <= ERROR_KINDS | {None}
    assert all(kind in _TEXTS for kinds in _MAY_SAY.values() for kind in kinds)


@pytest.mark.parametrize("text", ["model " * 90, "model" + "." * 490, "quota " * 90, "任务" * 250])
def test_a_hostile_message_costs_little(text):
    body = {"errors": [{"message": text}] * 3, "error": {"errors": [{"message": text}] * 3}}
    started = time.process_time()

    for _ in range(10):
        diagnose(answer(500, body))
    assert time.process_time() - started < 1


BEHIND = {"message": "Your request was blocked", "code": "moderation_blocked"}
LITELLM = [
    (
        400,
        {"message": f"litellm.BadRequestError: OpenAIException - {json.dumps({'error': BEHIND})}"},
        "content_policy",
    ),
    (
        400,
        {"message": "litellm.ContentPolicyViolationError: OpenAIException - blocked"},
        "content_policy",
    ),
    (400, {"message": "/videos: Invalid model name passed in model=sora-9"}, "model_unavailable"),
    (400, {"message": "No connected db.", "type": "no_db_connection", "code": "400"}, "server"),
    (401, {"message": "Authentication Error, expected a key", "type": "auth_error"}, "auth"),
    (
        401,
        {"message": "litellm.AuthenticationError: OpenAIException - Incorrect API key"},
        "server",
    ),
    (429, {"message": "litellm.RateLimitError: OpenAIException - slow down"}, "rate_limited"),
    (
        429,
        {"message": "Budget has been exceeded!", "type": "budget_exceeded"},
        "insufficient_funds",
    ),
    (408, {"message": "litellm.Timeout: Connection timed out"}, "timeout"),
    (503, {"message": "litellm.ServiceUnavailableError: OpenAIException - overloaded"}, "server"),
]


@pytest.mark.parametrize(("status", "error", "kind"), LITELLM)
def test_what_litellm_passes_on_is_understood(status, error, kind):
    body = json.dumps({"error": {"param": None, "code": str(status), **error}}).encode()
    assert diagnose(Response(status, {}, body), paid=True).kind == kind


TAUGHT: dict[str, ErrorKind] = {
    "SAFETY": "content_policy",
    "1102": "insufficient_funds",
    "too busy": "rate_limited",
    "gone": "not_found",
}


@pytest.mark.parametrize(
    ("error", "kind", "code"),
    [
        (
            {"code": "SAFETY.INPUT.TEXT", "message": "rejected"},
            "content_policy",
            "SAFETY.INPUT.TEXT",
        ),
        ({"type": "safety", "code": "E7", "message": "rejected"}, "content_policy", "E7"),
        ({"code": 1102, "message": "rejected"}, "insufficient_funds", "1102"),
        ({"message": "We are TOO BUSY now"}, "rate_limited", None),
        ({"message": "it is gone"}, "invalid_request", None),
        ({"code": "SAFETYNET", "message": "rejected"}, "invalid_request", "SAFETYNET"),
    ],
)
def test_an_adapter_teaches_its_vendors_words(error, kind, code):
    body = {"error": error}
    caught = diagnose(answer(400, body), kinds=TAUGHT)
    failure = diagnose_failure(error, status=400, kinds=TAUGHT)

    assert failure is not None
    assert (caught.kind, caught.code) == (failure.kind, failure.code) == (kind, code)


def test_the_status_of_a_failure_says_what_its_words_do_not():
    assert diagnose_failure("no", status=402) == TaskError("insufficient_funds", None, "no")
    assert diagnose_failure("no") == TaskError("server", None, "no")


@pytest.mark.parametrize(
    "words",
    [
        "User is locked. Reason: Exhausted balance. Top up your balance.",
        "You do not have enough credits to run this task.",
        "You don't have enough credits.",
    ],
)
@pytest.mark.parametrize("status", [400, 403])
def test_an_account_without_money_in_the_words_of_the_vendors(status, words):
    assert kind_of(status, {"detail": words}) == "insufficient_funds"
