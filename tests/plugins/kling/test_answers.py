"""Every answer on Kling's pages, and those in the tests of other projects, read as what they are."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError, ExpiredError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Report, Request, Response, Status, Task, TaskError
from anyvideo.testing import answer, drive
from anyvideo_plugins.kling.videos import Kling, KlingSettings
from tests.plugins.kling.samples import (
    LOGGED,
    MARKED,
    SECOND,
    URL,
    VERCEL,
    answer_first,
    answer_second,
    refuse,
)

KLING = Kling()
TEXT = "/v1/videos/text2video"
FRAMES = "/v1/videos/image2video"
PATHS = (TEXT, FRAMES, "/v1/videos/multi-image2video", "/v1/videos/omni-video")
UNKNOWN = refuse(1201, "Task not found by id/external id")
GONE = answer({**SECOND, "data": []})


def submit(model, *answers, **wishes):
    (offer,) = [offer for offer in KLING.offers() if offer.model == model]
    plan = negotiate(VideoJob("a fox", **wishes), offer)
    assert isinstance(plan, Plan)
    return drive(KLING.submit(plan), answers)


def task(path=TEXT, **known):
    extra = {} if path is None else {"path": path}
    return Task("kling", "kling", KLING.base_url, "task-1", "kling-v3", extra=extra, **known)


def poll(body, status=200, path=TEXT, kling=KLING):
    return drive(kling.status(task(path)), [answer(body, status)])


def refusal_of(call, *arguments):
    with pytest.raises(ProviderError) as caught:
        call(*arguments)
    return caught.value


# ---- submits


def test_the_logged_submit():
    report = submit("kling-v3", answer(LOGGED))

    assert report == Report("867283741759111202", "queued", extra={"path": TEXT})
    assert report.created_at == datetime(2026, 3, 29, 17, 24, 36, 166000, tzinfo=UTC)


def test_a_submit_of_the_second_edition():
    report = submit("kling-3.0-turbo", answer(SECOND))

    assert report == Report("893605946402811985", "queued", extra={"path": "/tasks"})
    assert report.created_at == datetime(2026, 6, 10, 8, 39, 38, 802000, tzinfo=UTC)


def test_a_submit_that_only_names_the_task():
    # Another client's tests: {"code": 0, "data": {"task_id": "task-3"}}
    body = {"code": 0, "data": {"task_id": "task-3"}}

    assert submit("kling-v3", answer(body)).status is Status.QUEUED
    done = {"code": 0, "data": {"task_id": "task-3", "task_status": "succeed"}}
    assert submit("kling-v3", answer(done)) == Report("task-3", "running", extra={"path": TEXT})


@pytest.mark.parametrize(
    "body", [{"code": 0, "message": "SUCCEED", "data": None}, {"code": 0, "data": {}}, {}, []]
)
def test_a_submit_without_a_task_proves_nothing(body):
    error = refusal_of(submit, "kling-v3", answer(body))

    assert (error.kind, error.retryable) in {("server", False), ("malformed", False)}


@pytest.mark.parametrize(
    "body",
    [
        {"code": 200, "message": "success", "data": {"task_id": "task-3"}},
        {"code": "SUCCEED", "data": {"task_id": "task-3", "task_status": "submitted"}},
        {"code": 5000, "message": "oops", "data": {"task_id": "task-3"}},
        {"code": 0, "data": [{"task_id": "task-3"}]},
        {"task_id": "task-3", "task_status": "submitted"},
    ],
)
def test_a_submit_that_names_the_task_is_followed_whatever_stands_around_it(body):
    assert submit("kling-v3", answer(body)) == Report("task-3", "queued", extra={"path": TEXT})


def test_a_submit_may_fail_at_once():
    # Seen by another project on 2026-05-13, with the photo of a celebrity.
    why = "Failure to pass the risk control system"
    report = submit("kling-v3", answer(answer_first("failed", why)))

    assert (report.status, report.error) == (
        Status.FAILED,
        TaskError("content_policy", None, why),
    )


# https://kling.ai/document-api/api/get-started/error-codes: HTTP status, code, kind of a submit.
ERRORS = [
    *((401, code, "auth") for code in range(1000, 1005)),
    (429, 1100, "permission"),
    (429, 1101, "insufficient_funds"),
    (429, 1102, "insufficient_funds"),
    (403, 1103, "permission"),
    (400, 1200, "invalid_request"),
    (400, 1201, "invalid_request"),
    (404, 1202, "invalid_request"),
    (404, 1203, "model_unavailable"),
    (400, 1300, "content_policy"),
    (400, 1301, "content_policy"),
    *((429, code, "rate_limited") for code in range(1302, 1305)),
    (500, 5000, "server"),
    (503, 5001, "server"),
    (504, 5002, "timeout"),
]


@pytest.mark.parametrize(("status", "code", "kind"), ERRORS)
def test_every_code_of_a_submit(status, code, kind):
    error = refusal_of(submit, "kling-v3", answer(refuse(code, "words of the vendor"), status))

    assert (error.kind, error.code, error.status) == (kind, str(code), status)
    assert (error.message, error.retryable) == ("words of the vendor", kind == "rate_limited")
    assert error.request_id == "9984d27b-a408-4073-ae28-17ca6a13622d"


@pytest.mark.parametrize(("status", "code", "kind"), ERRORS)
@pytest.mark.parametrize("model", ["kling-v3", "kling-3.0-turbo"])
def test_every_code_also_with_http_200(model, status, code, kind):
    error = refusal_of(submit, model, answer(refuse(code, "words of the vendor")))

    assert (error.kind, error.code, error.retryable) == (kind, str(code), False)


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        # What the live API answered to other projects.
        (refuse(1102, "Account balance not enough"), 429, "insufficient_funds"),
        (refuse(1303, "parallel task over resource pack limit"), 429, "rate_limited"),
        (refuse(1002, "The current API does not support AK/SK"), 401, "auth"),
        (refuse(1201, "contents cannot be empty"), 400, "invalid_request"),
        (refuse(1201, "external_task_id already exists"), 400, "invalid_request"),
        # The tests of other projects.
        ({"code": 1102, "message": "Resource pack exhausted"}, 429, "insufficient_funds"),
        ({"code": 1301, "message": "content security"}, 200, "content_policy"),
    ],
)
def test_errors_that_others_saw(body, status, kind):
    assert refusal_of(submit, "kling-v3", answer(body, status)).kind == kind


def test_a_poll_does_not_know_a_task_where_a_submit_does_not_know_a_model():
    assert refusal_of(poll, refuse(1203, "no"), 404).kind == "not_found"
    assert refusal_of(poll, UNKNOWN, 400).kind == "not_found"
    assert refusal_of(poll, UNKNOWN).kind == "not_found"
    assert refusal_of(poll, {**SECOND, "data": []}, 200, "/tasks").kind == "not_found"
    assert refusal_of(poll, {"message": "oops"}, 500).kind == "server"
    assert refusal_of(poll, {**refuse(1002, "invalid"), "data": []}).kind == "auth"


# ---- polls


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("submitted", "queued"),
        ("processing", "running"),
        ("throttling", "running"),
        (None, "running"),
    ],
)
@pytest.mark.parametrize(
    ("make", "path"), [(answer_first, FRAMES), (answer_second, "/tasks")], ids=["first", "second"]
)
def test_a_task_that_is_not_finished(make, path, word, status):
    report = poll(make(word), path=path)

    assert (report.status, report.video_url, report.cost) == (status, None, None)
    assert report.extra == {"path": path}


def test_the_answer_of_vercels_suite():
    expected = Report(
        "task-abc-123", "succeeded", video_url=URL, cost=Decimal("0.14"), extra={"path": TEXT}
    )

    assert poll(VERCEL) == expected
    assert poll(VERCEL).created_at == datetime(2024, 8, 4, 11, 5, 57, 708000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "marked", "url"),
    [(True, MARKED, MARKED), (True, "", URL), (True, None, URL), (False, MARKED, URL)],
)
def test_a_watermark_that_was_asked_for_is_on_the_file(asked, marked, url):
    extra = {"path": "/tasks", "marked": True} if asked else {"path": "/tasks"}
    output = {"type": "video", "url": URL, "watermark_url": marked}
    body = answer_second("succeeded", outputs=[output])
    first = {"videos": [{"url": URL, "watermark_url": marked}]}

    for known in (body, answer_first("succeed", task_result=first)):
        flow = KLING.status(evolve(task(), extra=extra))
        assert drive(flow, [answer(known)]).video_url == url


def test_that_a_watermark_was_asked_for_is_kept_with_the_task():
    kept = submit("kling-3.0-turbo", answer(SECOND), watermark=True).extra

    assert kept == {"path": "/tasks", "marked": True}
    assert submit("kling-v3", answer(LOGGED), watermark=False).extra == {"path": TEXT}


def test_the_second_edition_lists_outputs_and_charges():
    # A live task that another project logged on 2026-09-28, and the page's own list of outputs.
    outputs = [
        {"type": "image", "url": "https://example.com/cover.png"},
        {"type": "video", "id": "v", "url": URL, "watermark_url": "", "duration": "5.041"},
    ]
    billing = [{"charge_type": "unit", "amount": "3", "package_type": "video"}]
    body = answer_second("succeeded", outputs=outputs, billing=billing)

    assert poll(body, path="/tasks") == Report(
        "893605946402811985",
        "succeeded",
        video_url=URL,
        cost=Decimal("0.42"),
        extra={"path": "/tasks"},
    )


def charge(kind, amount, **known):
    return {"charge_type": kind, "amount": amount, **known}


@pytest.mark.parametrize(
    ("billing", "cost"),
    [
        ([charge("unit", "2.4")], "0.336"),
        ([charge("cash", "0.56", currency="USD", cash_type="balance")], "0.56"),
        ([charge("unit", "1"), charge("cash", "0.10", currency="USD")], "0.24"),
        ([charge("cash", "4.2", currency="CNY")], None),
        ([charge("unit", "1"), charge("cash", "4.2", currency="CNY")], None),
        ([charge("unit", "many")], None),
        ([charge("unit", "-1")], None),
        ([charge("unit", True)], None),
        (["unit"], None),
        ([], None),
        (None, None),
    ],
)
def test_what_a_task_of_the_second_edition_cost(billing, cost):
    body = answer_second("succeeded", outputs=[{"url": URL}], billing=billing)

    assert poll(body, path="/tasks").cost == (cost and Decimal(cost))


@pytest.mark.parametrize(
    ("known", "cost"),
    [
        ({"final_unit_deduction": "3.5"}, "0.49"),
        ({"final_unit_deduction": 3.5}, "0.49"),
        ({"final_unit_deduction": "0"}, "0"),
        ({"final_unit_deduction": ""}, None),
        ({}, None),
        ({"final_unit_deduction": "0", "final_balance_deduction": {"quota": "0.56"}}, None),
        ({"final_unit_deduction": "1", "final_balance_deduction": {"quota": "0.00"}}, "0.14"),
        ({"final_unit_deduction": "1", "final_balance_deduction": {"quota": ""}}, "0.14"),
    ],
)
def test_what_a_task_of_the_first_edition_cost(known, cost):
    body = answer_first("failed", "Internal error", **known)

    assert poll(body).cost == (cost and Decimal(cost))


def test_a_running_task_has_no_cost_yet_and_one_in_china_none_in_usd():
    china = KLING.configure(KlingSettings("cn"))

    assert poll(answer_first("processing", final_unit_deduction="0")).cost is None
    assert poll(VERCEL, kling=china).cost is None


@pytest.mark.parametrize(
    ("why", "kind"),
    [
        ("Failure to pass the risk control system", "content_policy"),
        # The tests of vercel/ai and of other clients.
        ("Content policy violation", "content_policy"),
        ("Content moderation review failed.", "content_policy"),
        ("content risk", "content_policy"),
        ("content rejected", "content_policy"),
        ("Image pixel is invalid", "invalid_request"),  # QuantumNous/new-api, pull request 2532
        ("Internal error", "server"),
        ("SIMULATED_FAILURE", "server"),
    ],
)
@pytest.mark.parametrize(
    ("make", "path"), [(answer_first, FRAMES), (answer_second, "/tasks")], ids=["first", "second"]
)
def test_a_failed_task_says_why(make, path, why, kind):
    report = poll(make("failed", why), path=path)

    assert (report.status, report.error) == (Status.FAILED, TaskError(kind, None, why))


def test_a_failed_task_may_say_nothing():
    report = poll(answer_first("failed", None, task_result=None))

    assert (report.status, report.error, report.video_url) == (Status.FAILED, None, None)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        (answer_first("succeed", task_result={"videos": []}), TEXT),
        (answer_second("succeeded", outputs=[]), "/tasks"),
    ],
)
def test_no_output_is_a_failure(body, path):
    error = TaskError("server", None, "it succeeded without a video")

    assert (poll(body, path=path).status, poll(body, path=path).error) == (Status.FAILED, error)


@pytest.mark.parametrize("result", [None, {}, {"videos": [{"url": "soon"}]}, {"videos": ["x"]}])
def test_an_output_that_cannot_be_read_is_asked_for_again(result):
    error = refusal_of(poll, answer_first("succeed", task_result=result))

    assert (error.kind, error.retryable) == ("malformed", True)


@pytest.mark.parametrize(
    "result",
    [
        {"videos": {"id": "v", "url": URL}},
        {"videos": [URL]},
        {"video": {"url": URL}},
        [{"url": URL}],
        {"videos": [{"id": "v", "url": "", "watermark_url": URL}]},
        {"videos": [{"url": ""}, {"url": URL}]},
    ],
)
def test_a_video_in_another_form_is_found(result):
    assert poll(answer_first("succeed", task_result=result)).video_url == URL


@pytest.mark.parametrize("result", [{"videos": []}, {"videos": [{"url": ""}]}, {}, None])
def test_a_success_that_moderation_emptied_is_its_failure(result):
    why = "Failure to pass the risk control system"
    report = poll(answer_first("succeed", why, task_result=result))

    assert (report.status, report.error.kind, report.error.message) == (
        "failed",
        "content_policy",
        why,
    )


def test_a_code_beside_a_state_is_the_reason_of_a_failure_and_nothing_else():
    failed = {**answer_first("failed"), "code": 1301, "message": "content security"}
    assert poll(failed).error == TaskError("content_policy", "1301", "content security")
    assert poll({**failed, **answer_first("processing"), "code": 5000}).status == "running"
    assert poll({**VERCEL, "code": 200}) == poll(VERCEL)
    nothing = {"code": 5000, "message": "oops", "data": {"task_id": "task-1"}}
    assert refusal_of(poll, nothing).kind == "server"


# ---- where a task is


def ask(flow, *answers):
    """Return the requests of a flow that gets these answers, and its result."""
    left, sent = list(answers), [next(flow)]
    try:
        while True:
            sent.append(flow.send(left.pop(0)))
    except StopIteration as stop:
        return sent, stop.value


def test_a_task_without_a_path_is_looked_for_at_each_in_turn():
    sent, report = ask(
        KLING.status(task(None)),
        answer(UNKNOWN, 400),
        answer(refuse(1203, "no such task"), 404),
        answer(UNKNOWN, 400),
        answer(answer_first("processing")),
    )

    assert sent == [Request("GET", f"{path}/task-1") for path in PATHS]
    assert (report.status, report.extra) == ("running", {"path": "/v1/videos/omni-video"})


def test_the_second_edition_is_asked_last():
    missing = [answer(UNKNOWN, 400)] * 4
    sent, report = ask(KLING.status(task(None)), *missing, answer(answer_second("processing")))

    assert sent[4:] == [Request("GET", "/tasks", query={"task_ids": "task-1"})]
    assert report.extra == {"path": "/tasks"}
    with pytest.raises(ProviderError, match="knows no such task"):
        drive(KLING.status(task(None)), [*missing, GONE])


def test_another_error_ends_the_search():
    with pytest.raises(ProviderError) as caught:
        drive(KLING.status(task(None)), [answer(refuse(1002, "invalid"), 401)])

    assert caught.value.kind == "auth"


def lose(ref="job-7", model="kling-v3"):
    return evolve(task(None, ref=ref), id="", model=model)


def find(lost, *answers):
    return ask(KLING.find(lost), *answers)


def test_a_lost_job_is_found_by_its_reference():
    sent, report = find(lose(), answer(UNKNOWN, 400), answer(answer_first("processing")))

    assert sent == [Request("GET", f"{path}/job-7") for path in PATHS[:2]]
    assert (report.id, report.extra) == ("task-abc-123", {"path": FRAMES})
    sent, report = find(lose("Order 7"), *[answer(UNKNOWN, 400)] * 4)
    assert sent[-1] == Request("GET", f"/v1/videos/omni-video/{lose('Order 7').reference}")
    assert report is None


def test_a_lost_job_that_had_a_watermark_is_found_with_it():
    known = {**VERCEL["data"], "watermark_info": {"enabled": True}}
    _, report = find(lose(), answer({**VERCEL, "data": known}))

    assert report.video_url == MARKED


def test_a_job_that_has_the_reference_as_its_own_id_is_another_one():
    assert find(lose("task-abc-123"), answer(answer_first("processing")))[1] is None


def test_a_job_without_a_reference_is_not_looked_for():
    assert drive(KLING.find(lose(ref="")), []) is None
    assert drive(KLING.find(lose(model="kling-3.0-turbo")), []) is None


def test_a_search_for_a_lost_job_that_fails_says_so():
    with pytest.raises(ProviderError) as caught:
        find(lose(), answer(refuse(5000, "oops"), 500))

    assert caught.value.kind == "server"


def locate(*answers, **known):
    return drive(KLING.locate(task(**known)), answers)


def test_the_file_is_at_its_url_or_at_the_one_that_a_poll_names():
    assert locate(video_url=URL) == Request("GET", URL, expects="video")
    assert locate(answer(VERCEL)) == Request("GET", URL, expects="video")


def test_a_file_may_be_gone_late_or_never_made():
    with pytest.raises(ExpiredError, match="no longer knows the task task-1"):
        locate(answer(UNKNOWN, 400))
    with pytest.raises(DownloadError, match="which is running"):
        locate(answer(answer_first("processing")))
    with pytest.raises(ProviderError):
        locate(Response(502))
    assert locate(answer(answer_first("failed", "Internal error"))).status is Status.FAILED
