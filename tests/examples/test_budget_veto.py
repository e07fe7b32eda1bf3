"""The example of a budget in a plugin: a job above it is refused before anything is sent."""

import pytest

from anyvideo.errors import BudgetError
from anyvideo.model.job import VideoJob
from tests.examples.running import MODEL, load_example, open_client

JOB = VideoJob("a fox", seconds=4)
UNPRICED = {"offers": [{"adapter": "apiyi", "model": "new", "source": "https://example.com"}]}


@pytest.fixture
def client(sandbox, sandbox_clock):
    with open_client(load_example("budget_veto"), sandbox, sandbox_clock, UNPRICED) as opened:
        yield opened


def test_a_job_within_the_budget_is_sent(client, monkeypatch):
    assert client.submit(JOB, MODEL).id
    monkeypatch.setenv("BUDGET_VETO_MOST", "1.00")
    assert client.submit(JOB, MODEL).id


def test_a_job_over_the_budget_is_refused_and_nothing_is_sent(client, sandbox, monkeypatch):
    monkeypatch.setenv("BUDGET_VETO_MOST", "0.10")

    with pytest.raises(BudgetError, match=r"would cost 0.32 USD, more than 0.10"):
        client.submit(JOB, MODEL)
    with pytest.raises(BudgetError, match="has no known price, and BUDGET_VETO_MOST is set"):
        client.submit(VideoJob("a fox"), "apiyi/new")
    assert sandbox.posts() == []
