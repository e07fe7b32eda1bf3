"""Reads a saved plan, and refuses one that is out of date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve

from anyvideo.config.provider import Provider
from anyvideo.errors import DriftError, JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import bind
from anyvideo.session.offers import find_offer
from anyvideo.session.session import Session
from anyvideo.validation import is_list, is_object

_LONGEST = 60


def list_drift(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return one line for each value that differs between the parts of two plans."""
    return list(dict.fromkeys(_compare("", before, now)))


def _compare(path: str, before: object, now: object) -> Iterator[str]:
    if is_object(before) and is_object(now):
        if "sha256" in before and before != now and before.get("name") == now.get("name"):
            yield f"the file {before['name']} is another one now"
            return
        for key in dict.fromkeys([*before, *now]):
            yield from _compare(f"{path}.{key}" if path else key, before.get(key), now.get(key))
    elif is_list(before) and is_list(now) and len(before) == len(now):
        for number, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from _compare(f"{path}[{number}]", one, other)
    elif before != now:
        yield f"{path} was {_show(before)} and is {_show(now)}"


def _show(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def read_plan(session: Session, text: str | bytes) -> Plan:
    """Return a saved plan, or raise a DriftError if it is out of date."""
    return check_drift(session, Plan.from_json(text))


def check_drift(session: Session, plan: Plan) -> Plan:
    """Return the plan as it would be made now, or raise a DriftError that says what has changed."""
    provider, offer = _find_offer(session, plan)
    # The granted job asks for what was agreed, so it must fit the same tier without any change.
    tier = evolve(offer, tiers=offer.tiers[plan.tier_index : plan.tier_index + 1])
    policy = Policy(retired="allow" if plan.retired else "refuse")
    try:
        uploads = read_uploads(plan.job)
    except JobError as error:
        message = f"the plan is out of date: {error}"
        raise DriftError(message) from error
    again = negotiate(plan.job, tier, policy, uploads=uploads, today=session.today)
    if isinstance(again, Refusal):
        message = f"the plan is out of date: {again}; plan again"
        raise DriftError(message, [again])
    fresh = evolve(
        bind(session, provider, again),
        asked=plan.asked,
        granted=plan.granted,
        adjustments=plan.adjustments,
        offer=offer,
        tier_index=plan.tier_index,
    )
    if drift := list_drift(plan.fingerprinted, fresh.fingerprinted):
        message = f"the plan is out of date: {'; '.join(drift)}; plan again and review it"
        raise DriftError(message)
    return fresh


def _find_offer(session: Session, plan: Plan) -> tuple[Provider, Offer]:
    provider = session.providers.get(plan.provider)
    offer = find_offer(session, provider, plan.offer.model) if provider else None
    if provider is None or offer is None or plan.tier_index >= len(offer.tiers):
        what = f"the tier {plan.tier.name!r} of {plan.offer.name}" if offer else plan.offer.name
        message = f"the plan is out of date: {what} is gone; plan again"
        raise DriftError(message)
    return provider, offer
