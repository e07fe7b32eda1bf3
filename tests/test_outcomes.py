"""At most once: the table of outcomes, walked in full, and held against the page on money."""

from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anyvideo.errors import ERROR_KINDS, PluginError, ProviderError
from anyvideo.outcomes import (
    BROKEN,
    INTERRUPTED,
    KEYED,
    LOST,
    NAMED,
    OUTCOMES,
    REFUSED,
    UNCLEAR,
    UNPROCESSED,
    UNPROCESSED_CODES,
    UNREACHABLE,
    UNSENT,
    judge,
    judge_answer,
    judge_record,
    may_repeat,
)

PAGE = (Path(__file__).parents[1] / "docs/money.md").read_text("utf-8")
ERRORS = [
    *(
        ProviderError(kind, "no", retryable=again)
        for kind in sorted(ERROR_KINDS)
        for again in (True, False)
    ),
    PluginError("broken"),
    KeyboardInterrupt(),
    SystemExit(0),
]
ANSWERS = (None, UNPROCESSED, REFUSED, UNCLEAR)
FACTS: list[dict[str, Any]] = [
    {"sent": sent, "answer": answer, "understood": understood, "named": named, "keyed": keyed}
    for sent, answer, understood, named, keyed in product(
        (True, False), ANSWERS, (True, False), (True, False), (True, False)
    )
    if sent or not (understood or named)
]


def name(error):
    kind = getattr(error, "kind", type(error).__name__)
    return f"{kind}, retryable" if getattr(error, "retryable", False) else kind


AMBIGUOUS = {"keep as ambiguous", "send the same key again"}
REFUSALS = sorted(ERROR_KINDS - {"server", "malformed", "timeout", "rate_limited"})


@pytest.mark.parametrize("error", ERRORS, ids=name)
def test_a_request_is_sent_again_only_after_proof_that_no_job_exists(error):
    for facts in FACTS:
        outcome = judge(error, **facts)
        assert outcome in OUTCOMES
        if outcome.then == "send again":
            assert outcome.proves == "no job"
            assert isinstance(error, ProviderError)
            assert error.retryable
            assert not facts["understood"]
            assert not facts["named"]
            assert not facts["sent"] or facts["answer"] in {None, UNPROCESSED}
        if facts["named"]:
            assert outcome is NAMED
        elif facts["understood"]:
            assert outcome is BROKEN
        elif not facts["sent"]:
            assert outcome in {UNREACHABLE, UNSENT}
        elif not isinstance(error, Exception):
            assert outcome in {INTERRUPTED, BROKEN}
        elif not isinstance(error, ProviderError):
            assert outcome.then in AMBIGUOUS
        if outcome is KEYED:
            assert facts["keyed"]
            assert facts["sent"]


def test_every_row_is_reached():
    reached = {judge(error, **facts).name for error in ERRORS for facts in FACTS}

    assert reached == {outcome.name for outcome in OUTCOMES}


def test_what_a_row_proves_decides_what_follows():
    assert {(item.proves, item.then) for item in OUTCOMES} == {
        ("no job", "send again"),
        ("no job", "fail"),
        ("nothing", "keep as ambiguous"),
        ("nothing", "send the same key again"),
        ("a job", "follow the job"),
    }


@pytest.mark.parametrize(
    ("error", "facts", "outcome"),
    [
        (ProviderError("server", "refused", retryable=True), {}, UNREACHABLE),
        (PluginError("broken"), {}, UNSENT),
        (ProviderError("timeout", "slow"), {"sent": True}, LOST),
        (ProviderError("timeout", "slow"), {"sent": True, "keyed": True}, KEYED),
        (KeyboardInterrupt(), {"sent": True, "keyed": True}, INTERRUPTED),
        (KeyboardInterrupt(), {"sent": True}, INTERRUPTED),
        (ProviderError("server", "unreachable", retryable=True), {"sent": True}, UNREACHABLE),
        (PluginError("broken"), {"sent": True, "answer": UNCLEAR}, BROKEN),
        (ProviderError("auth", "no"), {"sent": True, "answer": UNCLEAR}, REFUSED),
        (
            ProviderError("rate_limited", "slow down", retryable=True),
            {"sent": True, "answer": UNPROCESSED},
            UNPROCESSED,
        ),
        # The adapter calls a lost answer harmless; the answer itself does not prove that.
        (ProviderError("server", "no", retryable=True), {"sent": True, "answer": UNCLEAR}, UNCLEAR),
        # A request after the paid one could not connect: that proves nothing of the paid one.
        (
            ProviderError("server", "refused", retryable=True),
            {"sent": True, "understood": True},
            BROKEN,
        ),
    ],
)
def test_one_case_of_each_row(error, facts, outcome):
    assert judge(error, **facts) is outcome


@given(st.sampled_from(REFUSALS), st.integers(400, 599), st.text(), st.none() | st.floats(0))
def test_a_clear_refusal_is_final_whatever_its_status(kind, status, code, wait):
    assert judge_answer(kind, status, code, wait) is REFUSED


@given(
    st.integers(400, 599),
    st.sampled_from([*UNPROCESSED_CODES, "", "other"]),
    st.none() | st.just(3.0),
)
def test_an_error_of_the_server_is_harmless_only_where_it_says_so(status, code, wait):
    says_so = UNPROCESSED_CODES.get(code) == status or (status == 503 and wait is not None)

    assert judge_answer("server", status, code, wait) is (UNPROCESSED if says_so else UNCLEAR)


def test_a_rate_limit_is_harmless_by_its_status_or_code():
    assert judge_answer("rate_limited", 429, "", None) is UNPROCESSED
    assert judge_answer("rate_limited", 200, "429", None) is UNPROCESSED
    assert judge_answer("rate_limited", 400, "", None) is REFUSED
    assert (
        judge_answer("malformed", 200, "", None) is judge_answer("timeout", 504, "", 9) is UNCLEAR
    )


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.name)
def test_only_a_request_that_pays_is_held_to_the_table(outcome):
    assert may_repeat(outcome, paid=False)
    again = {"send again", "send the same key again"}
    assert may_repeat(outcome, paid=True) == (outcome.then in again)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"sent": False, "named": False, "failed": False}, UNSENT),
        ({"sent": True, "named": False, "failed": False}, INTERRUPTED),
        ({"sent": True, "named": False, "failed": True}, REFUSED),
        ({"sent": True, "named": True, "failed": True}, NAMED),
        ({"sent": False, "named": True, "failed": False}, NAMED),
    ],
)
def test_what_the_journal_proves_of_a_job_that_was_left(facts, outcome):
    assert judge_record(**facts) is outcome


def test_the_page_on_money_shows_this_table():
    rows = [f"| {item.seen} | {item.proves} | {item.then} |" for item in OUTCOMES]

    assert "\n".join(rows) in PAGE
    for code, status in UNPROCESSED_CODES.items():
        assert f"`{code}` ({status})" in PAGE
