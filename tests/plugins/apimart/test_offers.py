"""The tables of APIMart's pages, written out, against what the offers accept and quote."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from anyvideo.model.media import ROLES
from anyvideo.model.plan import Refusal
from anyvideo.plugin import Offer, VideoJob
from tests.plugins.apimart.answers import APIMART, FIRST, answer_to, offer_of, plan_for

WIDE = {"16:9", "9:16"}
SQUARE = WIDE | {"1:1"}
SEEDANCE = SQUARE | {"4:3", "3:4", "21:9"}


def span(first, last):
    return set(range(first, last + 1))


# The table of parameters by model, from the vendor's pages: lengths in seconds, the words for the
# shape by parameter, the most images, the parameters that images go to, and the further parameters.
# Where the table contradicts itself, both are here: 5 s for sora-2 is the page's own example, 10, 15
# and 25 s are the edition of 2025, and 5 s for Hailuo 02 is the index.
TABLE = {
    "sora-2": (
        {4, 8, 12, 16, 20} | {5} | {10, 15},
        {"aspect_ratio": WIDE},
        (1, {"image_urls"}),
        {"private", "watermark", "style", "character_url"},
    ),
    "sora-2-pro": (
        {4, 8, 12, 16, 20} | {10, 15, 25},
        {"aspect_ratio": WIDE, "resolution": {"720p", "1024p", "1080p"}},
        (1, {"image_urls"}),
        {"private", "watermark", "style", "character_url"},
    ),
    "sora-2-vip": (
        {10, 15},
        {"aspect_ratio": WIDE},
        (1, {"image_urls"}),
        {"private", "style", "character_url"},
    ),
    "sora-2-preview": ({4, 8, 12}, {"aspect_ratio": WIDE}, (1, {"image_urls"}), set()),
    "sora-2-pro-preview": ({4, 8, 12}, {"aspect_ratio": WIDE}, (1, {"image_urls"}), set()),
    "veo3.1-fast": (
        {8},
        {"aspect_ratio": WIDE, "resolution": {"720p", "1080p", "4k"}},
        (3, {"image_urls"}),
        set(),
    ),
    "veo3.1-quality": (
        {8},
        {"aspect_ratio": WIDE, "resolution": {"720p", "1080p", "4k"}},
        (3, {"image_urls"}),
        set(),
    ),
    "veo3.1-lite": (
        {8},
        {"aspect_ratio": WIDE, "resolution": {"720p", "1080p", "4k"}},
        (0, set()),
        set(),
    ),
    "veo3.1-fast-official": (
        {4, 6, 8},
        {"resolution": {"720p", "1080p"}},
        (2, {"first_frame_image", "last_frame_image"}),
        {"negative_prompt", "seed", "generate_audio"},
    ),
    "veo3.1-quality-official": (
        {4, 6, 8},
        {"resolution": {"720p", "1080p"}},
        (2, {"first_frame_image", "last_frame_image"}),
        {"negative_prompt", "seed", "generate_audio"},
    ),
    "kling-v2-6": (
        {5, 10},
        {"aspect_ratio": SQUARE, "mode": {"std", "pro"}},
        (2, {"image_urls"}),
        {"audio", "negative_prompt", "watermark"},
    ),
    "kling-v3": (
        span(3, 15),
        {"aspect_ratio": SQUARE, "mode": {"std", "pro", "4k"}},
        (2, {"image_urls"}),
        {"audio", "negative_prompt", "watermark"},
    ),
    "kling-3.0-turbo": (
        span(3, 15),
        {"aspect_ratio": SQUARE, "resolution": {"720p", "1080p"}},
        (1, {"first_frame_image"}),
        {"watermark"},
    ),
    "kling-v2-6-motion-control": (set(), {"mode": {"std", "pro"}}, (1, {"image_url"}), set()),
    "kling-v3-motion-control": (set(), {"mode": {"std", "pro"}}, (1, {"image_url"}), set()),
    "seedance-2.0": (
        span(4, 15),
        {"size": SEEDANCE, "resolution": {"480p", "720p", "1080p", "4k"}},
        (9, {"image_urls", "image_with_roles"}),
        {"seed", "generate_audio"},
    ),
    "seedance-2.5": (
        span(4, 30),
        {"size": SEEDANCE, "resolution": {"480p", "720p", "1080p"}},
        (30, {"image_urls", "image_with_roles"}),
        {"seed", "generate_audio", "watermark"},
    ),
    "seedance-1-5-pro": (
        span(4, 12),
        {"aspect_ratio": SEEDANCE, "resolution": {"480p", "720p", "1080p"}},
        (2, {"image_with_roles"}),
        {"audio"},
    ),
    "wan2.6": (
        {5, 10, 15},
        {"aspect_ratio": SQUARE | {"4:3", "3:4"}, "resolution": {"720p", "1080p"}},
        (1, {"image_urls"}),
        {"negative_prompt", "seed", "prompt_extend", "audio", "watermark"},
    ),
    "wan2.6-i2v-flash": (
        span(2, 15),
        {"resolution": {"720p", "1080p"}},
        (1, {"image_urls"}),
        {"audio"},
    ),
    "wan2.7": (
        span(2, 15),
        {"size": SQUARE | {"4:3", "3:4"}, "resolution": {"720P", "1080P"}},
        (2, {"image_with_roles"}),
        {"negative_prompt", "seed", "prompt_extend", "watermark"},
    ),
    "wan3.0-video": (
        span(2, 30),
        {"size": SQUARE | {"4:3", "3:4"}, "resolution": {"480P", "720P", "1080P"}},
        (10, {"image_urls", "image_with_roles"}),
        {"seed", "audio", "watermark"},
    ),
    "MiniMax-Hailuo-02": (
        {6, 10} | {5},
        {"resolution": {"512p", "768p", "1080p"}},
        (2, {"first_frame_image", "last_frame_image"}),
        {"prompt_optimizer", "watermark"},
    ),
    "MiniMax-Hailuo-2.3": (
        {6, 10},
        {"resolution": {"768p", "1080p"}},
        (1, {"first_frame_image"}),
        {"prompt_optimizer", "watermark"},
    ),
    "MiniMax-H3": (
        span(4, 15),
        {"aspect_ratio": SEEDANCE, "resolution": {"2K", "768P"}},
        (9, {"first_frame_image", "last_frame_image", "image_urls"}),
        {"watermark"},
    ),
    "MiniMax-H3-Max": (
        span(5, 15),
        {"aspect_ratio": SEEDANCE, "resolution": {"480P", "768P", "1080P"}},
        (2, {"first_frame_image", "last_frame_image"}),
        {"watermark"},
    ),
    "grok-imagine-1.5-video-apimart": (
        span(6, 30),
        {"size": SQUARE | {"3:2", "2:3"}, "quality": {"480p", "720p"}},
        (7, {"image_urls"}),
        set(),
    ),
    "Omni-Flash-Ext": (
        {4, 6, 8, 10},
        {"aspect_ratio": WIDE, "resolution": {"720p", "1080p", "4k"}},
        (3, {"image_urls"}),
        set(),
    ),
    # What the table's footnote lists besides.
    "flux-3-video": (span(5, 20), {"resolution": {"hd", "fhd"}}, (0, set()), {"audio"}),
    "pixverse-v6": (
        span(1, 15),
        {
            "size": SEEDANCE | {"3:2", "2:3"},
            "resolution": {"360p", "540p", "720p", "1080p"},
        },
        (2, {"image_urls"}),
        {"audio", "negative_prompt", "seed", "watermark"},
    ),
}
PROMPTS = {
    "veo3.1-fast": 1000,
    "veo3.1-quality": 1000,
    "veo3.1-lite": 1000,
    "kling-v2-6": 2500,
    "MiniMax-H3": 7000,
}
ALSO = {
    "seedance-1-0-pro": (2, 12),
    "skyreels-v4": (3, 15),
    "happyhorse-1.0": (3, 15),
    "happyhorse-1.1": (3, 15),
    "vidu-q3": (1, 16),
    "vidu-q3-mix": (1, 16),
    "vidu-q3-pro": (1, 16),
    "vidu-q3-turbo": (1, 16),
    "kling-v3-omni": (3, 15),
    "kling-video-o1": (5, 10),
    "wan2.5": (5, 10),
}


def list_words(offer: Offer):
    words: dict[str, set[str]] = {}
    for shape in (shape for tier in offer.tiers for shape in tier.shapes):
        for name, word in shape.wire.items():
            words.setdefault(name, set()).add(word)
    return words


def count_images(limits):
    """The most images that fit: either frames or references unless they mix."""
    frames, references = limits.first_frame + limits.last_frame, limits.reference
    most = frames + references if limits.mix else max(frames, references)
    return most if limits.max is None else min(limits.max, most)


def list_parameters(offer: Offer):
    wishes = {wish for tier in offer.tiers for wish in tier.accepts}
    wishes |= {"audio" for tier in offer.tiers if tier.audio}
    return {offer.parameter(wish) for wish in wishes}


@pytest.mark.parametrize("model", TABLE)
def test_every_limit_of_the_vendors_table_is_offered(model):
    seconds, words, (most, places), parameters = TABLE[model]
    offer = offer_of(model)
    taken = {role for role in ROLES if any(tier.images.limit(role) for tier in offer.tiers)}

    assert {length for tier in offer.tiers for length in tier.seconds} == seconds
    assert list_words(offer) == words
    assert max(count_images(tier.images) for tier in offer.tiers) == most
    assert {offer.names[role] for role in taken} == places
    assert list_parameters(offer) == parameters


@pytest.mark.parametrize("model", PROMPTS)
def test_every_limit_on_a_prompt_is_offered(model):
    assert offer_of(model).prompt_max == PROMPTS[model]


@pytest.mark.parametrize("model", ALSO)
def test_every_model_of_the_footnote_is_offered(model):
    lengths = [length for tier in offer_of(model).tiers for length in tier.seconds]

    assert (min(lengths), max(lengths)) == ALSO[model]


@pytest.mark.parametrize("model", ["vidu-q3", "vidu-q3-mix", "vidu-q3-pro", "vidu-q3-turbo"])
def test_vidu_comes_in_540p_to_1080p(model):
    assert list_words(offer_of(model))["resolution"] == {"540p", "720p", "1080p"}


def test_rules_that_hold_two_fields_together():
    audible = [tier.name for tier in offer_of("kling-v2-6").tiers if True in tier.audio]
    assert audible == ["pro with sound"]
    assert [offer_of("Omni-Flash-Ext").tiers[0].images.counts] == [(0, 1, 3)]
    assert {tier.default_seconds for tier in offer_of("seedance-2.0").tiers} == {5}
    for model in ("kling-v3", "kling-v3-omni", "kling-v2-6"):
        assert not any(tier.images.last_alone for tier in offer_of(model).tiers)
    assert isinstance(answer_to(VideoJob("p", resolution="4k"), "seedance-2.0-fast"), Refusal)
    assert plan_for(VideoJob("p", resolution="4k"), "seedance-2.0")


@pytest.mark.parametrize("offer", APIMART.offers(), ids=lambda offer: offer.model)
def test_every_image_may_have_10_mb_and_be_of_the_pages_types(offer):
    for images in (tier.images for tier in offer.tiers if count_images(tier.images)):
        assert images.max_bytes == 10_000_000
        assert images.via == ("url", "file")
        assert {"png", "jpeg"} <= set(images.formats) <= {"png", "jpeg", "webp"}


# The price rows of 2026-08: model, job, amount in USD, the date on which it was checked.
AUGUST = date(2026, 8, 7)
PRICES = [
    ("sora-2", {"seconds": 12}, "0.96", AUGUST),
    ("sora-2-pro", {"seconds": 4}, "0.96", AUGUST),
    ("sora-2-pro", {"seconds": 4, "resolution": "1024p"}, "1.60", AUGUST),
    ("sora-2-pro", {"seconds": 4, "resolution": "1080p"}, "2.24", AUGUST),
    ("veo-3.1-fast", {}, "0.14", AUGUST),
    ("veo-3.1-fast", {"resolution": "1080p"}, "0.14", AUGUST),
    ("veo-3.1-fast", {"resolution": "4k"}, "0.64", AUGUST),
    ("veo-3.1", {}, "1.00", AUGUST),
    ("veo-3.1", {"resolution": "4k"}, "1.50", AUGUST),
    ("grok-imagine-video-1.5-ext", {"seconds": 10}, "0.0680", AUGUST),
    ("grok-imagine-video-1.5-ext", {"seconds": 10, "resolution": "720p"}, "0.120", AUGUST),
    ("kling-v3", {"seconds": 10}, "0.6720", date(2026, 8, 22)),
    ("kling-v3", {"seconds": 10, "audio": True}, "1.0080", date(2026, 8, 22)),
    ("kling-v3", {"seconds": 10, "resolution": "1080p"}, "0.8960", date(2026, 8, 22)),
    (
        "kling-v3",
        {"seconds": 10, "resolution": "1080p", "audio": True},
        "1.3440",
        date(2026, 8, 22),
    ),
    ("kling-v3", {"seconds": 10, "resolution": "4k", "audio": True}, "4.28560", date(2026, 8, 22)),
    ("seedance-2.0", {"resolution": "480p"}, "0.330", date(2026, 8, 30)),
    ("seedance-2.0", {}, "0.710", date(2026, 8, 30)),
    ("seedance-2.0", {"resolution": "1080p"}, "1.7720", date(2026, 8, 30)),
    ("seedance-2.0", {"resolution": "4k"}, "3.610", date(2026, 8, 30)),
]


@pytest.mark.parametrize(("model", "wishes", "amount", "checked"), PRICES)
def test_every_documented_price_is_quoted(model, wishes, amount, checked):
    quote = plan_for(VideoJob("p", **wishes), model).quote

    assert (quote.amount, quote.currency) == (Decimal(amount), "USD")
    assert (quote.confidence, quote.checked) == ("exact", checked)
    assert quote.source == "https://apimart.ai/zh/pricing"
    assert quote.failures_billed is False


def test_prices_that_are_not_sure_say_so():
    def sureness(model, **wishes):
        return plan_for(VideoJob("p", **wishes), model).quote.confidence

    assert sureness("seedance-2.5") == "estimate"
    assert sureness("gemini-omni-flash") == "ceiling"
    assert sureness("MiniMax-H3-Regeneration") == "unknown"
    assert sureness("wan2.6") == "unknown"
    assert sureness("kling-v2-6-motion-control", images=[FIRST]) == "unknown"


def test_every_offer_names_its_page_and_its_date():
    for offer in APIMART.offers():
        assert offer.adapter == "apimart"
        assert offer.source.startswith("https://docs.apimart.ai/en/api-reference/videos/")
        assert offer.checked == date(2026, 11, 20)
        assert offer.failures_billed is False
        for price in (tier.price for tier in offer.tiers if tier.price):
            assert price.source.startswith(("https://apimart.ai/", "https://docs.apimart.ai/"))
            assert price.checked is not None


def test_no_name_means_two_offers():
    names = Counter(
        name
        for offer in APIMART.offers()
        for name in {offer.model, offer.wire_model, *offer.aliases}
    )

    assert [name for name, times in names.items() if times > 1] == []


def test_sora_is_retired_and_nothing_else_is():
    retired = {offer.model: offer.retired for offer in APIMART.offers() if offer.retired}

    assert set(retired) == {
        "sora-2",
        "sora-2-pro",
        "sora-2-vip",
        "sora-2-preview",
        "sora-2-pro-preview",
    }
    assert {retirement.on for retirement in retired.values()} == {date(2026, 9, 24)}


def test_a_recorded_sora_task_says_how_long_it_takes():
    assert offer_of("sora-2").finishes_in == 155
