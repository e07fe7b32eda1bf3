"""What both clients do without a network: price lists, and plans that are applied later."""

from contextlib import ExitStack
from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.errors import ConfigError, DriftError, JobError
from anyvideo.model.job import VideoJob
from anyvideo.negotiation.policy import Policy
from tests.acme.adapter import CLIPS, Clips
from tests.acme.plugin import make_registry
from tests.clients import KINDS

JOB = VideoJob("a fox", seconds=8)
DEARER = Clips(text=CLIPS.replace('"0.10"', '"0.20"'))


@pytest.fixture
def open_client(kind):
    with ExitStack() as opened:

        def open_one(adapter=None):
            registry = make_registry(adapter or Clips())
            return opened.enter_context(KINDS[kind]({}, journal=None, registry=registry))

        yield open_one


def test_a_list_of_jobs_is_priced(open_client):
    prices = open_client().price([JOB, '{"prompt": "a wolf", "seconds": 4}', "nonsense"], "acme/*")
    assert prices.total.costs == {"USD": Decimal("1.20")}
    assert [*prices.mistakes] == [3]


def test_a_plan_is_read_from_text(open_client):
    made = open_client().plan(JOB, "acme/clip")
    assert open_client().read_plan(made.to_json()).fingerprint == made.fingerprint
    with pytest.raises(ConfigError, match="that is no plan"):
        open_client().read_plan("{}")
    with pytest.raises(DriftError, match=r"price.amount was 0\.80 and is 1\.60"):
        open_client(DEARER).read_plan(made.to_json())


def test_a_plan_that_has_drifted_is_not_sent(open_client):
    made = open_client().plan(JOB, "acme/clip")
    with pytest.raises(DriftError, match="plan again and review it"):
        open_client(DEARER).submit(made)


def test_a_text_is_the_prompt_of_a_job(open_client):
    client = open_client()
    assert client.plan("a fox", "acme/clip") == client.plan(VideoJob("a fox"), "acme/clip")
    assert client.compare("a fox") == client.compare(VideoJob("a fox"))


@pytest.mark.parametrize("given", [{"prompt": "a fox"}, None, b"a fox"], ids=repr)
def test_what_is_no_job_is_told(open_client, given):
    with pytest.raises(JobError, match="is no job; pass a VideoJob or the text of a prompt"):
        open_client().plan(given, "acme/clip")


def test_plans_and_comparisons_are_short_to_read(open_client):
    client = open_client()
    found = client.compare(JOB)
    refused = client.compare(evolve(JOB, seconds=600))

    assert str(client.plan(JOB, "acme/clip")) == "acme/clip: 8 s, 0.80 USD"
    assert str(found) == "acme/clip: 8 s, 0.80 USD\nrefused by 1 of 2 offers"
    assert repr(found) == "<Comparison plans=1 refusals=1>"
    assert "offer='acme/clip'" in repr(found.plans[0])
    assert "offer='acme/clip'" in repr(refused.refusals[0])
    adjusted = client.plan(evolve(JOB, seconds=9), "acme/clip", policy=Policy(seconds="nearest"))
    assert str(adjusted) == "acme/clip: 8 s, seconds 9 -> 8 (accepted: 4, 8, 12), 0.80 USD"
    assert max(len(repr(found)), len(repr(found.plans[0])), len(repr(refused.refusals[0]))) < 1200
