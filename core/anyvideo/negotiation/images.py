"""Checks a job's images against a tier's limits, and picks those that can be kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from attrs import frozen

from anyvideo.model.media import ROLES, Image, Role
from anyvideo.model.offer import Images
from anyvideo.model.reasons import Reason
from anyvideo.model.wire import Upload


@frozen
class ImageChoice:
    """The images that a tier is given; with reasons, it refuses them."""

    images: tuple[Image, ...]
    dropped: int = 0
    reasons: tuple[Reason, ...] = ()


def select_images(
    images: tuple[Image, ...],
    uploads: Mapping[Image, Upload],
    limits: Images,
    size: str | None,
    rule: str,
) -> ImageChoice:
    """Return the images that may be sent for a video of that size, or every reason against them.

    "nearest" keeps as many as the tier accepts, "drop" leaves all out unless all are accepted, and
    "any" does either.
    """
    reasons = tuple(find_problems(images, uploads, limits, size))
    if not reasons:
        return ImageChoice(images)
    if rule in {"nearest", "any"}:
        usable = [
            image
            for image in images
            if not any(_find_file_problems(image, uploads.get(image), limits, size))
        ]
        if kept := _keep_most(usable, limits):
            return ImageChoice(kept, len(images) - len(kept))
    if rule in {"drop", "any"} and images and limits.optional:
        return ImageChoice((), len(images))
    return ImageChoice(images, reasons=reasons)


def _keep_most(images: Sequence[Image], limits: Images) -> tuple[Image, ...]:
    """Return the largest choice of images that is taken; of equal ones that with the frames."""
    given: dict[Role, list[int]] = {
        role: [n for n, image in enumerate(images) if image.role == role] for role in ROLES
    }
    choices = product(*(range(min(len(given[role]), limits.limit(role)), -1, -1) for role in ROLES))
    taken = (
        choice
        for choice in choices
        if not any(_find_count_problems(dict(zip(ROLES, choice, strict=True)), limits))
    )
    best = max(taken, key=sum, default=(0, 0, 0))
    kept = {n for role, count in zip(ROLES, best, strict=True) for n in given[role][:count]}
    return tuple(image for n, image in enumerate(images) if n in kept)


def find_problems(
    images: tuple[Image, ...], uploads: Mapping[Image, Upload], limits: Images, size: str | None
) -> Iterator[Reason]:
    """Yield every reason why a tier with these limits cannot take these images."""
    counts: dict[Role, int] = {role: sum(image.role == role for image in images) for role in ROLES}
    yield from _find_count_problems(counts, limits)
    for image in images:
        yield from _find_file_problems(image, uploads.get(image), limits, size)


def _reason(asked: object, accepted: str, text: str) -> Reason:
    return Reason("images", asked, (accepted,), text)


def _find_count_problems(counts: Mapping[Role, int], limits: Images) -> Iterator[Reason]:
    known = [f"{role} (up to {limits.limit(role)})" for role in ROLES if limits.limit(role)]
    for role, count in counts.items():
        if count > limits.limit(role):
            accepted = ", ".join(known) or "no images"
            text = f"images as {role} are not available ({count} given); accepted: {accepted}"
            yield _reason(count, accepted, text)
    frames = counts["first_frame"] + counts["last_frame"]
    if frames and counts["reference"] and not limits.mix:
        text = "first or last frames and reference images cannot be mixed here; keep one kind"
        yield _reason(sum(counts.values()), "frames or references", text)
    if counts["last_frame"] and not counts["first_frame"] and not limits.last_alone:
        yield _reason(1, "first_frame", "a last frame needs a first frame here")
    yield from _find_total_problems(sum(counts.values()), limits)


def _find_total_problems(total: int, limits: Images) -> Iterator[Reason]:
    if total < limits.min:
        roles = ", ".join(role for role in ROLES if limits.limit(role))
        text = f"images: {limits.min} or more needed ({roles}), {total} given"
        yield _reason(total, f"{limits.min} or more", text)
    elif limits.most and total > limits.most:
        most = limits.most
        yield _reason(
            total, f"up to {most}", f"{total} images are too many; accepted: up to {most}"
        )
    elif limits.counts and total not in limits.counts:
        counts = ", ".join(map(str, limits.counts))
        yield _reason(total, counts, f"{total} images are not accepted; accepted: {counts}")


def _find_file_problems(
    image: Image, upload: Upload | None, limits: Images, size: str | None
) -> Iterator[Reason]:
    if image.is_url:
        if "url" not in limits.via:
            text = f"image {image.source!r}: this vendor takes files, not URLs; download it first"
            yield _reason(image.source, "a local file", text)
        return
    if not limits.takes_files:
        text = "this vendor fetches images by URL; put the file where it can be fetched"
        yield _reason("a local file", "an http(s) URL", text)
        return
    if upload is None:
        return
    kind = upload.content_type.removeprefix("image/")
    if limits.formats and kind not in limits.formats:
        accepted = ", ".join(limits.formats)
        yield _reason(kind, accepted, f"image {upload.name!r} is {kind}; accepted: {accepted}")
    if limits.max_bytes is not None and upload.size > limits.max_bytes:
        text = f"image {upload.name!r} has {upload.size} bytes; accepted: up to {limits.max_bytes}"
        yield _reason(upload.size, f"up to {limits.max_bytes} bytes", text)
    pixels = f"{upload.width}x{upload.height}"
    if limits.match_size and size is not None and pixels != size:
        text = f"image {upload.name!r} is {pixels}, but must be exactly {size}; resize it"
        yield _reason(pixels, size, text)
