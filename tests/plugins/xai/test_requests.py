"""Every request of xAI's documents and of clients that speak to it, produced to the letter."""

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
from anyvideo_plugins import xai
from anyvideo_plugins.xai.videos import XAI, encode

VENDOR = XAI()
PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
FIRST = Image("https://example.com/still.png")
LAST = Image("https://example.com/last.png", "last_frame")
FACES = [Image(f"https://example.com/ref{number}.jpg", "reference") for number in range(1, 8)]
ROCKET = "A glowing crystal-powered rocket launching from the red dunes of Mars"
URL = "https://vidgen.x.ai/xai-vidgen-bucket/xai-video-1.mp4"
DONE = Task(
    "xai", "xai", VENDOR.base_url, "req-1", "grok-imagine-video", "succeeded", video_url=URL
)


def plan_for(model, prompt="a fox", **wishes):
    job = VideoJob(prompt, **wishes)
    (offer,) = [offer for offer in VENDOR.offers() if offer.answers_to(model)]
    plan = negotiate(job, offer, uploads=read_uploads(job))
    assert isinstance(plan, Plan), str(plan)
    assert plan.adjustments == ()
    return plan


def body_of(model, prompt="a fox", **wishes):
    request = encode(plan_for(model, prompt, **wishes))
    assert (request.method, request.url, request.paid) == ("POST", "/v1/videos/generations", True)
    assert (request.query, request.headers, request.form, request.files) == ({}, {}, None, {})
    assert (request.reference, request.idempotency) == ("", "")
    return request.json


def options(**values):
    return {"xai": values}


def test_the_plugin_offers_one_adapter():
    (offered,) = xai.anyvideo_adapters()

    assert (offered.name, offered.base_url) == ("xai", "https://api.x.ai")
    assert offered.key_env == "XAI_API_KEY"
    assert type(adapter("xai")) is XAI
    assert not {"cancel", "find", "stream", "authorize", "origins"} & set(dir(offered))


# ---- docs.x.ai, model-capabilities/video/generation and rest-api-reference/inference/videos


def test_text_to_video():
    body = body_of(
        "grok-imagine-video-1.5", ROCKET, seconds=10, aspect_ratio="16:9", resolution="720p"
    )

    assert body == {
        "model": "grok-imagine-video-1.5",
        "prompt": ROCKET,
        "duration": 10,
        "aspect_ratio": "16:9",
        "resolution": "720p",
    }
    assert type(body["duration"]) is int


@pytest.mark.parametrize("model", ["grok-imagine-video-1.5", "grok-imagine-video"])
def test_what_the_vendor_would_choose_is_sent_so_that_the_price_is_fixed(model):
    assert body_of(model, "A paper boat") == {
        "model": model,
        "prompt": "A paper boat",
        "duration": 8,
        "aspect_ratio": "16:9",
        "resolution": "480p",
    }


@pytest.mark.parametrize("sound", [True, False])
def test_sound_is_a_boolean_and_sent_only_where_it_was_asked_for(sound):
    assert body_of("grok-imagine-video-1.5", audio=sound)["generate_audio"] is sound
    assert "generate_audio" not in body_of("grok-imagine-video-1.5")


@pytest.mark.parametrize("ratio", ["1:1", "9:16", "4:3", "3:4", "3:2", "2:3", "21:9", "5:2"])
def test_every_ratio_is_sent_in_its_own_words(ratio):
    body = body_of("grok-imagine-video-1.5-lite", aspect_ratio=ratio, resolution="1080p")

    assert (body["aspect_ratio"], body["resolution"]) == (ratio, "1080p")


@pytest.mark.parametrize(
    "alias", ["grok-imagine-video-1.5-preview", "grok-imagine-video-1.5-2026-05-30"]
)
def test_aliases_are_sent_as_the_model(alias):
    assert body_of(alias)["model"] == "grok-imagine-video-1.5"


@pytest.mark.parametrize(
    "model", ["grok-imagine-video", "grok-imagine-video-1.5", "grok-imagine-video-1.5-lite"]
)
def test_an_image_is_the_first_frame_and_sets_the_ratio(model):
    # vercel/ai, packages/xai, xai-video-model.test.ts: image: { url }
    assert body_of(model, images=[FIRST], seconds=15) == {
        "model": model,
        "prompt": "a fox",
        "duration": 15,
        "resolution": "480p",
        "image": {"url": "https://example.com/still.png"},
    }


@pytest.mark.parametrize(
    ("images", "names"),
    [([LAST], {"last_frame"}), ([LAST, FIRST], {"image", "last_frame"})],
)
def test_a_last_frame_is_pinned(images, names):
    body = body_of("grok-imagine-video-1.5", images=images, resolution="720p")

    placed = {name: body[name] for name in names}
    urls = {"image": {"url": FIRST.source}, "last_frame": {"url": LAST.source}}
    assert placed == {name: urls[name] for name in names}
    assert set(body) == names | {"model", "prompt", "duration", "resolution"}


