"""What `model=` selects: offers, models, wildcards, routes, and the nearest names of a wrong one."""

import pytest

from anyvideo.errors import ConfigError, NegotiationError, PluginError
from anyvideo.session.selectors import find_route, select
from tests.acme.adapter import Clips
from tests.acme.plugin import open_session

OTHER = """
[[offers]]
model = "clip"
wire_model = "Clip-Max"
[[offers]]
model = "vendor/film"
"""
BOTH = (Clips(), Clips("other", OTHER, key_env="OTHER_KEY"))


def names(session, model):
    return [f"{provider.alias}/{offer.model}" for provider, offer in select(session, model)]


@pytest.mark.parametrize(
    ("model", "meant"),
    [
        ("acme/clip", ["acme/clip"]),
        ("clip", ["acme/clip", "other/clip"]),
        ("Clip-Max", ["other/clip"]),
        ("other/Clip-Max", ["other/clip"]),
        ("vendor/film", ["other/vendor/film"]),
        ("other/vendor/film", ["other/vendor/film"]),
        ("acme/*", ["acme/clip", "acme/old"]),
        ("*", ["acme/clip", "acme/old", "other/clip", "other/vendor/film"]),
        ("acme/clip,other/clip", ["acme/clip", "other/clip"]),
        (" other/clip, clip,", ["other/clip", "acme/clip"]),
        ("cl*", ["acme/clip", "other/clip"]),
        ("Clip-M?x", ["other/clip"]),
        ("[ao]c*/[co]l*", ["acme/clip", "acme/old"]),
        ("*/clip", ["acme/clip", "other/clip"]),
        ("vendor/f*", ["other/vendor/film"]),
        ("acme/c*,vendor*", ["acme/clip", "other/vendor/film"]),
        ("hero", ["other/clip", "acme/clip"]),
        ("wide", ["other/clip", "acme/clip"]),
        (None, ["other/clip", "acme/clip"]),
        ("", ["other/clip", "acme/clip"]),
    ],
)
def test_what_a_selector_means(model, meant, monkeypatch):
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    monkeypatch.delenv("OTHER_KEY", raising=False)
    routes = {
        "hero": {"models": ["other/clip", "acme/clip"]},
        "wide": {"models": ["other/clip", "clip"]},
    }
    assert names(open_session({"model": "hero", "routes": routes}, *BOTH), model) == meant


def test_providers_with_a_key_come_first(monkeypatch):
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    monkeypatch.setenv("OTHER_KEY", "k")
    assert names(open_session({}, *BOTH), "clip") == ["other/clip", "acme/clip"]


def test_several_accounts_at_one_vendor_are_apart():
    session = open_session({"providers": {"spare": {"adapter": "acme"}}}, *BOTH)
    assert names(session, "spare/clip") == ["spare/clip"]
    assert [offer.name for _, offer in select(session, "clip")] == [
        "spare/clip",
        "acme/clip",
        "other/clip",
    ]


def test_a_route_is_found_by_its_name_or_as_the_default():
    session = open_session({"model": "hero", "routes": {"hero": {"models": ["clip"]}}})
    assert find_route(session, "hero") is find_route(session, None)
    assert find_route(session, None) is session.config.routes["hero"]
    assert find_route(session, "clip") is None


def test_without_a_default_something_must_be_named():
    with pytest.raises(ConfigError, match=r"no model: name one, or set model = "):
        select(open_session(), None)


@pytest.mark.parametrize(
    ("model", "why"),
    [
        (
            "acme/clop",
            "unknown model 'acme/clop'; nearest: acme/clip, .*",
        ),
        ("clop", "unknown model 'clop'; nearest: clip"),
        ("acme", r"unknown model 'acme'; for all models of a provider write acme/\*"),
        ("ac*e", r"unknown model 'ac\*e'; for all models of a provider write ac\*e/\*"),
        ("heroo", "unknown model 'heroo'; nearest: hero"),
        ("amce/clip", r"unknown model 'amce/clip'; nearest: .*acme/clip"),
        ("amce/thing", r"nearest: .*acme/\*"),
        ("zzzzzz", "unknown model 'zzzzzz'"),
        ("cl*p,clop,acme/x*", r"unknown model 'clop'; nearest: clip; unknown model 'acme/x\*'"),
        (",", "unknown model ','"),
        ("hero,clip", "the route 'hero' stands alone; name its models to select others too"),
    ],
)
def test_what_names_nothing_is_told_with_what_is_nearest(model, why):
    session = open_session({"routes": {"hero": {"models": ["clip"]}}}, *BOTH)
    with pytest.raises(NegotiationError, match=why):
        select(session, model)


def test_every_model_of_a_route_that_names_nothing_is_told_at_once():
    session = open_session({"routes": {"hero": {"models": ["clop", "clip", "acme/oldd"]}}})
    with pytest.raises(ConfigError) as caught:
        select(session, "hero")
    assert caught.value.problems == (
        "config: routes.hero.models[0]: unknown model 'clop'; nearest: clip",
        "config: routes.hero.models[2]: unknown model 'acme/oldd'; nearest: acme/old, acme/clip",
    )  # fmt: skip


@pytest.mark.parametrize("model", ["acme/clip", "main/clip"])
def test_a_plugin_that_failed_is_named_when_it_is_meant(model):
    clash = (Clips(), Clips(), Clips("other", OTHER))
    session = open_session({"providers": {"main": {"adapter": "acme"}}}, *clash)
    with pytest.raises(PluginError, match="adapter 'acme' is claimed by"):
        select(session, model)
    assert names(session, "*") == ["other/clip", "other/vendor/film"]


def test_an_adapter_without_offers_takes_no_other_down(caplog):
    session = open_session({}, Clips(), Clips("sick", "[[offers]"))
    assert names(session, "*") == ["acme/clip", "acme/old"]
    assert "sick" in caplog.text
    with pytest.raises(PluginError, match="sick"):
        select(session, "sick/clip")
