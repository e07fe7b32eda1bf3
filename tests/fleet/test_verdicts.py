"""What an error means for a line."""

import pytest

from anyvideo import errors
from anyvideo.fleet.line import LineState
from anyvideo.fleet.verdicts import MOST_MISSES, Verdict, judge

FAILED = Verdict()


def refuse(kind, **facts):
    return errors.ProviderError(kind, "no", **facts)


@pytest.mark.parametrize(
    ("error", "begun", "misses", "verdict"),
    [
        (errors.InFlightError("it is", 40.0), False, MOST_MISSES, Verdict(40.0, counts=False)),
        (errors.AmbiguousSubmitError("who knows"), False, 0, Verdict(state=LineState.AMBIGUOUS)),
        (errors.TaskFailedError("no video"), True, 0, FAILED),
        (errors.ExpiredError("gone"), True, 0, FAILED),
        (errors.BudgetError("all spent"), False, MOST_MISSES, Verdict(600.0, counts=False)),
        (errors.JournalError("away"), False, 0, Verdict(1.0)),
        (errors.DownloadError("cut"), True, 3, Verdict(8.0)),
        (errors.DownloadError("cut"), True, MOST_MISSES, FAILED),
        (refuse("invalid_request"), False, 0, FAILED),
        (refuse("invalid_request"), True, 1, Verdict(2.0)),
        (refuse("rate_limited", retryable=True, retry_after=90.0), False, 0, Verdict(90.0)),
        (refuse("insufficient_funds"), False, MOST_MISSES - 1, Verdict(512.0)),
        (refuse("insufficient_funds"), False, MOST_MISSES, FAILED),
        (errors.NegotiationError("too long"), False, 0, FAILED),
        (errors.ConfigError("no key"), True, 0, Verdict(1.0)),
    ],
)
def test_a_line_waits_for_what_may_pass_and_ends_by_what_may_not(error, begun, misses, verdict):
    assert judge(error, begun=begun, misses=misses) == verdict
