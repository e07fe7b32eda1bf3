"""Local images are uploaded to APIMart before the paid request."""

import pytest
from attrs import evolve

from anyvideo.errors import DownloadError
from anyvideo.model.plan import Refusal
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.plugin import Image, JobError, ProviderError, Report, Upload, VideoJob
from anyvideo_plugins.apimart.generations import encode_upload, read_upload
from tests.plugins.apimart.answers import (
    ALLOW,
    APIMART,
    FIRST,
    ID,
    PNG,
    SUBMITTED,
    UPLOADED,
    answer,
    drive,
    offer_of,
    plan_for,
)

LOCAL = Image(PNG)
LOCAL_LAST = Image(PNG, "last_frame")


def uploaded(name):
    return answer({**UPLOADED, "url": f"https://upload.apimart.ai/f/image/{name}"})


def test_local_images_are_uploaded_one_by_one_before_the_paid_request():
    plan = plan_for(VideoJob("p", images=[LOCAL, LOCAL_LAST]), "kling-v3")
    flow = APIMART.submit(plan)
    report, sent = drive(flow, uploaded("1.png"), uploaded("2.png"), answer(SUBMITTED))

    assert report == Report(ID, "queued")
    assert [(request.method, request.url) for request in sent] == [
        ("POST", "/v1/uploads/images"),
        ("POST", "/v1/uploads/images"),
        ("POST", "/v1/videos/generations"),
    ]
    assert [request.paid for request in sent] == [False, False, True]
    assert sent[0].form == {}
    assert sent[0].files == {"file": plan.uploads[LOCAL]}
    assert sent[2].json["image_urls"] == [
        "https://upload.apimart.ai/f/image/1.png",
        "https://upload.apimart.ai/f/image/2.png",
    ]


def test_a_file_by_its_path_and_a_url_go_together(tmp_path):
    path = tmp_path / "cat.png"
    path.write_bytes(PNG)
    job = VideoJob("p", images=[FIRST, Image(str(path), "last_frame")])
    flow = APIMART.submit(plan_for(job, "seedance-2.0"))
    _, sent = drive(flow, uploaded("cat.png"), answer(SUBMITTED))

    assert sent[0].files["file"].source == str(path)
    assert sent[1].json["image_with_roles"] == [
        {"url": FIRST.source, "role": "first_frame"},
        {"url": "https://upload.apimart.ai/f/image/cat.png", "role": "last_frame"},
    ]


def test_the_same_image_twice_is_uploaded_once():
    twice = Image(PNG, "reference")
    plan = plan_for(VideoJob("p", images=[twice, twice]), "veo-3.1-fast")
    _, sent = drive(APIMART.submit(plan), uploaded("1.png"), answer(SUBMITTED))

    assert len(sent) == 2
    assert sent[1].json["image_urls"] == ["https://upload.apimart.ai/f/image/1.png"] * 2


def test_a_rehearsal_knows_where_the_image_would_lie():
    upload = plan_for(VideoJob("p", images=[LOCAL]), "kling-v3").uploads[LOCAL]
    request = encode_upload(upload)

    assert request.rehearsal == {"url": f"https://upload.apimart.ai/f/image/{upload.sha256}"}
    assert read_upload(answer(request.rehearsal)) == request.rehearsal["url"]


def test_the_address_may_be_wrapped():
    assert read_upload(answer({"data": {"url": UPLOADED["url"]}})) == UPLOADED["url"]


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (
            answer(
                {"error": {"code": 400, "message": "no file", "type": "invalid_request_error"}}, 400
            ),
            "invalid_request",
        ),
        (answer(b"<html>413</html>", 413), "invalid_request"),
        (answer(b"", 429), "rate_limited"),
        (answer({"error": {"code": 500, "message": "x", "type": "server_error"}}, 500), "server"),
        (answer({"code": 402, "message": "Insufficient balance"}), "insufficient_funds"),
        (answer({"url": "data:image/png;base64,xyz"}), "malformed"),
        (answer([]), "malformed"),
        (answer(b"{"), "malformed"),
    ],
)
def test_a_refused_upload_ends_it_before_anything_is_paid(response, kind):
    flow = APIMART.submit(plan_for(VideoJob("p", images=[LOCAL]), "kling-v3"))
    with pytest.raises(ProviderError) as caught:
        drive(flow, response)

    assert caught.value.kind == kind
    assert not isinstance(caught.value, DownloadError)


def test_a_job_that_stands_against_itself_uploads_nothing():
    job = VideoJob("p", images=[LOCAL], options={"apimart": {"image_urls": []}})
    with pytest.raises(JobError, match="contradicts the job's own"):
        next(APIMART.submit(plan_for(job, "kling-v3")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"size": 10_000_001}, "accepted: up to 10000000"),
        ({"content_type": "image/gif"}, "is gif; accepted: png, jpeg, webp"),
    ],
)
def test_a_file_that_is_too_large_or_of_the_wrong_type_is_refused(change, words):
    job = VideoJob("p", images=[LOCAL])
    fine = Upload("image.png", "image/png", PNG, 10_000_000, "0" * 64, 1280, 720)
    offer = offer_of("kling-v3")
    refusal = negotiate(job, offer, ALLOW, uploads={LOCAL: evolve(fine, **change)})

    assert not isinstance(negotiate(job, offer, ALLOW, uploads={LOCAL: fine}), Refusal)
    assert isinstance(refusal, Refusal)
    assert words in str(refusal)
