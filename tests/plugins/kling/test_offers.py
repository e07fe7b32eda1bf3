"""The tables of Kling's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import ACCEPTABLE
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo_plugins.kling.videos import Kling

OFFERS = {offer.model: offer for offer in Kling().offers()}
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
RATIOS = ("16:9", "9:16", "1:1")
LINES = ("480p", "720p", "1080p", "2160p")
# https://kling.ai/document-api/pricing/base/video: USD a second, without and with sound.
PRICES: dict[str, dict[str, tuple[str | None, str | None]]] = {
    "kling-v3": {
        "720p": ("0.084", "0.126"),
        "1080p": ("0.112", "0.168"),
        "2160p": ("0.42", "0.42"),
    },
    "kling-3.0-turbo": {"720p": (None, "0.112"), "1080p": (None, "0.14")},
    "kling-v3-omni": {
        "720p": ("0.084", "0.112"),
        "1080p": ("0.112", "0.14"),
        "2160p": ("0.42", "0.42"),
    },
    "kling-video-o1": {"720p": ("0.084", None), "1080p": ("0.112", None)},
    "kling-v2-6": {"720p": ("0.042", None), "1080p": ("0.07", "0.14")},
    "kling-v2-5-turbo": {"720p": ("0.042", None), "1080p": ("0.07", None)},
}
# The models that the list no longer has, and their resolutions.
OLD = {
    "kling-v2-1": ("720p", "1080p"),
    "kling-v2-1-master": ("1080p",),
    "kling-v2-master": ("720p",),
    "kling-v1-6": ("720p", "1080p"),
}
LONG = tuple(range(3, 16))
SHORT = (5, 10)
# https://kling.ai/document-api/guides/capability-map/video: lengths from text, and from a first frame.
SECONDS = {
    **dict.fromkeys(("kling-v3", "kling-v3-omni", "kling-3.0-turbo"), (LONG, LONG)),
    **dict.fromkeys(("kling-video-o1", "kling-v2-6", "kling-v2-5-turbo"), (SHORT, SHORT)),
    **dict.fromkeys(("kling-v2-1-master", "kling-v2-master", "kling-v1-6"), (SHORT, SHORT)),
    "kling-v2-1": ((), SHORT),
}
# The same map, "First/Last Frame": the resolutions that take both.
TAILS = {
    "kling-v3": {"720p", "1080p", "2160p"},
    "kling-v3-omni": {"720p", "1080p", "2160p"},
    "kling-video-o1": {"720p", "1080p"},
    "kling-v2-6": {"1080p"},
    "kling-v2-5-turbo": {"1080p"},
    "kling-v2-1": {"1080p"},
    "kling-v1-6": {"1080p"},
}
REFERENCES = {"kling-v3-omni": 7, "kling-video-o1": 7, "kling-v1-6": 4}


def answer_to(model, **wishes):
    return negotiate(VideoJob("a fox", **wishes), OFFERS[model])


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan)


def list_references(count):
    return [Image(f"https://example.com/{number}.png", "reference") for number in range(count)]


def test_these_are_all_the_models():
    assert set(OFFERS) == {*PRICES, *OLD} == set(SECONDS)
    assert OFFERS["kling-3.0-turbo"].answers_to("kling-v3-0-turbo")


@pytest.mark.parametrize("model", PRICES)
@pytest.mark.parametrize("images", [[], [FIRST]], ids=["text", "frame"])
def test_prices_and_resolutions(model, images):
    for lines in LINES:
        prices = PRICES[model].get(lines, (None, None))
        for audio, price in zip((False, True), prices, strict=True):
            answer = answer_to(model, resolution=lines, audio=audio, seconds=10, images=images)
            assert isinstance(answer, Plan) is (price is not None), (lines, audio)
            if isinstance(answer, Plan):
                assert (answer.quote.amount, answer.quote.confidence) == (
                    10 * Decimal(str(price)),
                    "exact",
                )
                assert "credits per second" in answer.quote.basis


@pytest.mark.parametrize("model", OLD)
def test_models_that_left_the_list_have_no_price(model):
    images = [FIRST] if model == "kling-v2-1" else []
    taken = {lines for lines in LINES if takes(model, resolution=lines, images=images)}

    assert taken == set(OLD[model])
    assert {tier.price for tier in OFFERS[model].tiers} == {None}
    assert "price list" in OFFERS[model].note


@pytest.mark.parametrize("model", SECONDS)
def test_lengths(model):
    text, frame = SECONDS[model]

    assert tuple(s for s in range(1, 21) if takes(model, seconds=s)) == text
    assert tuple(s for s in range(1, 21) if takes(model, seconds=s, images=[FIRST])) == frame
    assert {tier.default_seconds for tier in OFFERS[model].tiers} == {5}


@pytest.mark.parametrize("model", OFFERS)
def test_the_ratio_is_chosen_from_text_and_follows_a_frame(model):
    from_text = {ratio for ratio in (*RATIOS, "4:3") if takes(model, aspect_ratio=ratio)}

    assert from_text == (set() if model == "kling-v2-1" else set(RATIOS))
    framed = answer_to(model, aspect_ratio="9:16", images=[FIRST])
    assert not isinstance(framed, Plan) or framed.assumptions


@pytest.mark.parametrize("model", OFFERS)
def test_a_last_frame(model):
    both = {line for line in LINES if takes(model, resolution=line, images=[FIRST, LAST])}

    assert both == TAILS.get(model, set())
    assert takes(model, images=[LAST]) is (model == "kling-v1-6")
    assert not takes("kling-v2-6", resolution="1080p", audio=True, images=[FIRST, LAST])


@pytest.mark.parametrize("model", OFFERS)
def test_references(model):
    taken = [count for count in range(1, 10) if takes(model, images=list_references(count))]

    assert taken == list(range(1, REFERENCES.get(model, 0) + 1))
    assert not takes(model, images=[FIRST, *list_references(1)])


def test_references_make_every_length_of_o1():
    lengths = [
        s for s in range(1, 12) if takes("kling-video-o1", seconds=s, images=list_references(1))
    ]

    assert lengths == list(range(3, 11))


@pytest.mark.parametrize("model", OFFERS)
def test_what_else_is_taken(model):
    accepted = {name for tier in OFFERS[model].tiers for name in tier.accepts}
    both = {"negative_prompt", "watermark"}

    assert accepted == (both if OFFERS[model].names.get("api") is None else {"watermark"})
    assert accepted <= set(ACCEPTABLE)
    assert OFFERS[model].prompt_max == 2500


@pytest.mark.parametrize("model", OFFERS)
def test_every_offer_says_where_it_stands(model):
    offer = OFFERS[model]
    prices = [tier.price for tier in offer.tiers if tier.price]

    assert offer.source.startswith("https://kling.ai/document-api/")
    assert offer.checked == date(2026, 11, 21)
    assert (offer.failures_billed, offer.keeps_for, offer.retired) == (False, 30 * 86_400, None)
    for price in prices:
        assert price.source == "https://kling.ai/document-api/pricing/base/video"
        assert (price.currency, price.checked) == ("USD", date(2026, 9, 20))
    for tier in offer.tiers:
        assert tier.images.most == 0 or tier.images.max_bytes == 10_000_000
