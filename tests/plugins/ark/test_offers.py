"""The tables of ModelArk's pages, written out, against what the offers accept, refuse and quote."""

from datetime import date
from decimal import Decimal

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
from anyvideo_plugins.ark.tasks import Ark, ArkSettings

INTL = {offer.model: offer for offer in Ark().offers()}
CHINA = {offer.model: offer for offer in Ark().configure(ArkSettings("cn")).offers()}
RATIOS = ("16:9", "9:16", "1:1", "4:3", "3:4", "21:9")

# ModelArk/1330310 and /2298881: the ids in both regions, the resolutions, the lengths, whether there is
# sound, how many references there may be, and whether there may be a last frame.
MODELS = {
    "seedance-2.5": (
        *("dreamina-seedance-2-5-260628", "doubao-seedance-2-5-260628"),
        *({"480p", "720p", "1080p"}, range(4, 31), {True, False}, 30, True),
    ),
    "seedance-2.0": (
        *("dreamina-seedance-2-0-260128", "doubao-seedance-2-0-260128"),
        *({"480p", "720p", "1080p", "2160p"}, range(4, 16), {True, False}, 9, True),
    ),
    "seedance-2.0-fast": (
        *("dreamina-seedance-2-0-fast-260128", "doubao-seedance-2-0-fast-260128"),
        *({"480p", "720p"}, range(4, 16), {True, False}, 9, True),
    ),
    "seedance-2.0-mini": (
        *("dreamina-seedance-2-0-mini-260615", "doubao-seedance-2-0-mini-260615"),
        *({"480p", "720p"}, range(4, 16), {True, False}, 9, True),
    ),
    "seedance-1-5-pro": (
        *("seedance-1-5-pro-251215", "doubao-seedance-1-5-pro-251215"),
        *({"480p", "720p", "1080p"}, range(4, 13), {True, False}, 0, True),
    ),
    "seedance-1-0-pro": (
        *("seedance-1-0-pro-250528", "doubao-seedance-1-0-pro-250528"),
        *({"480p", "720p", "1080p"}, range(2, 13), {False}, 0, True),
    ),
    "seedance-1-0-pro-fast": (
        *("seedance-1-0-pro-fast-251015", "doubao-seedance-1-0-pro-fast-251015"),
        *({"480p", "720p", "1080p"}, range(2, 13), {False}, 0, False),
    ),
}
# ModelArk/1544106: USD per million tokens without a video among the inputs, by resolution and sound.
RATES = {
    "seedance-2.5": {"480p": "10.7", "720p": "10.7", "1080p": "11.7"},
    "seedance-2.0": {"480p": "7", "720p": "7", "1080p": "7.7", "2160p": "4"},
    "seedance-2.0-fast": {"480p": "5.6", "720p": "5.6"},
    "seedance-2.0-mini": {"480p": "3.5", "720p": "3.5"},
    "seedance-1-5-pro": dict.fromkeys(("480p", "720p", "1080p"), "2.4"),
    "seedance-1-0-pro": dict.fromkeys(("480p", "720p", "1080p"), "2.5"),
    "seedance-1-0-pro-fast": dict.fromkeys(("480p", "720p", "1080p"), "1"),
}
# ModelArk/1520757: the sizes in pixels, for 16:9, 4:3, 1:1 and 21:9; portraits have the same turned.
SIZES = {
    "2.5": {
        "480p": ("854x480", "752x560", "640x640", "992x432"),
        "720p": ("1280x720", "1112x834", "960x960", "1470x630"),
        "1080p": ("1920x1080", "1664x1248", "1440x1440", "2206x946"),
    },
    "2.0": {
        "480p": ("864x496", "752x560", "640x640", "992x432"),
        "720p": ("1280x720", "1112x834", "960x960", "1470x630"),
        "1080p": ("1920x1080", "1664x1248", "1440x1440", "2206x946"),
        "2160p": ("3840x2160", "3326x2494", "2880x2880", "4398x1886"),
    },
    "1.0": {
        "480p": ("864x480", "736x544", "640x640", "960x416"),
        "720p": ("1248x704", "1120x832", "960x960", "1504x640"),
        "1080p": ("1920x1088", "1664x1248", "1440x1440", "2176x928"),
    },
}
FIRST = Image("https://a.b/first.png")
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


