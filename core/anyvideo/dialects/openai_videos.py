"""The /v1/videos wire that OpenAI had and that gateways still share.

    POST /v1/videos                  submit, JSON or multipart/form-data
    GET  /v1/videos/{id}             status
    GET  /v1/videos/{id}/content     the file, or JSON that says where the file is
    POST /v1/videos/{id}/remix       a new task from an old one

What /content may answer besides the file: 400 or 409 while the file is still being copied, 404 or
410 when it is gone, and at new-api 502 with the status that the storage behind it gave: there, a
signed URL that has expired is a 403, so 403, 404 and 410 in that text all mean that it is gone.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from anyvideo.dialects.diagnosis import diagnose
from anyvideo.dialects.reports import find_url, read_report
from anyvideo.dialects.urls import segment
from anyvideo.errors import ExpiredError
from anyvideo.model.wire import Flow, Request, Response
from anyvideo.tasks.report import Report, read_url
from anyvideo.tasks.task import Task

_GONE = frozenset({404, 410})
_NOT_YET = frozenset({400, 409})
_MOVED = frozenset({301, 302, 303, 307, 308})
_GONE_BEHIND = re.compile(r"returned status (403|404|410)\b")
# https://docs.apiyi.com: "/content may answer 400 right after completion; wait 4 s and retry"
_COPYING = 4.0


def status(task: Task) -> Flow[Report]:
    """Ask for the state of a task."""
    response = yield Request("GET", f"/v1/videos/{segment(task.id)}")
    return read_report(response, id=task.id)


def locate(task: Task) -> Flow[Request]:
    """Find the file: at the task's own URL, or behind /content, as bytes or as JSON with a URL.

    Raises:
        ExpiredError: the vendor no longer has the file.
        ProviderError: the vendor does not give it; 400 just after completion is worth a retry.
    """
    path = f"/v1/videos/{segment(task.id)}/content"
    # The URL may be that of /content at another of the vendor's hosts, which would lack the key.
    if task.video_url and not urlsplit(task.video_url).path.endswith(path):
        return Request("GET", task.video_url, expects="video")
    request = Request("GET", path, expects="video")
    response = yield request
    return read_location(request, response, task)


def read_location(request: Request, response: Response, task: Task) -> Request:
    """Return the request whose body is the file, from the answer to a /content request."""
    if response.status in _GONE or (response.status == 502 and _GONE_BEHIND.search(response.text)):
        message = f"{task.provider or task.adapter} no longer has the video of {task.id}"
        raise ExpiredError(message, task=task)
    target = response.headers.get("location", "")
    if response.status in _MOVED and read_url(target):
        return Request("GET", target, expects="video")
    if response.ok and not _is_text(response):
        return request
    try:
        url = find_url(response.json()) if response.ok else None
    except ValueError:
        url = None
    if url is not None:
        return Request("GET", url, expects="video")
    error = diagnose(response)
    if response.status in _NOT_YET and error.kind in {"invalid_request", "server"}:
        error.retryable, error.retry_after = True, error.retry_after or _COPYING
    raise error


def _is_text(response: Response) -> bool:
    """Say whether the answer is JSON or a page and not a file, whatever its type says."""
    kind = response.media_type
    return "json" in kind or kind.startswith("text/") or response.body.lstrip()[:1] in {b"{", b"<"}


def remix(task: Task, prompt: str, size: str | None = None) -> Flow[Report]:
    """Make a new task from an old one."""
    body = {"prompt": prompt} if size is None else {"prompt": prompt, "size": size}
    path = f"/v1/videos/{segment(task.id)}/remix"
    response = yield Request("POST", path, json=body, paid=True)
    return read_report(response, paid=True)
