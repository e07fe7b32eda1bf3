"""The tables of Vidu's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo_plugins.vidu.videos import Vidu

OFFERS = {offer.model: offer for offer in Vidu().offers()}
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
REFERENCES = [Image(f"https://example.com/{n}.png", "reference") for n in range(1, 10)]
WAYS = {"text": [], "first": [FIRST], "both": [FIRST, LAST], "references": REFERENCES[:1]}
LINES = ("360p", "480p", "540p", "720p", "1080p", "2160p")
TO_16, FROM_3, TO_10, TO_8 = range(1, 17), range(3, 17), range(1, 11), range(1, 9)
ALL, HIGH = {"540p", "720p", "1080p"}, {"720p", "1080p"}
FIVE, THREE = {"16:9", "9:16", "1:1", "4:3", "3:4"}, {"16:9", "9:16", "1:1"}
# https://platform.vidu.com/docs/text-to-video, image-to-video, start-end-to-video and reference-to-video:
# the lengths, the resolutions and the ratios of each way. A clip from frames has their ratio.
LIMITS = {
    ("vidu-q3-pro", "text"): (TO_16, ALL, FIVE),
    ("vidu-q3-pro", "first"): (TO_16, ALL, set()),
    ("vidu-q3-pro", "both"): (TO_16, ALL, set()),
    ("vidu-q3-turbo", "text"): (TO_16, ALL, FIVE),
    ("vidu-q3-turbo", "first"): (TO_16, ALL, set()),
    ("vidu-q3-turbo", "both"): (TO_16, ALL, set()),
    ("vidu-q3-turbo", "references"): (FROM_3, ALL, FIVE),
    ("vidu-q3-pro-fast", "first"): (TO_16, HIGH, set()),
    ("vidu-q3", "references"): (FROM_3, ALL, FIVE),
    ("vidu-q3-mix", "references"): (TO_16, HIGH, FIVE),
    ("vidu-q2", "text"): (TO_10, ALL, FIVE),
    ("vidu-q2", "references"): (TO_10, ALL, FIVE),
    ("vidu-q2-pro", "first"): (TO_10, ALL, set()),
    ("vidu-q2-pro", "both"): (TO_8, ALL, set()),
    ("vidu-q2-pro", "references"): (TO_10, ALL, FIVE),
    ("vidu-q2-turbo", "first"): (TO_10, ALL, set()),
    ("vidu-q2-turbo", "both"): (TO_8, ALL, set()),
    ("vidu-q2-pro-fast", "first"): (TO_10, HIGH, set()),
    ("vidu-q2-pro-fast", "both"): (TO_8, HIGH, set()),
    ("vidu-q1", "text"): ((5,), {"1080p"}, THREE),
    ("vidu-q1", "first"): ((5,), {"1080p"}, set()),
    ("vidu-q1", "both"): ((5,), {"1080p"}, set()),
    ("vidu-q1", "references"): ((5,), {"1080p"}, THREE),
    ("vidu-q1-classic", "first"): ((5,), {"1080p"}, set()),
    ("vidu-q1-classic", "both"): ((5,), {"1080p"}, set()),
    ("vidu-2.0", "first"): ((4, 8), {"360p", "720p", "1080p"}, set()),
    ("vidu-2.0", "both"): ((4, 8), {"360p", "720p", "1080p"}, set()),
    ("vidu-2.0", "references"): ((4,), {"360p", "720p"}, THREE),
}
# https://platform.vidu.com/docs/pricing, as transcribed on 2026-09-02: USD a second.
PRO = {"540p": "0.045", "720p": "0.1", "1080p": "0.12"}
TURBO = {"540p": "0.035", "720p": "0.06", "1080p": "0.065"}
RATES = {
    **{("vidu-q3-pro", way): PRO for way in ("text", "first", "both")},
    **{("vidu-q3-turbo", way): TURBO for way in ("text", "first", "both")},
    ("vidu-q3-turbo", "references"): {"540p": "0.02", "720p": "0.05", "1080p": "0.065"},
    ("vidu-q3", "references"): {"540p": "0.035", "720p": "0.06", "1080p": "0.075"},
    ("vidu-q3-mix", "references"): {"720p": "0.12", "1080p": "0.145"},
}
# The same page on 2026-08-13: USD a clip, by length and resolution.
FLAT = {
    **{("vidu-q1", way, 5, "1080p"): "0.4" for way in WAYS},
    **{("vidu-q1-classic", way, 5, "1080p"): "0.4" for way in ("first", "both")},
    **{("vidu-2.0", way, 4, "360p"): "0.1" for way in ("first", "both")},
    **{("vidu-2.0", way, 4, "720p"): "0.2" for way in ("first", "both")},
    **{("vidu-2.0", way, 4, "1080p"): "0.5" for way in ("first", "both")},
    **{("vidu-2.0", way, 8, "720p"): "0.5" for way in ("first", "both")},
    ("vidu-2.0", "references", 4, "360p"): "0.4",
    ("vidu-2.0", "references", 4, "720p"): "0.4",
}


def answer_to(model, **wishes):
    return negotiate(VideoJob("a fox", **wishes), OFFERS[model])


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan) and not answer.assumptions


def test_these_are_all_the_models():
    assert set(OFFERS) == {model for model, _ in LIMITS}
    for model, offer in OFFERS.items():
        assert offer.answers_to(model.replace("-", "", 1))


@pytest.mark.parametrize("model", OFFERS)
@pytest.mark.parametrize("way", WAYS)
def test_lengths_resolutions_and_ratios(model, way):
    lengths, lines, ratios = LIMITS.get((model, way), ((), set(), set()))
    images = WAYS[way]

    assert [s for s in range(1, 20) if takes(model, seconds=s, images=images)] == [*lengths]
    assert {line for line in LINES if takes(model, resolution=line, images=images)} == lines
    asked = (*FIVE, "21:9")
    assert {ratio for ratio in asked if takes(model, aspect_ratio=ratio, images=images)} == ratios


@pytest.mark.parametrize("model", OFFERS)
def test_which_images_go_together(model):
    most = 7 if (model, "references") in LIMITS else 0
    counts = [n for n in range(1, 10) if takes(model, images=REFERENCES[:n])]

    assert counts == [*range(1, most + 1)]
    assert not takes(model, images=[LAST])
    assert not takes(model, images=[FIRST, *REFERENCES[:1]])
    for tier in OFFERS[model].tiers:
        assert tier.images.most == 0 or tier.images.max_bytes == 10_000_000
        assert tier.images.most == 0 or tier.images.via == ("url", "data")


def test_the_oldest_model_has_8_seconds_at_720p_only():
    taken = {
        line for line in LINES if takes("vidu-2.0", seconds=8, resolution=line, images=[FIRST])
    }

    assert taken == {"720p"}


@pytest.mark.parametrize(("model", "way"), LIMITS)
def test_prices(model, way):
    lengths, lines, _ = LIMITS[model, way]
    for seconds in (min(lengths), max(lengths)):
        for line in lines:
            answer = answer_to(model, seconds=seconds, resolution=line, images=WAYS[way])
            rate = RATES.get((model, way), {}).get(line)
            price = FLAT.get((model, way, seconds, line)) or (rate and seconds * Decimal(rate))
            known = answer.quote.amount if isinstance(answer, Plan) else None
            assert known == (price and Decimal(price)), (seconds, line)


def test_where_copies_of_the_price_list_differ_the_larger_price_is_a_ceiling():
    at_720p = answer_to("vidu-q3-turbo", seconds=10, resolution="720p").quote
    at_540p = answer_to("vidu-q3-turbo", seconds=10, resolution="540p").quote

    assert (str(at_720p), str(at_540p)) == ("at most 0.60 USD", "0.35 USD")
    assert "12 credits per second" in at_720p.basis
    assert answer_to("vidu-q3-pro-fast", images=[FIRST]).quote.amount is None


@pytest.mark.parametrize("model", OFFERS)
def test_what_else_is_taken(model):
    offer = OFFERS[model]
    accepted = {name for tier in offer.tiers for name in tier.accepts}
    sound = {tier.audio for tier in offer.tiers}

    assert accepted - {"style"} == {"seed", "watermark"}
    assert ("style" in accepted) is (model == "vidu-q1")
    assert sound == {(True, False) if offer.family == "vidu-q3" else ()}
    assert takes(model, seed=0, images=next(WAYS[w] for m, w in LIMITS if m == model))


def test_a_style_needs_the_model_that_has_it_and_a_text():
    assert takes("vidu-q1", style="anime")
    assert not takes("vidu-q1", style="anime", images=[FIRST])
    assert not takes("vidu-q3-pro", style="anime")


@pytest.mark.parametrize("model", OFFERS)
def test_every_offer_says_where_it_stands(model):
    offer = OFFERS[model]

    assert offer.source.startswith("https://platform.vidu.com/docs/")
    assert offer.checked == date(2026, 11, 21)
    assert "copies of Vidu's pages" in offer.note
    assert (offer.failures_billed, offer.keeps_for, offer.retired) == (False, 86_400, None)
    assert (offer.prompt_max, offer.required) == (5000, ("seconds", "shape"))
    for price in filter(None, (tier.price for tier in offer.tiers)):
        assert price.source == "https://platform.vidu.com/docs/pricing"
        assert price.amount == Decimal("0.005") * (price.credits or 0)
        assert price.checked in {date(2026, 8, 13), date(2026, 9, 2)}
