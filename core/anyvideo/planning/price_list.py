"""Prices a list of jobs: the cost at each provider, what it refuses, and the cheapest mix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from attrs import define, field, frozen

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import cost_order
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import find_candidates, negotiate_all
from anyvideo.session.session import Session

Line: TypeAlias = "str | bytes | VideoJob"


@frozen
class RefusedLine:
    """One job that a provider refuses; `refusals` are those of its offers."""

    line: int
    refusals: tuple[Refusal, ...]

    @cached_property
    def nearest(self) -> Refusal:
        """The refusal with the fewest reasons; one of an offer that is not retired if possible."""
        return min(
            self.refusals, key=lambda item: (item.offer.retired is not None, len(item.reasons))
        )


@frozen
class PriceTotal:
    """What one provider, one offer or a mix costs.

    Attributes:
        name: The alias, the offer's name, or "mix".
        jobs: How many jobs it accepts.
        costs: The sum of the known costs, by currency.
        unknown: How many accepted jobs have an unknown cost.
        refused: The jobs that it refuses.
    """

    name: str
    jobs: int = 0
    costs: Mapping[str, Decimal] = field(factory=dict[str, Decimal])
    unknown: int = 0
    refused: tuple[RefusedLine, ...] = ()


@frozen
class PriceList:
    """A list of jobs priced at many offers. Lines are numbered from 1.

    Attributes:
        jobs: The jobs, by line.
        mistakes: What is wrong with the lines that hold no job; the others are priced.
        providers: The totals of each provider.
        offers: The totals of each offer.
        mix: The cheapest plan of each job that an offer accepts, by line.
        unplaced: The lines of the jobs that no offer accepts.
    """

    jobs: Mapping[int, VideoJob]
    mistakes: Mapping[int, str]
    providers: tuple[PriceTotal, ...]
    offers: tuple[PriceTotal, ...]
    mix: Mapping[int, Plan]
    unplaced: tuple[int, ...]

    @cached_property
    def total(self) -> PriceTotal:
        """What the cheapest mix costs."""
        tally = _Tally("mix")
        for plan in self.mix.values():
            tally.add(plan)
        return tally.close()


@define
class _Tally:
    name: str
    jobs: int = 0
    unknown: int = 0
    costs: dict[str, Decimal] = field(factory=dict[str, Decimal])
    refused: list[RefusedLine] = field(factory=list[RefusedLine])

    def add(self, plan: Plan) -> None:
        self.jobs += 1
        amount, currency = plan.quote.amount, plan.quote.currency
        if amount is None:
            self.unknown += 1
        else:
            self.costs[currency] = self.costs.get(currency, Decimal(0)) + amount

    def close(self) -> PriceTotal:
        return PriceTotal(self.name, self.jobs, self.costs, self.unknown, tuple(self.refused))


def price_jobs(
    session: Session,
    lines: Iterable[Line],
    model: str | None = "*",
    policy: Policy | None = None,
) -> PriceList:
    """Return what a list of jobs costs; a line is a job, or its JSON, or blank.

    Raises:
        ConfigError: there is no default selector.
        NegotiationError: the model is unknown.
    """
    jobs, mistakes = _read_lines(lines)
    candidates = find_candidates(session, model, policy)
    names = [(provider.alias, f"{provider.alias}/{o.model}") for provider, o in candidates.pairs]
    providers = {alias: _Tally(alias) for alias, _ in names}
    offers = {name: _Tally(name) for _, name in names}
    mix: dict[int, Plan] = {}
    for line, job in jobs.items():
        answers: dict[str, list[Plan | Refusal]] = {alias: [] for alias in providers}
        found = negotiate_all(session, job, candidates)
        for (alias, name), answer in zip(names, found, strict=True):
            answers[alias].append(answer)
            _note(offers[name], line, [answer])
        best = [_note(providers[alias], line, given) for alias, given in answers.items()]
        if plans := [plan for plan in best if plan is not None]:
            mix[line] = min(plans, key=cost_order)
    return PriceList(
        jobs=jobs,
        mistakes=mistakes,
        providers=_close(providers.values()),
        offers=_close(offers.values()),
        mix=mix,
        unplaced=tuple(line for line in jobs if line not in mix),
    )


def _close(tallies: Iterable[_Tally]) -> tuple[PriceTotal, ...]:
    """Return the totals, those with the most jobs first, then the cheapest."""
    return tuple(sorted((tally.close() for tally in tallies), key=_order))


def _read_lines(lines: Iterable[Line]) -> tuple[dict[int, VideoJob], dict[int, str]]:
    jobs: dict[int, VideoJob] = {}
    mistakes: dict[int, str] = {}
    for number, line in enumerate(lines, 1):
        if not isinstance(line, VideoJob) and not line.strip():
            continue
        try:
            job = line if isinstance(line, VideoJob) else VideoJob.from_json(line)
            read_uploads(job)
        except JobError as error:
            mistakes[number] = str(error)
        else:
            jobs[number] = job
    return jobs, mistakes


def _note(tally: _Tally, line: int, answers: list[Plan | Refusal]) -> Plan | None:
    """Add the cheapest plan for a job to a tally, or the refusals if there is none."""
    plans = [answer for answer in answers if isinstance(answer, Plan)]
    if plans:
        best = min(plans, key=cost_order)
        tally.add(best)
        return best
    refusals = tuple(answer for answer in answers if isinstance(answer, Refusal))
    tally.refused.append(RefusedLine(line, refusals))
    return None


def _order(total: PriceTotal) -> tuple[int, int, Decimal, str]:
    return -total.jobs, total.unknown, sum(total.costs.values(), Decimal(0)), total.name
