"""Compares the delivered file with what was ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from attrs import asdict, fields

from anyvideo.model import sizes
from anyvideo.model.job import VideoJob
from anyvideo.tasks.task import Difference, Facts, Video

# Encoders round a clip to whole frames and groups of frames.
_SECONDS_OFF = 0.6


def find_differences(job: VideoJob | None, facts: Facts) -> tuple[Difference, ...]:
    """Return where a file is not what was ordered; nothing if the order is not known."""
    return () if job is None else tuple(compare_delivery(job, facts))


def write_facts(video: Video) -> str:
    """Return what was delivered as JSON for the journal."""
    differences = [str(item) for item in video.differences]
    return json.dumps({**asdict(video.facts), "bytes": video.size, "differences": differences})


def read_facts(text: str) -> Facts:
    """Return what was delivered, from the JSON in the journal; what it does not say is None."""
    known: dict[str, Any] = json.loads(text)
    return Facts(**{item.name: known.get(item.name) for item in fields(Facts)})


def compare_delivery(job: VideoJob, facts: Facts) -> Iterator[Difference]:
    """Yield each preference of the granted job that the file does not meet, as far as it says."""
    if (
        job.seconds
        and facts.seconds is not None
        and abs(job.seconds - facts.seconds) > _SECONDS_OFF
    ):
        yield Difference("seconds", f"{job.seconds:g}", f"{facts.seconds:.4g}")
    if facts.width and facts.height:
        yield from _compare_shape(job, facts.width, facts.height)
    if job.audio is not None and facts.has_audio is not None and job.audio != facts.has_audio:
        yield Difference("audio", _word(job.audio), _word(facts.has_audio))


def _compare_shape(job: VideoJob, width: int, height: int) -> Iterator[Difference]:
    size = f"{width}x{height}"
    if job.size is not None:
        if job.size != size:
            yield Difference("size", job.size, size)
        return
    if job.resolution and min(width, height) != sizes.parse_lines(job.resolution):
        yield Difference("resolution", job.resolution, f"{min(width, height)}p")
    if job.aspect_ratio and not sizes.matches(width / height, job.aspect_ratio):
        yield Difference("aspect_ratio", job.aspect_ratio, size)


def _word(value: bool) -> str:  # noqa: FBT001 (the value itself)
    return "on" if value else "off"
