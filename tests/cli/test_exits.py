"""Every failure is a code for programs, and a line for people that says what to do."""

import json

import click
import pytest
from attrs import evolve

from anyvideo import errors
from anyvideo.cli.commands import jobs
from anyvideo.cli.exits import TerminatedError, next_step, short_ref
from anyvideo.errors import AmbiguousSubmitError, ConfigError, DownloadError, ProviderError
from anyvideo.journal.entry import Entry
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task

TASK = Task("apiyi", "apiyi", "https://a", "t1", "sora-2", "running", ref="order-7")
RESUME = "anyvideo resume order-7"


@pytest.fixture
def fail(call, monkeypatch):
    """Run a command that raises this error."""

    def run(error, *arguments, sandbox=False):
        def callback(**_):
            click.get_current_context().obj.sandbox = sandbox
            raise error

        monkeypatch.setattr(jobs.command, "callback", callback)
        return call("jobs", *arguments)

    return run


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            ZeroDivisionError("a\nb"),
            1,
            "internal error: ZeroDivisionError: a b; ANYVIDEO_TRACEBACK=1 shows where",
        ),
        (OSError(28, "No space left on device"), 1, "the system: No space left on device"),
        (PermissionError(13, "Permission denied", "a.mp4"), 1, "a.mp4: Permission denied"),
        (
            SystemExit(0),
            1,
            "internal error: SystemExit: 0; ANYVIDEO_TRACEBACK=1 shows where",
        ),
        (
            errors.InFlightError("try again in 9 s", 9.5, task=TASK),
            9,
            f"try again in 9 s; resume it with: {RESUME}",
        ),
        (click.UsageError("No such thing."), 2, "No such thing; see: anyvideo jobs --help"),
        (click.ClickException("no such thing"), 2, "no such thing"),
        (errors.JobError("a\n  b"), 2, "a b"),
        (errors.PluginError("x"), 2, "x"),
        (ConfigError(["one", "two"]), 2, "one\nanyvideo: two"),
        (
            ConfigError("set A_KEY", advice="set_key"),
            2,
            "set A_KEY, or use --sandbox, which needs no key",
        ),
        (ConfigError("no model", advice="name_model"), 2, "no model; -m names one"),
        (
            errors.JournalError("no such job", advice="list_jobs"),
            2,
            "no such job; `anyvideo jobs --all` lists all jobs",
        ),
        (DownloadError("it exists", advice="overwrite"), 2, "it exists (--overwrite)"),
        (
            errors.NegotiationError("no such model", advice="list_models"),
            3,
            "no such model; `anyvideo models` lists all models",
        ),
        (errors.DriftError("x"), 3, "x"),
        (errors.BudgetError("x"), 3, "x"),
        (
            ProviderError("insufficient_funds", "x"),
            3,
            str(ProviderError("insufficient_funds", "x")),
        ),
        (errors.TaskFailedError("it is over", task=TASK), 4, "it is over"),
        (
            AmbiguousSubmitError("resolve it", task=TASK, advice="resolve"),
            5,
            f"resolve it: {RESUME} --task-id ID (or --not-created)",
        ),
        (
            errors.WaitTimeoutError("resume it later", task=TASK, advice="resume"),
            6,
            f"resume it later: {RESUME}",
        ),
        (DownloadError("it broke", task=TASK), 7, f"it broke; resume it with: {RESUME}"),
        (
            DownloadError("it broke", task=evolve(TASK, ref="")),
            7,
            "it broke; resume it with: anyvideo resume t1",
        ),
        (errors.ExpiredError("it is gone", task=TASK), 7, "it is gone"),
        (ProviderError("server", "x"), 8, str(ProviderError("server", "x"))),
        (KeyboardInterrupt(), 130, "interrupted; nothing was sent"),
        (TerminatedError(), 143, "interrupted; nothing was sent"),
    ],
    ids=repr,
)
def test_every_failure_has_its_code_and_its_line(fail, error, code, line):
    result = fail(error)

    assert (result.code, result.out, result.err) == (code, "", f"anyvideo: {line}\n")


@pytest.mark.parametrize("advice", ["resume", "resolve", None])
def test_a_job_in_the_sandbox_cannot_be_resumed(fail, advice):
    error = errors.WaitTimeoutError("too late", task=TASK, advice=advice)

    assert fail(error, sandbox=True).err == (
        "anyvideo: too late (the sandbox and its jobs end with this command)\n"
    )


def test_the_traceback_of_an_internal_error_can_be_shown(fail, monkeypatch):
    monkeypatch.setenv("ANYVIDEO_TRACEBACK", "1")

    assert "Traceback" in fail(ZeroDivisionError()).err


def test_ctrl_c_begins_a_new_line_on_a_terminal(fail, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)

    assert fail(KeyboardInterrupt()).err == "\nanyvideo: interrupted; nothing was sent\n"


def test_json_has_the_kind_of_the_error_and_the_handle_of_the_job(fail):
    refused = ProviderError("auth", "the key is wrong")
    refused.task = TASK

    error = fail(refused, "--json").json["error"]
    assert (error["type"], error["kind"], error["exit_code"]) == ("ProviderError", "auth", 3)
    assert error["task"]["id"] == "t1"
    assert fail(ValueError("x"), "--json").json["error"].keys() == {"type", "message", "exit_code"}


@pytest.mark.parametrize(
    ("status", "sent", "words"),
    [
        ("submitting", False, f"the job was not sent yet; send it with: {RESUME}"),
        ("submitting", True, "the job may or may not exist at apiyi"),
        ("ambiguous", True, f"{RESUME} --task-id ID (or --not-created)"),
        ("running", True, f"task t1 goes on at apiyi; resume it with: {RESUME}"),
        ("succeeded", True, f"task t1 is ready at apiyi; resume it with: {RESUME}"),
        ("failed", True, "the job order-7 is failed"),
    ],
)
def test_the_next_step_for_a_job(status, sent, words):
    task = evolve(TASK, status=Status(status))

    assert words in next_step(Entry("order-7", "apiyi/sora-2", task, "", 0.0, sent=sent))


def test_a_generated_ref_is_shortened_and_a_key_is_not():
    assert short_ref("0123456789abcdef0123456789abcdef") == "01234567"
    assert short_ref("order-7") == "order-7"


def test_a_program_reads_when_to_try_again(fail):
    result = fail(errors.InFlightError("later", 9.5, task=TASK), "--json")

    assert json.loads(result.out)["error"]["seconds"] == 9.5
