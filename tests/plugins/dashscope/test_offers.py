"""The tables of Model Studio's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from anyvideo.adapters.registry import load_registry
from anyvideo.config.accounts import find_providers
from anyvideo.config.load import load_config
from anyvideo.errors import ConfigError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import ACCEPTABLE
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.testing import draw_picture
from anyvideo_plugins.dashscope.regions import DashScopeSettings, Region
from anyvideo_plugins.dashscope.tasks import DashScope

REGIONS: tuple[Region, ...] = get_args(Region)
OFFERS = {
    region: {
        offer.model: offer
        for offer in DashScope(settings=DashScopeSettings(region, "ws-1")).offers()
    }
    for region in REGIONS
}
INTL = OFFERS["intl"]
FIVE = {"16:9", "9:16", "1:1", "4:3", "3:4"}
NINE = FIVE | {"4:5", "5:4", "9:21", "21:9"}
ALL = {"480p", "720p", "1080p"}
TWO = {"720p", "1080p"}
# Resolutions, lengths, ratios, references and last frames.
MODELS = {
    "wan3.0": (ALL, set(range(2, 31)), FIVE, 10, True),
    "wan3.0-prime": (ALL, set(range(2, 31)), FIVE, 10, True),
    "wan2.7": (TWO, set(range(2, 16)), FIVE, 5, True),
    "happyhorse-1.1": (TWO, set(range(3, 16)), NINE, 9, False),
    "happyhorse-1.0": (TWO, set(range(3, 16)), NINE, 9, False),
    "wan2.6": (TWO, {5, 10, 15}, FIVE, 5, False),
    # It needs a frame, and here that is 4:3.
    "wan2.6-i2v-flash": (TWO, set(range(2, 16)), {"4:3"}, 0, False),
    "wan2.5": (ALL, {5, 10}, FIVE, 0, False),
}
# USD of a second in Singapore, and elsewhere; what is not here is unknown.
PRICES = {
    ("intl", "wan3.0"): ("USD", {"480p": "0.05", "720p": "0.10", "1080p": "0.20"}),
    ("intl", "wan3.0-prime"): ("USD", {"480p": "0.068", "720p": "0.14", "1080p": "0.28"}),
    ("intl", "wan2.7"): ("USD", {"720p": "0.10", "1080p": "0.15"}),
    ("cn", "wan3.0"): ("CNY", {"480p": "0.30", "720p": "0.60", "1080p": "1.20"}),
    ("cn", "wan3.0-prime"): ("CNY", {"480p": "0.45", "720p": "0.90", "1080p": "1.80"}),
    ("cn", "happyhorse-1.1"): ("CNY", {"720p": "0.90", "1080p": "1.20"}),
    ("cn", "happyhorse-1.0"): ("CNY", {"720p": "0.90", "1080p": "1.60"}),
    ("us", "wan3.0"): ("USD", {"480p": "0.041256", "720p": "0.082513", "1080p": "0.165025"}),
    ("us", "wan3.0-prime"): ("USD", {"480p": "0.0636", "720p": "0.1272", "1080p": "0.2544"}),
}
FIRST = Image("https://a.b/first.png")
LOCAL = Image(draw_picture(400, 300))
LAST = Image("https://a.b/last.png", "last_frame")
FACE = Image("https://a.b/face.png", "reference")
VALUES = {
    "negative_prompt": "rain",
    "seed": 0,
    "enhance_prompt": False,
    "upscale": False,
    "watermark": False,
    "private": False,
    "style": "noir",
    "metadata": {"a": "b"},
}


def needed(model):
    return [LOCAL] if model == "wan2.6-i2v-flash" else []


def answer_to(model, region="intl", **wishes):
    job = VideoJob(wishes.pop("prompt", "a fox"), **{"images": needed(model), **wishes})
    return negotiate(job, OFFERS[region][model], uploads=read_uploads(job))


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan)


def test_the_models_of_the_regions():
    assert OFFERS["intl"].keys() == OFFERS["cn"].keys() == MODELS.keys()
    for region in REGIONS[2:]:
        assert OFFERS[region].keys() == {
            "wan3.0",
            "wan3.0-prime",
            "happyhorse-1.1",
            "happyhorse-1.0",
        }


@pytest.mark.parametrize("model", MODELS)
def test_the_limits(model):
    resolutions, lengths, ratios, references, last = MODELS[model]

    tried = ("360p", "480p", "720p", "1080p", "2160p")
    assert {lines for lines in tried if takes(model, resolution=lines)} == resolutions
    assert {n for n in range(1, 32) if takes(model, seconds=n)} == lengths
    assert {ratio for ratio in (*NINE, "2:1") if takes(model, aspect_ratio=ratio)} == ratios
    assert takes(model, images=[FIRST])
    assert takes(model, images=[FIRST, LAST]) is last
    assert not takes(model, images=[LAST])
    for count in (references, references + 1):
        wanted = count == references and (count > 0 or not needed(model))
        assert takes(model, images=[FACE] * count) is wanted


@pytest.mark.parametrize("model", MODELS)
def test_a_first_frame_sets_the_ratio(model):
    assert takes(model, images=[LOCAL], aspect_ratio="4:3")
    assert not takes(model, images=[LOCAL], aspect_ratio="16:9")
    assert answer_to(model, images=[FIRST], aspect_ratio="16:9").assumptions


def test_frames_and_references_go_together_at_wan_2_7_alone():
    both = [FIRST, FACE]
    assert {model for model in MODELS if takes(model, images=both)} == {"wan2.7"}
    assert takes("wan2.7", images=[FIRST, *[FACE] * 5])
    assert not takes("wan2.7", images=[FIRST, LAST, FACE])


def test_the_older_models_have_fewer_lengths_and_shapes():
    assert not takes("wan2.6", images=[FACE], seconds=15)
    assert {r for r in FIVE if takes("wan2.5", resolution="480p", aspect_ratio=r)} == {
        "16:9",
        "9:16",
        "1:1",
    }


@pytest.mark.parametrize("model", MODELS)
def test_local_images_have_at_most_10_mb(model):
    large = draw_picture(400, 300).ljust(10_000_001, b"\0")

    assert not takes(model, images=[Image(large)])


def test_references_of_wan_2_6_are_urls():
    assert not takes("wan2.6", images=[Image(draw_picture(400, 400), "reference")])


@pytest.mark.parametrize(
    ("model", "most"),
    [("wan3.0", 20_000), ("wan2.7", 5000), ("happyhorse-1.1", 5000), ("wan2.6", None)],
)
def test_a_prompt_that_would_be_cut_is_refused(model, most):
    assert takes(model, prompt="x" * (most or 30_000))
    assert most is None or not takes(model, prompt="x" * (most + 1))


@pytest.mark.parametrize("model", MODELS)
def test_what_else_is_taken(model):
    assert set(VALUES) | {"character"} == set(ACCEPTABLE)
    expected = {"seed", "watermark"}
    expected |= set() if "happyhorse" in model else {"enhance_prompt"}
    expected |= {"negative_prompt"} if model.startswith("wan2") else set()
    assert {name for name, value in VALUES.items() if takes(model, **{name: value})} == expected


@pytest.mark.parametrize("model", MODELS)
def test_which_models_can_be_silent(model):
    silent = {"wan3.0", "wan3.0-prime", "wan2.6-i2v-flash"}
    assert takes(model, audio=True)
    assert takes(model, audio=False) is (model in silent)


# ---- prices


@pytest.mark.parametrize("region", REGIONS)
def test_the_prices(region):
    for model in OFFERS[region]:
        currency, prices = PRICES.get((region, model), ("", {}))
        for lines in MODELS[model][0]:
            for images in (needed(model), [FIRST]):
                answer = answer_to(model, region, resolution=lines, seconds=10, images=images)
                quote = answer.quote
                if lines not in prices:
                    assert (quote.amount, quote.confidence) == (None, "unknown")
                    continue
                assert quote.amount == 10 * Decimal(prices[lines])
                assert (quote.currency, quote.confidence) == (currency, "ceiling")
                assert quote.source.startswith(("https://www.alibabacloud", "https://", "help"))
                assert quote.checked >= date(2026, 8, 8)


def test_references_cost_what_text_costs():
    for model in ("wan3.0", "wan2.7"):
        amounts = {answer_to(model, images=some).quote.amount for some in ([], [FACE])}
        assert len(amounts) == 1


@pytest.mark.parametrize(
    "options", [{"duration": -1}, {"resolution": "1080P"}, {"model": "wan2.7-videoedit"}]
)
def test_an_option_that_changes_the_price_makes_it_unknown(options):
    assert answer_to("wan3.0", options={"dashscope": options}).quote.amount is None


@pytest.mark.parametrize("region", REGIONS)
def test_every_offer_says_where_it_stands(region):
    for offer in OFFERS[region].values():
        assert offer.source.startswith("https://www.alibabacloud.com/help/en/model-studio/")
        assert (offer.checked, offer.keeps_for, offer.failures_billed) == (
            date(2026, 11, 21),
            86_400,
            False,
        )
        assert {tier.usual_seconds or tier.seconds[0] for tier in offer.tiers} == {5}


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("wan3.0-video-prime", "wan3.0-prime"),
        ("wan2.7-r2v", "wan2.7"),
        ("happyhorse-1.1-i2v", "happyhorse-1.1"),
        ("wan2.5-i2v-preview", "wan2.5"),
    ],
)
def test_the_vendors_ids_are_names_too(name, model):
    assert [offer.model for offer in INTL.values() if offer.answers_to(name)] == [model]


# ---- the region as a provider's setting


def providers(settings):
    entry = {"adapter": "dashscope", "settings": settings}
    config = load_config({"providers": {"bailian": entry}}, {})
    return find_providers(config, load_registry())


def test_a_config_moves_a_provider_to_its_workspace():
    found = providers({"region": "cn", "workspace": "ws-1"})

    assert found["bailian"].base_url == "https://ws-1.cn-beijing.maas.aliyuncs.com"
    assert found["dashscope"].base_url == "https://dashscope-intl.aliyuncs.com"


@pytest.mark.parametrize(
    "settings", [{"region": "sg"}, {"region": 1}, {"region": "hk"}, {"workspace": "a.b"}]
)
def test_a_wrong_setting_is_an_error_with_its_place(settings):
    with pytest.raises(ConfigError, match=r"providers\.bailian\.settings.*(region|workspace)"):
        providers(settings)
