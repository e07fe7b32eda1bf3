"""Which job a create is about where it has no key: a new one, or that of the attempt before.

OpenAI's SDKs send no `Idempotency-Key` unless they are told to. They repeat a create whose answer they
did not see, and say so in `x-stainless-retry-count`. Such a repeat is given the job of an earlier
attempt with the same body by the same owner: first one whose answer certainly was not delivered. Two
equal creates that are no repeats are two jobs.

The id of a job without a key begins with the hash of its body, so a process that was just started
finds the jobs of the process before it in the journal.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from enum import IntEnum

from attrs import define, field

from anyvideo.service import Job
from anyvideo.session.clock import Clock

# How long an attempt is remembered, in seconds: longer than an SDK repeats.
_REMEMBERED = 3600.0
# How many bodies are remembered.
_MOST = 10_000
_START = 24


class Fate(IntEnum):
    """What became of an attempt; a repeat is given the first kind that there is."""

    LOST = 0
    INVITED = 1
    OPEN = 2
    DELIVERED = 3


@define(eq=False)
class Attempt:
    """One create without a key.

    Attributes:
        job_id: The id of its job.
        at: When it came, as Unix time.
        fate: What became of it. `LOST`: its client went away. `INVITED`: nothing was sent, and its
            client was asked to repeat it. `OPEN`: it is not answered yet. `DELIVERED`: it is.
    """

    job_id: str
    at: float
    fate: Fate = Fate.OPEN


@define(eq=False)
class Repeats:
    """The creates without a key that this process has seen.

    Attributes:
        clock: The source of the time.
        find_begun: Returns the jobs of an owner whose id begins with a text, newest first.
    """

    clock: Clock
    find_begun: Callable[[str, str], Awaitable[list[Job]]]
    _seen: OrderedDict[tuple[str, str], list[Attempt]] = field(
        factory=OrderedDict[tuple[str, str], list[Attempt]], init=False
    )

    async def begin(self, owner: str, digest: str, *, repeats: bool) -> Attempt:
        """Return the attempt that a create stands for; `digest` is the hash of its body."""
        if repeats:
            begun = await self.find_begun(owner, digest[:_START])
            attempts = self._list_attempts(owner, digest)
            known = {attempt.job_id for attempt in attempts}
            attempts += [
                Attempt(job.id, self.clock.now(), Fate.LOST)
                for job in begun
                if job.id not in known and self._is_recent(job.record.created_at.timestamp())
            ]
            if attempts:
                # Of those whose answer was lost the oldest, of those that were answered the newest.
                chosen = min(attempts, key=_rank)
                chosen.fate, chosen.at = Fate.OPEN, self.clock.now()
                return chosen
        attempt = Attempt(digest[:_START] + secrets.token_hex(4), self.clock.now())
        self._list_attempts(owner, digest).append(attempt)
        return attempt

    def _list_attempts(self, owner: str, digest: str) -> list[Attempt]:
        attempts = self._seen.setdefault((owner, digest), [])
        self._seen.move_to_end((owner, digest))
        attempts[:] = [item for item in attempts if self._is_recent(item.at)]
        while len(self._seen) > _MOST:
            self._seen.popitem(last=False)
        return attempts

    def forget(self, owner: str, digest: str, attempt: Attempt) -> None:
        """Forget an attempt that was refused, and that nobody is asked to repeat."""
        attempts = self._seen.get((owner, digest), [])
        attempts[:] = [item for item in attempts if item is not attempt]

    def _is_recent(self, at: float) -> bool:
        return self.clock.now() - at < _REMEMBERED


def _rank(attempt: Attempt) -> tuple[Fate, float]:
    return attempt.fate, -attempt.at if attempt.fate == Fate.DELIVERED else attempt.at
