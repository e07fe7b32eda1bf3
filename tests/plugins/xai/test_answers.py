"""Every answer of xAI's documents, and those that other projects recorded or test with, read exactly."""

import json
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Report, Request, Response, Task, TaskError
from anyvideo.testing import drive
from anyvideo_plugins.xai.videos import XAI

VENDOR = XAI()
ID = "d97415a1-5796-b7ec-379f-4e6819e08fdf"
TASK = Task("xai", "xai", VENDOR.base_url, ID, "grok-imagine-video-1.5")
URL = "https://vidgen.x.ai/xai-vidgen-bucket/xai-video-f532feb6-49a9-4f9a-9a37-6e64ef725e8f.mp4"
CENT = 100_000_000  # ticks


def answer(body, status=200, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **headers}, raw)


def submit(body, http=200, **headers):
    (offer,) = [offer for offer in VENDOR.offers() if offer.model == TASK.model]
    plan = negotiate(VideoJob("a fox"), offer)
    assert isinstance(plan, Plan)
    return drive(VENDOR.submit(plan), [answer(body, http, **headers)])


def status(body, http=200, **headers):
    return drive(VENDOR.status(TASK), [answer(body, http, **headers)])


def refusal(read, body, http, **headers):
    with pytest.raises(ProviderError) as caught:
        read(body, http, **headers)
    return caught.value


def done(**video):
    return {
        "status": "done",
        "video": {"url": URL, "duration": 6, "respect_moderation": True, **video},
        "model": "grok-imagine-video",
    }


# ---- a new job


@pytest.mark.parametrize(
    ("body", "http"),
    [
        ({"request_id": ID}, 200),  # docs.x.ai, step 1
        ({"request_id": ID}, 202),  # stozo04/Interactive-Video-Character takes both
        ({"request_id": ID, "status": "pending"}, 200),
    ],
)
def test_a_new_job(body, http):
    assert submit(body, http) == Report(ID, "queued")


@pytest.mark.parametrize(
    "body", [{}, {"request_id": ""}, {"request_id": None}, {"id": ID}, [], b""]
)
def test_an_answer_without_an_id_proves_nothing(body):
    error = refusal(submit, body, 200)

    assert (error.kind, error.retryable) == ("malformed", False)


def test_an_edit_is_a_new_job():
    old = evolve(TASK, model="grok-imagine-video", video_url=URL)

    assert drive(VENDOR.remix(old, "a hat"), [answer({"request_id": ID})]) == Report(ID, "queued")


# ---- a job that runs


@pytest.mark.parametrize(
    ("body", "http", "progress"),
    [
        ({"status": "pending", "progress": 42}, 202, 42),
        ({"status": "pending", "progress": 0}, 200, 0),
        ({"status": "pending", "progress": 18}, 200, 18),  # TanStack/ai
        ({"status": "pending"}, 200, None),  # vercel/ai
        ({"status": "pending", "model": "grok-imagine-video"}, 200, None),  # docs of dataeyes.ai
        ({"status": "generating"}, 200, None),  # TanStack/ai: an unknown word
        ({"status": "pending", "progress": 10, "video": {"url": URL}}, 202, 10),
        (b"", 202, None),  # vercel/ai: new Response(null, { status: 202 })
        (b" \n", 202, None),
        (b"<html>Accepted</html>", 202, None),  # vercel/ai reads what is no JSON as pending
        ({}, 202, None),
        ({"progress": 7}, 202, 7),
    ],
)
def test_a_job_that_runs(body, http, progress):
    assert status(body, http) == Report(ID, "running", progress)


# ---- a job that is done


@pytest.mark.parametrize(
    ("body", "cost"),
    [
        (done(), None),  # docs.x.ai: the sample of GET /v1/videos/{request_id}
        # CLIProxyAPI, TestBuildVideosRetrieveAPIResponseFromXAI
        ({**done(), "usage": {"cost_in_usd_ticks": 500_000_000}, "progress": 100}, "0.05"),
        ({**done(), "usage": {"cost_in_usd_ticks": 4_000_000_000}}, "0.4"),  # vercel/ai
        ({**done(), "usage": {"cost_in_usd_ticks": 2_500_000_000}}, "0.25"),  # TanStack/ai
        ({**done(), "usage": {"cost_in_usd_ticks": "5000000000"}}, "0.5"),
        ({**done(), "usage": {"cost_in_usd_ticks": 5e9}}, "0.5"),
        ({**done(), "usage": {"cost_in_usd_ticks": 0}}, "0"),
        ({**done(), "usage": {"cost_in_usd_ticks": 1}}, "1E-10"),
        ({**done(), "usage": {"cost_in_usd_ticks": "cheap"}}, None),
        ({**done(), "usage": {"cost_in_usd_ticks": True}}, None),
        ({**done(), "usage": {"cost_in_usd_ticks": -5}}, None),
        ({**done(), "usage": None, "error": None}, None),
        ({**done(), "request_id": ID, "progress": 100}, None),  # BerriAI/litellm
        ({"status": "done", "video": {"url": URL}}, None),  # vercel/ai: no duration, no flag
        # vercel/ai, and a comment in a python client: no word, but a video
        ({"video": {"url": URL, "duration": 8, "respect_moderation": True}, "model": "x"}, None),
    ],
)
def test_a_job_that_is_done(body, cost):
    report = status(body)

    assert report == Report(
        ID, "succeeded", video_url=URL, cost=None if cost is None else Decimal(cost)
    )


