"""The offers against the vendor's feed, and what the feed has no field for."""

from collections import Counter
from copy import deepcopy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo_plugins.openrouter.videos import OpenRouter
from tests.plugins.openrouter.feed import FEED, FRAME, list_differences, list_makers

OFFERS = {offer.model: offer for offer in OpenRouter().offers()}
LIVE = {model: offer for model, offer in OFFERS.items() if offer.retired is None}
REFERENCE = Image("https://example.com/backpack.png", "reference")
LAST = Image("https://example.com/last.png", "last_frame")


def answer_to(model, **wishes):
    return negotiate(VideoJob("a fox", **wishes), OFFERS[model])


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan)


def quote_of(model, **wishes):
    plan = answer_to(model, **wishes)
    assert isinstance(plan, Plan), str(plan)
    return plan.quote


def test_the_offers_say_what_the_feed_says():
    assert sorted(list_differences(FEED, OFFERS.values())) == []


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("supported_durations", [5], "durations"),
        ("supported_resolutions", ["480p"], "resolutions"),
        ("supported_aspect_ratios", ["16:9"], "aspect ratios"),
        ("supported_frame_images", None, "frames"),
        ("generate_audio", None, "audio"),
        ("seed", False, "seed"),
        ("pricing_skus", {"duration_seconds": "0.11"}, "USD"),
        ("id", "alibaba/wan-9", "not offered"),
    ],
)
def test_a_newer_feed_is_told_from_this_one(field: str, value: Any, said: str):
    newer = deepcopy(FEED)
    newer[[model["id"] for model in FEED].index("alibaba/wan-3.0-prime")][field] = value
    told = [line for _, line in list_differences(newer, OFFERS.values())]

    assert told
    assert any(said in line for line in told)


def test_models_that_only_change_a_video_are_not_offered():
    assert {model["id"] for model in FEED} - list_makers(FEED).keys() == {
        "black-forest-labs/flux-video-edit",
        "black-forest-labs/flux-video-upscale",
        "heygen/avatar-iv",
        "runway/aleph-2",
    }


def test_no_name_means_two_offers():
    names = Counter(name for offer in OFFERS.values() for name in offer.names_of_model)

    assert [name for name, times in names.items() if times > 1] == []


def test_every_row_and_every_price_has_its_source_and_its_date():
    for offer in OFFERS.values():
        assert offer.source == "https://openrouter.ai/api/v1/videos/models"
        assert offer.checked == date(2026, 11, 21)
        day = date(2026, 10, 5) if offer.retired else date(2026, 10, 9)
        for tier in offer.tiers:
            assert tier.price is not None
            assert (tier.price.source, tier.price.checked) == (offer.source, day)
            assert tier.price.per == "second"
        # No page says either.
        assert (offer.failures_billed, offer.keeps_for, offer.finishes_in) == (None, None, None)


def test_sora_is_retired_and_nothing_else_is():
    (retired,) = OFFERS.keys() - LIVE.keys()
    retirement = OFFERS[retired].retired

    assert retired == "sora-2-pro"
    assert retirement is not None
    assert (retirement.on, retirement.use) == (
        date(2026, 9, 24),
        ("openrouter/grok-imagine-video-1.5",),
    )


# ---- what is sent where the caller says nothing


@pytest.mark.parametrize("model", LIVE)
def test_what_the_price_depends_on_is_always_sent(model):
    plan = answer_to(model)
    assert isinstance(plan, Plan), str(plan)
    lengths = list_makers(FEED)[LIVE[model].wire_model]["supported_durations"]

    sent, tiers = plan.parameters(), [tier for tier in LIVE[model].tiers if not tier.images.min]
    prices = {tier.price for tier in tiers if tier.audio != (False,)}

    assert sent["duration"] == (5 if 5 in lengths else min(lengths))
    assert ("resolution" in sent) == (len(prices) > 1)
    assert sent.get("generate_audio") == (True if (False,) in {t.audio for t in tiers} else None)


