"""From any answer of a vendor to a Report, or to an error where it says nothing of the task."""

import json
from datetime import UTC, datetime

import pytest

from anyvideo.dialects.reports import find_url, read_report
from anyvideo.errors import ProviderError
from anyvideo.model.wire import Response
from anyvideo.tasks.report import Report, TaskError
from anyvideo.tasks.status import Status

ID = "task_1"
URL = "https://a.b/c.mp4"
OTHER = "https://a.b/other.mp4"


def answer(body, status=200):
    return Response(status, {"content-type": "application/json"}, json.dumps(body).encode())


def poll(body, **known):
    return read_report(answer(body), id=ID, **known)


def failure_of(body, status=200, **known):
    with pytest.raises(ProviderError) as caught:
        read_report(answer(body, status), **known)
    return caught.value


@pytest.mark.parametrize(
    ("body", "id"),
    [
        ({"id": "a"}, "a"),
        ({"id": "a", "task_id": "b"}, "b"),
        ({"id": 60919623769}, "60919623769"),
        ({"id": "", "task_id": None, "video_id": " a "}, "a"),
        ({"data": [{"task_id": "a"}, {"task_id": "b"}]}, "a"),
        ({"data": {"id": 7, "task_id": "a"}}, "a"),
        ({"data": {"taskId": "a"}, "success": True}, "a"),
        ({"id": "a", "data": {"id": "upstream"}}, "a"),
    ],
)
def test_a_submit_names_its_task(body, id):  # noqa: A002 (the field's own name)
    assert read_report(answer(body), paid=True) == Report(id)


@pytest.mark.parametrize(
    "body",
    [{}, [], None, "x", 7, {"id": True}, {"id": ["a"]}, {"status": "queued"}, {"data": []}],
)
def test_a_submit_without_a_task_is_an_error_and_not_repeated(body):
    error = failure_of(body, paid=True)

    assert (error.kind in {"malformed", "server"}, error.retryable) == (True, False)


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", b"\xff"])
def test_what_is_no_json_is_malformed(body):
    with pytest.raises(ProviderError) as caught:
        read_report(Response(200, {}, body), id=ID)

    assert (caught.value.kind, caught.value.retryable) == ("malformed", True)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"id": ID}, "running"),
        ({"status": "processing"}, "running"),
        ({"progress": 12}, "running"),
        ({"id": ID, "video_url": URL}, "succeeded"),
        ({"id": ID, "status": ""}, "running"),
        ({"id": ID, "status": 3}, "running"),
        ({"id": ID, "state": "SUCCESS"}, "succeeded"),
        ({"id": ID, "task_status": "succeed"}, "succeeded"),
        ({"id": ID, "status": "error"}, "failed"),
        ({"status": "success", "data": {"task_id": ID, "status": "queued"}}, "queued"),
        ({"code": 500, "data": {"task_id": ID, "status": "queued"}}, "queued"),
        ({"id": ID, "status": "in_progress", "error": {"message": "x"}}, "running"),
        ({"id": ID, "status": "submitting"}, "queued"),
    ],
)
def test_how_a_task_stands(body, status):
    assert poll(body).status == status


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"data": {}},
        {"code": "success", "data": None},
        {"status": "error", "message": "no"},
        {"status": "success", "message": "ok"},
        {"success": False},
        {"id": ID, "error": "no"},
        {"id": ID, "error": {"message": "no"}},
        {"code": "failed", "id": ID},
        {"code": 1, "data": {"id": ID}},
    ],
)
def test_an_answer_that_is_not_about_the_task_says_nothing_of_it(body):
    error = failure_of(body, id=ID)

    assert (error.kind in {"malformed", "server"}, error.retryable) == (True, True)


def test_an_error_status_is_an_error_whatever_the_body_says():
    assert failure_of({"id": ID, "status": "failed"}, 500, id=ID).kind == "server"
    assert failure_of({"id": ID, "status": "completed"}, 404, id=ID).kind == "not_found"


def test_an_error_with_the_tasks_id_is_the_upstreams():
    body = {"id": ID, "error": {"code": "insufficient_quota", "message": "x"}}

    assert failure_of(body, id=ID).kind == "server"
    assert failure_of({"error": body["error"]}, id=ID).kind == "insufficient_funds"


