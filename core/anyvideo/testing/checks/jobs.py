"""The jobs that a tier says it accepts: one for each value of each field."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from anyvideo.model.job import VideoJob
from anyvideo.model.media import ROLES, Character, Image, Role
from anyvideo.model.offer import Images, Tier
from anyvideo.testing.samples import draw_picture

PROMPT = 'A red fox: "雪地里的狐狸", 50 % off\n🦊'
_CLIP = "https://example.com/clip.mp4"
# For each field that a tier may accept: values that must not be lost, and that differ.
SAMPLES: dict[str, tuple[Any, ...]] = {
    "negative_prompt": ("blurry", "text"),
    "seed": (7, 8),
    "enhance_prompt": (True,),
    "upscale": (True,),
    "watermark": (True,),
    "private": (True,),
    "style": ("anime", "comic"),
    "metadata": ({"order": "17"}, {"order": "18"}),
}
CHARACTERS = (
    Character(url=_CLIP, timestamps=(1, 3)),
    Character(url=_CLIP),
    Character(from_task="task-9", timestamps=(1, 3)),
    Character(from_task="task-9"),
)
FALSY: dict[str, tuple[Any, Any]] = {
    "seed": (0, 7),
    "enhance_prompt": (False, True),
    "upscale": (False, True),
    "watermark": (False, True),
    "private": (False, True),
}


def make_job(tier: Tier, **fields: Any) -> VideoJob:  # noqa: ANN401 (fields of a job)
    """Return the simplest job for a tier, with the images that the tier requires."""
    if "images" not in fields:
        size = fields.get("size") or next((item.size for item in tier.shapes if item.size), None)
        fields["images"] = tuple(_list_least(tier.images, size))
    return VideoJob(PROMPT, **fields)


def list_jobs(tier: Tier) -> list[VideoJob]:
    """Return the simplest job for a tier, and one with a local image where it accepts one."""
    jobs = [make_job(tier)]
    size = next((item.size for item in tier.shapes if item.size), None)
    roles: list[Role] = [
        role for role in ROLES if tier.images.takes_files and tier.images.limit(role)
    ]
    for role in roles[:1]:
        count = max(1, tier.images.min, min(tier.images.counts, default=0))
        images = _fill(tier.images, [make_file(tier.images, role, 0, size)], count, size)
        jobs.append(make_job(tier, images=tuple(images)))
    return jobs


def _list_least(limits: Images, size: str | None) -> list[Image]:
    return _fill(limits, [], max(limits.min, min(limits.counts, default=0)), size)


def _fill(limits: Images, images: list[Image], count: int, size: str | None) -> list[Image]:
    """Return the images with as many others as a tier accepts, up to `count` in all."""
    for role in ROLES:
        there = sum(image.role == role for image in images)
        for number in range(there, min(limits.limit(role), count - len(images) + there)):
            images = [*images, make_image(limits, role, number, size)]
    return images


def make_image(limits: Images, role: Role, number: int, size: str | None = None) -> Image:
    """Return an image of a role: a URL where the tier accepts one, else a local image."""
    if "url" in limits.via:
        return Image(f"https://example.com/{role}-{number}.png", role)
    return make_file(limits, role, number, size)


def make_file(limits: Images, role: Role, number: int, size: str | None) -> Image:
    """Return a local image, each of its own content."""
    width, height = map(int, (size or "1280x720").split("x"))
    picture = draw_picture(width, height, next(iter(limits.formats), "png"))
    return Image(picture + bytes([number + 1, ROLES.index(role)]), role)


def list_image_sets(tier: Tier, role: Role) -> Iterator[tuple[Image, ...]]:
    """Yield sets of images in a role that a tier says it accepts: the smallest and the largest."""
    limits = tier.images
    size = next((item.size for item in tier.shapes if item.size), None)
    most = min(limits.limit(role), limits.max if limits.max is not None else limits.limit(role))
    wanted = {1, most, *limits.counts}
    for count in sorted(number for number in wanted if 0 < number <= most):
        images = [make_image(limits, role, number, size) for number in range(count)]
        if role == "last_frame" and not limits.last_alone:
            images.insert(0, make_image(limits, "first_frame", 0, size))
        yield tuple(_fill(limits, images, limits.min, size))
