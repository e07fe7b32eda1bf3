"""Every request on OpenRouter's pages, produced to the letter, and what they refuse."""

import json
from pathlib import Path
from typing import Any

import pytest

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Inline, Request
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Task
from anyvideo.testing import adapter, answer, drive
from anyvideo_plugins import openrouter
from anyvideo_plugins.openrouter.videos import OpenRouter, encode
from tests.plugins.openrouter.bodies import BODIES, FIRST, part

OPENROUTER = OpenRouter()
OFFERS = {offer.model: offer for offer in OPENROUTER.offers()}
PHOTO = str(Path(__file__).parents[2] / "images" / "plain-1280x720.png")


def plan_for(model, job):
    plan = negotiate(job, OFFERS[model], uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    return plan


def body_of(model, prompt="a fox", **wishes):
    request = encode(plan_for(model, VideoJob(prompt, **wishes)))
    assert (request.method, request.url, request.paid) == ("POST", "/v1/videos", True)
    assert (request.query, request.headers, request.form, request.files) == ({}, {}, None, {})
    return request.json


def options(**given):
    return {"openrouter": given}


def test_the_plugin_offers_its_adapter():
    (offered,) = openrouter.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("openrouter", "OPENROUTER_API_KEY")
    assert offered.base_url == "https://openrouter.ai/api"
    assert type(adapter("openrouter")) is OpenRouter


@pytest.mark.parametrize(("model", "job", "body"), BODIES.values(), ids=BODIES.keys())
def test_the_pages_own_requests(model, job, body):
    sent = encode(plan_for(model, job)).json

    assert sent == body
    assert json.dumps(sent, sort_keys=True) == json.dumps(body, sort_keys=True)  # 5, not 5.0


def test_a_submit_is_one_request():
    plan = plan_for("veo-3.1", VideoJob("a fox"))
    flow = OPENROUTER.submit(plan)

    assert next(flow) == encode(plan)
    with pytest.raises(StopIteration):
        flow.send(answer({"id": "abc123", "status": "pending"}, 202))


@pytest.mark.parametrize("model", [name for name in OFFERS if OFFERS[name].retired is None])
def test_only_documented_fields_are_sent(model):
    body = body_of(model, images=[Image(FIRST)])

    assert body["model"] == OFFERS[model].wire_model
    assert body["frame_images"] == [part(FIRST, frame_type="first_frame")]
    assert type(body["duration"]) is int
    assert body.keys() <= {
        *("model", "prompt", "duration", "resolution", "aspect_ratio"),
        *("generate_audio", "frame_images"),
    }


def test_a_whole_length_written_as_a_fraction_is_sent_as_a_whole_number():
    assert json.dumps(body_of("wan2.7", seconds=8.0)["duration"]) == "8"


@pytest.mark.parametrize(
    ("model", "wishes", "words"),
    [
        ("minimax-h3", {}, {}),
        ("minimax-h3", {"resolution": "2K"}, {"resolution": "2K"}),
        ("heygen-video-1", {"resolution": "1440p"}, {"resolution": "2K"}),
        ("seedance-2.0", {"resolution": "4k"}, {"resolution": "4K"}),
        ("minimax-h3-max", {"resolution": "768p"}, {"resolution": "768p"}),
        ("grok-imagine-video", {"aspect_ratio": "3:2"}, {"aspect_ratio": "3:2"}),
        ("happyhorse-1.1", {"aspect_ratio": "9:21"}, {"aspect_ratio": "9:21"}),
        ("wan3.0", {"audio": False}, {"generate_audio": False}),
    ],
)
def test_the_vendors_words(model, wishes, words):
    body = body_of(model, **wishes)

    assert {name: body[name] for name in words} == words
    assert words or "resolution" not in body


# ---- images


def test_a_local_image_is_a_data_url_in_its_place():
    job = VideoJob("a fox", images=[Image(PHOTO), Image(FIRST, "last_frame")])
    plan = plan_for("seedance-2.0", job)
    sent: Any = encode(plan).json

    assert sent["frame_images"] == [
        part(Inline(plan.uploads[job.images[0]]), frame_type="first_frame"),
        part(FIRST, frame_type="last_frame"),
    ]


def test_the_first_frame_comes_first():
    images = [Image("https://example.com/b.png", "last_frame"), Image(FIRST)]

    assert [frame["frame_type"] for frame in body_of("wan2.7", images=images)["frame_images"]] == [
        "first_frame",
        "last_frame",
    ]


# ---- options


def test_options_override_and_null_removes():
    body = body_of(
        "wan2.6",
        seconds=5,
        options=options(duration=10, resolution=None, callback_url="https://example.com/webhook"),
    )

    assert body == {
        "model": "alibaba/wan-2.6",
        "prompt": "a fox",
        "duration": 10,
        "callback_url": "https://example.com/webhook",
    }


def test_an_option_with_a_dot_stays_where_it_is():
    body = body_of("veo-3.1", negative_prompt="fog", options=options(**{"a.b": 1}))

    assert body["a.b"] == 1
    assert body["provider"]["options"] == {
        "google-vertex": {"parameters": {"negativePrompt": "fog"}}
    }


@pytest.mark.parametrize(
    ("model", "wishes", "name"),
    [
        ("wan2.7", {"images": [Image(FIRST)]}, "frame_images"),
        ("wan2.7", {"images": [Image(FIRST, "reference")]}, "input_references"),
        ("veo-3.1", {"negative_prompt": "fog"}, "provider"),
    ],
)
def test_an_option_that_contradicts_the_job_is_refused(model, wishes, name):
    with pytest.raises(JobError, match=rf"options\.openrouter\.{name} contradicts"):
        body_of(model, options=options(**{name: []}), **wishes)


# ---- the other requests


def task(id="job-abc123", **known):  # noqa: A002 (the field's own name)
    return Task("openrouter", "openrouter", OPENROUTER.base_url, id, "veo-3.1", **known)


@pytest.mark.parametrize(
    ("id", "path"), [("job-abc123", "job-abc123"), ("../a b", "..%2Fa%20b"), ("x?y=1", "x%3Fy%3D1")]
)
def test_a_status_is_asked_for_by_id(id, path):  # noqa: A002 (the field's own name)
    assert next(OPENROUTER.status(task(id))) == Request("GET", f"/v1/videos/{path}")


def locate(url):
    film = answer(b"\0\0\0\x18ftypmp42", headers={"content-type": "video/mp4"})
    return drive(OPENROUTER.locate(task(video_url=url)), [film])


CONTENT = Request("GET", "/v1/videos/job-abc123/content", query={"index": "0"}, expects="video")


@pytest.mark.parametrize(
    "url",
    [
        None,
        "https://openrouter.ai/api/v1/videos/job-abc123/content?index=0",
        "https://openrouter.ai/api/v1/videos/job-abc123/content",
        "https://eu.openrouter.ai/api/v1/videos/job-abc123/content?index=0",
    ],
)
def test_the_vendors_own_url_is_asked_for_with_the_key(url):
    assert locate(url) == CONTENT


def test_the_index_of_the_url_is_kept():
    url = "https://openrouter.ai/api/v1/videos/job-abc123/content?index=1"

    assert locate(url).query == {"index": "1"}


@pytest.mark.parametrize(
    "url",
    [
        "https://storage.example.com/video.mp4",
        "https://cdn.test/v1/videos/job-other/content?index=0",
    ],
)
def test_a_file_elsewhere_is_asked_for_at_its_url(url):
    assert locate(url) == Request("GET", url, expects="video")