def test_a_url_is_kept_as_it_is():
    signed = "https://vidgen.x.ai/assets/video.mp4?sig=temporary&x=%2F"

    assert status(done(url=signed)).video_url == signed


def test_where_an_option_stored_the_file_its_public_url_will_do():
    public = "https://files.x.ai/public/fox.mp4"
    stored = {"file_id": "file_1", "filename": "fox.mp4", "public_url": public}

    assert status(done(url=None, file_output=stored)).video_url == public
    assert status(done(file_output=stored)).video_url == URL


@pytest.mark.parametrize("video", [{}, {"url": ""}, {"url": None}, {"url": "gone"}, None])
def test_a_video_without_a_url_may_have_one_later(video):
    error = refusal(status, {"status": "done", "video": video}, 200)

    assert (error.kind, error.retryable) == ("malformed", True)


# ---- a job that failed, however that is said

PROMPT = "Prompt cannot be empty. Please provide a prompt."
REJECTED = "Generated video rejected by content moderation."


@pytest.mark.parametrize(
    ("error", "kind", "code", "message"),
    [
        # docs.x.ai, "Error handling": the sample, and the five codes
        (
            {"code": "invalid_argument", "message": PROMPT},
            *("invalid_request", "invalid_argument", PROMPT),
        ),
        (
            {"code": "permission_denied", "message": "no"},
            *("permission", "permission_denied", "no"),
        ),
        (
            {"code": "failed_precondition", "message": "no"},
            *("invalid_request", "failed_precondition", "no"),
        ),
        (
            {"code": "service_unavailable", "message": "busy"},
            *("server", "service_unavailable", "busy"),
        ),
        ({"code": "internal_error", "message": "sorry"}, *("server", "internal_error", "sorry")),
        # "content blocked by moderation" is one of the meanings of invalid_argument
        (
            {"code": "invalid_argument", "message": REJECTED},
            *("content_policy", "invalid_argument", REJECTED),
        ),
        # a gateway's comment on what it saw
        (
            {"code": "internal_error", "message": REJECTED},
            *("content_policy", "internal_error", REJECTED),
        ),
        # vercel/ai: no code
        (
            {"message": "Content policy violation"},
            *("content_policy", None, "Content policy violation"),
        ),
        ("moderation", *("content_policy", None, "moderation")),  # TanStack/ai: text
        ({"code": "weird", "message": "m"}, *("server", "weird", "m")),
    ],
)
def test_a_job_that_failed(error, kind, code, message):
    assert status({"status": "failed", "error": error}) == Report(
        ID, "failed", error=TaskError(kind, code, message)
    )


@pytest.mark.parametrize(
    ("more", "error"),
    [
        # the shape of an error of a call, in a job
        (
            {"code": "internal_error", "error": "lost"},
            TaskError("server", "internal_error", "lost"),
        ),
        (
            {"code": "imagine:content-moderated", "error": "no"},
            TaskError("content_policy", "imagine:content-moderated", "no"),
        ),
    ],
)
def test_a_reason_with_its_code_beside_it(more, error):
    assert status({"status": "failed", **more}) == Report(ID, "failed", error=error)


@pytest.mark.parametrize("more", [{}, {"error": None}, {"progress": 0, "video": None}])
def test_a_job_that_failed_without_a_reason(more):
    assert evolve(status({"status": "failed", **more}), progress=None) == Report(ID, "failed")


def test_a_failure_may_have_a_bill():
    body = {"status": "failed", "error": {"code": "internal_error", "message": "x"}}

    assert status({**body, "usage": {"cost_in_usd_ticks": 40 * CENT}}).cost == Decimal("0.4")


def test_an_expired_job():
    # vercel/ai and the SDK's DeferredStatus
    assert status({"status": "expired", "video": None, "model": "x"}) == Report(ID, "expired")


BLOCKED = TaskError("content_policy", None, "moderation kept the video back")


