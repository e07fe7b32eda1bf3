"""Every request of MiniMax's pages and scripts, produced to the letter, on both wires."""

import json
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Inline, Request, Response, Task
from anyvideo.testing import adapter
from anyvideo_plugins import minimax
from anyvideo_plugins.minimax.videos import MiniMax, MiniMaxSettings

INTL = MiniMax()
CHINA = INTL.configure(MiniMaxSettings("cn"))
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
ID = "424010985738629"
H3 = Task("minimax", "minimax", INTL.base_url, ID, "minimax-h3")
HAILUO = evolve(H3, id="176843862716480", model="hailuo-2.3")
RAMEN = "Pull focus to the people in the background and add more steam to the ramen bowl."
STEAM = "https://cdn.hailuoai.com/prod/hailuo_demo/testsets/H3_AA_I2VA/4a3a90bf9100.png"
MOUSE = "https://cdn.hailuoai.com/prod/2024-09-18-16/user/multi_chat_file/9c0b5c14.jpeg"
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
FACE = Image("https://example.com/face.png", "reference")


def plan_for(model, vendor=INTL, prompt="a fox", **wishes):
    job = VideoJob(prompt, **wishes)
    (offer,) = [offer for offer in vendor.offers() if offer.answers_to(model)]
    plan = negotiate(job, offer, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def body_of(model, vendor=INTL, **wishes):
    request = next(vendor.submit(plan_for(model, vendor, **wishes)))
    path = "/v2/video_generation" if "h3" in model.lower() else "/v1/video_generation"
    assert (request.method, request.url, request.paid) == ("POST", path, True)
    assert (request.query, request.headers, request.form, request.files) == ({}, {}, None, {})
    assert (request.reference, request.idempotency) == ("", "")
    return request.json


def options(**values):
    return {"minimax": values}


def media(url, role, kind="image"):
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}, "role": role}


def text(prompt="a fox"):
    return {"type": "text", "text": prompt}


def h3(*media, prompt="a fox", model="MiniMax-H3", **more):
    """The body of a request of H3."""
    usual = {"resolution": "2K", "duration": 5, "ratio": "adaptive" if media else "16:9"}
    return {"model": model, "content": [text(prompt), *media], **usual, **more}


def test_the_plugin_offers_one_adapter_whose_region_is_a_setting():
    (offered,) = minimax.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("minimax", "MINIMAX_API_KEY")
    assert type(adapter("minimax")) is MiniMax
    assert offered.base_url == "https://api.minimax.io"
    assert CHINA.base_url == "https://api.minimaxi.com"


@pytest.mark.parametrize("region", ["eu", "", None])
def test_there_are_two_regions(region):
    with pytest.raises(ValueError, match="region"):
        MiniMaxSettings(region)


# ---- v2: the page on POST /v2/video_generation, the scripts of MiniMax-AI/MiniMax-H3, and the tests
# of vercel/ai, packages/minimax


@pytest.mark.parametrize(
    ("wishes", "body"),
    [
        (
            {"prompt": "一个男孩在海边打篮球", "resolution": "1440p", "aspect_ratio": "16:9"},
            h3(prompt="一个男孩在海边打篮球"),
        ),
        (
            {"prompt": RAMEN, "images": [Image(STEAM)], "resolution": "2K"},
            h3(media(STEAM, "first_frame"), prompt=RAMEN),
        ),
        (
            {"prompt": RAMEN, "images": [Image(STEAM)], "resolution": "768p", "seconds": 8},
            h3(media(STEAM, "first_frame"), prompt=RAMEN, resolution="768P", duration=8),
        ),
        ({"seconds": 10, "aspect_ratio": "9:16"}, h3(duration=10, ratio="9:16")),
        (
            {"images": [LAST, FIRST]},
            h3(media(FIRST.source, "first_frame"), media(LAST.source, "last_frame")),
        ),
        ({"images": [FACE]}, h3(media(FACE.source, "reference_image"))),
        (
            {"images": [FACE] * 9, "aspect_ratio": "21:9", "resolution": "768p"},
            h3(*[media(FACE.source, "reference_image")] * 9, ratio="21:9", resolution="768P"),
        ),
        ({"watermark": False}, h3(aigc_watermark=False)),
        ({"seconds": 4}, h3(duration=4)),
        ({"seconds": 15, "watermark": True}, h3(duration=15, aigc_watermark=True)),
    ],
)
def test_bodies_of_h3(wishes, body):
    sent = body_of("minimax-h3", **wishes)

    assert sent == body
    assert type(sent["duration"]) is int


@pytest.mark.parametrize(
    ("wishes", "more"),
    [
        ({}, {}),
        ({"resolution": "480p", "seconds": 15}, {"resolution": "480P", "duration": 15}),
        (
            {"options": options(extra={"prompt_expansion_mode": "quality"})},
            {"extra": {"prompt_expansion_mode": "quality"}},
        ),
    ],
)
def test_bodies_of_h3_max(wishes, more):
    body = {"model": "MiniMax-H3-Max", "resolution": "768P"}
    assert body_of("minimax-h3-max", **wishes) == h3(**{**body, **more})


# ---- v1: the pages -t2v, -i2v, -fl2v and -s2v


