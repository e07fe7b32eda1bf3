"""What Replicate's rows say of themselves, what they refuse, and what their prices become."""

from collections import Counter
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from tests.plugins.replicate.answers import FIRST, LAST, OFFERS, REFERENCES, REPLICATE, plan_for

ROWS = REPLICATE.offers()


def test_every_row_names_its_page_and_its_date():
    for offer in ROWS:
        assert offer.adapter == "replicate"
        assert offer.source == f"https://replicate.com/{offer.wire_model}"
        assert offer.checked == date(2026, 11, 21)
        assert (offer.failures_billed, offer.keeps_for, offer.retired) == (False, 3600, None)
        for price in (tier.price for tier in offer.tiers if tier.price):
            assert price.source == offer.source
            assert (price.currency, price.per) == ("USD", "second")


def test_every_file_of_rows_is_read():
    folder = files("anyvideo_plugins.replicate")
    texts = [file for file in folder.iterdir() if file.name.startswith("offers")]

    assert sum(file.read_text().count("[[offers]]") for file in texts) == len(ROWS)


def test_no_name_means_two_offers():
    names = Counter(name for offer in ROWS for name in offer.names_of_model)

    assert [name for name, times in names.items() if times > 1] == []


def test_a_model_of_replicate_is_a_name_of_its_offer():
    assert "kwaivgi/kling-v3-video" in OFFERS["kling-v3"].names_of_model
    assert "wan-video/wan-2.6-t2v" in OFFERS["wan2.6"].names_of_model


def test_every_model_is_an_owner_and_a_name():
    assert {offer.wire_model.partition("/")[0] for offer in ROWS} == {
        *("google", "bytedance", "kwaivgi", "pixverse", "vidu", "minimax"),
        *("wan-video", "xai", "runwayml", "lightricks", "luma"),
    }
    assert {offer.wire_model.count("/") for offer in ROWS} == {1}
    assert {tier.wire_model for offer in ROWS for tier in offer.tiers} <= {
        "",
        *(offer.wire_model for offer in ROWS),
    }


def test_images_travel_as_urls_inside_the_body_or_beforehand():
    for tier in (tier for offer in ROWS for tier in offer.tiers if tier.images.most):
        assert tier.images.via == ("url", "data", "upload")


# ---- A quote for each price of a page, for 10 seconds

SILENT = {"audio": False}
QUOTES = [
    ("seedance-2.5", {}, "2.312"),
    ("seedance-2.5", {"resolution": "480p", "images": [FIRST, LAST]}, "1.028"),
    ("seedance-2.5", {"resolution": "480p", "images": REFERENCES}, "1.028"),
    ("seedance-2.5", {"resolution": "1080p"}, None),
    ("seedance-2.0", {}, "1.80"),
    ("seedance-2.0", {"resolution": "480p", "images": [FIRST]}, "0.80"),
    ("seedance-2.0", {"resolution": "480p", "images": REFERENCES}, "0.80"),
    ("seedance-2.0", {"resolution": "1080p", "images": REFERENCES}, None),
    ("kling-v2-6", {}, "1.40"),
    ("kling-v2-6", SILENT, "0.70"),
    ("kling-v2-6", {"images": [FIRST]}, "1.40"),
    ("kling-v2-6", {"images": [FIRST], **SILENT}, "0.70"),
    ("pixverse-v6", {}, "0.70"),
    ("pixverse-v6", {"audio": True}, "0.90"),
    ("pixverse-v6", {"resolution": "360p"}, "0.50"),
    ("pixverse-v6", {"resolution": "360p", "audio": True, "images": [FIRST]}, "0.70"),
    ("pixverse-v6", {"resolution": "720p", "images": [FIRST, LAST], **SILENT}, "0.90"),
    ("pixverse-v6", {"resolution": "720p", "audio": True}, "1.20"),
    ("pixverse-v6", {"resolution": "1080p"}, "1.80"),
    ("pixverse-v6", {"resolution": "1080p", "audio": True, "images": [FIRST]}, "2.30"),
    ("vidu-q3-pro", {}, "1.50"),
    ("vidu-q3-pro", {"resolution": "540p"}, "0.70"),
    ("vidu-q3-pro", {"resolution": "1080p", "images": [FIRST, LAST]}, "1.60"),
    ("kling-v3", {}, None),
    ("hailuo-2.3", {}, None),
]


@pytest.mark.parametrize(("model", "wishes", "amount"), QUOTES)
def test_a_price_of_a_page_is_quoted(model, wishes, amount):
    quote = plan_for(model, seconds=10, **wishes).quote

    assert quote.amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize(
    ("model", "confidence"),
    [("seedance-2.5", "exact"), ("seedance-2.0", "estimate"), ("vidu-q3-pro", "exact")],
)
def test_a_price_that_copies_of_the_page_disagree_on_is_an_estimate(model, confidence):
    assert plan_for(model, seconds=10).quote.confidence == confidence


# ---- What the descriptions of the fields rule out

REFUSED = [
    ("veo-3.1", {"images": [LAST, *REFERENCES]}),
    ("veo-3.1", {"images": REFERENCES, "aspect_ratio": "9:16"}),
    ("veo-3.1", {"images": REFERENCES, "seconds": 4}),
    ("veo-3.1-fast", {"images": REFERENCES}),
    ("veo-3.1", {"seconds": 5}),
    ("seedance-2.5", {"images": [FIRST, *REFERENCES]}),
    ("seedance-2.5", {"seconds": 31}),
    ("seedance-2.0-fast", {"resolution": "1080p"}),
    ("seedance-1-0-pro-fast", {"images": [FIRST, LAST]}),
    ("seedance-1-5-pro", {"resolution": "1080p"}),
    ("kling-v2-6", {"images": [FIRST, LAST]}),
    ("kling-v2-1", {}),
    ("kling-v2-1", {"images": [FIRST, LAST], "resolution": "720p"}),
    ("hailuo-2.3", {"seconds": 10, "resolution": "1080p"}),
    ("hailuo-2.3-fast", {}),
    ("hailuo-02", {"seconds": 10, "resolution": "512p"}),
    ("wan2.6", {"images": [FIRST]}),
    ("wan2.5", {}),
    ("ltx-2.3-fast", {"seconds": 12, "resolution": "4k"}),
    ("ltx-2.3", {"seconds": 12}),
]


@pytest.mark.parametrize(("model", "wishes"), REFUSED)
def test_what_no_tier_takes_is_refused_or_changed(model, wishes):
    plan = negotiate(VideoJob("a fox", **wishes), OFFERS[model])

    assert not isinstance(plan, Plan) or plan.adjustments
