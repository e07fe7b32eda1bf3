"""Apertis' /v1/videos: forms, answers, files, remixes and characters of its page."""

import json
from typing import Any

import pytest
from hypothesis import given

from anyvideo.errors import AnyVideoError, ExpiredError, JobError, ProviderError
from anyvideo.files.images import read_upload
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.plan import Plan
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import CharacterRef, Report, Request, Status
from anyvideo_plugins.apertis.videos import Videos, encode
from tests.plugins.apertis.answers import (
    ALLOW,
    PNG,
    answer,
    drive,
    form_of,
    offer_of,
    plan_for,
    responses,
    task_of,
    write_picture,
)

VIDEOS = Videos()
VEO = "video_55cb73b3-60af-40c8-95fd-eae8fd758ade"
SORA = "sora-2:1234567890-abcdefgh"
WALK = "A cinematic scene of a person walking through a forest"
OUTPUT = "https://storage.example.com/videos/output.mp4"

# Every form of the page, and the canonical job that comes out as it; all have an image.
SAMPLES: dict[str, tuple[str, dict[str, Any], dict[str, str]]] = {
    "veo": (
        "veo_3_1",
        {"prompt": "A serene lake with mountains", "seconds": 5, "aspect_ratio": "16:9"},
        {
            "model": "veo_3_1",
            "prompt": "A serene lake with mountains",
            "seconds": "5",
            "size": "16x9",
        },
    ),
    "sora": (
        "sora-2",
        {
            "prompt": WALK,
            "seconds": 10.0,
            "size": "1280x720",
            "watermark": False,
            "private": False,
        },
        {
            "model": "sora-2",
            "prompt": WALK,
            "seconds": "10",
            "size": "1280x720",
            "watermark": "false",
            "private": "false",
        },
    ),
    "sora with a character": (
        "sora-2-pro",
        {
            "prompt": "@my_character walking through a futuristic city at night",
            "seconds": 15,
            "size": "1280x720",
            "watermark": False,
        },
        {
            "model": "sora-2-pro",
            "prompt": "@my_character walking through a futuristic city at night",
            "seconds": "15",
            "size": "1280x720",
            "watermark": "false",
        },
    ),
}
VEO_CREATED = """{
  "id": "video_55cb73b3-60af-40c8-95fd-eae8fd758ade",
  "object": "video",
  "model": "veo_3_1",
  "status": "queued",
  "progress": 0,
  "created_at": 1704067200,
  "seconds": 5,
  "size": "16x9"
}"""
SORA_CREATED = """{
  "id": "sora-2:1234567890-abcdefgh",
  "object": "video",
  "model": "sora-2",
  "status": "pending",
  "progress": 0,
  "created_at": 1704067200,
  "seconds": 10,
  "size": "1280x720"
}"""
VEO_COMPLETED = """{
  "id": "video_55cb73b3-60af-40c8-95fd-eae8fd758ade",
  "status": "completed",
  "progress": 100,
  "video_url": "https://storage.example.com/videos/output.mp4",
  "enhanced_prompt": "A serene mountain lake...",
  "status_update_time": 1704067500
}"""
SORA_COMPLETED = """{
  "id": "sora-2:1234567890-abcdefgh",
  "status": "completed",
  "progress": 100,
  "video_url": "https://storage.example.com/videos/output.mp4",
  "model": "sora-2",
  "seconds": 10,
  "size": "1280x720"
}"""
CONTENT = """{
  "id": "sora-2:1234567890-abcdefgh",
  "status": "completed",
  "video_url": "https://storage.example.com/videos/output.mp4",
  "enhanced_prompt": "A cinematic scene of a person walking through a forest...",
  "status_update_time": 1704067500
}"""
REMIXED = """{
  "id": "sora-2:remix-9876543210-xyz",
  "object": "video",
  "status": "pending",
  "progress": 0
}"""
CHARACTER = """{
  "id": "char_abc123xyz",
  "username": "my_character",
  "permalink": "https://sora.example.com/characters/my_character",
  "profile_picture_url": "https://storage.example.com/characters/my_character.jpg"
}"""
TEXTS = (VEO_CREATED, SORA_CREATED, VEO_COMPLETED, SORA_COMPLETED, CONTENT, REMIXED, CHARACTER)
DOCUMENTED = [json.loads(text) for text in TEXTS]


