"""The guide's orders, produced to the field, and where the roles of images stand in the prompt."""

import pytest

from anyvideo.model.plan import Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Image, Inline, JobError, Request, VideoJob
from anyvideo.testing import answer
from anyvideo_plugins.gemini.interactions import encode
from tests.plugins.gemini.answers import (
    ACTIVE,
    COMPLETED,
    FIRST,
    GEMINI,
    ID,
    LAST,
    SUBMITTED,
    drive,
    offer_of,
    plan_for,
    reference,
    task_of,
)

VIDEO = {"type": "video", "delivery": "uri"}


def body_of(job, model="gemini-omni-1.1-flash"):
    request = encode(plan_for(job, model))
    assert request.paid
    return request.json


def blocks_of(job, model="gemini-omni-1.1-flash"):
    (step,) = body_of(job, model)["input"]
    assert step["type"] == "user_input"
    return step["content"]


def prompt_of(job, model="gemini-omni-1.1-flash"):
    *images, text = blocks_of(job, model)
    assert {block["type"] for block in images} <= {"image"}
    assert text["type"] == "text"
    return text["text"]


def test_the_order_of_the_reference_with_a_first_frame():
    job = VideoJob(
        "a woman is walking. In a single continuous shot.",
        seconds=5,
        aspect_ratio="16:9",
        resolution="720p",
        images=[FIRST],
    )
    plan = plan_for(job, "gemini-omni-1.2-flash")

    assert encode(plan) == Request(
        "POST",
        "/v1beta/interactions",
        json={
            "model": "gemini-omni-1.2-flash",
            "input": [
                {
                    "type": "user_input",
                    "content": [
                        {
                            "type": "image",
                            "mime_type": "image/png",
                            "data": Inline(plan.uploads[FIRST], bare=True),
                        },
                        {
                            "type": "text",
                            "text": "<FIRST_FRAME> a woman is walking. In a single continuous shot.",
                        },
                    ],
                }
            ],
            "response_format": {
                "type": "video",
                "delivery": "uri",
                "aspect_ratio": "16:9",
                "duration": "5s",
                "resolution": "720p",
            },
            "generation_config": {"video_config": {"task": "image_to_video"}},
            "background": True,
            "store": True,
        },
        paid=True,
    )


def test_the_smallest_order_says_nothing_that_was_not_asked_for():
    assert body_of(VideoJob("a marble")) == {
        "model": "gemini-omni-1.1-flash",
        "input": [{"type": "user_input", "content": [{"type": "text", "text": "a marble"}]}],
        "response_format": VIDEO,
        "background": True,
        "store": True,
    }


@pytest.mark.parametrize("model", ["gemini-omni-1.1-flash", "gemini-omni-1.2-flash"])
@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({"seconds": 3}, {"duration": "3s"}),
        ({"seconds": 10}, {"duration": "10s"}),
        ({"aspect_ratio": "9:16"}, {"aspect_ratio": "9:16"}),
        ({"resolution": "360p"}, {"resolution": "360p"}),
        (
            {"resolution": "1080p", "aspect_ratio": "9:16"},
            {"resolution": "1080p", "aspect_ratio": "9:16"},
        ),
        ({"resolution": "2160p"}, {"resolution": "4k"}),
        ({"size": "3840x2160"}, {"resolution": "4k", "aspect_ratio": "16:9"}),
        ({"audio": True}, {}),
    ],
)
def test_what_is_chosen_stands_in_the_response_format(model, fields, form):
    body = body_of(VideoJob("p", **fields), model)

    assert body["response_format"] == {**VIDEO, **form}
    assert body["model"] == model


@pytest.mark.parametrize("form", [{"seconds": 15}, {"seconds": 15, "images": [FIRST]}])
def test_fifteen_seconds_of_the_newer_model(form):
    assert body_of(VideoJob("p", **form), "gemini-omni-1.2-flash")["response_format"] == {
        **VIDEO,
        "duration": "15s",
    }


@pytest.mark.parametrize(
    ("images", "text", "task"),
    [
        ([FIRST], "<FIRST_FRAME> p", "image_to_video"),
        ([FIRST, LAST], "<FIRST_FRAME> <LAST_FRAME> p", "image_to_video"),
        ([reference()], "[# References <IMAGE_REF_0>@Image1] p", "reference_to_video"),
        (
            [reference(1), reference(2), reference(3)],
            "[# References <IMAGE_REF_0>@Image1 <IMAGE_REF_1>@Image2 <IMAGE_REF_2>@Image3] p",
            "reference_to_video",
        ),
        (
            [reference(), LAST, FIRST],
            "[# Sources <FIRST_FRAME>@Image1 <LAST_FRAME>@Image2] [# References <IMAGE_REF_0>@Image3] p",
            None,
        ),
    ],
)
def test_the_roles_of_images_are_tags_in_the_order_of_the_blocks(images, text, task):
    body = body_of(VideoJob("p", images=images))

    assert body["input"][0]["content"][-1] == {"type": "text", "text": text}
    config = body.get("generation_config", {"video_config": {"task": None}})
    assert config == {"video_config": {"task": task}}


