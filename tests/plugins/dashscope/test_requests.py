"""Every request of DashScope's documents and of other projects' suites, produced to the letter."""

import json
from pathlib import Path

import pytest
from attrs import evolve

from anyvideo.errors import JobError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image, Role
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Inline, Request, Task
from anyvideo.testing import adapter
from anyvideo_plugins import dashscope
from anyvideo_plugins.dashscope.regions import DashScopeSettings
from anyvideo_plugins.dashscope.requests import encode
from anyvideo_plugins.dashscope.tasks import DashScope
from tests.plugins.dashscope.samples import ID, SYNTHESIS, TASKS

VENDOR = DashScope()
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
FIRST = Image("https://example.com/first.png")
LAST = Image("https://example.com/last.png", "last_frame")
FACE = Image("https://example.com/face.png", "reference")
TASK = Task("dashscope", "dashscope", VENDOR.base_url, ID, "wan3.0")


def plan_for(model, prompt="a fox", **wishes):
    job = VideoJob(prompt, **wishes)
    (offer,) = [offer for offer in VENDOR.offers() if offer.model == model]
    plan = negotiate(job, offer, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def body_of(model, **wishes):
    request = encode(plan_for(model, **wishes))
    assert (request.method, request.url, request.paid) == ("POST", SYNTHESIS, True)
    assert request.headers == {"X-DashScope-Async": "enable"}
    assert (request.query, request.form, request.files) == ({}, None, {})
    return request.json


def options(**values):
    return {"dashscope": values}


def media(url, kind):
    return {"type": kind, "url": url}


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        ((), "https://dashscope-intl.aliyuncs.com"),
        (("intl", "ws-1"), "https://ws-1.ap-southeast-1.maas.aliyuncs.com"),
        (("cn",), "https://dashscope.aliyuncs.com"),
        (("cn", "llm-8z"), "https://llm-8z.cn-beijing.maas.aliyuncs.com"),
        (("us",), "https://dashscope-us.aliyuncs.com"),
        (("us", "w"), "https://w.us-east-1.maas.aliyuncs.com"),
        (("hk", "w"), "https://w.cn-hongkong.maas.aliyuncs.com"),
        (("eu", "w"), "https://w.eu-central-1.maas.aliyuncs.com"),
        (("jp", "w"), "https://w.ap-northeast-1.maas.aliyuncs.com"),
    ],
)
def test_the_hosts_of_the_regions(settings, url):
    assert VENDOR.configure(DashScopeSettings(*settings)).base_url == url


@pytest.mark.parametrize(
    "settings",
    [("sg",), ("",), (None,), ("hk",), ("eu",), ("jp",), ("cn", "evil.com/"), ("cn", "a.b")],
)
def test_what_is_no_region_and_no_workspace(settings):
    with pytest.raises(ValueError, match=r"region|workspace"):
        DashScopeSettings(*settings)


def test_the_plugin_offers_one_adapter():
    (offered,) = dashscope.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("dashscope", "DASHSCOPE_API_KEY")
    assert type(adapter("dashscope")) is DashScope


# ---- the samples of the pages, and of others

