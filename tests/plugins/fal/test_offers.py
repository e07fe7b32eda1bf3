"""What fal's rows say of themselves, and what their prices become in a quote."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from anyvideo.plugin import VideoJob
from tests.plugins.fal.answers import FAL, FIRST, LAST, REFERENCES, offer_of, plan_for

OFFERS = FAL.offers()
SORA = {"sora-2", "sora-2-pro"}


def test_every_row_names_its_page_and_its_date():
    for offer in OFFERS:
        assert offer.adapter == "fal"
        assert offer.source.startswith("https://fal.ai/")
        assert offer.checked == date(2026, 11, 21)
        assert offer.failures_billed is False
        for price in (tier.price for tier in offer.tiers if tier.price):
            assert price.source.startswith("https://")
            assert price.currency == "USD"


def test_no_name_means_two_offers():
    names = Counter(name for offer in OFFERS for name in offer.names_of_model)

    assert [name for name, times in names.items() if times > 1] == []


def test_an_endpoint_is_a_name_of_its_model():
    assert offer_of("fal-ai/veo3.1/first-last-frame-to-video").model == "veo-3.1"
    assert offer_of("bytedance/seedance-2.0/mini/text-to-video").model == "seedance-2.0-mini"


def test_no_endpoint_is_prefixed_with_fals_own_name():
    owners = {tier.wire_model.partition("/")[0] for offer in OFFERS for tier in offer.tiers}

    assert owners - {""} == {
        *("fal-ai", "bytedance", "minimax", "alibaba", "xai", "luma", "google"),
        *("lightricks", "blackforestlabs", "kling"),
    }


def test_sora_is_retired_and_nothing_else_is():
    retired = {offer.model: offer.retired for offer in OFFERS if offer.retired}

    assert set(retired) == SORA
    assert {retirement.on for retirement in retired.values()} == {date(2026, 9, 24)}
    for retirement in retired.values():
        assert {offer_of(name.removeprefix("fal/")).retired for name in retirement.use} == {None}


def test_images_travel_as_urls_inside_the_body_or_beforehand():
    for tier in (tier for offer in OFFERS for tier in offer.tiers if tier.images.most):
        assert tier.images.via == ("url", "data", "upload")
        assert tier.images.min >= 1


# A quote for each price on a page, with the words of the page.
QUOTES = [
    ("seedance-2.0", {"seconds": 10}, "3.034"),
    ("seedance-2.0", {"seconds": 10, "images": [FIRST]}, "3.034"),
    ("seedance-2.0", {"seconds": 10, "resolution": "1080p"}, None),
    ("seedance-2.0-fast", {"seconds": 10, "images": REFERENCES}, "2.419"),
    ("seedance-2.0-mini", {"seconds": 10}, None),
    ("veo-3.1", {"seconds": 8}, "3.20"),
    ("veo-3.1", {"seconds": 8, "audio": False}, "1.60"),
    ("veo-3.1", {"seconds": 8, "resolution": "4k"}, "4.80"),
    ("veo-3.1", {"seconds": 8, "resolution": "4k", "audio": False, "images": [FIRST]}, "3.20"),
    ("veo-3.1-fast", {"seconds": 4, "resolution": "1080p", "images": [FIRST, LAST]}, "0.60"),
    ("veo-3.1-fast", {"seconds": 4, "resolution": "4k", "images": [FIRST, LAST]}, "1.40"),
    ("veo-3.1-lite", {"seconds": 8}, None),
    ("kling-v3", {"seconds": 5}, "0.630"),
    ("kling-v3", {"seconds": 5, "audio": False}, "0.420"),
    ("kling-v3", {"seconds": 10, "resolution": "1080p", "audio": False}, "1.120"),
    ("kling-v3", {"seconds": 10, "resolution": "1080p", "audio": True}, "1.680"),
    ("kling-v3", {"seconds": 5, "resolution": "4k"}, "2.10"),
    ("kling-v3-omni", {"seconds": 5, "resolution": "4k"}, "2.10"),
    ("kling-v3-omni", {"seconds": 5}, None),
    ("kling-3.0-turbo", {"seconds": 5, "resolution": "1080p"}, "0.70"),
    ("kling-3.0-turbo", {"seconds": 5}, "0.560"),
    ("kling-3.0-turbo", {"seconds": 5, "images": [FIRST]}, "0.560"),
    ("kling-3.0-turbo", {"seconds": 5, "images": [FIRST], "resolution": "1080p"}, "0.70"),
    ("kling-v4", {}, "1.175"),
    ("kling-v4", {"seconds": 10, "resolution": "720p"}, "1.570"),
    ("kling-v4", {"seconds": 10, "images": [FIRST, LAST]}, "2.350"),
    ("minimax-h3", {"seconds": 5}, None),
    ("hailuo-2.3", {"seconds": 6}, "0.28"),
    ("hailuo-2.3", {"seconds": 10}, "0.56"),
    ("hailuo-2.3", {"resolution": "1080p"}, "0.49"),
    ("hailuo-2.3-fast", {"seconds": 6, "images": [FIRST]}, "0.19"),
    ("hailuo-2.3-fast", {"seconds": 10, "images": [FIRST]}, "0.32"),
    ("hailuo-2.3-fast", {"resolution": "1080p", "images": [FIRST]}, "0.33"),
    ("happyhorse-1.0", {"seconds": 10}, "2.80"),
    ("happyhorse-1.0", {"seconds": 10, "resolution": "720p"}, "1.40"),
    ("pixverse-v6", {"seconds": 5, "images": [FIRST]}, "0.225"),
    ("pixverse-v6", {"seconds": 5, "images": [FIRST], "resolution": "1080p", "audio": True}, "0.575"),
    ("vidu-q3-mix", {"seconds": 10, "images": REFERENCES}, "1.540"),
    ("vidu-q3-mix", {"seconds": 10, "images": REFERENCES, "resolution": "540p"}, "0.70"),
    ("grok-imagine-video-1.5", {"seconds": 5, "images": [FIRST]}, "0.70"),
    ("grok-imagine-video-1.5", {"seconds": 5, "images": [FIRST], "resolution": "480p"}, "0.40"),
    ("ltx-2.3", {"seconds": 10}, "0.80"),
    ("ltx-2.3", {"seconds": 10, "resolution": "4k"}, "3.20"),
    ("ltx-2.3-fast", {"seconds": 20}, "0.80"),
    ("gemini-omni-flash", {"seconds": 8}, "1.000"),
    ("flux-3-max", {}, "0.85"),
    ("flux-3-video", {"seconds": 10}, "1.70"),
    ("flux-3-video", {"seconds": 10, "resolution": "1080p"}, "2.90"),
    ("flux-3-video", {"seconds": 10, "images": [FIRST]}, None),
    ("seedance-2.5", {"seconds": 10}, "4.7300"),
    ("seedance-2.5", {"seconds": 10, "resolution": "480p", "images": [FIRST]}, "2.2050"),
    ("seedance-2.5", {"seconds": 30, "resolution": "1080p", "images": REFERENCES}, "34.920"),
    ("gemini-omni-1.1-flash", {"seconds": 10, "resolution": "1080p"}, "1.50"),
    ("gemini-omni-1.1-flash", {"seconds": 10, "resolution": "360p", "images": [FIRST]}, "0.30"),
    ("gemini-omni-1.2-flash", {"seconds": 10}, "0.8190"),
    ("gemini-omni-1.2-flash", {"seconds": 10, "resolution": "1080p", "images": REFERENCES}, "1.2290"),
    ("gemini-omni-1.2-flash", {"seconds": 15, "resolution": "4k"}, "3.6855"),
    ("wan3.0", {"seconds": 5, "resolution": "720p"}, "0.50"),
    ("wan3.0", {"seconds": 30, "images": [FIRST]}, "6.00"),
    ("wan3.0-prime", {"seconds": 5, "resolution": "720p", "images": [FIRST, LAST]}, "0.70"),
    ("ltx-2.5-pro", {"seconds": 10, "images": [FIRST]}, "1.70"),
    ("ltx-2.5-fast", {"seconds": 20, "resolution": "720p"}, "1.80"),
    ("ltx-2.5-fast", {"seconds": 10, "resolution": "4k", "images": [FIRST]}, "3.00"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "wishes", "amount"), QUOTES)
def test_a_price_of_a_page_is_quoted(model, wishes, amount):
    quote = plan_for(VideoJob("p", **wishes), model).quote

    assert quote.amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("model", ["gemini-omni-flash", "grok-imagine-video-1.5"])
def test_a_price_that_is_not_all_is_an_estimate(model):
    images = [FIRST] if model.startswith("grok") else []

    assert plan_for(VideoJob("p", seconds=5, images=images), model).quote.confidence == "estimate"
