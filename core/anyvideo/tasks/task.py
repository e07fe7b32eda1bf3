"""The vendor's running job, what one answer says about it, and the delivered file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from attrs import asdict, evolve, field, frozen

from anyvideo.errors import ConfigError
from anyvideo.model.html import render_pairs
from anyvideo.model.quote import Quote
from anyvideo.structuring import restore
from anyvideo.tasks.report import (
    Output,
    Report,
    TaskError,
    read_money,
    read_progress,
    read_time,
    read_url,
)
from anyvideo.tasks.status import Status, read_status

# A notebook holds the videos that it shows; larger ones, in bytes, are only named.
_MOST_EMBEDDED = 16 << 20
# What every vendor takes as the caller's id of a job.
_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


@frozen
class Facts:
    """What the file says about itself; a field that it does not state is None.

    Attributes:
        seconds: The length in seconds.
        width: The width in pixels as displayed, after any rotation.
        height: The height in pixels as displayed.
        fps: The average number of frames in a second.
        has_audio: Whether there is an audio track.
    """

    seconds: float | None
    width: int | None
    height: int | None
    fps: float | None
    has_audio: bool | None


@frozen
class Task:
    """A job at a vendor; it can be built from the first five fields alone.

    `to_json()` is the handle that `resume` takes in any process.

    Attributes:
        provider: The alias of the provider.
        adapter: The name of the adapter.
        base_url: The base URL of the provider.
        id: The vendor's id.
        model: The canonical id of the model.
        status: The state of the job.
        progress: A percentage from 0 to 100.
        video_url: The URL of the video.
        expires_at: When that URL expires, or the earliest time at which it may.
        enhanced_prompt: The prompt that the vendor used.
        error: Why the job ended without a video, or why its file is gone.
        quote: What the job was to cost.
        cost: What the vendor billed, in the currency of the quote.
        created_at: When the vendor created the job, or when it was first reported.
        updated_at: When it was last reported.
        ref: The journal's id of the job, which exists before the vendor's.
        submitted_at: When it was submitted, by the clock of the machine that did.
        raw: The body of the last answer.
        extra: What the adapter keeps of the vendor's answers for later operations.
        outputs: All files of a job that has several, the video first.
    """

    provider: str
    adapter: str
    base_url: str
    id: str
    model: str
    status: Status = field(default=Status.QUEUED, converter=read_status)
    progress: float | None = field(default=None, converter=read_progress)
    video_url: str | None = field(default=None, converter=read_url)
    expires_at: datetime | None = field(default=None, converter=read_time)
    enhanced_prompt: str | None = None
    error: TaskError | None = None
    quote: Quote | None = None
    cost: Decimal | None = field(default=None, converter=read_money)
    created_at: datetime | None = field(default=None, converter=read_time)
    updated_at: datetime | None = field(default=None, converter=read_time)
    ref: str = ""
    submitted_at: datetime | None = field(default=None, converter=read_time)
    raw: str | None = field(default=None, repr=False)
    extra: Mapping[str, Any] = field(factory=dict[str, Any], repr=False)
    outputs: tuple[Output, ...] = ()

    @property
    def reference(self) -> str:
        """The id of the job that vendors are told: the ref, or its hash where that is no plain word."""
        if _REFERENCE.fullmatch(self.ref) or not self.ref:
            return self.ref
        return hashlib.sha256(self.ref.encode("utf-8", "replace")).hexdigest()[:32]

    @property
    def born_at(self) -> datetime | None:
        """When the job began: by the clock of the machine that submitted it, else by the vendor's."""
        return self.submitted_at or self.created_at

    def _repr_html_(self) -> str:
        error = self.error
        return render_pairs(
            [
                ("task", self.id),
                ("offer", f"{self.provider}/{self.model}"),
                ("status", str(self.status)),
                ("progress", "" if self.progress is None else f"{self.progress:g} %"),
                ("cost", "" if self.quote is None else str(self.quote)),
                ("error", (error.message or error.code or error.kind or "") if error else ""),
                ("ref", self.ref),
            ]
        )

    def to_json(self) -> str:
        """Return the handle: the task as JSON text, without the fields that are not known."""
        known = asdict(self, filter=lambda _, value: value not in (None, {}, ()))
        return json.dumps(known, ensure_ascii=False, default=str)

    @classmethod
    def from_json(cls, text: str | bytes | Mapping[str, Any]) -> Task:
        """Read a handle.

        Raises:
            ConfigError: the text is not a handle.
        """
        try:
            return restore(text if isinstance(text, Mapping) else json.loads(text), cls)
        except (ValueError, TypeError, RecursionError) as error:
            message = f"that is no task handle ({error}); pass what task.to_json() returned"
            raise ConfigError(message) from error


@frozen
class Difference:
    """One thing in which the delivered file is not what the plan granted.

    Attributes:
        field: What differs, such as "size".
        ordered: What the plan granted.
        delivered: What the file has.
    """

    field: str
    ordered: str
    delivered: str

    def __str__(self) -> str:
        """Return "size ordered 1920x1080, delivered 1280x720"."""
        return f"{self.field} ordered {self.ordered}, delivered {self.delivered}"


@frozen
class Video:
    """The delivered file.

    Attributes:
        path: The path of the file.
        task: The task that made it.
        size: Its length in bytes.
        facts: What the file says about itself.
        differences: Where it differs from the plan.
    """

    path: Path
    task: Task
    size: int
    facts: Facts
    differences: tuple[Difference, ...] = ()

    @property
    def outputs(self) -> tuple[Output, ...]:
        """All files of a job that has several; this is the first."""
        return self.task.outputs

    def _repr_html_(self) -> str:
        facts = self.facts
        size = f"{facts.width}x{facts.height}" if facts.width else ""
        length = f"{facts.seconds:.4g} s" if facts.seconds else ""
        described = render_pairs(
            [
                ("file", str(self.path)),
                ("clip", ", ".join(filter(None, (length, size)))),
                ("offer", f"{self.task.provider}/{self.task.model}"),
                ("differs", "; ".join(map(str, self.differences))),
            ]
        )
        return self._render_player() + described

    def _render_player(self) -> str:
        """Return a player that holds the file; none for a file that is too large or gone."""
        try:
            if self.path.stat().st_size > _MOST_EMBEDDED:
                return ""
            data = base64.b64encode(self.path.read_bytes()).decode()
        except OSError:
            return ""
        return f'<video controls width="480" src="data:video/mp4;base64,{data}"></video>'

    @property
    def report(self) -> tuple[Difference, ...]:
        """The old name of `differences`, kept for one release."""
        return self.differences


def advance(task: Task, report: Report, now: datetime, raw: str | None = None) -> Task:
    """Return the task as it stands after a report; a final task does not change.

    What a report does not say is kept; a known id never changes.
    """
    if task.status.final and report.status != task.status:
        return task
    return evolve(
        task,
        id=task.id or report.id,
        status=report.status,
        progress=task.progress if report.progress is None else report.progress,
        video_url=report.video_url or task.video_url,
        expires_at=report.expires_at or task.expires_at,
        enhanced_prompt=report.enhanced_prompt or task.enhanced_prompt,
        error=report.error or task.error,
        cost=task.cost if report.cost is None else report.cost,
        created_at=report.created_at or task.created_at or now,
        updated_at=now,
        raw=task.raw if raw is None else raw,
        extra={**task.extra, **report.extra},
        outputs=report.outputs or task.outputs,
    )
