"""Quotes a list of jobs as a whole, and makes the lines that workers take."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import PurePosixPath

from attrs import define, field, frozen

from anyvideo.batch.lines import JobFile, JobLine
from anyvideo.batch.targets import fill_template, read_template
from anyvideo.errors import AnyVideoError, ConfigError, JobError, NegotiationError
from anyvideo.fleet.line import NewLine
from anyvideo.fleet.results import is_url
from anyvideo.model.plan import Plan
from anyvideo.planning.candidates import Candidates, find_candidates, rank_candidates
from anyvideo.planning.price_list import choose_cheapest
from anyvideo.session.session import Session


@frozen
class Order:
    """A list of jobs with its quote; nothing is enqueued yet.

    Attributes:
        lines: What workers would take.
        costs: The sum of the known costs, by currency; of a route, by its dearest offer.
        loose: How many jobs may cost more than that: those with an estimate or an unknown cost.
        jobs: How many jobs may go to each group of accounts.
        refused: Why the other lines cannot be enqueued, by number.
    """

    lines: tuple[NewLine, ...]
    costs: Mapping[str, Decimal]
    loose: int
    jobs: Mapping[tuple[str, ...], int]
    refused: Mapping[int, str]


def quote_order(session: Session, file: JobFile, model: str | None, template: str) -> Order:
    """Return the jobs of a list with their quote; a line that no offer accepts is refused.

    Raises:
        ConfigError: there is no default selector, or the template cannot be read.
        NegotiationError: the selector of the whole list is unknown.
    """
    check_template(template)
    quoting = _Quoting(session, file, model, template)
    for line in file.lines:
        if line.model is None:
            quoting.find_candidates(model)
        try:
            quoting.add(line)
        except AnyVideoError as error:
            quoting.refused[line.number] = str(error)
    return Order(
        tuple(quoting.lines),
        quoting.costs,
        quoting.loose,
        Counter(line.accounts for line in quoting.lines),
        dict(sorted({**file.mistakes, **quoting.refused}.items())),
    )


@define
class _Quoting:
    """What was quoted so far."""

    session: Session
    file: JobFile
    model: str | None
    template: str
    lines: list[NewLine] = field(factory=list[NewLine])
    costs: dict[str, Decimal] = field(factory=dict[str, Decimal])
    loose: int = 0
    refused: dict[int, str] = field(factory=dict[int, str])
    _candidates: dict[str | None, Candidates] = field(factory=dict["str | None", Candidates])
    _targets: dict[str, int] = field(factory=dict[str, int])

    def find_candidates(self, model: str | None) -> Candidates:
        """Return the offers of a selector, which are found once for all lines."""
        if model not in self._candidates:
            self._candidates[model] = find_candidates(self.session, model, None)
        return self._candidates[model]

    def add(self, line: JobLine) -> None:
        """Add a line with the plans that it may lead to."""
        selector = line.model or self.model
        candidates = self.find_candidates(selector)
        plans = rank_candidates(self.session, line.job, candidates)
        name = selector or self.session.config.model or ""
        if candidates.route is None:
            plans = [self._choose(plans)]
            name = plans[0].offer.name
        target = name_target(self.template, line, self.file.name, plans[0])
        if (other := self._targets.setdefault(target, line.number)) != line.number:
            message = f"its file {target} is that of line {other} too; name another"
            raise JobError(message)
        accounts = tuple(sorted({plan.provider for plan in plans}))
        cost, currency = self._sum_up(plans)
        job = line.job.to_json()
        self.lines.append(NewLine(line.key, accounts, job, name, target, cost, currency))

    def _choose(self, plans: list[Plan]) -> Plan:
        """Return the cheapest plan, at an account with a key if any has one here, as a batch does."""
        keyed = [plan for plan in plans if self.session.provider(plan.provider).find_key()]
        return choose_cheapest(keyed or plans, self.session.config.currencies)

    def _sum_up(self, plans: list[Plan]) -> tuple[Decimal | None, str]:
        """Add the dearest of a line's plans to the costs; return it, None where it is not known."""
        rates = self.session.config.currencies
        quotes = [plan.quote for plan in (rates.sort(plans) if rates.can_compare(plans) else plans)]
        known = [(quote.amount, quote.currency) for quote in quotes if quote.amount is not None]
        sure = all(quote.confidence in {"exact", "ceiling"} for quote in quotes)
        self.loose += not sure or len(known) < len(quotes)
        if not known:
            return None, "USD"
        amount, currency = known[-1]
        self.costs[currency] = self.costs.get(currency, Decimal(0)) + amount
        return (amount if len({name for _, name in known}) == 1 else None), currency


def check_template(template: str) -> None:
    """Check the name that files are given.

    Raises:
        ConfigError: it names an unknown field, has none that tells lines apart, or cannot be read.
    """
    _, fields = read_template(template)
    if not {"key", "number"} & set(fields):
        message = f"{template} would name one file for all jobs; put {{key}} into it"
        raise ConfigError(message)


def name_target(template: str, line: JobLine, name: str, plan: Plan) -> str:
    """Return where a line's video goes: below the folder of the worker, or a URL.

    A line's own file is below the template's part before its first field.

    Raises:
        JobError: the line names a file outside of that folder.
    """
    if line.to is None:
        return fill_template(template, name, line, plan)
    base = read_template(template)[0].rpartition("/")[0]
    own = PurePosixPath(line.to)
    if is_url(line.to) or own.is_absolute() or ".." in own.parts or not own.name:
        message = f"to: {line.to!r} is no file inside of the folder of the results; name one"
        raise JobError(message)
    return f"{base}/{own}" if base else str(own)


def check_limit(order: Order, limit: Decimal, currency: str, session: Session) -> None:
    """Check that a whole list cannot cost more than a limit.

    Raises:
        NegotiationError: it can, or that cannot be said.
    """
    if order.loose:
        message = (
            f"the cost of {order.loose} jobs is unknown or an estimate, and --max-cost is"
            f" {limit} {currency}; nothing was enqueued"
        )
        raise NegotiationError(message)
    rates, total = session.config.currencies, Decimal(0)
    for name, amount in order.costs.items():
        converted = rates.convert(amount, name, currency)
        if converted is None:
            message = (
                f"the list costs {amount} {name} among others, and --max-cost is in {currency}; add"
                " the rate to [currencies] in the config; nothing was enqueued"
            )
            raise NegotiationError(message)
        total += converted
    if total > limit:
        message = (
            f"the list costs {total} {currency}, and --max-cost is {limit} {currency}; nothing was"
            " enqueued"
        )
        raise NegotiationError(message)
