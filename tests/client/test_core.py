"""What both clients do without a network: price lists, and plans that are applied later."""

from contextlib import ExitStack
from decimal import Decimal

import pytest

from anyvideo.errors import ConfigError, DriftError
from anyvideo.model.job import VideoJob
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
