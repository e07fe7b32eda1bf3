"""One line of the fleet's list: a job that was enqueued, and how far the workers are with it."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

# Postgres allows 63 bytes in the name of a channel, and Procrastinate puts 23 before a queue's.
_LONGEST_QUEUE = 30


class LineState(StrEnum):
    """How far the workers are with a line.

    Attributes:
        WAITING: No worker has begun.
        ADMITTED: It holds a slot of its accounts, and is about to be submitted.
        RUNNING: The vendor has its job.
        DONE: The video is where it belongs.
        FAILED: It ended without a video; `problem` says why.
        AMBIGUOUS: It is unknown whether a job exists; a person resolves it.
    """

    WAITING = "waiting"
    ADMITTED = "admitted"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    AMBIGUOUS = "ambiguous"

    @property
    def final(self) -> bool:
        """Whether no worker touches the line again."""
        return self in {LineState.DONE, LineState.FAILED, LineState.AMBIGUOUS}


@frozen
class NewLine:
    """A line that is added to the list.

    Attributes:
        ref: The name of its job, which is the key that it is submitted under.
        accounts: The aliases of the providers that may get the job, in alphabetical order.
        job: The job as JSON.
        model: The selector that it is submitted to.
        target: Where the video goes: a URL, or a path below the folder of the worker.
        cost: The most that was quoted; None where the cost is unknown.
        currency: The currency of `cost`.
    """

    ref: str
    accounts: tuple[str, ...]
    job: str
    model: str
    target: str
    cost: Decimal | None = None
    currency: str = "USD"


@frozen
class Line:
    """A line of the list as a worker reads it.

    Attributes:
        new: What was enqueued.
        state: How far the workers are.
        attempt: Which job of the line is the current one: 2 after a first one that failed for free.
        misses: How often in a row the last step could not be made.
        polled: When its job was asked for last, as Unix time.
        begun: Whether a vendor has had a job of it.
    """

    new: NewLine
    state: LineState
    attempt: int = 1
    misses: int = 0
    polled: float | None = None
    begun: bool = False

    @property
    def ref(self) -> str:
        """The name of the line."""
        return self.new.ref

    @property
    def key(self) -> str:
        """The key of the current job."""
        return self.ref if self.attempt == 1 else f"{self.ref}/{self.attempt}"


def join_accounts(accounts: tuple[str, ...]) -> str:
    """Return accounts as the text that the list holds; no alias has a slash in it."""
    return "/".join(accounts)


def split_accounts(text: str) -> tuple[str, ...]:
    """Return the accounts in a text of the list."""
    return tuple(text.split("/"))


def name_queue(accounts: tuple[str, ...]) -> str:
    """Return the queue of Procrastinate for the lines of these accounts."""
    name = "-".join(accounts)
    if len(name.encode()) > _LONGEST_QUEUE or not name.isascii():
        name = hashlib.sha256(join_accounts(accounts).encode()).hexdigest()[:16]
    return f"anyvideo-{name}"