def test_a_recorded_bill_is_what_the_quote_says():
    """Bills that other projects recorded: omniapi-mcp and a causal video pipeline."""
    grok = quote_of("grok-imagine-video", seconds=1, resolution="480p", images=[FRAME])
    wan = quote_of("wan3.0", seconds=5, resolution="480p")
    veo = {"seconds": 4, "aspect_ratio": "9:16", "audio": False}

    assert grok.amount == Decimal("0.052")
    assert quote_of("veo-3.1-lite", resolution="720p", **veo).amount == Decimal("0.12")
    assert quote_of("veo-3.1-lite", resolution="1080p", **veo).amount == Decimal("0.20")
    assert (wan.amount, wan.confidence) == (Decimal("0.25"), "ceiling")  # 0.2125 was billed


def test_seedances_pages_say_what_a_second_costs():
    """0.23112 and "from 0.1028" USD on the page of 2.5, "from" 0.06726, 0.04035 and 0.03363 on others."""
    told = {
        ("seedance-2.5", "720p"): "0.23112",
        ("seedance-2.5", "480p"): "0.1028",
        ("seedance-2.0", "480p"): "0.06726",
        ("seedance-2.0-fast", "480p"): "0.04035",
        ("seedance-2.0-mini", "480p"): "0.03363",
    }
    for (model, lines), price in told.items():
        quote = quote_of(model, resolution=lines, seconds=10)
        assert quote.confidence == "estimate"
        assert quote.amount is not None
        assert abs(quote.amount - 10 * Decimal(price)) < Decimal("0.0002")


# ---- images


@pytest.mark.parametrize(
    ("model", "most"),
    [
        ("seedance-2.5", 9),
        ("seedance-2.0", 9),
        ("seedance-2.0-fast", 9),
        ("seedance-2.0-mini", 9),
        ("minimax-h3", 9),
        ("heygen-video-1", 9),
        ("wan2.7", 1),
    ],
)
def test_references_are_taken_where_their_number_is_known(model, most):
    assert takes(model, images=[REFERENCE] * most)
    assert not takes(model, images=[REFERENCE] * (most + 1))
    assert not takes(model, images=[FRAME, REFERENCE])


def test_no_other_model_takes_references():
    assert {model for model in LIVE if takes(model, images=[REFERENCE])} == {
        *("seedance-2.5", "seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini"),
        *("minimax-h3", "heygen-video-1", "wan2.7"),
    }


@pytest.mark.parametrize("model", LIVE)
def test_a_last_frame_needs_a_first_one(model):
    frames = list_makers(FEED)[LIVE[model].wire_model]["supported_frame_images"]

    assert takes(model, images=[FRAME])
    assert takes(model, images=[FRAME, LAST]) == ("last_frame" in frames)
    assert not takes(model, images=[LAST])


def test_who_takes_the_ratio_from_the_frame():
    following = {
        model
        for model, offer in LIVE.items()
        if any(tier.images.sets_ratio for tier in offer.tiers)
    }

    assert following == {
        *("wan3.0", "wan3.0-prime", "wan2.7", "wan2.6", "happyhorse-1.0", "happyhorse-1.1"),
        *("kling-v3", "kling-v3-pro", "kling-video-o1", "minimax-h3", "minimax-h3-max"),
        *("heygen-video-1", "seedance-2.5"),
    }


@pytest.mark.parametrize("count", [1, 9])
@pytest.mark.parametrize("seconds", [5, 15])
def test_h3s_ceiling_covers_its_reference_images(seconds, count):
    quote = quote_of("minimax-h3", seconds=seconds, images=[REFERENCE] * count)

    assert quote.confidence == "ceiling"
    assert quote.amount is not None
    assert quote.amount >= Decimal("0.13") * seconds + Decimal("0.04") * count
    full = Decimal("0.13") * 5 + Decimal("0.04") * 9
    assert quote_of("minimax-h3", seconds=5, images=[REFERENCE] * 9).amount == full


def test_heygens_references_have_their_own_price():
    assert quote_of(
        "heygen-video-1", seconds=5, resolution="768p", images=[REFERENCE]
    ).amount == Decimal("0.30")


def test_only_veo_takes_a_negative_prompt():
    """The guide's sample: provider.options.google-vertex.parameters.negativePrompt."""
    assert {model for model in LIVE if takes(model, negative_prompt="fog")} == {
        "veo-3.1",
        "veo-3.1-fast",
        "veo-3.1-lite",
    }
