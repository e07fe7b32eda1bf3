"""How every run ends: one exit code for programs, one line for people.

  0  done
  1  lint found something; or something unforeseen happened, which is a mistake of ours
  2  the command, the job, a setting, a plugin or the journal is wrong; nothing was sent
  3  refused by every offer, by a budget or by the vendor
  4  the vendor's job ended without a video
  5  the job may or may not exist; `anyvideo resume` settles it
  6  the deadline passed; the job goes on, and `anyvideo resume` brings it home
  7  the video exists but could not be brought home; `anyvideo resume` tries again
  8  the vendor could not be reached or understood
130  Ctrl-C, and 143 SIGTERM; the line says what becomes of the job
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from anyvideo import errors

if TYPE_CHECKING:
    from anyvideo.cli.run import Run
    from anyvideo.journal.entry import Entry

UNFORESEEN, WRONG, REFUSED, FAILED, AMBIGUOUS, TIMEOUT, DOWNLOAD, UNREACHED = range(1, 9)
_CODES: dict[type[errors.AnyVideoError], int] = {
    errors.NegotiationError: REFUSED,
    errors.BudgetError: REFUSED,
    errors.AmbiguousSubmitError: AMBIGUOUS,
    errors.WaitTimeoutError: TIMEOUT,
    errors.TaskFailedError: FAILED,
    errors.DownloadError: DOWNLOAD,
}
# What a vendor says of its own state rather than of the job.
_NO_ANSWER = frozenset({"rate_limited", "server", "malformed", "timeout"})
# What a vendor says that asking again will not change.
_SETTLED = (errors.TaskFailedError, errors.ExpiredError)


class TerminatedError(KeyboardInterrupt):
    """SIGTERM came; whoever waits ends as after Ctrl-C."""


def choose_code(error: BaseException) -> int:
    """Return the exit code that tells a program how a run ended."""
    if isinstance(error, KeyboardInterrupt):
        return 143 if isinstance(error, TerminatedError) else 130
    if isinstance(error, errors.ProviderError):
        return UNREACHED if error.kind in _NO_ANSWER else REFUSED
    if isinstance(error, errors.DownloadError) and error.task is None:
        return WRONG  # the place for the file, found out before anything was sent
    for kind, code in _CODES.items():
        if isinstance(error, kind):
            return code
    foreseen = isinstance(error, errors.AnyVideoError | click.ClickException)
    return WRONG if foreseen else UNFORESEEN


def explain(error: BaseException, run: Run) -> list[str]:
    """Return what to tell a person: a line that says what to do, or one for each wrong setting."""
    match error:
        case errors.ConfigError():
            lines = list(error.problems)
        case errors.AnyVideoError():
            lines = [str(error) + _say_how_to_go_on(error, run)]
        case click.UsageError():
            command = error.ctx.command_path if error.ctx else "anyvideo"
            lines = [f"{error.format_message().rstrip('.')}; see: {command} --help"]
        case click.ClickException():
            lines = [error.format_message()]
        case KeyboardInterrupt():
            lines = [_explain_interrupt(run)]
        case OSError() if error.strerror:
            lines = [f"{error.filename or 'the system'}: {error.strerror}"]
        case _:
            what = f"{type(error).__name__}: {error}"
            lines = [f"a mistake of anyvideo's: {what}; ANYVIDEO_TRACEBACK=1 shows where"]
    return [" ".join(line.split()) for line in lines]


def _say_how_to_go_on(error: errors.AnyVideoError, run: Run) -> str:
    task = error.task
    if task is None or isinstance(error, _SETTLED):
        return ""
    if run.sandbox:
        return " (the sandbox and its jobs end with this command)"
    if "anyvideo resume" in str(error):
        return ""
    return f"; go on with: anyvideo resume {name_job(task.ref) or task.id}"


def _explain_interrupt(run: Run) -> str:
    entry = run.find_job()
    if entry is None:
        return "interrupted; nothing was sent"
    if run.sandbox:
        return "interrupted; the sandbox and its jobs end with this command"
    return f"interrupted; {describe_rest(entry)}"


def describe_rest(entry: Entry) -> str:
    """Return what is left to do for a job, in words, with the command that does it."""
    task, ref = entry.task, name_job(entry.ref)
    if task.status == "submitting" and not entry.sent:
        return f"the job was not sent yet; send it with: anyvideo resume {ref}"
    if task.status in {"submitting", "ambiguous"}:
        return (
            f"the job may or may not exist at {task.provider}: look for it there, then run: "
            f"anyvideo resume {ref} --task-id ID (or --not-created)"
        )
    if task.status.final and task.status != "succeeded":
        return f"the job {ref} is {task.status}"
    state = "is ready" if task.status.final else "goes on"
    return f"task {task.id} {state} at {task.provider}; go on with: anyvideo resume {ref}"


def to_json(error: BaseException, lines: list[str], entry: Entry | None) -> dict[str, Any]:
    """Return a failure as plain JSON values, with the handle of the job that it concerns."""
    task = getattr(error, "task", None) or (entry and entry.task)
    described = {
        "type": type(error).__name__,
        "message": "; ".join(lines),
        "exit_code": choose_code(error),
        "kind": getattr(error, "kind", None),
        "task": json.loads(task.to_json()) if task else None,
    }
    return {"error": {name: value for name, value in described.items() if value is not None}}


def name_job(ref: str) -> str:
    """Return the name by which people mean a job: the start of a number, or their own key."""
    return ref[:8] if len(ref) == 32 and ref.isalnum() else ref
