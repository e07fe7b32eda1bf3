"""Every request that Runway's documents show, produced to the byte, and what each model is sent."""

import json
from typing import Any

import pytest

from anyvideo.errors import JobError
from anyvideo.model.media import Image
from anyvideo.plugin import Inline, Request, Task
from anyvideo.testing import adapter
from anyvideo_plugins import runway
from anyvideo_plugins.runway.tasks import Runway, encode
from tests.plugins.runway.plans import FIRST, LAST, PNG, REFERENCE, RUNWAY, plan_for, request_for

TEXT, IMAGE, VIDEO = (f"/v1/{kind}_to_video" for kind in ("text", "image", "video"))


def body_of(plan) -> Any:
    return encode(plan).json


FRAME = {"uri": FIRST.source, "position": "first"}
END = {"uri": LAST.source, "position": "last"}


def test_the_plugin_offers_its_adapter_and_its_wire():
    (offered,) = runway.anyvideo_adapters()
    (vendor,) = runway.anyvideo_sandbox()

    assert (offered.name, offered.key_env) == ("runway", "RUNWAYML_API_SECRET")
    assert offered.base_url == "https://api.dev.runwayml.com"
    assert type(adapter("runway")) is Runway
    assert vendor.adapters == ("runway",)


# ---- Bodies that clients of the vendor have in their test-suites, and the sample of the SDK's README


@pytest.mark.parametrize(
    ("model", "prompt", "wishes", "path", "sample"),
    [
        (
            "runway-gen-4.5",
            "A fox running at sunrise",
            {"aspect_ratio": "9:16", "seconds": 8},
            TEXT,
            {"model": "gen4.5", "promptText": "A fox running at sunrise", "duration": 8}
            | {"ratio": "720:1280"},
        ),
        (
            "runway-gen-4.5",
            "The bunny is eating a carrot",
            {"size": "1280x720", "seconds": 5, "seed": 1, "images": [FIRST]},
            IMAGE,
            {"model": "gen4.5", "promptText": "The bunny is eating a carrot", "duration": 5}
            | {"ratio": "1280:720", "seed": 1, "promptImage": [FRAME]},
        ),
        (
            "veo-3.1-fast",
            "waves",
            {"seconds": 6, "negative_prompt": "text", "audio": False, "images": [FIRST, LAST]},
            IMAGE,
            {"model": "veo3.1_fast", "promptText": "waves", "duration": 6, "ratio": "1280:720"}
            | {"audio": False, "negativePrompt": "text", "promptImage": [FRAME, END]},
        ),
    ],
)
def test_a_sample_is_produced_exactly(model, prompt, wishes, path, sample):
    request = request_for(model, prompt, **wishes)

    assert request.url == path
    assert json.dumps(request.json, sort_keys=True) == json.dumps(sample, sort_keys=True)


# ---- One line for each tier: the body but for the prompt

BODIES = [
    ("runway-gen-4.5", {}, TEXT, {"ratio": "1280:720", "duration": 5}),
    (
        "runway-gen-4.5",
        {"images": [FIRST], "aspect_ratio": "21:9"},
        IMAGE,
        {"ratio": "1584:672", "duration": 5},
    ),
    (
        "runway-gen-4-turbo",
        {"images": [FIRST], "seconds": 2},
        IMAGE,
        {"ratio": "1280:720", "duration": 2},
    ),
    ("veo-3.1", {}, TEXT, {"ratio": "1280:720", "duration": 8, "audio": True}),
    (
        "veo-3.1",
        {"size": "1080x1920", "audio": False, "seed": 0},
        TEXT,
        {"ratio": "1080:1920", "duration": 8, "audio": False, "seed": 0},
    ),
    ("gemini-omni-flash", {"seconds": 3}, TEXT, {"ratio": "1280:720", "duration": 3}),
    ("gemini-omni-flash", {"images": [FIRST]}, IMAGE, {"ratio": "1280:720", "duration": 5}),
    ("gemini-omni-1.1-flash", {}, TEXT, {"ratio": "1280:720", "duration": 5}),
    ("gemini-omni-1.1-flash", {"resolution": "4k"}, TEXT, {"ratio": "3840:2160", "duration": 5}),
    (
        "gemini-omni-1.1-flash",
        {"images": [FIRST, LAST], "size": "360x640"},
        IMAGE,
        {"ratio": "360:640", "duration": 5},
    ),
    ("seedance-2.5", {"seconds": 30}, TEXT, {"ratio": "1280:720", "duration": 30}),
    ("seedance-2.5", {"resolution": "480p"}, TEXT, {"ratio": "854:480", "duration": 5}),
    (
        "seedance-2.5",
        {"resolution": "1080p", "aspect_ratio": "21:9", "audio": False},
        TEXT,
        {"ratio": "2206:946", "duration": 5, "audio": False},
    ),
    (
        "seedance-2.0",
        {"aspect_ratio": "4:3", "resolution": "480p", "images": [FIRST, LAST]},
        IMAGE,
        {"ratio": "752:560", "duration": 5},
    ),
    (
        "seedance-2.0",
        {"aspect_ratio": "1:1", "resolution": "4k"},
        TEXT,
        {"ratio": "3840:3840", "duration": 5},
    ),
    ("seedance-2.0-fast", {"resolution": "480p"}, TEXT, {"ratio": "864:496", "duration": 5}),
    ("seedance-2.0-mini", {"seconds": 15}, TEXT, {"ratio": "1280:720", "duration": 15}),
    ("wan3.0", {"aspect_ratio": "3:4"}, TEXT, {"ratio": "832:1104", "duration": 5}),
    (
        "wan3.0",
        {"images": [FIRST, LAST], "resolution": "1080p"},
        IMAGE,
        {"ratio": "auto_1080p", "duration": 5},
    ),
    (
        "wan3.0-prime",
        {"resolution": "480p", "audio": True},
        TEXT,
        {"ratio": "832:480", "duration": 5, "audio": True},
    ),
    ("wan3.0-prime", {"images": [FIRST]}, IMAGE, {"ratio": "auto_720p", "duration": 5}),
    ("minimax-h3", {}, TEXT, {"ratio": "16:9", "resolution": "768P", "duration": 5}),
    (
        "minimax-h3",
        {"resolution": "2k", "aspect_ratio": "9:16", "images": [FIRST, LAST]},
        IMAGE,
        {"ratio": "9:16", "resolution": "2K", "duration": 5},
    ),
    ("minimax-h3-max", {"seed": 7}, TEXT, {"resolution": "768p", "duration": 5, "seed": 7}),
    (
        "minimax-h3-max",
        {"resolution": "480p", "images": [FIRST]},
        IMAGE,
        {"resolution": "480p", "duration": 5},
    ),
    (
        "grok-imagine-video-1.5",
        {"aspect_ratio": "3:2"},
        TEXT,
        {"ratio": "3:2", "resolution": "720p", "duration": 5},
    ),
    (
        "grok-imagine-video-1.5",
        {"images": [FIRST], "resolution": "1080p", "audio": True},
        IMAGE,
        {"resolution": "1080p", "duration": 5},
    ),
    (
        "grok-imagine-video-1.5-lite",
        {"resolution": "1080p"},
        TEXT,
        {"ratio": "1904:1072", "duration": 5},
    ),
    ("grok-imagine-video-1.5-lite", {"images": [FIRST]}, IMAGE, {"ratio": "auto_720p"}),
    ("happyhorse-1.0", {"resolution": "1080p"}, TEXT, {"ratio": "1920:1080", "duration": 5}),
    (
        "happyhorse-1.0",
        {"images": [FIRST], "seconds": 3},
        IMAGE,
        {"resolution": "720P", "duration": 3},
    ),
]


