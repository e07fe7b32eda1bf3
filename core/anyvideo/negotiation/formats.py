"""Ranks the picture formats that a tier could give a job: what fits, and what a policy allows.

A job asks either for a size, or for an aspect ratio and a resolution each by itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from attrs import frozen

from anyvideo.model import sizes
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Shape, Tier
from anyvideo.model.reasons import Adjustment, Reason

FIELDS = ("aspect_ratio", "resolution", "size")
_LEAVE_OUT = frozenset({"drop", "any"})
# The change of a field that is left out, on the scale of the share by which a number changes.
DROPPED = 1.0
# What is added for a portrait in place of a landscape, or the other way round.
_TURNED = 1.0


@frozen
class FormatChoice:
    """A format that may be granted, None for the vendor's own choice, and what that changes.

    `extra` counts the fields that the format sets although the job does not ask for them.
    """

    shape: Shape | None
    adjustments: tuple[Adjustment, ...] = ()
    extra: int = 0

    @property
    def change(self) -> float:
        """How far this is from what was asked."""
        return sum(1 + item.change for item in self.adjustments)

    def list_granted(self, job: VideoJob) -> dict[str, str | None]:
        """Return the fields of the job that the format sets."""
        granted = {name: getattr(self.shape, name, None) for name in FIELDS}
        if self.adjustments:
            return granted
        return {
            name: value
            for name, value in granted.items()
            if value is not None and getattr(job, name) is None
        }


def rank_formats(
    job: VideoJob, tier: Tier, rule_of: Callable[[str], str], *, required: bool, each: bool
) -> list[FormatChoice]:
    """Return the formats that a job may be granted, the best first; none if it has to be refused.

    Without a preference that is the vendor's own choice, or the first format if one is `required`;
    with `each` it is every format, because the job's images decide.
    """
    shapes = tier.shapes
    free: Sequence[Shape | None] = shapes if each else shapes[:1] if required else ()
    if job.aspect_ratio is None and job.resolution is None:
        return [FormatChoice(item) for item in free or (None,)]
    framings = [_frame(job, item) for item in shapes if _fits(job, item)]
    if not framings or each:
        bent = _bend_size if job.size else _bend_fields
        framings += bent(job, tier, rule_of, free or (None,))
    return sorted(framings, key=lambda item: (item.change, item.extra))


def list_values(tier: Tier, name: str) -> tuple[str, ...]:
    """Return the sizes, aspect ratios or resolutions of a tier."""
    values = (getattr(item, name) for item in tier.shapes)
    return tuple(dict.fromkeys(value for value in values if value is not None))


def find_reasons(job: VideoJob, tier: Tier) -> list[Reason]:
    """Return why none of a tier's formats is what the job asks for."""
    if job.size:
        accepted = list_values(tier, "size") or list_values(tier, "aspect_ratio")
        return [Reason.about("size", job.size, accepted)]
    asked = {name: value for name in FIELDS[:2] if (value := getattr(job, name)) is not None}
    wrong = [name for name, value in asked.items() if value not in list_values(tier, name)]
    if wrong:
        return [Reason.about(name, asked[name], list_values(tier, name)) for name in wrong]
    ratios = [item.aspect_ratio for item in tier.shapes if item.resolution == job.resolution]
    lines = [item.resolution for item in tier.shapes if item.aspect_ratio == job.aspect_ratio]
    return [
        Reason.about(name, asked[name], tuple(dict.fromkeys(filter(None, values))))
        for name, values in (("aspect_ratio", ratios), ("resolution", lines))
    ]


def _fits(job: VideoJob, item: Shape) -> bool:
    if job.size is not None and item.size is not None:
        return item.size == job.size
    return (job.aspect_ratio is None or item.aspect_ratio == job.aspect_ratio) and (
        job.resolution is None or item.resolution == job.resolution
    )


