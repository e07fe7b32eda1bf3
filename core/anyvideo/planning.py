"""Plans: puts a job to the selected offers before anything is sent, and checks plans again later."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve, frozen

from anyvideo.config import RouteConfig
from anyvideo.drift import list_drift
from anyvideo.errors import DriftError, JobError, NegotiationError
from anyvideo.job import VideoJob
from anyvideo.negotiate import Policy, arrange, cost_order, negotiate
from anyvideo.offer import Offer
from anyvideo.plan import Comparison, Plan, Reason, Refusal
from anyvideo.providers import Provider
from anyvideo.select import Pair, find_route, select
from anyvideo.session import Session

_MOST_LINES = 3


@frozen
class Market:
    """Who is asked, and under which conditions."""

    pairs: tuple[Pair, ...]
    policy: Policy
    route: RouteConfig | None = None


def open_market(session: Session, model: str | None, policy: Policy | None) -> Market:
    """Return who a selector means, and what their plans are held to."""
    pairs = tuple(select(session, model))
    return Market(pairs, session.policy(policy), find_route(session, model))


def answer_all(session: Session, job: VideoJob, market: Market) -> Iterator[Plan | Refusal]:
    """Yield what each offer of a market answers to the job, in the selector's order.

    Raises:
        JobError: an image of the job cannot be read.

    """
    uploads, today = session.read_uploads(job), session.today
    for provider, offer in market.pairs:
        found = negotiate(job, offer, market.policy, uploads=uploads, today=today)
        if isinstance(found, Refusal):
            bend = partial(_settle_nearest, session, provider, found.bend)
            yield evolve(found, bend=bend)
            continue
        plan = _settle(session, provider, found)
        # These are placed by the adapter's code, which may know better than its offers.
        answer = _rehearse(plan) if job.images or job.character or job.options else plan
        yield _limit(answer, market.route)


def _settle_nearest(
    session: Session, provider: Provider, bend: Callable[[], tuple[Plan, ...]]
) -> tuple[Plan, ...]:
    return tuple(_settle(session, provider, plan) for plan in bend())


def _rehearse(plan: Plan) -> Plan | Refusal:
    try:
        _ = plan.requests
    except JobError as error:
        return _refuse(plan, Reason("job", None, (), str(error)))
    return plan


def _settle(session: Session, provider: Provider, plan: Plan) -> Plan:
    claims = session.registry.claims.get(provider.adapter.name, ())
    return evolve(
        plan,
        provider=provider.alias,
        origin=provider.place,
        release=", ".join(plugin.origin for plugin in claims),
        compose=session.rehearse,
    )


def _refuse(plan: Plan, reason: Reason) -> Refusal:
    return Refusal(plan.asked, plan.offer, explain=lambda: (reason,), bend=lambda: ())


def compare(
    session: Session, job: VideoJob, model: str | None = "*", policy: Policy | None = None
) -> Comparison:
    """Return the plans by cost, unknown cost last, then the refusals."""
    return arrange(answer_all(session, job, open_market(session, model, policy)))


def plan_candidates(
    session: Session, job: VideoJob, model: str | None, policy: Policy | None = None
) -> list[Plan]:
    """Return the plans that may be tried, best first: by the route's preference and limit.

    Raises:
        NegotiationError: there is none; carries every refusal.

    """
    market = open_market(session, model, policy)
    answers = list(answer_all(session, job, market))
    plans = [item for item in answers if isinstance(item, Plan)]
    if not plans:
        refusals = [item for item in answers if isinstance(item, Refusal)]
        raise NegotiationError(_explain(refusals), refusals)
    return _rank(plans, market.route)


def _limit(answer: Plan | Refusal, route: RouteConfig | None) -> Plan | Refusal:
    """Refuse a plan that costs more than the route allows, or nobody knows how much."""
    if isinstance(answer, Refusal) or route is None or route.max_cost is None:
        return answer
    amount = answer.quote.amount
    if amount is not None and amount <= route.max_cost:
        return answer
    accepted = f"at most {route.max_cost}"
    cost = "its cost is unknown" if amount is None else f"it costs {answer.quote}"
    text = f"{cost}, and the route's max_cost is {route.max_cost}"
    return _refuse(answer, Reason("max_cost", str(answer.quote), (accepted,), text))


def _rank(plans: list[Plan], route: RouteConfig | None) -> list[Plan]:
    if route is not None and route.prefer == "cheapest":
        return sorted(plans, key=cost_order)
    if route is not None and route.prefer == "fastest":
        return sorted(plans, key=lambda plan: plan.offer.finishes_in or float("inf"))
    return plans


def _explain(refusals: list[Refusal]) -> str:
    if len(refusals) == 1:
        return str(refusals[0])
    lines = "; ".join(map(str, refusals[:_MOST_LINES]))
    more = f"; and {len(refusals) - _MOST_LINES} more" if len(refusals) > _MOST_LINES else ""
    return f"none of {len(refusals)} offers takes this job: {lines}{more}"


def read_plan(session: Session, text: str | bytes) -> Plan:
    """Return a plan that was saved, if it still holds.

    Raises:
        ConfigError: that is no plan. DriftError: it no longer holds.

    """
    return check_drift(session, Plan.from_json(text))


def check_drift(session: Session, plan: Plan) -> Plan:
    """Return the plan as it would be made now, if it is still the same.

    Raises:
        DriftError: the offer, the price, the adapter, a file or a request has changed; says which.

    """
    provider, offer = _find_offer(session, plan)
    # The granted job asks for what was agreed, so it must fit the same tier without any change.
    tier = evolve(offer, tiers=offer.tiers[plan.number : plan.number + 1])
    policy = Policy(retired="allow" if plan.retired else "refuse")
    try:
        uploads = session.read_uploads(plan.job)
    except JobError as error:
        message = f"the plan no longer holds: {error}"
        raise DriftError(message) from error
    again = negotiate(plan.job, tier, policy, uploads=uploads, today=session.today)
    if isinstance(again, Refusal):
        message = f"the plan no longer holds: {again}; plan again"
        raise DriftError(message, [again])
    fresh = evolve(
        _settle(session, provider, again),
        asked=plan.asked,
        granted=plan.granted,
        adjustments=plan.adjustments,
        offer=offer,
        number=plan.number,
    )
    if drift := list_drift(plan.parts, fresh.parts):
        message = f"the plan has drifted: {'; '.join(drift)}; plan again and review it"
        raise DriftError(message)
    return fresh


def _find_offer(session: Session, plan: Plan) -> tuple[Provider, Offer]:
    provider = session.providers.get(plan.provider)
    offer = session.find_offer(provider, plan.offer.model) if provider else None
    if provider is None or offer is None or plan.number >= len(offer.tiers):
        what = f"the tier {plan.tier.name!r} of {plan.offer.name}" if offer else plan.offer.name
        message = f"the plan no longer holds: {what} is gone; plan again"
        raise DriftError(message)
    return provider, offer
