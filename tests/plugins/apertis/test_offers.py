"""The tables of the Video API page, written out, against what the offers accept and refuse."""

import json
from typing import Any

import pytest

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.offer import ACCEPTABLE
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from tests.plugins.apertis.answers import ALLOW, PNG
from tests.plugins.apertis.catalogue import OFFERS, URL, ask

# "Supported Models", "Veo Models": model, aspect ratio support; the last two are for /v1/videos.
VEO_MODELS = {
    "veo2": (),
    "veo2-fast": (),
    "veo2-pro": (),
    "veo2-fast-frames": (),
    "veo2-fast-components": (),
    "veo3": ("16:9", "9:16"),
    "veo3-fast": ("16:9", "9:16"),
    "veo3-pro": ("16:9", "9:16"),
    "veo3-pro-frames": ("16:9", "9:16"),
    "veo3.1": ("16:9", "9:16"),
    "veo3.1-fast": ("16:9", "9:16"),
}
VEO_FORM_MODELS = {"veo_3_1": ("16x9", "720x1280"), "veo_3_1-fast": ("16x9", "720x1280")}
# "Image Reference Limits by Model": model, most images, their roles in our words.
IMAGE_LIMITS = {
    "veo2-fast-frames": (2, ("first_frame", "last_frame")),
    "veo3-pro-frames": (1, ("first_frame",)),
    "veo2-fast-components": (3, ("reference",)),
}
# "Optional Parameters": every Veo model takes these two.
VEO_OPTIONAL = {"enhance_prompt": "enhance_prompt", "upscale": "enable_upsample"}
# "Sora-2 Specific Parameters" of /v1/video/create.
SORA_MODELS = ("sora-2", "sora-2-pro")
SORA_ORIENTATIONS = {"9:16": "portrait", "16:9": "landscape"}
SORA_SIZES = {"720p": "small", "1080p": "large"}
SORA_DURATIONS = (10, 15, 25)
SORA_ACCEPTS = {"watermark", "private", "character"}
# "Create Video (Sora)", "Parameters (multipart/form-data)" and "Character Parameters" of /v1/videos.
SORA_SECONDS = (4, 8, 10, 12, 15, 25)
SORA_PIXELS = ("720x1280", "1280x720", "480x480", "1080x1080")
SORA_FORM_ACCEPTS = {"watermark", "private", "style", "metadata", "character"}
CANDIDATES: dict[str, list[Any]] = {
    "seconds": [1, 2, 4, 5, 6, 8, 10, 12, 15, 16, 20, 25, 30],
    "aspect_ratio": ["16:9", "9:16", "1:1", "4:3", "3:4", "21:9"],
    "resolution": ["480p", "720p", "1080p", "2160p"],
    "size": ["720x1280", "1280x720", "480x480", "1080x1080", "1920x1080", "1080x1920"],
}
VALUES = {
    "negative_prompt": "rain",
    "seed": 0,
    "enhance_prompt": False,
    "upscale": False,
    "watermark": False,
    "private": False,
    "style": "anime",
    "character": Character("https://example.com/c.mp4"),
    "metadata": {"a": "b"},
}


def accepted(offer, name):
    answers = {value: ask(offer, **{name: value}) for value in CANDIDATES[name]}
    return {value for value, answer in answers.items() if isinstance(answer, Plan)}


def wires(offer, name):
    """The vendor's parameters that each accepted value of a field is sent as."""
    return {value: dict(ask(offer, **{name: value}).shape.wire) for value in accepted(offer, name)}


def taken(offer):
    return {name for name in ACCEPTABLE if isinstance(ask(offer, **{name: VALUES[name]}), Plan)}


def count_images(offer, role):
    """How many images of a role are taken; a last frame comes with a first one."""
    source = URL if "url" in offer.tiers[0].images.via else PNG
    counts = range(5 if role == "reference" else 2)
    first = [Image(source, "first_frame")] if role == "last_frame" else []
    jobs = {count: [*first, *[Image(source, role)] * count] if count else () for count in counts}
    return {count for count, images in jobs.items() if isinstance(ask(offer, images=images), Plan)}


