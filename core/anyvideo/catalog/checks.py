"""What is wrong with an offer although each of its values is well-formed."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, TypeAlias

from anyvideo.model.media import ROLES
from anyvideo.model.offer import ACCEPTS, REQUIRABLE, Images, Offer, Shape, Tier
from anyvideo.validation import explain_unknown

Choices: TypeAlias = tuple[set[Any], set[Any], set[Any]]


def check_offer(offer: Offer) -> Iterator[str]:
    """Yield one line, beginning with the key, for everything that cannot be meant."""
    if offer.model in {"", "*"}:
        yield f"model: expected a name, not {offer.model!r}"
    for name in offer.required:
        if name not in REQUIRABLE:
            yield f"required: {explain_unknown(name, list(REQUIRABLE))}"
    for name in ("prompt_max", "finishes_in", "keeps_for"):
        value = getattr(offer, name)
        if value is not None and value <= 0:
            yield f"{name}: expected a number above 0, not {value:g}"
    for number, tier in enumerate(offer.tiers):
        yield from (f"tiers[{number}].{line}" for line in _check_tier(tier))
    choices = [_list_choices(tier) for tier in offer.tiers]
    for (first, ours), (second, theirs) in combinations(enumerate(choices), 2):
        line = _compare(offer.tiers[first], offer.tiers[second], ours, theirs)
        if line is not None:
            yield f"tiers[{second}]: {line.format(f'tiers[{first}]')}"


def _check_tier(tier: Tier) -> Iterator[str]:
    for name in sorted(tier.accepts - set(ACCEPTS)):
        yield f"accepts: {explain_unknown(name, list(ACCEPTS))}"
    if any(value <= 0 for value in tier.seconds):
        yield "seconds: a length is above 0"
    usual = tier.default_seconds
    if usual is not None and usual not in tier.seconds:
        yield f"default_seconds: {usual:g} is none of the lengths in seconds"
    yield from (f"images: {line}" for line in _check_images(tier.images))
    if tier.images.sets_ratio and any(shape.aspect_ratio for shape in tier.shapes):
        yield "images.sets_ratio: the tier has ratios to choose; give images a tier of their own"
    if tier.images.match_size and not all(item.size for item in tier.shapes or (Shape(),)):
        yield "images.match_size: says that images match the size, but the tier is not available by size"


def _check_images(images: Images) -> Iterator[str]:
    numbers = [images.first_frame, images.last_frame, images.reference, images.min, *images.counts]
    if min(numbers) < 0 or (images.max is not None and images.max < 0):
        yield "a number of images is 0 or more"
    elif images.min > images.most:
        yield f"needs {images.min}, but takes at most {images.most}; no job can reach this tier"
    elif images.counts and not any(images.min <= n <= images.most for n in images.counts):
        yield f"counts leaves none of {images.min} to {images.most}; no job can reach this tier"
    if max(images.first_frame, images.last_frame) > 1:
        yield "there is one first frame and one last frame"


def _list_choices(tier: Tier) -> Choices:
    """Return what can be chosen in a tier: lengths, formats and sound."""
    shapes = {(item.aspect_ratio, item.resolution, item.size) for item in tier.shapes}
    return {*tier.seconds}, shapes, {*tier.audio}


def _compare(earlier: Tier, tier: Tier, ours: Choices, theirs: Choices) -> str | None:
    """Say what is wrong with a tier next to one that stands before it, which wins where both fit."""
    pairs = list(zip(ours, theirs, strict=True))
    if any(other and one.isdisjoint(other) for one, other in pairs):
        return None
    if all(one >= other for one, other in pairs) and _covers(earlier, tier):
        if earlier.price != tier.price and ours == theirs and _covers(tier, earlier):
            return "contradicts {}: the same limits at another price"
        return "no job can reach this tier, because {} takes whatever it takes"
    alike = earlier.accepts == tier.accepts and earlier.images == tier.images
    if alike and earlier.price != tier.price and all(other or not one for one, other in pairs):
        seconds, shapes, audio = (sorted(one & other, key=str)[:1] for one, other in pairs)
        words = [f"{value:g} s" for value in seconds]
        words += ["at " + " ".join(filter(None, shape)) for shape in shapes]
        words += ["with sound" if value else "without sound" for value in audio]
        return f"contradicts {{}}: both sell {' '.join(words)}, at two prices"
    return None


def _covers(one: Tier, other: Tier) -> bool:
    return other.accepts <= one.accepts and _covers_images(one.images, other.images)


def _covers_images(one: Images, other: Images) -> bool:
    bytes_ = float("inf") if one.max_bytes is None else one.max_bytes
    return (
        all(one.limit(role) >= other.limit(role) for role in ROLES)
        and one.min <= other.min
        and one.most >= other.most
        and (not one.counts or (bool(other.counts) and set(other.counts) <= set(one.counts)))
        and ("url" in one.via or "url" not in other.via)
        and (one.takes_files or not other.takes_files)
        and (not one.formats or (bool(other.formats) and set(other.formats) <= set(one.formats)))
        and bytes_ >= (float("inf") if other.max_bytes is None else other.max_bytes)
        and one.match_size <= other.match_size
        and one.mix >= other.mix
        and one.last_alone >= other.last_alone
    )