@pytest.mark.parametrize("role", ["first_frame", "reference"])
@pytest.mark.parametrize("name", SAMPLES)
def test_each_form_of_the_page_comes_out_of_a_canonical_job(name, role, tmp_path):
    model, fields, form = SAMPLES[name]
    path = write_picture(tmp_path)
    request = encode(plan_for(VIDEOS, VideoJob(**fields, images=[Image(path, role)]), model))

    files = {"input_reference": read_upload(path)}
    assert request == Request("POST", "/v1/videos", form=form, files=files, paid=True)
    assert list(form_of(request)) == list(form)
    assert files["input_reference"].name == "reference.png"


def test_without_a_file_it_is_a_form_all_the_same():
    request = encode(plan_for(VIDEOS, VideoJob("x"), "sora-2"))

    assert request.json is None
    assert request.files == {}
    assert request.form == {"model": "sora-2", "prompt": "x", "seconds": "10", "size": "720x1280"}


def test_every_field_of_the_page_travels_as_text_in_the_page_s_order():
    job = VideoJob(
        "x",
        seconds=4,
        size="480x480",
        watermark=True,
        private=True,
        style="anime",
        metadata={"shot": "7b", "who": "Zoë"},
        character=Character("https://example.com/c.mp4", timestamps=(1, 2.5)),
        options={"apertis-videos": {"character_create": {"save_to_library": True}}},
    )
    request = encode(plan_for(VIDEOS, job, "sora-2"))

    assert list(form_of(request).items()) == [
        ("model", "sora-2"),
        ("prompt", "x"),
        ("seconds", "4"),
        ("size", "480x480"),
        ("watermark", "true"),
        ("private", "true"),
        ("style", "anime"),
        ("metadata", '{"shot": "7b", "who": "Zoë"}'),
        ("character_url", "https://example.com/c.mp4"),
        ("character_timestamps", "1,2.5"),
        ("character_create", '{"save_to_library": true}'),
    ]


def test_a_character_may_come_from_a_task():
    character = Character(from_task=SORA)
    form = form_of(encode(plan_for(VIDEOS, VideoJob("x", character=character), "sora-2")))

    assert form["character_from_task"] == SORA
    assert "character_url" not in form


def test_a_character_from_a_task_may_have_timestamps():
    character = Character(from_task=SORA, timestamps=(0, 2))
    form = form_of(encode(plan_for(VIDEOS, VideoJob("x", character=character), "sora-2")))

    assert list(form)[-2:] == ["character_timestamps", "character_from_task"]
    assert form["character_timestamps"] == "0,2"


def test_options_win_and_a_length_that_is_not_listed_can_be_put_there():
    options = {"apertis-videos": {"seconds": 8.0, "style": None}}
    job = VideoJob("x", images=[PNG], options=options)
    form = form_of(encode(plan_for(VIDEOS, job, "veo_3_1-fast")))

    assert form == {
        "model": "veo_3_1-fast",
        "prompt": "x",
        "seconds": "8",
        "size": "16x9",
        "style": "null",
    }


def test_an_image_that_nobody_read_is_never_left_out_silently():
    plan = negotiate(VideoJob("x", images=[PNG]), offer_of(VIDEOS, "sora-2"), ALLOW)
    assert isinstance(plan, Plan)
    with pytest.raises(JobError, match="<33 bytes>"):
        encode(plan)


@pytest.mark.parametrize(
    ("sample", "report"),
    [
        (VEO_CREATED, Report(VEO, Status.QUEUED, 0)),
        (SORA_CREATED, Report(SORA, Status.QUEUED, 0)),
    ],
)
def test_a_submit_answers_with_the_new_task(sample, report):
    found, sent = drive(VIDEOS.submit(plan_for(VIDEOS, VideoJob("x"), "sora-2")), answer(sample))

    assert found == report
    assert [request.paid for request in sent] == [True]


@pytest.mark.parametrize(
    ("task_id", "path", "sample", "report"),
    [
        (
            VEO,
            f"/v1/videos/{VEO}",
            VEO_COMPLETED,
            Report(VEO, Status.SUCCEEDED, 100, OUTPUT, enhanced_prompt="A serene mountain lake..."),
        ),
        (
            SORA,
            "/v1/videos/sora-2:1234567890-abcdefgh",
            SORA_COMPLETED,
            Report(SORA, Status.SUCCEEDED, 100, OUTPUT),
        ),
        (
            "a/../b",
            "/v1/videos/a%2F..%2Fb",
            '{"status": "processing"}',
            Report("a/../b", Status.RUNNING),
        ),
        (
            SORA,
            "/v1/videos/sora-2:1234567890-abcdefgh",
            '{"status": "completed"}',
            Report(SORA, Status.SUCCEEDED),
        ),
    ],
)
def test_a_poll_reads_each_documented_answer(task_id, path, sample, report):
    found, sent = drive(VIDEOS.status(task_of(VIDEOS, task_id)), answer(sample))

    assert found == report
    assert sent == [Request("GET", path)]


