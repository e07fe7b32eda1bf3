"""Apertis' /v1/video/create: each sample of its page, sent and read to the letter."""

import json
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from anyvideo.errors import AnyVideoError, DownloadError, JobError, ProviderError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.model.offer import Images
from anyvideo.model.plan import Plan, Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Report, Request, Status, TaskError
from anyvideo_plugins.apertis.create import Create, encode
from tests.plugins.apertis.answers import (
    ALLOW,
    answer,
    body_of,
    drive,
    offer_of,
    plan_for,
    responses,
    task_of,
    write_picture,
)

CREATE = Create()
VEO = "veo3:1234567890-abcdefgh"
LAKE = "A serene lake with mountains in the background at sunset"
WALK = "A cinematic scene of a person walking through a forest"
REFERENCE = Image("https://example.com/reference.jpg", "reference")

# Every request sample of the page, and the canonical job that comes out as it.
SAMPLES = {
    "veo3": (
        VideoJob(LAKE, enhance_prompt=True, aspect_ratio="16:9"),
        """{
            "model": "veo3",
            "prompt": "A serene lake with mountains in the background at sunset",
            "enhance_prompt": true,
            "aspect_ratio": "16:9"
        }""",
    ),
    "veo2-fast-frames": (
        VideoJob(
            "A bird flying across the sky",
            images=(
                Image("https://example.com/last-frame.jpg", "last_frame"),
                Image("https://example.com/first-frame.jpg", "first_frame"),
            ),
        ),
        """{
            "model": "veo2-fast-frames",
            "prompt": "A bird flying across the sky",
            "images": [
                "https://example.com/first-frame.jpg",
                "https://example.com/last-frame.jpg"
            ]
        }""",
    ),
    "sora-2": (
        VideoJob(
            WALK,
            images=(REFERENCE,),
            aspect_ratio="16:9",
            resolution="1080p",
            seconds=10.0,
            watermark=True,
            private=False,
        ),
        """{
            "model": "sora-2",
            "prompt": "A cinematic scene of a person walking through a forest",
            "images": ["https://example.com/reference.jpg"],
            "orientation": "landscape",
            "size": "large",
            "duration": 10,
            "watermark": true,
            "private": false
        }""",
    ),
    "sora-2-pro": (
        VideoJob(
            "A character dancing in a studio",
            images=(REFERENCE,),
            size="1080x1920",
            seconds=15,
            character=Character("https://example.com/character-video.mp4", timestamps=(0, 3)),
        ),
        """{
            "model": "sora-2-pro",
            "prompt": "A character dancing in a studio",
            "images": ["https://example.com/reference.jpg"],
            "orientation": "portrait",
            "size": "large",
            "duration": 15,
            "character_url": "https://example.com/character-video.mp4",
            "character_timestamps": "0,3"
        }""",
    ),
}
CREATED = """{
  "id": "veo3:1234567890-abcdefgh",
  "status": "pending",
  "status_update_time": 1704067200,
  "enhanced_prompt": "A tranquil mountain lake reflecting golden sunset light..."
}"""
PROCESSING = """{
  "id": "veo3:1234567890-abcdefgh",
  "status": "processing",
  "video_url": null,
  "enhanced_prompt": "A tranquil mountain lake reflecting golden sunset light...",
  "status_update_time": 1704067200
}"""
COMPLETED = """{
  "id": "veo3:1234567890-abcdefgh",
  "status": "completed",
  "video_url": "https://storage.example.com/videos/output.mp4",
  "enhanced_prompt": "A tranquil mountain lake reflecting golden sunset light...",
  "status_update_time": 1704067500
}"""
ENHANCED = "A tranquil mountain lake reflecting golden sunset light..."
OUTPUT = "https://storage.example.com/videos/output.mp4"
DOCUMENTED = [json.loads(text) for text in (CREATED, PROCESSING, COMPLETED)]


@pytest.mark.parametrize("model", SAMPLES)
def test_each_request_sample_comes_out_of_a_canonical_job(model):
    job, sample = SAMPLES[model]
    request = encode(plan_for(CREATE, job, model))
    expected = json.loads(sample)

    assert request == Request("POST", "/v1/video/create", json=expected, paid=True)
    # 10 == 10.0 and 1 == True in Python, but not for the vendor
    assert json.dumps(request.json, sort_keys=True) == json.dumps(expected, sort_keys=True)


