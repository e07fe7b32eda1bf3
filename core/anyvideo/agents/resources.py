"""The files of finished videos as resources: only those of this server's jobs, and bounded in size."""

from __future__ import annotations

import asyncio
from pathlib import Path

from anyvideo.agents.answers import JobAnswer
from anyvideo.agents.jobs import describe_job, find_file
from anyvideo.agents.refusals import ToolRefusedError
from anyvideo.agents.tools import OWNER, Tools
from anyvideo.tasks.status import Status

# The largest file that a client gets in one answer, in bytes; larger ones are read from the disk.
MOST_BYTES = 32 << 20
_MOST_LISTED = 100


async def list_videos(tools: Tools) -> list[JobAnswer]:
    """Return the newest jobs whose file is here."""
    jobs = await tools.service.page(OWNER, states=[Status.SUCCEEDED], limit=_MOST_LISTED)
    return [describe_job(job, sandbox=tools.sandbox) for job in jobs if find_file(job)]


async def read_video(tools: Tools, uri: str) -> bytes:
    """Return the bytes of a video.

    Raises:
        ToolRefusedError: the URI is not that of a job of this server, or the file is too large.
    """
    # The id alone is taken from the URI: no path that a client writes is ever opened.
    job_id = Path(uri).stem
    job = await tools.service.record(OWNER, job_id)
    path = find_file(job) if job is not None else None
    if path is None or path.as_uri() != uri or not tools.folder.holds(path.resolve()):
        message = f"there is no video {uri!r}; list_jobs lists the jobs, and download gives links"
        raise ToolRefusedError(message, kind="unknown_job")
    size = path.stat().st_size
    if size > MOST_BYTES:
        message = f"the video has {size} bytes, and {MOST_BYTES} are sent at most; open {path}"
        raise ToolRefusedError(message, kind="too_large")
    return await asyncio.to_thread(path.read_bytes)
