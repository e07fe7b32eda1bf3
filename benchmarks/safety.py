"""What it costs that nothing is paid twice: three commits to the journal for each submit."""

import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median

from attrs import evolve

import anyvideo
from anyvideo.journal.database import Journal
from anyvideo.journal.entry import Entry

START = 1_767_225_600.0


def make_entry(number: int) -> Entry:
    job = anyvideo.VideoJob("A red fox runs through fresh snow at dawn", seconds=4, size="1280x720")
    quote = anyvideo.Quote(Decimal("0.40"), "USD", "exact", "4 s x 0.10 USD/s", "https://x.example")
    task = anyvideo.Task(
        "apiyi",
        "apiyi",
        "https://api.apiyi.com",
        "",
        "grok-imagine-video-1.5",
        anyvideo.Status.SUBMITTING,
        quote=quote,
        created_at=START,
        ref=f"{number:032}",
    )
    return Entry(task.ref, "apiyi/grok-imagine-video-1.5", task, job.to_json(), START, seconds=4)


def submit(journal: Journal, entry: Entry) -> None:
    """What a submit writes: the row before it, the request that leaves, the answer."""
    opened, _ = journal.open(evolve(entry, lease=START + 90))
    journal.mark(opened, START, START + 90, sent=True)
    task = evolve(opened.task, id="task-1", status=anyvideo.Status.QUEUED, raw="{}")
    journal.advance(opened.ref, opened.fence, task, START, lease=0.0)


def measure() -> Iterator[tuple[str, float, str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "journal.sqlite")
        entries = [make_entry(number) for number in range(1100)]
        times = []
        for entry in entries:
            started = time.process_time()
            submit(journal, entry)
            times.append(time.process_time() - started)
        journal.close()
    yield "CPU of the journal for a submit", median(times[100:]) * 1e6, "us", 300
