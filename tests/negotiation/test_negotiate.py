"""One job and one offer end in a plan or a refusal with reasons and nearest jobs."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.errors import ConfigError
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Images, Retirement, Tier
from anyvideo.model.plan import Plan
from anyvideo.model.quote import Price
from anyvideo.negotiation.negotiate import compare
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy
from tests.acme.answers import FULL, HD, ask, refuse, sell

TIERS = sell(
    Tier("720p", seconds=(4, 8), shapes=(HD,), price=Price(Decimal("0.10"))),
    Tier("1080p", seconds=(8,), shapes=(FULL,), price=Price(Decimal("0.30"))),
)


def test_limits_hold_together_in_tiers():
    assert ask(TIERS, {"seconds": 8, "size": "1920x1080"}).tier_index == 1
    assert ask(TIERS, {"seconds": 8}).tier_index == 0
    assert refuse(TIERS, {"seconds": 4, "size": "1920x1080"}) == [
        "size 1920x1080 is not available together with the rest of this job; accepted with it: 1280x720",
        "seconds 4 is not available together with the rest of this job; accepted with it: 8",
    ]
    assert refuse(TIERS, {"seconds": 5, "size": "1920x1080"}) == [
        "seconds 5 is not available; accepted: 4, 8"
    ]


def test_the_nearest_jobs_are_ranked_by_change_and_then_by_price():
    refusal = ask(TIERS, {"seconds": 4, "size": "1920x1080"})
    assert [(plan.job.seconds, plan.job.size, str(plan.quote)) for plan in refusal.nearest] == [
        (4, "1280x720", "0.40 USD"), (8, "1920x1080", "2.40 USD"),
    ]  # fmt: skip
    same = sell(
        Tier(seconds=(8,), price=Price(Decimal(2))), Tier(seconds=(8,), price=Price(Decimal(1)))
    )
    assert [str(plan.quote) for plan in ask(same, {"seconds": 4}).nearest] == ["8.00 USD"]
    assert ask(sell(Tier(images=Images(first_frame=1, min=1))), {}).nearest == ()


def test_the_tier_with_the_smallest_change_wins():
    plan = ask(
        TIERS, {"seconds": 9, "size": "1920x1080"}, {"seconds": "nearest", "size": "nearest"}
    )
    assert (plan.tier_index, plan.job.seconds) == (1, 8)
    plan = ask(TIERS, {"seconds": 4, "size": "1920x1080"}, {"seconds": "up"})
    assert (plan.tier_index, plan.job.seconds) == (1, 8)


@pytest.mark.parametrize(
    ("today", "rules", "taken"),
    [(None, {}, False), (date(2026, 9, 24), {}, False), (date(2026, 9, 23), {}, True),
     (date(2026, 12, 1), {"retired": "allow"}, True)],
)  # fmt: skip
def test_a_retired_offer_is_refused_from_its_day_on_unless_allowed(today, rules, taken):
    offer = sell(Tier(), retired=Retirement(date(2026, 9, 24), ("acme/clip-2",)))
    answer = ask(offer, {}, rules, today)
    assert isinstance(answer, Plan) == taken
    if not taken:
        assert str(answer) == (
            "acme/clip: retired on 2026-09-24; use acme/clip-2 instead, "
            "or allow it with the policy retired=allow"
        )
        assert answer.nearest == ()
        assert answer.reasons[0].accepted == ("acme/clip-2",)
    assert str(Retirement(date(2026, 9, 24))) == "retired on 2026-09-24; no replacement"


def test_a_prompt_may_be_too_long():
    offer = sell(Tier(seconds=(4,)), prompt_max=5)
    assert refuse(offer, {"prompt": "abcdef"}) == ["the prompt has 6 characters; accepted: up to 5"]
    assert len(refuse(offer, {"prompt": "abcdef", "seconds": 5})) == 2
    assert isinstance(ask(offer, {"prompt": "雪の中の狐"}), Plan)


def test_a_quote_is_exact_only_where_the_request_fixes_it():
    price = Price(Decimal("0.10"))
    assert str(ask(sell(Tier(seconds=(4, 8), price=price)), {"seconds": 8}).quote) == "0.80 USD"
    assert str(ask(sell(Tier(seconds=(8,), price=price)), {}).quote) == "0.80 USD"
    assert (
        str(ask(sell(Tier(seconds=(4, 8), default_seconds=4, price=price)), {}).quote)
        == "about 0.40 USD"
    )
    assert str(ask(sell(Tier(seconds=(4, 8), price=price)), {}).quote) == "at most 0.80 USD"
    assert str(ask(sell(Tier(price=price)), {}).quote) == "unknown"


@pytest.mark.parametrize(
    ("options", "quote"),
    [
        ({}, "0.80 USD"), ({"other": {"mode": "pro"}}, "0.80 USD"), ({"acme": {"fps": 60}}, "about 0.80 USD"),
        ({"acme": {"mode": "pro"}}, "unknown"), ({"acme": {"duration": 12}}, "unknown"), ({"acme": {"model": "x"}}, "unknown"),
    ],
)  # fmt: skip
def test_what_options_do_to_the_price_is_not_guessed(options, quote):
    price = Price(Decimal("0.10"))
    tiers = (Tier(seconds=(8,), price=price), Tier(seconds=(12,), wire={"mode": "pro"}))
    offer = sell(*tiers, names={"seconds": "duration"})
    assert str(ask(offer, {"seconds": 8, "options": options}).quote) == quote


def test_a_price_for_all_hangs_on_the_model_alone():
    price = Price(Decimal(1), "video")
    offer = sell(Tier(seconds=(4, 8), audio=(True,), wire={"mode": "pro"}, price=price))
    assert offer.price_parameters == {"model"}
    assert sell(Tier(wire={"mode": "pro"})).price_parameters == {
        "model",
        "seconds",
        "audio",
        "mode",
    }


def test_a_comparison_is_ordered_by_cost_unknown_last():
    priced = [sell(Tier(price=Price(Decimal(n), "video"))) for n in (3, 0, 1)]
    found = compare(VideoJob("a fox"), [sell(Tier()), *priced, sell(Tier(), prompt_max=1)])
    assert [str(plan.quote) for plan in found.plans] == [
        "0.00 USD",
        "1.00 USD",
        "3.00 USD",
        "unknown",
    ]
    assert len(found.refusals) == 1


@pytest.mark.parametrize("name", POLICY_FIELDS)
def test_a_policy_says_which_rules_there_are(name):
    rules = "refuse, allow" if name == "retired" else "exact, nearest, up, down, drop"
    with pytest.raises(ConfigError, match=f"policy {name} is 'maybe'; it takes {rules}"):
        Policy(**{name: "maybe"})  # type: ignore[arg-type]  # no such rule


@pytest.mark.parametrize(
    ("unit", "longest", "words"),
    [
        ("characters", 3, "the prompt has 4 characters; accepted: up to 3"),
        ("bytes", 7, "the prompt has 8 bytes; accepted: up to 7"),
        ("utf16", 4, "the prompt has 5 UTF-16 units; accepted: up to 4"),
    ],
)
def test_a_prompt_is_counted_as_the_vendor_counts_it(unit, longest, words):
    offer = sell(Tier(), prompt_max=longest, prompt_unit=unit)
    fits = sell(Tier(), prompt_max=longest + 1, prompt_unit=unit)

    assert refuse(offer, {"prompt": "afé🦊"}) == [words]
    assert isinstance(ask(fits, {"prompt": "afé🦊"}), Plan)
