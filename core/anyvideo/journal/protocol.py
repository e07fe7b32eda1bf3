"""What a journal is: the rows of all jobs, and the writes that only the owner of a fence can make."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from anyvideo.journal.budget import Budget, Share
from anyvideo.journal.entry import Entry
from anyvideo.model.currency import NO_RATES, Rates
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task


@runtime_checkable
class JournalLike(Protocol):
    """A place for the rows of jobs, shared by threads, processes or hosts.

    Every time is a Unix time by the clock that `adjust` leads to. Every method raises a JournalError
    where the journal cannot be used, and nothing is half written then. `anyvideo.testing.JournalLaws`
    holds an implementation to what is said here.
    """

    @property
    def path(self) -> Path | str:
        """Where it is, in messages."""
        ...

    def adjust(self, now: float) -> float:
        """Return the time by the clock that judges leases, at a moment of the caller's clock."""
        ...

    def open(
        self,
        entry: Entry,
        budget: Budget | None = None,
        rates: Rates = NO_RATES,
        shares: Sequence[Share] = (),
    ) -> tuple[Entry, bool]:
        """Add a job before it is sent; return its row, and whether the caller is to send it.

        A row that exists is returned as it is, unless it is proven that no job was created under its
        ref (`Entry.is_void`): then it is replaced, with a higher fence. The sums of the day and the row
        are one transaction; a share holds the jobs whose ref begins with its text.

        Raises:
            BudgetError: the job would pass a budget of the day; nothing was added.
        """
        ...

    def claim(self, ref: str, now: float, lease: float = 0.0) -> Entry | None:
        """Raise the fence of a job and lease it; None if there is none, or it is leased until later."""
        ...

    def rebase(self, entry: Entry, now: float, lease: float) -> None:
        """Move the lease of a row, unless its process has renewed it meanwhile."""
        ...

    def mark(self, entry: Entry, now: float, lease: float, *, sent: bool) -> bool:
        """Note that the paid request leaves now, or that it created no job, if the fence holds.

        It is committed when this returns.
        """
        ...

    def advance(  # noqa: PLR0913 (each is a column)
        self,
        ref: str,
        fence: int,
        task: Task,
        now: float,
        *,
        counts: bool | None = None,
        lease: float | None = None,
        path: str | None = None,
        facts: str | None = None,
        took: float | None = None,
    ) -> bool:
        """Note how a job stands; say whether that was noted. What is None stays as it is.

        The fence has to hold, or the row has no id and the task has one. An id is never replaced by
        another, and a job that has ended stays as it ended, unless a success without a file turns out
        to have failed.
        """
        ...

    def get(self, ref: str) -> Entry | None:
        """Return the job with exactly this ref."""
        ...

    def find(self, name: str, provider: str = "") -> Entry | None:
        """Return the one job with this ref, start of a ref, or vendor's id; at a provider, the id."""
        ...

    def page(  # noqa: PLR0913 (each narrows the page)
        self,
        states: Sequence[Status],
        offer: str,
        limit: int,
        before: Entry | None,
        start: str = "",
        *,
        rising: bool = False,
    ) -> list[Entry]:
        """Return the newest jobs in these states, at offers whose name matches wildcards.

        With `before`, those that are older than that job; with `start`, those whose ref begins so.
        Where it is `rising`, the oldest ones, and those that are newer than the job `before`.
        """
        ...

    def entries(self, states: Sequence[Status] = tuple(Status)) -> list[Entry]:
        """Return the jobs in these states, oldest first."""
        ...

    def finishes(self, offer: str, limit: int = 200) -> list[float]:
        """Return how long the latest successful jobs of an offer took, in seconds, shortest first."""
        ...

    def newest(self) -> float:
        """Return when the newest job was added; 0 where there is none."""
        ...

    def close(self) -> None:
        """Give up the file or the connections; a second time does nothing."""
        ...


class AsyncJournalLike(Protocol):
    """The twin of a journal for one event loop: the same methods, as coroutines.

    Each does what the method of `JournalLike` does, and raises the same errors. What it writes is
    written whole or not at all: the caller waits for its end even if it is cancelled.
    """

    @property
    def path(self) -> Path | str:
        """Where it is, in messages."""
        ...

    async def prepare(self) -> None:
        """Connect, and learn what `JournalLike.adjust` needs; called before each operation."""
        ...

    async def open(
        self,
        entry: Entry,
        budget: Budget | None = None,
        rates: Rates = NO_RATES,
        shares: Sequence[Share] = (),
    ) -> tuple[Entry, bool]:
        """Add a job before it is sent; return its row, and whether the caller is to send it."""
        ...

    async def claim(self, ref: str, now: float, lease: float = 0.0) -> Entry | None:
        """Raise the fence of a job and lease it; None if there is none, or it is leased."""
        ...

    async def rebase(self, entry: Entry, now: float, lease: float) -> None:
        """Move the lease of a row, unless its process has renewed it meanwhile."""
        ...

    async def mark(self, entry: Entry, now: float, lease: float, *, sent: bool) -> bool:
        """Note that the paid request leaves now, or that it created no job, if the fence holds."""
        ...

    async def advance(  # noqa: PLR0913 (each is a column)
        self,
        ref: str,
        fence: int,
        task: Task,
        now: float,
        *,
        counts: bool | None = None,
        lease: float | None = None,
        path: str | None = None,
        facts: str | None = None,
        took: float | None = None,
    ) -> bool:
        """Note how a job stands; say whether that was noted."""
        ...

    async def get(self, ref: str) -> Entry | None:
        """Return the job with exactly this ref."""
        ...

    async def find(self, name: str, provider: str = "") -> Entry | None:
        """Return the one job with this ref, start of a ref, or vendor's id."""
        ...

    async def page(  # noqa: PLR0913 (each narrows the page)
        self,
        states: Sequence[Status],
        offer: str,
        limit: int,
        before: Entry | None,
        start: str = "",
        *,
        rising: bool = False,
    ) -> list[Entry]:
        """Return the newest jobs in these states, at offers whose name matches wildcards."""
        ...

    async def entries(self, states: Sequence[Status] = tuple(Status)) -> list[Entry]:
        """Return the jobs in these states, oldest first."""
        ...

    async def finishes(self, offer: str, limit: int = 200) -> list[float]:
        """Return how long the latest successful jobs of an offer took, shortest first."""
        ...

    async def newest(self) -> float:
        """Return when the newest job was added; 0 where there is none."""
        ...

    async def close(self) -> None:
        """Close the connections of this loop; a second time does nothing."""
        ...


@runtime_checkable
class PairedJournal(JournalLike, Protocol):
    """A journal that async clients ask without threads."""

    def pair(self) -> AsyncJournalLike | None:
        """Return a new twin for the running event loop, or None where the driver cannot be used.

        The client that asks for it closes it. `adjust` of this journal goes by what it learns.
        """
        ...