def answer_to(model, offers=INTL, **wishes):
    job = VideoJob("a fox", **wishes)
    return negotiate(job, offers[model], uploads=read_uploads(job))


def takes(model, **wishes):
    answer = answer_to(model, **wishes)
    assert getattr(answer, "adjustments", ()) == ()
    return isinstance(answer, Plan)


def plan_for(model, offers=INTL, **wishes):
    plan = answer_to(model, offers, **wishes)
    assert isinstance(plan, Plan), str(plan)
    return plan


def count_tokens(size, seconds):
    """As Ark bills: 121 frames for 5 s."""
    width, height = map(int, size.split("x"))
    return Decimal(width * height * (24 * seconds + 1)) / 1024


def list_sizes(model, resolution):
    generation = {"2.5": "2.5", "1-0": "1.0"}.get(model[9:12], "2.0")
    return SIZES[generation][resolution]


@pytest.mark.parametrize(("model", "facts"), MODELS.items())
def test_the_table_of_models(model, facts):
    intl, china, resolutions, seconds, sound, references, last = facts

    assert (INTL[model].wire_model, CHINA[model].wire_model) == (intl, china)
    lines = {"480p", "720p", "1080p", "1440p", "2160p"}
    assert {value for value in lines if takes(model, resolution=value)} == resolutions
    assert [s for s in range(1, 35) if takes(model, seconds=s)] == list(seconds)
    assert {value for value in (True, False) if takes(model, audio=value)} == sound
    ratios = {*RATIOS, "2:3", "3:2", "9:21"}
    assert {value for value in ratios if takes(model, aspect_ratio=value)} == set(RATIOS)
    assert takes(model, images=[FIRST])
    assert takes(model, images=[FIRST, LAST]) is last
    assert not takes(model, images=[LAST])
    assert takes(model, images=[FACE] * max(references, 1)) is bool(references)
    assert not takes(model, images=[FACE] * (references + 1))
    assert not takes(model, images=[FIRST, FACE])


def test_these_are_all_the_models():
    assert list(INTL) == list(CHINA) == list(MODELS) == list(RATES)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_local_images_have_thirty_megabytes_at_most(kind):
    picture = draw_picture(320, 300, kind)

    assert takes("seedance-2.0", images=[Image(picture)])
    assert not takes("seedance-2.0", images=[Image(picture.ljust(30_000_001, b"\0"))])


def test_frames_of_2_5_set_the_ratio_and_references_do_not():
    plan = plan_for("seedance-2.5", images=[FIRST])

    assert plan.tier.images.sets_ratio
    assert not takes("seedance-2.5", aspect_ratio="9:16", images=[Image(draw_picture(640, 360))])
    assert takes("seedance-2.5", aspect_ratio="9:16", images=[FACE])


@pytest.mark.parametrize(
    ("model", "resolution"), [(model, lines) for model in RATES for lines in RATES[model]]
)
def test_a_quote_is_a_ceiling_of_what_is_billed(model, resolution):
    rate = Decimal(RATES[model][resolution]) / 1_000_000
    for seconds in MODELS[model][3]:
        quote = plan_for(model, resolution=resolution, seconds=seconds).quote
        bills = [count_tokens(size, seconds) * rate for size in list_sizes(model, resolution)]
        assert (quote.confidence, quote.currency) == ("ceiling", "USD")
        assert quote.amount is not None
        # At the shortest clip of the largest ratio the two are equal, to the millionth.
        assert max(bills) <= quote.amount <= max(bills) * Decimal("1.022")
        assert quote.amount <= min(bills) * Decimal("1.15")


