"""The tables of APIMart's pages, written out, against what the offers accept."""

import pytest

from anyvideo.model.media import ROLES
from anyvideo.model.plan import Refusal
from anyvideo.plugin import Offer, VideoJob
from tests.plugins.apimart.answers import APIMART, answer_to, offer_of, plan_for

WIDE = {"16:9", "9:16"}
SQUARE = WIDE | {"1:1"}
SEEDANCE = SQUARE | {"4:3", "3:4", "21:9"}


def span(first, last):
    return set(range(first, last + 1))


# The table of parameters by model, from the vendor's pages: lengths in seconds, the words for the
# shape by parameter, the most images, the parameters that images go to, and the further parameters.
# Where the table contradicts itself, both are here: 5 s for sora-2 is the page's own example, 10, 15
# and 25 s are the edition of 2025.
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
        {"aspect_ratio": WIDE, "resolution": {"720p", "1080p"}},
        (2, {"first_frame_image", "last_frame_image"}),
        {"negative_prompt", "seed", "generate_audio"},
    ),
    "veo3.1-quality-official": (
        {4, 6, 8},
        {"aspect_ratio": WIDE, "resolution": {"720p", "1080p"}},
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
        {"audio", "negative_prompt"},
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
        {5, 10},
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
        span(6, 15),
        {"size": SQUARE | {"3:2", "2:3"}, "resolution": {"480p", "720p"}},
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
    "vidu-q3": (3, 16),
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
def test_vidu_comes_in_540p_to_1080p_and_mix_not_in_540p(model):
    lines = {"720p", "1080p"} if model == "vidu-q3-mix" else {"540p", "720p", "1080p"}

    assert list_words(offer_of(model))["resolution"] == lines


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
