"""Holds the async twin of a journal to the laws of all journals."""

from __future__ import annotations

import asyncio
from typing import Any

from anyvideo.journal.protocol import AsyncJournalLike, PairedJournal


def _ask(name: str) -> Any:  # noqa: ANN401 (it has the arguments and the result of the twin's)
    def ask(self: TwinJournal, *args: object, **options: object) -> object:
        return self.run(name, *args, **options)

    return ask


class TwinJournal:
    """A blocking journal whose answers are those of a journal's async twin, for `JournalLaws`.

        class TestMyTwin(JournalLaws):
            def make_place(self):
                return make_an_empty_database()

            def open_journal(self, place):
                return TwinJournal(MyJournal(place))

    It has an event loop of its own, and closes the journal with itself.
    """

    def __init__(self, journal: PairedJournal) -> None:
        self._journal, self.path = journal, journal.path
        self._runner = asyncio.Runner()
        try:
            self._twin: AsyncJournalLike = self._runner.run(self._pair())
        except BaseException:
            self._runner.close()
            raise

    open, claim, rebase, newest = _ask("open"), _ask("claim"), _ask("rebase"), _ask("newest")
    mark, advance, get, find = _ask("mark"), _ask("advance"), _ask("get"), _ask("find")
    page, entries, finishes = _ask("page"), _ask("entries"), _ask("finishes")

    def adjust(self, now: float) -> float:
        """Return the time by the clock that judges leases."""
        return self._journal.adjust(now)

    def close(self) -> None:
        """Close the twin and the journal."""
        self.run("close")
        self._runner.close()
        self._journal.close()

    def run(self, name: str, *args: object, **options: object) -> object:
        """Return what a method of the twin returns."""
        return self._runner.run(getattr(self._twin, name)(*args, **options))

    async def _pair(self) -> AsyncJournalLike:
        twin = self._journal.pair()
        assert twin is not None, "the twin cannot be used in this loop"  # noqa: S101 (for tests)
        await twin.prepare()
        return twin
