"""Adapters whose offers cannot be used, or do not say where they are from."""

from decimal import Decimal

from anyvideo.plugin import Offer, Price, Tier
from tests.acme.sound import Sound


class SellsNothing(Sound):
    caught_by, says = "test_offers", "nothing is offered; return load_offers"

    def offers(self):
        return []


class SellsTheSameTwice(Sound):
    caught_by, says = "test_offers", "offers has the model acme-1 twice; keep one"

    def offers(self):
        return [*super().offers(), *super().offers()]


class NamesNoSource(Sound):
    caught_by, says = "test_offers", "acme/acme-1 has no source; say where its limits"

    def offers(self):
        return [Offer(adapter="acme", model="acme-1")]


class NamesNoSourceOfAPrice(Sound):
    caught_by, says = "test_offers", "acme/acme-1 has a price without a source"

    def offers(self):
        tier = Tier(price=Price(Decimal("0.1")))
        return [Offer(adapter="acme", model="acme-1", source="https://acme.example", tiers=(tier,))]


class SellsTheUnplannable(Sound):
    caught_by, says = "test_offers", "acme/acme-1: its simplest job cannot be planned"

    def offers(self):
        row = Offer(adapter="acme", model="acme-1", source="https://acme.example", prompt_max=1)
        return [row]
