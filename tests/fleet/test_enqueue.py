"""A list is quoted as a whole before anything is enqueued."""

import io
from decimal import Decimal

import pytest

from anyvideo import Client
from anyvideo.batch.lines import read_job_file
from anyvideo.errors import ConfigError, NegotiationError
from anyvideo.fleet.enqueue import check_limit, check_template, quote_order

GROK = "apiyi/grok-imagine-video-1.5"
CONFIG = {
    "model": GROK,
    "routes": {"hero": {"models": [GROK, "apimart/kling-v3"]}},
}
CLIP = '"seconds": 5, "aspect_ratio": "16:9"'


@pytest.fixture(scope="module")
def session():
    with Client(CONFIG, journal=None) as client:
        yield client.session


def quote(session, *lines, model=None, template="{key}.mp4"):
    text = "\n".join('{"prompt": "a fox", %s, %s}' % (CLIP, line) for line in lines)  # noqa: UP031 (braces)
    return quote_order(session, read_job_file(io.StringIO(text), "list"), model, template)


def test_each_line_goes_to_its_own_model_and_counts_to_the_whole(session):
    order = quote(
        session,
        '"key": "a"',
        '"key": "b", "model": "apimart/kling-v3"',
        '"key": "c", "model": "hero"',
    )

    assert [line.ref for line in order.lines] == ["a", "b", "c"]
    assert [line.model for line in order.lines] == [GROK, "apimart/kling-v3", "hero"]
    assert order.jobs == {("apiyi",): 1, ("apimart",): 1, ("apimart", "apiyi"): 1}
    assert order.refused == {}
    assert order.costs["USD"] == sum(line.cost for line in order.lines)


def test_of_several_offers_the_cheapest_is_taken_where_there_is_a_key(session, monkeypatch):
    line, both = '"key": "a"', f"{GROK},xai/grok-imagine-video-1.5-lite"
    for name in ("APIYI_API_KEY", "XAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)

    assert quote(session, line, model=both).lines[0].model == "xai/grok-imagine-video-1.5-lite"
    monkeypatch.setenv("APIYI_API_KEY", "k")
    assert quote(session, line, model=both).lines[0].model == GROK


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('"key": "b", "seconds": 99', "seconds 99 is not available"),
        ('"key": "b", "model": "apiyi/nothing"', "unknown model"),
        ('"key": "b", "to": "../b.mp4"', "is no file inside of the folder"),
        ('"key": "b", "to": "a.mp4"', "is that of line 1 too"),
        ('"key": "a"', "is that of line 1 too"),
    ],
)
def test_a_line_that_cannot_be_enqueued_is_named(session, line, problem):
    order = quote(session, '"key": "a"', line)

    assert [line.ref for line in order.lines] == ["a"]
    assert problem in order.refused[2]


def test_a_file_has_the_name_of_the_template_or_its_own(session):
    order = quote(
        session, '"key": "a/b"', '"key": "c", "to": "own/d.mp4"',
        template="s3://clips/{name}/{number:03}-{provider}-{key}.mp4",
    )  # fmt: skip
    assert [line.target for line in order.lines] == [
        "s3://clips/list/001-apiyi-a-b.mp4", "s3://clips/own/d.mp4",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("fox.mp4", "would name one file for all jobs"),
        ("{prompt}.mp4", "unknown field 'prompt'; a file's name takes {key}"),
        ("{key", "write a brace that is meant as one twice"),
    ],
)
def test_a_template_that_names_no_file_is_refused(template, problem):
    with pytest.raises(ConfigError, match=problem):
        check_template(template)


def test_a_selector_that_is_unknown_refuses_the_whole_list(session):
    with pytest.raises(NegotiationError, match=r"unknown model"):
        quote(session, '"key": "a"', model="nothing")


def test_a_list_is_held_to_a_limit_as_a_whole(session):
    order = quote(session, '"key": "a"', '"key": "b"')
    check_limit(order, order.costs["USD"], "USD", session)
    with pytest.raises(NegotiationError, match=r"and --max-cost is 0.10 USD; nothing was enqueued"):
        check_limit(order, Decimal("0.10"), "USD", session)
    with pytest.raises(NegotiationError, match=r"add the rate to .currencies."):
        check_limit(order, Decimal(100), "CNY", session)


def test_a_cost_that_is_not_sure_fits_into_no_limit(session):
    order = quote(
        session, '"key": "a", "options": {"apimart": {"mode": "pro"}}', model="apimart/kling-v3"
    )

    assert order.loose == 1
    with pytest.raises(NegotiationError, match=r"the cost of 1 jobs is unknown or an estimate"):
        check_limit(order, Decimal(100), "USD", session)
