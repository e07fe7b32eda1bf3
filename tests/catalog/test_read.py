"""offers.toml becomes offers; every mistake in it is named with its path."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.catalog.read import find_row_problems, load_offers, read_offers
from anyvideo.errors import ConfigError
from anyvideo.model.offer import Images, Offer, Retirement, Shape, Tier
from anyvideo.model.quote import ClipLength, Price, make_quote


def read(text, adapter="acme"):
    return read_offers(text, adapter)


def fail(text):
    with pytest.raises(ConfigError) as caught:
        read(text)
    return list(caught.value.problems)


def test_a_model_is_enough():
    assert read('[[offers]]\nmodel = "clip"') == (Offer("acme", "clip"),)
    assert read("") == ()


def test_a_tier_inherits_what_it_does_not_say_itself():
    (offer,) = read("""
        [[offers]]
        model = "clip"
        wire_model = "CLIP-1"
        source = "https://acme.example"
        checked = 2026-11-01
        retired = { on = 2026-09-24, use = ["acme/clip-2"], note = "gone" }
        names = { size = "dimensions" }
        seconds = { min = 4, max = 8, step = 2 }
        images = { first_frame = 1 }
        wire = { guidance = 0.5, steps = 30.0, list = [1.5], deep = { on = true } }

        [[offers.tiers]]
        name = "720p"
        sizes = ["1280x720"]
        price = { amount = 0.30 }

        [[offers.tiers]]
        seconds = [8]
        sizes = ["1920x1080"]
        audio = [true]
        price = { amount = "0.60", per = "video", source = "https://prices.example", checked = 2026-10-01 }
    """)
    images = Images(first_frame=1)
    assert offer == Offer(
        "acme", "clip", "CLIP-1",
        tiers=(
            Tier("720p", (4, 6, 8), shapes=(Shape(size="1280x720", wire={"dimensions": "1280x720"}),), images=images,
                 price=Price(Decimal("0.30"), source="https://acme.example", checked=date(2026, 11, 1))),
            Tier("", (8,), shapes=(Shape(size="1920x1080", wire={"dimensions": "1920x1080"}),), images=images, audio=(True,),
                 price=Price(Decimal("0.60"), "video", source="https://prices.example", checked=date(2026, 10, 1))),
        ),
        names={"size": "dimensions"},
        wire={"guidance": 0.5, "steps": 30, "list": [1.5], "deep": {"on": True}},
        retired=Retirement(date(2026, 9, 24), ("acme/clip-2",), "gone"),
        source="https://acme.example", checked=date(2026, 11, 1),
    )  # fmt: skip
    assert offer.tiers[0].images is offer.tiers[1].images


WORDS = """
    [[offers]]
    model = "clip"
    names = { aspect_ratio = "ratio", resolution = "" }
    aspect_ratios = { "16:9" = "landscape", "9:16" = "portrait" }
    resolutions = ["720p", "4K"]
    shapes = [{ resolution = "480p", wire = { mode = "lite" } }]
