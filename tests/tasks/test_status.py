"""The states of a task, and the words by which vendors mean them."""

import logging

import pytest

from anyvideo.limits import MOST_UNKNOWN_WORDS
from anyvideo.tasks.status import (
    Status,
    _warn_unknown,
    find_status,
    read_reported,
    read_status,
)

FINAL = {"succeeded", "failed", "cancelled", "expired"}


def test_the_states_are_those_that_callers_store():
    assert set(Status) == FINAL | {"submitting", "ambiguous", "queued", "running"}
    assert {status for status in Status if status.final} == FINAL
    assert [read_status(str(status)) for status in Status] == list(Status)
    assert [read_status(status) for status in Status] == list(Status)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("NOT_START", "queued"),
        ("unknown", "queued"),
        (" Queueing ", "queued"),
        ("In Progress", "running"),
        ("in-progress", "running"),
        ("MODAL", "running"),
        ("video_generation_completed", "running"),
        ("SUCCESS", "succeeded"),
        ("done", "succeeded"),
        ("FAILURE", "failed"),
        ("video_upsampling_failed", "failed"),
        ("canceled", "cancelled"),
        ("expired", "expired"),
        ("starting", "queued"),
        ("THROTTLED", "queued"),
        ("Ready", "succeeded"),
        ("Content Moderated", "failed"),
        ("Request Moderated", "failed"),
        ("aborted", "cancelled"),
        ("teleporting", "running"),
        ("", "running"),
        (None, "running"),
        (7, "running"),
        ({}, "running"),
    ],
)
def test_a_vendors_word(word, status):
    assert read_status(word) == status


def test_a_vendors_own_words_come_first():
    words = {"排队中": "queued", "done": "failed"}

    assert [read_status(word, words) for word in ("排队中", " done ", "failed")] == [
        "queued",
        "failed",
        "failed",
    ]
    assert find_status("排队中") is None


def test_a_word_that_nobody_knows_is_logged_once(caplog):
    with caplog.at_level(logging.WARNING, "anyvideo"):
        statuses = [read_status("levitating") for _ in range(3)]

    assert statuses == ["running"] * 3
    assert [record.getMessage() for record in caplog.records] == [
        "status word 'levitating' is not known and counts as running"
    ]


def test_a_vendor_cannot_report_what_only_we_can_know():
    assert [read_reported(word) for word in ("submitting", "ambiguous", "failed")] == [
        "queued",
        "running",
        "failed",
    ]


def test_unknown_words_are_logged_once_each_and_not_without_end(caplog):
    _warn_unknown.cache_clear()
    words = [f"teleporting-{number % 1000}" for number in range(5000)]
    assert {read_status(word) for word in words} == {"running"}

    logged = [record.getMessage() for record in caplog.records]
    assert len(logged) == len(set(logged)) == MOST_UNKNOWN_WORDS
    _warn_unknown.cache_clear()
