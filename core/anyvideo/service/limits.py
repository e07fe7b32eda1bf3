"""What one owner may have at a service."""

from __future__ import annotations

from attrs import field, frozen, validators

from anyvideo.journal.budget import Budget

_AT_LEAST_1 = validators.optional(validators.ge(1))


@frozen
class Limit:
    """What one owner may have.

    Attributes:
        budget: What the jobs of one day (UTC) may cost. The journal checks it in the transaction that
            adds the job, over all processes.
        at_once: The most jobs that are sent or run at a time, in this process.
    """

    budget: Budget = field(factory=Budget)
    at_once: int | None = field(default=None, validator=_AT_LEAST_1)
