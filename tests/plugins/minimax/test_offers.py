"""The tables of MiniMax's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal
from typing import Any

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
from anyvideo.testing import adapter, draw_picture
from anyvideo_plugins.minimax.videos import MiniMax, MiniMaxSettings

INTL = {offer.model: offer for offer in MiniMax().offers()}
CHINA = {offer.model: offer for offer in MiniMax().configure(MiniMaxSettings("cn")).offers()}
RATIOS = {"16:9", "9:16", "1:1", "4:3", "3:4", "21:9"}
LINES = ("480p", "512p", "720p", "768p", "1080p", "1440p", "2160p")
FIRST = Image("https://a.b/first.png")
LAST = Image("https://a.b/last.png", "last_frame")
FACE = Image("https://a.b/face.png", "reference")
NOTHING, FRAME, FRAMES, ENDING = (), (FIRST,), (FIRST, LAST), (LAST,)
# The pages on POST /v1 and /v2/video_generation: the vendor's id, the seconds at each resolution, the images that a
# job may have, and the longest prompt.
MODELS: dict[str, Any] = {
    "minimax-h3": (
        "MiniMax-H3",
        {"768p": range(4, 16), "1440p": range(4, 16)},
        {NOTHING, FRAME, FRAMES, *((FACE,) * count for count in range(1, 10))},
        7000,
    ),
    "minimax-h3-max": (
        "MiniMax-H3-Max",
        {"480p": range(5, 16), "768p": range(5, 16)},
        {NOTHING, FRAME, FRAMES, *((FACE,) * count for count in range(1, 10))},
        7000,
    ),
    "hailuo-2.3": (
        "MiniMax-Hailuo-2.3",
        {"768p": (6, 10), "1080p": (6,)},
        {NOTHING, FRAME},
        2000,
    ),
    "hailuo-2.3-fast": (
        "MiniMax-Hailuo-2.3-Fast",
        {"768p": (6, 10), "1080p": (6,)},
        {FRAME},
        2000,
    ),
    "hailuo-02": (
        "MiniMax-Hailuo-02",
        {"512p": (6, 10), "768p": (6, 10), "1080p": (6,)},
        {NOTHING, FRAME, FRAMES, ENDING},
        2000,
    ),
    "s2v-01": ("S2V-01", {"720p": (6,)}, {(FACE,)}, 2000),
}
WAYS = (NOTHING, FRAME, FRAMES, ENDING, *((FACE,) * count for count in range(1, 11)), (FIRST, FACE))
# platform.minimax.io/docs/guides/pricing-paygo: a second of H3, a video of Hailuo.
SECONDS = {"768p": "0.08", "1440p": "0.13"}
VIDEOS = {
    "hailuo-2.3": {("768p", 6): "0.28", ("768p", 10): "0.56", ("1080p", 6): "0.49"},
    "hailuo-2.3-fast": {("768p", 6): "0.19", ("768p", 10): "0.32", ("1080p", 6): "0.33"},
    "hailuo-02": {
        ("512p", 6): "0.10",
        ("512p", 10): "0.15",
        ("768p", 6): "0.28",
        ("768p", 10): "0.56",
        ("1080p", 6): "0.49",
    },
}
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


def answer_to(model, offers=INTL, prompt="a fox", **wishes):
    job = VideoJob(prompt, **wishes)
    return negotiate(job, offers[model], uploads=read_uploads(job))


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan)


def plan_for(model, offers=INTL, **wishes):
    plan = answer_to(model, offers, **wishes)
    assert isinstance(plan, Plan), str(plan)
    return plan


def needs(model):
    """The fewest images with which a job of a model is taken."""
    return min(MODELS[model][2], key=len)


def test_these_are_all_the_models():
    assert list(INTL) == list(CHINA) == list(MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_the_table_of_models(model):
    wire_model, lengths, ways, longest = MODELS[model]

    assert INTL[model].wire_model == CHINA[model].wire_model == wire_model
    # 512P needs a first frame, so one is there.
    images = FRAME if FRAME in ways else needs(model)
    for lines in LINES:
        taken = [
            s for s in range(1, 20) if takes(model, resolution=lines, seconds=s, images=images)
        ]
        assert taken == list(lengths.get(lines, ()))
    assert {way for way in WAYS if takes(model, images=way)} == ways
    assert takes(model, prompt="x" * longest, images=images)
    assert not takes(model, prompt="x" * (longest + 1), images=images)


@pytest.mark.parametrize(
    ("model", "images", "ratios"),
    [
        ("minimax-h3", NOTHING, RATIOS),
        ("minimax-h3", (FACE,), RATIOS),
        ("minimax-h3", (FACE,) * 6, RATIOS),
        ("minimax-h3-max", NOTHING, RATIOS),
        ("minimax-h3-max", (FACE,), RATIOS),
        ("hailuo-2.3", NOTHING, set()),
        ("s2v-01", (FACE,), set()),
    ],
)
def test_the_ratios(model, images, ratios):
    asked = RATIOS | {"3:2", "2:3", "9:21"}
    assert {ratio for ratio in asked if takes(model, aspect_ratio=ratio, images=images)} == ratios


@pytest.mark.parametrize("model", ["minimax-h3", "minimax-h3-max", "hailuo-2.3", "hailuo-02"])
def test_a_frame_sets_the_ratio(model):
    images = [Image(draw_picture(640, 360))]

    assert takes(model, images=images, aspect_ratio="16:9")
    assert not takes(model, images=images, aspect_ratio="9:16")


def test_512_lines_need_a_first_frame_and_take_no_last_one():
    assert takes("hailuo-02", resolution="512p", images=FRAME)
    for images in (NOTHING, FRAMES, ENDING):
        assert not takes("hailuo-02", resolution="512p", images=images)


@pytest.mark.parametrize(
    ("model", "most"), [("minimax-h3", 30_000_000), ("hailuo-2.3", 20_000_000)]
)
@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_the_largest_image(model, most, kind):
    picture = draw_picture(400, 320, kind)

    assert takes(model, images=[Image(picture.ljust(most, b"\0"))])
    assert not takes(model, images=[Image(picture.ljust(most + 1, b"\0"))])


@pytest.mark.parametrize("model", MODELS)
def test_what_else_is_taken(model):
    assert set(VALUES) | {"character"} == set(ACCEPTABLE)
    images = needs(model)
    taken = {name for name, value in VALUES.items() if takes(model, images=images, **{name: value})}
    assert taken == ({"watermark"} if "h3" in model else {"watermark", "enhance_prompt"})
    assert not takes(model, images=images, audio=False)


# ---- prices


@pytest.mark.parametrize("images", [NOTHING, FRAME, FRAMES, (FACE,), (FACE,) * 5])
@pytest.mark.parametrize(("lines", "rate"), SECONDS.items())
def test_a_second_of_h3_has_a_price(lines, rate, images):
    for seconds in (4, 5, 15):
        quote = plan_for("minimax-h3", resolution=lines, seconds=seconds, images=images).quote
        assert (quote.amount, quote.currency) == (Decimal(rate) * seconds, "USD")
        assert quote.confidence == "exact"


@pytest.mark.parametrize("count", [6, 7, 8, 9])
@pytest.mark.parametrize(("lines", "rate"), SECONDS.items())
def test_more_than_five_images_cost_more(lines, rate, count):
    for seconds in range(4, 16):
        images = (FACE,) * count
        quote = plan_for("minimax-h3", resolution=lines, seconds=seconds, images=images).quote
        bill = Decimal(rate) * seconds + Decimal("0.04") * (count - 5)
        assert quote.confidence == "ceiling"
        assert quote.amount is not None
        assert quote.amount >= bill
    # Nine images in four seconds cost exactly that.
    shortest = plan_for("minimax-h3", resolution=lines, seconds=4, images=(FACE,) * 9).quote
    assert shortest.amount == Decimal(rate) * 4 + Decimal("0.16")


@pytest.mark.parametrize("model", VIDEOS)
def test_a_video_of_hailuo_has_a_price(model):
    for (lines, seconds), amount in VIDEOS[model].items():
        quote = plan_for(model, resolution=lines, seconds=seconds, images=FRAME).quote
        assert (quote.amount, quote.confidence) == (Decimal(amount), "exact")


@pytest.mark.parametrize("model", ["minimax-h3-max", "s2v-01"])
def test_some_have_no_price(model):
    assert plan_for(model, images=needs(model)).quote.amount is None


@pytest.mark.parametrize("options", [{"duration": 15}, {"resolution": "2K"}, {"model": "x"}])
def test_an_option_that_changes_the_price_makes_it_unknown(options):
    assert plan_for("minimax-h3", options={"minimax": options}).quote.amount is None


# ---- what a row says of itself, and the region


@pytest.mark.parametrize("model", MODELS)
def test_every_offer_says_where_it_stands(model):
    offer = INTL[model]

    assert offer.source.startswith("https://platform.minimax.io/docs/api-reference/video-")
    assert offer.checked == date(2026, 11, 21)
    for tier in offer.tiers:
        if tier.price is not None:
            assert tier.price.source.endswith("/docs/guides/pricing-paygo")
            assert tier.price.checked is not None
    h3 = "h3" in model
    assert (offer.failures_billed, offer.keeps_for) == ((False, 604_800) if h3 else (None, None))


@pytest.mark.parametrize("model", MODELS)
def test_in_china_no_price_is_known_and_the_limits_are_the_same(model):
    plan = plan_for(model, CHINA, images=needs(model))

    assert plan.quote.amount is None
    assert CHINA[model].source.startswith("https://platform.minimaxi.com/docs/")
    assert [tier.shapes for tier in CHINA[model].tiers] == [t.shapes for t in INTL[model].tiers]


def providers(settings):
    entry = {"adapter": "minimax", "settings": settings}
    config = load_config({"providers": {"minimax-cn": entry}}, {})
    return find_providers(config, load_registry())


def test_a_config_moves_a_provider_to_china():
    found = providers({"region": "cn"})

    assert found["minimax-cn"].base_url == "https://api.minimaxi.com"
    assert found["minimax"].base_url == adapter("minimax").base_url


@pytest.mark.parametrize("settings", [{"region": "eu"}, {"region": 1}, {"regions": "cn"}])
def test_a_wrong_setting_is_an_error_with_its_place(settings):
    with pytest.raises(ConfigError, match=r"providers\.minimax-cn\.settings.*region"):
        providers(settings)
