"""Plans a whole list before anything is sent: where each job goes, what is left to do, what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from attrs import field, frozen

from anyvideo.batch.lines import JobFile, JobLine
from anyvideo.batch.targets import Targets
from anyvideo.errors import AnyVideoError, ConfigError, JobError, NegotiationError
from anyvideo.files.part_file import holds_something
from anyvideo.journal.entry import Entry
from anyvideo.model.plan import Plan
from anyvideo.negotiation.policy import Policy
from anyvideo.planning.candidates import Candidates, find_candidates, rank_candidates
from anyvideo.planning.price_list import choose_cheapest
from anyvideo.run.keys import describe_difference
from anyvideo.run.records import is_unbilled
from anyvideo.session.session import Session
from anyvideo.tasks.status import Status


@frozen
class Order:
    """One job of a list that can be sent, or was.

    Attributes:
        line: The line of the list.
        plans: What may be sent, best first; one, unless the selector is a route.
        target: The file.
        row: The journal's row of the job; None if nothing was sent that may be billed.
        passed: How many of the plans ended for free in an earlier run.
        is_done: Whether an earlier run delivered the file, and it is still there.
    """

    line: JobLine
    plans: tuple[Plan, ...]
    target: Path
    row: Entry | None = None
    passed: int = 0
    is_done: bool = False

    @property
    def plan(self) -> Plan:
        """What is sent next, or was sent."""
        if self.row is not None:
            return next(plan for plan in self.plans if _name(plan) == self.row.offer)
        return self.plans[self.passed]


@frozen
class Batch:
    """A list of jobs, planned as a whole.

    Attributes:
        name: The name of the list.
        orders: The jobs that can be sent, or were.
        faults: Why each of the other lines is refused, by number.
        keys: The keys of all lines that could be read, by number.
    """

    name: str
    orders: tuple[Order, ...]
    faults: Mapping[int, AnyVideoError]
    keys: Mapping[int, str]

    @cached_property
    def new(self) -> tuple[Order, ...]:
        """The jobs that were not sent yet, and cost something now."""
        return tuple(order for order in self.orders if order.row is None)

    @property
    def done(self) -> int:
        """How many files earlier runs delivered."""
        return sum(order.is_done for order in self.orders)

    @property
    def open(self) -> int:
        """How many jobs were sent, and have no file yet."""
        return len(self.orders) - len(self.new) - self.done

    @cached_property
    def costs(self) -> Mapping[str, Decimal]:
        """What the new jobs cost by currency, as far as that is known."""
        return add_costs(order.plan for order in self.new)


def add_costs(plans: Iterator[Plan] | Sequence[Plan]) -> dict[str, Decimal]:
    """Return the sum of the known costs by currency."""
    costs: dict[str, Decimal] = {}
    for quote in (plan.quote for plan in plans):
        if quote.amount is not None:
            costs[quote.currency] = costs.get(quote.currency, Decimal(0)) + quote.amount
    return costs


def plan_batch(  # noqa: PLR0913 (all of it is the caller's choice)
    session: Session,
    jobs: JobFile,
    targets: Targets,
    model: str | None = None,
    policy: Policy | None = None,
    *,
    overwrite: bool = False,
) -> Batch:
    """Plan every line of a list; nothing is sent.

    Raises:
        ConfigError: a line has no selector, and there is no default.
        JournalError: the journal cannot be read.
    """
    planner = _Planner(session, targets, model, policy, overwrite)
    faults: dict[int, AnyVideoError] = {
        number: JobError(text) for number, text in jobs.mistakes.items()
    }
    orders: list[Order] = []
    for line in jobs.lines:
        try:
            orders.append(planner.plan(line))
        except (JobError, NegotiationError) as error:
            faults[line.number] = error
    keys = {line.number: line.key for line in jobs.lines}
    return Batch(jobs.name, tuple(orders), dict(sorted(faults.items())), keys)


@frozen
class _Planner:
    session: Session
    targets: Targets
    model: str | None
    policy: Policy | None
    overwrite: bool
    _found: dict[str | None, Candidates | NegotiationError] = field(
        factory=dict[str | None, "Candidates | NegotiationError"]
    )
    _places: dict[str, int] = field(factory=dict[str, int])

    def plan(self, line: JobLine) -> Order:
        """Return the order of a line.

        Raises:
            JobError: the line cannot be meant: its key is another job's, its file another line's.
            NegotiationError: no offer accepts the job.
        """
        candidates = self._find_candidates(line.model or self.model)
        plans = rank_candidates(self.session, line.job, candidates)
        first = self._get_row(line.key)
        if candidates.route is None:
            plans = [self._choose(plans, first)]
        row, passed = self._find_row(line.key, first, plans)
        if row is not None and (other := describe_difference(row, plans, None)) is not None:
            message = f"the key {line.key!r} is that of another job ({other}); give it another key"
            raise JobError(message, task=row.task)
        if row is None:
            self._check_account(plans[passed:])
        target = self._find_target(line, plans[0])
        exists = holds_something(target)
        done = exists and _is_delivered(row, target)
        if exists and not done and not self.overwrite:
            message = f"{target} exists; name another file, or allow overwriting"
            raise JobError(message, advice="overwrite")
        return Order(line, tuple(plans), target, row, passed, done)

    def _find_candidates(self, model: str | None) -> Candidates:
        """Return what a selector means, which is looked up once for all lines that have it."""
        if model not in self._found:
            try:
                self._found[model] = find_candidates(self.session, model, self.policy)
            except NegotiationError as error:
                self._found[model] = error
        found = self._found[model]
        if isinstance(found, NegotiationError):
            raise found
        return found

    def _get_row(self, key: str) -> Entry | None:
        """Return the row of a key, unless it is proven that it holds no job."""
        journal = self.session.journal
        entry = journal.get(key) if journal else None
        return None if entry is None or entry.is_void(self.session.row_time) else entry

    def _find_row(
        self, key: str, first: Entry | None, plans: Sequence[Plan]
    ) -> tuple[Entry | None, int]:
        """Return the last row of a job, and how many plans of its route ended for free before."""
        entry, passed = first, 0
        while entry and passed + 1 < len(plans) and is_unbilled(self.session, entry.task):
            passed += 1
            entry = self._get_row(f"{key}/{passed + 1}")
        return entry, passed

    def _choose(self, plans: Sequence[Plan], row: Entry | None) -> Plan:
        """Return the plan that was sent before, else the cheapest at an account with a key."""
        if row is not None:
            return next((plan for plan in plans if _name(plan) == row.offer), plans[0])
        usable = [plan for plan in plans if self._has_key(plan)] or plans
        return choose_cheapest(list(usable), self.session.config.currencies)

    def _has_key(self, plan: Plan) -> bool:
        return self.session.provider(plan.provider).find_key() is not None

    def _check_account(self, plans: Sequence[Plan]) -> None:
        if not any(map(self._has_key, plans)):
            try:
                self.session.provider(plans[0].provider).require_key()
            except ConfigError as error:
                raise NegotiationError(str(error), advice=error.advice) from error

    def _find_target(self, line: JobLine, plan: Plan) -> Path:
        target = self.targets.find(line, plan)
        first = self._places.setdefault(os.path.normcase(target), line.number)
        if first != line.number:
            message = f"it goes to {target}, as line {first} does; name another file"
            raise JobError(message)
        return target


def _name(plan: Plan) -> str:
    return f"{plan.provider}/{plan.offer.model}"


def _is_delivered(row: Entry | None, target: Path) -> bool:
    """Say whether the file of a job is there; it is named so only when it is whole."""
    return row is not None and row.state == Status.SUCCEEDED and row.path == str(target)
