"""Every request on APIYI's pages, produced to the letter, and what they refuse."""

import json
from pathlib import Path

import pytest

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.testing import adapter
from anyvideo_plugins import apiyi
from anyvideo_plugins.apiyi.videos import Videos, encode

APIYI = Videos()
PICTURES = Path(__file__).parents[2] / "images"
PROMPT = "A golden retriever running on the beach at sunset, cinematic, golden hour, slow motion"


def answer_to(job, model):
    (offer,) = [offer for offer in APIYI.offers() if offer.model == model]
    return negotiate(job, offer, Policy(retired="allow"), uploads=read_uploads(job))


def request_for(model, prompt="a fox", **wishes):
    plan = answer_to(VideoJob(prompt, **wishes), model)
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    request = encode(plan)
    assert (request.method, request.url, request.paid) == ("POST", "/v1/videos", True)
    assert (request.query, request.headers) == ({}, {})
    return request


def body_of(model, prompt="a fox", **wishes):
    request = request_for(model, prompt, **wishes)
    assert (request.form, request.files) == (None, {})
    return request.json


def picture(name="rocket-1280x720.jpg", role="first_frame"):
    return Image(str(PICTURES / name), role)


def test_the_plugin_offers_its_adapter():
    (offered,) = apiyi.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("apiyi", "APIYI_API_KEY")
    assert offered.base_url == "https://api.apiyi.com"
    models = [offer.model for offer in offered.offers()]
    assert {"grok-imagine-video", "sora-2", "veo-3.1"} < set(models)
    assert len(models) == len(set(models))
    assert type(adapter("apiyi")) is Videos


# ---- text-to-video: https://docs.apiyi.com/en/api-capabilities/sora-2/text-to-video

JAPANESE = (
    "A serene Japanese garden with cherry blossoms, koi pond, traditional bridge, golden hour,"
    " ultra detailed"
)
CITY = "A futuristic cityscape at night with neon lights and flying vehicles, cyberpunk style, cinematic"
SNOW = "Aerial drone shot over snowy mountain range at sunrise, cinematic, ultra wide"
LIGHTS = "Watercolor northern lights over snowy mountains, gentle motion"


@pytest.mark.parametrize(
    ("prompt", "seconds", "size"),
    [
        (PROMPT, 8, "1280x720"),
        (JAPANESE, 8, "1280x720"),
        (CITY, 8, "1280x720"),
        (SNOW, 8, "1280x720"),
        (LIGHTS, 4, "720x1280"),
    ],
    ids=["curl and the SDK", "requests", "curl", "fetch", "browser"],
)
def test_every_submit_sample_is_produced_exactly(prompt, seconds, size):
    sample = {"model": "sora-2", "prompt": prompt, "seconds": f"{seconds}", "size": size}

    assert json.dumps(body_of("sora-2", prompt, seconds=seconds, size=size)) == json.dumps(sample)


# ---- image-to-video: https://docs.apiyi.com/en/api-capabilities/sora-2/image-to-video


@pytest.mark.parametrize(
    "name", ["rocket-1280x720.jpg", "plain-1280x720.png", "rocket-1280x720.webp"]
)
@pytest.mark.parametrize("role", ["first_frame", "reference"])
def test_one_image_makes_a_form_of_texts_and_one_file(name, role):
    image = picture(name, role)
    request = request_for("sora-2", seconds=4, size="1280x720", images=[image])

    assert request.json is None
    assert request.form == {
        "model": "sora-2",
        "prompt": "a fox",
        "seconds": "4",
        "size": "1280x720",
    }
    ((field, (upload,)),) = request.files.items()
    assert (field, upload.name, upload.width, upload.height) == ("input_reference", name, 1280, 720)
    assert upload.content_type == f"image/{name.rpartition('.')[2].replace('jpg', 'jpeg')}"


GIF = b"GIF89a" + (1280).to_bytes(2, "little") + (720).to_bytes(2, "little") + bytes(20)


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        (
            {"images": [picture("rocket-640x427.jpg")], "size": "1280x720"},
            "must be exactly 1280x720",
        ),
        ({"images": [picture()], "size": "720x1280"}, "must be exactly 720x1280"),
        ({"images": [picture(), picture(role="reference")], "size": "1280x720"}, "cannot be mixed"),
        ({"images": [picture(role="last_frame")], "size": "1280x720"}, "last_frame"),
        ({"images": [Image("https://a.b/c.png")], "size": "1280x720"}, "takes files, not URLs"),
        ({"images": [Image(GIF)], "size": "1280x720"}, "png, jpeg, webp"),
        ({"size": "1920x1080"}, "720x1280, 1280x720"),
        ({"seconds": 10}, "4, 8, 12"),
        ({"seconds": 15}, "4, 8, 12"),
        ({"audio": False}, "audio"),
        ({"seed": 0}, "seed"),
        ({"negative_prompt": "rain"}, "negative_prompt"),
    ],
)
def test_what_the_pages_refuse_is_refused_before_any_request(wishes, words):
    refusal = answer_to(VideoJob("a fox", **wishes), "sora-2")

    assert isinstance(refusal, Refusal)
    assert words in str(refusal)


