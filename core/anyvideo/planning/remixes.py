"""The plan of a remix: what the offer says of the new prompt and size; nothing is sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from attrs import evolve

from anyvideo.config.provider import Provider
from anyvideo.errors import NegotiationError
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.quote import ClipLength, make_quote
from anyvideo.model.wire import Request
from anyvideo.negotiation.formats import FIELDS
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.planning.candidates import bind
from anyvideo.planning.rehearsal import rehearse
from anyvideo.session.offers import find_offer
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task

# What a remix asks for itself; the rest, such as its length and images, is that of the old video.
_ASKED = frozenset({"model", "prompt", *FIELDS})


def plan_remix(  # noqa: PLR0913, PLR0917 (what the remix is made of, and of what)
    session: Session,
    provider: Provider,
    operation: Callable[..., object],
    old: Task,
    prompt: str,
    size: str | None = None,
) -> Plan:
    """Return the plan of a remix.

    Raises:
        JobError: the prompt is empty, or the size cannot be read.
        NegotiationError: the model was switched off, or does not come in the size.
    """
    job, offer = VideoJob(prompt, size=size), find_offer(session, provider, old.model)
    granted = {} if offer is None else _find_granted(session, job, offer)
    offer = offer or Offer(provider.adapter.name, old.model, provider=provider.alias)

    def build_requests(plan: Plan) -> tuple[Request, ...]:
        granted = plan.job
        return rehearse(provider, "remix", operation, old, granted.prompt, granted.size)

    quote = make_quote(offer.remix_price, ClipLength(), billed=offer.failures_billed)
    tier = evolve(offer.tiers[0], seconds=(), default_seconds=None)  # the old video's length
    plan = Plan(job, offer, tier, quote, granted=granted)
    return evolve(bind(session, provider, plan), build_requests=build_requests)


def _find_granted(session: Session, job: VideoJob, offer: Offer) -> dict[str, Any]:
    """Return the size that the policy grants in place of the one asked for, if it is another."""
    found = negotiate(job, offer, session.config.policy, today=session.today)
    if isinstance(found, Refusal):
        reasons = tuple(reason for reason in found.reasons if reason.field in _ASKED)
        if reasons:
            refusal = evolve(found, explain=lambda: reasons, find_nearest=lambda: ())
            raise NegotiationError(str(refusal), (refusal,))
        return {}
    return {name: found.granted[name] for name in FIELDS} if found.adjustments else {}
