"""The spend guard: what may be sent without asking a person, and what has been."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from attrs import define, field, frozen

from anyvideo.journal.record import JobRecord
from anyvideo.model.currency import Rates
from anyvideo.model.quote import Quote, format_amount
from anyvideo.tasks.status import Status


def count_jobs(number: int) -> str:
    """Return "1 job" or "2 jobs"."""
    return "1 job" if number == 1 else f"{number} jobs"


@frozen
class Allowance:
    """What the person who started the server allows it to send without a question.

    Attributes:
        amount: The most that all jobs cost; None asks before each job.
        currency: Its currency.
        jobs: The most jobs; None is no limit.
    """

    amount: Decimal | None = None
    currency: str = "USD"
    jobs: int | None = None

    def __str__(self) -> str:
        """Return "5.00 USD, 3 jobs"."""
        money = (
            "nothing" if self.amount is None else f"{format_amount(self.amount)} {self.currency}"
        )
        return money if self.jobs is None else f"{money}, {count_jobs(self.jobs)}"


@frozen
class Spent:
    """What has been committed or billed so far.

    Attributes:
        jobs: How many jobs.
        amount: Their sum in the currency of the allowance; None where a part of it is unknown.
    """

    jobs: int
    amount: Decimal | None


@define
class Guard:
    """The sum of one server.

    It grows when a job is committed, before anything is sent, and follows the bill once that is
    known. No step of it waits for anything, so two calls cannot both use what is left.
    """

    allowance: Allowance
    rates: Rates
    _costs: dict[str, Decimal | None] = field(factory=dict[str, "Decimal | None"], init=False)

    @property
    def spent(self) -> Spent:
        """What has been committed or billed so far."""
        total: Decimal | None = Decimal(0)
        for cost in self._costs.values():
            total = None if total is None or cost is None else total + cost
        return Spent(len(self._costs), total)

    def find_objection(self, quote: Quote) -> str:
        """Return why a job needs a person's consent; "" if it is within the allowance."""
        if self.allowance.amount is None:
            return "this server was started without --max-cost, so a person decides about each job"
        return next(self._list_objections(quote, self.allowance.amount), "")

    def _list_objections(self, quote: Quote, most: Decimal) -> Iterator[str]:
        allowed, spent = self.allowance, self.spent
        limit = f"--max-cost {format_amount(most)} {allowed.currency}"
        if allowed.jobs is not None and spent.jobs >= allowed.jobs:
            yield f"--max-jobs {allowed.jobs} is used up"
        if quote.amount is None:
            yield f"its cost is unknown, which counts as more than {limit}"
        if quote.confidence == "estimate":
            yield f"its cost is an estimate, {quote}, and may pass {limit}"
        if spent.amount is None:
            yield f"the cost of an earlier job is unknown, which counts as more than {limit}"
        cost = self._convert(quote)
        if cost is None:
            yield f"{quote} cannot be compared with {limit} without a rate in [currencies]"
        elif spent.amount is not None and spent.amount + cost > most:
            yield f"{self.describe_spent()} of {limit} are used, and this job costs {quote}"

    def describe_spent(self) -> str:
        """Return "1.20 USD", or that a part is unknown."""
        amount = self.spent.amount
        if amount is None:
            return "an unknown amount"
        return f"{format_amount(amount)} {self.allowance.currency}"

    def commit(self, name: str, quote: Quote) -> None:
        """Count a job that is about to be sent."""
        self._costs[name] = self._convert(quote)

    def release(self, name: str) -> None:
        """Count a job no more that was not sent at all."""
        self._costs.pop(name, None)

    def note(self, records: Iterable[JobRecord]) -> None:
        """Count jobs of the journal as they stand there: by the bill, or else the quote."""
        for record in records:
            task, quote = record.task, record.task.quote or Quote()
            if task.cost is not None:
                self._costs[record.ref] = self.rates.convert(
                    task.cost, quote.currency, self.allowance.currency
                )
            elif task.status == Status.FAILED and not task.id:
                self.release(record.ref)  # it is proven that no job was created
            elif task.status == Status.FAILED and quote.failures_billed is False:
                self._costs[record.ref] = Decimal(0)
            else:
                self.commit(record.ref, quote)

    def _convert(self, quote: Quote) -> Decimal | None:
        if quote.amount is None:
            return None
        return self.rates.convert(quote.amount, quote.currency, self.allowance.currency)
