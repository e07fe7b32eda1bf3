"""The tables of APIYI's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import ACCEPTABLE
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo_plugins.apimart.generations import Apimart
from anyvideo_plugins.apiyi.videos import Videos, encode

OFFERS = {offer.model: offer for offer in Videos().offers()}
ALLOW = Policy(retired="allow")

HD = ("1280x720", "720x1280")
FULL_HD = ("1920x1080", "1080x1920")
UHD = ("3840x2160", "2160x3840")
SD = ("854x480", "480x854")

# sora-2/text-to-video, "Parameters Quick Reference" and "Body": seconds, size by model, with the
# price per second of each size ("$0.50/sec", "$0.70/sec"; 720p from the pricing table).
SORA_SECONDS = (4, 8, 12)
SORA_SIZES = {
    "sora-2": dict.fromkeys(HD, "0.10"),
    "sora-2-pro": {
        **dict.fromkeys(HD, "0.30"),
        **dict.fromkeys(("1024x1792", "1792x1024"), "0.50"),
        **dict.fromkeys(FULL_HD, "0.70"),
    },
}
# The clips of sora-2 as the pricing table sums them up.
SORA_CLIPS = {4: "0.40", 8: "0.80", 12: "1.20"}
# grok-imagine-video/overview and /video-generation, with xAI's list, which the page says that it matches:
# sizes by model, the price per second of each from a prompt, and the price of an input image.
GROK = {
    "grok-imagine-video": ({**dict.fromkeys(SD, "0.05"), **dict.fromkeys(HD, "0.07")}, "0.002"),
    "grok-imagine-video-1.5": (
        {
            **dict.fromkeys(SD, "0.08"),
            **dict.fromkeys(HD, "0.14"),
            **dict.fromkeys(FULL_HD, "0.25"),
        },
        "0.01",
    ),
    "grok-imagine-video-1.5-lite": (
        {
            **dict.fromkeys(SD, "0.02"),
            **dict.fromkeys(HD, "0.03"),
            **dict.fromkeys(FULL_HD, "0.14"),
        },
        "0.01",
    ),
}
GROK_SECONDS = tuple(range(1, 16))
# veo-3-1-official: the name, and the price per request whatever the length and the resolution.
VEO = {
    "veo-3.1-fast": ("veo-3.1-fast-generate-preview", "0.3"),
    "veo-3.1": ("veo-3.1-generate-preview", "1.2"),
}
VEO_SECONDS = {**dict.fromkeys(HD, (4, 6, 8)), **dict.fromkeys((*FULL_HD, *UHD), (8,))}
# veo/async-api: 8 s; price per video; the name by shape, and by whether there are images.
REVERSED = {
    "veo-3.1-reversed": ("veo-3.1{}", "0.25"),
    "veo-3.1-reversed-fast": ("veo-3.1{}-fast", "0.15"),
}
# What a retired offer may point to: live, and not in doubt.
LIVE = {
    offer.name
    for offer in (*OFFERS.values(), *Apimart().offers())
    if offer.retired is None and "in doubt" not in offer.note
}
# What has been switched off, and when.
RETIRED = {
    **dict.fromkeys(SORA_SIZES, date(2026, 9, 24)),
    **dict.fromkeys(VEO, date(2026, 10, 22)),
    **dict.fromkeys(REVERSED, date(2026, 11, 9)),
}
ALL_SIZES = {*SD, *HD, *FULL_HD, *UHD, "1024x1792", "1792x1024", "480x480", "1080x1080"}
ALL_SECONDS = range(1, 31)
VALUES: dict[str, Any] = {
    "negative_prompt": "rain",
    "seed": 0,
    "enhance_prompt": False,
    "upscale": False,
    "watermark": False,
    "private": False,
    "style": "noir",
    "metadata": {"a": "b"},
}


def draw(size):
    """Return as much of a PNG of that size as is ever read."""
    width, height = map(int, size.split("x"))
    return (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x08\2\0\0\0"
    )


def answer_to(model, **wishes):
    job = VideoJob("a fox", **wishes)
    return negotiate(job, OFFERS[model], ALLOW, uploads=read_uploads(job))


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan)


def cost_of(model, **wishes):
    plan = answer_to(model, **wishes)
    assert isinstance(plan, Plan), str(plan)
    return plan.quote.amount


def test_these_are_all_the_models():
    assert set(OFFERS) == {*SORA_SIZES, *GROK, *VEO, *REVERSED}


@pytest.mark.parametrize(("model", "sizes"), SORA_SIZES.items())
def test_sora(model, sizes):
    assert {size for size in ALL_SIZES if takes(model, size=size)} == set(sizes)
    assert tuple(s for s in ALL_SECONDS if takes(model, seconds=s)) == SORA_SECONDS
    for size, price in sizes.items():
        for seconds in SORA_SECONDS:
            cost = cost_of(model, size=size, seconds=seconds)
            assert cost == seconds * Decimal(price)
            assert takes(model, size=size, images=[Image(draw(size))])


@pytest.mark.parametrize(("seconds", "cost"), SORA_CLIPS.items())
def test_soras_clips_cost_what_the_page_says(seconds, cost):
    assert cost_of("sora-2", seconds=seconds) == Decimal(cost)


def test_sora_makes_four_seconds_where_none_are_asked_for():
    assert {tier.default_seconds for model in SORA_SIZES for tier in OFFERS[model].tiers} == {4}


@pytest.mark.parametrize(("model", "facts"), GROK.items())
def test_grok(model, facts):
    prices, _ = facts

    assert {size for size in ALL_SIZES if takes(model, size=size)} == set(prices)
    assert tuple(s for s in ALL_SECONDS if takes(model, seconds=s)) == GROK_SECONDS
    assert (takes(model, audio=True), takes(model, audio=False)) == (True, False)
    for size, price in prices.items():
        plan = answer_to(model, size=size, seconds=10)
        assert isinstance(plan, Plan)
        assert (plan.quote.amount, plan.quote.confidence) == (10 * Decimal(price), "exact")


@pytest.mark.parametrize(("model", "facts"), GROK.items())
@pytest.mark.parametrize("seconds", [1, 8, 15])
def test_a_ceiling_covers_what_grok_costs_with_an_image(model, facts, seconds):
    prices, share = facts
    for size, price in prices.items():
        # The page: a cost is seconds at the rate of the resolution plus images at theirs.
        cost = seconds * Decimal(price) + Decimal(share)
        plan = answer_to(model, size=size, seconds=seconds, images=[Image(draw("64x48"))])
        assert isinstance(plan, Plan)
        assert plan.quote.confidence == "ceiling"
        assert plan.quote.amount is not None
        assert cost <= plan.quote.amount <= cost + 14 * Decimal(share)


def test_the_pages_own_examples_of_what_grok_costs():
    assert cost_of("grok-imagine-video") == Decimal("0.40")  # 480p and 8 s where nothing is said
    with_image = {"size": "854x480", "seconds": 1, "images": [Image(draw("64x48"))]}
    assert cost_of("grok-imagine-video", **with_image) == Decimal("0.052")


@pytest.mark.parametrize(("model", "facts"), VEO.items())
def test_veo(model, facts):
    name, price = facts
    seconds = {
        size: tuple(s for s in ALL_SECONDS if takes(model, size=size, seconds=s))
        for size in ALL_SIZES
    }

    assert OFFERS[model].wire_model == name
    assert {size: length for size, length in seconds.items() if length} == VEO_SECONDS
    for size, (*_, longest) in VEO_SECONDS.items():
        assert cost_of(model, size=size, seconds=longest) == Decimal(price)
        assert takes(model, size=size, images=[Image(draw("64x48"))], seed=1)
        assert not takes(model, size=size, images=[Image(draw("64x48"))], negative_prompt="rain")
    assert not takes(model, audio=True)  # `generateAudio` is INVALID_ARGUMENT


@pytest.mark.parametrize(("model", "facts"), REVERSED.items())
def test_reversed_veo(model, facts):
    pattern, price = facts
    names = {"720x1280": pattern.format(""), "1280x720": pattern.format("-landscape")}
    frames = [Image(draw("64x48")), Image(draw("48x64"), "last_frame")]

    assert {size for size in ALL_SIZES if takes(model, size=size)} == set(names)
    assert tuple(s for s in ALL_SECONDS if takes(model, seconds=s)) == (8,)
    assert cost_of(model) == Decimal(price)
    for size, name in names.items():
        for count, suffix in ((0, ""), (1, "-fl"), (2, "-fl")):
            plan = answer_to(model, size=size, images=frames[:count])
            assert isinstance(plan, Plan)
            sent = encode(plan)
            assert (sent.form or sent.json) == {"model": name + suffix, "prompt": "a fox"}
    assert not takes(model, images=[*frames, Image(draw("9x9"), "reference")])


@pytest.mark.parametrize("model", OFFERS)
def test_nothing_else_is_taken(model):
    taken = {name for name, value in VALUES.items() if takes(model, **{name: value})}

    assert set(VALUES) | {"character"} == set(ACCEPTABLE)
    assert taken == ({"seed", "negative_prompt"} if model in VEO else set())


@pytest.mark.parametrize("model", OFFERS)
def test_what_was_switched_off_is_refused_with_the_date_and_what_to_use(model):
    offer, today = OFFERS[model], date(2026, 11, 20)
    answer = negotiate(VideoJob("a fox"), offer, today=today)

    assert isinstance(answer, Plan) == (model in GROK)
    assert (offer.retired and offer.retired.on) == RETIRED.get(model)
    if offer.retired is not None:
        assert str(offer.retired.on) in str(answer)
        assert set(offer.retired.use) <= LIVE
        assert isinstance(negotiate(VideoJob("a fox"), offer, ALLOW, today=today), Plan)


@pytest.mark.parametrize("model", OFFERS)
def test_every_offer_says_where_it_stands_and_when_it_was_checked(model):
    offer = OFFERS[model]
    prices = [tier.price for tier in offer.tiers]

    assert offer.source.startswith("https://docs.apiyi.com/")
    assert offer.checked is not None
    assert all(price and price.currency == "USD" and price.checked for price in prices)
    # The pages of Sora and of Veo say that failed tasks are not billed; that of Grok says that a job which
    # moderation blocks is; those of reversed Veo say nothing.
    billed = {**dict.fromkeys((*SORA_SIZES, *VEO), False), **dict.fromkeys(GROK, True)}
    assert offer.failures_billed is billed.get(model)
    assert ("moderation" in offer.note) is (model in GROK)
