"""The tables of Runway's documents, written out, against what the offers accept, refuse and quote."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from anyvideo.model.media import Image
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import VideoJob
from anyvideo.testing import draw_picture
from tests.plugins.runway.plans import (
    FIRST,
    LAST,
    OFFERS,
    PNG,
    REFERENCE,
    answer_to,
    plan_for,
    takes,
)

FOLDER = Path(__file__).parents[3] / "plugins/anyvideo_plugins/runway"
TODAY = date(2026, 11, 21)
# The vendor's id, the lengths, the longest prompt, and the most references, by canonical name.
MODELS = {
    "runway-gen-4.5": ("gen4.5", range(2, 11), 1000, 0),
    "runway-gen-4-turbo": ("gen4_turbo", range(2, 11), 1000, 0),
    "veo-3.1": ("veo3.1", (4, 6, 8), 1000, 0),
    "veo-3.1-fast": ("veo3.1_fast", (4, 6, 8), 1000, 0),
    "gemini-omni-flash": ("gemini_omni_flash", range(3, 11), 4000, 0),
    "gemini-omni-1.1-flash": ("gemini_omni_flash_1.1", range(3, 11), 4000, 0),
    "seedance-2.5": ("seedance2_5", range(4, 31), 15000, 30),
    "seedance-2.0": ("seedance2", range(4, 16), 3500, 9),
    "seedance-2.0-fast": ("seedance2_fast", range(4, 16), 3500, 9),
    "seedance-2.0-mini": ("seedance2_mini", range(4, 16), 3500, 9),
    "wan3.0": ("wan3", range(2, 31), 20000, 10),
    "wan3.0-prime": ("wan3_prime", range(2, 31), 20000, 10),
    "minimax-h3": ("hailuo3", range(5, 16), 6000, 9),
    "minimax-h3-max": ("h3_max", range(5, 16), 6000, 0),
    "kling-v4": ("kling_4", range(3, 31), 11000, 10),
    "kling-v3": ("kling3.0_standard", range(3, 16), 2500, 0),
    "kling-v3-omni": ("klingO3_standard", range(3, 16), 2500, 0),
    "kling-v2-5-turbo": ("kling2.5_turbo_pro", (5, 10), 2500, 0),
    "grok-imagine-video-1.5": ("grok_imagine_1_5", range(1, 16), 2500, 7),
    "grok-imagine-video-1.5-lite": ("grok_imagine_1_5_lite", range(1, 16), 2500, 0),
    "happyhorse-1.0": ("happyhorse_1_0", range(3, 16), 2500, 0),
}
RETIRED = {"runway-gen-3-alpha-turbo"}
NEEDS_IMAGE = {"runway-gen-4-turbo", *RETIRED}
TAKES_LAST = {
    *("veo-3.1", "veo-3.1-fast", "gemini-omni-1.1-flash", "minimax-h3", "minimax-h3-max"),
    *("seedance-2.5", "seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini"),
    *("wan3.0", "wan3.0-prime", "runway-gen-3-alpha-turbo"),
    *("kling-v4", "kling-v3", "kling-v3-omni", "kling-v2-5-turbo"),
}
SEEDS = {
    *("runway-gen-4.5", "runway-gen-4-turbo", "veo-3.1", "veo-3.1-fast", "minimax-h3-max"),
    *("seedance-2.5", "seedance-2.0", "seedance-2.0-fast", "seedance-2.0-mini"),
    "runway-gen-3-alpha-turbo",
}


def needs(model):
    return {"images": [FIRST]} if model in NEEDS_IMAGE else {}


def test_these_are_all_the_models():
    assert set(OFFERS) == {*MODELS, *RETIRED}


@pytest.mark.parametrize(("model", "facts"), MODELS.items())
def test_each_model_has_its_lengths_and_its_longest_prompt(model, facts):
    wire_model, seconds, longest, _ = facts
    offer = OFFERS[model]
    taken = [length for length in range(1, 40) if takes(model, seconds=length, **needs(model))]

    assert (offer.wire_model, taken) == (wire_model, list(seconds))
    assert offer.answers_to(wire_model)
    assert takes(model, prompt="\N{FOX FACE}" * (longest // 2), **needs(model))
    assert not takes(model, prompt="\N{FOX FACE}" * (longest // 2) + "x", **needs(model))


@pytest.mark.parametrize("model", OFFERS)
def test_each_model_takes_its_images(model):
    most = MODELS.get(model, ("", (), 0, 0))[3]
    references = [Image(f"https://a.b/{number}.png", "reference") for number in range(most + 1)]

    assert takes(model, images=[FIRST])
    assert takes(model) == (model not in NEEDS_IMAGE)
    assert takes(model, images=[FIRST, LAST]) == (model in TAKES_LAST)
    assert not takes(model, images=[LAST])
    assert takes(model, images=references[:most]) == (most > 0 or model not in NEEDS_IMAGE)
    assert not takes(model, images=references)
    assert not takes(model, images=[FIRST, REFERENCE])


@pytest.mark.parametrize("model", OFFERS)
def test_each_model_takes_its_other_fields(model):
    assert takes(model, seed=7, **needs(model)) == (model in SEEDS)
    assert takes(model, negative_prompt="fog", **needs(model)) == model.startswith("veo")
    assert not takes(model, watermark=False, **needs(model))


def test_a_local_image_fits_into_a_data_uri():
    limit = {tier.images.max_bytes for offer in OFFERS.values() for tier in offer.tiers}

    assert limit == {None, 3_900_000}
    # docs.dev.runwayml.com/assets/inputs: "under 5MB (1024 x 1024 x 5 bytes)", with the prefix.
    assert len("data:image/jpeg;base64,") + 4 * -(-3_900_000 // 3) < 5 * 1024 * 1024
    assert takes("veo-3.1", images=[Image(PNG)])
    assert not takes("veo-3.1", images=[Image(PNG + bytes(3_900_000))])


# ---- The sizes of the types: each pair of pixels is a format of the offer, and no other is

WORDS = {
    "runway-gen-4.5": {"1280:720", "720:1280", "1104:832", "960:960", "832:1104", "1584:672"},
    "veo-3.1": {"1280:720", "720:1280", "1080:1920", "1920:1080"},
    "gemini-omni-flash": {"1280:720", "720:1280"},
    "gemini-omni-1.1-flash": {"640:360", "360:640", "1280:720", "720:1280", "1920:1080"}
    | {"1080:1920", "3840:2160", "2160:3840"},
    "seedance-2.0": {"992:432", "864:496", "752:560", "640:640", "560:752", "496:864"}
    | {"1470:630", "1280:720", "1112:834", "960:960", "834:1112", "720:1280"}
    | {"2206:946", "1920:1080", "1664:1248", "1440:1440", "1248:1664", "1080:1920"}
    | {"3840:1646", "3840:2160", "3840:2880", "3840:3840", "2880:3840", "2160:3840"},
    "seedance-2.5": {"992:432", "854:480", "752:560", "640:640", "560:752", "480:854"}
    | {"1470:630", "1280:720", "1112:834", "960:960", "834:1112", "720:1280"}
    | {"2206:946", "1920:1080", "1664:1248", "1440:1440", "1248:1664", "1080:1920"},
    "seedance-2.0-fast": {"992:432", "864:496", "752:560", "640:640", "560:752", "496:864"}
    | {"1470:630", "1280:720", "1112:834", "960:960", "834:1112", "720:1280"},
    "wan3.0": {"832:480", "720:544", "624:624", "544:720", "480:832", "1280:720", "1104:832"}
    | {"960:960", "832:1104", "720:1280", "1920:1080", "1648:1248", "1440:1440", "1248:1648"}
    | {"1080:1920", "auto_480p", "auto_720p", "auto_1080p"},
    "minimax-h3": {"21:9", "16:9", "4:3", "1:1", "3:4", "9:16"},
    "minimax-h3-max": set(),
    "kling-v4": {"1280:720", "720:1280", "940:940", "1460:624", "1920:1080", "1080:1920"}
    | {"1440:1440", "2200:940", "auto_720p", "auto_1080p"},
    "kling-v3": {"1280:720", "720:1280", "960:960", "1920:1080", "1080:1920", "1440:1440"}
    | {"3840:2160", "2160:3840", "2880:2880"},
    "kling-v2-5-turbo": {"1920:1080", "1440:1440", "1080:1920", "1280:720", "720:720"}
    | {"720:1280"},
    "grok-imagine-video-1.5": {"1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"},
    "grok-imagine-video-1.5-lite": {"848:480", "480:848", "480:480", "640:480", "480:640"}
    | {"720:480", "480:720", "1280:720", "720:1280", "720:720", "960:720", "720:960"}
    | {"1088:720", "720:1088", "1904:1072", "1072:1904", "1424:1424", "1648:1232"}
    | {"1232:1648", "1744:1152", "1152:1744", "auto_480p", "auto_720p", "auto_1080p"},
    "happyhorse-1.0": {"1280:720", "720:1280", "960:960", "1108:832", "832:1108", "1920:1080"}
    | {"1080:1920", "1440:1440", "1662:1248", "1248:1662"},
}
ALIKE = {
    "runway-gen-4-turbo": "runway-gen-4.5",
    "veo-3.1-fast": "veo-3.1",
    "seedance-2.0-mini": "seedance-2.0-fast",
    "wan3.0-prime": "wan3.0",
    "kling-v3-omni": "kling-v3",
}


def list_shapes(model):
    return [(tier, shape) for tier in OFFERS[model].tiers for shape in tier.shapes]


@pytest.mark.parametrize("model", MODELS)
def test_every_documented_size_can_be_ordered(model):
    words = {shape.wire["ratio"] for _, shape in list_shapes(model) if "ratio" in shape.wire}

    assert words == WORDS[ALIKE.get(model, model)]


@pytest.mark.parametrize("model", MODELS)
def test_a_pair_of_pixels_has_the_name_of_its_shape_and_more_lines_are_more_pixels(model):
    lines: dict[str, dict[int, int]] = {}
    for _, shape in list_shapes(model):
        across, _, down = shape.wire.get("ratio", "").partition(":")
        if down and int(across) > 100:
            width, height = map(int, shape.aspect_ratio.split(":"))
            assert abs(int(across) / int(down) * height / width - 1) < 0.03
            known = lines.setdefault(shape.aspect_ratio, {})
            known[int(shape.resolution[:-1])] = int(across) * int(down)

    for known in lines.values():
        pixels = [known[number] for number in sorted(known)]
        assert pixels == sorted(set(pixels))


@pytest.mark.parametrize(
    ("model", "wishes", "taken"),
    [
        ("runway-gen-4.5", {"aspect_ratio": "1:1"}, False),
        ("runway-gen-4.5", {"aspect_ratio": "1:1", "images": [FIRST]}, True),
        ("veo-3.1", {"resolution": "4k"}, False),
        ("seedance-2.0-fast", {"resolution": "1080p"}, False),
        ("seedance-2.0", {"size": "1280x720"}, True),
        ("grok-imagine-video-1.5", {"resolution": "1080p", "images": [REFERENCE]}, False),
        ("happyhorse-1.0", {"aspect_ratio": "1:1", "images": [Image(PNG)]}, False),
        (
            "happyhorse-1.0",
            {"aspect_ratio": "1:1", "images": [Image(draw_picture(64, 64))]},
            True,
        ),
        ("wan3.0", {"aspect_ratio": "9:16", "images": [Image(draw_picture(72, 128))]}, True),
        ("grok-imagine-video-1.5", {"audio": False}, False),
        ("runway-gen-4.5", {"audio": True}, False),
    ],
)
def test_what_goes_together(model, wishes, taken):
    assert takes(model, **wishes) is taken


# ---- docs.dev.runwayml.com/guides/pricing as of 2026-10-04, in credits of a second

HALF = {"resolution": "480p"}
FULL = {"resolution": "1080p"}
RATES = [
    ("runway-gen-4.5", {}, "12"),
    ("runway-gen-4.5", {"images": [FIRST]}, "12"),
    ("runway-gen-4-turbo", {"images": [FIRST]}, "5"),
    ("veo-3.1", {}, "40"),
    ("veo-3.1", {"audio": False, "size": "1920x1080"}, "20"),
    ("veo-3.1-fast", {"audio": True, "images": [FIRST]}, "15"),
    ("veo-3.1-fast", {"audio": False}, "10"),
    ("gemini-omni-flash", {}, "10"),
    ("gemini-omni-1.1-flash", {}, "10"),
    ("gemini-omni-1.1-flash", FULL, None),
    ("gemini-omni-1.1-flash", {"images": [FIRST]}, None),
    ("seedance-2.5", {}, "30"),
    ("seedance-2.5", HALF, "20"),
    ("seedance-2.5", FULL, "68"),
    ("seedance-2.0", {}, "36"),
    ("seedance-2.0", HALF, "36"),
    ("seedance-2.0", FULL, "40"),
    ("seedance-2.0", {"resolution": "4k"}, "150"),
    ("seedance-2.0-fast", HALF, "29"),
    ("seedance-2.0-mini", {}, "16"),
    ("wan3.0", HALF, "5"),
    ("wan3.0", {}, "10"),
    ("wan3.0", {**FULL, "images": [FIRST]}, "20"),
    ("wan3.0-prime", HALF, "6.8"),
    ("wan3.0-prime", {"images": [REFERENCE]}, "14"),
    ("wan3.0-prime", FULL, "28"),
    ("minimax-h3", {}, "10"),
    ("minimax-h3", {"resolution": "2k"}, "15"),
    ("minimax-h3-max", {}, "8"),
    ("kling-v4", {}, None),
    ("kling-v3", {"images": [FIRST]}, None),
    ("kling-v2-5-turbo", {}, None),
    ("minimax-h3-max", HALF, "5"),
    ("grok-imagine-video-1.5", HALF, "10"),
    ("grok-imagine-video-1.5", {}, "16"),
    ("grok-imagine-video-1.5", FULL, "29"),
    ("grok-imagine-video-1.5-lite", HALF, "2"),
    ("grok-imagine-video-1.5-lite", {}, "3"),
    ("grok-imagine-video-1.5-lite", FULL, "14"),
    ("happyhorse-1.0", {}, "15"),
    ("happyhorse-1.0", {**FULL, "images": [FIRST]}, "30"),
]


@pytest.mark.parametrize(("model", "wishes", "credits_"), RATES)
def test_a_second_costs_its_credits(model, wishes, credits_):
    seconds = max(MODELS[model][1])
    quote = plan_for(model, seconds=seconds, **wishes).quote

    assert quote.amount == (credits_ and seconds * Decimal(credits_) / 100)
    assert quote.confidence == ("exact" if credits_ else "unknown")


@pytest.mark.parametrize(
    ("model", "least"), [("seedance-2.5", "0.80"), ("seedance-2.0-mini", "0.64")]
)
def test_the_least_that_a_job_costs(model, least):
    shortest = plan_for(model, seconds=4, resolution="480p")

    assert shortest.quote.amount == Decimal(least)
    assert {tier.price and tier.price.minimum for tier in OFFERS[model].tiers} == {Decimal(least)}


# The credits of an image, and how many of them there may be.
SHARES = [
    ("gemini-omni-flash", [FIRST], 10, 1),
    ("grok-imagine-video-1.5", [FIRST], 16, 1),
    ("grok-imagine-video-1.5", [REFERENCE] * 7, 16, 1),
    ("grok-imagine-video-1.5-lite", [FIRST], 3, 1),
    ("minimax-h3", [FIRST, LAST], 10, 2),
    ("minimax-h3", [REFERENCE] * 9, 10, 2),
]


@pytest.mark.parametrize(("model", "images", "rate", "share"), SHARES)
def test_a_ceiling_covers_what_images_cost(model, images, rate, share):
    for seconds in MODELS[model][1]:
        cost = Decimal(seconds * rate + share * len(images)) / 100
        quote = plan_for(model, seconds=seconds, images=images).quote
        assert quote.confidence == "ceiling"
        assert cost <= quote.amount <= cost * 2


def test_every_price_is_in_credits_and_has_its_page_and_its_date():
    prices = [tier.price for offer in OFFERS.values() for tier in offer.tiers if tier.price]

    assert {price.source for price in prices} == {"https://docs.dev.runwayml.com/guides/pricing/"}
    assert {price.checked for price in prices} == {date(2026, 10, 4), date(2026, 10, 8)}
    assert all(price.credits and price.amount == price.credits / 100 for price in prices)


@pytest.mark.parametrize("model", MODELS)
def test_every_offer_says_where_it_stands_and_what_moderation_costs(model):
    offer = OFFERS[model]

    assert offer.source.startswith("https://docs.dev.runwayml.com/")
    assert (offer.checked, offer.keeps_for) == (TODAY, 86_400)
    assert offer.failures_billed is True
    assert "input moderation" in offer.note
    assert isinstance(negotiate(VideoJob("p", **needs(model)), offer, today=TODAY), Plan)


@pytest.mark.parametrize("model", RETIRED)
def test_what_was_switched_off_is_refused_with_what_to_use(model):
    offer = OFFERS[model]
    refused = negotiate(VideoJob("p", images=[FIRST]), offer, today=TODAY)

    assert isinstance(refused, Refusal)
    assert offer.retired is not None
    assert "2026-07-30" in str(refused)
    assert [name.removeprefix("runway/") in OFFERS for name in offer.retired.use] == [True]
    assert isinstance(answer_to(model, images=[FIRST]), Plan)


def test_no_file_of_offers_is_left_out():
    rows = [
        row["model"]
        for path in FOLDER.glob("offers*.toml")
        for row in tomllib.loads(path.read_text("utf-8"))["offers"]
    ]

    assert sorted(rows) == sorted(OFFERS)