def test_an_error_in_place_of_a_new_task_keeps_the_id_for_whoever_looks_for_it():
    error = failure_of({"id": ID, "error": {"message": "boom"}}, paid=True)

    assert (error.kind, error.retryable) == ("server", False)
    assert error.message == "boom (the answer names the task 'task_1')"


def test_every_fact_is_read():
    body = {
        "code": 200,
        "data": {
            "id": ID,
            "status": "completed",
            "progress": "100%",
            "cost": "0.15",
            "enhanced_prompt": "A fox",
            "result": {"videos": [{"expires_at": 1765087446, "url": [URL]}]},
        },
    }
    expires = datetime(2025, 12, 7, 6, 4, 6, tzinfo=UTC)

    assert poll(body) == Report(ID, "succeeded", 100, URL, expires, "A fox", None, "0.15")


@pytest.mark.parametrize(
    "body",
    [
        {"video_url": URL},
        {"url": URL},
        {"url": None, "video_url": "", "result_url": URL},
        {"metadata": {"url": URL}},
        {"detail": {"video_url": URL}},
        {"data": {"url": URL}},
        {"data": [{"url": URL}]},
        {"data": {"status": "SUCCESS", "fail_reason": URL}},
        {"data": {"result_url": URL, "data": {"url": OTHER}}},
        {"result": {"videos": [{"url": [None, URL, OTHER]}]}},
        {"result": {"videos": [{"url": URL}, {"url": OTHER}]}},
        {"result": {"videos": [URL]}},
        {"result": {"images": [{"url": OTHER}]}, "url": URL},
        {"output": {"urls": [URL]}},
        {"video_url": {"url": URL}},
        {"url": URL, "data": {"video_url": OTHER}},
    ],
)
def test_where_the_url_stands(body):
    assert find_url(body) == URL
    assert poll({**body, "id": ID, "status": "completed"}).video_url == URL


@pytest.mark.parametrize(
    "body",
    [
        {"url": "failed"},
        {"fail_reason": URL, "status": "FAILURE"},
        {"thumbnail_url": URL, "detail": {"images": [URL]}},
        {"result": {"images": [{"url": URL}]}},
        {"data": {"data": {"data": {"data": {"data": {"url": URL}}}}}},
        [URL],
        URL,
        None,
    ],
)
def test_where_no_url_stands(body):
    assert find_url(body) is None


def test_only_a_finished_task_has_the_urls_that_may_be_those_of_its_request():
    running = {"id": ID, "status": "processing", "url": URL}
    failed = {"id": ID, "status": "failed", "video_url": URL, "error": "x"}

    assert poll(running).video_url is None
    assert poll({**running, "video_url": OTHER}).video_url == OTHER
    assert poll(failed).video_url is None


def test_a_finished_task_without_its_file_is_an_error_where_there_is_no_other_way():
    body = {"id": ID, "status": "completed", "video_url": "soon"}

    assert poll(body) == Report(ID, "succeeded")
    assert (failure_of(body, id=ID, needs_url=True).kind) == "malformed"
    assert failure_of(body, id=ID, needs_url=True).retryable
    assert not failure_of(body, paid=True, needs_url=True).retryable


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, None),
        ({"error": None, "fail_reason": ""}, None),
        ({"error": "boom"}, TaskError("server", None, "boom")),
        ({"error": {"code": "", "message": "boom"}}, TaskError("server", None, "boom")),
        ({"message": "boom"}, TaskError("server", None, "boom")),
        ({"message": "outer", "fail_reason": "boom"}, TaskError("server", None, "boom")),
        ({"detail": {"error": "boom"}}, TaskError("server", None, "boom")),
        ({"detail": {"message": "boom"}}, TaskError("server", None, "boom")),
        ({"metadata": {"url": "boom"}}, TaskError("server", None, "boom")),
        ({"result_url": "boom"}, TaskError("server", None, "boom")),
        ({"metadata": {"url": URL}, "result_url": "/v1/videos/x/content"}, None),
        ({"error": "invalid api key"}, TaskError("server", None, "invalid api key")),
        ({"error": "insufficient balance"}, TaskError("server", None, "insufficient balance")),
        ({"error": "nsfw"}, TaskError("content_policy", None, "nsfw")),
    ],
)
def test_why_a_task_failed(body, error):
    assert poll({**body, "id": ID, "status": "failed"}).error == error
    done = {"id": ID, "status": "completed", "video_url": "https://cdn.example/a.mp4"}
    assert poll({**body, **done}).error is None


