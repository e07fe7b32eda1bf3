"""Offers that are well-formed and contradict themselves are refused with their place."""

from decimal import Decimal

import pytest
from attrs import evolve

from anyvideo.adapters.registry import load_registry
from anyvideo.catalog.checks import check_offer
from anyvideo.model.offer import Images, Offer, Shape, Tier
from anyvideo.model.quote import Price

HD = Shape(size="1280x720")
FULL = Shape(size="1920x1080")
CHEAP, DEAR = Price(Decimal("0.1")), Price(Decimal("0.5"))


def check(*tiers, **more):
    return list(check_offer(Offer("acme", "clip", tiers=tiers or (Tier(),), **more)))


def test_what_the_built_in_adapters_sell_is_sound():
    offers = [offer for adapter in load_registry().adapters.values() for offer in adapter.offers()]
    assert offers
    assert [line for offer in offers for line in check_offer(offer)] == []


@pytest.mark.parametrize(
    ("tier", "line"),
    [
        (Tier(accepts=["sed", "style"]), "tiers[0].accepts: unknown key 'sed'; did you mean seed?"),
        (Tier(seconds=(4, 0)), "tiers[0].seconds: a length is above 0"),
        (Tier(seconds=(4,), default_seconds=5), "tiers[0].default_seconds: 5 is none of the lengths in seconds"),
        (Tier(default_seconds=5), "tiers[0].default_seconds: 5 is none of the lengths in seconds"),
        (Tier(images=Images(first_frame=1, min=2)), "tiers[0].images: needs 2, but takes at most 1; no job can reach this tier"),
        (Tier(images=Images(reference=3, min=3, max=2)), "tiers[0].images: needs 3, but takes at most 2; no job can reach this tier"),
        (Tier(images=Images(reference=3, min=1, counts=(0, 4))), "tiers[0].images: counts leaves none of 1 to 3; no job can reach this tier"),
        (Tier(images=Images(reference=-1)), "tiers[0].images: a number of images is 0 or more"),
        (Tier(images=Images(max=-1)), "tiers[0].images: a number of images is 0 or more"),
        (Tier(images=Images(first_frame=2)), "tiers[0].images: there is one first frame and one last frame"),
        (Tier(images=Images(first_frame=1, match_size=True)), "tiers[0].images.match_size: says that images match the size, but the tier is not available by size"),
        (Tier(shapes=(Shape("1:1"),), images=Images(first_frame=1, sets_ratio=True)), "tiers[0].images.sets_ratio: the tier has ratios to choose; give images a tier of their own"),
        (Tier(shapes=(HD, Shape("1:1")), images=Images(first_frame=1, match_size=True)), "tiers[0].images.match_size: says that images match the size, but the tier is not available by size"),
    ],
)  # fmt: skip
def test_a_tier_that_cannot_be_meant(tier, line):
    assert check(tier) == [line]


@pytest.mark.parametrize(
    ("given", "line"),
    [
        ({"model": "*"}, "model: expected a name, not '*'"),
        ({"model": ""}, "model: expected a name, not ''"),
        ({"required": ("shapes",)}, "required: unknown key 'shapes'; did you mean shape?"),
        ({"prompt_max": 0}, "prompt_max: expected a number above 0, not 0"),
        ({"finishes_in": -1}, "finishes_in: expected a number above 0, not -1"),
    ],
)
def test_an_offer_that_cannot_be_meant(given, line):
    assert list(check_offer(evolve(Offer("acme", "clip"), **given))) == [line]


UNREACHABLE = "tiers[1]: no job can reach this tier, because tiers[0] takes whatever it takes"


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (Tier(seconds=(4, 8)), Tier(seconds=(8,), price=CHEAP)),
        (Tier(seconds=(4, 8), shapes=(HD, FULL)), Tier(seconds=(8,), shapes=(FULL,))),
        (Tier(audio=(True, False)), Tier()),
        (Tier(accepts=["seed", "style"]), Tier(accepts=["seed"])),
        (Tier(price=CHEAP), Tier(price=CHEAP)),
        (Tier(images=Images(reference=3)), Tier(images=Images(reference=3, counts=(1, 2), min=1, max=2))),
        (Tier(images=Images(reference=1, counts=(0, 1))), Tier(images=Images(reference=1, counts=(1,)))),
        (Tier(images=Images(reference=1, formats=())), Tier(images=Images(reference=1, max_bytes=9))),
    ],
)  # fmt: skip
def test_a_tier_that_no_job_can_reach(earlier, later):
    assert check(earlier, later) == [UNREACHABLE]


@pytest.mark.parametrize(
    "later",
    [
        Tier(seconds=(4, 12)),
        Tier(accepts=["style"]),
        Tier(audio=(True,)),
        Tier(shapes=(FULL,)),
        Tier(images=Images(reference=1)),
        Tier(images=Images(first_frame=1, last_frame=1)),
        Tier(images=Images(first_frame=1, via=("file",))),
        Tier(images=Images(first_frame=1, formats=())),
        Tier(images=Images(first_frame=1, formats=("gif",))),
        Tier(images=Images(first_frame=1, counts=())),
        Tier(images=Images(first_frame=1, counts=(0, 1), max_bytes=None)),
        Tier(images=Images(first_frame=1, counts=(0, 1), mix=True)),
        Tier(images=Images(first_frame=1, counts=(0, 1), last_alone=True)),
    ],
)
def test_a_tier_that_adds_something_is_sound(later):
    first = Images(first_frame=1, counts=(0, 1), formats=("png",), max_bytes=9)
    assert check(Tier(seconds=(4, 8), shapes=(HD,), accepts=["seed"], images=first), later) == []


def test_tiers_that_contradict_each_other():
    assert check(Tier(seconds=(4, 8), price=CHEAP), Tier(seconds=(4, 8), price=DEAR)) == [
        "tiers[1]: contradicts tiers[0]: the same limits at another price"
    ]
    one = Tier(seconds=(4, 8), shapes=(HD, FULL), audio=(True,), price=CHEAP)
    other = Tier(seconds=(8, 12), shapes=(HD,), audio=(True, False), price=DEAR)
    assert check(one, other) == [
        "tiers[1]: contradicts tiers[0]: both sell 8 s at 16:9 720p 1280x720 with sound, at two prices"
    ]
    silent = Tier(seconds=(8, 12), audio=(False,), price=DEAR)
    assert check(Tier(seconds=(4, 8), audio=(False,), price=CHEAP), silent) == [
        "tiers[1]: contradicts tiers[0]: both sell 8 s without sound, at two prices"
    ]
    assert check(one, evolve(other, shapes=(Shape(size="720x1280"),))) == []
    assert check(one, evolve(other, accepts=frozenset(["upscale"]))) == []
    assert check(one, evolve(other, audio=(), shapes=(HD,))) == []