HELP = "https://help-static-aliyun-doc.aliyuncs.com/file-manage-files/zh-CN"
# The page of Wan 3.0, as the facts have it, and LiteLLM's suite.
WAN_3 = {
    "model": "wan3.0-video",
    "input": {
        "prompt": "A kitten",
        "media": [
            media("https://example.com/first.png", "first_frame"),
            media("https://example.com/last.png", "last_frame"),
        ],
    },
    "parameters": {
        "resolution": "720P",
        "duration": 5,
        "audio": True,
        "watermark": False,
        "seed": 1,
    },
}
LITELLM = {
    "model": "wan3.0-video",
    "input": {"prompt": "a cat on a roof"},
    "parameters": {"resolution": "720P", "ratio": "16:9", "duration": 10},
}
# Wan 2.7: text with a negative prompt, first and last frame, and references.
WAN_27 = {
    "model": "wan2.7-t2v",
    "input": {"prompt": "一只小猫在月光下奔跑", "negative_prompt": "花朵"},
    "parameters": {"resolution": "720P", "ratio": "16:9", "duration": 5},
}
WAN_27_FRAMES = {
    "model": "wan2.7-i2v",
    "input": {
        "prompt": "写实风格,一只小黑猫好奇地仰望天空",
        "media": [
            media("https://wanx.alicdn.com/material/20250318/first_frame.png", "first_frame"),
            media("https://wanx.alicdn.com/material/20250318/last_frame.png", "last_frame"),
        ],
    },
    "parameters": {
        "resolution": "720P",
        "duration": 10,
        "prompt_extend": False,
        "watermark": True,
    },
}
WAN_27_REFERENCE = {
    "model": "wan2.7-r2v",
    "input": {
        "prompt": "参考图片3D卡通冒险电影风",
        "media": [media(f"{HELP}/20260403/wgjaxy/banana_storyboard.png", "reference_image")],
    },
    "parameters": {
        "resolution": "720P",
        "duration": 10,
        "prompt_extend": False,
        "watermark": True,
    },
}
# HappyHorse 1.1: text, a first frame, references.
HORSE = {
    "model": "happyhorse-1.1-t2v",
    "input": {"prompt": "A miniature city built from cardboard and bottle caps"},
    "parameters": {"resolution": "720P", "ratio": "16:9", "duration": 5},
}
HORSE_FRAME = {
    "model": "happyhorse-1.1-i2v",
    "input": {
        "prompt": "A cat running on the grass",
        "media": [media("https://cdn.translate.alibaba.com/r/wanx-demo-1.png", "first_frame")],
    },
    "parameters": {"resolution": "720P", "duration": 5},
}
HORSE_REFERENCES = {
    "model": "happyhorse-1.1-r2v",
    "input": {
        "prompt": "A woman in a red qipao from [Image 1] with the fan from [Image 2]",
        "media": [
            media(f"{HELP}/20260424/mvzfud/hh-v2v-girl.jpg", "reference_image"),
            media(f"{HELP}/20260424/fvuihk/hh-v2v2-folding-fan.jpg", "reference_image"),
        ],
    },
    "parameters": {"resolution": "720P", "ratio": "16:9", "duration": 5},
}
# The legacy pages: a size with a star, and img_url with a resolution; references of 2.6.
WAN_26 = {
    "model": "wan2.6-t2v",
    "input": {"prompt": "a small general"},
    "parameters": {
        "size": "1280*720",
        "prompt_extend": True,
        "duration": 10,
        "shot_type": "multi",
    },
}
WAN_26_FRAME = {
    "model": "wan2.6-i2v-flash",
    "input": {
        "prompt": "A scene of urban fantasy art.",
        "img_url": f"{HELP}/20250925/wpimhv/rap.png",
        "audio_url": f"{HELP}/20250925/ozwpvi/rap.mp3",
    },
    "parameters": {
        "resolution": "720P",
        "prompt_extend": True,
        "duration": 10,
        "audio": True,
        "shot_type": "multi",
    },
}
WAN_26_REFERENCES = {
    "model": "wan2.6-r2v",
    "input": {
        "prompt": "character1 on the sofa",
        "reference_urls": ["https://example.com/1.png", "https://example.com/2.png"],
    },
    "parameters": {"size": "1280*720", "duration": 5},
}
WISHES = {"duration": "seconds", "ratio": "aspect_ratio", "prompt_extend": "enhance_prompt"}
ROLES: dict[str, Role] = {
    "first_frame": "first_frame",
    "last_frame": "last_frame",
    "reference_image": "reference",
}


def read_wishes(sample):
    """The job of a sample: what it says in the vendor's words, in ours."""
    given, chosen = dict(sample["input"]), dict(sample["parameters"])
    items = given.pop("media", [])
    images = [Image(item["url"], ROLES[item["type"]]) for item in items]
    images += [Image(given.pop("img_url"))] if "img_url" in given else []
    images += [Image(url, "reference") for url in given.pop("reference_urls", [])]
    extras = {name: given.pop(name) for name in ("audio_url",) if name in given}
    extras |= {name: chosen.pop(name) for name in ("shot_type",) if name in chosen}
    if "resolution" in chosen:
        chosen["resolution"] = chosen["resolution"].lower()
    if "size" in chosen:
        chosen |= {"resolution": "720p", "ratio": "16:9"}
        del chosen["size"]
    wishes = {WISHES.get(name, name): value for name, value in {**given, **chosen}.items()}
    return {**wishes, "images": images, "options": options(**extras)}


