"""Fits jobs to offers. Pure and total: every job and offer results in a plan or a refusal.

Each field is fitted to a tier by itself. A field that does not fit is changed as far as the
caller's policy allows, and listed; otherwise it is a reason against that tier. The first tier
without changes wins, then the one with the fewest and smallest changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from anyvideo.model.comparison import Comparison
from anyvideo.model.currency import NO_RATES, Rates
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.quote import ClipLength, make_quote
from anyvideo.model.reasons import Reason
from anyvideo.model.wire import Upload
from anyvideo.negotiation.policy import EXACT, Policy
from anyvideo.negotiation.tiers import PreparedJob, TierFit, fit_tier, list_values

_UNITS = {"characters": "characters", "bytes": "bytes", "utf16": "UTF-16 units"}


def _anything(_: str) -> str:
    """Return the rule of a policy under which every field may change."""
    return "any"


def negotiate(
    job: VideoJob,
    offer: Offer,
    policy: Policy = EXACT,
    *,
    uploads: Mapping[Image, Upload] | None = None,
    today: date | None = None,
) -> Plan | Refusal:
    """Return a plan for the job at this offer, or the refusal with every reason.

    `uploads` are the job's local images as read from disk. A retirement date after `today` is not
    in force yet; without `today` every one is.
    """
    return _negotiate(PreparedJob.of(job, uploads or {}), offer, policy, today)


def compare(
    job: VideoJob,
    offers: Sequence[Offer],
    policy: Policy = EXACT,
    *,
    uploads: Mapping[Image, Upload] | None = None,
    today: date | None = None,
) -> Comparison:
    """Negotiate one job with many offers; plans are ordered by cost, unknown cost last."""
    ask = PreparedJob.of(job, uploads or {})
    return arrange(_negotiate(ask, offer, policy, today) for offer in offers)


def arrange(answers: Iterable[Plan | Refusal], rates: Rates = NO_RATES) -> Comparison:
    """Return the answers of many offers: the plans by cost (unknown last), and the refusals."""
    known = tuple(answers)
    plans = rates.sort(answer for answer in known if isinstance(answer, Plan))
    refusals = tuple(answer for answer in known if isinstance(answer, Refusal))
    return Comparison(tuple(plans), refusals)


def _negotiate(
    ask: PreparedJob, offer: Offer, policy: Policy, today: date | None
) -> Plan | Refusal:
    obstacles = tuple(_find_obstacles(ask, offer, policy, today))
    rule = partial(getattr, policy)
    best = None if obstacles else _choose(ask, offer, rule)
    if best is not None:
        return _plan(ask, offer, best, retired=policy.retired == "allow")
    return Refusal(
        ask.job,
        offer,
        explain=lambda: (*obstacles, *_explain(ask, offer, rule)),
        find_nearest=lambda: () if obstacles else _find_nearest(ask, offer, policy),
    )


def find_retirement(offer: Offer, policy: Policy, today: date | None) -> Reason | None:
    """Return the reason that an offer was switched off, unless the policy allows that."""
    retired = offer.retired
    if not retired or policy.retired == "allow" or (today is not None and retired.on > today):
        return None
    text = f"{retired}, or allow it with the policy retired=allow"
    return Reason("model", offer.model, retired.use, text)


def _find_obstacles(
    ask: PreparedJob, offer: Offer, policy: Policy, today: date | None
) -> Iterator[Reason]:
    """Yield the reasons that no change of the job's preferences removes."""
    if reason := find_retirement(offer, policy, today):
        yield reason
    if offer.prompt_max is None:
        return
    length, unit = offer.measure_prompt(ask.job.prompt), _UNITS[offer.prompt_unit]
    if length > offer.prompt_max:
        text = f"the prompt has {length} {unit}; accepted: up to {offer.prompt_max}"
        yield Reason("prompt", length, (f"up to {offer.prompt_max} {unit}",), text)


def _choose(ask: PreparedJob, offer: Offer, rule: Callable[[str], str]) -> TierFit | None:
    best: TierFit | None = None
    for number in range(len(offer.tiers)):
        fit = fit_tier(ask, offer, number, rule)
        if fit.reasons:
            continue
        if not fit.adjustments:
            return fit
        if best is None or fit.change < best.change:
            best = fit
    return best


def _plan(ask: PreparedJob, offer: Offer, fit: TierFit, *, retired: bool) -> Plan:
    tier = fit.tier
    fixed = fit.granted.get("seconds", ask.job.seconds)
    if len(tier.seconds) == 1:
        fixed = tier.seconds[0]
    length = ClipLength(fixed, tier.usual_seconds, max(tier.seconds, default=None))
    quote = make_quote(tier.price, length, billed=offer.failures_billed)
    if options := ask.job.options.get(offer.adapter):
        quote = quote.with_options(sorted(offer.price_parameters.intersection(options)))
    return Plan(
        asked=ask.job,
        offer=offer,
        tier=tier,
        quote=quote,
        adjustments=tuple(fit.adjustments),
        assumptions=tuple(fit.assumptions),
        shape=fit.shape,
        granted=fit.granted,
        uploads=ask.uploads,
        tier_index=fit.tier_index,
        retired=retired,
    )


def _explain(ask: PreparedJob, offer: Offer, rule: Callable[[str], str]) -> Iterator[Reason]:
    """Yield the reasons of the tiers that come closest, with what all tiers together accept.

    Where some tiers take the images, the others are for another kind of job and explain nothing.
    """
    every = [fit_tier(ask, offer, number, rule) for number in range(len(offer.tiers))]
    fits = [fit for fit in every if all(item.field != "images" for item in fit.reasons)] or every
    fewest = min(len(fit.reasons) for fit in fits)
    merged: dict[tuple[str, str], list[Reason]] = {}
    for fit in fits:
        if len(fit.reasons) == fewest:
            for reason in fit.reasons:
                # Two things can be wrong with images at once, with a number or a word only one.
                key = (reason.field, reason.text if reason.field == "images" else "")
                merged.setdefault(key, []).append(reason)
    for (name, _), reasons in merged.items():
        values = dict.fromkeys(value for tier in offer.tiers for value in list_values(tier, name))
        always = all(any(reason.field == name for reason in fit.reasons) for fit in fits)
        yield reasons[0].widen(reasons, tuple(values), always=always)


def _find_nearest(ask: PreparedJob, offer: Offer, policy: Policy) -> tuple[Plan, ...]:
    """Return plans for the nearest jobs that would be taken: least change first, then price."""
    fits = [fit_tier(ask, offer, number, _anything) for number in range(len(offer.tiers))]
    allowed = policy.retired == "allow"
    plans = [
        (fit.change, _plan(ask, offer, fit, retired=allowed)) for fit in fits if not fit.reasons
    ]
    cost = {id(plan): place for place, plan in enumerate(NO_RATES.sort(plan for _, plan in plans))}
    plans.sort(key=lambda pair: (pair[0], cost[id(pair[1])]))
    unique = {repr(plan.granted): plan for _, plan in reversed(plans)}
    return tuple(plan for _, plan in plans if unique[repr(plan.granted)] is plan)
