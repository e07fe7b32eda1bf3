"""What Replicate answers, as its pages show it and as other projects recorded it; and what tests share."""

from typing import Any

from attrs import evolve

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Request, Task
from anyvideo_plugins.replicate.predictions import Replicate, encode

REPLICATE = Replicate()
OFFERS = {offer.model: offer for offer in REPLICATE.offers()}
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
REFERENCES = [Image(f"https://example.com/{number}.png", "reference") for number in (1, 2, 3)]

ID = "gm3qorzdhgbfurvjtvhg6dckhu"
URLS = {
    "get": f"https://api.replicate.com/v1/predictions/{ID}",
    "cancel": f"https://api.replicate.com/v1/predictions/{ID}/cancel",
}
FILM = "https://replicate.delivery/xezq/MRjiFeEoaLTsI6YuhqqbVbKid6EO2NQA9MkGuKfE4WZht14VA/tmpt21qn3q_.mp4"
BORN = "2026-11-21T09:00:00.123Z"

# https://replicate.com/docs/reference/http: a prediction from its start to its end.
STARTING: dict[str, Any] = {
    "id": ID,
    "model": "google/veo-3.1",
    "version": "hidden",
    "input": {"prompt": "a fox", "image": "https://example.com/input.mp4"},
    "logs": "",
    "output": None,
    "data_removed": False,
    "error": None,
    "status": "starting",
    "created_at": BORN,
    "urls": {
        **URLS,
        "stream": f"https://stream.replicate.com/v1/files/{ID}",
        "web": f"https://replicate.com/p/{ID}",
    },
}
PROCESSING = {**STARTING, "status": "processing", "started_at": "2026-11-21T09:00:01Z"}
DONE = {
    **PROCESSING,
    "status": "succeeded",
    "output": FILM,
    "metrics": {"predict_time": 74.1, "total_time": 75.0},
    "completed_at": "2026-11-21T09:01:15Z",
}
REMOVED = {**DONE, "output": None, "input": {}, "logs": "", "data_removed": True}
CANCELED = {**PROCESSING, "status": "canceled", "completed_at": "2026-11-21T09:00:30Z"}
ABORTED = {**STARTING, "status": "aborted", "completed_at": "2026-11-21T09:05:00Z"}
# What clients of the models of ByteDance and others met as `error`.
FLAGGED = (
    "The input or output was flagged as sensitive. Please try again with different inputs. (E005)"
)
FAILED = {**PROCESSING, "status": "failed", "error": FLAGGED}

# Errors of calls. The first is recorded in replicate-python, tests/cassettes/run__invalid-token.yaml;
# the others are in issues and test-suites of other clients.
UNAUTHENTICATED = {
    "title": "Unauthenticated",
    "detail": "You did not pass a valid authentication token",
    "status": 401,
}
NO_MONEY = {
    "title": "Insufficient credit",
    "detail": "You have insufficient credit to run this model. Go to"
    " https://replicate.com/account/billing#billing to purchase credit. Once you purchase credit,"
    " please wait a few minutes before trying again.",
    "status": 402,
}
INVALID = {
    "detail": '- input.aspect_ratio: aspect_ratio must be one of the following: "16:9", "9:16"\n',
    "status": 422,
    "title": "Input validation failed",
    "invalid_fields": [
        {
            "type": "enum",
            "field": "input.aspect_ratio",
            "description": 'aspect_ratio must be one of the following: "16:9", "9:16"',
        }
    ],
}
MISSING = {
    "detail": "- input: prompt is required\n",
    "status": 422,
    "title": "Input validation failed",
    "invalid_fields": [{"type": "required", "field": "input", "description": "prompt is required"}],
}
NOT_PERMITTED = {
    "title": "Invalid version or not permitted",
    "detail": "The specified version does not exist (or perhaps you don't have permission to use it?)",
    "status": 422,
}
THROTTLED = {
    "detail": "Request was throttled. Your rate limit for creating predictions is reduced to 6"
    " requests per minute with a burst of 1 requests while you have less than $5.0 in credit. Your"
    " rate limit resets in ~5s.",
    "status": 429,
    "retry_after": 5,
}
NOT_FOUND = {"detail": "The requested resource could not be found.", "status": 404}


def plan_for(model: str, prompt: str = "a fox", **wishes: Any) -> Plan:
    job = VideoJob(prompt, **wishes)
    plan = negotiate(job, OFFERS[model], uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def request_for(model: str, prompt: str = "a fox", **wishes: Any) -> Request:
    return encode(plan_for(model, prompt, **wishes), {})


def input_for(model: str, prompt: str = "a fox", **wishes: Any) -> dict[str, Any]:
    body: Any = request_for(model, prompt, **wishes).json
    assert list(body) == ["input"]
    return dict(body["input"])


def task_of(**changes: Any) -> Task:
    task = Task("replicate", "replicate", REPLICATE.base_url, ID, "veo-3.1", "running", extra=URLS)
    return evolve(task, **changes)
