"""Reads `model=` selectors: which offers at which providers, in which order."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import TypeAlias

from attrs import evolve

from anyvideo.config.provider import Provider
from anyvideo.config.schema import RouteConfig
from anyvideo.errors import ConfigError, NegotiationError, PluginError
from anyvideo.model.offer import Offer
from anyvideo.session.offers import offers_of
from anyvideo.session.session import Session

logger = logging.getLogger("anyvideo")
_WILDCARDS = "*?["
# How many other sellers the refusal of a retired offer names.
_MOST_SIBLINGS = 3

Pair: TypeAlias = tuple[Provider, Offer]
Catalog: TypeAlias = tuple[Provider, Sequence[Offer]]


def select(session: Session, model: str | None) -> list[Pair]:
    """Return the offers that a selector names, those of providers with a key first.

    `None` is the config's default, a route's name its models in order, "provider/model" one offer
    and "model" that model everywhere. A name may hold the wildcards `*`, `?` and `[...]`, and
    several names may be joined by commas; a route's name stands alone.

    Raises:
        ConfigError: there is no default, or models of the route are unknown; lists them all.
        NegotiationError: a name is unknown; lists these names, each with the nearest.
        PluginError: the plugin that should have the model failed.
    """
    selector = _choose(session, model)
    if selector in session.config.routes:
        return _follow(session, selector)
    names = [name for item in selector.split(",") if (name := item.strip())] or [selector]
    found: dict[tuple[str, str], Pair] = {}
    unknown: list[str] = []
    for name in names:
        pairs = list(_find(session, name))
        found.update(
            {(provider.alias, offer.model): (provider, offer) for provider, offer in pairs}
        )
        if not pairs:
            unknown.append(_explain_unknown(session, name))
    if unknown:
        raise NegotiationError("; ".join(unknown), advice="list_models")
    return sorted(found.values(), key=lambda pair: pair[0].find_key() is None)


def _explain_unknown(session: Session, name: str) -> str:
    routes = session.config.routes
    if name in routes:
        return f"the route {name!r} stands alone; name its models to select others too"
    _check_plugin(session, name)
    return f"unknown model {name!r}{_suggest(session, name, *routes)}"


def find_route(session: Session, model: str | None) -> RouteConfig | None:
    """Return the route that a selector names, if it names one."""
    return session.config.routes.get(_choose(session, model))


def _choose(session: Session, model: str | None) -> str:
    chosen = model or session.config.model
    if chosen is None:
        message = 'no model: name one, or set model = "provider/model" in the config'
        raise ConfigError(message, advice="name_model")
    return chosen


def _follow(session: Session, route: str) -> list[Pair]:
    """Return the offers of a route in its order, each once."""
    problems: list[str] = []
    found: dict[tuple[str, str], Pair] = {}
    for number, name in enumerate(session.config.routes[route].models):
        pairs = list(_find(session, name))
        if not pairs:
            place = f"{session.config.source}: routes.{route}.models[{number}]"
            problems.append(f"{place}: unknown model {name!r}{_suggest(session, name)}")
        for provider, offer in pairs:
            found.setdefault((provider.alias, offer.model), (provider, offer))
    if problems:
        raise ConfigError(problems, advice="list_models")
    return list(found.values())


def _find(session: Session, selector: str) -> Iterator[Pair]:
    alias, slash, model = selector.partition("/")
    if slash and alias in session.providers:
        provider = session.providers[alias]
        found: list[Catalog] = [(provider, offers_of(session, provider))]
    else:
        found, model = _list_catalogs(session), selector
        if slash and any(letter in alias for letter in _WILDCARDS):
            found = [item for item in found if fnmatchcase(item[0].alias, alias)]
            model = selector.partition("/")[2]
    for provider, offers in found:
        for offer in offers:
            if _answers(offer, model):
                yield provider, offer


def add_siblings(session: Session, offer: Offer) -> Offer:
    """Return a retired offer that also names where models of its family are still sold."""
    retired = offer.retired
    if retired is None:
        return offer
    others = (item for _, offers in _list_catalogs(session) for item in offers)
    living = [item for item in others if item.family == offer.family and not item.retired]
    living.sort(
        key=lambda item: item.model != offer.model
    )  # the same model at another vendor first
    siblings = [item.name for item in living[:_MOST_SIBLINGS]]
    use = tuple(dict.fromkeys((*siblings, *retired.use)))
    return evolve(offer, retired=evolve(retired, use=use))


def _answers(offer: Offer, model: str) -> bool:
    if offer.answers_to(model):
        return True
    if not any(letter in model for letter in _WILDCARDS):
        return False
    return any(fnmatchcase(name, model) for name in offer.names_of_model)


def _list_catalogs(session: Session) -> list[Catalog]:
    """Return the offers of every provider; an adapter that fails is reported and left out."""
    found: list[Catalog] = []
    for provider in session.providers.values():
        try:
            found.append((provider, offers_of(session, provider)))
        except PluginError as error:
            logger.warning("%s; the other providers are used", error)
    return found


def _check_plugin(session: Session, selector: str) -> None:
    """Raise the PluginError of the plugin that should have had the model, if there is one."""
    alias = selector.partition("/")[0]
    setting = session.config.providers.get(alias)
    with suppress(ConfigError):
        session.registry.adapter(setting.adapter or alias if setting else alias)


def _suggest(session: Session, selector: str, *routes: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 (slow to import, and only for errors)

    alias, slash, _ = selector.partition("/")
    if not slash and any(fnmatchcase(known, selector) for known in session.providers):
        return f"; for all models of a provider write {selector}/*"
    offers = [offer for _, listed in _list_catalogs(session) for offer in listed]
    names = {offer.name for offer in offers}
    if not slash:
        names = {name for offer in offers for name in (offer.model, offer.wire_model)} | {*routes}
    elif alias not in session.providers:
        names |= {f"{near}/*" for near in get_close_matches(alias, session.providers, 1)}
    near = get_close_matches(selector, sorted(names), 3, 0.5)
    return f"; nearest: {', '.join(near)}" if near else ""
