"""A plan survives JSON; a changed plan file is refused, and any other text too."""

import json
from contextlib import suppress

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.errors import ConfigError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.saved import list_drift
from tests.acme.adapter import Clips
from tests.strategies import TODAY, jobs, offers, policies, upload, uploads_of

BODY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


def make(job=None, offer=None, rules=Policy(), body=None):  # noqa: B008 (a frozen value)
    plan = negotiate(job, offer, rules, uploads=uploads_of(job), today=TODAY)
    requests = (
        Request("POST", "/files", form={}, files={"file": upload("a.png")}),
        Request("POST", "/clips", json=body, headers={"x": "y"}, query={"q": "1"}, paid=True),
    )
    if not isinstance(plan, Plan):
        return None
    return evolve(
        plan,
        provider="main",
        origin="https://x.example",
        adapter_version="acme 1",
        build_requests=lambda _: requests,
    )


@settings(max_examples=60, deadline=None)
@given(jobs, offers, policies, BODY)
def test_a_plan_survives_json(job, offer, rules, body):
    plan = make(job, offer, rules, body)
    if plan is not None:
        again = Plan.from_json(plan.to_json())
        assert again.fingerprint == plan.fingerprint
        assert (again.job, again.asked, again.quote) == (plan.job, plan.asked, plan.quote)
        assert (again.offer.name, again.tier_index, again.retired) == (
            plan.offer.name,
            plan.tier_index,
            plan.retired,
        )
        assert (again.seconds, again.tier.name) == (plan.seconds, plan.tier.name)
        assert [item.field for item in again.adjustments] == [
            item.field for item in plan.adjustments
        ]
        assert Plan.from_json(json.loads(plan.to_json())).to_json() == again.to_json()


@pytest.fixture(name="text")
def save_plan():
    clip, _ = Clips().offers()
    clip = evolve(clip, tiers=tuple(evolve(tier, accepts=()) for tier in clip.tiers))
    job = VideoJob("a fox", seconds=7, images=[b"GIF89a"], character=Character(from_task="t"))
    plan = negotiate(job, clip, Policy(seconds="up", images="drop", character="drop"))
    assert isinstance(plan, Plan)
    return evolve(
        plan, build_requests=lambda _: (Request("POST", "/clips", json={"a": 1}, paid=True),)
    ).to_json()


def test_a_plan_file_can_be_read_by_people(text):
    data = json.loads(text)
    assert data["offer"] == "acme/clip"
    assert data["job"] == {
        "prompt": "a fox",
        "seconds": 8,
        "images": [{"source": "data:;base64,R0lGODlh", "role": "first_frame"}],
    }
    assert [(item["field"], item["granted"]) for item in data["adjustments"]] == [
        ("seconds", 8),
        ("character", None),
    ]
    assert data["adjustments"][1]["asked"]["from_task"] == "t"
    assert data["quote"] == {
        "amount": "0.80", "currency": "USD", "confidence": "exact", "basis": "8 s x 0.10 USD/s",
        "source": "https://acme.example/models", "checked": "2026-11-01", "failures_billed": False,
    }  # fmt: skip
    assert data["requests"] == [{"method": "POST", "url": "/clips", "paid": True, "json": {"a": 1}}]


@pytest.mark.parametrize(
    "path",
    [
        ("requests", 0, "url"),
        ("quote", "amount"),
        ("adapter", "release"),
        ("model",),
        ("tier", "name"),
    ],
)
def test_a_plan_that_was_changed_is_refused(text, path):
    data = json.loads(text)
    place = data
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = "3"
    with pytest.raises(ConfigError, match="the plan was changed after it was made; change the job"):
        Plan.from_json(json.dumps(data))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"anyvideo_plan": 9}, "it has the version 9, and this release reads 1"),
        ({"job": {"prompt": ""}}, "that is no plan .JobError: the job: the prompt is empty"),
        ({"quote": {"amount": "x"}}, "that is no plan .*InvalidOperation"),
        ({"requests": [{"verb": "GET"}]}, "that is no plan .TypeError"),
        ({"offer": 3}, "that is no plan .AttributeError"),
    ],
)
def test_what_is_no_plan_is_told(text, change, why):
    with pytest.raises(ConfigError, match=why):
        Plan.from_json({**json.loads(text), **change})


@pytest.mark.parametrize("text_", ["", "{", "[]", "3", "{}", "[" * 100_000, b"\xff", '"x"'])
def test_other_texts_are_no_plans(text_):
    with pytest.raises(ConfigError, match="that is no plan"):
        Plan.from_json(text_)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_change_of_a_plan_file_ends_in_a_plan_or_a_typed_error(data):
    clip = data.draw(offers)
    plan = make(VideoJob("a fox"), clip)
    if plan is not None:
        saved = json.loads(plan.to_json())
        saved[data.draw(st.sampled_from([*saved]))] = data.draw(BODY)
        with suppress(ConfigError):
            Plan.from_json(saved)


def test_drift_is_named_by_what_changed():
    before = {
        "price": {"amount": "1", "currency": "USD"}, "requests": [{"json": {"a": [1, 2], "p": "x" * 99}}],
        "files": [{"name": "a.png", "sha256": "1"}, {"name": "b.png", "sha256": "2"}], "same": [1],
    }  # fmt: skip
    now = {
        "price": {"amount": "2", "currency": "USD"}, "requests": [{"json": {"a": [1], "p": "y"}}],
        "files": [{"name": "a.png", "sha256": "9"}, {"name": "c.png", "sha256": "2"}], "same": [1],
    }  # fmt: skip
    assert list_drift(before, now) == [
        "price.amount was 1 and is 2",
        "requests[0].json.a was [1, 2] and is [1]",
        f"requests[0].json.p was {'x' * 60}... and is y",
        "the file a.png is another one now",
        "files[1].name was b.png and is c.png",
    ]
    assert list_drift({"a": 1}, {"b": 2}) == ["a was 1 and is nothing", "b was nothing and is 2"]
    assert list_drift(before, before) == []
