"""When to try again, and when to ask again. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from typing import TYPE_CHECKING

from attrs import field, frozen

from anyvideo.errors import ProviderError

if TYPE_CHECKING:
    pass


@frozen
class Retry:
    """How often and how patiently a call is repeated that may be repeated.

    Pauses double from `first` to `longest` seconds; a vendor's own wish to wait is honoured up to
    `patience` seconds in all.
    """

    attempts: int = 5
    first: float = 1.0
    longest: float = 30.0
    patience: float = 300.0

    def pause(self, attempt: int, waited: float, error: ProviderError) -> float | None:
        """Return how long to wait after failed attempt number `attempt` (from 1), or None to stop."""
        if not error.retryable or attempt >= self.attempts:
            return None
        seconds = min(self.longest, self.first * 2.0 ** (attempt - 1))
        if error.retry_after is not None:
            seconds = max(error.retry_after, 0.5)
        return seconds if waited + seconds <= self.patience else None


def _to_times(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(values)


@frozen
class Poll:
    """When to ask how a task stands, from the finish times of earlier tasks of the same offer.

    `finishes` are those times in seconds, sorted; without any, `usual` stands for them (where
    nobody knows, so short that the first poll comes after ten seconds). Asking is
    densest where most tasks finish: the pause is `density` times the root of the mean time that
    the tasks which are still running have left. (With a rate h of finishing, the least delay for a
    number of requests is had with pauses proportional to 1/sqrt(h).)
    """

    usual: float = 25.0
    finishes: tuple[float, ...] = field(default=(), converter=_to_times)
    density: float = 0.85
    shortest: float = 1.0
    longest: float = 20.0

    def pause(self, elapsed: float) -> float:
        """Return how long to wait before the next poll of a task that is `elapsed` seconds old."""
        if not self.finishes:
            return self._pause_by_rule(elapsed)
        # A little before the earliest: who never asks before it never learns that it moved.
        earliest = self.finishes[0] * 0.93
        if elapsed < earliest - self.shortest:
            return earliest - elapsed
        left = self.finishes[bisect_right(self.finishes, elapsed) :]
        mean_left = sum(left) / len(left) - elapsed if left else elapsed * 0.25
        return self._bound(self.density * mean_left**0.5)

    @property
    def typical(self) -> float:
        """How long about half of the tasks take, in seconds."""
        return self.finishes[len(self.finishes) // 2] if self.finishes else self.usual

    def _pause_by_rule(self, elapsed: float) -> float:
        """Wait until two fifths of the usual time have passed, then a tenth of what has passed."""
        first = self.usual * 0.4
        if elapsed < first - self.shortest:
            return first - elapsed
        return self._bound(elapsed * 0.1)

    def _bound(self, seconds: float) -> float:
        return min(self.longest, max(self.shortest, seconds))