"""
PRODUCT = (
    Shape(None, "480p", wire={"mode": "lite"}),
    Shape("16:9", "720p", wire={"ratio": "landscape"}),
    Shape("16:9", "2160p", wire={"ratio": "landscape"}),
    Shape("9:16", "720p", wire={"ratio": "portrait"}),
    Shape("9:16", "2160p", wire={"ratio": "portrait"}),
)


def test_ratios_and_resolutions_mean_every_combination_with_the_vendors_words():
    (offer,) = read(f'{WORDS}required = ["shape"]')
    assert offer.tiers[0].shapes == PRODUCT
    (offer,) = read('[[offers]]\nmodel = "clip"\nresolutions = { 720p = "std" }')
    assert offer.tiers[0].shapes == (Shape(None, "720p", wire={"resolution": "std"}),)
    (offer,) = read('[[offers]]\nmodel = "clip"\naspect_ratios = ["1:1"]')
    assert offer.tiers[0].shapes == (Shape("1:1", None, wire={"aspect_ratio": "1:1"}),)


def test_where_no_shape_is_required_each_half_can_be_asked_for_alone():
    assert read(WORDS)[0].tiers[0].shapes == PRODUCT  # one half has no parameter of its own
    (offer,) = read(WORDS.replace('resolution = ""', 'resolution = "mode"'))
    assert offer.tiers[0].shapes[5:] == (
        Shape("16:9", wire={"ratio": "landscape"}),
        Shape("9:16", wire={"ratio": "portrait"}),
        Shape(None, "720p", wire={"mode": "720p"}),
        Shape(None, "2160p", wire={"mode": "4K"}),
    )


def test_a_tier_that_is_not_the_vendors_default_has_no_half_shapes():
    tiers = "[[offers.tiers]]\nseconds = [4]\n[[offers.tiers]]\nseconds = [8]"
    (offer,) = read(WORDS.replace('resolution = ""', 'resolution = "mode"') + tiers)
    assert [len(tier.shapes) for tier in offer.tiers] == [9, 5]


def test_one_file_may_serve_several_adapters():
    text = '[[offers]]\nmodel = "a"\nadapter = "one"\n[[offers]]\nmodel = "a"\nadapter = "two"\n'
    assert [offer.name for offer in read(text, "two")] == ["two/a"]


def test_every_mistake_of_a_file_is_told_at_once_with_its_place():
    assert fail("""
        [[offers]]
        model = "one"
        secnds = [4]
        price = { amount = "-1" }

        [[offers.tiers]]
        seconds = [4, "8"]
        sise = ["1280x720"]
        sizes = ["1280x720", "huge"]

        [[offers]]
        model = "two"
        default_seconds = 5
        seconds = [4, 8]
        resolutions = ["hd"]
        aspect_ratios = "16:9"

        [[offers]]
        seconds = { min = 8, max = 4 }
        required = ["size"]
        tiers = 3
    """) == [
        "offers.toml: offers[0] (one): unknown key 'secnds'; did you mean seconds?",
        "offers.toml: offers[0] (one).tiers[0]: unknown key 'sise'; did you mean sizes?",
        "offers.toml: offers[0] (one).tiers[0].price.amount: expected an amount of 0 or more, such as '0.30', not '-1'",
        "offers.toml: offers[0] (one).tiers[0].seconds[1]: expected a number, not '8'",
        "offers.toml: offers[0] (one).tiers[0].shapes[1]: size 'huge' is not WIDTHxHEIGHT in pixels, such as 1280x720",
        "offers.toml: offers[1] (two).aspect_ratios: expected a list of texts, or a table from them to the vendor's words",
        "offers.toml: offers[1] (two).tiers[0].shapes[0]: resolution 'hd' is not lines such as 720p, nor 2k, 4k or 8k",
        "offers.toml: offers[2] (?).model: is missing",
        "offers.toml: offers[2] (?).tiers: expected a list, not 3",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("seconds = { min = 8, max = 4 }", "tiers[0].seconds: expected a list, not {'min': 8, 'max': 4}"),
        ("seconds = { min = 8, most = 4 }", "tiers[0].seconds: expected a list, not {'min': 8, 'most': 4}"),
        ("seconds = { min = 4, max = 8, step = 0 }", "tiers[0].seconds: expected a list, not {'min': 4, 'max': 8, 'step': 0}"),
        ("seconds = { max = 8 }", "tiers[0].seconds: expected a list, not {'max': 8}"),
        ("sizes = [3]", "sizes: expected a list of texts, or a table from them to the vendor's words"),
        ("names = 3\nsizes = ['1280x720']", "names: expected a table of keys"),
        ("shapes = 3\nsizes = ['1280x720']", "tiers[0].shapes: expected a list, not 3"),
        ("shapes = [{ size = '1280x720', aspect_ratio = '9:16' }]", "tiers[0].shapes[0]: size 1280x720 is 16:9, not 9:16"),
        ("images = { first = 1 }", "tiers[0].images: unknown key 'first'; did you mean first_frame?"),
        ("price = { amount = '1', per = 'frame' }", "tiers[0].price.per: expected second or video or request, not 'frame'"),
        ("price = 3", "tiers[0].price: expected a table with the keys amount, per, "),
        ("retired = { use = [] }", "retired.on: is missing"),
        ("wire = { since = 2026-01-01 }", "a request cannot hold datetime.date(2026, 1, 1); write it as text"),
        ("tiers = [3]", "tiers[0]: expected a table with the keys name, seconds, "),
        ("tiers = []", "Length of 'tiers' must be >= 1: 0"),
        ("provider = 'x'", "unknown key 'provider'; "),
        ("prompt_max = 0", "prompt_max: expected a number above 0, not 0"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told(row, why):
    problems = fail(f'[[offers]]\nmodel = "clip"\n{row}')
    assert any(why in line and "offers[0] (clip)" in line for line in problems), problems


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[offers]", "offers.toml: not valid TOML: "),
        ("[offer]", "offers.toml: unknown key 'offer'; did you mean offers?"),
        ("[offers]", "offers.toml: offers is a list of tables; write [[offers]] above each"),
        ("offers = [3]", "offers.toml: offers is a list of tables; write [[offers]] above each"),
        ('[[offers]]\nmodel="a"\n[[offers]]\nmodel="a"', "offers.toml: acme/a is offered twice; keep one row"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told(text, why):
    assert fail(text)[0].startswith(why)


def test_a_package_brings_its_file_along(tmp_path, monkeypatch):
    package = tmp_path / "acme_offers"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "offers.toml").write_text('[[offers]]\nmodel = "clip"')
    (package / "broken.toml").write_bytes(b"\xff")
    monkeypatch.syspath_prepend(tmp_path)
    assert load_offers("acme_offers", "acme") == (Offer("acme", "clip"),)
    for file in ("none.toml", "broken.toml"):
        with pytest.raises(ConfigError, match=f"acme_offers/{file} cannot be read"):
            load_offers("acme_offers", "acme", file)
    with pytest.raises(ConfigError, match=r"no_such_package/offers\.toml cannot be read"):
        load_offers("no_such_package", "acme")


def test_a_row_of_a_config_may_say_only_what_it_changes():
    row = {"provider": "acme", "model": "clip", "default_seconds": 8, "price": {"amount": "1"}}
    assert find_row_problems(row, "anyvideo.toml", "offers[0]") == []
    assert find_row_problems({"model": 3, "secnds": 4}, "anyvideo.toml", "offers[0]") == [
        "anyvideo.toml: offers[0] (3): unknown key 'secnds'; did you mean seconds?",
        "anyvideo.toml: offers[0] (3): names no provider and no adapter to offer it",
        "anyvideo.toml: offers[0] (3).model: expected text, not 3",
    ]


def test_the_price_of_a_remix_has_the_source_of_its_offer():
    text = """
    [[offers]]
    model = "clip"
    source = "https://acme.example/docs"
    checked = 2026-11-20
    keeps_for = 86_400
    remix_price = { amount = "0.14", per = "video" }
    """
    (offer,) = read_offers(text, "acme")
    assert offer.remix_price == Price(
        Decimal("0.14"), "video", source="https://acme.example/docs", checked=date(2026, 11, 20)
    )
    with pytest.raises(ConfigError, match="remix_price"):
        read_offers(text.replace("{ amount", "{ amonut"), "acme")
    with pytest.raises(ConfigError, match="keeps_for: expected a number above 0, not -1"):
        read_offers(text.replace("86_400", "-1"), "acme")


def test_credits_and_their_price_are_an_amount():
    text = """
    [[offers]]
    model = "clip"
    seconds = [8]
    price = { credits = "12", credit_price = "0.01", per = "second" }
    """
    ((tier,),) = (offer.tiers for offer in read(text))
    quote = make_quote(tier.price, ClipLength(fixed=8), billed=None)

    assert (tier.price.amount, tier.price.credits) == (Decimal("0.12"), 12)
    assert (str(quote), quote.basis) == ("0.96 USD", "8 s x 0.12 USD/s (12 credits per second)")
    assert any("credit_price" in line for line in fail(text.replace('"0.01"', '"cheap"')))
    assert "amount" in fail(text.replace('credits = "12", ', ""))[0]


def test_a_tier_does_not_inherit_the_vendors_id_of_the_model():
    (offer,) = read(
        """
        [[offers]]
        model = "clip"
        wire_model = "clip-v1"
        seconds_as = "{}s"
        [[offers.tiers]]
        [[offers.tiers]]
        wire_model = "clip-v1-hd"
        seconds = [8]
        """
    )
    assert [tier.wire_model for tier in offer.tiers] == ["", "clip-v1-hd"]
    assert {tier.seconds_as for tier in offer.tiers} == {"{}s"}


MEANT_BY_NOBODY = {
    "deep lists": (f"x = {'[' * 50_000}", "not valid TOML"),
    "a huge number": ("wire = { a = 1e99999999 }", "a request cannot hold Decimal"),
    "a tiny number": ("wire = { a = 1e-99999999 }", "a request cannot hold Decimal"),
}


@pytest.mark.parametrize(("line", "words"), MEANT_BY_NOBODY.values(), ids=MEANT_BY_NOBODY)
def test_what_nobody_means_is_told_at_once(line, words):
    with pytest.raises(ConfigError, match=words):
        read_offers(f'[[offers]]\nmodel = "x"\n{line}\n', "acme")