def test_every_model_of_the_page_is_offered_and_no_other():
    assert set(OFFERS) == {
        *(("apertis-create", model) for model in (*VEO_MODELS, *SORA_MODELS)),
        *(("apertis-videos", model) for model in (*VEO_FORM_MODELS, *SORA_MODELS)),
        *(("apertis-chat", model) for model in SORA_MODELS),
    }


def test_canonical_names_are_the_same_on_every_wire():
    assert {offer.model for offer in OFFERS.values()} == {
        "veo-2",
        "veo-2-fast",
        "veo-2-pro",
        "veo-2-fast-frames",
        "veo-2-fast-components",
        "veo-3",
        "veo-3-fast",
        "veo-3-pro",
        "veo-3-pro-frames",
        "veo-3.1",
        "veo-3.1-fast",
        "sora-2",
        "sora-2-pro",
    }
    assert OFFERS["apertis-create", "veo3.1"].model == OFFERS["apertis-videos", "veo_3_1"].model


@pytest.mark.parametrize("model", VEO_MODELS)
def test_veo_on_create(model):
    offer, ratios = OFFERS["apertis-create", model], VEO_MODELS[model]

    assert accepted(offer, "aspect_ratio") == set(ratios)
    assert wires(offer, "aspect_ratio") == {ratio: {"aspect_ratio": ratio} for ratio in ratios}
    assert (
        accepted(offer, "seconds")
        == accepted(offer, "resolution")
        == accepted(offer, "size")
        == set()
    )
    assert taken(offer) == set(VEO_OPTIONAL)
    assert {name: offer.parameter(name) for name in VEO_OPTIONAL} == VEO_OPTIONAL
    assert isinstance(ask(offer, audio=True), Refusal)


@pytest.mark.parametrize("model", VEO_MODELS)
def test_images_of_veo_on_create(model):
    offer = OFFERS["apertis-create", model]
    most, roles = IMAGE_LIMITS.get(model, (0, ()))
    counts = {
        "first_frame": {0, 1} if "first_frame" in roles else {0},
        "last_frame": {0, 1} if "last_frame" in roles else {0},
        "reference": set(range(most + 1)) if "reference" in roles else {0},
    }

    assert {role: count_images(offer, role) for role in counts} == counts
    assert isinstance(ask(offer, images=PNG), Refusal)


@pytest.mark.parametrize("model", SORA_MODELS)
def test_sora_on_create(model):
    offer = OFFERS["apertis-create", model]

    assert accepted(offer, "seconds") == set(SORA_DURATIONS)
    assert offer.parameter("seconds") == "duration"
    assert wires(offer, "aspect_ratio") == {
        ratio: {"orientation": word} for ratio, word in SORA_ORIENTATIONS.items()
    }
    assert wires(offer, "resolution") == {
        lines: {"size": word} for lines, word in SORA_SIZES.items()
    }
    assert wires(offer, "size") == {
        "1280x720": {"orientation": "landscape", "size": "small"},
        "720x1280": {"orientation": "portrait", "size": "small"},
        "1920x1080": {"orientation": "landscape", "size": "large"},
        "1080x1920": {"orientation": "portrait", "size": "large"},
    }
    assert taken(offer) == SORA_ACCEPTS
    # "images" is required, and no maximum is named.
    assert count_images(offer, "first_frame") == {1}
    assert count_images(offer, "reference") == set(range(1, 5))
    assert "no maximum of images" in offer.note
    assert count_images(offer, "last_frame") == set()
    assert isinstance(ask(offer, images=PNG), Refusal)
    assert dict(ask(offer).parameters()) == {"model": model, "prompt": "x"}