@pytest.mark.parametrize(
    ("model", "most"), [("grok-imagine-video", 10), ("grok-imagine-video-1.5", 15)]
)
@pytest.mark.parametrize("count", [1, 3, 4, 7])
def test_references_keep_their_order(model, most, count):
    # vercel/ai and TanStack/ai, packages/ai-grok, video-adapter.test.ts: reference_images: [{ url }]
    body = body_of(
        model, images=FACES[:count], seconds=most, aspect_ratio="9:16", resolution="720p"
    )

    assert body == {
        "model": model,
        "prompt": "a fox",
        "duration": most,
        "aspect_ratio": "9:16",
        "resolution": "720p",
        "reference_images": [{"url": face.source} for face in FACES[:count]],
    }


def test_a_local_image_is_a_data_url_in_any_place():
    (upload,) = plan_for("grok-imagine-video", images=[Image(PHOTO)]).uploads.values()
    inside = {"url": Inline(upload)}
    model = "grok-imagine-video-1.5"

    assert body_of(model, images=[Image(PHOTO)])["image"] == inside
    assert body_of(model, images=[Image(PHOTO, "last_frame")])["last_frame"] == inside
    mixed = body_of(model, images=[FACES[0], Image(PHOTO, "reference")])
    assert mixed["reference_images"] == [{"url": FACES[0].source}, inside]
    assert inside["url"].bare is False


# ---- options


def test_options_are_sent_as_they_are_and_override():
    # TanStack/ai and the SDK's changelog: voices, storage, end users
    given = {
        "reference_audios": [{"voice_id": "eve"}],
        "storage_options": {"filename": "fox.mp4", "expires_after": 3600, "public_url": True},
        "user": "end-user-id",
        "duration": "8",
        "resolution": "720p",
    }
    body = body_of("grok-imagine-video-1.5", images=FACES[:1], options=options(**given))

    assert {name: body[name] for name in given} == given


def test_null_removes_a_parameter():
    body = body_of("grok-imagine-video", options=options(aspect_ratio=None, duration=None))

    assert body == {"model": "grok-imagine-video", "prompt": "a fox", "resolution": "480p"}


@pytest.mark.parametrize(
    ("images", "name", "value"),
    [
        ([FIRST], "image", {"file_id": "file_1"}),
        ([LAST], "last_frame", {"url": "https://example.com/x.png"}),
        ([FACES[0]], "reference_images", None),
    ],
)
def test_an_option_does_not_replace_images(images, name, value):
    plan = plan_for("grok-imagine-video-1.5", images=images, options=options(**{name: value}))

    with pytest.raises(JobError, match=f"options.xai.{name} contradicts"):
        encode(plan)


def test_an_option_may_name_images_where_the_job_has_none():
    image = {"file_id": "file_1"}

    assert body_of("grok-imagine-video", options=options(image=image))["image"] == image


def test_a_video_is_not_sent_where_the_vendor_ignores_it():
    plan = plan_for("grok-imagine-video", options=options(video={"url": URL}))

    with pytest.raises(JobError, match="use a remix"):
        encode(plan)


# ---- the other calls


def requests_of(flow, *answers):
    """The requests that a flow yields, until it has had the answers."""
    first = next(flow)
    return [first, *(flow.send(answer) for answer in answers)]


@pytest.mark.parametrize(
    ("given", "sent"), [("d97415a1-5796", "d97415a1-5796"), ("a/b?c", "a%2Fb%3Fc")]
)
def test_a_job_is_asked_for_by_its_id(given, sent):
    task = evolve(DONE, id=given, video_url=None)
    for flow in (VENDOR.status(task), VENDOR.locate(task)):
        assert requests_of(flow) == [Request("GET", f"/v1/videos/{sent}")]


def test_a_video_is_fetched_where_it_is():
    with pytest.raises(StopIteration) as end:
        next(VENDOR.locate(DONE))

    assert end.value.value == Request("GET", URL, expects="video")


def test_an_edit_takes_the_video_of_a_finished_job():
    # docs.x.ai, POST /v1/videos/edits
    assert requests_of(VENDOR.remix(DONE, "Give the woman a silver necklace")) == [
        Request(
            "POST",
            "/v1/videos/edits",
            json={
                "model": "grok-imagine-video",
                "prompt": "Give the woman a silver necklace",
                "video": {"url": URL},
            },
            paid=True,
        )
    ]


@pytest.mark.parametrize(
    ("task", "size", "why"),
    [
        (evolve(DONE, model="grok-imagine-video-1.5"), None, "with grok-imagine-video alone"),
        (DONE, "1280x720", "keeps the size"),
        (evolve(DONE, video_url=None), None, "carries no video"),
    ],
)
def test_what_the_vendor_does_not_edit(task, size, why):
    with pytest.raises(JobError, match=why):
        next(VENDOR.remix(task, "a hare", size))