def _frame(
    job: VideoJob, item: Shape | None, adjustments: Sequence[Adjustment] = ()
) -> FormatChoice:
    changed = {adjustment.field for adjustment in adjustments if adjustment.granted is not None}
    extra = sum(
        getattr(item, name, None) is not None and (getattr(job, name) is None or name in changed)
        for name in FIELDS
    )
    return FormatChoice(item, tuple(adjustments), extra)


def _bend_size(
    job: VideoJob, tier: Tier, rule_of: Callable[[str], str], free: Sequence[Shape | None]
) -> list[FormatChoice]:
    rule = rule_of("size")
    accepted = ", ".join(list_values(tier, "size") or list_values(tier, "aspect_ratio"))
    found: list[tuple[Shape | None, float]] = [
        (item, change)
        for item in tier.shapes
        if not _fits(job, item) and (change := _measure_size(job, item, rule)) is not None
    ]
    if rule in _LEAVE_OUT:
        found += [(item, DROPPED) for item in free if item is None or not _fits(job, item)]
    return [
        _frame(job, item, [Adjustment.about("size", job.size, _name(item), accepted, change)])
        for item, change in found
    ]


def _name(item: Shape | None) -> str | None:
    """Return the words for a format that replaces a size."""
    if item is None:
        return None
    return item.size or " ".join(filter(None, (item.aspect_ratio, item.resolution))) or None


def _measure_size(job: VideoJob, item: Shape, rule: str) -> float | None:
    """Return how far a format is from the size asked for, or None if the rule forbids it."""
    if rule not in {"nearest", "any", "up", "down"}:
        return None
    if rule in {"up", "down"} and item.aspect_ratio != job.aspect_ratio:
        return None  # a larger or smaller size still has the same proportions
    if rule in {"up", "down"} and item.size and job.size:
        more = math.prod(sizes.parse_size(item.size)) > math.prod(sizes.parse_size(job.size))
        if more is not (rule == "up"):
            return None
    total = 0.0
    for name in FIELDS[:2]:
        change = _measure(name, getattr(job, name), offered := getattr(item, name), rule)
        if offered is None and rule == "nearest":
            change = DROPPED  # the other half of the size may still be granted
        if change is None:
            return None
        total += change
    return total


def _bend_fields(
    job: VideoJob, tier: Tier, rule_of: Callable[[str], str], free: Sequence[Shape | None]
) -> list[FormatChoice]:
    asked = {name: value for name in FIELDS[:2] if (value := getattr(job, name)) is not None}
    rules = {name: rule_of(name) for name in asked}
    candidates: list[Shape | None] = [item for item in tier.shapes if not _fits(job, item)]
    if all(rule in _LEAVE_OUT for rule in rules.values()):
        candidates += [item for item in free if item is None]
    found: list[FormatChoice] = []
    for item in candidates:
        adjustments: list[Adjustment] = []
        for name, value in asked.items():
            offered = getattr(item, name, None)
            change = _measure(name, value, offered, rules[name])
            if change is None:
                break
            if offered != value:
                accepted = ", ".join(list_values(tier, name))
                adjustments.append(Adjustment.about(name, value, offered, accepted, change))
        else:
            found.append(_frame(job, item, adjustments))
    return found


def measure_ratio(asked: str, offered: str | None, rule: str) -> float | None:
    """Return how far a ratio is from the one asked for, or None if the rule forbids it."""
    return _measure("aspect_ratio", asked, offered, rule)


def _measure(name: str, asked: str, offered: str | None, rule: str) -> float | None:
    """Return how far one field is from what was asked, or None if the rule forbids it."""
    if offered == asked:
        return 0.0
    if rule == "drop" or (offered is None and rule == "any"):
        return DROPPED
    if rule == "exact" or offered is None:
        return None
    read = sizes.parse_ratio if name == "aspect_ratio" else sizes.parse_lines
    before, after = read(asked), read(offered)
    if (rule == "up" and after < before) or (rule == "down" and after > before):
        return None
    turned = name == "aspect_ratio" and (before - 1) * (after - 1) < 0
    return abs(math.log(after / before)) + (_TURNED if turned else 0)
