"""What the tests of the APIMart adapter share: plans, a driver, and the documented answers."""

import json
from typing import Any

from attrs import evolve
from hypothesis import strategies as st

from anyvideo.files.images import read_uploads
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Image, Offer, Request, Response, Task
from anyvideo_plugins.apimart.generations import Apimart, encode

APIMART = Apimart()
ALLOW = Policy(retired="allow")
ID = "task_01K8SGYNNNVBQTXNR4MM964S7K"
URL = "https://upload.apimart.ai/f/video/9998234998953836-clip.mp4"

# A PNG of 1280x720 as far as its header goes, which is all that is read of it.
PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000500000002d0080200000000000000")
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")

# https://docs.apimart.ai/en/api-reference/videos/sora-2/generation
SUBMITTED = {"code": 200, "data": [{"status": "submitted", "task_id": ID}]}
# An older edition of the veo3 page.
SUBMITTED_AS_OBJECT = {
    "code": 200,
    "data": {
        "created": 1757156493,
        "id": ID,
        "model": "veo3.1",
        "object": "video.generation.task",
        "progress": 0,
        "status": "pending",
        "task_info": {"can_cancel": True, "estimated_time": 300},
        "type": "video",
    },
}
# With X-APIMart-Response-Version, which this adapter does not send, and the vendor's own client's tests.
SUBMITTED_VERSIONED = {
    "request_id": "req_1",
    "data": {"object": "generation.task", "id": ID, "status": "submitted"},
}
RECOVERED = {"code": 202, "data": {"id": ID}}
# Two recorded replies.
PROCESSING = {
    "code": 200,
    "data": {
        "created": 1765000891,
        "estimated_time": 600,
        "id": "task_01KBS40K78KGHZ9SDBWQSGSXRK",
        "progress": 91,
        "status": "processing",
    },
}
COMPLETED: dict[str, Any] = {
    "code": 200,
    "data": {
        "actual_time": 155,
        "completed": 1765001046,
        "created": 1765000891,
        "estimated_time": 600,
        "id": "task_01KBS40K78KGHZ9SDBWQSGSXRK",
        "progress": 100,
        "result": {"videos": [{"expires_at": 1765087446, "url": [URL]}]},
        "status": "completed",
    },
}
FAILED = {
    "code": 200,
    "data": {"id": ID, "status": "failed", "error": {"message": "content rejected"}},
}
# https://docs.apimart.ai/en/api-reference/uploads/images
UPLOADED = {
    "url": "https://upload.apimart.ai/f/image/9990000000000000-a.png",
    "filename": "a.png",
    "content_type": "image/png",
    "bytes": 235680,
    "created_at": 1743436800,
}
DOCUMENTED = [
    SUBMITTED,
    SUBMITTED_AS_OBJECT,
    SUBMITTED_VERSIONED,
    RECOVERED,
    PROCESSING,
    COMPLETED,
    FAILED,
    UPLOADED,
    {"error": {"code": 402, "message": "Insufficient balance", "type": "payment_required"}},
]


def offer_of(model: str) -> Offer:
    (offer,) = [offer for offer in APIMART.offers() if offer.answers_to(model)]
    return offer


def answer_to(job, model, policy=ALLOW):
    return negotiate(job, offer_of(model), policy, uploads=read_uploads(job))


def plan_for(job, model):
    plan = answer_to(job, model)
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def body_of(plan):
    return encode(plan, {}).json


def task_of(model="veo-3.1-fast", **known):
    task = Task("apimart", "apimart", APIMART.base_url, ID, model)
    return evolve(task, **known)


def answer(body=b"", status=200, **headers):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": "application/json", **headers}, raw)


def drive(flow, *answers):
    """Run a flow against answers; returns its result and the requests that it made."""
    sent, waiting = [], list(answers)
    try:
        request = next(flow)
        while True:
            assert isinstance(request, Request)
            sent.append(request)
            request = flow.send(waiting.pop(0))
    except StopIteration as stop:
        assert waiting == []
        return stop.value, sent


KEYS = st.sampled_from(
    [
        "code",
        "data",
        "id",
        "task_id",
        "status",
        "progress",
        "result",
        "videos",
        "url",
        "error",
        "message",
        "type",
        "cost",
        "expires_at",
    ]
)
WORDS = st.sampled_from(
    f"completed failed processing submitted cancelled {URL} {ID} 0.1234 45% task_failed".split()
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner),
    max_leaves=12,
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "retry-after", "x-request-id", "x-ratelimit-reset", "date"]),
    st.text(max_size=30) | st.sampled_from(["application/json", "text/html", "60", "nan"]),
)


@st.composite
def mutated(draw):
    """A documented body in which one thing, at any depth, is dropped, retyped, added or nested."""
    document = json.loads(json.dumps(draw(st.sampled_from(DOCUMENTED))))
    place = document
    while draw(st.booleans()):
        inner = [value for value in place.values() if isinstance(value, dict)]
        inner += [item for value in place.values() if isinstance(value, list) for item in value]
        inner = [value for value in inner if isinstance(value, dict) and value]
        if not inner:
            break
        place = draw(st.sampled_from(inner))
    key = draw(st.sampled_from(sorted(place)))
    change = draw(st.sampled_from(["drop", "retype", "add", "nest"]))
    if change == "drop":
        del place[key]
    elif change == "retype":
        place[key] = draw(VALUES)
    elif change == "add":
        place[draw(KEYS)] = draw(VALUES)
    else:
        place[key] = {draw(KEYS): place[key]}
    return document


def responses():
    """Any answer at all: any status, any headers, and any bytes or nearly a documented body."""
    bodies = st.binary(max_size=200) | (VALUES | mutated()).map(json.dumps).map(str.encode)
    cut = st.builds(lambda body, at: body[: at % (len(body) + 1)], bodies, st.integers(0, 400))
    statuses = st.sampled_from([200, 200, 200, 202, 400, 401, 402, 404, 429, 500, 503])
    return st.builds(Response, statuses | st.integers(100, 599), HEADERS, bodies | cut)
