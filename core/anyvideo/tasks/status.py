"""The states of a task, and the words by which vendors mean them.

    submitting ─► queued ─► running ─► succeeded
        │           └──────────┴─────► failed · cancelled · expired
        └─► ambiguous ─► queued (its id was found) · failed (nothing was created)

A task is `submitting` from just before the paid request until its answer is understood. If that
never happens it is `ambiguous`: only evidence moves it on, never a guess. `queued` and `running`
are what the vendor says; an unknown word is `running`, because giving up a paid job on an unknown
word loses it, and waiting has a deadline anyway. The last four are final: a final task never changes.

A failed poll or a failed download is an error of that call, not a state of the task.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from anyvideo.limits import MOST_UNKNOWN_WORDS

logger = logging.getLogger("anyvideo")


class Status(StrEnum):
    """The state of a task.

    Attributes:
        SUBMITTING: The paid request is being sent, or its answer is not read yet.
        AMBIGUOUS: It is unknown whether a job exists; `resolve` ends this.
        QUEUED: The vendor has the job and has not begun.
        RUNNING: The vendor works on it, or uses a word that is not known.
        SUCCEEDED: There is a video.
        FAILED: The job ended without a video.
        CANCELLED: The job was cancelled at the vendor.
        EXPIRED: The vendor no longer has the job or its video.
    """

    SUBMITTING = "submitting"
    AMBIGUOUS = "ambiguous"
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def final(self) -> bool:
        """Whether the state is the last one."""
        return self in _FINAL


_FINAL = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED, Status.EXPIRED})

# Lower case, with - and blanks as _. "unknown" is new-api's word for a task not yet polled. Sources:
# https://docs.apimart.ai/en/api-reference/tasks/status (pending, processing, completed, failed,
# cancelled; submitted on the pages of models), https://docs.apiyi.com/en/api-capabilities/sora-2
# (queued, in_progress), https://github.com/apertis-ai/docs, api/audio-video/video (pending), and
# https://github.com/QuantumNous/new-api, model/task.go (not_start to unknown). The words that begin
# with image_ and video_ are those that clients of /v1/video/query know. Replicate says "starting"
# and "aborted", Runway "THROTTLED", Black Forest Labs "Ready", "Content Moderated" and
# "Request Moderated".
_WORDS: dict[Status, str] = {
    Status.SUBMITTING: "submitting",
    Status.AMBIGUOUS: "ambiguous",
    Status.QUEUED: "queued pending submitted not_start notstart created waiting unknown queueing"
    " queuing in_queue preparing initializing accepted starting throttled",
    Status.RUNNING: "running processing in_progress inprogress modal generating started"
    " image_downloading image_uploading image_processing video_generating"
    " video_generation_completed video_upsampling video_upsampling_completed",
    Status.SUCCEEDED: "succeeded completed complete succeed success successful done finished ready",
    Status.FAILED: "failed failure fail error errored video_generation_failed"
    " video_upsampling_failed rejected timeout timed_out content_moderated request_moderated",
    Status.CANCELLED: "cancelled canceled aborted",
    Status.EXPIRED: "expired",
}
_STATUSES = {word: status for status, words in _WORDS.items() for word in words.split()}


def read_status(word: object, words: Mapping[str, str] | None = None) -> Status:
    """Return the status that a vendor's word means; an unknown one is running, and logged once.

    `words` are the vendor's own words, each with ours, where they are not the usual ones.
    """
    if isinstance(word, str):
        known = find_status((words or {}).get(word.strip(), word))
        if known is not None:
            return known
        # A full cache is never asked again: it would forget the oldest word, and log that once more.
        if _warn_unknown.cache_info().currsize < MOST_UNKNOWN_WORDS:
            _warn_unknown(word[:80])
    return Status.RUNNING


def find_status(word: str) -> Status | None:
    """Return the status that a vendor's word means, or None if it is unknown."""
    return _STATUSES.get(word.strip().lower().replace("-", "_").replace(" ", "_"))


def read_reported(word: object) -> Status:
    """Return the status that a vendor reports; a job that it knows was sent, and answered."""
    status = read_status(word)
    return {Status.SUBMITTING: Status.QUEUED, Status.AMBIGUOUS: Status.RUNNING}.get(status, status)


@lru_cache(maxsize=MOST_UNKNOWN_WORDS)
def _warn_unknown(word: str) -> None:
    """Log a word; the cache is what makes it once."""
    logger.warning("status word %r is not known and counts as running", word)
