"""Offers of the config change what an adapter sells: prices, limits, new models."""

from datetime import date
from decimal import Decimal

import pytest

from anyvideo.errors import ConfigError, PluginError
from anyvideo.session.offers import apply_overlay
from tests.acme.adapter import Clips
from tests.acme.plugin import open_session


def lay(*rows, alias="acme", providers=None, adapter=None):
    session = open_session({"offers": list(rows), "providers": providers or {}}, adapter or Clips())
    return {offer.model: offer for offer in apply_overlay(session.providers[alias], session.config)}


def test_without_rows_it_is_what_the_adapter_sells():
    assert [*lay()] == ["clip", "old"]


def test_a_price_stands_for_every_tier():
    row = {
        "provider": "acme",
        "model": "clip",
        "price": {"amount": "0.05", "checked": date(2026, 11, 19)},
    }
    clip = lay(row)["clip"]
    assert [tier.price.amount for tier in clip.tiers] == [Decimal("0.05")] * 2
    assert [tier.seconds for tier in clip.tiers] == [(4, 8, 12), (8,)]
    assert clip.tiers[0].price.checked == date(2026, 11, 19)
    assert clip.finishes_in == 60


def test_other_keys_replace_what_they_name():
    row = {"adapter": "acme", "model": "old", "retired": {"on": date(2027, 1, 1)}, "finishes_in": 9}
    old = lay(row)["old"]
    assert (old.retired.on, old.finishes_in, old.tiers[0].name) == (date(2027, 1, 1), 9, "")


def test_limits_replace_all_tiers_and_keep_the_names():
    sold = '[[offers]]\nmodel = "clip"\nnames = { size = "dimensions" }\nsizes = ["1280x720"]\nseconds = [4]\n'
    row = {"provider": "acme", "model": "clip", "sizes": ["1920x1080"], "seconds": [20]}
    clip = lay(row, adapter=Clips(text=sold))["clip"]
    assert [tier.seconds for tier in clip.tiers] == [(20,)]
    assert clip.tiers[0].shapes[0].wire == {"dimensions": "1920x1080"}


def test_a_row_may_use_the_vendors_own_name():
    sold = '[[offers]]\nmodel = "clip"\nwire_model = "Clip-Max"\n'
    offers = lay(
        {"provider": "acme", "model": "Clip-Max", "finishes_in": 3}, adapter=Clips(text=sold)
    )
    assert [(model, offer.finishes_in) for model, offer in offers.items()] == [("clip", 3)]


def test_a_new_model_needs_no_release():
    row = {"provider": "acme", "model": "clip-2", "seconds": [30], "price": {"amount": "1"}}
    offers = lay(row)
    assert [*offers] == ["clip", "old", "clip-2"]
    assert (offers["clip-2"].name, offers["clip-2"].tiers[0].seconds) == ("acme/clip-2", (30,))


def test_a_row_is_for_one_account_or_for_all_of_an_adapter():
    providers = {"main": {"adapter": "acme"}}
    one = {"provider": "main", "model": "new"}
    every = {"adapter": "acme", "model": "newer"}
    assert [*lay(one, every, alias="main", providers=providers)] == ["clip", "old", "new", "newer"]
    offers = lay(one, every, providers=providers)
    assert [*offers] == ["clip", "old", "newer"]
    assert lay(one, alias="main", providers=providers)["clip"].name == "main/clip"


def test_a_row_that_does_not_fit_what_it_changes_is_told():
    row = {"provider": "acme", "model": "clip", "seconds": [4], "default_seconds": 9}
    with pytest.raises(
        ConfigError, match=r"config: offers\[0\] \(clip\)\.tiers\[0\]\.default_seconds: 9 is none"
    ):
        lay(row)


def test_an_adapter_that_cannot_say_what_it_sells_is_named():
    with pytest.raises(PluginError, match="acme"):
        lay(adapter=Clips(text="[[offers]"))
