"""Every answer of MiniMax's documents, and those that other projects test with, read exactly."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Report, Request, Response, Task, TaskError
from anyvideo.testing import drive
from anyvideo_plugins.minimax.videos import MiniMax

MINIMAX = MiniMax()
ID = "424010985738629"
H3 = Task("minimax", "minimax", MINIMAX.base_url, ID, "minimax-h3")
OLD_ID = "176843862716480"
HAILUO = evolve(H3, id=OLD_ID, model="hailuo-02")
TASKS = {"minimax-h3": H3, "hailuo-02": HAILUO}
URL = "https://video-product.cdn.minimax.io/inference_output/rollout/2026-07-27/6c68f487/output.mp4"
OK = {"status_code": 0, "status_msg": "success"}
TRACE = "021785229015510a2c883cf675b9804d"


def answer(body, status=200):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json"}, raw)


def submit(model, response):
    (offer,) = [offer for offer in MINIMAX.offers() if offer.model == model]
    plan = negotiate(VideoJob("a fox"), offer)
    assert isinstance(plan, Plan)
    return drive(MINIMAX.submit(plan), [response])


def status(body, http=200, task=H3):
    return drive(MINIMAX.status(task), [answer(body, http)])


def ask(body, http=200):
    return status(body, http, HAILUO)


def refusal(model, operation, body, http):
    response = answer(body, http)
    with pytest.raises(ProviderError) as caught:
        _ = (
            submit(model, response)
            if operation == "submit"
            else drive(MINIMAX.status(TASKS[model]), [response])
        )
    return caught.value


# ---- a new task: the pages on both POSTs, and the tests of vercel/ai


@pytest.mark.parametrize(
    ("model", "body"),
    [
        ("minimax-h3", {"task_id": ID}),
        ("minimax-h3", {"task_id": int(ID)}),
        ("hailuo-02", {"task_id": ID, "base_resp": OK}),
        ("hailuo-02", {"task_id": ID}),
    ],
)
def test_a_new_task(model, body):
    assert submit(model, answer(body)) == Report(ID, "queued")


@pytest.mark.parametrize("model", TASKS)
@pytest.mark.parametrize(
    "body", [{}, {"task_id": ""}, {"task_id": "", "base_resp": OK}, [], b"", b"<html></html>"]
)
def test_an_answer_without_an_id_proves_nothing(model, body):
    error = refusal(model, "submit", body, 200)

    assert (error.kind, error.retryable) == ("malformed", False)


# ---- a task of H3: the page on GET /v2/query/video_generation/{task_id}

SUCCEEDED = {
    "id": ID,
    "model": "MiniMax-H3",
    "status": "succeeded",
    "created_at": 1785125529,
    "updated_at": 1785125946,
    "content": {"url": URL},
    "resolution": "2K",
    "duration": 5,
    "usage": {"total_seconds": 5, "input_seconds": 0, "output_seconds": 5, "input_image_count": 0},
    "ratio": "16:9",
    "task_type": "generation",
    "modality": "video",
}
FAILED = {
    **{name: SUCCEEDED[name] for name in ("id", "model", "created_at", "ratio", "task_type")},
    "status": "failed",
    "error": {"code": "1026", "message": "video description contains sensitive content"},
    "updated_at": 1785125700,
    "usage": {"total_seconds": 0, "input_seconds": 0, "output_seconds": 0},
}
REGENERATED = {**SUCCEEDED, "ratio": "", "task_type": "regeneration"}


@pytest.mark.parametrize(
    "task",
    [
        SUCCEEDED,
        REGENERATED,
        {**SUCCEEDED, "error": None},
        {**SUCCEEDED, "error": {"code": "", "message": ""}},
        {**SUCCEEDED, "error": {"code": "1000", "message": "leftover"}},  # there is a video
        {**SUCCEEDED, "usage": {"total_tokens": 273890, "prompt_tokens": 13500}},
    ],
)
def test_a_succeeded_task_has_its_url_and_no_price(task):
    report = status({"task": task})

    assert report == Report(ID, "succeeded", None, URL)
    assert report.created_at == datetime.fromtimestamp(1785125529, UTC)
    assert report.cost is None


def test_a_succeeded_task_may_say_little():
    # vercel/ai, packages/minimax, and the tests of a gateway
    url = "https://cdn.minimax.io/output/video-001.mp4"
    told = {"id": "task-123", "status": "succeeded", "content": {"url": url}}

    assert status({"task": told}) == Report(ID, "succeeded", None, url)


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("queued", "queued"),
        ("running", "running"),
        ("failed", "failed"),
        ("cancelled", "cancelled"),
        ("expired", "expired"),
        ("something-new", "running"),  # vercel/ai
        ("future_state", "running"),  # a client in Rust
    ],
)
def test_the_states_of_h3(word, state):
    assert status({"task": {"id": ID, "status": word}}) == Report(ID, state)


def test_a_task_that_runs_has_no_error_yet():
    told = {"id": ID, "status": "running", "error": {"code": "1000", "message": "x"}}
    assert status({"task": told}).error is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (FAILED["error"], ("content_policy", "1026")),
        # vercel/ai: a number
        ({"code": 1027, "message": "Content policy violation"}, ("content_policy", "1027")),
        ({"code": "1027", "message": "withheld"}, ("content_policy", "1027")),
        ({"code": "1000", "message": "internal error"}, ("server", "1000")),
        ({"code": "1008", "message": "balance"}, ("insufficient_funds", "1008")),
        ({"code": "2013", "message": "duration"}, ("invalid_request", "2013")),
        ({"code": "1001", "message": "x"}, ("timeout", "1001")),
        ({"code": "InvalidParameter", "message": "why"}, ("server", "InvalidParameter")),
        ({"code": "9999", "message": "why"}, ("server", "9999")),
    ],
)
def test_why_tasks_of_h3_fail(error, expected):
    found = status({"task": {**FAILED, "error": error}}).error

    assert (found.kind, found.code) == expected
    assert found.message == error["message"]


@pytest.mark.parametrize("content", [None, {}, {"url": ""}, {"url": "soon"}, [], {"prompt": "x"}])
def test_a_task_without_its_url_is_asked_for_again(content):
    error = refusal("minimax-h3", "status", {"task": {**SUCCEEDED, "content": content}}, 200)

    assert (error.kind, error.retryable) == ("malformed", True)
    assert "where its video is" in error.message


def test_an_error_in_place_of_the_video_is_a_failure():
    told = {**SUCCEEDED, "content": {}, "error": FAILED["error"]}
    report = status({"task": told})

    assert (report.status, report.error.kind) == ("failed", "content_policy")


# ---- a task of Hailuo: the page on GET /v1/query/video_generation, MiniMax-AI/MiniMax-MCP and /cli


def hailuo(word, code=0, message="success", **more):
    base = {"status_code": code, "status_msg": message}
    return {"task_id": OLD_ID, "status": word, **more, "base_resp": base}


@pytest.mark.parametrize("file_id", ["176844028768320", 176844028768320], ids=["text", "number"])
def test_a_video_of_hailuo_is_a_file(file_id):
    body = hailuo("Success", file_id=file_id, video_width=1920, video_height=1080)

    report = ask(body)
    assert report == Report(OLD_ID, "succeeded", extra={"file_id": "176844028768320"})
    assert report.video_url is None


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Preparing", "queued"),
        ("Queueing", "queued"),
        ("Processing", "running"),
        ("processing", "running"),
        ("Fail", "failed"),
        ("Failed", "failed"),
        ("Exploded", "running"),
    ],
)
def test_the_states_of_hailuo(word, state):
    assert ask(hailuo(word, file_id="")) == Report(OLD_ID, state)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (hailuo("Fail", 1027, "output new_sensitive"), "content_policy"),
        (hailuo("Fail", 1026, "input new_sensitive"), "content_policy"),
        (hailuo("Success", 1027, "output new_sensitive", file_id="1"), "content_policy"),
        (hailuo("Processing", 1027, "output new_sensitive"), "content_policy"),
        (hailuo("", 1026, "x"), "content_policy"),
        ({"base_resp": {"status_code": 1027, "status_msg": "x"}}, "content_policy"),
        (hailuo("Fail", 1000, "unknown error"), "server"),
        (hailuo("Fail", 2013, "invalid params"), "invalid_request"),
        (hailuo("Fail", 1008, "insufficient balance"), "insufficient_funds"),
    ],
)
def test_why_tasks_of_hailuo_fail(body, kind):
    told = body["base_resp"]
    error = TaskError(kind, str(told["status_code"]), told["status_msg"])

    assert ask(body) == Report(OLD_ID, "failed", error=error)


def test_a_success_without_its_file_is_asked_for_again():
    for body in (hailuo("Success"), hailuo("Success", file_id=""), hailuo("Success", file_id=[])):
        error = refusal("hailuo-02", "status", body, 200)
        assert (error.kind, error.retryable) == ("malformed", True)


# ---- errors of v2: the literal samples of each page, and the types that the pages name


def oai(status, kind, message):
    error = {"type": kind, "message": message, "http_code": str(status)}
    return {"type": "error", "error": error, "request_id": TRACE}


NO_TEXT = "invalid params, content must include a non-empty text item (prompt is required) (2013)"
NO_KEY = "login fail: Please carry the API secret key in the 'Authorization' field of the request header (1004)"
V2 = [
    (400, "bad_request_error", NO_TEXT, "2013", "invalid_request"),
    (401, "authorized_error", NO_KEY, "1004", "auth"),
    (
        402,
        "insufficient_balance_error",
        "insufficient balance (1008)",
        "1008",
        "insufficient_funds",
    ),
    (
        422,
        "unprocessable_entity_error",
        "video description contains sensitive content (1026)",
        "1026",
        "content_policy",
    ),
    (429, "rate_limit_error", "rate limit, please retry later (1002)", "1002", "rate_limited"),
    (500, "server_error", "internal error (1000)", "1000", "server"),
    (529, "overloaded_error", "overloaded, please retry later", None, "server"),
    # many projects recorded this one
    (
        400,
        "bad_request_error",
        "invalid params, unknown model 'x' (2013)",
        "2013",
        "model_unavailable",
    ),
    (429, "rate_limit_error", "rate growth limit (2045)", "2045", "rate_limited"),
    (403, "bad_request_error", "not in your token plan (2061)", "2061", "model_unavailable"),
    (429, "rate_limit_error", "usage limit exceeded (2056)", "2056", "insufficient_funds"),
    # vercel/ai
    (400, "invalid_request_error", "invalid duration", None, "invalid_request"),
    (500, "invalid_request_error", "internal server error", None, "server"),
]


@pytest.mark.parametrize("operation", ["submit", "status"])
@pytest.mark.parametrize(("http", "kind", "message", "code", "expected"), V2)
def test_errors_of_v2(operation, http, kind, message, code, expected):
    error = refusal("minimax-h3", operation, oai(http, kind, message), http)

    assert (error.kind, error.status, error.message) == (expected, http, message)
    assert error.request_id == TRACE
    if code is not None:
        assert error.code == code
    # Only a 429 that waiting ends proves that a paid request made no job, and may be sent again.
    passing = {"rate_limited"} if operation == "submit" else {"rate_limited", "server"}
    assert error.retryable is (expected in passing)


# ---- errors of v1: HTTP 200 with the numbers of each page

V1 = [
    (1000, "server"),
    (1001, "timeout"),
    (1002, "rate_limited"),
    (1004, "auth"),
    (1008, "insufficient_funds"),
    (1013, "server"),
    (1028, "insufficient_funds"),
    (1030, "insufficient_funds"),
    (1024, "server"),
    (1033, "server"),
    (1039, "rate_limited"),
    (1041, "rate_limited"),
    (1042, "invalid_request"),
    (2045, "rate_limited"),
    (2013, "invalid_request"),
    (2049, "auth"),
    (2056, "insufficient_funds"),
    (2061, "model_unavailable"),
    (7777, "server"),
]


@pytest.mark.parametrize("operation", ["submit", "status"])
@pytest.mark.parametrize(("code", "kind"), V1)
def test_errors_of_v1(operation, code, kind):
    body = {"task_id": "", "base_resp": {"status_code": code, "status_msg": "said so"}}
    error = refusal("hailuo-02", operation, body, 200)

    assert (error.kind, error.code, error.message) == (kind, str(code), "said so")
    again = kind in {"rate_limited", "server", "timeout"}
    assert error.retryable is (again and operation == "status")


@pytest.mark.parametrize(("code", "kind"), [(1026, "content_policy"), (1027, "content_policy")])
def test_moderation_refuses_an_order(code, kind):
    body = {"task_id": "", "base_resp": {"status_code": code, "status_msg": "new_sensitive"}}

    assert refusal("hailuo-02", "submit", body, 200).kind == kind


def test_a_task_that_an_error_names_is_no_job():
    body = {"task_id": "1", "base_resp": {"status_code": 1008, "status_msg": "balance"}}
    assert refusal("hailuo-02", "submit", body, 200).kind == "insufficient_funds"


@pytest.mark.parametrize("code", [1000, 1001, 1013, 7777])
def test_a_task_that_an_unclear_error_names_is_followed(code):
    body = {"task_id": OLD_ID, "base_resp": {"status_code": code, "status_msg": "unknown error"}}

    assert submit("hailuo-02", answer(body)) == Report(OLD_ID, "queued")
    assert refusal("hailuo-02", "submit", body, 500).retryable is False


GONE = [
    "invalid params, invalid task_id (2013)",
    "invalid params, task not found (2013)",
    "invalid params, task_id does not exist (2013)",
]


@pytest.mark.parametrize("message", GONE)
def test_a_task_that_is_forgotten_is_not_found(message):
    body = {"base_resp": {"status_code": 2013, "status_msg": message}}
    for model, told, http in (
        ("minimax-h3", oai(400, "bad_request_error", message), 400),
        ("hailuo-02", body, 200),
    ):
        error = refusal(model, "status", told, http)
        assert (error.kind, error.code, error.retryable) == ("not_found", "2013", False)
        # The same words about an order are about what it names.
        assert refusal(model, "submit", told, http).kind == "invalid_request"


def test_a_query_that_fails_beside_a_state_is_asked_again():
    error = refusal("hailuo-02", "status", hailuo("Processing", 1002, "rate limit"), 200)
    assert (error.kind, error.retryable) == ("rate_limited", True)


@pytest.mark.parametrize("model", TASKS)
def test_a_web_page_is_no_answer(model):
    for operation in ("submit", "status"):
        assert refusal(model, operation, b"<html><title>502</title></html>", 502).kind == "server"


# ---- where the file is

FILE = {
    "file_id": 176844028768320,
    "bytes": 0,
    "created_at": 1700469398,
    "filename": "output_aigc.mp4",
    "purpose": "video_generation",
    "download_url": URL,
}
KNOWN = evolve(HAILUO, extra={"file_id": "176844028768320"})


def locate(task, *bodies, http=200):
    return drive(MINIMAX.locate(task), [answer(body, http) for body in bodies])


def test_the_file_is_at_the_tasks_own_url_or_at_that_of_a_fresh_answer():
    file = Request("GET", URL, expects="video")

    assert locate(evolve(H3, video_url=URL)) == file
    assert locate(H3, {"task": SUCCEEDED}) == file
    assert locate(KNOWN, {"file": FILE, "base_resp": OK}) == file
    assert locate(HAILUO, hailuo("Success", file_id="1"), {"file": FILE, "base_resp": OK}) == file


@pytest.mark.parametrize("url", ["www.downloadurl.com", "", None, 7, "/v1/files"])
def test_a_file_without_a_url(url):
    with pytest.raises(DownloadError, match="names no URL"):
        locate(KNOWN, {"file": {**FILE, "download_url": url}, "base_resp": OK})


def test_a_lookup_that_fails():
    for code, kind in ((1004, "auth"), (1013, "server")):
        with pytest.raises(ProviderError) as caught:
            locate(KNOWN, {"base_resp": {"status_code": code, "status_msg": "x"}})
        assert caught.value.kind == kind


def test_a_file_that_is_gone():
    with pytest.raises(ExpiredError, match="no longer has the video"):
        locate(H3, {"task": {"id": ID, "status": "expired"}})
    gone = oai(400, "bad_request_error", "invalid params, invalid task_id (2013)")
    with pytest.raises(ExpiredError, match="no longer knows the task"):
        locate(H3, gone, http=400)
    forgotten = {"base_resp": {"status_code": 2013, "status_msg": "invalid params, task not found"}}
    for task in (HAILUO, KNOWN):
        with pytest.raises(ExpiredError, match="no longer knows the task"):
            locate(task, forgotten)
    with pytest.raises(ProviderError):
        locate(H3, oai(500, "server_error", "internal error (1000)"), http=500)


@pytest.mark.parametrize(
    ("task", "body"),
    [
        (H3, {"task": FAILED}),
        (H3, {"task": {"id": ID, "status": "running"}}),
        (HAILUO, hailuo("Processing")),
        (HAILUO, hailuo("Fail", 1027, "x")),
    ],
)
def test_a_task_without_a_file(task, body):
    with pytest.raises(DownloadError, match="names no video"):
        locate(task, body)


# ---- cancel: the page on DELETE /v2/video_generation/{task_id}

QUEUED = {"task": {"id": ID, "status": "queued"}}
RUNNING = {"task": {"id": ID, "status": "running"}}
BUSY = oai(400, "bad_request_error", "invalid params, task is running (2013)")


def cancel(task, *answers):
    flow = MINIMAX.cancel(task)
    sent = [next(flow), *(flow.send(response) for response in answers[:-1])]
    with pytest.raises(StopIteration) as stop:
        flow.send(answers[-1])
    return [f"{request.method} {request.url}" for request in sent], stop.value.value


@pytest.mark.parametrize(
    "told",
    [
        {"action": "cancelled", "status": "cancelled"},
        {"action": "cancel", "status": "cancelled"},
        {"action": "cancelled"},
    ],
)
def test_a_queued_task_is_cancelled_and_costs_nothing(told):
    done = {"task_id": ID, **told}
    sent, report = cancel(H3, answer(QUEUED), answer(done))

    paths = [f"GET /v2/query/video_generation/{ID}", f"DELETE /v2/video_generation/{ID}"]
    assert sent == paths
    assert report == Report(ID, "cancelled", cost=Decimal(0))


def test_a_task_that_ended_in_between_has_lost_its_record():
    done = {"task_id": ID, "action": "deleted", "status": "deleted"}
    _, report = cancel(H3, answer(QUEUED), answer(done))

    assert report == Report(ID, "expired")


@pytest.mark.parametrize(
    ("body", "http"),
    [
        (BUSY, 400),
        (b"", 204),
        ({}, 200),
        ({"task_id": ID, "action": "cancel", "status": "running"}, 200),
    ],
)
def test_a_task_that_began_in_between_runs_on(body, http):
    sent, report = cancel(H3, answer(QUEUED), answer(body, http), answer(RUNNING))

    assert len(sent) == 3
    assert report == Report(ID, "running")


@pytest.mark.parametrize(
    ("task", "body"),
    [
        (H3, RUNNING),
        (H3, {"task": SUCCEEDED}),
        (H3, {"task": FAILED}),
        (HAILUO, hailuo("Queueing")),
        (HAILUO, hailuo("Processing")),
    ],
)
def test_nothing_else_is_deleted(task, body):
    sent, report = cancel(task, answer(body))

    assert len(sent) == 1
    assert report == status(body, task=task)


def test_a_cancel_that_fails():
    flow = MINIMAX.cancel(H3)
    next(flow)
    flow.send(answer(QUEUED))
    with pytest.raises(ProviderError):
        flow.send(answer(oai(500, "server_error", "internal error (1000)"), 500))
