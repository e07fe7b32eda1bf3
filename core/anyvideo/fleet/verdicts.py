"""What an error means for a line of the fleet: it waits, or it has ended. Pure."""

from __future__ import annotations

from attrs import frozen

from anyvideo import errors
from anyvideo.fleet.line import LineState

# How often a step is tried that fails by what may pass, before the line is given up.
MOST_MISSES = 10
_LONGEST = 600.0
# A job that the money of a day holds back is tried again so often, in seconds.
_HELD = 600.0
# What an account or a vendor says of itself, so that the same job may be taken later.
_PASSING = frozenset({"rate_limited", "server", "timeout", "insufficient_funds", "auth"})


@frozen
class Verdict:
    """What follows an error.

    Attributes:
        pause: In how many seconds the step is tried again; None where the line has ended.
        state: How it has ended.
        counts: Whether the error is one of those that may be too many in a row.
    """

    pause: float | None = None
    state: LineState = LineState.FAILED
    counts: bool = True


def judge(error: errors.AnyVideoError, *, begun: bool, misses: int) -> Verdict:
    """Return what follows an error; `begun` says that a vendor has a job, which is not given up."""
    match error:
        case errors.InFlightError():
            return Verdict(error.seconds, counts=False)
        case errors.AmbiguousSubmitError():
            return Verdict(state=LineState.AMBIGUOUS)
        case errors.TaskFailedError() | errors.ExpiredError():
            return Verdict()
        case errors.BudgetError():
            return Verdict(_HELD, counts=False)
        case errors.JournalError() | errors.DownloadError():
            passing = True
        case errors.ProviderError():
            passing = begun or error.retryable or error.kind in _PASSING
        case _:
            passing = begun
    if not passing or misses >= MOST_MISSES:
        return Verdict()
    wanted = getattr(error, "retry_after", None) or 0.0
    return Verdict(max(wanted, min(_LONGEST, 2.0**misses)))
