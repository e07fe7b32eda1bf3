"""Jobs that together make an offer say every word it has: of its tiers, its shapes and its images."""

from collections.abc import Iterator
from typing import Any

from anyvideo import Image, Policy, VideoJob
from anyvideo.model.offer import Images, Offer, Shape, Tier
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate

FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
REFERENCES = [Image(f"https://example.com/{number}.png", "reference") for number in range(1, 8)]
FIELDS: dict[str, Any] = {
    "seed": 7,
    "negative_prompt": "fog",
    "enhance_prompt": True,
    "upscale": True,
    "watermark": False,
    "private": True,
    "style": "anime",
}


def list_jobs(offer: Offer) -> list[VideoJob]:
    """Return jobs for each word of each tier's shapes, and for each way in which images travel."""
    ways: set[frozenset[str]] = set()
    return [job for tier in offer.tiers for job in _list_tier_jobs(offer, tier, ways)]


def _list_tier_jobs(offer: Offer, tier: Tier, said: set[frozenset[str]]) -> Iterator[VideoJob]:
    """Yield jobs that only this tier takes; `said` holds the roles that an earlier job had."""
    shapes: list[Shape | None] = [*_pick_shapes(tier)] or [None]
    ways = _list_ways(tier.images)
    pairs = [*((shape, ways[0]) for shape in shapes), *((shapes[0], way) for way in ways[1:])]
    for number, (shape, way) in enumerate(pairs):
        roles = frozenset(image.role for image in way)
        fields = {} if number else {name: FIELDS[name] for name in tier.accepts & FIELDS.keys()}
        sound = tier.audio[number % len(tier.audio)] if tier.audio else None
        seconds = tier.seconds[-1] if tier.seconds else None
        wishes = {"seconds": seconds, "audio": sound, "images": way, **fields}
        taken = next((job for job in _narrow(shape, wishes) if _takes(offer, tier, job)), None)
        if taken is not None and (number < len(shapes) or roles not in said):
            said.add(roles)
            yield taken


def _narrow(shape: Shape | None, wishes: dict[str, Any]) -> Iterator[VideoJob]:
    """Yield a job in a shape, and the same with less of it: images often settle the ratio."""
    ratio, resolution = (shape.aspect_ratio, shape.resolution) if shape else (None, None)
    yield VideoJob("p", aspect_ratio=ratio, resolution=resolution, **wishes)
    yield VideoJob("p", resolution=resolution, **wishes)
    yield VideoJob("p", **wishes)


def _takes(offer: Offer, tier: Tier, job: VideoJob) -> bool:
    plan = negotiate(job, offer, Policy(retired="allow"))
    return isinstance(plan, Plan) and plan.tier == tier


def _pick_shapes(tier: Tier) -> Iterator[Shape]:
    """Yield a shape for each word that no shape before it has; ratios are written as they are."""
    said: set[tuple[str, Any]] = set()
    for shape in tier.shapes:
        words = {(name, word == shape.aspect_ratio or word) for name, word in shape.wire.items()}
        if words - said:
            said |= words
            yield shape


def _list_ways(limits: Images) -> list[list[Image]]:
    """Return the lists of images to try: none, each role by itself, and both frames."""
    ways = [[], [FIRST], [FIRST, LAST], [LAST], REFERENCES[:1], REFERENCES[:3], REFERENCES]
    least, most = limits.min, limits.max if limits.max is not None else len(REFERENCES)
    roles = {role for role in ("first_frame", "last_frame", "reference") if getattr(limits, role)}
    return [
        way for way in ways if least <= len(way) <= most and {image.role for image in way} <= roles
    ]
