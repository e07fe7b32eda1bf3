"""`anyvideo cancel`."""

from decimal import Decimal

import pytest

from anyvideo.cli.commands.cancel import _describe
from anyvideo.model.quote import Quote
from anyvideo.tasks.task import Task

FOX = "a red fox"


def make(status="queued", cost=None):
    return Task(
        "acme",
        "acme",
        "https://x",
        "1",
        "m",
        status,
        cost=cost,
        quote=Quote(Decimal(1), "EUR", "exact"),
        ref="order-7",
    )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (make("succeeded"), make("succeeded"), "job order-7 has ended before: it is succeeded"),
        (make(), make("running"), "job order-7 is running; acme has not stopped it yet"),
        (
            make(),
            make("cancelled"),
            "job order-7 is cancelled; whether acme bills it is not documented",
        ),
        (make(), make("cancelled", "0"), "job order-7 is cancelled; it is not billed"),
        (make(), make("cancelled", "0.4"), "job order-7 is cancelled; billed: 0.40 EUR"),
    ],
)
def test_what_is_known_of_a_cancelled_job(before, after, words):
    assert _describe(before, after) == words


def test_a_vendor_without_it_is_named(call, account, sandbox):
    sandbox.misbehave("stuck")
    call("generate", FOX, "-o", "fox.mp4", "--key", "order-7", "--timeout", 5)
    refused = call("cancel", "order-7")

    assert (refused.code, refused.err.count("\n")) == (2, 1)
    assert "apiyi cannot cancel a job; it goes on, and is billed" in refused.err


def test_a_job_that_has_ended_is_named(call, account):
    call("generate", FOX, "-o", "fox.mp4", "--key", "order-7")
    ended, as_json = call("cancel", "order-7"), call("cancel", "order-7", "--json")

    assert (ended.code, ended.out) == (0, "job order-7 has ended before: it is succeeded\n")
    assert as_json.json["task"]["status"] == "succeeded"
