"""How one job of a list ended."""

from __future__ import annotations

from attrs import frozen

from anyvideo.errors import AnyVideoError, ProviderError
from anyvideo.model.plan import Plan
from anyvideo.tasks.task import Task, Video


@frozen
class JobResult:
    """How one job of a list ended; exactly one of `video` and `error` is set, or the run was left.

    Attributes:
        number: The number of the job's line, from 1.
        key: The key under which the job is sent once; "" for a line that could not be read.
        plan: What was sent, or would be; None for a line that is refused.
        video: The delivered file.
        error: Why there is none.
        task: The job at the vendor, if there is one.
        seconds: How long this run worked on the job.
        earlier: Whether an earlier run delivered the file.
    """

    number: int
    key: str
    plan: Plan | None = None
    video: Video | None = None
    error: AnyVideoError | None = None
    task: Task | None = None
    seconds: float = 0.0
    earlier: bool = False

    @property
    def state(self) -> str:
        """Where the job stands: "downloaded", "refused", "not sent", or the status of its task."""
        if self.video is not None:
            return "downloaded"
        if self.task is None:
            refused = isinstance(self.error, ProviderError) and not self.error.retryable
            return "refused" if refused or self.plan is None else "not sent"
        return "not downloaded" if self.task.status == "succeeded" else str(self.task.status)
