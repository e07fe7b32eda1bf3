"""Ids as path segments, and the usual way to find a finished file."""

from __future__ import annotations

from urllib.parse import quote

from anyvideo.errors import DownloadError
from anyvideo.model.wire import Flow, Request
from anyvideo.tasks.task import Task


def locate_url(task: Task) -> Flow[Request]:
    """Find the file at the URL that the task carries: the `locate` of most vendors.

    Raises:
        DownloadError: the task carries none.
    """
    yield from ()
    if task.video_url is None:
        message = f"task {task.id} is {task.status} and carries no URL; ask for its status first"
        raise DownloadError(message, task=task)
    return Request("GET", task.video_url, expects="video")


def segment(id: str) -> str:  # noqa: A002 (the field's own name)
    """Return an id as one segment of a path: a colon stays, a slash does not (RFC 3986, 3.3)."""
    return quote(id, safe=":", errors="replace")
