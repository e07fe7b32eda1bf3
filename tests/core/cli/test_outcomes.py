from datetime import UTC, datetime

import click
import pytest
from attrs import evolve

from anyvideo import errors
from anyvideo.cli.outcomes import (
    TerminatedError,
    choose_code,
    describe_rest,
    explain,
    name_job,
    to_json,
)
from anyvideo.cli.run import Run
from anyvideo.journal.entry import Entry
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

TASK = Task("apiyi", "apiyi", "https://a", "t1", "sora-2", "running", ref="order-7")


@pytest.fixture
def run():
    with Run() as opened:
        yield opened


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ZeroDivisionError(), 1),
        (OSError(28, "No space left on device"), 1),
        (click.UsageError("x"), 2),
        (errors.ConfigError("x"), 2),
        (errors.JobError("x"), 2),
        (errors.PluginError("x"), 2),
        (errors.JournalError("x"), 2),
        (errors.DownloadError("the file exists"), 2),
        (errors.NegotiationError("x"), 3),
        (errors.DriftError("x"), 3),
        (errors.BudgetError("x"), 3),
        (errors.ProviderError("insufficient_funds", "x"), 3),
        (errors.TaskFailedError("x"), 4),
        (errors.AmbiguousSubmitError("x"), 5),
        (errors.WaitTimeoutError("x"), 6),
        (errors.DownloadError("x", task=TASK), 7),
        (errors.ExpiredError("x", task=TASK), 7),
        (errors.ProviderError("server", "x"), 8),
        (KeyboardInterrupt(), 130),
        (TerminatedError(), 143),
    ],
    ids=repr,
)
def test_every_outcome_has_its_code(error, code):
    assert choose_code(error) == code


def test_a_task_that_goes_on_comes_with_the_command_that_finishes_it(run):
    stopped = errors.DownloadError("the connection broke", task=TASK)
    nameless = errors.DownloadError("it broke", task=evolve(TASK, ref=""))
    told = errors.WaitTimeoutError("finish it with: anyvideo resume t1", task=TASK)

    assert explain(stopped, run) == [
        "the connection broke; go on with: anyvideo resume order-7",
    ]
    assert explain(nameless, run) == ["it broke; go on with: anyvideo resume t1"]
    assert explain(told, run) == ["finish it with: anyvideo resume t1"]


@pytest.mark.parametrize("kind", [errors.TaskFailedError, errors.ExpiredError])
def test_what_is_over_is_not_to_be_resumed(run, kind):
    assert explain(kind("it is over", task=TASK), run) == ["it is over"]


def test_in_the_sandbox_nothing_can_be_resumed(run):
    run.sandbox = True
    (line,) = explain(errors.WaitTimeoutError("go on with: anyvideo resume t1", task=TASK), run)

    assert line.endswith("(the sandbox and its jobs end with this command)")


def test_a_message_of_several_lines_becomes_one(run):
    assert explain(errors.JobError("a\n  b"), run) == ["a b"]


def test_the_system_is_named_where_no_file_is(run):
    assert explain(OSError(28, "No space left on device"), run) == [
        "the system: No space left on device"
    ]


def test_usage_points_to_the_help_of_the_command(run):
    bare = click.UsageError("No such thing.")

    assert explain(bare, run) == ["No such thing; see: anyvideo --help"]


@pytest.mark.parametrize(
    ("status", "sent", "words"),
    [
        (
            Status.SUBMITTING,
            False,
            "the job was not sent yet; send it with: anyvideo resume order-7",
        ),
        (Status.SUBMITTING, True, "the job may or may not exist at apiyi"),
        (Status.AMBIGUOUS, True, "anyvideo resume order-7 --task-id ID (or --not-created)"),
        (Status.RUNNING, True, "task t1 goes on at apiyi; go on with: anyvideo resume order-7"),
        (Status.SUCCEEDED, True, "task t1 is ready at apiyi; go on with: anyvideo resume order-7"),
        (Status.FAILED, True, "the job order-7 is failed"),
    ],
)
def test_what_is_left_to_do_for_a_job(status, sent, words):
    entry = Entry("order-7", "apiyi/sora-2", evolve(TASK, status=status), "", 0.0, sent=sent)

    assert words in describe_rest(entry)


def test_json_has_the_kind_of_a_vendors_error_and_the_handle():
    error = errors.ProviderError("auth", "the key is wrong")
    error.task = evolve(TASK, created_at=datetime(2026, 1, 1, tzinfo=UTC))
    described = to_json(error, ["the key is wrong"], None)["error"]

    assert (described["type"], described["kind"]) == ("ProviderError", "auth")
    assert described["task"]["id"] == "t1"
    assert "kind" not in to_json(ValueError(), [], None)["error"]


def test_jobs_are_named_by_the_start_of_a_number_or_by_their_own_key():
    assert name_job("0123456789abcdef0123456789abcdef") == "01234567"
    assert name_job("order-7") == "order-7"
