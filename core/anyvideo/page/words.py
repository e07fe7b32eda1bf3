"""Jobs and files in words, for pages."""

from __future__ import annotations

from anyvideo.model.job import VideoJob
from anyvideo.model.reasons import say
from anyvideo.tasks.task import Facts


def describe_job(job: VideoJob) -> str:
    """Return what a job asks for besides its prompt: "4 s, 1280x720, sound on, 1 image"."""
    count = len(job.images)
    words = [
        "" if job.seconds is None else f"{job.seconds:g} s",
        job.size or " ".join(filter(None, (job.resolution, job.aspect_ratio))),
        "" if job.audio is None else f"sound {say(job.audio)}",
        f"{count} image{'s' if count > 1 else ''}" if count else "",
    ]
    return ", ".join(filter(None, words))


def describe_facts(facts: Facts) -> str:
    """Return what a file says about itself: "4 s, 1280x720, 24 fps, sound"."""
    words = [
        "" if facts.seconds is None else f"{facts.seconds:.3g} s",
        f"{facts.width}x{facts.height}" if facts.width and facts.height else "",
        "" if facts.fps is None else f"{facts.fps:.3g} fps",
        {True: "sound", False: "silent", None: ""}[facts.has_audio],
    ]
    return ", ".join(filter(None, words))


def find_tier(job: VideoJob) -> str:
    """Return the class of a job's picture, such as "720p"; "" where the vendor chooses."""
    if job.size is None:
        return job.resolution or ""
    return f"{min(map(int, job.size.split('x')))}p"
