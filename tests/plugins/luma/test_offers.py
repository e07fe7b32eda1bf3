"""The tables of Luma's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.model.media import Character, Image
from anyvideo.model.offer import ACCEPTABLE
from anyvideo.model.plan import Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import VideoJob
from anyvideo.testing import draw_picture
from tests.plugins.luma.plans import FIRST, LAST, OFFERS, PNG, RAY, answer_to, plan_for, takes

TODAY = date(2026, 11, 21)
# docs.agents.lumalabs.ai/guides/pricing as of 2026-10-08: USD for 5 and for 10 seconds of SDR.
PRICES = {
    "360p": ("0.06", "0.18"),
    "540p": ("0.15", "0.45"),
    "720p": ("0.30", "0.90"),
    "1080p": ("1.20", "3.60"),
}
RATIOS = {"9:16", "3:4", "1:1", "4:3", "16:9", "21:9"}
VALUES = {
    "negative_prompt": "rain",
    "seed": 1,
    "enhance_prompt": True,
    "upscale": True,
    "watermark": False,
    "private": True,
    "style": "anime",
    "character": Character(url="https://a.b/fox.mp4"),
    "metadata": {"order": "1"},
}


def test_the_model_and_where_it_is_documented():
    offer = OFFERS[RAY]

    assert (offer.adapter, offer.wire_model, offer.retired) == ("luma", "ray-3.2", None)
    assert offer.source.startswith("https://docs.agents.lumalabs.ai/")
    assert offer.checked == TODAY
    assert (offer.failures_billed, offer.keeps_for, offer.finishes_in) == (False, None, None)
    assert offer.answers_to("ray-3.2")
    assert offer.family == RAY
    for tier in offer.tiers:
        assert tier.price is not None
        assert tier.price.source == "https://docs.agents.lumalabs.ai/guides/pricing/"
        assert tier.price.checked == date(2026, 10, 8)


@pytest.mark.parametrize("lines", PRICES)
@pytest.mark.parametrize("ratio", [None, *sorted(RATIOS)])
def test_the_price_of_each_clip_is_exact(lines, ratio):
    for seconds, price in zip((5, 10), PRICES[lines], strict=True):
        quote = plan_for(seconds=seconds, resolution=lines, aspect_ratio=ratio).quote
        assert (quote.amount, quote.confidence, quote.currency) == (Decimal(price), "exact", "USD")
    framed = plan_for(resolution=lines, aspect_ratio=ratio, images=[FIRST, LAST]).quote
    assert (framed.amount, framed.confidence) == (Decimal(PRICES[lines][0]), "exact")


def test_without_a_preference_it_is_the_vendor_s_default():
    plan = plan_for()

    assert (plan.job.seconds, plan.job.resolution, plan.job.aspect_ratio) == (5, "720p", None)
    assert plan.quote.amount == Decimal("0.30")
    assert plan_for(seconds=10).quote.amount == Decimal("0.90")


def test_lengths():
    assert {seconds for seconds in range(1, 21) if takes(seconds=seconds)} == {5, 10}
    assert not takes(seconds=5.5)


def test_formats():
    lines = {"240p", "360p", "480p", "540p", "720p", "1080p", "1440p", "2160p", "4k"}
    ratios = {*RATIOS, "3:1", "2:1", "3:2", "2:3", "1:2", "1:3", "9:21", "5:4"}

    assert {word for word in lines if takes(resolution=word)} == set(PRICES)
    assert {word for word in ratios if takes(aspect_ratio=word)} == RATIOS


@pytest.mark.parametrize("name", ACCEPTABLE)
def test_what_the_model_does_not_have(name):
    assert not takes(**{name: VALUES[name]})


def test_sound_cannot_be_chosen():
    assert not takes(audio=True)


@pytest.mark.parametrize("images", [[FIRST], [LAST], [FIRST, LAST], [Image(PNG)]])
def test_frames_are_for_5_seconds(images):
    for lines in PRICES:
        assert takes(images=images, resolution=lines)
        assert takes(images=images, resolution=lines, seconds=5, aspect_ratio="1:1")
        assert not takes(images=images, resolution=lines, seconds=10)


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_files_that_are_taken(form):
    assert takes(images=[Image(draw_picture(64, 64, form))])


def test_what_no_image_may_be():
    assert not takes(images=[Image("https://a.b/face.png", "reference")])
    assert {tier.images.max_bytes for tier in OFFERS[RAY].tiers if tier.images.first_frame} == {
        50_000_000
    }


def test_the_length_of_a_prompt():
    assert takes(prompt="狐" * 6000)
    assert not takes(prompt="x" * 6001)


@pytest.mark.parametrize(
    "options",
    [
        {"duration": "10s"},
        {"resolution": "1080p"},
        {"video": {"hdr": True}},
        {"type": "video_edit"},
    ],
)
def test_options_that_decide_the_price_leave_it_unknown(options):
    assert plan_for(options={"luma": options}).quote.amount is None


def test_other_options_leave_an_estimate():
    quote = plan_for(options={"luma": {"user_id": "opaque"}}).quote

    assert (quote.amount, quote.confidence) == (Decimal("0.30"), "estimate")


@pytest.mark.parametrize(
    ("model", "wire"), [("luma-ray-2", "ray-2"), ("luma-ray-flash-2", "ray-flash-2")]
)
def test_what_dream_machine_had_is_gone(model, wire):
    offer = OFFERS[model]
    refused = negotiate(VideoJob("a fox"), offer, today=TODAY)

    assert isinstance(refused, Refusal)
    assert "retired on 2026-10-04; use luma/luma-ray-3.2 instead" in str(refused)
    assert offer.answers_to(wire)
    assert answer_to(model=model).quote.amount is None


def test_these_are_all():
    assert set(OFFERS) == {RAY, "luma-ray-2", "luma-ray-flash-2"}