def test_the_task_s_own_url_is_preferred():
    task = task_of(VIDEOS, SORA, video_url=OUTPUT)
    assert drive(VIDEOS.locate(task)) == (Request("GET", OUTPUT, expects="video"), [])


def test_content_may_be_json_that_says_where_the_file_is():
    location, sent = drive(VIDEOS.locate(task_of(VIDEOS, SORA)), answer(CONTENT))

    assert location == Request("GET", OUTPUT, expects="video")
    assert sent[0].url == "/v1/videos/sora-2:1234567890-abcdefgh/content"


@pytest.mark.parametrize("kind", ["video/mp4", "application/octet-stream"])
def test_content_may_be_the_file_itself(kind):
    file = answer(b"\0\0\0\x18ftypmp42", content_type=kind)
    location, sent = drive(VIDEOS.locate(task_of(VIDEOS, SORA)), file)

    assert location == sent[0]
    assert location.expects == "video"


def test_a_file_that_is_gone_is_expired():
    with pytest.raises(ExpiredError):
        drive(VIDEOS.locate(task_of(VIDEOS)), answer({"error": {"message": "gone"}}, 404))


@pytest.mark.parametrize(
    ("prompt", "size", "body"),
    [
        (
            "Add dramatic lighting and slow motion effect",
            "1280x720",
            {"prompt": "Add dramatic lighting and slow motion effect", "size": "1280x720"},
        ),
        (
            "Add cinematic color grading and dramatic lighting",
            None,
            {"prompt": "Add cinematic color grading and dramatic lighting"},
        ),
    ],
)
def test_a_remix_is_a_new_task(prompt, size, body):
    report, sent = drive(VIDEOS.remix(task_of(VIDEOS, SORA), prompt, size), answer(REMIXED))

    path = "/v1/videos/sora-2:1234567890-abcdefgh/remix"
    assert report == Report("sora-2:remix-9876543210-xyz", Status.QUEUED, 0)
    assert sent == [Request("POST", path, json=body, paid=True)]


@pytest.mark.parametrize(
    ("character", "body"),
    [
        (
            Character("https://example.com/character-video.mp4", timestamps=(1, 3)),
            {"url": "https://example.com/character-video.mp4", "timestamps": "1,3"},
        ),
        (
            Character(from_task=SORA, timestamps=(0, 2)),
            {"from_task": "sora-2:1234567890-abcdefgh", "timestamps": "0,2"},
        ),
        (Character(from_task=SORA), {"from_task": "sora-2:1234567890-abcdefgh"}),
    ],
)
def test_a_character_is_made_from_a_url_or_a_task(character, body):
    made, sent = drive(VIDEOS.create_character(character), answer(CHARACTER))

    assert made == CharacterRef(
        "char_abc123xyz",
        "my_character",
        "https://sora.example.com/characters/my_character",
        "https://storage.example.com/characters/my_character.jpg",
    )
    assert sent == [Request("POST", "/sora/v1/characters", json=body, paid=True)]


def test_a_character_needs_no_more_than_its_username():
    made, _ = drive(
        VIDEOS.create_character(Character(from_task=SORA)), answer({"username": " @zen ", "id": 7})
    )

    assert made == CharacterRef("zen", "zen")


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (answer({"id": "char_1"}), "malformed"),
        (answer({"id": "char_1", "username": " @ "}), "malformed"),
        (answer([]), "malformed"),
        (answer(b"<html>", content_type="text/html"), "malformed"),
        (
            answer({"error": {"code": "content_policy_violation", "message": "no"}}),
            "content_policy",
        ),
        (answer({"error": {"code": "insufficient_balance"}}, 402), "insufficient_funds"),
    ],
)
def test_an_answer_that_names_no_character_is_an_error(response, kind):
    with pytest.raises(ProviderError) as caught:
        drive(VIDEOS.create_character(Character(from_task=SORA)), response)

    assert caught.value.kind == kind
    assert not caught.value.retryable


@given(response=responses(*DOCUMENTED))
def test_any_answer_ends_in_a_result_or_a_typed_error(response):
    task = task_of(VIDEOS)
    for flow, kind in (
        (VIDEOS.submit(plan_for(VIDEOS, VideoJob("x"), "sora-2")), Report),
        (VIDEOS.status(task), Report),
        (VIDEOS.locate(task), Request),
        (VIDEOS.remix(task, "x"), Report),
        (VIDEOS.create_character(Character(from_task="x")), CharacterRef),
    ):
        try:
            result, _ = drive(flow, response)
        except AnyVideoError:
            continue
        assert isinstance(result, kind)