def test_the_blocks_have_the_frames_before_the_references_whatever_the_job_has():
    images = [reference(1), LAST, reference(2), FIRST]
    blocks = blocks_of(VideoJob("p", images=images))

    sources = [block["data"].upload.source for block in blocks[:-1]]
    assert sources == [image.source for image in (FIRST, LAST, reference(1), reference(2))]
    assert all(block["data"].bare for block in blocks[:-1])


@pytest.mark.parametrize(
    ("prompt", "images", "text"),
    [
        ("<FIRST_FRAME> she walks", [FIRST], "<FIRST_FRAME> she walks"),
        ("to <LAST_FRAME>", [FIRST, LAST], "<FIRST_FRAME> to <LAST_FRAME>"),
        (
            "in the style of <IMAGE_REF_0>",
            [reference()],
            "[# References <IMAGE_REF_0>@Image1] in the style of <IMAGE_REF_0>",
        ),
        (
            "[# Sources <FIRST_FRAME>@Image1 <LAST_FRAME>@Image1] a loop",
            [FIRST],
            "[# Sources <FIRST_FRAME>@Image1 <LAST_FRAME>@Image1] a loop",
        ),
    ],
)
def test_tags_of_the_caller_stay_as_they_are(prompt, images, text):
    assert prompt_of(VideoJob(prompt, images=images)) == text


def test_images_by_url_are_refused_because_google_does_not_fetch_them():
    job = VideoJob("p", images=[Image("https://example.com/first.png")])

    assert isinstance(negotiate(job, offer_of("gemini-omni-1.1-flash")), Refusal)


@pytest.mark.parametrize(
    ("options", "changed"),
    [
        ({"duration": "4.5s"}, {"response_format": {**VIDEO, "duration": "4.5s"}}),
        (
            {"duration": None, "delivery": "inline"},
            {"response_format": {"type": "video", "delivery": "inline"}},
        ),
        ({"response_format": {"type": "video"}}, {"response_format": {"type": "video"}}),
        ({"previous_interaction_id": "v1_a"}, {"previous_interaction_id": "v1_a"}),
        (
            {"webhook_config": {"uris": ["https://a.b"], "user_metadata": {"job": "1"}}},
            {"webhook_config": {"uris": ["https://a.b"], "user_metadata": {"job": "1"}}},
        ),
        (
            {"generation_config": {"video_config": {"task": "extend"}}},
            {"generation_config": {"video_config": {"task": "extend"}}},
        ),
        ({"model": "gemini-omni-2-flash"}, {"model": "gemini-omni-2-flash"}),
    ],
)
def test_an_option_of_the_caller_wins_where_google_has_the_parameter(options, changed):
    job = VideoJob("p", seconds=5, options={"gemini": options, "apiyi": {"x": 1}})
    plain = {**body_of(VideoJob("p", seconds=5)), **changed}

    assert body_of(job) == plain


def test_null_takes_a_parameter_out():
    job = VideoJob(
        "p", images=[FIRST], options={"gemini": {"store": None, "generation_config": None}}
    )

    assert body_of(job).keys() == {"model", "input", "response_format", "background"}


def test_an_option_against_the_jobs_own_images_is_one_line():
    job = VideoJob("p", images=[FIRST], options={"gemini": {"input": "p"}})

    with pytest.raises(JobError, match=r"options\.gemini\.input contradicts the job's images"):
        encode(plan_for(job))
    assert body_of(VideoJob("p", options={"gemini": {"input": "q"}}))["input"] == "q"


def test_the_key_travels_in_googles_own_header():
    request = Request("GET", "https://generativelanguage.googleapis.com/v1beta/files/abc")

    assert GEMINI.authorize(request, "AIza-key", b"", 0.0) == {"x-goog-api-key": "AIza-key"}


@pytest.mark.parametrize(
    ("id_", "path"),
    [(ID, ID), ("v1_a/b c", "v1_a%2Fb%20c"), ("v1_a.b:c", "v1_a.b:c")],
)
def test_an_id_is_one_segment_of_the_path(id_, path):
    task = task_of(id=id_)

    for operation, method, end in (("status", "GET", ""), ("cancel", "POST", "/cancel")):
        _, sent = drive(getattr(GEMINI, operation)(task), answer(COMPLETED))
        assert sent == [Request(method, f"/v1beta/interactions/{path}{end}")]


def test_submit_is_one_paid_request_and_locate_none():
    _, submitted = drive(GEMINI.submit(plan_for(VideoJob("p"))), answer(SUBMITTED))
    _, located = drive(GEMINI.locate(task_of()), answer(COMPLETED), answer(ACTIVE))

    assert [request.paid for request in submitted] == [True]
    assert [request.paid for request in located] == [False, False]
