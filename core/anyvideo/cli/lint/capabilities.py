"""What one offer can do and another cannot, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from anyvideo.cli.views.text import format_few, format_numbers, format_switch
from anyvideo.model.media import ROLES
from anyvideo.model.offer import Offer

_MOST = 8


def find_gaps(first: Offer, other: Offer) -> Iterator[str]:
    """Yield what the first offer can do and the other cannot: lengths, shapes, images, fields."""
    if lengths := _lengths(first) - _lengths(other):
        yield f"seconds {format_numbers(lengths)}"
    for name in ("aspect_ratio", "resolution"):
        if values := [value for value in _shapes(first, name) if value not in _shapes(other, name)]:
            yield f"{name.replace('_', ' ')} {format_few(values, _MOST)}"
    if sounds := _sounds(first) - _sounds(other):
        yield f"sound {' and '.join(map(format_switch, sorted(sounds, reverse=True)))}"
    for role in ROLES:
        most, others = (
            max(tier.images.limit(role) for tier in offer.tiers) for offer in (first, other)
        )
        if most > others:
            yield f"{most} {role} images" if most > 1 else f"a {role} image"
    if not any(_takes_bare(other)) and any(_takes_bare(first)):
        yield "jobs without an image"
    if names := _accepted(first) - _accepted(other):
        yield f"{', '.join(sorted(names))}"
    if other.prompt_max is not None and (
        first.prompt_max is None or first.prompt_max > other.prompt_max
    ):
        yield f"prompts of more than {other.prompt_max} characters"


def _lengths(offer: Offer) -> set[float]:
    return {value for tier in offer.tiers for value in tier.seconds}


def _shapes(offer: Offer, name: str) -> list[str]:
    values = (getattr(shape, name) for tier in offer.tiers for shape in tier.shapes)
    return list(dict.fromkeys(value for value in values if value is not None))


def _sounds(offer: Offer) -> set[bool]:
    return {value for tier in offer.tiers for value in tier.audio}


def _accepted(offer: Offer) -> set[str]:
    return {name for tier in offer.tiers for name in tier.accepts}


def _takes_bare(offer: Offer) -> Iterable[bool]:
    return (tier.images.min == 0 and 0 in (tier.images.counts or (0,)) for tier in offer.tiers)
