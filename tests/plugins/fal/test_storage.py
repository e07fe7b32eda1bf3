"""A large local image lies in fal's storage before a job names it."""

from pathlib import Path
from typing import Any

import pytest

from anyvideo.plugin import Image, Inline, Request, Response, VideoJob
from anyvideo.testing import answer, drive
from tests.plugins.fal.answers import FAL, FIRST, ID, QUEUED, fail, plan_for, record, refusal_of

IMAGES = Path(__file__).parents[2] / "images"
SMALL = Image(IMAGES / "plain-1280x720.png")
LARGE = Image(IMAGES / "rocket-1280x720.jpg")
# The addresses of fal's own client's tests: fal-ai/fal, projects/fal_client/tests/unit/test_client.py.
PUT, FILE = "https://upload.example.com/put", "https://file.example.com/file"
SLOT = answer({"upload_url": PUT, "file_url": FILE})


def submit(images, *responses, model="veo-3.1"):
    plan = plan_for(VideoJob("p", images=images), model)
    report, requests = record(FAL.submit(plan), *responses)
    return report, requests, plan


def test_a_large_image_is_stored_and_then_named():
    report, requests, plan = submit([LARGE], SLOT, Response(200), answer(QUEUED))
    initiate, put, order = requests

    assert initiate == Request(
        "POST",
        "https://rest.fal.ai/storage/upload/initiate",
        query={"storage_type": "fal-cdn-v3"},
        json={"file_name": "rocket-1280x720.jpg", "content_type": "image/jpeg"},
        rehearsal=initiate.rehearsal,
    )
    assert put == Request("PUT", PUT, content=plan.uploads[LARGE], rehearsal={})
    assert (order.url, order.paid) == ("/fal-ai/veo3.1/image-to-video", True)
    assert order.json == {"prompt": "p", "image_url": FILE}
    assert report.id == ID


def test_a_small_image_stays_in_the_body():
    _, (order,), plan = submit([SMALL], answer(QUEUED))

    assert order.json["image_url"] == Inline(plan.uploads[SMALL])


@pytest.mark.parametrize(("size", "early"), [(8192, []), (8193, [SLOT, Response(200)])])
def test_a_few_kb_are_the_border(size, early):
    image = Image((IMAGES / "plain-1280x720.png").read_bytes().ljust(size, b"\0"))

    _, requests, _ = submit([image], *early, answer(QUEUED))

    assert len(requests) == len(early) + 1


def test_each_file_is_stored_once_and_each_image_keeps_its_place():
    last = Image(LARGE.source, "last_frame")
    _, requests, _ = submit([LARGE, last], SLOT, Response(200), answer(QUEUED))
    assert requests[-1].json == {"prompt": "p", "first_frame_url": FILE, "last_frame_url": FILE}

    sources = [FIRST.source, LARGE.source, SMALL.source, IMAGES / "rocket-640x427.jpg"]
    references = [Image(source, "reference") for source in sources]
    other = answer({"upload_url": PUT, "file_url": "https://file.example.com/other"})
    early = [SLOT, Response(200), other, Response(204)]
    _, requests, plan = submit(references, *early, answer(QUEUED), model="seedance-2.0")
    small = Inline(plan.uploads[references[2]])
    names = [FIRST.source, FILE, small, "https://file.example.com/other"]
    assert requests[-1].json["image_urls"] == names


@pytest.mark.parametrize(
    ("early", "kind"),
    [
        ([answer({"detail": "No user found for Key ID and Secret"}, 401)], "auth"),
        ([fail("User is locked. Reason: Exhausted balance.", 403)], "insufficient_funds"),
        ([Response(503)], "server"),
        ([answer({})], "malformed"),
        ([answer({"upload_url": PUT})], "malformed"),
        ([answer({"file_url": FILE})], "malformed"),
        ([answer({"upload_url": "/put", "file_url": FILE})], "malformed"),
        ([answer({"upload_url": PUT, "file_url": 7})], "malformed"),
        ([SLOT, Response(503)], "server"),
    ],
)
def test_an_image_that_cannot_be_stored_costs_nothing(early, kind):
    plan = plan_for(VideoJob("p", images=[LARGE]), "veo-3.1")

    assert refusal_of(drive, FAL.submit(plan), early).kind == kind


def test_a_plan_assumes_a_file_by_its_hash_alone():
    plan = plan_for(VideoJob("p", images=[LARGE]), "veo-3.1")
    flow = FAL.submit(plan)
    initiate = next(flow)
    put = flow.send(answer(initiate.rehearsal))
    body: Any = flow.send(answer(put.rehearsal)).json

    assert body["image_url"].endswith(plan.uploads[LARGE].sha256)