@pytest.mark.parametrize(
    ("model", "resolution", "tokens", "billed"),
    [
        # Tasks that users reported: the tokens of 5 s, and of 4 s.
        ("seedance-2.0", "720p", 108_900, 5),
        ("seedance-2.0", "1080p", 245_025, 5),
        ("seedance-2.0-fast", "720p", 87_300, 4),
    ],
)
def test_the_tokens_of_recorded_tasks(model, resolution, tokens, billed):
    assert count_tokens(list_sizes(model, resolution)[0], billed) == tokens
    bill = tokens * Decimal(RATES[model][resolution]) / 1_000_000
    quote = plan_for(model, resolution=resolution, seconds=billed).quote
    assert quote.amount is not None
    assert bill <= quote.amount <= bill * Decimal("1.02")


def test_sound_doubles_the_price_of_1_5():
    for resolution in RATES["seedance-1-5-pro"]:
        loud, quiet = (
            plan_for("seedance-1-5-pro", resolution=resolution, audio=audio).quote.amount
            for audio in (True, False)
        )
        assert loud is not None
        assert quiet is not None
        assert 0 <= 2 * quiet - loud <= Decimal("0.00001")


def test_what_a_first_frame_costs_at_2_5_is_an_estimate():
    """Its video has the ratio of the frame, whatever that is."""
    framed, free = (plan_for("seedance-2.5", images=images).quote for images in ([FIRST], [FACE]))

    assert (framed.confidence, free.confidence) == ("estimate", "ceiling")
    assert framed.amount == free.amount


@pytest.mark.parametrize("options", [{"duration": -1}, {"resolution": "1080p"}, {"model": "ep-1"}])
def test_an_option_that_changes_the_price_makes_it_unknown(options):
    assert plan_for("seedance-2.0", options={"ark": options}).quote.amount is None


@pytest.mark.parametrize("model", MODELS)
def test_nothing_else_is_taken(model):
    assert set(VALUES) | {"character"} == set(ACCEPTABLE)
    assert {name for name, value in VALUES.items() if takes(model, **{name: value})} == {
        "seed",
        "watermark",
    }


@pytest.mark.parametrize("model", MODELS)
def test_every_offer_says_where_it_stands(model):
    offer = INTL[model]

    assert offer.source.startswith("https://docs.byteplus.com/en/docs/ModelArk/")
    assert (offer.checked, offer.keeps_for, offer.failures_billed) == (
        date(2026, 11, 21),
        86_400,
        False,
    )
    for tier in offer.tiers:
        assert tier.price is not None
        assert tier.price.source.endswith("/ModelArk/1544106")
        assert tier.default_seconds == 5


@pytest.mark.parametrize("model", MODELS)
def test_in_china_no_price_is_known_and_the_limits_are_the_same(model):
    plan = plan_for(model, CHINA)

    assert plan.quote.amount is None
    assert plan.wire_model == CHINA[model].wire_model
    assert CHINA[model].source.startswith("https://www.volcengine.com/docs/82379/")
    assert [tier.shapes for tier in CHINA[model].tiers] == [t.shapes for t in INTL[model].tiers]


# ---- the region as a provider's setting


def providers(settings):
    entry = {"adapter": "ark", "settings": settings}
    config = load_config({"providers": {"volcengine": entry}}, {})
    return find_providers(config, load_registry())


def test_a_config_moves_a_provider_to_china():
    found = providers({"region": "cn"})

    assert found["volcengine"].base_url == "https://ark.cn-beijing.volces.com"
    assert found["ark"].base_url == adapter("ark").base_url
    assert found["volcengine"].adapter.offers()[0].wire_model == "doubao-seedance-2-5-260628"


@pytest.mark.parametrize("settings", [{"region": "eu"}, {"region": 1}, {"regions": "cn"}])
def test_a_wrong_setting_is_an_error_with_its_place(settings):
    with pytest.raises(ConfigError, match=r"providers\.volcengine\.settings.*region"):
        providers(settings)
