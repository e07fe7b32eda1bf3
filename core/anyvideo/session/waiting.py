"""When to try again, and when to ask again. Pure."""

from __future__ import annotations

from bisect import bisect_right

from attrs import field, frozen

from anyvideo.errors import ProviderError
from anyvideo.limits import LONGEST_PAUSE, SHORTEST_PAUSE


@frozen
class Retry:
    """How often a call is repeated that may be repeated, and after which pauses.

    Attributes:
        attempts: The most calls.
        first: The first pause in seconds; each pause is twice the one before.
        longest: The longest pause in seconds, unless the vendor asks for a longer one.
        patience: The most seconds that all pauses take together.
    """

    attempts: int = 5
    first: float = 1.0
    longest: float = 30.0
    patience: float = 300.0

    def pause(self, attempt: int, waited: float, error: ProviderError) -> float | None:
        """Return the pause in seconds after attempt number `attempt` (from 1), or None to stop."""
        if attempt >= self.attempts:
            return None
        seconds = min(self.longest, self.first * 2.0 ** (attempt - 1))
        if error.retry_after is not None:
            seconds = max(error.retry_after, SHORTEST_PAUSE)
        return seconds if waited + seconds <= self.patience else None


@frozen
class Poll:
    """When to ask how a task stands, from the finish times of earlier tasks of the same offer.

    The pause is `density` times the root of the mean time that the earlier tasks which took longer
    had left: with a rate h of finishing, pauses proportional to 1/sqrt(h) give the least delay for
    a number of requests.

    Attributes:
        usual: The usual time in seconds, used if `finishes` is empty.
        finishes: The finish times in seconds, sorted.
        density: The factor of the pause.
        shortest: The shortest pause in seconds.
        longest: The longest pause in seconds, once the first jobs may have ended.
        longest_first: The longest pause in seconds before that.
    """

    usual: float = 25.0
    finishes: tuple[float, ...] = field(default=(), converter=tuple[float, ...])
    density: float = 0.85
    shortest: float = SHORTEST_PAUSE
    longest: float = 20.0
    longest_first: float = LONGEST_PAUSE

    def pause(self, elapsed: float) -> float:
        """Return how long to wait before the next poll of a task that is `elapsed` seconds old."""
        if not self.finishes:
            return self._pause_by_rule(elapsed)
        # A little before the earliest time; otherwise an earlier finish is never observed.
        earliest = self.finishes[0] * 0.93
        if elapsed < earliest - self.shortest:
            return min(self.longest_first, earliest - elapsed)
        left = self.finishes[bisect_right(self.finishes, elapsed) :]
        mean_left = sum(left) / len(left) - elapsed if left else elapsed * 0.25
        return self._bound(self.density * mean_left**0.5)

    def pause_after(self, misses: int, wanted: float | None) -> float:
        """Return how long to wait after so many failed polls; `wanted` is what the vendor asks for.

        The vendor gets it within limits: otherwise an answer could make thousands of polls, or let
        a waiting caller miss the end of a job by a day.
        """
        if wanted is None:
            return min(self.longest, 2.0 ** min(misses, 30))
        return min(LONGEST_PAUSE, max(SHORTEST_PAUSE, wanted))

    @property
    def typical(self) -> float:
        """The median time of the tasks, in seconds."""
        return self.finishes[len(self.finishes) // 2] if self.finishes else self.usual

    def _pause_by_rule(self, elapsed: float) -> float:
        """Wait until two fifths of the usual time have passed, then for a tenth of what has passed."""
        first = self.usual * 0.4
        if elapsed < first - self.shortest:
            return min(self.longest_first, first - elapsed)
        return self._bound(elapsed * 0.1)

    def _bound(self, seconds: float) -> float:
        return min(self.longest, max(self.shortest, seconds))
