"""The first wire (v1), of Hailuo and S2V-01: an error is HTTP 200, and a video is a file with an id.

    POST /v1/video_generation                     {"model", "prompt", ...} -> {"task_id", "base_resp"}
    GET  /v1/query/video_generation?task_id=...   {"task_id", "status", "file_id", "base_resp"}
    GET  /v1/files/retrieve?file_id=...           {"file": {"download_url", ...}, "base_resp"}

`base_resp` is `{"status_code", "status_msg"}`, and only 0 is success. The states are Preparing, Queueing,
Processing, Success and Fail. A download_url lives for an hour; asking again returns another.
Pages: https://platform.minimax.io/docs/api-reference/video-generation-t2v, -i2v, -fl2v, -s2v, -query and
-download.
"""

from __future__ import annotations

from typing import Any

from anyvideo.plugin import (
    DownloadError,
    Image,
    Inline,
    Plan,
    Report,
    Request,
    Response,
    Status,
    Task,
    diagnose_failure,
    read_status,
)
from anyvideo_plugins.minimax.errors import KINDS, explain, miss_file

# What moderation says of the prompt and of the video: a verdict on the job, whoever asks.
_MODERATED = frozenset({"1026", "1027"})
# After these an order may have made a task.
_UNCLEAR = frozenset({"server", "timeout"})


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    A frame is a parameter of its own, and the one reference is a "character". An option of the
    caller is sent as it is; null removes a parameter.
    """
    body: dict[str, Any] = dict(plan.parameters())
    for image in plan.images("first_frame", "last_frame"):
        body[f"{image.role}_image"] = _show(plan, image)
    for image in plan.images("reference"):
        body["subject_reference"] = [{"type": "character", "image": [_show(plan, image)]}]
    known = {name: value for name, value in {**body, **plan.options}.items() if value is not None}
    return Request("POST", "/v1/video_generation", json=known, paid=True)


def _show(plan: Plan, image: Image) -> str | Inline:
    """Return an image as its URL, or a local one as a data: URL."""
    return str(image.source) if image.is_url else Inline(plan.uploads[image])


def ask(task: Task) -> Request:
    """Return the request for the state of a task."""
    return Request("GET", "/v1/query/video_generation", query={"task_id": task.id})


def ask_file(report: Report) -> Request:
    """Return the request for the file of a task that has succeeded."""
    return Request("GET", "/v1/files/retrieve", query={"file_id": report.extra["file_id"]})


def read_created(response: Response) -> Report:
    """Return the report of a new task.

    An error that proves nothing, such as an unknown one (1000), may name the task that was made.

    Raises:
        ProviderError: the answer is an error, or names no task.
    """
    report = Report(id=response.find("task_id"))
    if not response.ok or _read_code(response) or not report.id:
        error = explain(response, paid=True)
        if not (response.ok and report.id and error.kind in _UNCLEAR):
            raise error
    return report


def read_task(response: Response, task: Task) -> Report:
    """Return what the vendor says of a task; `extra` of a report keeps the id of its file.

    Moderation may stand in `base_resp` beside any state, or without one.

    Raises:
        ProviderError: the answer is an error or names no state, or the task has succeeded and its
            file is missing.
    """
    code, word = _read_code(response), response.find("status")
    if response.ok and code in _MODERATED:
        word = "Fail"
    if not response.ok or not isinstance(word, str) or not word:
        raise explain(response)
    status = read_status(word)
    if status == Status.FAILED:
        reason = diagnose_failure(response.find("base_resp"), kinds=KINDS) if code else None
        return Report(id=task.id, status=status, error=reason)
    if code:
        raise explain(response)
    if status != Status.SUCCEEDED:
        return Report(id=task.id, status=status)
    file = Report(id=response.find("file_id")).id
    if not file:
        raise miss_file(response, "which file is its video")
    return Report(id=task.id, status=status, extra={"file_id": file})


def read_file(response: Response, task: Task) -> Request:
    """Return the request whose body is the video, from the answer to `ask_file`.

    Raises:
        ProviderError: the answer is an error.
        DownloadError: the answer has no URL.
    """
    if not response.ok or _read_code(response):
        raise explain(response)
    url = Report(id=task.id, video_url=response.find("file", "download_url")).video_url
    if url is None:
        message = f"{task.provider} names no URL for the file of {task.id}"
        raise DownloadError(message, task=task)
    return Request("GET", url, expects="video")


def _read_code(response: Response) -> str:
    """Return the number of an error, whatever the HTTP status is; empty for success."""
    code = response.find("base_resp", "status_code")
    number = str(code) if isinstance(code, int | str) else ""
    return "" if number == "0" else number
