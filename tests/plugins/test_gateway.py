"""Every adapter reads every answer that the gateways are documented to give, and survives any other.

`tests/cases/gateway.json` holds one case for each behaviour. Its `source` is a section of
"gateway-behaviour" (how the open-source gateway new-api and its relatives answer, read from their
source) or of "vendor-facts" (what the vendors' pages say, and what others recorded). An expectation
of a report lists what is not None; one of an error lists what is not None and not False.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.errors import AnyVideoError, ExpiredError, ProviderError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Character, CharacterRef, Report, Request, Response, Task
from anyvideo.testing import adapter, drive

CASES = json.loads(Path(__file__).parents[1].joinpath("cases/gateway.json").read_text("utf-8"))
# Wires that have no /content: their finished task must say where the file is.
NEED_URL = {"apertis-create", "apertis-chat", "apimart"}
OPERATIONS = {
    "submit": {"apiyi", "apertis-videos", *NEED_URL},  # openai-videos has no offers of its own
    "status": {"apiyi", "apertis-videos", "openai-videos", *NEED_URL},
    "content": {"apiyi", "apertis-videos", "openai-videos"},
    "remix": {"apertis-videos", "apimart", "openai-videos"},
    "character": {"apertis-videos"},
}
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000500000002d0080200000000000000")
JOBS = (VideoJob("a fox"), VideoJob("a fox", images=[PNG], size="1280x720"))
ID = "task_1"


find_adapter = cache(adapter)  # which loads every plugin anew


@cache
def plan_for(name):
    plans = (
        negotiate(job, offer, Policy(retired="allow"), uploads=read_uploads(job))
        for job in JOBS
        for offer in find_adapter(name).offers()
    )
    return next(plan for plan in plans if isinstance(plan, Plan))


# The cases say how a task stands, and not when it was created; no gateway needs more of an answer.
FACTS = [name for name in Report.__annotations__ if name not in {"created_at", "extra"}]


def start(name, operation, known=ID):
    """Begin an operation of an adapter; the first answer that it is given is the one under test."""
    vendor: Any = find_adapter(name)
    task = Task("mine", name, "https://api.example.com", known, "sora-2")
    return {
        "submit": lambda: vendor.submit(plan_for(name)),
        "status": lambda: vendor.status(task),
        "content": lambda: vendor.locate(task),
        "remix": lambda: vendor.remix(task, "and then?"),
        "character": lambda: vendor.create_character(Character(url="https://a.b/c.mp4")),
    }[operation]()


def describe(result):
    """Return what became of an answer in the words of the case file."""
    if isinstance(result, ExpiredError):
        return {"expired": True}
    if isinstance(result, ProviderError):
        facts = {
            name: getattr(result, name) for name in ("kind", "code", "retryable", "retry_after")
        }
        return {"error": {name: fact for name, fact in facts.items() if fact not in (None, False)}}
    if isinstance(result, Request):
        return {"fetch": result.url.replace(ID, "{id}")}
    facts = {name: getattr(result, name) for name in FACTS}
    facts["cost"] = None if result.cost is None else str(result.cost)
    facts["expires_at"] = result.expires_at and result.expires_at.timestamp()
    if result.error is not None:
        error = {"kind": result.error.kind, "code": result.error.code}
        facts["error"] = {name: fact for name, fact in error.items() if fact is not None}
    return {"report": {name: fact for name, fact in facts.items() if fact is not None}}


def expected_of(case, name):
    report = case["expect"].get("report", {})
    homeless = report.get("status") == "succeeded" and "video_url" not in report
    if homeless and name in NEED_URL:
        return {"error": {"kind": "malformed", "retryable": True}}
    return case["expect"]


def name_case(case):
    return f"{case['operation']}: {case['title']}"


def read(case, name):
    """Return what an adapter makes of a case's answer."""
    body = case["body"] if isinstance(case["body"], str) else json.dumps(case["body"])
    headers = {"content-type": "application/json", **case.get("headers", {})}
    response = Response(case["status"], headers, body.encode())
    known = case["expect"].get("report", {}).get("id", ID)
    try:
        return describe(drive(start(name, case["operation"], known), [response]))
    except AnyVideoError as error:
        return describe(error)


