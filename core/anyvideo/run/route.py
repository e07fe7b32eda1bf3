"""From a plan to a file: submit, wait, download; the next offer is tried only if that is free.

The next candidate of a route is tried only after proof that the previous one cannot bill: the
vendor refused before a task existed, or the task failed where the offer says that failures are
free. It is never tried after a time-out, an ambiguous submit or a failed download. So a route costs
at most what one of its plans may (`max_cost`).
"""

from __future__ import annotations

from pathlib import Path

from anyvideo.errors import AnyVideoError, ConfigError, ProviderError, TaskFailedError
from anyvideo.model.plan import Plan
from anyvideo.run.download import download
from anyvideo.run.poll import wait
from anyvideo.run.records import attach_task, is_unbilled
from anyvideo.run.submit import OnTask, submit
from anyvideo.session.session import Session
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, Video
from anyvideo.transport.steps import Steps


def submit_first(
    session: Session,
    plans: list[Plan],
    *,
    key: str | None = None,
    path: str | None = None,
    on_change: OnTask | None = None,
) -> Steps[tuple[Task, list[Plan]]]:
    """Submit the first plan that its vendor accepts; return its task, and the plans from it on."""
    while True:
        try:
            task = yield from submit(session, plans[0], key=key, path=path, on_change=on_change)
        except (ProviderError, ConfigError) as error:
            if len(plans) == 1 or error.task is not None:
                raise
            plans = _next_candidate(session, plans, error)
        else:
            return task, plans


def generate(  # noqa: PLR0913, PLR0917 (all of it is the caller's choice)
    session: Session,
    plans: list[Plan],
    target: Path,
    timeout: float | None,
    key: str | None,
    on_change: OnTask | None,
    *,
    overwrite: bool,
) -> Steps[Video]:
    """Download the video of the first plan that results in one.

    After a task that fails for free, the next is sent under "key/2", and so on, so that a repeated
    call finds the same tasks.

    Raises:
        TaskFailedError: the vendor's job ended without a video, and no other offer may be tried.
    """
    number = 1
    while True:
        name = key if number == 1 or key is None else f"{key}/{number}"
        task, plans = yield from submit_first(
            session, plans, key=name, path=str(target), on_change=on_change
        )
        try:
            if on_change is not None:
                on_change(task)
            task = yield from wait(session, task, timeout, on_change)
            if task.status == Status.SUCCEEDED:
                job = plans[0].job
                return (yield from download(session, task, target, job, overwrite=overwrite))
        except BaseException as error:
            attach_task(error, task)
            raise
        failure = explain_failure(task)
        if len(plans) == 1 or not is_unbilled(session, task):
            raise failure
        plans, number = _next_candidate(session, plans, failure), number + 1


def explain_failure(task: Task) -> TaskFailedError:
    """Return the error that says why a job ended without a video."""
    error = task.error
    said = (error.message or error.code or error.kind) if error else None
    message = f"{task.provider}: task {task.id} {task.status}: {said or 'no reason given'}"
    return TaskFailedError(message, task=task)


def _next_candidate(session: Session, plans: list[Plan], error: AnyVideoError) -> list[Plan]:
    details = {"reason": str(error), "next": plans[1].offer.name}
    session.emit("retry", None, plans[0].provider, **details)
    return plans[1:]
