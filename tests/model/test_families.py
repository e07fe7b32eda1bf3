"""The family of a model, from its canonical name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.model.families import find_family
from anyvideo.plugin import Offer
from anyvideo.testing import adapter


@pytest.mark.parametrize(
    ("model", "family"),
    [
        ("kling-v3", "kling-v3"),
        ("kling-v3-omni", "kling-v3"),
        ("kling-v2-6", "kling-v2.6"),
        ("kling-v2.6", "kling-v2.6"),
        ("kling-video-o1", "kling-video-o1"),
        ("wan2.7-r2v", "wan-2.7"),
        ("wan3.0", "wan-3"),
        ("seedance-2.0-fast", "seedance-2"),
        ("seedance-2.5", "seedance-2.5"),
        ("seedance-1-5-pro", "seedance-1.5"),
        ("seedance-1-0-pro-fast", "seedance-1"),
        ("veo-3.1-lite", "veo-3.1"),
        ("hailuo-02", "hailuo-02"),
        ("vidu-q3-pro", "vidu-q3"),
        ("flux-3-video", "flux-3"),
        ("gemini-omni-1.2-flash", "gemini-omni-1.2"),
        ("runway-gen-4.5", "runway-gen-4.5"),
        ("grok-imagine-video", "grok-imagine-video"),
        ("grok-imagine-video-1.5-lite", "grok-imagine-video-1.5"),
        ("h3", "h-3"),
        ("2-fast", "2-fast"),
    ],
)
def test_a_family_ends_with_the_version(model, family):
    assert find_family(model) == family
    assert Offer("acme", model).family == family


@given(st.text(max_size=30))
def test_every_name_has_one(model):
    assert find_family(find_family(model)) or not model


def test_an_offer_may_say_it():
    offers = {offer.model: offer.family for offer in adapter("apimart").offers()}

    assert offers["kling-3.0-turbo"] == offers["kling-v3"] == "kling-v3"
