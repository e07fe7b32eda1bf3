"""The page of a comparison: what each offer would do, and for how much, before a clip exists."""

from __future__ import annotations

from collections.abc import Iterable

from anyvideo.model.plan import Plan, Refusal
from anyvideo.page.entry import PageEntry, PageRefusal
from anyvideo.page.words import describe_job, find_tier

_MOST_NEAREST = 2


def list_plans(plans: Iterable[Plan]) -> tuple[PageEntry, ...]:
    """Return an entry for each plan."""
    return tuple(
        PageEntry(
            name=plan.offer.name,
            provider=plan.provider,
            family=plan.offer.family,
            tier=find_tier(plan.job),
            prompt=plan.asked.prompt,
            asked=describe_job(plan.asked),
            adjustments=(*map(str, plan.adjustments), *plan.assumptions),
            delivered=plan.clip,
            quoted=plan.quote.amount,
            confidence=plan.quote.confidence,
            currency=plan.quote.currency,
            seconds=plan.offer.finishes_in,
        )
        for plan in plans
    )


def list_refusals(refusals: Iterable[Refusal]) -> tuple[PageRefusal, ...]:
    """Return the refusals with every reason and the nearest jobs; retired offers come last."""
    ordered = sorted(refusals, key=lambda refusal: refusal.offer.retired is not None)
    return tuple(
        PageRefusal(
            refusal.offer.name,
            "; ".join(map(str, refusal.reasons)),
            "; or ".join(
                f"{plan.clip} for {plan.quote}" for plan in refusal.nearest[:_MOST_NEAREST]
            ),
        )
        for refusal in ordered
    )
