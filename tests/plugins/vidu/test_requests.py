"""Every request on Vidu's pages, produced to the letter, and how calls are authenticated."""

from pathlib import Path
from typing import Any

import pytest

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Inline
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Request, Task
from anyvideo.testing import adapter
from anyvideo_plugins import vidu
from anyvideo_plugins.vidu.videos import Vidu, ViduSettings, encode

VIDU = Vidu()
PHOTO = Path(__file__).parents[2] / "images/rocket-1280x720.jpg"
TEMPLATES = "https://prod-ss-images.s3.cn-northwest-1.amazonaws.com.cn/vidu-maas/template"
FIRST = Image(f"{TEMPLATES}/startend2video-1.jpeg")
LAST = Image(f"{TEMPLATES}/startend2video-2.jpeg", "last_frame")
REFERENCES = [Image(f"{TEMPLATES}/reference2video-{n}.png", "reference") for n in (1, 2, 3)]


def plan_for(model, prompt="a fox", **wishes):
    (offer,) = [offer for offer in VIDU.offers() if offer.answers_to(model)]
    job = VideoJob(prompt, **wishes)
    plan = negotiate(job, offer, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def request_for(model, prompt="a fox", **wishes):
    request = encode(plan_for(model, prompt, **wishes))
    assert (request.method, request.paid, request.query, request.form) == ("POST", True, {}, None)
    assert (request.headers, request.files) == ({}, {})
    assert (request.reference, request.idempotency) == ("", "")
    return request.url, request.json


def test_the_plugin_offers_its_adapter():
    (offered,) = vidu.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("vidu", "VIDU_API_KEY")
    assert offered.base_url == "https://api.vidu.com"
    assert type(adapter("vidu")) is Vidu


# ---- the samples of https://platform.vidu.com/docs

ASTRONAUT = (
    "In an ultra-realistic fashion photography style featuring light blue and pale amber tones, an"
    " astronaut in a spacesuit walks through the fog."
)


def test_the_pages_text_to_video():
    # docs.powertokens.ai, which forwards Vidu's own body.
    asked = {"seconds": 5, "aspect_ratio": "16:9", "resolution": "720p"}

    assert request_for("vidu-q3-turbo", "A small cat running on grass, sunny day", **asked) == (
        "/ent/v2/text2video",
        {
            "model": "viduq3-turbo",
            "prompt": "A small cat running on grass, sunny day",
            "duration": 5,
            "aspect_ratio": "16:9",
            "resolution": "720p",
        },
    )


def test_the_pages_text_to_video_of_an_old_model():
    options = {"vidu": {"movement_amplitude": "auto", "off_peak": False}}
    asked = {"seed": 0, "style": "general", "aspect_ratio": "16:9", "options": options}

    assert request_for("vidu-q1", ASTRONAUT, **asked) == (
        "/ent/v2/text2video",
        {
            "model": "viduq1",
            "style": "general",
            "prompt": ASTRONAUT,
            "duration": 5,
            "seed": 0,
            "aspect_ratio": "16:9",
            "resolution": "1080p",
            "movement_amplitude": "auto",
            "off_peak": False,
        },
    )


def test_the_pages_image_to_video():
    image = Image(f"{TEMPLATES}/image2video.png")
    options = {"vidu": {"movement_amplitude": "auto", "off_peak": False}}
    asked = {"seconds": 5, "seed": 0, "resolution": "1080p", "images": [image], "options": options}

    assert request_for("vidu-q2-pro", "The astronaut waved and the camera moved up.", **asked) == (
        "/ent/v2/img2video",
        {
            "model": "viduq2-pro",
            "images": [image.source],
            "prompt": "The astronaut waved and the camera moved up.",
            "duration": 5,
            "seed": 0,
            "resolution": "1080p",
            "movement_amplitude": "auto",
            "off_peak": False,
        },
    )


@pytest.mark.parametrize("images", [[FIRST, LAST], [LAST, FIRST]], ids=["in order", "reversed"])
def test_the_pages_start_end_to_video(images):
    asked = {"seconds": 5, "seed": 0, "resolution": "1080p", "images": images}

    assert request_for("vidu-q2-pro", "The camera zooms in on the bird.", **asked) == (
        "/ent/v2/start-end2video",
        {
            "model": "viduq2-pro",
            "images": [FIRST.source, LAST.source],
            "prompt": "The camera zooms in on the bird.",
            "duration": 5,
            "seed": 0,
            "resolution": "1080p",
        },
    )


def test_the_pages_reference_to_video():
    options = {"vidu": {"movement_amplitude": "auto", "off_peak": False}}
    asked = {"seconds": 5, "seed": 0, "aspect_ratio": "16:9", "resolution": "720p", "audio": True}
    prompt = "Santa Claus and the bear hug by the lakeside."

    assert request_for("viduq3", prompt, images=REFERENCES, options=options, **asked) == (
        "/ent/v2/reference2video",
        {
            "model": "viduq3",
            "images": [image.source for image in REFERENCES],
            "prompt": prompt,
            "duration": 5,
            "seed": 0,
            "aspect_ratio": "16:9",
            "resolution": "720p",
            "audio": True,
            "movement_amplitude": "auto",
            "off_peak": False,
        },
    )


# ---- each tier, images and options


@pytest.mark.parametrize(
    ("images", "mode", "shape"),
    [
        ([], "text2video", {"aspect_ratio": "16:9"}),
        ([FIRST], "img2video", {}),
        ([FIRST, LAST], "start-end2video", {}),
        (REFERENCES[:1], "reference2video", {"aspect_ratio": "16:9"}),
        (REFERENCES, "reference2video", {"aspect_ratio": "16:9"}),
    ],
    ids=["text", "first frame", "both frames", "reference", "references"],
)
@pytest.mark.parametrize("lines", ["540p", "720p", "1080p"])
def test_the_images_choose_the_path(images, mode, shape, lines):
    wishes = {"seconds": 16, "resolution": lines, "audio": False, "images": images}
    url, body = request_for("vidu-q3-turbo", **wishes)
    listed = {"images": [image.source for image in images]} if images else {}
    common = {"model": "viduq3-turbo", "prompt": "a fox", "duration": 16, "resolution": lines}

    assert url == f"/ent/v2/{mode}"
    assert body == {**common, "audio": False, **shape, **listed}
    assert type(body["duration"]) is int


@pytest.mark.parametrize(
    ("model", "wishes", "sent"),
    [
        ("vidu-q3-pro", {}, {"duration": 5, "resolution": "720p", "aspect_ratio": "16:9"}),
        (
            "vidu-q3-mix",
            {"images": REFERENCES[:1]},
            {"duration": 5, "resolution": "720p", "aspect_ratio": "16:9"},
        ),
        ("vidu-q3-pro-fast", {"images": [FIRST]}, {"duration": 5, "resolution": "720p"}),
        ("vidu-q2", {}, {"duration": 5, "resolution": "720p", "aspect_ratio": "16:9"}),
        ("vidu-q2-turbo", {"images": [FIRST]}, {"duration": 5, "resolution": "720p"}),
        ("vidu-q2-pro-fast", {"images": [FIRST, LAST]}, {"duration": 5, "resolution": "720p"}),
        ("vidu-q1-classic", {"images": [FIRST]}, {"duration": 5, "resolution": "1080p"}),
        ("vidu-2.0", {"images": [FIRST]}, {"duration": 4, "resolution": "360p"}),
        ("vidu-2.0", {"images": [FIRST], "seconds": 8}, {"duration": 8, "resolution": "720p"}),
    ],
)
def test_what_decides_the_price_is_always_sent(model, wishes, sent):
    _, body = request_for(model, **wishes)
    extra = {name: body[name] for name in body.keys() - {"model", "prompt", "images"}}

    assert extra == sent


@pytest.mark.parametrize("watermark", [True, False])
def test_the_other_fields(watermark):
    _, body = request_for("vidu-q3-pro", seed=7, watermark=watermark, audio=True)

    assert (body["seed"], body["watermark"], body["audio"]) == (7, watermark, True)


def test_a_local_image_is_a_data_url():
    local = Image(str(PHOTO), "last_frame")
    plan = plan_for("vidu-q3-pro", images=[local, FIRST])
    sent = Inline(plan.uploads[local])

    body: Any = encode(plan).json
    assert body["images"] == [FIRST.source, sent]
    assert sent.bare is False


# What else the pages name.
OPTIONS = {
    "off_peak": True,
    "is_rec": True,
    "bgm": True,
    "audio_type": "speech_only",
    "payload": "my-opaque-id",
    "callback_url": "https://example.com/vidu",
    "wm_position": 3,
    "meta_data": '{"Label": "x"}',
}


def test_options_are_sent_as_they_are_and_null_removes():
    options = {"vidu": {**OPTIONS, "duration": 0, "resolution": None, "images": ["ssupload:?id=1"]}}
    url, body = request_for("vidu-q3-pro", images=[FIRST], options=options)

    assert url == "/ent/v2/img2video"
    assert body == {
        "model": "viduq3-pro",
        "prompt": "a fox",
        "duration": 0,
        "images": ["ssupload:?id=1"],
        **OPTIONS,
    }


@pytest.mark.parametrize("name", ["subjects", "videos"])
def test_references_in_the_options_choose_the_path_too(name):
    given = [{"name": "fox", "images": ["https://example.com/fox.png"], "voice_id": ""}]
    url, body = request_for("vidu-q2", "@fox runs", options={"vidu": {name: given}})

    assert (url, body[name]) == ("/ent/v2/reference2video", given)
    assert request_for("vidu-q2", options={"vidu": {name: None}})[0] == "/ent/v2/text2video"


# ---- polls, keys and regions


def test_a_task_is_asked_for_and_cancelled_by_its_id():
    task = Task("vidu", "vidu", VIDU.base_url, "a/b", "vidu-q3-pro")

    assert next(VIDU.status(task)) == Request("GET", "/ent/v2/tasks/a%2Fb/creations")
    assert next(VIDU.cancel(task)) == Request(
        "POST", "/ent/v2/tasks/a%2Fb/cancel", json={"id": "a/b"}
    )


def test_the_key_follows_the_word_token():
    headers = VIDU.authorize(Request("GET", "/"), "vda_1", b"", 0.0)

    assert headers == {"authorization": "Token vda_1"}


def test_china_has_its_own_host_and_no_prices():
    china = VIDU.configure(ViduSettings("cn"))

    assert china.base_url == "https://api.vidu.cn"
    assert VIDU.configure(ViduSettings()) == VIDU
    assert [offer.name for offer in china.offers()] == [offer.name for offer in VIDU.offers()]
    assert {tier.price for offer in china.offers() for tier in offer.tiers} == {None}
    elsewhere: Any = "us"
    with pytest.raises(ValueError, match="us"):
        ViduSettings(elsewhere)


def test_no_lost_job_is_looked_for_and_no_callback_is_asked_for():
    assert not hasattr(VIDU, "find")
    assert not hasattr(VIDU, "webhook")
