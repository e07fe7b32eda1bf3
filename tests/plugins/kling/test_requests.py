"""Every request on Kling's pages, produced to the letter, and how calls are authenticated."""

import base64
import json
from pathlib import Path

import pytest

from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Inline, replace_inline
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Request, Task
from anyvideo.testing import adapter
from anyvideo_plugins import kling
from anyvideo_plugins.kling.requests import encode
from anyvideo_plugins.kling.videos import Kling, KlingSettings

KLING = Kling()
PHOTO = Path(__file__).parents[2] / "images/rocket-1280x720.jpg"
FIRST = Image("https://p2-kling.klingai.com/kcdn/kling-qa-test/multi-2.png")
LAST = Image("https://p2-kling.klingai.com/kcdn/kling-qa-test/multi-1.png", "last_frame")
REFERENCES = [Image(f"https://example.com/{number}.png", "reference") for number in range(1, 4)]


def plan_for(model, prompt="a fox", **wishes):
    (offer,) = [offer for offer in KLING.offers() if offer.answers_to(model)]
    job = VideoJob(prompt, **wishes)
    plan = negotiate(job, offer, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def request_for(model, prompt="a fox", **wishes):
    request = encode(plan_for(model, prompt, **wishes))
    assert (request.method, request.paid, request.query, request.form) == ("POST", True, {}, None)
    assert (request.headers, request.files, request.idempotency) == ({}, {}, "")
    return request.url, request.json


def reference_for(model, **wishes):
    return encode(plan_for(model, **wishes)).reference


def test_the_plugin_offers_its_adapter():
    (offered,) = kling.anyvideo_adapters()

    assert (offered.name, offered.key_env) == ("kling", "KLINGAI_API_KEY")
    assert offered.base_url == "https://api-singapore.klingai.com"
    assert type(adapter("kling")) is Kling


# ---- the first edition: https://kling.ai/document-api/apiReference/model

# The log of a real call of 2026-03, without the sound that it leaves to Kling.
SMILE = "A calm woman looks at the camera and slowly smiles, natural motion, clean lighting."


def test_a_logged_text2video():
    options = {"kling": {"external_task_id": "text2video_kling_v3_final-1774805076"}}
    asked = {"seconds": 5, "resolution": "720p", "aspect_ratio": "16:9", "options": options}

    assert request_for("kling-v3", SMILE, **asked) == (
        "/v1/videos/text2video",
        {
            "prompt": SMILE,
            "duration": "5",
            "mode": "std",
            "aspect_ratio": "16:9",
            "model_name": "kling-v3",
            "sound": "off",
            "external_task_id": "text2video_kling_v3_final-1774805076",
        },
    )


def test_the_pages_image2video():
    options = {"kling": {"negative_prompt": "", "callback_url": "", "external_task_id": ""}}
    asked = {"seconds": 5, "resolution": "1080p", "images": [FIRST, LAST], "options": options}

    assert request_for("kling-v2-6", "Camera zooms out, the girl smiles", **asked) == (
        "/v1/videos/image2video",
        {
            "model_name": "kling-v2-6",
            "image": FIRST.source,
            "image_tail": LAST.source,
            "prompt": "Camera zooms out, the girl smiles",
            "negative_prompt": "",
            "duration": "5",
            "mode": "pro",
            "sound": "off",
            "callback_url": "",
            "external_task_id": "",
        },
    )


def test_reference_images_have_a_path_of_their_own():
    url, body = request_for("kling-v1-6", images=REFERENCES, seconds=10, aspect_ratio="1:1")

    assert url == "/v1/videos/multi-image2video"
    assert body == {
        "model_name": "kling-v1-6",
        "prompt": "a fox",
        "image_list": [{"image": image.source} for image in REFERENCES],
        "duration": "10",
        "mode": "std",
        "aspect_ratio": "1:1",
    }


@pytest.mark.parametrize(
    ("images", "sent", "shape"),
    [
        ([], None, {"aspect_ratio": "16:9"}),
        (
            REFERENCES,
            [{"image_url": image.source} for image in REFERENCES],
            {"aspect_ratio": "16:9"},
        ),
        ([FIRST], [{"image_url": FIRST.source, "type": "first_frame"}], {}),
        (
            [LAST, FIRST],
            [
                {"image_url": FIRST.source, "type": "first_frame"},
                {"image_url": LAST.source, "type": "end_frame"},
            ],
            {},
        ),
    ],
    ids=["text", "references", "first frame", "both frames"],
)
@pytest.mark.parametrize(
    ("model", "sound"), [("kling-v3-omni", {"sound": "off"}), ("kling-video-o1", {})]
)
def test_the_omni_models_have_one_path(model, sound, images, sent, shape):
    common = {"model_name": model, "prompt": "<<<image_1>>> runs", "duration": "5", "mode": "std"}
    listed = {} if sent is None else {"image_list": sent}

    assert request_for(model, "<<<image_1>>> runs", images=images) == (
        "/v1/videos/omni-video",
        {**common, **sound, **shape, **listed},
    )


@pytest.mark.parametrize(
    ("model", "resolution", "audio", "words"),
    [
        ("kling-v3", "720p", True, {"mode": "std", "sound": "on"}),
        ("kling-v3", "1080p", False, {"mode": "pro", "sound": "off"}),
        ("kling-v3", "2160p", True, {"mode": "4k", "sound": "on"}),
        ("kling-v2-6", "1080p", True, {"mode": "pro", "sound": "on"}),
        ("kling-v2-6", None, None, {"mode": "std", "sound": "off"}),
        ("kling-v2-5-turbo", "1080p", False, {"mode": "pro"}),
        ("kling-v2-1-master", "1080p", None, {}),
    ],
)
@pytest.mark.parametrize("images", [[], [FIRST]], ids=["text", "frame"])
def test_mode_is_the_resolution_and_sound_a_word(model, resolution, audio, words, images):
    url, body = request_for(model, resolution=resolution, audio=audio, images=images)
    shape = {"image": FIRST.source} if images else {"aspect_ratio": "16:9"}

    assert url == f"/v1/videos/{'image2video' if images else 'text2video'}"
    assert body == {
        "model_name": model,
        "prompt": "a fox",
        "duration": "5",
        **words,
        **shape,
    }


@pytest.mark.parametrize("model", ["kling-v3", "kling-v3-omni", "kling-3.0-turbo"])
def test_a_local_image_is_bare_base64(model):
    plan = plan_for(model, images=[Image(str(PHOTO))])
    inline = Inline(plan.uploads[plan.job.images[0]], bare=True)
    _, body = request_for(model, images=[Image(str(PHOTO))])
    names = replace_inline(body, lambda item: f"bare: {item.bare}, {item.upload.sha256}")

    assert f"'bare: True, {inline.upload.sha256}'" in str(names)


def test_the_first_frame_and_the_last_are_not_confused():
    local = Image(str(PHOTO), "last_frame")
    _, body = request_for("kling-v2-1", resolution="1080p", images=[local, FIRST])

    assert (body["image"], body["image_tail"].upload.source) == (FIRST.source, str(PHOTO))


def test_other_fields():
    _, body = request_for("kling-v3", negative_prompt="blurry", watermark=False, seconds=15)

    assert (body["negative_prompt"], body["duration"]) == ("blurry", "15")
    assert body["watermark_info"] == {"enabled": False}
    assert "watermark" not in body


# What the tests of vercel/ai, packages/klingai, send beside the rest.
OPTIONS = {
    "cfg_scale": 0.7,
    "camera_control": {"type": "simple", "config": {"zoom": 5}},
    "multi_shot": True,
    "shot_type": "customize",
    "multi_prompt": [{"index": 1, "prompt": "Sunrise", "duration": "2"}],
    "voice_list": [{"voice_id": "voice-1"}],
    "element_list": [{"element_id": 829836802793406551}],
    "dynamic_masks": [{"mask": "https://example.com/m.png", "trajectories": [{"x": 1, "y": 2}]}],
}


@pytest.mark.parametrize("images", [[], [FIRST]], ids=["text", "frame"])
@pytest.mark.parametrize("name", OPTIONS)
def test_options_are_sent_as_they_are(name, images):
    _, body = request_for("kling-v3", images=images, options={"kling": {name: OPTIONS[name]}})

    assert body[name] == OPTIONS[name]


def test_an_option_overrides_and_null_removes():
    options = {"kling": {"mode": "pro", "sound": None, "image": "aGk=", "prompt": None}}
    _, body = request_for("kling-v3", images=[FIRST], options=options)

    assert body == {"model_name": "kling-v3", "duration": "5", "mode": "pro", "image": "aGk="}


@pytest.mark.parametrize("model", ["kling-v3", "kling-v2-5-turbo", "kling-video-o1"])
def test_a_job_carries_its_reference_unless_the_caller_chose_an_id(model):
    assert reference_for(model) == "external_task_id"
    assert reference_for(model, images=[FIRST]) == "external_task_id"
    for own in ("mine", "", None):
        assert reference_for(model, options={"kling": {"external_task_id": own}}) == ""


def test_a_body_of_the_second_edition_has_no_such_field():
    assert reference_for("kling-3.0-turbo") == ""


# ---- the second edition: https://kling.ai/document-api/api/video/3-0-turbo

GIRL = (
    "A girl sat on the train, looking out the window with a melancholic expression, her head"
    " swaying with the train."
)
PLACE = {"callback_url": "https://xxx/callback", "external_task_id": ""}


def test_the_pages_text_to_video():
    asked = {"seconds": 3, "resolution": "720p", "aspect_ratio": "9:16", "watermark": False}

    assert request_for("kling-3.0-turbo", GIRL, options={"kling": {"options": PLACE}}, **asked) == (
        "/text-to-video/kling-3.0-turbo",
        {
            "prompt": GIRL,
            "options": {**PLACE, "watermark_info": {"enabled": False}},
            "settings": {"duration": 3, "resolution": "720p", "aspect_ratio": "9:16"},
        },
    )


def test_the_pages_image_to_video():
    asked = {"seconds": 10, "resolution": "1080p", "watermark": True, "images": [FIRST]}

    assert request_for(
        "kling-v3-0-turbo", GIRL, options={"kling": {"options": PLACE}}, **asked
    ) == (
        "/image-to-video/kling-3.0-turbo",
        {
            "contents": [
                {"type": "prompt", "text": GIRL},
                {"type": "first_frame", "url": FIRST.source},
            ],
            "settings": {"resolution": "1080p", "duration": 10},
            "options": {**PLACE, "watermark_info": {"enabled": True}},
        },
    )


def test_options_of_the_second_edition_override_and_null_removes():
    options = {
        "kling": {
            "duration": 7,
            "settings": {"aspect_ratio": None, "resolution": "4k"},
            "model": "kling-3.0",
            "other": [1],
        }
    }

    assert request_for("kling-3.0-turbo", options=options) == (
        "/text-to-video/kling-3.0",
        {"prompt": "a fox", "settings": {"duration": 7, "resolution": "4k"}, "other": [1]},
    )


# ---- polls, keys and regions


@pytest.mark.parametrize(
    ("path", "request_"),
    [
        ("/v1/videos/omni-video", Request("GET", "/v1/videos/omni-video/a%2Fb")),
        ("/tasks", Request("GET", "/tasks", query={"task_ids": "a/b"})),
        ("https://elsewhere.example/x", Request("GET", "/v1/videos/text2video/a%2Fb")),
    ],
)
def test_a_task_is_asked_for_at_its_own_path(path, request_):
    task = Task("kling", "kling", KLING.base_url, "a/b", "kling-v3", extra={"path": path})

    assert next(KLING.status(task)) == request_


def test_an_api_key_is_sent_as_it_is():
    headers = KLING.authorize(Request("GET", "/tasks"), "api-key-kling-1", b"", 0.0)

    assert headers == {"authorization": "Bearer api-key-kling-1"}


# Signed with `openssl dgst -sha256 -hmac`.
TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
    ".eyJpc3MiOiJhay0xIiwiZXhwIjoxNzc0ODA2ODc2LCJuYmYiOjE3NzQ4MDUwNzF9"
    ".yTcSNanTjwV-Y0Y9cWkaBtEnyvJDbJKwWy0r7YqY0V0"
)


