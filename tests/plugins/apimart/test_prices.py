"""APIMart's price list, written out, against what the offers quote."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.plugin import Image, VideoJob
from tests.plugins.apimart.answers import APIMART, FIRST, offer_of, plan_for

REFERENCE = Image("https://example.com/reference.png", "reference")

# The price list of 2026-09-21, after discount: USD a second by resolution, "+" with sound. A resolution's
# key is ours; Kling's std and pro are 720p and 1080p.
EXACT = {
    "sora-2": {"720p": "0.08"},
    "sora-2-pro": {"720p": "0.24", "1024p": "0.40", "1080p": "0.56"},
    "veo-3.1-fast-official": {"720p": "0.064", "720p+": "0.08", "1080p": "0.08", "1080p+": "0.096"},
    "veo-3.1-official": {"720p": "0.16", "720p+": "0.32", "1080p": "0.16", "1080p+": "0.32"},
    "kling-v2-6": {"720p": "0.0368", "1080p": "0.0625", "1080p+": "0.125"},
    "kling-v3": {
        "720p": "0.0672",
        "720p+": "0.1008",
        "1080p": "0.0896",
        "1080p+": "0.1344",
        "4k": "0.42856",
        "4k+": "0.42856",
    },
    "kling-v3-omni": {
        "720p": "0.0672",
        "720p+": "0.0896",
        "1080p": "0.0896",
        "1080p+": "0.112",
        "4k": "0.42856",
        "4k+": "0.42856",
    },
    "kling-3.0-turbo": {"720p": "0.1144", "1080p": "0.1432"},
    "kling-video-o1": {"720p": "0.0672", "1080p": "0.0896"},
    "wan2.6": {"720p": "0.05", "1080p": "0.084"},
    "wan2.7": {"720p": "0.0664", "1080p": "0.1096"},
    "wan2.7-r2v": {"720p": "0.0664", "1080p": "0.1096"},
    "wan3.0": {"480p": "0.03288", "720p": "0.065752", "1080p": "0.131504"},
    "wan2.5": {"480p": "0.0336", "720p": "0.0664", "1080p": "0.1096"},
    "happyhorse-1.0": {"720p": "0.13", "1080p": "0.23"},
    "happyhorse-1.1": {"720p": "0.13", "1080p": "0.172"},
    "hailuo-02": {"512p": "0.0104", "768p": "0.04", "1080p": "0.08"},
    "hailuo-2.3": {"768p": "0.0488", "1080p": "0.072"},
    "minimax-h3": {"768p": "0.05712", "1440p": "0.09144"},
    "minimax-h3-max": {"480p": "0.03768", "768p": "0.05712", "1080p": "0.128"},
    "grok-imagine-video-1.5-ext": {"480p": "0.0102", "720p": "0.01912"},
    "grok-imagine-video-1.5": {"480p": "0.064", "720p": "0.112", "1080p": "0.2"},
    "vidu-q3-pro": {"540p": "0.056", "720p": "0.12", "1080p": "0.128"},
    "vidu-q3-turbo": {"540p": "0.032", "720p": "0.048", "1080p": "0.056"},
    "pixverse-v6": {
        "360p": "0.016",
        "360p+": "0.024",
        "540p": "0.024",
        "540p+": "0.032",
        "720p": "0.032",
        "720p+": "0.04",
        "1080p": "0.064",
        "1080p+": "0.08",
    },
    "skyreels-v4": {"480p": "0.088", "720p": "0.112", "1080p": "0.28"},
    "skyreels-v4-fast": {"480p": "0.064", "720p": "0.088", "1080p": "0.22"},
    "flux-3-video": {"720p": "0.136", "1080p": "0.232"},
}
# The same for models that take nothing but images.
FROM_IMAGES = {
    "wan2.6-i2v-flash": {
        "720p": "0.0168",
        "720p+": "0.0336",
        "1080p": "0.028",
        "1080p+": "0.0552",
    },
    "hailuo-2.3-fast": {"768p": "0.0248", "1080p": "0.0424"},
    "vidu-q3": {"540p": "0.04", "720p": "0.08", "1080p": "0.1"},
    "vidu-q3-mix": {"720p": "0.1", "1080p": "0.12"},
}
# Seedance is billed by tokens.
ESTIMATES = {
    "seedance-2.0": {"480p": "0.066", "720p": "0.142", "1080p": "0.3544", "4k": "0.722"},
    "seedance-2.0-fast": {"480p": "0.03984", "720p": "0.0856"},
    "seedance-2.0-mini": {"480p": "0.01056", "720p": "0.02288"},
    "seedance-2.0-face": {"480p": "0.0992", "720p": "0.2136", "1080p": "0.5"},
    "seedance-2.0-fast-face": {"480p": "0.08", "720p": "0.172"},
    "seedance-2.5": {"480p": "0.09608", "720p": "0.216", "1080p": "0.38488"},
    "seedance-1-5-pro": {"480p": "0.0204", "720p": "0.044", "1080p": "0.108"},
    "seedance-1-0-pro": {"480p": "0.0204", "720p": "0.044", "1080p": "0.104"},
    "seedance-1-0-pro-fast": {"480p": "0.0088", "720p": "0.02", "1080p": "0.0416"},
}
LISTED = date(2026, 9, 21)


def quote_for(model, key, *images, **preferences):
    """Quote a clip in a resolution, whose key ends in "+" where it has sound; give its length."""
    offer = offer_of(model)
    if any(tier.audio == (True,) for tier in offer.tiers):
        preferences["audio"] = key.endswith("+")
    job = VideoJob("p", resolution=key.rstrip("+"), images=images, **preferences)
    plan = plan_for(job, model)
    return plan.quote, plan.job.seconds


@pytest.mark.parametrize("model", EXACT | ESTIMATES | FROM_IMAGES)
def test_every_price_of_the_list_is_quoted(model):
    images = [REFERENCE if model.startswith("vidu") else FIRST] if model in FROM_IMAGES else []
    for key, rate in (EXACT | ESTIMATES | FROM_IMAGES)[model].items():
        quote, seconds = quote_for(model, key, *images)

        assert (quote.amount, quote.currency) == (seconds * Decimal(rate), "USD")
        assert quote.confidence == ("estimate" if model in ESTIMATES else "exact")
        assert (quote.source, quote.checked) == ("https://apimart.ai/en/pricing", LISTED)
        assert quote.failures_billed is False


# The model, the job, the amount in USD and its confidence, where the price is not one per second or not exact.
OTHERS = [
    ("veo-3.1-fast", {}, "0.14", "estimate"),
    ("veo-3.1-fast", {"resolution": "1080p"}, "0.14", "estimate"),
    ("veo-3.1-fast", {"resolution": "4k"}, "0.64", "estimate"),
    ("veo-3.1", {}, "1.00", "estimate"),
    ("veo-3.1", {"resolution": "4k"}, "1.50", "estimate"),
    ("veo-3.1-lite", {}, "0.07", "estimate"),
    ("veo-3.1-lite", {"resolution": "4k"}, "0.57", "estimate"),
    ("gemini-omni-flash", {}, "0.88", "ceiling"),
    ("gemini-omni-1.1-flash", {}, "0.88", "ceiling"),
    ("gemini-omni-1.1-flash-ext", {}, "0.30", "exact"),
    ("gemini-omni-1.1-flash-ext", {"seconds": 10, "resolution": "4k"}, "0.90", "exact"),
    ("grok-imagine-video-1.5", {"seconds": 10, "images": [FIRST]}, "0.640", "estimate"),
    ("MiniMax-H3-Regeneration", {}, None, "unknown"),
    ("kling-v2-6-motion-control", {"images": [FIRST]}, None, "unknown"),
    ("kling-v3-motion-control", {"images": [FIRST]}, None, "unknown"),
]


@pytest.mark.parametrize(("model", "preferences", "amount", "confidence"), OTHERS)
def test_prices_of_other_kinds(model, preferences, amount, confidence):
    quote = plan_for(VideoJob("p", **preferences), model).quote

    assert quote.amount == (None if amount is None else Decimal(amount))
    assert quote.confidence == confidence


@pytest.mark.parametrize(("resolution", "rate"), [("768p", "0.05712"), ("1440p", "0.09144")])
@pytest.mark.parametrize("seconds", [4, 15])
def test_a_ceiling_covers_the_images_beyond_the_fifth(resolution, rate, seconds):
    images = [Image(f"https://example.com/{n}.png", "reference") for n in range(9)]
    job = VideoJob("p", seconds=seconds, resolution=resolution, images=images)
    quote = plan_for(job, "minimax-h3").quote

    # Five of nine are free, each further one costs 0.02288 USD: client notes of 2026-08-22.
    assert quote.amount is not None
    assert quote.amount >= seconds * Decimal(rate) + 4 * Decimal("0.02288")
    assert quote.confidence == "ceiling"


def test_what_recorded_jobs_were_billed_is_what_is_quoted():
    """Jobs of 2026-09, with the `cost` of their task."""
    assert quote_for("kling-v3", "720p", seconds=5)[0].amount == Decimal("0.336")
    assert quote_for("wan3.0", "480p", seconds=5)[0].amount == Decimal("0.1644")
    assert quote_for("veo-3.1-fast-official", "720p+", seconds=8)[0].amount == Decimal("0.64")


def test_every_live_offer_has_a_price():
    live = [offer for offer in APIMART.offers() if offer.retired is None]

    assert [offer.name for offer in live if not all(tier.price for tier in offer.tiers)] == []
