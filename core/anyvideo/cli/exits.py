"""How every run ends: one exit code for programs, one line for people."""

from __future__ import annotations

import json
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import click

from anyvideo import errors
from anyvideo.printable import make_line

if TYPE_CHECKING:
    from anyvideo.cli.context import CliContext
    from anyvideo.journal.entry import Entry


class ExitCode(IntEnum):
    """The exit codes; `meaning` is their line in --help."""

    DONE = 0, "done"
    PROBLEMS = 1, "lint or doctor found a problem, or an internal error"
    INVALID = 2, "the command, the job or a setting is wrong; nothing was sent"
    REFUSED = 3, "refused by every offer, by a budget, by the vendor or by you"
    FAILED = 4, "the vendor's job ended without a video"
    AMBIGUOUS = 5, "the job may or may not exist; `anyvideo resume` resolves it"
    TIMEOUT = 6, "the deadline passed; `anyvideo resume` waits on and downloads the video"
    DOWNLOAD = 7, "the video could not be downloaded; `anyvideo resume` tries again"
    UNREACHED = 8, "the vendor could not be reached or understood"
    IN_FLIGHT = 9, "another process is sending the job; try again in the seconds of the message"
    INTERRUPTED = 130, "Ctrl-C; the message says what becomes of the job"
    UNREAD = 141, "the reader of the output closed the pipe"
    TERMINATED = 143, "SIGTERM; the message says what becomes of the job"

    meaning: str

    def __new__(cls, value: int, meaning: str) -> ExitCode:  # noqa: PYI034 (an enum has no subclasses)
        """Return the member of a value, with its meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code


_CODES: dict[type[errors.AnyVideoError], ExitCode] = {
    errors.NegotiationError: ExitCode.REFUSED,
    errors.BudgetError: ExitCode.REFUSED,
    errors.InFlightError: ExitCode.IN_FLIGHT,
    errors.AmbiguousSubmitError: ExitCode.AMBIGUOUS,
    errors.WaitTimeoutError: ExitCode.TIMEOUT,
    errors.TaskFailedError: ExitCode.FAILED,
    errors.DownloadError: ExitCode.DOWNLOAD,
}
# What a vendor says of its own state rather than of the job.
_NO_ANSWER = frozenset({"rate_limited", "server", "malformed", "timeout"})
# After these the task is over, and resuming it changes nothing.
_OVER = (errors.TaskFailedError, errors.ExpiredError)
# What follows the message of an error with this advice; "resume" and "resolve" need the task.
_HINTS: dict[errors.Advice, str] = {
    "list_jobs": "; `anyvideo jobs --all` lists all jobs",
    "list_models": "; `anyvideo models` lists all models",
    "name_model": "; -m names one",
    "set_key": ", or use --sandbox, which needs no key",
    "overwrite": " (--overwrite)",
}


class TerminatedError(KeyboardInterrupt):
    """SIGTERM arrived; the run ends as after Ctrl-C."""


def exit_code(error: BaseException) -> ExitCode:
    """Return the exit code that tells a program how a run ended."""
    if isinstance(error, KeyboardInterrupt):
        terminated = isinstance(error, TerminatedError)
        return ExitCode.TERMINATED if terminated else ExitCode.INTERRUPTED
    if isinstance(error, errors.ProviderError):
        return ExitCode.UNREACHED if error.kind in _NO_ANSWER else ExitCode.REFUSED
    if isinstance(error, errors.DownloadError) and error.task is None:
        return ExitCode.INVALID  # the target cannot be written, found before anything was sent
    for kind, code in _CODES.items():
        if isinstance(error, kind):
            return code
    expected = isinstance(error, errors.AnyVideoError | click.ClickException)
    return ExitCode.INVALID if expected else ExitCode.PROBLEMS


def explain(error: BaseException, context: CliContext) -> list[str]:
    """Return a line that says what went wrong and what to do; for settings, a line a problem."""
    match error:
        case errors.ConfigError():
            earlier = _format_earlier(error)
            lines = [f"{earlier}{problem}{hint(error)}" for problem in error.problems]
        case errors.AnyVideoError():
            advice = hint(error) or _resume_hint(error, context)
            lines = [f"{_format_earlier(error)}{error}{advice}"]
        case click.UsageError():
            command = error.ctx.command_path if error.ctx else "anyvideo"
            lines = [f"{error.format_message().rstrip('.')}; see: {command} --help"]
        case click.ClickException():
            lines = [error.format_message()]
        case KeyboardInterrupt():
            lines = [_explain_interrupt(error, context)]
        case OSError() if error.strerror:
            lines = [f"{error.filename or 'the system'}: {error.strerror}"]
        case _:
            what = f"{type(error).__name__}: {error}"
            lines = [f"internal error: {what}; ANYVIDEO_TRACEBACK=1 shows where"]
    return [context.shorten_refs(make_line(line)) for line in lines]


def _format_earlier(error: errors.AnyVideoError) -> str:
    """Return what ended the earlier attempts of a route, in their order."""
    return "".join(f"{earlier}; then " for earlier in error.earlier)


def hint(error: errors.AnyVideoError) -> str:
    """Return the advice of an error in words of the command line; "" for advice about a task."""
    return _HINTS.get(error.advice, "") if error.advice else ""


def _resume_hint(error: errors.AnyVideoError, context: CliContext) -> str:
    """Return the command that resumes or resolves the task of an error; "" if that is no use."""
    if error.task is None or isinstance(error, _OVER):
        return ""
    if context.sandbox:
        return " (the sandbox and its jobs end with this command)"
    ref = short_ref(error.task.ref) or error.task.id
    if error.advice == "resolve":
        return f": {_resolve_command(ref)}"
    return f"{':' if error.advice else '; resume it with:'} anyvideo resume {ref}"


def _explain_interrupt(error: BaseException, context: CliContext) -> str:
    try:
        entry = context.find_entry(error)
    except errors.JournalError as lost:
        return f"interrupted; {lost}; the state of the job is unknown until then"
    if entry is None:
        return f"interrupted; {'no job was created' if context.attempts else 'nothing was sent'}"
    if context.sandbox:
        return "interrupted; the sandbox and its jobs end with this command"
    return f"interrupted; {next_step(entry)}"


def next_step(entry: Entry) -> str:
    """Return what is left to do for a job, in words, with the command that does it."""
    task, ref = entry.task, short_ref(entry.ref)
    if task.status == "submitting" and not entry.sent:
        return f"the job was not sent yet; send it with: anyvideo resume {ref}"
    if task.status in {"submitting", "ambiguous"}:
        return (
            f"the job may or may not exist at {task.provider}: look for it there, then run: "
            f"{_resolve_command(ref)}"
        )
    if task.status.final and task.status != "succeeded":
        return f"the job {ref} is {task.status}"
    state = "is ready" if task.status.final else "goes on"
    return f"task {task.id} {state} at {task.provider}; resume it with: anyvideo resume {ref}"


def _resolve_command(ref: str) -> str:
    return f"anyvideo resume {ref} --task-id ID (or --not-created)"


def to_json(error: BaseException, lines: list[str], entry: Entry | None) -> dict[str, Any]:
    """Return a failure as plain JSON values, with the handle of the job that it concerns."""
    task = getattr(error, "task", None) or (entry and entry.task)
    described = {
        "type": type(error).__name__,
        "message": "; ".join(lines),
        "exit_code": exit_code(error),
        "kind": getattr(error, "kind", None),
        "seconds": getattr(error, "seconds", None),
        "task": json.loads(task.to_json()) if task else None,
    }
    return {"error": {name: value for name, value in described.items() if value is not None}}


def short_ref(ref: str) -> str:
    """Return a job's name for people: the first 8 digits of a generated ref, or the user's key."""
    return ref[:8] if len(ref) == 32 and ref.isalnum() else ref
