"""What the tests of the Apertis adapters share: plans, a driver, and answers of every kind."""

import json
from pathlib import Path

from hypothesis import strategies as st

from anyvideo.files.images import read_uploads
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Request, Response, Task

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000500000002d0080200000000000000")
ALLOW = Policy(retired="allow")


def offer_of(adapter, model):
    (offer,) = [offer for offer in adapter.offers() if offer.answers_to(model)]
    return offer


def plan_for(adapter, job, model):
    plan = negotiate(job, offer_of(adapter, model), ALLOW, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def task_of(adapter, task_id="sora-2:1234567890-abcdefgh", **known):
    return Task("apertis", adapter.name, adapter.base_url, task_id, "sora-2", **known)


def body_of(request):
    return request.json


def form_of(request):
    return request.form


def answer(body=b"", status=200, content_type="application/json", **headers):
    if not isinstance(body, bytes):
        body = (body if isinstance(body, str) else json.dumps(body)).encode()
    return Response(status, {"content-type": content_type, **headers}, body)


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
        *("id", "task_id", "status", "progress", "video_url", "url", "videos", "data", "detail"),
        *("error", "message", "code", "type", "success", "username", "enhanced_prompt"),
        *("choices", "delta", "content", "metadata", "status_update_time"),
    ]
)
WORDS = st.sampled_from(
    [
        *("completed", "failed", "pending", "processing", "success", "model_not_found", "45%"),
        *("video_url: https://a.b/c.mp4", "https://a.b/c.mp4", "chatcmpl-1", "sora-2:1-a"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner),
    max_leaves=12,
)
STATUSES = st.sampled_from(
    [200, 200, 200, 201, 204, 301, 400, 401, 402, 403, 404, 409, 429, 500, 502, 503]
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "retry-after", "x-request-id", "x-ratelimit-reset", "date"]),
    st.text(max_size=30)
    | st.sampled_from(["application/json", "text/html", "video/mp4", "60", "nan"]),
)


@st.composite
def mutate(draw, documents):
    """A documented body with a field dropped, retyped, added or nested."""
    document = dict(draw(st.sampled_from(documents)))
    key = draw(st.sampled_from(sorted(document)))
    change = draw(st.sampled_from(["drop", "retype", "add", "nest"]))
    if change == "drop":
        del document[key]
    elif change == "retype":
        document[key] = draw(VALUES)
    elif change == "add":
        document[draw(KEYS)] = draw(VALUES)
    else:
        document = {draw(KEYS): document}
    return document


def responses(*documents):
    """Any answer at all: any status, any headers, and any bytes or nearly the documented body."""
    texts = VALUES | mutate(documents) if documents else VALUES
    bodies = st.binary(max_size=200) | texts.map(json.dumps).map(str.encode)
    cut = st.builds(lambda body, at: body[: at % (len(body) + 1)], bodies, st.integers(0, 400))
    return st.builds(Response, STATUSES | st.integers(100, 599), HEADERS, bodies | cut)


def write_picture(folder, name="reference.png"):
    path = Path(folder) / name
    path.write_bytes(PNG)
    return str(path)