@pytest.mark.parametrize(
    ("model", "wishes", "body"),
    [
        (
            "hailuo-2.3",
            {"prompt": "A mouse runs.", "images": [Image(MOUSE)], "resolution": "1080p"},
            {"prompt": "A mouse runs.", "first_frame_image": MOUSE, "resolution": "1080P"},
        ),
        ("hailuo-2.3", {"prompt": "x [Push in]"}, {"prompt": "x [Push in]"}),
        ("hailuo-2.3", {"seconds": 10}, {"duration": 10}),
        (
            "hailuo-2.3",
            {"enhance_prompt": False, "watermark": False},
            {"prompt_optimizer": False, "aigc_watermark": False},
        ),
        (
            "hailuo-2.3",
            {"enhance_prompt": True, "options": options(fast_pretreatment=True)},
            {"prompt_optimizer": True, "fast_pretreatment": True},
        ),
        (
            "hailuo-2.3-fast",
            {"images": [FIRST], "seconds": 10, "resolution": "768p"},
            {"first_frame_image": FIRST.source, "duration": 10},
        ),
        (
            "hailuo-02",
            {"images": [LAST, FIRST], "resolution": "1080p"},
            {
                "first_frame_image": FIRST.source,
                "last_frame_image": LAST.source,
                "resolution": "1080P",
            },
        ),
        ("hailuo-02", {"images": [LAST]}, {"last_frame_image": LAST.source}),
        (
            "hailuo-02",
            {"images": [FIRST], "resolution": "512p", "seconds": 10},
            {"first_frame_image": FIRST.source, "resolution": "512P", "duration": 10},
        ),
    ],
)
def test_bodies_of_hailuo(model, wishes, body):
    names = {"hailuo-02": "02", "hailuo-2.3": "2.3", "hailuo-2.3-fast": "2.3-Fast"}
    usual = {"model": f"MiniMax-Hailuo-{names[model]}", "prompt": "a fox"}

    sent = body_of(model, **wishes)
    assert sent == {**usual, "duration": 6, "resolution": "768P", **body}
    assert type(sent["duration"]) is int


def test_a_face_of_s2v():
    assert body_of("S2V-01", prompt="A girl runs", images=[FACE]) == {
        "model": "S2V-01",
        "prompt": "A girl runs",
        "subject_reference": [{"type": "character", "image": [FACE.source]}],
    }


def test_a_whole_number_of_seconds_is_an_integer():
    assert json.dumps(body_of("hailuo-2.3", seconds=10.0)["duration"]) == "10"
    assert json.dumps(body_of("minimax-h3", seconds=5.0)["duration"]) == "5"


@pytest.mark.parametrize("name", ["MiniMax-H3", "MiniMax-Hailuo-02", "MiniMax-Hailuo-2.3"])
def test_both_regions_have_the_same_bodies_and_the_vendors_names(name):
    assert body_of(name) == body_of(name, CHINA)
    assert body_of(name)["model"] == name


@pytest.mark.parametrize(
    ("model", "role", "path"),
    [
        ("minimax-h3", "first_frame", ("content", 1, "image_url", "url")),
        ("minimax-h3", "reference", ("content", 1, "image_url", "url")),
        ("hailuo-2.3-fast", "first_frame", ("first_frame_image",)),
        ("hailuo-02", "last_frame", ("last_frame_image",)),
        ("s2v-01", "reference", ("subject_reference", 0, "image", 0)),
    ],
)
def test_a_local_image_is_a_data_url(model, role, path):
    plan = plan_for(model, images=[Image(PHOTO, role)])
    (upload,) = plan.uploads.values()
    value: Any = next(INTL.submit(plan)).json
    for step in path:
        value = value[step]

    assert value == Inline(upload)
    assert upload.content_type == "image/png"


# ---- options


def test_options_stand_as_the_caller_wrote_them_and_null_removes_a_parameter():
    given = options(duration=9.0, resolution=None, callback_url="https://example.com/hook")

    assert body_of("minimax-h3", seconds=5, options=given) == {
        "model": "MiniMax-H3",
        "content": [text()],
        "duration": 9.0,
        "ratio": "16:9",
        "callback_url": "https://example.com/hook",
    }
    assert body_of("hailuo-2.3", options=options(resolution=None, prompt="b")) == {
        "model": "MiniMax-Hailuo-2.3",
        "prompt": "b",
        "duration": 6,
    }


def test_an_option_may_be_the_whole_content():
    content = [text("use it"), media("https://example.com/v.mp4", "reference_video", "video")]

    assert body_of("minimax-h3", options=options(content=content))["content"] == content


def test_content_does_not_replace_the_jobs_own_images():
    plan = plan_for("minimax-h3", images=[FIRST], options=options(content=[]))
    with pytest.raises(JobError, match=r"options\.minimax\.content contradicts"):
        next(INTL.submit(plan))


# ---- the other requests


def test_a_task_of_h3_is_asked_for_in_the_path():
    asked = Request("GET", f"/v2/query/video_generation/{ID}")

    for operation in (INTL.status, INTL.locate, INTL.cancel):
        assert next(operation(H3)) == asked
    assert next(INTL.status(evolve(H3, id="a/b"))).url == "/v2/query/video_generation/a%2Fb"
    assert next(INTL.status(evolve(H3, model="minimax-h4"))) == evolve(asked)


@pytest.mark.parametrize("model", ["hailuo-2.3", "hailuo-2.3-fast", "hailuo-02", "s2v-01"])
def test_a_task_of_hailuo_is_asked_for_in_the_query(model):
    task = evolve(HAILUO, model=model)
    asked = Request("GET", "/v1/query/video_generation", query={"task_id": "176843862716480"})

    for operation in (INTL.status, INTL.locate, INTL.cancel):
        assert next(operation(task)) == asked


def test_a_file_is_asked_for_by_its_id():
    known = evolve(HAILUO, extra={"file_id": "176844028768320"})
    asked = Request("GET", "/v1/files/retrieve", query={"file_id": "176844028768320"})
    assert next(INTL.locate(known)) == asked

    flow = INTL.locate(HAILUO)
    next(flow)
    body = b'{"status": "Success", "file_id": 176844028768320, "base_resp": {"status_code": 0}}'
    assert flow.send(Response(200, {}, body)) == asked
