"""The sandbox's tasks, and how they ripen.

    queued ─► running ─► succeeded
       └─────────┴─────► failed

A task is its order and the moment it was created; nothing moves it on. Where it stands is computed
from its age whenever somebody asks, so that a clock which jumps an hour ahead needs no catching up.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from threading import Lock
from typing import Any

from attrs import field, frozen
from attrs.validators import ge, gt

DAY = 86_400
_QUEUED_SHARE = 0.2  # of the time from creation to completion
_ROUNDING = 1e-6  # seconds: the difference of two Unix times is not exact


class Phase(StrEnum):
    """Where a task stands; each vendor has words of its own for it."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


@frozen
class Order:
    """What was asked for: the wire that took the order, the film to make, and words to echo.

    `life` is how many seconds the vendor keeps the film.
    """

    adapter: str
    vendor: str
    model: str
    prompt: str
    seconds: float
    width: int
    height: int
    life: float = DAY
    details: Mapping[str, Any] = field(factory=dict[str, Any])


@frozen
class Task:
    """An order under the id that the vendor gave it."""

    id: str
    order: Order
    created_at: float


@frozen
class State:
    """Where a task stands: its phase, a percentage, and its age in seconds when the phase began."""

    phase: Phase
    progress: int
    since: float


@frozen
class Pace:
    """How fast the sandbox lives: seconds from order to film, and how much faster time passes."""

    duration: float = field(default=3.0, validator=ge(0))
    speed: float = field(default=1.0, validator=gt(0))

    def scale(self, seconds: float) -> float:
        """Return how many seconds of the clock a vendor's seconds take."""
        return seconds / self.speed

    @property
    def ripe(self) -> float:
        """The age at which a task is done."""
        return self.scale(self.duration)


def judge(age: float, ripe: float, *, stuck: bool = False, fails_at: float | None = None) -> State:
    """Return how a task of this age stands, if `ripe` is the age at which it is done.

    A stuck task is queued for ever; one that fails does so when its progress reaches `fails_at`.
    """
    if stuck:
        return State(Phase.QUEUED, 0, 0)
    age += _ROUNDING
    share = 1.0 if age >= ripe else age / ripe
    if fails_at is not None and share * 100 >= fails_at:
        return State(Phase.FAILED, int(fails_at), ripe * fails_at / 100)
    if share >= 1:
        return State(Phase.SUCCEEDED, 100, ripe)
    if share >= _QUEUED_SHARE:
        return State(Phase.RUNNING, int(share * 100), ripe * _QUEUED_SHARE)
    return State(Phase.QUEUED, 0, 0)


class Tasks:
    """Every task since the start; any thread may add one."""

    def __init__(self) -> None:
        self._tasks: dict[str, Task] = {}
        self._lock = Lock()

    def add(self, task: Task) -> None:
        """Keep a task."""
        with self._lock:
            self._tasks[task.id] = task

    def find(self, id: str, vendor: str | None = None) -> Task | None:  # noqa: A002 (the field's own name)
        """Return the task with this id, unless it is another vendor's."""
        task = self._tasks.get(id)
        return task if task and vendor in {None, task.order.vendor} else None

    def list(self) -> tuple[Task, ...]:
        """Return the tasks in the order of their creation."""
        with self._lock:
            return tuple(self._tasks.values())
