"""What the tests of the fal adapter share: plans, a driver, and the documented answers."""

from typing import Any

import pytest
from attrs import evolve

from anyvideo.files.images import read_uploads
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Image, Offer, ProviderError, Request, Response, Task, VideoJob
from anyvideo.testing import answer, drive
from anyvideo_plugins.fal.queue import Fal, encode

FAL = Fal()
ALLOW = Policy(retired="allow")
ID = "764cabcf-b745-4b3e-ae38-1200304cf45b"
ROOT = f"https://queue.fal.run/fal-ai/veo3.1/requests/{ID}"
PATH = ROOT.removeprefix("https://queue.fal.run")
URLS = {"status_url": f"{ROOT}/status", "response_url": ROOT, "cancel_url": f"{ROOT}/cancel"}
FILM = "https://v3b.fal.media/files/b/0a8d04e2/idOb9V-Q9ujlggPSKqsfS_output.mp4"
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
REFERENCES = [Image(f"https://example.com/{number}.png", "reference") for number in (1, 2, 3)]

# https://fal.ai/docs/model-apis/model-endpoints/queue
QUEUED: dict[str, Any] = {"status": "IN_QUEUE", "request_id": ID, "queue_position": 0, **URLS}
RUNNING = {"status": "IN_PROGRESS", "logs": None, **URLS}
DONE = {"status": "COMPLETED", "logs": None, "metrics": {"inference_time": 41.5}, **URLS}
# The page of kling-video/o3/pro/text-to-video.
RESULT = {
    "video": {
        "content_type": "video/mp4",
        "file_name": "output.mp4",
        "file_size": 13096952,
        "url": FILM,
    }
}
# https://fal.ai/docs/model-apis/errors
MODERATED = {
    "detail": [
        {
            "loc": ["body", "prompt"],
            "msg": "The content could not be processed because it contained material flagged by a"
            " content checker.",
            "type": "content_policy_violation",
            "url": "https://docs.fal.ai/errors#content_policy_violation",
            "input": "a prompt of the caller",
        }
    ]
}


def offer_of(model: str) -> Offer:
    return next(offer for offer in FAL.offers() if offer.answers_to(model))


def answer_to(job: VideoJob, model: str) -> Any:
    """Return what negotiation answers to a job: a plan, or a refusal."""
    return negotiate(job, offer_of(model), ALLOW, uploads=read_uploads(job))


def plan_for(job: VideoJob, model: str) -> Plan:
    found = answer_to(job, model)
    assert isinstance(found, Plan), str(found)
    return found


def request_of(job: VideoJob, model: str) -> Request:
    return encode(plan_for(job, model), {})


def body_of(job: VideoJob, model: str) -> dict[str, Any]:
    body: Any = request_of(job, model).json
    assert isinstance(body, dict)
    return body


def refusal_of(work: Any, *arguments: Any) -> ProviderError:
    """Return the error that a call ends in."""
    with pytest.raises(ProviderError) as caught:
        work(*arguments)
    return caught.value


def task_of(**changes: Any) -> Task:
    task = Task("fal", "fal", "https://queue.fal.run", ID, "veo-3.1", "running", extra=URLS)
    return evolve(task, **changes)


def ask(*responses: Response, **changes: Any) -> Any:
    """Return what a status call makes of these answers."""
    return drive(FAL.status(task_of(**changes)), responses)


def record(flow: Any, *responses: Response) -> tuple[Any, list[Request]]:
    """Run a flow against these answers; return its result and its requests."""
    requests: list[Request] = []
    left = iter(responses)
    try:
        requests.append(next(flow))
        while True:
            requests.append(flow.send(next(left)))
    except StopIteration as stop:
        return stop.value, requests


def fail(detail: object, status: int = 422, **more: object) -> Response:
    """Return fal's answer for an error."""
    return answer({"detail": detail, **more}, status)
