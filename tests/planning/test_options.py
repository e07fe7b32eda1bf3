"""The caller's own parameters are passed on as they are, and what they may cost is not guessed."""

from decimal import Decimal

import pytest

from anyvideo import BudgetError, Client, NegotiationError, Policy, VideoJob

ROUTE = {"routes": {"cheap": {"models": ["apimart/kling-v3"], "max_cost": "0.50"}}}


@pytest.fixture
def client():
    with Client(config=ROUTE, journal=None) as client:
        yield client


def plan(client, model, options, **wishes):
    adapter = model.partition("/")[0]
    job = VideoJob("a fox", options={adapter: options}, **wishes)
    return client.plan(job, model, policy=Policy(retired="allow"))


@pytest.mark.parametrize(
    ("model", "options"),
    [
        ("apimart/kling-v3", {"mode": "4k"}),
        ("apimart/kling-v3", {"audio": True}),
        ("apimart/kling-v3", {"duration": 15}),
        ("apiyi/sora-2-pro", {"size": "1920x1080"}),
        ("apiyi/sora-2-pro", {"seconds": "12"}),
        ("apiyi/sora-2-pro", {"model": "sora-9"}),
        ("apiyi/veo-3.1", {"model": "sora-9"}),
    ],
)
def test_an_option_that_the_price_hangs_on_makes_the_quote_unknown(client, model, options):
    made = plan(client, model, options)

    assert (made.quote.amount, made.quote.confidence) == (None, "unknown")
    assert f"but the options set {next(iter(options))}" in made.quote.basis
    assert options.items() <= made.requests[-1].json.items()


def test_another_option_makes_an_exact_quote_an_estimate(client):
    made = plan(client, "apimart/kling-v3", {"shot_type": "customize"}, seconds=5)

    assert (made.quote.amount, made.quote.confidence) == (Decimal("0.3360"), "estimate")


def test_a_flat_price_does_not_hang_on_the_length(client):
    made = plan(client, "apiyi/veo-3.1", {"seconds": "6"})

    assert (made.quote.amount, made.quote.confidence) == (Decimal("1.2"), "estimate")


def test_an_option_does_not_lead_past_the_limit_of_a_route(client):
    job = VideoJob("a fox", seconds=5, options={"apimart": {"mode": "4k"}})

    with pytest.raises((NegotiationError, BudgetError), match=r"0\.50"):
        client.plan(job, "cheap")


def test_a_price_that_is_unknown_stays_so(client):
    made = plan(client, "apimart/sora-2-vip", {"shot_type": "customize"})

    assert (made.quote.amount, made.quote.confidence) == (None, "unknown")


def test_only_what_was_asked_for_is_sent_where_no_price_hangs_on_it(client):
    made = plan(client, "apimart/sora-2-vip", {}, aspect_ratio="9:16")

    assert made.requests[-1].json == {
        "model": "sora-2-vip",
        "prompt": "a fox",
        "aspect_ratio": "9:16",
    }