@pytest.mark.parametrize(
    ("model", "sample"),
    [
        ("wan3.0", WAN_3),
        ("wan3.0", LITELLM),
        ("wan2.7", WAN_27),
        ("wan2.7", WAN_27_FRAMES),
        ("wan2.7", WAN_27_REFERENCE),
        ("happyhorse-1.1", HORSE),
        ("happyhorse-1.1", HORSE_FRAME),
        ("happyhorse-1.1", HORSE_REFERENCES),
        ("wan2.6", WAN_26),
        ("wan2.6-i2v-flash", WAN_26_FRAME),
        ("wan2.6", WAN_26_REFERENCES),
    ],
)
def test_the_samples(model, sample):
    body = body_of(model, **read_wishes(sample))

    assert body == sample
    assert list(body) == ["model", "input", "parameters"]


# ---- what each choice is in the vendor's words


def test_the_length_and_the_size_are_always_sent():
    """Without them 5 s at 1080P are made, and billed."""
    for offer in VENDOR.offers():
        images = [FIRST] if "i2v" in offer.model else []
        chosen = body_of(offer.model, images=images)["parameters"]
        assert (chosen["duration"], type(chosen["duration"])) == (5, int)
        assert chosen.get("resolution", chosen.get("size")) in {"1080P", "1920*1080"}
        assert "ratio" not in chosen


@pytest.mark.parametrize(("seconds", "sent"), [(5.0, "5"), (30, "30")])
def test_a_whole_number_of_seconds_is_an_integer(seconds, sent):
    chosen = body_of("wan3.0", seconds=seconds)["parameters"]
    assert json.dumps(chosen["duration"]) == sent


@pytest.mark.parametrize(
    ("model", "audio", "sent"),
    [
        ("wan3.0", True, True),
        ("wan3.0-prime", False, False),
        ("wan3.0", None, None),
        ("wan2.7", True, None),  # it always has sound, and has no such parameter
        ("happyhorse-1.0", True, None),
        ("wan2.6", True, None),
        ("wan2.6-i2v-flash", None, True),  # the price depends on it
        ("wan2.6-i2v-flash", False, False),
    ],
)
def test_sound(model, audio, sent):
    images = [FIRST] if "i2v" in model else []
    assert body_of(model, audio=audio, images=images)["parameters"].get("audio") is sent


@pytest.mark.parametrize("model", ["wan3.0", "wan2.7", "happyhorse-1.1", "wan2.5"])
def test_falsy_fields_are_values(model):
    chosen = body_of(model, seed=0, watermark=False)["parameters"]

    assert (chosen["seed"], chosen["watermark"]) == (0, False)


@pytest.mark.parametrize(
    ("model", "images", "wire_model", "kinds"),
    [
        ("wan3.0", [], "wan3.0-video", None),
        ("wan3.0", [FACE] * 10, "wan3.0-video", ["reference_image"] * 10),
        ("wan3.0-prime", [LAST, FIRST], "wan3.0-video-prime", ["first_frame", "last_frame"]),
        ("wan2.7", [FIRST], "wan2.7-i2v", ["first_frame"]),
        ("wan2.7", [FACE, FACE], "wan2.7-r2v", ["reference_image"] * 2),
        ("wan2.7", [FACE, FIRST], "wan2.7-r2v", ["first_frame", "reference_image"]),
        ("happyhorse-1.0", [], "happyhorse-1.0-t2v", None),
        ("happyhorse-1.0", [FIRST], "happyhorse-1.0-i2v", ["first_frame"]),
        ("happyhorse-1.0", [FACE] * 9, "happyhorse-1.0-r2v", ["reference_image"] * 9),
    ],
)
def test_images_choose_the_id_and_have_types(model, images, wire_model, kinds):
    body = body_of(model, images=images)
    items = body["input"].get("media")

    assert body["model"] == wire_model
    assert (items and [item["type"] for item in items]) == kinds
    assert "img_url" not in body["input"]


@pytest.mark.parametrize(
    ("model", "images", "wire_model", "field"),
    [
        ("wan2.6", [FIRST], "wan2.6-i2v", {"img_url": FIRST.source}),
        ("wan2.5", [FIRST], "wan2.5-i2v-preview", {"img_url": FIRST.source}),
        ("wan2.6", [FACE] * 5, "wan2.6-r2v", {"reference_urls": [FACE.source] * 5}),
    ],
)
def test_images_of_the_older_protocol(model, images, wire_model, field):
    body = body_of(model, images=images)

    assert (body["model"], body["input"]) == (wire_model, {"prompt": "a fox", **field})


