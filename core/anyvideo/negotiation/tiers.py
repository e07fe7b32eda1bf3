"""Fits one job to one tier, field by field.

`rule_of(field)` says how far a field may change: "exact", "nearest", "up", "down", "drop", or
"any", which takes the nearest value, and leaves the field out if the tier has none. Changes are
measured alike at every tier, so the tier with the smallest sum is the one nearest to the job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from attrs import define, field, frozen

from anyvideo.model.job import VideoJob
from anyvideo.model.media import ROLES, Image
from anyvideo.model.offer import ACCEPTABLE, Images, Offer, Shape, Tier
from anyvideo.model.reasons import Adjustment, Reason, join_values, say
from anyvideo.model.wire import Upload
from anyvideo.negotiation import formats
from anyvideo.negotiation.formats import DROPPED, FormatChoice, find_reasons, rank_formats
from anyvideo.negotiation.frames import find_frame, fit_ratio, join_changes, leave_ratio_open
from anyvideo.negotiation.images import ImageChoice, select_images

RuleOf: TypeAlias = Callable[[str], str]
Pair: TypeAlias = tuple[FormatChoice | None, ImageChoice]
_LEAVE_OUT = frozenset({"drop", "any"})


@frozen
class PreparedJob:
    """What a job asks for, prepared once for all offers.

    `preferences` are the fields that are accepted or refused as they are, each with the words under
    which a tier may accept it.
    """

    job: VideoJob
    preferences: tuple[tuple[str, frozenset[str]], ...]
    uploads: Mapping[Image, Upload] = field(factory=dict[Image, Upload])

    @classmethod
    def of(cls, job: VideoJob, uploads: Mapping[Image, Upload]) -> PreparedJob:
        """Return what the job asks for."""
        preferences = {
            name: frozenset({name}) for name in ACCEPTABLE if getattr(job, name) not in (None, {})
        }
        if job.character is not None and job.character.url is not None:
            preferences["character"] |= {"character_url"}
        return cls(job, tuple(preferences.items()), uploads)


@define
class TierFit:
    """The result of fitting a job to one tier."""

    tier_index: int
    tier: Tier
    shape: Shape | None = None
    granted: dict[str, Any] = field(factory=dict[str, Any])
    adjustments: list[Adjustment] = field(factory=list[Adjustment])
    assumptions: list[str] = field(factory=list[str])
    reasons: list[Reason] = field(factory=list[Reason])

    @property
    def change(self) -> float:
        """How far the granted job is from the one asked for."""
        return sum(1 + item.change for item in self.adjustments)

    def adjust(
        self, name: str, asked: object, granted: object, accepted: str, change: float
    ) -> None:
        """Record that a field is changed."""
        self.adjustments.append(Adjustment.about(name, asked, granted, accepted, change))

    def refuse(self, name: str, asked: object, accepted: Iterable[object]) -> None:
        """Record that this tier cannot take a field."""
        self.reasons.append(Reason.about(name, asked, tuple(map(say, accepted))))


def fit_tier(ask: PreparedJob, offer: Offer, number: int, rule_of: RuleOf) -> TierFit:
    """Return the result of fitting a job to one tier of an offer."""
    tier = offer.tiers[number]
    fit = TierFit(number, tier)
    _fit_seconds(fit, ask.job.seconds, rule_of, required="seconds" in offer.required)
    _fit_audio(fit, ask.job.audio, rule_of, required="audio" in offer.required)
    for name, words in ask.preferences:
        if tier.accepts.isdisjoint(words):
            _fit_preference(fit, name, getattr(ask.job, name), rule_of(name))
    _fit_picture(fit, ask, rule_of, required="shape" in offer.required)
    return fit


def list_values(tier: Tier, name: str) -> tuple[str, ...]:
    """Return, in words, the values that a tier accepts for a field."""
    if name in {"seconds", "audio"}:
        return tuple(map(say, getattr(tier, name)))
    return formats.list_values(tier, name) if name in formats.FIELDS else ()


def _fit_seconds(fit: TierFit, asked: float | None, rule_of: RuleOf, *, required: bool) -> None:
    offered = fit.tier.seconds
    usual = fit.tier.usual_seconds
    default = usual if usual in offered else next(iter(offered), None)
    if asked is None:
        if required and default is not None:
            fit.granted["seconds"] = default
        return
    if asked in offered:
        return
    rule = rule_of("seconds")
    granted = choose_number(asked, offered, rule)
    if granted is None and rule not in _LEAVE_OUT:
        fit.refuse("seconds", asked, offered)
        return
    change = DROPPED if granted is None else abs(granted - asked) / asked
    if granted is None and required:
        granted = default
    fit.granted["seconds"] = granted
    fit.adjust("seconds", asked, granted, join_values([say(value) for value in offered]), change)


def choose_number(asked: float, offered: Iterable[float], rule: str) -> float | None:
    """Return the offered number that a rule allows in place of the one asked for, if any."""
    if rule == "up":
        offered = [value for value in offered if value >= asked]
    elif rule == "down":
        offered = [value for value in offered if value <= asked]
    elif rule not in {"nearest", "any"}:
        return None
    return min(offered, key=lambda value: (abs(value - asked), value), default=None)


def _fit_audio(fit: TierFit, asked: bool | None, rule_of: RuleOf, *, required: bool) -> None:  # noqa: FBT001 (a value of a job: on, off or no preference)
    offered = fit.tier.audio
    if asked is None:
        if required and offered:
            fit.granted["audio"] = offered[0]
        return
    if asked in offered:
        return
    rule = rule_of("audio")
    # Sound is more than silence: "up" may only add it, "down" only take it away.
    other = {"nearest": not asked, "any": not asked, "up": True, "down": False}.get(rule)
    if other in offered:
        fit.granted["audio"] = other
        fit.adjust("audio", asked, other, say(other), DROPPED)
    elif rule in _LEAVE_OUT:
        granted = offered[0] if offered and required else None
        fit.granted["audio"] = granted
        fit.adjust("audio", asked, granted, ", ".join(map(say, offered)), DROPPED)
    else:
        fit.refuse("audio", asked, offered)


def _fit_preference(fit: TierFit, name: str, value: object, rule: str) -> None:
    if rule in _LEAVE_OUT:
        fit.granted[name] = {} if name == "metadata" else None
        fit.adjust(name, value, None, "", DROPPED)
    else:
        by_url = name == "character" and "character_url" in fit.tier.accepts
        fit.refuse(name, value, ("one from a video's url",) if by_url else ())


def _fit_picture(fit: TierFit, ask: PreparedJob, rule_of: RuleOf, *, required: bool) -> None:
    job, place = ask.job, len(fit.adjustments)
    frame = find_frame(job.images, fit.tier.images) if job.aspect_ratio else None
    if frame is None:
        chosen, _ = _fit_formats(fit, ask, job, rule_of, required=required)
        fit.adjustments[place:place] = chosen.adjustments if chosen else ()
        return
    own = rule_of("size" if job.size else "aspect_ratio")
    rules = {"resolution": own} if job.size else {}
    open_job = leave_ratio_open(job)
    chosen, kept = _fit_formats(
        fit, ask, open_job, lambda name: rules.get(name) or rule_of(name), required=required
    )
    ratio = fit_ratio(job, ask.uploads.get(frame), rule=own, present=frame in kept)
    changes, granted = join_changes(job, chosen.adjustments if chosen else (), ratio)
    fit.adjustments[place:place] = changes
    fit.granted.update(granted)
    fit.assumptions.extend(filter(None, [ratio.assumption]))
    fit.reasons.extend(filter(None, [ratio.reason]))


def _fit_formats(
    fit: TierFit, ask: PreparedJob, job: VideoJob, rule_of: RuleOf, *, required: bool
) -> tuple[FormatChoice | None, tuple[Image, ...]]:
    """Fit the format and the images together: some vendors take only images of the video's size.

    Returns the format and the images that are kept.
    """
    limits = fit.tier.images
    each = limits.match_size and bool(ask.uploads)
    ranked = rank_formats(job, fit.tier, rule_of, required=required, each=each)
    rule = rule_of("images")
    pairs: list[Pair] = [
        (item, _select(ask, limits, item, rule)) for item in ranked[: None if each else 1]
    ]
    if not pairs:
        fit.reasons.extend(find_reasons(job, fit.tier))
        pairs = [(None, _select(ask, limits, None, rule))]
    chosen, selection = min(pairs, key=_rank)
    if chosen is not None:
        fit.shape = chosen.shape
        fit.granted.update(chosen.list_granted(job))
    fit.reasons.extend(selection.reasons)
    if selection.dropped:
        fit.granted["images"] = selection.images
        accepted = ", ".join(f"{role} up to {n}" for role in ROLES if (n := limits.limit(role)))
        kept = len(selection.images) or None
        fit.adjust("images", len(ask.job.images), kept, accepted, DROPPED * selection.dropped)
    return chosen, selection.images


def _select(
    ask: PreparedJob, limits: Images, chosen: FormatChoice | None, rule: str
) -> ImageChoice:
    if not ask.job.images and limits.optional:
        return _NO_IMAGES
    size = getattr(chosen.shape, "size", None) if chosen else ask.job.size
    return select_images(ask.job.images, ask.uploads, limits, size, rule)


_NO_IMAGES = ImageChoice(())


def _rank(pair: Pair) -> tuple[bool, float]:
    """Order the formats by whether the images fit them, then by what changes in all."""
    chosen, selection = pair
    dropped = 1 + DROPPED * selection.dropped if selection.dropped else 0
    return bool(selection.reasons), (chosen.change if chosen else 0) + dropped