@pytest.mark.parametrize(("model", "wishes", "path", "words"), BODIES)
def test_each_tier_has_its_words(model, wishes, path, words):
    request = request_for(model, **wishes)
    plan = plan_for(model, **wishes)
    images = {"promptImage": [FRAME, END][: len(plan.job.images)]} if plan.job.images else {}
    expected = {"model": plan.offer.wire_model, "promptText": "a fox", "duration": 5}

    assert (request.url, request.json) == (path, {**expected, **words, **images}), request.json


@pytest.mark.parametrize(
    "model", ["seedance-2.5", "seedance-2.0", "wan3.0", "minimax-h3", "grok-imagine-video-1.5"]
)
def test_references_have_no_position_and_go_with_the_text(model):
    other = Image("https://example.com/two.png", "reference")
    request = request_for(model, images=[REFERENCE, other])

    assert request.url == TEXT
    assert request.json["references"] == [{"uri": REFERENCE.source}, {"uri": other.source}]
    assert "promptImage" not in request.json


def test_a_local_image_goes_into_the_body_as_a_data_uri():
    local, end = Image(PNG), Image(PNG, "last_frame")
    plan = plan_for("veo-3.1", images=[local, end])

    assert body_of(plan)["promptImage"] == [
        {"uri": Inline(plan.uploads[local]), "position": "first"},
        {"uri": Inline(plan.uploads[end]), "position": "last"},
    ]
    reference = Image(PNG, "reference")
    plan = plan_for("seedance-2.0", images=[reference])
    assert body_of(plan)["references"] == [{"uri": Inline(plan.uploads[reference])}]


def test_an_image_without_tls_is_refused_before_anything_is_sent():
    with pytest.raises(JobError, match=r"https alone, not http://example\.com/a\.png"):
        request_for("veo-3.1", images=[Image("http://example.com/a.png")])


# ---- Options


def test_options_are_sent_as_they_are_and_null_removes():
    options = {"runway": {"duration": "auto", "ratio": None, "referenceAudio": [{"type": "audio"}]}}
    body = request_for("seedance-2.0", options=options).json

    assert body == {
        "model": "seedance2",
        "promptText": "a fox",
        "duration": "auto",
        "referenceAudio": [{"type": "audio"}],
    }


@pytest.mark.parametrize("name", ["videoUri", "promptVideo"])
def test_a_video_in_the_options_chooses_the_third_endpoint(name):
    options = {"runway": {name: "https://example.com/a.mp4"}}
    request = request_for("seedance-2.0", options=options, images=[REFERENCE])

    assert request.url == VIDEO
    assert request.json[name] == "https://example.com/a.mp4"


def test_an_image_in_the_options_chooses_the_second():
    request = request_for("veo-3.1", options={"runway": {"promptImage": "runway://1"}})

    assert (request.url, request.json["promptImage"]) == (IMAGE, "runway://1")


@pytest.mark.parametrize(("name", "image"), [("promptImage", FIRST), ("references", REFERENCE)])
def test_options_that_contradict_the_images_are_refused(name, image):
    with pytest.raises(JobError, match=rf"options\.runway\.{name} contradicts"):
        request_for("seedance-2.0", images=[image], options={"runway": {name: []}})


# ---- The other calls


def test_every_call_names_the_version():
    task = Task("runway", "runway", RUNWAY.base_url, "a/b", "veo-3.1")
    version = {"X-Runway-Version": "2024-11-06"}
    asked = Request("GET", "/v1/tasks/a%2Fb", headers=version)

    assert next(RUNWAY.status(task)) == asked
    assert next(RUNWAY.locate(task)) == asked
    assert next(RUNWAY.cancel(task)) == asked