@pytest.mark.parametrize("role", ["first_frame", "reference"])
def test_a_local_image_is_a_data_url(role):
    plan = plan_for("wan2.7", images=[Image(PHOTO, role)])
    (upload,) = plan.uploads.values()
    request = encode(plan)

    assert isinstance(request.json, dict)
    kind = {"first_frame": "first_frame", "reference": "reference_image"}[role]
    assert request.json["input"]["media"] == [{"type": kind, "url": Inline(upload)}]


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("720p", "16:9", "1280*720"),
        ("720p", "9:16", "720*1280"),
        ("720p", "1:1", "960*960"),
        ("720p", "4:3", "1088*832"),
        ("1080p", "3:4", "1248*1632"),
        ("1080p", "1:1", "1440*1440"),
        ("480p", "16:9", "832*480"),
    ],
)
def test_a_size_has_a_star(resolution, ratio, size):
    chosen = body_of("wan2.5", resolution=resolution, aspect_ratio=ratio)["parameters"]

    assert chosen["size"] == size
    assert chosen.keys() == {"size", "duration"}


# ---- options


def test_options_stand_as_the_caller_wrote_them_where_they_belong():
    given = options(
        duration=-1,
        resolution=None,
        ratio="adaptive",
        seed=7.0,
        audio_url="https://a.b/c.mp3",
        negative_prompt="fog",
        template="flying",
        unheard_of=[1],
    )
    body = body_of("wan3.0", seconds=5, options=given)

    assert body == {
        "model": "wan3.0-video",
        "input": {
            "prompt": "a fox",
            "audio_url": "https://a.b/c.mp3",
            "negative_prompt": "fog",
            "template": "flying",
        },
        "parameters": {"duration": -1, "ratio": "adaptive", "seed": 7.0, "unheard_of": [1]},
    }


def test_options_may_be_the_media_or_the_model():
    items = [{"type": "reference_video", "url": "https://a.b/c.mp4", "reference_voice": "x"}]
    body = body_of("wan2.7", options=options(media=items, model="wan2.7-r2v-2026-06-12"))

    assert (body["model"], body["input"]["media"]) == ("wan2.7-r2v-2026-06-12", items)


@pytest.mark.parametrize("url", ["oss://dashscope-instant/1/first.png", "https://a.b/first.png"])
def test_a_file_that_was_uploaded_before_needs_a_header(url):
    # dashscope-sdk-python sends it with every `oss://`.
    wishes = options(media=[media(url, "first_frame")])
    request = encode(plan_for("wan3.0", "a fox beside oss://", options=wishes))

    told = request.headers.get("X-DashScope-OssResourceResolve")
    assert told == ("enable" if url.startswith("oss:") else None)
    assert request.headers["X-DashScope-Async"] == "enable"


def test_null_removes_a_parameter_and_leaves_both_objects():
    given = options(duration=None, resolution=None, prompt=None, model=None)
    assert body_of("wan3.0", options=given) == {"input": {}, "parameters": {}}


@pytest.mark.parametrize("name", ["media", "img_url", "reference_urls"])
def test_an_option_does_not_replace_the_jobs_own_images(name):
    plan = plan_for("wan3.0", images=[FIRST], options=options(**{name: []}))
    with pytest.raises(JobError, match=rf"options\.dashscope\.{name} contradicts"):
        next(VENDOR.submit(plan))


@pytest.mark.parametrize("name", ["input", "parameters"])
def test_an_option_is_a_field_and_not_a_whole_object(name):
    """The price of what an object holds would not be known."""
    plan = plan_for("wan3.0", options=options(**{name: {"duration": 30}}))
    with pytest.raises(JobError, match="give its fields themselves"):
        next(VENDOR.submit(plan))


# ---- the other requests


def test_a_task_is_asked_for_by_its_id():
    asked = Request("GET", f"{TASKS}/{ID}")

    assert next(VENDOR.status(TASK)) == asked
    assert next(VENDOR.locate(TASK)) == asked
    assert next(VENDOR.cancel(TASK)) == Request("POST", f"{TASKS}/{ID}/cancel")
    assert next(VENDOR.status(evolve(TASK, id="a/b"))).url == f"{TASKS}/a%2Fb"
