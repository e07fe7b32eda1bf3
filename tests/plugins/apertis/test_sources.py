"""Apertis' catalogue, written out, against what the offers quote, and what is retired."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo_plugins.apimart.generations import Apimart
from anyvideo_plugins.apiyi.videos import Videos
from tests.plugins.apertis.catalogue import OFFERS, URL, ask

# The catalogue, version 127: dollars per request.
PRICES = {"veo3-fast": "1.26", "veo3": "1.26", "veo3-pro": "5.60", "veo3-pro-frames": "5.60"}

# What a retired offer may point to: live, and not in doubt.
LIVE = {
    offer.name
    for adapter in (Apimart(), Videos())
    for offer in adapter.offers()
    if offer.retired is None and "in doubt" not in offer.note
}


@pytest.mark.parametrize("name", OFFERS)
def test_prices_are_the_catalogue_s_and_unknown_elsewhere(name):
    offer = OFFERS[name]
    quote = ask(offer).quote
    amount = PRICES.get(name[1])

    assert quote.amount == (None if amount is None else Decimal(amount))
    assert quote.confidence == ("unknown" if amount is None else "exact")
    if amount is not None:
        assert quote.basis == f"{amount} USD per request"
        assert quote.source.endswith("models.json")
        assert quote.checked == date(2026, 10, 12)


@pytest.mark.parametrize("name", OFFERS)
def test_what_was_switched_off_is_refused_and_says_what_to_use(name):
    offer = OFFERS[name]
    days = {"veo-2": date(2026, 6, 30), "veo-3.1": date(2026, 10, 22), "sora-2": date(2026, 9, 24)}
    day = next((day for family, day in days.items() if offer.model.startswith(family)), None)
    answer = negotiate(VideoJob("x", images=URL), offer, Policy())

    assert (offer.retired is None) == (name[1] in PRICES)
    if offer.retired is None:
        assert offer.note.startswith("in doubt: Google retired veo-3.0 on 2026-06-30")
        return
    assert offer.retired.on == day
    assert offer.retired.note
    assert isinstance(answer, Refusal)
    assert str(day) in str(answer.reasons[0])
    for use in offer.retired.use:
        assert use in LIVE
        assert use in str(answer.reasons[0])


def test_every_row_says_where_it_is_from():
    assert {offer.source.startswith("https://") for offer in OFFERS.values()} == {True}
    assert {offer.checked for offer in OFFERS.values()} == {date(2026, 11, 20)}
    assert {offer.provider for offer in OFFERS.values()} == {""}
