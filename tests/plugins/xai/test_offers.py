"""The tables of xAI's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.offer import ACCEPTABLE
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.testing import draw_picture
from anyvideo_plugins.xai.videos import XAI

OFFERS = {offer.model: offer for offer in XAI().offers()}
BASE, FULL, LITE = "grok-imagine-video", "grok-imagine-video-1.5", "grok-imagine-video-1.5-lite"
# docs.x.ai/developers/models: USD for a second by resolution, and for an image.
RATES = {
    BASE: ({"480p": "0.05", "720p": "0.07"}, "0.002"),
    FULL: ({"480p": "0.08", "720p": "0.14", "1080p": "0.25"}, "0.01"),
    LITE: ({"480p": "0.02", "720p": "0.03", "1080p": "0.14"}, "0.01"),
}
RATIOS = {"1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9", "5:2"}
FIRST = Image("https://a.b/first.png")
LAST = Image("https://a.b/last.png", "last_frame")
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


def faces(count):
    return [Image(f"https://a.b/{number}.png", "reference") for number in range(count)]


def decide(model, **wishes):
    job = VideoJob("a fox", **wishes)
    return negotiate(job, OFFERS[model], uploads=read_uploads(job))


def takes(model, **wishes):
    return isinstance(decide(model, **wishes), Plan)


def quote(model, **wishes):
    plan = decide(model, **wishes)
    assert isinstance(plan, Plan), str(plan)
    return plan.quote


def test_the_models_and_where_they_are_documented():
    assert set(OFFERS) == {BASE, FULL, LITE}
    for model, offer in OFFERS.items():
        assert (offer.adapter, offer.wire_model, offer.retired) == ("xai", model, None)
        assert offer.source.startswith("https://docs.x.ai/")
        assert offer.checked == date(2026, 11, 21)
        assert offer.failures_billed is None
        assert (offer.keeps_for, offer.prompt_max, offer.finishes_in) == (86_400, None, None)
        for tier in offer.tiers:
            assert tier.price is not None
            assert tier.price.source.startswith("https://")
            assert tier.price.checked in {date(2026, 9, 8), date(2026, 10, 9)}
    assert OFFERS[FULL].answers_to("grok-imagine-video-1.5-preview")
    assert OFFERS[FULL].answers_to("grok-imagine-video-1.5-2026-05-30")


@pytest.mark.parametrize("model", OFFERS)
def test_lengths(model):
    accepted = {seconds for seconds in range(20) if seconds and takes(model, seconds=seconds)}

    assert accepted == set(range(1, 16))
    assert not takes(model, seconds=2.5)
    assert decide(model).job.seconds == 8


@pytest.mark.parametrize("model", OFFERS)
@pytest.mark.parametrize("lines", ["360p", "480p", "720p", "1080p", "1440p", "2160p"])
def test_resolutions(model, lines):
    known = lines in RATES[model][0]

    assert takes(model, resolution=lines) == known
    assert takes(model, resolution=lines, images=[FIRST]) == known


@pytest.mark.parametrize("model", OFFERS)
def test_ratios(model):
    tried = {*RATIOS, "1:2", "2:1", "9:21", "20:9"}
    accepted = {
        ratio
        for ratio in tried
        if all(takes(model, aspect_ratio=ratio, resolution=lines) for lines in RATES[model][0])
    }

    assert accepted == RATIOS


@pytest.mark.parametrize("model", OFFERS)
def test_sound_can_be_chosen(model):
    assert takes(model, audio=True)
    assert takes(model, audio=False)
    assert decide(model).job.audio is None


@pytest.mark.parametrize("model", OFFERS)
@pytest.mark.parametrize("name", ACCEPTABLE)
def test_what_no_model_takes(model, name):
    assert not takes(model, **{name: VALUES[name]})


@pytest.mark.parametrize("model", OFFERS)
def test_a_first_frame_sets_the_ratio(model):
    portrait = Image(draw_picture(90, 160))

    assert takes(model, images=[FIRST])
    assert takes(model, images=[portrait])
    for lines in RATES[model][0]:
        assert takes(model, images=[portrait], aspect_ratio="9:16", resolution=lines)
    assert not takes(model, images=[portrait], aspect_ratio="1:1")
    assert not takes(model, images=[FIRST, *faces(1)])


@pytest.mark.parametrize(("model", "taken"), [(BASE, False), (FULL, True), (LITE, False)])
def test_a_last_frame(model, taken):
    for images in ([LAST], [FIRST, LAST]):
        assert takes(model, images=images) == taken
        assert takes(model, images=images, resolution="720p") == taken
        assert not takes(model, images=images, resolution="1080p")
        assert not takes(model, images=images, aspect_ratio="16:9")


@pytest.mark.parametrize(("model", "most", "longest"), [(BASE, 7, 10), (FULL, 7, 15), (LITE, 0, 0)])
def test_references(model, most, longest):
    counts = {count for count in range(1, 10) if takes(model, images=faces(count))}
    lengths = {
        seconds for seconds in range(1, 17) if takes(model, images=faces(1), seconds=seconds)
    }

    assert counts == set(range(1, most + 1))
    assert lengths == set(range(1, longest + 1))
    assert takes(model, images=faces(1), aspect_ratio="5:2", resolution="720p") == bool(most)
    assert not takes(model, images=faces(1), resolution="1080p")


@pytest.mark.parametrize("model", OFFERS)
@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_files_that_are_taken(model, form):
    assert takes(model, images=[Image(draw_picture(64, 64, form))])


@pytest.mark.parametrize("model", OFFERS)
@pytest.mark.parametrize("seconds", [1, 8, 15])
def test_the_price_of_a_prompt_alone_is_exact(model, seconds):
    for lines, rate in RATES[model][0].items():
        for ratio, sound in (("16:9", None), ("5:2", False), ("9:16", True)):
            told = quote(model, seconds=seconds, resolution=lines, aspect_ratio=ratio, audio=sound)
            assert (told.amount, told.confidence) == (Decimal(rate) * seconds, "exact")


@pytest.mark.parametrize(
    ("images", "models"),
    [
        ([FIRST], (BASE, FULL, LITE)),
        ([LAST], (FULL,)),
        ([FIRST, LAST], (FULL,)),
        *((faces(count), (BASE, FULL)) for count in (1, 3, 4, 7)),
    ],
)
def test_with_images_it_is_a_ceiling_that_is_reached_at_one_second(images, models):
    for model in models:
        rates, fee = RATES[model]
        most = max(len(images), {1: 1, 2: 2}.get(len(images), 0))
        for lines in set(rates) - {"1080p"}:
            rate = Decimal(rates[lines])
            for seconds in (1, 10):
                told = quote(model, seconds=seconds, resolution=lines, images=images)
                assert told.confidence == "ceiling"
                assert told.amount >= rate * seconds + Decimal(fee) * most
                assert told.amount <= (rate + 7 * Decimal(fee)) * seconds
        exact = quote(model, seconds=1, resolution="480p", images=images).amount
        if len(images) in {2, 3, 7} or images == [FIRST]:
            assert exact == Decimal(rates["480p"]) + len(images) * Decimal(fee)


def test_options_that_decide_the_price_leave_it_unknown():
    job = VideoJob("a fox", options={"xai": {"duration": 15}})
    told = negotiate(job, OFFERS[FULL])

    assert isinstance(told, Plan)
    assert told.quote.amount is None
