"""At most once: what can become of a paid request, what each outcome proves, and what follows.

A paid request is sent again only after proof that the last one created no job. `OUTCOMES` is the
whole rule, as data. `judge` finds the row for an operation that ended in an error, `judge_answer`
for an answer, `judge_record` for a job that another process left in the journal. No other module
decides whether a paid request is sent again. docs/money.md shows the same table, and a test
compares the two.
"""

from __future__ import annotations

from typing import Literal

from attrs import frozen

from anyvideo.errors import ErrorKind, ProviderError

Proof = Literal["no job", "a job", "nothing"]
Next = Literal[
    "send again", "send the same key again", "fail", "follow the job", "keep as ambiguous"
]


@frozen
class Outcome:
    """One row of the table.

    Attributes:
        name: The name of the row.
        seen: What was seen of the paid request, in words.
        proves: What that proves about a job at the vendor.
        then: What happens next. "send again" is bounded by `Retry`; after that the job fails.
            "send the same key again" is bounded too; after that the job is ambiguous.
    """

    name: str
    seen: str
    proves: Proof
    then: Next


UNREACHABLE = Outcome(
    name="unreachable",
    seen="no connection, or a passing error of a request before the paid one",
    proves="no job",
    then="send again",
)
UNSENT = Outcome(
    name="unsent",
    seen="another error before the first byte left",
    proves="no job",
    then="fail",
)
UNPROCESSED = Outcome(
    name="unprocessed",
    seen="429 that is not about money, 503 with Retry-After, or a code that says that nothing was done",
    proves="no job",
    then="send again",
)
REFUSED = Outcome(
    name="refused",
    seen="a clear refusal: of the job, the key, the funds or the model",
    proves="no job",
    then="fail",
)
UNCLEAR = Outcome(
    name="unclear",
    seen="another error: 5xx, a time-out, an answer that cannot be read",
    proves="nothing",
    then="keep as ambiguous",
)
LOST = Outcome(
    name="lost",
    seen="no answer: the connection broke, or the time-out passed",
    proves="nothing",
    then="keep as ambiguous",
)
KEYED = Outcome(
    name="keyed",
    seen="unclear or lost, at a vendor that makes one job of all requests with one idempotency key",
    proves="nothing",
    then="send the same key again",
)
INTERRUPTED = Outcome(
    name="interrupted",
    seen="no answer: the process was interrupted",
    proves="nothing",
    then="keep as ambiguous",
)
BROKEN = Outcome(
    name="broken",
    seen="an answer, and then an error or an interrupt before a job was read from it",
    proves="nothing",
    then="keep as ambiguous",
)
NAMED = Outcome(
    name="named",
    seen="the id of a job, whatever came after it",
    proves="a job",
    then="follow the job",
)

OUTCOMES = (
    UNREACHABLE,
    UNSENT,
    UNPROCESSED,
    REFUSED,
    UNCLEAR,
    LOST,
    KEYED,
    INTERRUPTED,
    BROKEN,
    NAMED,
)

# Codes by which a gateway says that it did nothing, each with the status that goes with it.
# new-api's own get_channel_failed is a 500 and no proof: it comes after a first channel was tried.
UNPROCESSED_CODES = {
    "get_channel_failed": 400,
    "idempotency_unavailable": 503,
    "system_cpu_overloaded": 503,
}
_UNCLEAR_KINDS = frozenset({"server", "malformed", "timeout"})


def may_repeat(outcome: Outcome, *, paid: bool) -> bool:
    """Say whether a request that ended so may be sent again; one that creates no job always may."""
    return not paid or outcome.then in {"send again", "send the same key again"}


def judge_answer(kind: ErrorKind, status: int, code: str, wait: float | None) -> Outcome:
    """Return the row for an answer to a paid request that names no job.

    Args:
        kind: What the answer means.
        status: Its HTTP status.
        code: The outermost code of its envelope, in lower case; empty where there is none.
        wait: The pause in seconds that the answer asks for.
    """
    if kind == "rate_limited" and (status == 429 or code == "429"):
        return UNPROCESSED
    if kind == "server" and (
        UNPROCESSED_CODES.get(code) == status or (status == 503 and wait is not None)
    ):
        return UNPROCESSED
    return UNCLEAR if kind in _UNCLEAR_KINDS else REFUSED


def judge(  # noqa: PLR0913 (each is a fact of its own)
    error: BaseException,
    *,
    sent: bool = False,
    answer: Outcome | None = None,
    understood: bool = False,
    named: bool = False,
    keyed: bool = False,
) -> Outcome:
    """Return the row for an operation that ended in an error.

    Args:
        error: How the operation ended.
        sent: Whether the paid request may have left.
        answer: The row of the answer itself, if one came.
        understood: Whether the adapter read that answer and went on.
        named: Whether a job is known by its id.
        keyed: Whether the vendor makes one job of all requests with the key that it carried.
    """
    if named:
        return NAMED
    if understood:
        return BROKEN
    outcome = _judge_sent(error, sent=sent, answer=answer)
    return KEYED if keyed and outcome in {UNCLEAR, LOST} else outcome


def _judge_sent(error: BaseException, *, sent: bool, answer: Outcome | None) -> Outcome:
    if answer is None or not sent:
        return _judge_unanswered(error, sent=sent)
    if not isinstance(error, ProviderError):
        return BROKEN
    # The adapter's word that a call may be repeated is not enough: the answer must prove it.
    if error.retryable and answer is UNPROCESSED:
        return UNPROCESSED
    return UNCLEAR if error.kind in _UNCLEAR_KINDS else REFUSED


def _judge_unanswered(error: BaseException, *, sent: bool) -> Outcome:
    # Without an answer, a paid request has a retryable error only where it was unreachable.
    if isinstance(error, ProviderError) and error.retryable:
        return UNREACHABLE
    if not sent:
        return UNSENT
    return LOST if isinstance(error, Exception) else INTERRUPTED


def judge_record(*, sent: bool, named: bool, failed: bool) -> Outcome:
    """Return the row for a job in the journal that no process works on.

    Args:
        sent: Whether the paid request may have left.
        named: Whether a job is known by its id.
        failed: Whether its process noted that it failed.
    """
    if named:
        return NAMED
    if failed:
        return REFUSED
    return INTERRUPTED if sent else UNSENT
