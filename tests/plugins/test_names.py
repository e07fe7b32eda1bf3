"""The same model has the same name and the same family wherever it is sold."""

from collections import defaultdict

import pytest

from anyvideo.adapters.registry import load_registry

OFFERS = [offer for adapter in load_registry().adapters.values() for offer in adapter.offers()]
FAMILIES: dict[str, set[str]] = defaultdict(set)
for _offer in OFFERS:
    FAMILIES[_offer.model].add(_offer.family)


def test_every_model_has_one_family_at_every_vendor():
    assert {model: names for model, names in FAMILIES.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("model", "sellers"),
    [
        ("kling-v3", {"apimart", "fal", "kling", "openrouter", "replicate"}),
        ("minimax-h3", {"apimart", "minimax", "openrouter", "runway"}),
        ("seedance-2.5", {"apimart", "ark", "fal", "openrouter", "runway"}),
        ("gemini-omni-1.2-flash", {"fal", "gemini"}),
        ("grok-imagine-video", {"apiyi", "openrouter", "xai"}),
        ("wan3.0", {"apimart", "dashscope", "fal", "openrouter", "runway"}),
    ],
)
def test_a_bare_name_is_that_of_all_its_sellers(model, sellers):
    assert {offer.adapter for offer in OFFERS if offer.model == model} >= sellers


def test_a_name_of_one_vendor_is_no_other_model_elsewhere():
    """An id or an alias that is a canonical name elsewhere names that model here too."""
    models = {offer.model for offer in OFFERS}
    odd = {
        (offer.adapter, name, offer.model)
        for offer in OFFERS
        if offer.retired is None  # a retired id may have been made of another model
        for name in (offer.wire_model, *offer.aliases)
        if name in models and name != offer.model
    }

    assert odd == set()