@pytest.mark.parametrize("case", CASES, ids=name_case)
def test_every_adapter_understands_what_gateways_answer(case):
    names = OPERATIONS[case["operation"]]

    assert {name: read(case, name) for name in names} == {
        name: expected_of(case, name) for name in names
    }


KEYS = st.sampled_from(
    [
        "id",
        "task_id",
        "status",
        "progress",
        "video_url",
        "url",
        "error",
        "message",
        "code",
        "type",
        "data",
        "detail",
        "result",
        "metadata",
        "videos",
        "expires_at",
        "cost",
        "fail_reason",
        "choices",
        "delta",
        "content",
        "username",
        "success",
    ]
)
WORDS = st.sampled_from(
    [
        "completed",
        "failed",
        "SUCCESS",
        "FAILURE",
        "https://a.b/c.mp4",
        "http://[",
        "45%",
        "\ud800",
        '{"error": {"message": "{}"}}',
        "insufficient_quota",
        "<title>",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "retry-after", "x-ratelimit-reset", "date", "location", "x-request-id"]
    ),
    st.text(max_size=30)
    | st.sampled_from(["application/json", "text/html", "video/mp4", "60", "1e999", "http://["]),
)
STATUSES = st.sampled_from(sorted({case["status"] for case in CASES})) | st.integers(0, 999)
DOCUMENTS = [case["body"] for case in CASES if isinstance(case["body"], dict) and case["body"]]


@st.composite
def mutated(draw):
    """A documented body in which one thing, at any depth, is dropped, retyped, added or nested."""
    document = json.loads(json.dumps(draw(st.sampled_from(DOCUMENTS))))
    place = document
    while inner := [value for value in place.values() if isinstance(value, dict) and value]:
        if draw(st.booleans()):
            break
        place = draw(st.sampled_from(inner))
    key = draw(st.sampled_from(sorted(place)))
    change = draw(st.sampled_from(["drop", "retype", "add", "nest", "write"]))
    if change == "drop":
        del place[key]
    elif change == "add":
        place[draw(KEYS)] = draw(VALUES)
    else:
        place[key] = {
            "retype": lambda: draw(VALUES),
            "nest": lambda: {draw(KEYS): place[key]},
            "write": lambda: json.dumps(place[key]),
        }[change]()
    return document


BODIES = st.binary(max_size=100) | (VALUES | mutated()).map(json.dumps).map(str.encode)
CUT = st.builds(lambda body, at: body[: at % (len(body) + 1)], BODIES, st.integers(0, 400))
ANSWERS = st.builds(Response, STATUSES, HEADERS, BODIES | CUT)
PAID = {"submit", "remix", "character"}
OUTCOMES = {"character": CharacterRef, "content": Request}
ALL = [(name, operation) for operation, names in OPERATIONS.items() for name in sorted(names)]


@pytest.mark.parametrize(("name", "operation"), ALL)
@given(response=ANSWERS)
@settings(max_examples=60, deadline=None)
def test_any_answer_ends_in_a_result_or_a_typed_error(name, operation, response):
    try:
        result = drive(start(name, operation), [response])
    except AnyVideoError as error:
        result = error
    assert str(result).isprintable()
    if isinstance(result, ProviderError) and operation in PAID:
        free = result.status in {400, 429, 503} or result.code == "429"
        assert free or not result.retryable
    assert isinstance(result, (AnyVideoError, OUTCOMES.get(operation, Report)))
    if isinstance(result, Report):
        assert response.ok
        assert result.id
        assert result.status not in {"submitting", "ambiguous"}
        assert result.progress is None or 0 <= result.progress <= 100
        assert str(result.video_url or "https://").lower().startswith(("http://", "https://"))
        assert result.error is None or result.status in {"failed", "cancelled", "expired"}