def test_an_access_key_and_its_secret_sign_a_token():
    headers = KLING.authorize(Request("GET", "/tasks"), "ak-1:sk-1", b"{}", 1774805076.9)
    head, claims, proof = headers["authorization"].removeprefix("Bearer ").split(".")

    assert headers == {"authorization": f"Bearer {TOKEN}"}
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256", "typ": "JWT"}
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {
        "iss": "ak-1",
        "exp": 1774805076 + 1800,
        "nbf": 1774805076 - 5,
    }
    assert "=" not in proof
    later = KLING.authorize(Request("GET", "/tasks"), "ak-1:sk-1", b"{}", 1774805078.0)
    assert later != headers


def test_a_secret_may_hold_a_colon():
    one, other = (
        KLING.authorize(Request("GET", "/tasks"), key, b"", 0.0) for key in ("a:b:c", "a:b")
    )

    assert one != other


def test_china_has_its_own_host_and_no_prices():
    china = KLING.configure(KlingSettings("cn"))

    assert china.base_url == "https://api-beijing.klingai.com"
    assert KLING.configure(KlingSettings()) == KLING
    assert [offer.name for offer in china.offers()] == [offer.name for offer in KLING.offers()]
    assert {tier.price for offer in china.offers() for tier in offer.tiers} == {None}