@pytest.mark.parametrize(
    "body",
    [
        done(url="", respect_moderation=False),  # docs.x.ai, vercel/ai
        done(url=None, respect_moderation=False),
        done(url="", respect_moderation="false"),
        done(respect_moderation=False),  # whatever is there must not be shown
        {"video": {"url": "", "respect_moderation": False}},
    ],
)
def test_what_moderation_keeps_back_is_called_done(body):
    assert status(body) == Report(ID, "failed", error=BLOCKED)


def test_what_moderation_keeps_back_has_its_bill_and_its_reason():
    body = {
        **done(url="", respect_moderation=False),
        "usage": {"cost_in_usd_ticks": 80 * CENT},
        "error": {"code": "internal_error", "message": "hands"},
    }

    assert status(body) == Report(
        ID,
        "failed",
        error=TaskError("content_policy", "internal_error", "hands"),
        cost=Decimal("0.8"),
    )


def test_a_reason_in_place_of_the_video():
    body = {"status": "done", "error": {"code": "internal_error", "message": "lost"}}

    assert status(body) == Report(ID, "failed", error=TaskError("server", "internal_error", "lost"))


@pytest.mark.parametrize(
    ("body", "http", "code"),
    [
        # tests of two gateways
        (
            {"code": "imagine:content-moderated", "error": REJECTED},
            400,
            "imagine:content-moderated",
        ),
        # QuantumNous/new-api forks, omarchy-imagine, an example of the OpenAI client's
        (
            {"code": "Client specified an invalid argument", "error": REJECTED},
            *(400, "Client specified an invalid argument"),
        ),
        (
            {"code": "Client specified an invalid argument", "error": REJECTED, "id": "t"},
            *(200, "Client specified an invalid argument"),
        ),
        ({"code": "invalid-argument", "error": REJECTED}, 400, "invalid-argument"),
        # a gateway's test: the third shape of errors
        ({"error": {"type": "invalid_request_error", "message": REJECTED}}, 400, None),
        ({"error": REJECTED}, 400, None),
    ],
)
def test_moderation_ends_a_job_with_an_error_of_the_call(body, http, code):
    assert status(body, http) == Report(
        ID, "failed", error=TaskError("content_policy", code, REJECTED)
    )


def test_a_verdict_may_have_a_bill():
    # Wei-Shaw/sub2api, grokImageModerationBody
    body = {"code": "imagine:content-moderated", "error": REJECTED}
    ticks = {"usage": {"cost_in_usd_ticks": 900_000_000}}

    assert status({**body, **ticks}, 400).cost == Decimal("0.09")


@pytest.mark.parametrize("http", [401, 404, 408, 429, 500, 502, 503])
def test_any_other_status_is_no_verdict(http):
    refusal(status, {"code": "imagine:content-moderated", "error": REJECTED}, http)


# ---- errors of a call, in three shapes

