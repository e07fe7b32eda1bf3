"""Makes one video of a list: the steps from an order to its result, which end without an error."""

from __future__ import annotations

from anyvideo.batch.batch_run import BatchRun
from anyvideo.batch.orders import Batch, Order
from anyvideo.batch.result import JobResult
from anyvideo.batch.stop import LeftError, stop_between
from anyvideo.errors import AnyVideoError, BudgetError, DownloadError, ProviderError
from anyvideo.files import mp4
from anyvideo.files.delivery import find_differences, read_facts
from anyvideo.files.part_file import prepare
from anyvideo.journal.entry import Entry
from anyvideo.model.plan import Plan
from anyvideo.run import route
from anyvideo.run.records import is_unbilled
from anyvideo.tasks.task import Task, Video
from anyvideo.transport.steps import Steps


def list_faults(batch: Batch) -> list[JobResult]:
    """Return the results of the lines that are refused."""
    return [
        JobResult(number, batch.keys.get(number, ""), error=error)
        for number, error in batch.faults.items()
    ]


def make_video(batch_run: BatchRun, order: Order) -> Steps[JobResult]:
    """Make the video of an order, unless it is there or the run is left, and say how that ended.

    An error of money ends the run: another job would meet it too.
    """
    started = batch_run.session.clock.now()
    line, stop, video, error = order.line, batch_run.stop, None, None
    task = order.row.task if order.row else None
    try:
        if order.is_done and order.row is not None:
            video = _find_video(order, order.row)
        elif stop.is_set:
            error = stop.error
        else:
            video = yield from stop_between(_generate(batch_run, order), stop)
            task = video.task
    except LeftError as left:
        task = left.task or task
    except AnyVideoError as failure:
        error, task = failure, failure.task or task
        if _is_about_money(failure):
            stop.set(failure)
    if video is None and (task is None or is_unbilled(batch_run.session, task)):
        batch_run.cost_limit.release(line.key)
    took = batch_run.session.clock.now() - started
    return JobResult(
        line.number, line.key, order.plan, video, error, task, took, earlier=order.is_done
    )


def _generate(batch_run: BatchRun, order: Order) -> Steps[Video]:
    """Submit, wait and download under the key of the line."""
    session, line = batch_run.session, order.line

    def reserve(plan: Plan, _: AnyVideoError | None) -> None:
        batch_run.cost_limit.reserve(line.key, plan)

    def tell(task: Task) -> None:
        if batch_run.on_change is not None:
            batch_run.on_change(line, task)

    target = prepare(order.target, overwrite=batch_run.overwrite)
    remaining = route.RemainingPlans(session, order.plans, reserve)
    steps = route.generate(
        remaining, target,
        key=line.key if session.journal is not None else None,
        timeout=batch_run.timeout, on_change=tell, overwrite=batch_run.overwrite,
    )  # fmt: skip
    with remaining.note_earlier():
        return (yield from steps)


def _find_video(order: Order, row: Entry) -> Video:
    """Return the video that an earlier run delivered.

    Raises:
        DownloadError: the run ended before it noted the file, and the file is not whole.
    """
    path = order.target
    try:
        facts = read_facts(row.facts) if row.facts is not None else mp4.read(path)
        size = path.stat().st_size
    except (mp4.Mp4Error, OSError) as error:
        message = f"{path} is not the whole video ({error}); remove it, and run the list again"
        raise DownloadError(message, task=row.task) from error
    return Video(path, row.task, size, facts, find_differences(order.plan.job, facts))


def _is_about_money(error: AnyVideoError) -> bool:
    empty = isinstance(error, ProviderError) and error.kind == "insufficient_funds"
    return isinstance(error, BudgetError) or empty