@pytest.mark.parametrize(
    ("job", "model", "sent"),
    [
        (
            VideoJob("x", enhance_prompt=False, upscale=False),
            "veo2",
            {"enhance_prompt": False, "enable_upsample": False},
        ),
        (
            VideoJob("x", upscale=True, aspect_ratio="9:16"),
            "veo3.1-fast",
            {"enable_upsample": True, "aspect_ratio": "9:16"},
        ),
        (VideoJob("x", images=[REFERENCE], watermark=False), "sora-2", {"watermark": False}),
        (
            VideoJob("x", images=[REFERENCE], aspect_ratio="9:16"),
            "sora-2",
            {"orientation": "portrait"},
        ),
        (VideoJob("x", images=[REFERENCE], resolution="720p"), "sora-2", {"size": "small"}),
        (
            VideoJob("x", images=[REFERENCE], size="1280x720"),
            "sora-2",
            {"size": "small", "orientation": "landscape"},
        ),
        (VideoJob("x", images=[REFERENCE], private=True), "sora-2-pro", {"private": True}),
        (
            VideoJob("x", images=[REFERENCE], character=Character("https://example.com/c.mp4")),
            "sora-2",
            {"character_url": "https://example.com/c.mp4"},
        ),
        (
            VideoJob("x", options={"apertis-create": {"images": ["data:..."], "count": 2}}),
            "veo3",
            {"images": ["data:..."], "count": 2},
        ),
    ],
)
def test_only_what_was_asked_for_is_sent(job, model, sent):
    body = dict(body_of(encode(plan_for(CREATE, job, model))))
    if job.images:
        body.pop("images")

    assert body == {"model": model, "prompt": "x", **sent}


def test_options_win_over_what_the_job_says():
    options: dict[str, Any] = {
        "apertis-create": {"duration": 25, "images": ["https://example.com/b.png"]}
    }
    job = VideoJob("x", images=[REFERENCE], seconds=10, options=options)
    body = body_of(encode(plan_for(CREATE, job, "sora-2")))

    assert body == {"model": "sora-2", "prompt": "x", **options["apertis-create"]}


def test_components_are_sent_in_their_order():
    images = [Image(f"https://example.com/{name}.png", "reference") for name in "cab"]
    plan = plan_for(CREATE, VideoJob("x", images=images), "veo2-fast-components")

    assert body_of(encode(plan))["images"] == [image.source for image in images]


def test_a_character_from_a_task_belongs_on_the_other_wire():
    job = VideoJob("x", images=[REFERENCE], character=Character(from_task="sora-2:1"))
    refusal = negotiate(job, offer_of(CREATE, "sora-2"), ALLOW)
    assert "one from a video's url" in str(refusal)

    overlaid = evolve(plan_for(CREATE, evolve(job, character=None), "sora-2"), asked=job)
    with pytest.raises(JobError, match="apertis-videos"):
        next(CREATE.submit(overlaid))


def test_a_local_image_is_never_sent_as_if_it_were_a_url(tmp_path):
    job = VideoJob("x", images=[write_picture(tmp_path)])
    offer = offer_of(CREATE, "veo-3-pro-frames")
    assert isinstance(negotiate(job, offer, uploads=read_uploads(job)), Refusal)

    overlaid = evolve(offer, tiers=(evolve(offer.tiers[0], images=Images(1, via=("url", "file"))),))
    plan = negotiate(job, overlaid, ALLOW, uploads=read_uploads(job))
    assert isinstance(plan, Plan)
    with pytest.raises(JobError, match="by URL"):
        encode(plan)


def test_a_submit_answers_with_the_new_task():
    plan = plan_for(CREATE, VideoJob("x"), "veo3")
    report, sent = drive(CREATE.submit(plan), answer(CREATED))

    assert report == Report(VEO, Status.QUEUED, enhanced_prompt=ENHANCED)
    assert [request.paid for request in sent] == [True]


def test_a_sibling_s_answer_in_milliseconds_is_a_new_task_too():
    sample = '{"id":"sora-2:task_01k9008rhbefnt3rb1g9szxdwr","status":"pending","status_update_time":1762010621323}'
    report, _ = drive(CREATE.submit(plan_for(CREATE, VideoJob("x"), "veo3")), answer(sample))

    assert report == Report("sora-2:task_01k9008rhbefnt3rb1g9szxdwr", Status.QUEUED)