def test_a_completed_task_with_an_error_and_no_video_has_failed():
    """APIYI answers so when moderation blocks the video, and bills the job."""
    moderated = {"code": "moderation_blocked", "message": "blocked"}
    report = poll({"id": ID, "status": "completed", "error": moderated})

    assert (report.status, report.error) == (
        Status.FAILED,
        TaskError("content_policy", "moderation_blocked", "blocked"),
    )
    for nothing in (None, "", {}, {"code": "", "message": ""}):
        assert poll({"id": ID, "status": "completed", "error": nothing}).status == "succeeded"


def test_the_message_of_an_envelope_is_no_reason():
    body = {"message": "the query went well", "data": {"id": ID, "status": "failed"}}
    nested = {"status": "FAILURE", "message": "boom", "data": {"id": ID, "status": "failed"}}

    assert poll(body).error is None
    assert poll(nested).error == TaskError("server", None, "boom")


@pytest.mark.parametrize(
    "body",
    [
        {"id": "x", "status": "queued", "created_at": 1_767_225_600},
        {"id": "x", "status": "queued", "created_at": 1_767_225_600_000},
        {"id": "x", "status": "queued", "created_at": 0, "created": 1_767_225_600},
        {"code": 200, "data": {"id": "x", "status": "pending", "created": "2026-01-01T00:00:00Z"}},
        {
            "code": "success",
            "data": {"task_id": "x", "status": "SUBMITTED", "submit_time": 1_767_225_600},
        },
    ],
)
def test_when_the_vendor_created_the_task(body):
    assert read_report(answer(body)).created_at == datetime(2026, 1, 1, tzinfo=UTC)
    assert (
        read_report(answer({"id": "x", "status": "queued", "created_at": "soon"})).created_at
        is None
    )


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({}, TaskError("content_policy", None, "Content Moderated")),
        ({"error": "blocked"}, TaskError("content_policy", None, "blocked")),
        ({"error": {"code": "e1"}}, TaskError("content_policy", "e1", "")),
    ],
)
def test_a_word_that_says_why_a_task_failed(body, error):
    report = poll({**body, "id": ID, "status": "Content Moderated"})

    assert (report.status, report.error) == (Status.FAILED, error)


@pytest.mark.parametrize("word", ["Task not found", "task_not_found", "NOT_FOUND"])
def test_a_task_that_the_vendor_does_not_know_has_no_state(word):
    error = failure_of({"id": ID, "status": word}, id=ID)

    assert (error.kind, error.retryable) == ("not_found", False)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"video": {"respect_moderation": False}}, "moderation kept the video back"),
        ({"response": {"raiMediaFilteredReasons": ["a person"]}}, "a person"),
    ],
)
def test_a_completed_task_whose_video_moderation_kept_back_has_failed(body, message):
    report = poll({**body, "id": ID, "status": "done"})

    assert (report.status, report.error) == (
        Status.FAILED,
        TaskError("content_policy", None, message),
    )
    assert poll({**body, "id": ID, "status": "done", "url": URL}).video_url == URL


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"err_code": "E42", "err_msg": "boom"}, TaskError("server", "E42", "boom")),
        ({"err_code": "CreationPolicyViolation"}, ("content_policy", "CreationPolicyViolation")),
        ({"base_resp": {"status_code": 1027, "status_msg": "boom"}}, ("server", "1027", "boom")),
        ({"base_resp": {"status_code": 0, "status_msg": "success"}, "err_code": ""}, None),
        ({"failure": "boom"}, TaskError("server", None, "boom")),
    ],
)
def test_further_places_of_the_reason(body, error):
    expected = TaskError(*error) if isinstance(error, tuple) else error

    assert poll({**body, "id": ID, "status": "failed"}).error == expected


def test_the_id_of_a_request_never_makes_a_task_of_a_refusal():
    refused = {"request_id": "r", "status": "queued", "error": {"message": "no funds"}}

    assert failure_of(refused, paid=True).message == "no funds"
    assert read_report(answer({"request_id": "r", "status": "queued"}), paid=True) == Report("r")
    assert poll({"request_id": "r", "status": "queued"}).id == ID
