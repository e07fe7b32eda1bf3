"""Every request of Luma's documents and of clients that speak to it, produced to the letter."""

import json

import pytest
from attrs import evolve

from anyvideo.errors import JobError
from anyvideo.model.media import Image
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Inline, Request, Task, VideoJob, read_offers
from anyvideo.testing import adapter, draw_picture
from anyvideo_plugins import luma
from anyvideo_plugins.luma.generations import Luma
from tests.plugins.luma.answers import ID, URL
from tests.plugins.luma.plans import FIRST, LAST, LUMA, PNG, body_for, body_of, plan_for

GREENHOUSE = "A slow dolly shot through a misty greenhouse at sunrise"
SMILE = "The character turns to face the camera and smiles"
START, END = {"url": FIRST.source}, {"url": LAST.source}
RAY = {"model": "ray-3.2", "type": "video"}
HD = {"resolution": "720p", "duration": "5s"}


def test_the_plugin_offers_its_adapter_and_its_wire():
    (offered,) = luma.anyvideo_adapters()
    (vendor,) = luma.anyvideo_sandbox()

    assert (offered.name, offered.key_env) == ("luma", "LUMA_AGENTS_API_KEY")
    assert offered.base_url == "https://agents.lumalabs.ai"
    assert type(adapter("luma")) is Luma
    assert vendor.adapters == ("luma",)


@pytest.mark.parametrize(
    ("prompt", "wishes", "sample"),
    [
        # docs.agents.lumalabs.ai/guides/videos/generation: the two samples
        (
            GREENHOUSE,
            {"aspect_ratio": "16:9", "resolution": "720p", "seconds": 5},
            {**RAY, "prompt": GREENHOUSE, "aspect_ratio": "16:9", "video": HD},
        ),
        (
            SMILE,
            {"aspect_ratio": "16:9", "resolution": "720p", "images": [FIRST, LAST]},
            {
                **RAY,
                "prompt": SMILE,
                "aspect_ratio": "16:9",
                "video": {**HD, "start_frame": START, "end_frame": END},
            },
        ),
        # docs.comfy.org, luma_2/ray-3.2, which passes the body on
        (
            "a paper boat drifting across a plain white background",
            {"resolution": "360p"},
            {
                **RAY,
                "prompt": "a paper boat drifting across a plain white background",
                "video": {"duration": "5s", "resolution": "360p"},
            },
        ),
        # an agent's notes of a call that went through: image to video
        (
            "a mask",
            {"aspect_ratio": "1:1", "resolution": "540p", "images": [FIRST]},
            {
                **RAY,
                "prompt": "a mask",
                "aspect_ratio": "1:1",
                "video": {"resolution": "540p", "duration": "5s", "start_frame": START},
            },
        ),
        # the test of a client's LumaAdapter.submit: a portrait
        (
            "Steam rising from fresh bread",
            {"aspect_ratio": "9:16"},
            {**RAY, "prompt": "Steam rising from fresh bread", "aspect_ratio": "9:16", "video": HD},
        ),
    ],
)
def test_a_sample_is_produced_exactly(prompt, wishes, sample):
    body = body_for(prompt, **wishes)

    assert json.dumps(body, sort_keys=True) == json.dumps(sample, sort_keys=True)


@pytest.mark.parametrize("seconds", [5, 10])
@pytest.mark.parametrize("lines", ["360p", "540p", "720p", "1080p"])
def test_each_tier_has_its_words(lines, seconds):
    body = body_for(resolution=lines, seconds=seconds, aspect_ratio="21:9")

    assert body["video"] == {"duration": f"{seconds}s", "resolution": lines}
    assert body["aspect_ratio"] == "21:9"


def test_length_and_resolution_are_always_sent_and_a_ratio_is_not_made_up():
    assert body_for() == {**RAY, "prompt": "a fox", "video": HD}
    assert body_for(seconds=10)["video"] == {"resolution": "720p", "duration": "10s"}
    assert "aspect_ratio" not in body_for(resolution="1080p", images=[FIRST])


def test_a_last_frame_may_stand_alone():
    assert body_for(images=[LAST])["video"] == {**HD, "end_frame": END}


@pytest.mark.parametrize(
    ("form", "media"), [("png", "image/png"), ("jpeg", "image/jpeg"), ("webp", "image/webp")]
)
def test_a_local_image_is_base64_alone_beside_its_type(form, media):
    # the shape of ImageRef; a client's test has {"data": "iVBORw==", "media_type": "image/png"}
    first = Image(draw_picture(64, 36, form))
    last = evolve(first, role="last_frame")
    plan = plan_for(images=[first, last], resolution="1080p", aspect_ratio="21:9")
    video = body_of(plan)["video"]

    assert video["start_frame"] == {
        "data": Inline(plan.uploads[first], bare=True),
        "media_type": media,
    }
    assert video["end_frame"] == {
        "data": Inline(plan.uploads[last], bare=True),
        "media_type": media,
    }