@pytest.mark.parametrize(
    ("sample", "report"),
    [
        (PROCESSING, Report(VEO, Status.RUNNING, enhanced_prompt=ENHANCED)),
        (COMPLETED, Report(VEO, Status.SUCCEEDED, video_url=OUTPUT, enhanced_prompt=ENHANCED)),
        ('{"status": "some_new_word"}', Report(VEO, Status.RUNNING)),
        ('{"status": "failed"}', Report(VEO, Status.FAILED)),
        ('{"status": "failed", "video_url": "no luck"}', Report(VEO, Status.FAILED)),
        (
            '{"status": "failed", "error": {"message": "rejected by moderation"}}',
            Report(
                VEO,
                Status.FAILED,
                error=TaskError("content_policy", None, "rejected by moderation"),
            ),
        ),
    ],
)
def test_a_poll_reads_each_documented_answer(sample, report):
    found, sent = drive(CREATE.status(task_of(CREATE, VEO)), answer(sample))

    assert found == report
    assert sent == [Request("GET", "/v1/video/query", query={"id": VEO})]


def test_completed_without_a_video_is_an_error_of_its_own():
    with pytest.raises(ProviderError) as caught:
        drive(CREATE.status(task_of(CREATE)), answer('{"id": "x", "status": "completed"}'))

    assert caught.value.kind == "malformed"


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, {"type": "invalid_request_error", "code": "invalid_parameter"}, "invalid_request"),
        (401, {"type": "authentication_error", "code": "invalid_api_key"}, "auth"),
        (402, {"type": "billing_error", "code": "insufficient_balance"}, "insufficient_funds"),
        (403, {"type": "permission_error", "code": "ip_not_allowed"}, "permission"),
        (404, {"type": "invalid_request_error", "code": "model_not_found"}, "model_unavailable"),
        (404, {"message": "Task ID not found"}, "not_found"),
        (429, {"type": "rate_limit_error", "code": "rate_limit_exceeded"}, "rate_limited"),
        (500, {"type": "server_error", "code": "internal_error"}, "server"),
        (
            400,
            {"type": "content_policy_error", "code": "content_policy_violation"},
            "content_policy",
        ),
    ],
)
def test_each_documented_error_has_its_kind(status, error, kind):
    response = answer({"error": {"message": "no", **error}}, status)
    for flow in (
        CREATE.submit(plan_for(CREATE, VideoJob("x"), "veo3")),
        CREATE.status(task_of(CREATE)),
    ):
        with pytest.raises(ProviderError) as caught:
            drive(flow, response)
        assert caught.value.kind == kind


def test_the_edge_s_refusal_is_not_mistaken_for_a_wrong_key():
    with pytest.raises(ProviderError, match="user_agent") as caught:
        drive(CREATE.status(task_of(CREATE)), answer("error code: 1010", 403, "text/plain"))

    assert caught.value.kind == "permission"


def test_the_file_is_where_the_task_says():
    task = task_of(CREATE, video_url=OUTPUT)
    assert drive(CREATE.locate(task)) == (Request("GET", OUTPUT, expects="video"), [])


def test_a_task_that_does_not_know_its_file_is_asked():
    location, sent = drive(CREATE.locate(task_of(CREATE, VEO)), answer(COMPLETED))

    assert location == Request("GET", OUTPUT, expects="video")
    assert [request.url for request in sent] == ["/v1/video/query"]


def test_an_unfinished_task_has_no_file():
    with pytest.raises(DownloadError, match="running"):
        drive(CREATE.locate(task_of(CREATE, VEO)), answer(PROCESSING))


@given(response=responses(*DOCUMENTED))
def test_any_answer_ends_in_a_report_or_a_typed_error(response):
    plan = plan_for(CREATE, VideoJob("x"), "veo3")
    for flow, kind in (
        (CREATE.submit(plan), Report),
        (CREATE.status(task_of(CREATE)), Report),
        (CREATE.locate(task_of(CREATE)), Request),
    ):
        try:
            result, _ = drive(flow, response)
        except AnyVideoError:
            continue
        assert isinstance(result, kind)
