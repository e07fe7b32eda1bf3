"""Leaves a run in good order: nothing new begins, and a paid request in flight is waited for."""

from __future__ import annotations

from typing import Any, TypeVar

from attrs import define

from anyvideo.errors import AnyVideoError
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Hold, Read, Send, Sleep, Step, Steps, Transfer

T = TypeVar("T")
# How long a job that waits for its vendor does not look whether the run is left, in seconds.
_LOOK = 1.0


class LeftError(BaseException):
    """The run is left; like an interrupt, it carries the job that exists as `.task`."""

    task: Task | None = None


@define
class Stop:
    """Whether a run is left, and the error that ends it if there is one."""

    is_set: bool = False
    error: AnyVideoError | None = None

    def set(self, error: AnyVideoError | None = None) -> None:
        """Let nothing new begin; the first error counts."""
        self.error = self.error or error
        self.is_set = True


def stop_between(steps: Steps[T], stop: Stop) -> Steps[T]:
    """Perform steps until a run is left, then raise a LeftError where nothing paid is in flight.

    That is before a paid request, while the vendor works, and before the file is fetched.
    """
    held: Task | None = None
    try:
        step = next(steps)
        while True:
            if isinstance(step, Hold):
                held = step.task
            try:
                if _may_leave(step, held):
                    _check(stop)
                answer = yield from _perform(step, stop)
            except BaseException as error:  # noqa: BLE001 (the steps decide what becomes of it)
                step = steps.throw(error)
            else:
                step = steps.send(answer)
    except StopIteration as ended:
        return ended.value  # type: ignore[no-any-return]  # the result of the steps


def _may_leave(step: Step, held: Task | None) -> bool:
    if isinstance(step, Send):
        return step.request.paid
    return isinstance(step, Sleep | Transfer) or (isinstance(step, Read) and held is not None)


def _check(stop: Stop) -> None:
    if stop.is_set:
        message = "the run was left"
        raise LeftError(message)


def _perform(step: Step, stop: Stop) -> Steps[Any]:
    """Perform a step; a long sleep in pieces, so that it ends soon after the run is left."""
    if not isinstance(step, Sleep):
        return (yield step)
    left = step.seconds
    while left > _LOOK:
        yield Sleep(_LOOK)
        _check(stop)
        left -= _LOOK
    yield Sleep(left)
    _check(stop)
    return None
