"""Ends a stream that goes on without end, so that its job is polled instead."""

from __future__ import annotations

from attrs import define, field

from anyvideo.limits import (
    LONGEST_STREAM,
    LONGEST_WITHOUT_NEWS,
    MOST_STREAM_BYTES,
    MOST_STREAM_CHANGES,
)


@define
class StreamGuard:
    """What one stream has taken so far; all times are Unix times in seconds.

    Attributes:
        started: When it began.
        changed: When the job that it names last changed; None before it names one.
        changes: How often the job has changed.
        size: How many bytes came.
    """

    started: float
    changed: float | None = field(default=None, init=False)
    changes: int = field(default=0, init=False)
    size: int = field(default=0, init=False)

    def note_change(self, now: float) -> None:
        """Count that what is known of the job has changed."""
        self.changed, self.changes = now, self.changes + 1

    def is_spent(self, now: float) -> bool:
        """Say whether it is time to poll; without an id only size and time in all count."""
        silent = self.changed is not None and now - self.changed >= LONGEST_WITHOUT_NEWS
        return (
            silent
            or now - self.started >= LONGEST_STREAM
            or self.changes >= MOST_STREAM_CHANGES
            or self.size >= MOST_STREAM_BYTES
        )
