"""Every request of Ark's documents and of clients that probed it, produced to the letter."""

import json
from pathlib import Path

import pytest
from attrs import evolve

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Inline, Request, Task
from anyvideo.testing import adapter
from anyvideo_plugins import ark
from anyvideo_plugins.ark.tasks import Ark, ArkSettings, encode

INTL = Ark()
CHINA = INTL.configure(ArkSettings("cn"))
TASKS = "/api/v3/contents/generations/tasks"
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
FACE = Image("https://example.com/face.png", "reference")
TASK = Task("ark", "ark", INTL.base_url, "cgt-20260721134956-h5cz9", "seedance-2.0")


def plan_for(model, vendor=INTL, prompt="a fox", **wishes):
    job = VideoJob(prompt, **wishes)
    (offer,) = [offer for offer in vendor.offers() if offer.answers_to(model)]
    plan = negotiate(job, offer, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def body_of(model, vendor=INTL, **wishes):
    request = encode(plan_for(model, vendor, **wishes))
    assert (request.method, request.url, request.paid) == ("POST", TASKS, True)
    assert (request.query, request.headers, request.form, request.files) == ({}, {}, None, {})
    return request.json


def options(**values):
    return {"ark": values}


def media(url, role, kind="image"):
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}, "role": role}


def text(prompt="a fox"):
    return {"type": "text", "text": prompt}


def test_the_plugin_offers_one_adapter_whose_region_is_a_setting():
    (offered,) = ark.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("ark", "ARK_API_KEY")
    assert type(adapter("ark")) is Ark
    assert offered.base_url == "https://ark.ap-southeast.bytepluses.com"
    assert CHINA.base_url == "https://ark.cn-beijing.volces.com"


@pytest.mark.parametrize("region", ["eu", "", None])
def test_there_are_two_regions(region):
    with pytest.raises(ValueError, match="region"):
        ArkSettings(region)


# ---- docs.byteplus.com/en/docs/ModelArk/1520757 and the SDK's create(...)


def test_a_job_with_everything_that_the_page_names():
    body = body_of(
        "seedance-2.0",
        prompt="The cat turns around",
        images=[FIRST, LAST],
        aspect_ratio="16:9",
        resolution="720p",
        seconds=5,
        seed=11,
        audio=True,
        watermark=False,
        options=options(
            return_last_frame=False,
            callback_url="https://example.com/hook",
            execution_expires_after=172800,
            priority=0,
            safety_identifier="user-hash-abc",
        ),
    )

    assert body == {
        "model": "dreamina-seedance-2-0-260128",
        "content": [
            text("The cat turns around"),
            media("https://example.com/first.png", "first_frame"),
            media("https://example.com/last.png", "last_frame"),
        ],
        "ratio": "16:9",
        "resolution": "720p",
        "duration": 5,
        "seed": 11,
        "generate_audio": True,
        "watermark": False,
        "return_last_frame": False,
        "callback_url": "https://example.com/hook",
        "execution_expires_after": 172800,
        "priority": 0,
        "safety_identifier": "user-hash-abc",
    }


# Samples of others: a probe of 2.0 mini by its first user (github, 2026-08), docs.apiyi.com/en
# seedance2/video-generation, and doc-en.302.ai/344157192e0. The last two are of the region in China.
PROBE = {
    "model": "dreamina-seedance-2-0-mini-260615",
    "content": [text("a calm ocean wave at sunset, cinematic")],
    "resolution": "480p",
    "ratio": "16:9",
    "duration": 4,
    "generate_audio": False,
    "watermark": False,
}
APIYI = {
    "model": "doubao-seedance-2-0-fast-260128",
    "content": [text("无人机航拍视角飞越秋天的山谷")],
    "resolution": "720p",
    "ratio": "16:9",
    "duration": 5,
    "generate_audio": False,
}
FRAMES = {
    "model": "doubao-seedance-1-5-pro-251215",
    "content": [
        text("360-degree orbiting camera shot"),
        media("https://example.com/first.png", "first_frame"),
        media("https://example.com/last.png", "last_frame"),
    ],
    "resolution": "720p",
    "ratio": "16:9",
    "duration": 10,
    "generate_audio": True,
    "service_tier": "default",
}


@pytest.mark.parametrize(
    ("sample", "vendor", "wishes"),
    [
        (PROBE, INTL, {"watermark": False}),
        (APIYI, CHINA, {}),
        (FRAMES, CHINA, {"images": [LAST, FIRST], "options": options(service_tier="default")}),
    ],
    ids=["a probe of mini", "docs.apiyi.com", "302.ai"],
)
def test_the_samples_of_others(sample, vendor, wishes):
    body = body_of(
        sample["model"],
        vendor,
        prompt=sample["content"][0]["text"],
        resolution=sample["resolution"],
        aspect_ratio=sample["ratio"],
        seconds=sample["duration"],
        audio=sample["generate_audio"],
        **wishes,
    )

    assert body == sample


