"""Tells a job from another one under the same ref: hosts with journals of their own share no keys."""

from __future__ import annotations

from anyvideo.config.provider import trim_base_url
from anyvideo.errors import JournalError
from anyvideo.journal.entry import Entry
from anyvideo.tasks.task import Task


def check_same_job(task: Task, entry: Entry | None) -> None:
    """Check that the journal's row under a task's ref is that task's.

    Raises:
        JournalError: it is another job, such as one that another host sent under the same key.
    """
    if entry is None or is_same_job(task, entry.task):
        return
    message = (
        f"{task.ref} is the ref of two jobs: {_name_job(task)} of the handle, and "
        f"{_name_job(entry.task)} of this journal; use the handle where the journal has its job, or "
        "clear its ref to follow it without a journal"
    )
    raise JournalError(message, task=task)


def is_same_job(one: Task, other: Task) -> bool:
    """Say whether two tasks with one ref are one job: one account, one id, one moment."""
    if _name_account(one) != _name_account(other):
        return False
    if one.id and other.id:
        return one.id == other.id
    moments = {one.submitted_at, other.submitted_at} - {None}
    return len(moments) < 2


def _name_account(task: Task) -> tuple[str, str, str]:
    return (task.provider or task.adapter, task.adapter, trim_base_url(task.base_url))


def _name_job(task: Task) -> str:
    return (
        f"{task.id or 'a job without an id'} at {task.provider or task.adapter} ({task.base_url})"
    )
