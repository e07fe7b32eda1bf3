"""What the vendor's feed GET /v1/videos/models says, and what the offers say differently.

    curl https://openrouter.ai/api/v1/videos/models | python -m tests.plugins.openrouter.feed

feed.json is that answer as of 2026-10-09T20:02:55Z, kept by a public project (the plugin
openrouter-video of GetAPI), without names, descriptions, sizes and dates. The guide explains its
fields: https://openrouter.ai/docs/guides/overview/multimodal/video-generation.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan
from anyvideo.model.sizes import normalise_resolution
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.testing import adapter

FEED = json.loads(Path(__file__).with_name("feed.json").read_text("utf-8"))["data"]
FRAME = Image("https://example.com/first.png")
# The pixels of 16:9, by which the models' pages price Seedance's tokens.
PIXELS = {"480p": 854 * 480, "720p": 1280 * 720, "1080p": 1920 * 1080, "4K": 3840 * 2160}


def list_makers(feed: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The models that make a video of a length that is asked for; the others change one."""
    return {model["id"]: model for model in feed if model["supported_durations"]}


def find_rate(model: Mapping[str, Any], lines: str, *, silent: bool, framed: bool) -> Decimal:
    """The price of a second in USD, without that of an image."""
    skus, word = model["pricing_skus"], lines.lower()
    if "video_tokens" in skus:
        token = skus.get(f"video_tokens_{word}", skus["video_tokens"])
        if silent and f"video_tokens_{word}" not in skus:
            token = skus["video_tokens_without_audio"]
        return Decimal(PIXELS[lines]) * 24 / 1024 * Decimal(token)
    sound = "without" if silent else "with"
    kinds = (
        f"duration_seconds_{sound}_audio",
        f"{'image' if framed else 'text'}_to_video_duration_seconds",
        "duration_seconds",
        "cents_per_video_output_second",
        "cents_per_second_output",
    )
    name = next(name for kind in kinds for name in (f"{kind}_{word}", kind) if name in skus)
    return Decimal(skus[name]) / (100 if name.startswith("cents") else 1)


def find_image_price(model: Mapping[str, Any]) -> Decimal:
    skus = model["pricing_skus"]
    cents = Decimal(skus.get("cents_per_image_input", 0)) / 100
    return cents or Decimal(skus.get("reference_images", 0))


def list_differences(
    feed: Iterable[Mapping[str, Any]], offers: Iterable[Offer]
) -> Iterator[tuple[str, str]]:
    """Yield each model with what is different."""
    makers = list_makers(feed)
    sold = {offer.wire_model: offer for offer in offers if offer.retired is None}
    yield from ((name, "is not offered") for name in makers.keys() - sold.keys())
    yield from ((name, "is gone from the feed") for name in sold.keys() - makers.keys())
    for name in makers.keys() & sold.keys():
        lines = (
            *_compare_limits(makers[name], sold[name]),
            *_compare_prices(makers[name], sold[name]),
        )
        yield from ((name, line) for line in lines)


def _compare_limits(model: Mapping[str, Any], offer: Offer) -> Iterator[str]:
    shapes = [shape for tier in offer.tiers for shape in tier.shapes]
    words = {
        word
        for shape in shapes
        for word in [shape.wire.get("resolution")]
        if word and normalise_resolution(word) == shape.resolution
    }
    frames = {
        role
        for tier in offer.tiers
        for role in ("first_frame", "last_frame")
        if getattr(tier.images, role)
    }
    pairs: dict[str, tuple[set[Any], set[Any]]] = {
        "durations": (
            {*model["supported_durations"]},
            {s for tier in offer.tiers for s in tier.seconds},
        ),
        "resolutions": ({*model["supported_resolutions"]}, words),
        "aspect ratios": (
            {*model["supported_aspect_ratios"]},
            {shape.aspect_ratio for shape in shapes} - {None},
        ),
        "frames": ({*(model["supported_frame_images"] or ())}, frames),
        "audio": (
            {True, False} if model["generate_audio"] else set(),
            {sound for tier in offer.tiers for sound in tier.audio},
        ),
        "seed": ({bool(model["seed"])}, {"seed" in tier.accepts for tier in offer.tiers}),
    }
    for name, (there, here) in pairs.items():
        if there != here:
            yield f"{name}: the feed has {there}, the offer {here}"


def _compare_prices(model: Mapping[str, Any], offer: Offer) -> Iterator[str]:
    sounds = [True, False] if model["generate_audio"] else [None]
    lengths = [min(model["supported_durations"]), max(model["supported_durations"])]
    ways = [False, True] if model["supported_frame_images"] else [False]
    for lines, sound, seconds, framed in product(
        model["supported_resolutions"], sounds, lengths, ways
    ):
        images = [FRAME] if framed else []
        job = VideoJob("p", resolution=lines, audio=sound, seconds=seconds, images=images)
        plan = negotiate(job, offer)
        rate = find_rate(model, lines, silent=sound is False, framed=framed)
        cost = rate * seconds + (find_image_price(model) if framed else 0)
        shown = f"{seconds} s at {lines}, sound {sound}, {len(images)} images"
        if not isinstance(plan, Plan) or plan.quote.amount is None:
            yield f"{shown}: no price, where the feed says {cost}"
        elif not _agrees(plan, cost):
            yield f"{shown}: {plan.quote}, where the feed says {cost}"


def _agrees(plan: Plan, cost: Decimal) -> bool:
    amount = plan.quote.amount or Decimal(0)
    if plan.quote.confidence == "exact":
        return amount == cost
    slack = cost / 1000 if plan.quote.confidence == "estimate" else Decimal(0)
    return cost - slack <= amount and (plan.quote.confidence == "ceiling" or amount <= cost + slack)


if __name__ == "__main__":
    for model, difference in sorted(
        list_differences(json.load(sys.stdin)["data"], adapter("openrouter").offers())
    ):
        sys.stdout.write(f"{model}: {difference}\n")
