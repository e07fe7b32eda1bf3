"""What the stand-in server says: the answers of four wires, without any I/O.

POST /v1/videos                           GET /v1/videos/{id}               OpenAI, LiteLLM
POST /v1/models/{owner}/{name}/predictions  GET /v1/predictions/{id}        Replicate
POST /v1/text_to_video                    GET /v1/tasks/{id}                Runway
POST /{endpoint}                          GET /{endpoint}/requests/{id}/status and /requests/{id}   fal
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal, TypeAlias

State: TypeAlias = Literal["new", "running", "done"]
VIDEO = "https://files.example/video.mp4"
ERROR = {"message": "The server had an error.", "type": "server_error", "code": None}
_JOB = re.compile(r"/v1/(?:videos|predictions|tasks)/([\w-]+)$|/requests/([\w-]+)(?:/status)?$")


def find_job(path: str) -> str | None:
    """Return the id that a path asks for; None for the path of a submit."""
    found = _JOB.search(path)
    return found and (found[1] or found[2])


def answer(path: str, job: str, base: str, born: float, state: State) -> tuple[int, bytes]:
    """Return the status and the body of an answer about a job.

    `base` is the URL before the path, and `born` the Unix time of the submit.
    """
    for part, speak in _WIRES.items():
        if part in path:
            status, body = speak(job, base, datetime.fromtimestamp(born, UTC), state)
            return status, json.dumps(body).encode()
    status, body = _answer_fal(path, job, base, state)
    return status, json.dumps(body).encode()


def _answer_openai(job: str, _base: str, born: datetime, state: State) -> tuple[int, object]:
    word, progress = {"new": ("queued", 0), "running": ("in_progress", 40)}.get(
        state, ("completed", 100)
    )
    return 200, {
        "id": job,
        "object": "video",
        "status": word,
        "progress": progress,
        "created_at": int(born.timestamp()),
        "model": "sora-2",
        "seconds": "4",
        "size": "1280x720",
    }


def _answer_replicate(job: str, base: str, born: datetime, state: State) -> tuple[int, object]:
    url = f"{base}/v1/predictions/{job}"
    words = {"new": "starting", "running": "processing", "done": "succeeded"}
    return 201 if state == "new" else 200, {
        "id": job,
        "model": "owner/name",
        "version": "hidden",
        "input": {"prompt": "a red fox"},
        "logs": "",
        "output": VIDEO if state == "done" else None,
        "error": None,
        "status": words[state],
        "created_at": born.isoformat(),
        "urls": {"get": url, "cancel": f"{url}/cancel"},
    }


def _answer_runway(job: str, _base: str, born: datetime, state: State) -> tuple[int, object]:
    if state == "new":
        return 200, {"id": job}
    shared = {"id": job, "createdAt": born.isoformat()}
    if state == "done":
        return 200, {**shared, "status": "SUCCEEDED", "output": [VIDEO]}
    return 200, {**shared, "status": "RUNNING", "progress": 0.4}


def _answer_fal(path: str, job: str, base: str, state: State) -> tuple[int, object]:
    if state == "new":
        url = f"{base}{path}/requests/{job}"
        return 200, {
            "request_id": job,
            "response_url": url,
            "status_url": f"{url}/status",
            "cancel_url": f"{url}/cancel",
            "queue_position": 0,
            "status": "IN_QUEUE",
        }
    done = state == "done"
    if path.endswith("/status"):
        word = "COMPLETED" if done else "IN_PROGRESS"
        return 200 if done else 202, {"status": word, "request_id": job, "logs": None}
    if done:
        return 200, {"video": {"url": VIDEO}}
    return 400, {"detail": "Request is still in progress"}


_WIRES: dict[str, Callable[[str, str, datetime, State], tuple[int, object]]] = {
    "/v1/videos": _answer_openai,
    "/v1/models/": _answer_replicate,
    "/v1/predictions/": _answer_replicate,
    "/v1/text_to_video": _answer_runway,
    "/v1/tasks/": _answer_runway,
}