@pytest.mark.parametrize("vendor", [INTL, CHINA], ids=["intl", "cn"])
def test_the_length_and_the_resolution_are_always_sent(vendor):
    """Without a length, 2.5 chooses one itself and may double the bill."""
    for offer in vendor.offers():
        body = body_of(offer.model, vendor)
        assert body["model"] == offer.wire_model
        assert body["content"] == [text()]
        assert (body["duration"], type(body["duration"])) == (5, int)
        assert body["resolution"] == ("1080p" if "1-0" in offer.model else "720p")
        assert "ratio" not in body


@pytest.mark.parametrize(("seconds", "sent"), [(5.0, "5"), (12, "12")])
def test_a_whole_number_of_seconds_is_an_integer(seconds, sent):
    assert json.dumps(body_of("seedance-2.0", seconds=seconds)["duration"]) == sent


@pytest.mark.parametrize(
    ("model", "resolution", "word"),
    [
        ("seedance-2.0", "2160p", "4k"),
        ("seedance-2.0", "4k", "4k"),
        ("seedance-2.5", "1080p", "1080p"),
    ],
)
def test_the_words_for_resolutions(model, resolution, word):
    assert body_of(model, resolution=resolution)["resolution"] == word


@pytest.mark.parametrize(
    ("model", "audio", "sent"),
    [
        ("seedance-2.5", True, True),
        ("seedance-2.0-mini", False, False),
        ("seedance-2.0", None, None),
        ("seedance-1-5-pro", None, True),  # the price depends on it
        ("seedance-1-5-pro", False, False),
        ("seedance-1-0-pro", False, None),  # silent, and has no such parameter
    ],
)
def test_sound(model, audio, sent):
    assert body_of(model, audio=audio).get("generate_audio") is sent


@pytest.mark.parametrize("seed", [0, 7])
def test_falsy_fields_are_values(seed):
    body = body_of("seedance-1-0-pro-fast", seed=seed, watermark=False)

    assert (body["seed"], body["watermark"]) == (seed, False)


# ---- images


@pytest.mark.parametrize(
    ("model", "images", "roles"),
    [
        ("seedance-2.0", [FIRST], ["first_frame"]),
        ("seedance-2.0", [LAST, FIRST], ["first_frame", "last_frame"]),
        ("seedance-2.0-fast", [FACE] * 9, ["reference_image"] * 9),
        ("seedance-2.5", [FACE] * 30, ["reference_image"] * 30),
        ("seedance-1-0-pro-fast", [FIRST], ["first_frame"]),
    ],
)
def test_images_follow_the_prompt_each_with_its_role(model, images, roles):
    content = body_of(model, images=images)["content"]

    assert content[0] == text()
    assert [item["role"] for item in content[1:]] == roles
    assert {item["type"] for item in content[1:]} == {"image_url"}


@pytest.mark.parametrize(
    ("model", "images", "ratio"),
    [
        ("seedance-2.5", [FIRST], "adaptive"),
        ("seedance-2.5", [FIRST, LAST], "adaptive"),
        ("seedance-2.5", [FACE], None),
        ("seedance-2.5", [], None),
        ("seedance-2.0", [FIRST], None),
        ("seedance-1-0-pro", [FIRST], None),
    ],
)
def test_frames_of_2_5_set_the_ratio(model, images, ratio):
    assert body_of(model, images=images).get("ratio") == ratio


def test_a_ratio_stands_beside_the_frames_of_2_0_and_the_references_of_2_5():
    for model, image in (("seedance-2.0", FIRST), ("seedance-2.5", FACE)):
        assert body_of(model, images=[image], aspect_ratio="9:16")["ratio"] == "9:16"


def test_a_local_image_is_a_data_url():
    plan = plan_for("seedance-2.0", images=[Image(PHOTO, "reference")])
    (upload,) = plan.uploads.values()
    request = encode(plan)

    assert upload.content_type == "image/png"
    assert isinstance(request.json, dict)
    assert request.json["content"][1] == media(Inline(upload), "reference_image")


# ---- options


def test_options_stand_as_the_caller_wrote_them_and_null_removes_a_parameter():
    given = options(duration=-1, resolution=None, tools=[{"type": "web_search"}], seed=7.0)
    body = body_of("seedance-2.0", seconds=5, options=given)

    assert body == {
        "model": "dreamina-seedance-2-0-260128",
        "content": [text()],
        "duration": -1,
        "tools": [{"type": "web_search"}],
        "seed": 7.0,
    }


def test_an_option_may_be_the_whole_content():
    content = [
        text("use the video"),
        media("https://example.com/v.mp4", "reference_video", "video"),
    ]

    assert body_of("seedance-2.5", options=options(content=content))["content"] == content
    assert body_of("seedance-2.5", options=options(prompt="x"))["prompt"] == "x"


def test_content_does_not_replace_the_jobs_own_images():
    plan = plan_for("seedance-2.0", images=[FIRST], options=options(content=[]))
    with pytest.raises(JobError, match=r"options\.ark\.content contradicts"):
        next(INTL.submit(plan))


# ---- the other requests


def test_a_task_is_asked_for_by_its_id():
    asked = Request("GET", f"{TASKS}/cgt-20260721134956-h5cz9")

    assert next(INTL.status(TASK)) == asked
    assert next(INTL.locate(TASK)) == asked
    assert next(INTL.cancel(TASK)) == asked
    assert next(INTL.status(evolve(TASK, id="a/b"))).url == f"{TASKS}/a%2Fb"