def test_a_picture_settles_the_size_where_none_is_asked_for():
    form = request_for("sora-2", images=[picture()]).form

    assert form == {"model": "sora-2", "prompt": "a fox", "size": "1280x720"}


# ---- Grok Imagine: https://docs.apiyi.com/en/api-capabilities/grok-imagine-video


def test_the_live_family_always_says_how_long_and_how_large():
    body = body_of("grok-imagine-video-1.5-lite", audio=True)

    assert body == {
        "model": "grok-imagine-video-1.5-lite",
        "prompt": "a fox",
        "seconds": "8",
        "size": "854x480",
    }


# ---- Veo 3.1 official: https://docs.apiyi.com/en/api-capabilities/veo-3-1-official/overview


def test_veo_nests_in_json():
    body = body_of("veo-3.1-fast", seconds=8, size="1920x1080", seed=0, negative_prompt="rain")

    assert body == {
        "model": "veo-3.1-fast-generate-preview",
        "prompt": "a fox",
        "seconds": "8",
        "size": "1920x1080",
        "metadata": {"negativePrompt": "rain", "seed": 0},
    }


def test_veo_is_flat_in_a_form():
    wishes = {"seconds": 6, "size": "1280x720", "seed": 0, "images": [picture()]}
    request = request_for("veo-3.1", **wishes)

    assert request.form == {
        "model": "veo-3.1-generate-preview",
        "prompt": "a fox",
        "seconds": "6",
        "size": "1280x720",
        "seed": "0",
    }


# ---- Veo 3.1 reversed: https://docs.apiyi.com/en/api-capabilities/veo/async-api


@pytest.mark.parametrize(
    ("model", "size", "wire_model"),
    [
        ("veo-3.1-reversed", None, "veo-3.1"),
        ("veo-3.1-reversed", "720x1280", "veo-3.1"),
        ("veo-3.1-reversed", "1280x720", "veo-3.1-landscape"),
        ("veo-3.1-reversed-fast", None, "veo-3.1-fast"),
        ("veo-3.1-reversed-fast", "1280x720", "veo-3.1-landscape-fast"),
    ],
)
def test_the_shape_is_in_the_models_name(model, size, wire_model):
    assert body_of(model, size=size, seconds=8) == {"model": wire_model, "prompt": "a fox"}


@pytest.mark.parametrize(
    ("model", "size", "wire_model"),
    [
        ("veo-3.1-reversed", None, "veo-3.1-fl"),
        ("veo-3.1-reversed", "1280x720", "veo-3.1-landscape-fl"),
        ("veo-3.1-reversed-fast", "1280x720", "veo-3.1-landscape-fast-fl"),
    ],
)
@pytest.mark.parametrize("count", [1, 2])
def test_first_and_last_frame_have_models_of_their_own(model, size, wire_model, count):
    images = [picture("plain-1280x720.png", "last_frame"), picture()][-count:]
    request = request_for(model, size=size, images=images)
    names = [upload.name for upload in request.files["input_reference"]]

    assert request.form == {"model": wire_model, "prompt": "a fox"}
    assert names == ["rocket-1280x720.jpg", "plain-1280x720.png"][:count]


# ---- the caller's own options


def options(**values):
    return {"apiyi": values}


def test_options_stand_as_the_caller_wrote_them():
    body = body_of("sora-2", seconds=4, options=options(seconds=8, quality="high", mood=None))

    assert body == {
        "model": "sora-2",
        "prompt": "a fox",
        "seconds": 8,
        "quality": "high",
        "mood": None,
    }


def test_options_in_a_form_are_texts_and_null_is_left_out():
    given = options(seconds=4, loop=True, extra={"a": [1]}, mood=None)
    form = request_for("sora-2", images=[picture()], options=given).form

    assert form == {
        "model": "sora-2",
        "prompt": "a fox",
        "size": "1280x720",
        "seconds": "4",
        "loop": "true",
        "extra": '{"a": [1]}',
    }


def test_options_are_laid_over_what_is_nested():
    given = options(metadata={"seed": 7, "aspectRatio": "16:9"})
    body = body_of("veo-3.1", seed=5, negative_prompt="rain", options=given)

    assert body == {
        "model": "veo-3.1-generate-preview",
        "prompt": "a fox",
        "metadata": {"negativePrompt": "rain", "seed": 7, "aspectRatio": "16:9"},
    }


def test_an_option_that_would_swallow_a_wish_is_refused():
    with pytest.raises(JobError, match=r"options\.apiyi\.metadata must be an object, because seed"):
        body_of("veo-3.1", seed=5, options=options(metadata="x"))


def test_an_option_with_a_dot_in_its_name_is_not_nested():
    assert body_of("sora-2", options=options(**{"a.b": 1}))["a.b"] == 1
