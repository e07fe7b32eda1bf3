"""Prices a list of jobs: the cost at each provider, what it refuses, and the cheapest mix."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from attrs import define, field, frozen

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.currency import Rates
from anyvideo.model.job import VideoJob
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import find_candidates, negotiate_all
from anyvideo.session.session import Session

Line: TypeAlias = "str | bytes | VideoJob"
"""A job, or a line of JSON that holds one."""


@frozen
class RefusedLine:
    """One job that a provider refuses.

    Attributes:
        line: The number of the job's line, from 1.
        refusals: The refusals of the provider's offers.
    """

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
        uncompared: The lines of the jobs whose costs are not comparable; the mix takes the first plan.
    """

    jobs: Mapping[int, VideoJob]
    mistakes: Mapping[int, str]
    providers: tuple[PriceTotal, ...]
    offers: tuple[PriceTotal, ...]
    mix: Mapping[int, Plan]
    unplaced: tuple[int, ...]
    uncompared: tuple[int, ...] = ()

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
    rates, uncompared = session.config.currencies, list[int]()
    for line, job in jobs.items():
        answers: dict[str, list[Plan | Refusal]] = {alias: [] for alias in providers}
        found = negotiate_all(session, job, candidates)
        for (alias, name), answer in zip(names, found, strict=True):
            answers[alias].append(answer)
            _note(offers[name], line, [answer], rates)
        best = [_note(providers[alias], line, given, rates) for alias, given in answers.items()]
        if plans := [plan for plan in best if plan is not None]:
            mix[line] = choose_cheapest(plans, rates)
            if not rates.can_compare(plans):
                uncompared.append(line)
    return PriceList(
        jobs=jobs,
        mistakes=mistakes,
        providers=_close(providers.values(), rates),
        offers=_close(offers.values(), rates),
        mix=mix,
        unplaced=tuple(line for line in jobs if line not in mix),
        uncompared=tuple(uncompared),
    )


def _close(tallies: Iterable[_Tally], rates: Rates) -> tuple[PriceTotal, ...]:
    """Return the totals, those with the most jobs first, then the cheapest if that can be said."""
    totals = [tally.close() for tally in tallies]
    currencies = {currency for total in totals for currency in total.costs}
    comparable = len(currencies) < 2 or all(map(rates.knows, currencies))

    def place(total: PriceTotal) -> tuple[int, int, Decimal]:
        costs = total.costs.items() if comparable else ()
        known = [rates.convert(amount, currency) or amount for currency, amount in costs]
        return -total.jobs, total.unknown, sum(known, Decimal(0))

    return tuple(sorted(totals, key=place))


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


def choose_cheapest(plans: list[Plan], rates: Rates) -> Plan:
    """Return the cheapest plan; the first one written where the costs are not comparable."""
    known = [plan for plan in plans if plan.quote.amount is not None]
    return rates.sort(plans)[0] if rates.can_compare(plans) else known[0]


def _note(tally: _Tally, line: int, answers: list[Plan | Refusal], rates: Rates) -> Plan | None:
    """Add the cheapest plan for a job to a tally, or the refusals if there is none."""
    plans = [answer for answer in answers if isinstance(answer, Plan)]
    if plans:
        best = choose_cheapest(plans, rates)
        tally.add(best)
        return best
    refusals = tuple(answer for answer in answers if isinstance(answer, Refusal))
    tally.refused.append(RefusedLine(line, refusals))
    return None