# ---- Options


def test_an_option_goes_to_its_place_and_overrides():
    options = {"hdr": True, "exr_export": True, "resolution": "1080p", "user_id": "opaque"}

    assert body_for(options={"luma": options}) == {
        **RAY,
        "prompt": "a fox",
        "user_id": "opaque",
        "video": {"duration": "5s", "resolution": "1080p", "hdr": True, "exr_export": True},
    }


def test_the_object_video_is_merged():
    options = {"video": {"loop": True, "resolution": "540p"}, "aspect_ratio": "4:3"}
    body = body_for(images=[FIRST], aspect_ratio="1:1", options={"luma": options})

    merged = {"duration": "5s", "resolution": "540p", "start_frame": START, "loop": True}
    assert body["video"] == merged
    assert body["aspect_ratio"] == "4:3"


def test_keyframes_also_at_10_seconds():
    options = {"keyframes": [{"url": "https://a.b/1.png"}], "keyframe_indexes": [0]}

    body = body_for(seconds=10, options={"luma": options})

    assert body["video"] == {**HD, "duration": "10s", **options}


def test_null_removes_a_parameter():
    gone = {"resolution": None, "aspect_ratio": None, "video": {"duration": None}}

    assert body_for(aspect_ratio="1:1", options={"luma": gone})["video"] == {}
    assert "aspect_ratio" not in body_for(aspect_ratio="1:1", options={"luma": gone})
    assert "video" not in body_for(options={"luma": {"video": None}})


def test_an_edit_is_what_options_ask_for():
    source = {"url": "https://a.b/1.mp4", "media_type": "video/mp4"}
    options = {"type": "video_edit", "source": source, "video": {"edit": {"auto_controls": True}}}
    body = body_for(options={"luma": {**options, "duration": None}})

    video = {"resolution": "720p", "edit": {"auto_controls": True}}
    assert body == {"model": "ray-3.2", "prompt": "a fox", **options, "video": video}


@pytest.mark.parametrize(
    ("options", "images"),
    [
        ({"start_frame": START}, [FIRST]),
        ({"video": {"start_frame": {"generation_id": ID}}}, [FIRST, LAST]),
        ({"video": {"end_frame": None}}, [LAST]),
        ({"video": None}, [FIRST]),
        ({"video": "none"}, [FIRST]),
    ],
)
def test_options_that_contradict_the_images_are_refused(options, images):
    with pytest.raises(JobError, match=r"options\.luma sets (start|end)_frame"):
        body_for(images=images, options={"luma": options})


def test_the_other_frame_may_be_an_option():
    end = {"generation_id": ID}
    body = body_for(images=[FIRST], options={"luma": {"video": {"end_frame": end}}})

    assert body["video"] == {**HD, "start_frame": START, "end_frame": end}


@pytest.mark.parametrize("options", [{"hdr": True}, {"duration": "10s"}])
def test_a_loop_that_cannot_be_is_refused(options):
    # the SDK's words on `loop`: neither with 10 seconds nor with HDR
    with pytest.raises(JobError, match="a loop of 5 seconds"):
        body_for(options={"luma": {"loop": True, "video": options}})
    assert body_for(options={"luma": {"loop": False, "video": options}})["video"]["loop"] is False


def test_a_row_of_a_config_needs_no_words_of_its_own():
    row = """
    [[offers]]
    model = "luma-ray-4"
    seconds = [5]
    resolutions = ["720p"]
    images = { first_frame = 1 }
    """
    (offer,) = read_offers(row, "luma")
    plan = negotiate(VideoJob("a fox", seconds=5, resolution="720p", images=[FIRST]), offer)

    assert body_of(plan) == {
        "model": "luma-ray-4",
        "type": "video",
        "prompt": "a fox",
        "seconds": 5,
        "video": {"resolution": "720p", "start_frame": START},
    }


# ---- What is asked later

TASK = Task("luma", "luma", LUMA.base_url, ID, "luma-ray-3.2")


def test_a_status_call():
    assert next(LUMA.status(TASK)) == Request("GET", f"/v1/generations/{ID}")
    odd = evolve(TASK, id="a/b?c")
    assert next(LUMA.status(odd)).url == "/v1/generations/a%2Fb%3Fc"


def test_a_file_is_at_its_link_or_at_a_fresh_one():
    with pytest.raises(StopIteration) as found:
        next(LUMA.locate(evolve(TASK, video_url=URL)))

    assert found.value.value == Request("GET", URL, expects="video")
    assert next(LUMA.locate(TASK)) == Request("GET", f"/v1/generations/{ID}")


def test_a_local_image_makes_the_same_request_each_time():
    plan = plan_for(images=[Image(PNG)])

    assert plan.uploads
    assert body_of(plan) == body_of(plan)
