"""The steps that operations yield and the drivers perform.

Every operation is a generator of steps: it yields what is to be done and receives the result.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import suppress
from pathlib import Path
from types import GeneratorType
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import frozen

from anyvideo.errors import attach_task
from anyvideo.model.wire import Request, Response

if TYPE_CHECKING:
    from anyvideo.config.provider import Provider
    from anyvideo.journal.protocol import JournalLike
    from anyvideo.tasks.task import Task

T = TypeVar("T")


@frozen
class Send:
    """Send a request to a provider; results in its Response.

    `before` gives steps that are performed just before the first byte leaves. If they were not
    performed to their end, nothing was sent.
    """

    provider: Provider
    request: Request
    before: Callable[[], Steps[object]] | None = None


@frozen
class Read:
    """Read on in the stream that the last request opened; results in bytes, b"" at its end."""


@frozen
class Transfer:
    """Fetch the rest of a file; results in the Response, with a body only if it is not the file.

    Attributes:
        provider: The account.
        request: The request whose answer is the file.
        part: The unfinished file.
        remember: Called with the head of the answer before the first byte is written.
        offset: How many bytes of the file `part` holds.
        etag: The version of the file that `part` holds.
        total: The length of the whole file, if an earlier answer said it.
        limit: The largest file that is accepted, in bytes.
    """

    provider: Provider
    request: Request
    part: Path
    remember: Callable[[Response], object]
    offset: int = 0
    etag: str | None = None
    total: int | None = None
    limit: int | None = None
    before: None = None  # a file costs nothing, so nothing is noted


@frozen
class Sleep:
    """Let time pass."""

    seconds: float


@frozen
class Work:
    """Do local work that may block, such as locking a file; results in what it returns."""

    work: Callable[[], Any]

    def do(self) -> Any:  # noqa: ANN401 (each work has its own result)
        """Do it now."""
        return self.work()


@frozen
class Ask:
    """Ask the journal; results in what its answer is.

    `ask` calls one method of what it is given: the journal, or the twin of the journal whose methods
    are coroutines. A driver that has such a twin awaits what comes back, and needs no thread.
    """

    journal: JournalLike
    ask: Callable[[JournalLike], Any]

    def do(self) -> Any:  # noqa: ANN401 (each method has its own result)
        """Ask now; this blocks."""
        return self.ask(self.journal)


@frozen
class Hold:
    """Note the job that exists now; an interrupt of this run carries it from here on.

    None where the job has ended for free and the run goes on to another one.
    """

    task: Task | None


Step: TypeAlias = "Send | Read | Transfer | Sleep | Work | Ask | Hold"
Steps: TypeAlias = Generator[Step, Any, T]


def throw_into(steps: Steps[Any], error: BaseException) -> None:
    """Show the steps an interrupt that came between two of them, unless it came out of them.

    What they still do on this machine, such as to note the outcome, is done at once.
    """
    if not isinstance(steps, GeneratorType) or steps.gi_frame is None:
        return
    _go_on(steps, steps.throw(error))


def do_now(steps: Steps[None]) -> None:
    """Do steps of this machine at once; a generator that is being closed can yield none."""
    with suppress(StopIteration):
        _go_on(steps, next(steps))


def _go_on(steps: Steps[Any], step: Step) -> None:
    while isinstance(step, Work | Ask):
        try:
            answer = step.do()
        except BaseException as failure:  # noqa: BLE001 (the steps decide what becomes of it)
            step = steps.throw(failure)
        else:
            step = steps.send(answer)


def attach_held(error: BaseException, task: Task | None) -> None:
    """Give an interrupt the job that exists; an error of ours says itself which job it concerns."""
    if task is not None and not isinstance(error, Exception):
        attach_task(error, task)
