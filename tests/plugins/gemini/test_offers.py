"""What Google sells at the Gemini API: lengths, formats, images, prices, and what is switched off."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.files.images import read_uploads
from anyvideo.model.plan import Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import VideoJob
from tests.plugins.gemini.answers import FIRST, GEMINI, LAST, offer_of, plan_for, reference

LIVE = ("gemini-omni-1.2-flash", "gemini-omni-1.1-flash")
RETIRED = {
    "gemini-omni-flash": ("gemini-omni-flash-preview", date(2026, 9, 30)),
    "veo-3.1": ("veo-3.1-generate-preview", date(2026, 10, 22)),
    "veo-3.1-fast": ("veo-3.1-fast-generate-preview", date(2026, 10, 22)),
    "veo-3.1-lite": ("veo-3.1-lite-generate-preview", date(2026, 10, 22)),
}
FRAMES, REFERENCES = [FIRST, LAST], [reference(number) for number in range(1, 12)]


def refusal_of(job, model):
    refusal = negotiate(job, offer_of(model), uploads=read_uploads(job))
    assert isinstance(refusal, Refusal), refusal
    return refusal


def test_the_models_are_omni_and_what_was_switched_off():
    offers = {offer.model: offer for offer in GEMINI.offers()}

    assert tuple(offers) == (*LIVE, *RETIRED)
    assert [model for model in offers if offers[model].retired is None] == list(LIVE)
    for model, (name, day) in RETIRED.items():
        offer = offers[model]
        assert offer_of(name) is offer
        assert offer.retired.on == day
        assert offer.retired.use == tuple(f"gemini/{live}" for live in LIVE)
        assert offer.retired.note


@pytest.mark.parametrize("model", RETIRED)
def test_a_retired_model_is_refused_with_what_to_use(model):
    refusal = negotiate(VideoJob("p"), offer_of(model))

    assert isinstance(refusal, Refusal)
    (reason,) = refusal.reasons
    assert "use gemini/gemini-omni-1.2-flash or gemini/gemini-omni-1.1-flash instead" in str(reason)


def test_every_row_names_its_page_and_its_date():
    for offer in GEMINI.offers():
        assert offer.source.startswith("https://")
        assert offer.checked == date(2026, 11, 21)
        for price in (tier.price for tier in offer.tiers if tier.price):
            assert price.source.startswith("https://")
            assert price.checked is not None
            assert (price.per, price.currency, price.confidence) == ("second", "USD", "estimate")


@pytest.mark.parametrize(
    ("model", "fields", "amount"),
    [
        ("gemini-omni-1.2-flash", {"seconds": 10}, "0.70"),
        ("gemini-omni-1.2-flash", {"seconds": 10, "images": FRAMES}, "0.70"),
        ("gemini-omni-1.2-flash", {"seconds": 10, "resolution": "1080p"}, None),
        ("gemini-omni-1.1-flash", {"seconds": 10}, "1.0136"),
        ("gemini-omni-1.1-flash", {}, "1.0136"),
        (
            "gemini-omni-1.1-flash",
            {"seconds": 3, "resolution": "720p", "images": [FIRST]},
            "0.30408",
        ),
        ("gemini-omni-1.1-flash", {"seconds": 3, "resolution": "360p"}, None),
        ("gemini-omni-1.1-flash", {"seconds": 3, "resolution": "2160p"}, None),
    ],
)
def test_what_a_job_costs_as_far_as_a_list_says(model, fields, amount):
    quote = plan_for(VideoJob("p", **fields), model).quote

    assert quote.amount == (None if amount is None else Decimal(amount))
    assert quote.confidence == ("unknown" if amount is None else "estimate")
    assert quote.failures_billed is None


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        ("gemini-omni-1.2-flash", {"seconds": 15, "images": [FIRST]}),
        ("gemini-omni-1.2-flash", {"seconds": 10, "images": FRAMES, "resolution": "2160p"}),
        ("gemini-omni-1.2-flash", {"seconds": 3, "images": REFERENCES[:6], "aspect_ratio": "9:16"}),
        ("gemini-omni-1.1-flash", {"images": REFERENCES[:10]}),
        ("gemini-omni-1.1-flash", {"images": [*FRAMES, *REFERENCES[:8]], "resolution": "1080p"}),
    ],
)
def test_images_that_are_taken(model, fields):
    assert plan_for(VideoJob("p", **fields), model)


@pytest.mark.parametrize(
    ("model", "fields", "field"),
    [
        ("gemini-omni-1.2-flash", {"seconds": 16}, "seconds"),
        ("gemini-omni-1.2-flash", {"seconds": 2}, "seconds"),
        ("gemini-omni-1.2-flash", {"seconds": 11, "images": FRAMES}, "seconds"),
        ("gemini-omni-1.2-flash", {"images": REFERENCES[:7]}, "images"),
        ("gemini-omni-1.2-flash", {"images": [FIRST, *REFERENCES[:1]]}, "images"),
        ("gemini-omni-1.1-flash", {"seconds": 11}, "seconds"),
        ("gemini-omni-1.1-flash", {"images": REFERENCES[:11]}, "images"),
        ("gemini-omni-1.1-flash", {"images": [LAST]}, "images"),
        ("gemini-omni-1.1-flash", {"aspect_ratio": "1:1"}, "aspect_ratio"),
        ("gemini-omni-1.1-flash", {"resolution": "480p"}, "resolution"),
        ("gemini-omni-1.1-flash", {"audio": False}, "audio"),
        ("gemini-omni-1.1-flash", {"seed": 0}, "seed"),
        ("gemini-omni-1.1-flash", {"negative_prompt": "fog"}, "negative_prompt"),
    ],
)
def test_what_google_does_not_take_is_refused_before_it_costs(model, fields, field):
    assert field in {reason.field for reason in refusal_of(VideoJob("p", **fields), model).reasons}


def test_files_are_kept_for_two_days():
    assert {offer_of(model).keeps_for for model in LIVE} == {48 * 3600}
