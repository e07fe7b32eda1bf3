"""The offers of a provider: its adapter's, with the overrides of the config's [[offers]]."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import evolve, fields

from anyvideo.adapters.checks import ask_offers
from anyvideo.catalog.read import structure_offers
from anyvideo.config.provider import Provider
from anyvideo.config.schema import Config
from anyvideo.model.offer import Offer
from anyvideo.session.session import Session

_OFFER_KEYS = {attribute.name for attribute in fields(Offer)} - {"adapter", "provider", "tiers"}


def offers_of(session: Session, provider: Provider) -> tuple[Offer, ...]:
    """Return the offers of a provider, with the config's overrides; they are cached."""
    if provider.alias not in session.catalogs:
        session.catalogs[provider.alias] = apply_overlay(provider, session.config)
    return session.catalogs[provider.alias]


def find_offer(session: Session, provider: Provider, model: str) -> Offer | None:
    """Return the provider's offer of a model, by the canonical or the vendor's name."""
    offers = offers_of(session, provider)
    return next((offer for offer in offers if offer.answers_to(model)), None)


def apply_overlay(provider: Provider, config: Config) -> tuple[Offer, ...]:
    """Return the adapter's offers, changed and extended by the config's rows.

    A row names the offer by `provider` or `adapter` and by `model`. A row for a known model
    replaces the keys that it gives: `price` replaces that of every tier, a limit replaces all tiers.

    Raises:
        ConfigError: a row is wrong.
        PluginError: the adapter's offers cannot be read.
    """
    offers = {offer.model: offer for offer in ask_offers(provider.adapter)}
    for number, row in enumerate(config.offers):
        owner = row.get("provider", row.get("adapter"))
        if owner in {provider.alias, provider.adapter.name}:
            known = next((item for item in offers.values() if item.answers_to(row["model"])), None)
            offer = _read(provider, known, row, config.source, f"offers[{number}]")
            offers[offer.model] = offer
    if provider.alias == provider.adapter.name:
        return tuple(offers.values())
    return tuple(evolve(offer, provider=provider.alias) for offer in offers.values())


def _read(
    provider: Provider, known: Offer | None, row: Mapping[str, Any], where: str, place: str
) -> Offer:
    own = {key: value for key, value in row.items() if key != "provider"}
    own["adapter"] = provider.adapter.name
    if known is None:
        return structure_offers([(place, own)], where)[0]
    full = {"names": known.names, **own, "model": known.model}
    (changed,) = structure_offers([(place, full)], where)
    given = {key: getattr(changed, key) for key in own.keys() & _OFFER_KEYS - {"model"}}
    if own.keys() - _OFFER_KEYS - {"adapter", "price"}:
        return evolve(known, tiers=changed.tiers, **given)
    if "price" in own:
        price = changed.tiers[0].price
        given["tiers"] = tuple(evolve(tier, price=price) for tier in known.tiers)
    return evolve(known, **given)
