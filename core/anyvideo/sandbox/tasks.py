"""The sandbox's tasks, and how they move through their phases.

    queued ─► running ─► succeeded
       └─────────┴─────► failed

A task is an order and the moment it was created. Its state is computed from its age on every
question, so that a clock which jumps an hour ahead needs no catching up.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from threading import Lock
from typing import Any

from attrs import field, frozen
from attrs.validators import ge, gt

DAY = 86_400
"""A day, in seconds."""
_QUEUED_SHARE = 0.2  # of the time from creation to completion
_ROUNDING = 1e-6  # seconds: the difference of two Unix times is not exact


class Phase(StrEnum):
    """QUEUED, RUNNING, SUCCEEDED or FAILED; each vendor has words of its own for these phases."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@frozen
class Order:
    """What a call orders: the film to make, and what the vendor's answers repeat.

    Attributes:
        model: the vendor's name of the model.
        prompt: the caption of the film.
        seconds: the length of the film.
        width: of the film, in pixels.
        height: of the film, in pixels.
        life: how long the vendor keeps the film, in seconds.
        details: what else the vendor's answers need later.
    """

    model: str
    prompt: str
    seconds: float
    width: int
    height: int
    life: float = DAY
    details: Mapping[str, Any] = field(factory=dict[str, Any])


@frozen
class SandboxTask:
    """An order that was accepted.

    Attributes:
        id: the id that the vendor's wire gave it.
        adapter: the name under which the wire was called.
        vendor: the vendor that accepted it.
        order: what was ordered.
        created_at: Unix time in seconds.
    """

    id: str
    adapter: str
    vendor: str
    order: Order
    created_at: float


@frozen
class State:
    """The phase of a task, its progress in percent, and its age in seconds when the phase began."""

    phase: Phase
    progress: int
    since: float


@frozen
class Timing:
    """How long a task takes in seconds, and how many times faster than the clock time passes."""

    duration: float = field(default=3.0, validator=ge(0))
    speed: float = field(default=1.0, validator=gt(0))

    def scale(self, seconds: float) -> float:
        """Return how many seconds of the clock a vendor's seconds take."""
        return seconds / self.speed

    @property
    def done_at(self) -> float:
        """The age in seconds at which a task is complete."""
        return self.scale(self.duration)


def state_at(
    age: float, done_at: float, *, stuck: bool = False, fails_at: float | None = None
) -> State:
    """Return the state of a task of this age; `done_at` is the age at which it is complete.

    A stuck task stays queued. A failing task fails when its progress reaches `fails_at` percent.
    """
    if stuck:
        return State(Phase.QUEUED, 0, 0)
    age += _ROUNDING
    share = 1.0 if age >= done_at else age / done_at
    if fails_at is not None and share * 100 >= fails_at:
        return State(Phase.FAILED, int(fails_at), done_at * fails_at / 100)
    if share >= 1:
        return State(Phase.SUCCEEDED, 100, done_at)
    if share >= _QUEUED_SHARE:
        return State(Phase.RUNNING, int(share * 100), done_at * _QUEUED_SHARE)
    return State(Phase.QUEUED, 0, 0)


class Tasks:
    """Every task since the start; any thread may add one."""

    def __init__(self) -> None:
        self._tasks: dict[str, SandboxTask] = {}
        self._deleted: set[str] = set()
        self._lock = Lock()

    def add(self, task: SandboxTask) -> None:
        """Keep a task."""
        with self._lock:
            self._tasks[task.id] = task

    def find(self, id: str, vendor: str | None = None) -> SandboxTask | None:  # noqa: A002 (the field's own name)
        """Return the task with this id, None where it is unknown, deleted or another vendor's."""
        task = None if id in self._deleted else self._tasks.get(id)
        return task if task and vendor in {None, task.vendor} else None

    def delete(self, id: str) -> None:  # noqa: A002 (the field's own name)
        """Forget a task, as a vendor does on request; `list` still has it."""
        self._deleted.add(id)

    def list(self) -> tuple[SandboxTask, ...]:
        """Return the tasks in the order of their creation."""
        with self._lock:
            return tuple(self._tasks.values())