TEAM = "fae4735c-ce67-4a51-933c-1fecf062fe21"
SPENT = (
    f"Your team {TEAM} has either used all available credits or reached its monthly spending limit. To "
    "continue making API requests, please purchase more credits or raise your spending limit."
)
NEW = "Your newly created team doesn't have any credits or licenses yet. You can purchase those on "
DENIED = "The caller does not have permission to execute the specified operation"
BUSY = f"Too many requests for team {TEAM} and model grok-imagine-video-1.5."
WRONG_KEY = (
    "Incorrect API key provided: xa***gA. You can obtain an API key from https://console.x.ai."
)
UNKNOWN = f"The model grok-imagine-video-2.0 does not exist or your team {TEAM} does not have access to it."
ERRORS = [
    # vercel/ai, xai-error.test.ts
    (400, {"error": {"message": "Invalid value: x", "type": "invalid_request_error", "code": "invalid_value"}}, "invalid_request", "invalid_value"),
    (400, {"code": "Client specified an invalid argument", "error": "Invalid request content"}, "invalid_request", "Client specified an invalid argument"),
    (400, {"error": "speed must be between 0.7 and 1.5"}, "invalid_request", None),
    # TanStack/ai, video-adapter.test.ts, and a probe of 2026-09
    (400, {"code": "invalid-argument", "error": "Duration must be between 1 and 15 seconds"}, "invalid_request", "invalid-argument"),
    (400, {"code": "invalid-argument", "error": "Duration 15s exceeds the maximum allowed for reference-to-video, which is 10s."}, "invalid_request", "invalid-argument"),
    (400, {"code": "invalid_argument", "error": "`last_frame` is not supported for this model."}, "invalid_request", "invalid_argument"),
    (400, {"code": "invalid-argument", "error": "Video editing is not supported for this model."}, "invalid_request", "invalid-argument"),
    (422, b"Failed to deserialize the JSON body into the target type: aspect_ratio: unknown variant `auto`", "invalid_request", None),
    # a wrong key is a bad request
    (400, {"code": "Client specified an invalid argument", "error": WRONG_KEY}, "auth", "Client specified an invalid argument"),
    (400, {"code": "invalid-argument", "error": WRONG_KEY}, "auth", "invalid-argument"),
    (401, {"code": "unauthenticated:no-credentials", "error": "No credentials provided"}, "auth", "unauthenticated:no-credentials"),
    # an empty account is a lack of permission, or of resources; recorded by many
    (403, {"code": DENIED, "error": SPENT}, "insufficient_funds", DENIED),
    (403, {"code": DENIED, "error": NEW}, "insufficient_funds", DENIED),
    (403, {"code": "permission-denied", "error": SPENT}, "insufficient_funds", "permission-denied"),
    (429, {"code": "Some resource has been exhausted", "error": SPENT}, "insufficient_funds", "Some resource has been exhausted"),
    (429, {"code": "resource-exhausted", "error": "Free usage quota exceeded. Purchase credits"}, "insufficient_funds", "resource-exhausted"),
    (429, {"code": "resource-exhausted", "error": "Your team has reached its monthly spending limit."}, "insufficient_funds", "resource-exhausted"),
    (403, {"code": "personal-team-blocked:spending-limit", "error": "You have run out of credits or need a Grok subscription."}, "insufficient_funds", "personal-team-blocked:spending-limit"),
    (429, {"code": "resource-exhausted", "error": BUSY}, "rate_limited", "resource-exhausted"),
    (403, {"code": DENIED, "error": "Your team is blocked."}, "permission", DENIED),
    (404, {"code": "not-found", "error": UNKNOWN}, "model_unavailable", "not-found"),
    (404, {"code": "not-found", "error": "Failed to read static file."}, "not_found", "not-found"),
    (500, {"error": "server exploded"}, "server", None),
    (503, {"error": "overloaded"}, "server", None),
    (502, b"<html><title>502 Bad Gateway</title></html>", "server", None),
]  # fmt: skip


@pytest.mark.parametrize("read", [submit, status])
@pytest.mark.parametrize(("http", "body", "kind", "code"), ERRORS)
def test_errors_of_a_call(read, http, body, kind, code):
    error = refusal(read, body, http)

    assert (error.kind, error.code, error.status) == (kind, code, http)


@pytest.mark.parametrize(("http", "body", "kind", "code"), ERRORS)
def test_a_submit_is_repeated_only_where_no_job_exists(http, body, kind, code):
    assert refusal(submit, body, http).retryable is (kind == "rate_limited")


def test_a_refusal_of_the_content_is_an_error_of_the_submit():
    safety = "Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO"
    error = refusal(submit, {"code": "permission-denied", "error": safety}, 403)

    assert (error.kind, error.retryable) == ("content_policy", False)
    assert error.message == safety


def test_the_vendor_may_say_how_long_to_wait():
    error = refusal(
        submit, {"code": "resource-exhausted", "error": BUSY}, 429, **{"retry-after": "60"}
    )

    assert error.retry_after == 60


@pytest.mark.parametrize(
    ("body", "http"), [({}, 200), ([], 200), (b"", 200), (b"{", 200), ({}, 302)]
)
def test_an_answer_that_says_nothing_of_the_job(body, http):
    assert refusal(status, body, http).kind == "malformed"


# ---- the file


def locate(body, http=200):
    return drive(VENDOR.locate(TASK), [answer(body, http)])


def test_the_file_is_where_the_vendor_says_when_asked():
    assert locate(done()) == Request("GET", URL, expects="video")


@pytest.mark.parametrize(
    ("body", "http"),
    [
        ({"status": "expired"}, 200),
        ({"code": "not-found", "error": "Failed to read static file."}, 404),
    ],
)
def test_a_file_that_is_gone(body, http):
    with pytest.raises(ExpiredError) as caught:
        locate(body, http)

    assert caught.value.task is TASK


@pytest.mark.parametrize(
    ("body", "http"),
    [({"status": "pending", "progress": 3}, 202), (done(url="", respect_moderation=False), 200)],
)
def test_a_file_that_is_not_there(body, http):
    with pytest.raises(DownloadError) as caught:
        locate(body, http)

    assert not isinstance(caught.value, ExpiredError)
    assert caught.value.task is TASK


def test_a_vendor_that_is_down_has_not_lost_the_file():
    with pytest.raises(ProviderError) as caught:
        locate({"error": "overloaded"}, 503)

    assert (caught.value.kind, caught.value.retryable) == ("server", True)
