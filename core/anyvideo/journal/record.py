"""A job of the journal as programs see it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from attrs import frozen

from anyvideo.files.delivery import read_facts
from anyvideo.journal.entry import Entry
from anyvideo.model.job import VideoJob
from anyvideo.tasks.task import Facts, Task


@frozen
class JobRecord:
    """One job of the journal.

    Attributes:
        ref: The journal's id of the job, or the caller's key.
        offer: The offer, as "provider/model".
        task: How the job stood when it was last written.
        job: The granted job; None for a remix of an older version.
        remixes: The id of the task that it remixes.
        created_at: When the job was added.
        finished_at: When it ended.
        path: Where the file is or is to go; None where that is a URL.
        facts: What the downloaded file says about itself; None until it is downloaded.
        url: Where the file is or is to go, if a fleet brings it to a URL.
    """

    ref: str
    offer: str
    task: Task
    job: VideoJob | None
    remixes: str | None
    created_at: datetime
    finished_at: datetime | None
    path: Path | None
    facts: Facts | None
    url: str | None = None

    @classmethod
    def of(cls, entry: Entry) -> JobRecord:
        """Return a row of the journal as a record."""
        place, remote = entry.path, "://" in (entry.path or "")
        return cls(
            ref=entry.ref,
            offer=entry.offer,
            task=entry.task,
            job=VideoJob.from_json(entry.job) if entry.job else None,
            remixes=entry.remixes,
            created_at=datetime.fromtimestamp(entry.created, UTC),
            finished_at=(
                None if entry.finished is None else datetime.fromtimestamp(entry.finished, UTC)
            ),
            path=Path(place) if place and not remote else None,
            facts=read_facts(entry.facts) if entry.facts is not None else None,
            url=place if remote else None,
        )
