"""The second wire (v2), of H3: everything that makes a video is an item of `content`.

    POST   /v2/video_generation              {"model", "content", ...} -> {"task_id"}
    GET    /v2/query/video_generation/{id}   {"task": {"id", "status", "content": {"url"}, "error", ...}}
    DELETE /v2/video_generation/{id}         {"task_id", "action": "cancelled" or "deleted", "status"}

The states are queued, running, succeeded, failed, cancelled and expired. An error has its HTTP status.
Pages: https://platform.minimax.io/docs/api-reference/video-generation-v2-create, -query and -delete.
"""

from __future__ import annotations

from typing import Any

from attrs import evolve

from anyvideo.plugin import (
    Image,
    Inline,
    JobError,
    Plan,
    Report,
    Request,
    Response,
    Status,
    Task,
    diagnose_failure,
    read_status,
    segment,
)
from anyvideo_plugins.minimax.errors import KINDS, explain, miss_file

_TASKS = "/v2/video_generation"


def encode(plan: Plan) -> Request:
    """Return the paid request for a plan.

    An option of the caller is sent as it is; null removes a parameter.

    Raises:
        JobError: the option `content` replaces the job's own images.
    """
    images = plan.images("first_frame", "last_frame", "reference")
    if images and "content" in plan.options:
        message = "options.minimax.content contradicts the job's images; give only one of them"
        raise JobError(message)
    text = {"type": "text", "text": plan.job.prompt}
    named = {name: value for name, value in plan.parameters().items() if name != "prompt"}
    content = [text, *(_place(plan, image) for image in images)]
    body = {"model": plan.wire_model, "content": content, **named, **plan.options}
    known = {name: value for name, value in body.items() if value is not None}
    return Request("POST", _TASKS, json=known, paid=True)


def _place(plan: Plan, image: Image) -> dict[str, Any]:
    """Return an image as an item of `content`: a URL, or a local one as a data: URL."""
    url = image.source if image.is_url else Inline(plan.uploads[image])
    role = "reference_image" if image.role == "reference" else image.role
    return {"type": "image_url", "image_url": {"url": url}, "role": role}


def ask(task: Task) -> Request:
    """Return the request for the state of a task."""
    return Request("GET", f"/v2/query/video_generation/{segment(task.id)}")


def delete(task: Task) -> Request:
    """Return the request that cancels a queued task, or deletes the record of one that has ended."""
    return Request("DELETE", f"{_TASKS}/{segment(task.id)}")


def read_created(response: Response) -> Report:
    """Return the report of a new task: `{"task_id": "424010985738629"}`.

    Raises:
        ProviderError: the answer is an error, or names no task.
    """
    report = Report(id=response.find("task_id"))
    if not response.ok or not report.id:
        raise explain(response, paid=True)
    return report


def read_task(response: Response, task: Task) -> Report:
    """Return what the vendor says of a task; it reports no progress, and bills in seconds.

    A task that failed is HTTP 200 too. The URL is "time-limited", and no page says how long.

    Raises:
        ProviderError: the answer is an error or names no state, or the task has succeeded and its
            URL is missing.
    """
    word = response.find("task", "status")
    if not response.ok or not isinstance(word, str) or not word:
        raise explain(response)
    report = Report(
        id=task.id,
        status=read_status(word),
        created_at=response.find("task", "created_at"),
        error=diagnose_failure(response.find("task", "error"), kinds=KINDS),
    )
    if report.status != Status.SUCCEEDED:
        return report if report.status.final else evolve(report, error=None)
    done = evolve(report, video_url=response.find("task", "content", "url"))
    if done.video_url:
        return evolve(done, error=None)
    if done.error is not None:
        return evolve(done, status=Status.FAILED)
    raise miss_file(response, "where its video is")


def read_deleted(response: Response, task: Task) -> Report | None:
    """Return how a task stands after a DELETE: cancelled and free; None if the answer does not say.

    One that ended in between has lost its record instead, and its video with it.

    Raises:
        ProviderError: the answer is an error, such as that the task runs.
    """
    word = response.find("status") or response.find("action")
    if not response.ok or response.find("error"):
        raise explain(response)
    if word == "deleted":
        return Report(id=task.id, status=Status.EXPIRED)
    if isinstance(word, str) and read_status(word) == Status.CANCELLED:
        return Report(id=task.id, status=Status.CANCELLED, cost=0)
    return None
