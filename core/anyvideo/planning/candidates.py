"""Negotiates a job with the selected offers; nothing is sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial

from attrs import evolve, frozen

from anyvideo.config.provider import Provider
from anyvideo.config.schema import RouteConfig
from anyvideo.errors import JobError, NegotiationError
from anyvideo.files.images import read_uploads
from anyvideo.model.comparison import Comparison
from anyvideo.model.currency import Rates, list_currencies
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.reasons import Reason
from anyvideo.negotiation.negotiate import arrange, negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.rehearsal import build_requests
from anyvideo.session.selectors import Pair, add_siblings, find_route, select
from anyvideo.session.session import Session

logger = logging.getLogger("anyvideo")

_MOST_LINES = 3


@frozen
class Candidates:
    """The selected offers, and the conditions of their plans."""

    pairs: tuple[Pair, ...]
    policy: Policy
    route: RouteConfig | None = None


def find_candidates(session: Session, model: str | None, policy: Policy | None) -> Candidates:
    """Return the offers that a selector names, and the conditions of their plans."""
    policy = session.config.policy if policy is None else policy
    return Candidates(tuple(select(session, model)), policy, find_route(session, model))


def negotiate_all(
    session: Session, job: VideoJob, candidates: Candidates
) -> Iterator[Plan | Refusal]:
    """Yield the plan or refusal of each offer, in the selector's order."""
    uploads, today = read_uploads(job), session.today
    for provider, listed in candidates.pairs:
        offer = add_siblings(session, listed)
        found = negotiate(job, offer, candidates.policy, uploads=uploads, today=today)
        if isinstance(found, Refusal):
            find_nearest = partial(_bind_nearest, session, provider, found.find_nearest)
            yield evolve(found, find_nearest=find_nearest)
            continue
        plan = bind(session, provider, found)
        # The adapter's code may refuse these although its offers accept them.
        answer = _rehearse(plan) if job.images or job.character or job.options else plan
        yield _limit(answer, candidates.route, session.config.currencies)


def _bind_nearest(
    session: Session, provider: Provider, find_nearest: Callable[[], tuple[Plan, ...]]
) -> tuple[Plan, ...]:
    return tuple(bind(session, provider, plan) for plan in find_nearest())


def _rehearse(plan: Plan) -> Plan | Refusal:
    try:
        _ = plan.requests
    except JobError as error:
        return _refuse(plan, Reason("job", None, (), str(error)))
    return plan


def bind(session: Session, provider: Provider, plan: Plan) -> Plan:
    """Return a negotiated plan as the plan of one provider, which builds its requests on demand."""
    claims = session.registry.claims.get(provider.adapter.name, ())
    return evolve(
        plan,
        provider=provider.alias,
        origin=provider.plan_base_url,
        callback=provider.webhook.url if provider.webhook else None,
        adapter_version=", ".join(plugin.origin for plugin in claims),
        build_requests=partial(build_requests, session),
    )


def _refuse(plan: Plan, reason: Reason) -> Refusal:
    return Refusal(plan.asked, plan.offer, explain=lambda: (reason,), find_nearest=lambda: ())


def compare(
    session: Session, job: VideoJob, model: str | None = "*", policy: Policy | None = None
) -> Comparison:
    """Return the plans by cost, unknown cost last, then the refusals."""
    answers = negotiate_all(session, job, find_candidates(session, model, policy))
    return arrange(answers, session.config.currencies)


def plan_candidates(
    session: Session, job: VideoJob, model: str | None, policy: Policy | None = None
) -> list[Plan]:
    """Return the plans that may be tried, best first: by the route's preference and limit.

    Raises:
        NegotiationError: every offer refused; carries the refusals.
    """
    return rank_candidates(session, job, find_candidates(session, model, policy))


def rank_candidates(session: Session, job: VideoJob, candidates: Candidates) -> list[Plan]:
    """Return the plans of candidates that may be tried, best first; see `plan_candidates`."""
    answers = list(negotiate_all(session, job, candidates))
    plans = [item for item in answers if isinstance(item, Plan)]
    if not plans:
        refusals = [item for item in answers if isinstance(item, Refusal)]
        raise NegotiationError(_explain(refusals), refusals)
    return _rank(plans, candidates.route, session.config.currencies)


def _limit(answer: Plan | Refusal, route: RouteConfig | None, rates: Rates) -> Plan | Refusal:
    """Refuse a plan whose cost is unknown or more than the route allows."""
    if isinstance(answer, Refusal) or route is None or route.max_cost is None:
        return answer
    amount, currency, most = answer.quote.amount, answer.quote.currency, route.max_cost
    cost = None if amount is None else rates.convert(amount, currency, route.currency)
    if cost is not None and cost <= most:
        return answer
    known = "its cost is unknown" if amount is None else f"it costs {answer.quote}"
    text = f"{known}, and the route's max_cost is {most} {route.currency}"
    if amount is not None and cost is None:
        text += "; a rate in [currencies] makes the two comparable"
    accepted = f"at most {most} {route.currency}"
    return _refuse(answer, Reason("max_cost", str(answer.quote), (accepted,), text))


def _rank(plans: list[Plan], route: RouteConfig | None, rates: Rates) -> list[Plan]:
    prefer = route.prefer if route else "order"
    if prefer == "cheapest":
        if rates.can_compare(plans):
            return rates.sort(plans)
        currencies = " and ".join(list_currencies(plans))
        logger.warning(
            "the route prefers the cheapest, and its costs are in %s; without rates in [currencies]"
            " the order written is used",
            currencies,
        )
    if prefer == "fastest":
        return sorted(plans, key=lambda plan: plan.offer.finishes_in or float("inf"))
    return plans


def _explain(refusals: list[Refusal]) -> str:
    if len(refusals) == 1:
        return str(refusals[0])
    lines = "; ".join(map(str, refusals[:_MOST_LINES]))
    more = f"; and {len(refusals) - _MOST_LINES} more" if len(refusals) > _MOST_LINES else ""
    return f"no offer accepts this job ({len(refusals)} refused): {lines}{more}"