@pytest.mark.parametrize("model", VEO_FORM_MODELS)
def test_veo_on_videos(model):
    offer = OFFERS["apertis-videos", model]

    assert wires(offer, "aspect_ratio") == {
        "16:9": {"size": "16x9"},
        "9:16": {"size": "720x1280"},
    }
    assert wires(offer, "size") == {"720x1280": {"size": "720x1280"}}
    assert tuple(item.wire["size"] for item in offer.tiers[0].shapes) == VEO_FORM_MODELS[model]
    # "seconds" is required, and no values are listed; the samples have 5.
    assert accepted(offer, "seconds") == set(CANDIDATES["seconds"])
    assert "no lengths" in offer.note
    assert taken(offer) == {"watermark"}
    assert count_images(offer, "first_frame") == count_images(offer, "reference") == {1}
    assert isinstance(ask(offer, images=URL), Refusal)
    assert dict(ask(offer).parameters()) == {
        "model": model,
        "prompt": "x",
        "seconds": 5,
        "size": "16x9",
    }


@pytest.mark.parametrize("model", SORA_MODELS)
def test_sora_on_videos(model):
    offer = OFFERS["apertis-videos", model]

    assert accepted(offer, "seconds") == set(SORA_SECONDS)
    assert wires(offer, "size") == {size: {"size": size} for size in SORA_PIXELS}
    assert accepted(offer, "aspect_ratio") == {"9:16", "16:9", "1:1"}
    assert accepted(offer, "resolution") == {"480p", "720p", "1080p"}
    assert taken(offer) == SORA_FORM_ACCEPTS
    assert count_images(offer, "first_frame") == count_images(offer, "reference") == {0, 1}
    assert isinstance(ask(offer, images=URL), Refusal)
    assert dict(ask(offer).parameters()) == {
        "model": model,
        "prompt": "x",
        "seconds": 10,
        "size": "720x1280",
    }


@pytest.mark.parametrize("model", SORA_MODELS)
def test_the_chat_wire_carries_a_prompt_and_nothing_else(model):
    offer = OFFERS["apertis-chat", model]

    assert taken(offer) == set()
    assert [accepted(offer, name) for name in CANDIDATES] == [set()] * 4
    assert isinstance(ask(offer, audio=False), Refusal)
    assert isinstance(ask(offer, images=URL), Refusal)
    assert isinstance(ask(offer, images=PNG), Refusal)
    assert isinstance(ask(offer), Plan)


@pytest.mark.parametrize(
    ("name", "wishes", "words"),
    [
        (("apertis-create", "sora-2"), {"seconds": 12}, "accepted: 10, 15, 25"),
        (("apertis-create", "sora-2"), {"images": ()}, "images: 1 or more needed"),
        (("apertis-create", "sora-2"), {"images": PNG}, "put the file where it can be fetched"),
        (("apertis-create", "veo2"), {"aspect_ratio": "16:9"}, "cannot be chosen here"),
        (("apertis-create", "veo3"), {"images": URL}, "accepted: no images"),
        (
            ("apertis-create", "veo2-fast-frames"),
            {"images": [Image(URL, "last_frame")]},
            "a last frame needs a first frame here",
        ),
        (
            ("apertis-create", "veo2-fast-components"),
            {"images": [Image(f"{URL}?{n}", "reference") for n in range(4)]},
            "accepted: reference (up to 3)",
        ),
        (("apertis-videos", "veo_3_1"), {"images": URL}, "takes files, not URLs"),
        (("apertis-videos", "sora-2"), {"size": "1920x1080"}, "1080x1080"),
        (("apertis-chat", "sora-2"), {"seconds": 10}, "seconds cannot be chosen here"),
    ],
)
def test_a_refusal_says_what_would_be_accepted(name, wishes, words):
    answer = ask(OFFERS[name], **wishes)

    assert isinstance(answer, Refusal)
    assert words in str(answer)


def test_a_file_that_is_too_large_is_refused_before_any_request():
    offer = OFFERS["apertis-videos", "sora-2"]
    job = VideoJob("x", images=[PNG + bytes(20_000_001)])
    answer = negotiate(job, offer, ALLOW, uploads=read_uploads(job))

    assert "accepted: up to 20000000" in str(answer)


def test_options_are_json_and_reach_a_plan_as_they_are():
    options = {"apertis-create": {"n": [1, {"a": None}]}}
    plan = ask(OFFERS["apertis-create", "veo3"], options=options)

    assert json.dumps(plan.parameters()["n"]) == '[1, {"a": null}]'
