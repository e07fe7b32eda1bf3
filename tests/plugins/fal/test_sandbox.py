"""The adapter over HTTP against fal's wire, with both clients."""

import base64
from pathlib import Path

import httpx
import pytest

from anyvideo import (
    AmbiguousSubmitError,
    AsyncClient,
    Client,
    ExpiredError,
    Image,
    ProviderError,
    Status,
    VideoJob,
)
from anyvideo.sandbox import Sandbox, load_models
from anyvideo_plugins.fal.sandbox.wire import VENDOR
from tests.cassettes.scenarios.tiers import list_jobs
from tests.plugins.fal.answers import ALLOW, FAL

PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"


@pytest.fixture
def sandbox_vendors():
    return [VENDOR]


@pytest.fixture
def user(sandbox, clock):
    with Client({}, sandbox=sandbox, journal=None, clock=clock) as client:
        yield client


@pytest.mark.parametrize(
    ("model", "wishes", "film"),
    [
        ("veo-3.1", {"seconds": 8, "aspect_ratio": "9:16"}, "a fox|8|720x1280"),
        ("seedance-2.0", {"seconds": 4, "resolution": "4k"}, "a fox|4|3840x2160"),
        ("kling-v3", {"seconds": 15, "resolution": "1080p"}, "a fox|15|1920x1080"),
        ("minimax-h3", {"seconds": 5}, "a fox|5|2560x1440"),
        ("luma-ray-3.2", {"seconds": 10, "resolution": "1080p"}, "a fox|10|1920x1080"),
    ],
)
def test_a_job_becomes_the_film_that_was_ordered(sandbox, user, model, wishes, film):
    task = user.submit(VideoJob("a fox", **wishes), f"fal/{model}")
    assert task.status == Status.QUEUED
    sandbox.advance(1)
    assert user.status(task).status == Status.RUNNING
    sandbox.advance(2)
    done = user.status(task)

    assert done.status == Status.SUCCEEDED
    assert httpx.get(done.video_url).text.startswith(film)
    assert len(sandbox.posts("fal")) == 1


def test_the_key_and_the_header_that_makes_a_job_run_once_arrive(sandbox, user):
    user.submit(VideoJob("a fox"), "fal/veo-3.1")
    (order,) = sandbox.posts("fal")

    assert order.headers["authorization"].startswith("Key ")
    assert order.headers["x-fal-no-retry"] == "1"


def test_local_images_arrive_inside_the_body(sandbox, user):
    images = [Image(PHOTO), Image(PHOTO, "last_frame")]
    user.submit(VideoJob("a fox", images=images), "fal/veo-3.1")
    (order,) = sandbox.posts("fal")

    assert order.path == "/fal-ai/veo3.1/first-last-frame-to-video"
    picture = base64.b64encode(PHOTO.read_bytes())
    assert order.body.count(b'_frame_url":"data:image/png;base64,' + picture) == 2


def test_a_large_image_is_sent_to_the_storage_without_the_key(sandbox, user):
    rocket = PHOTO.with_name("rocket-1280x720.jpg")
    task = user.submit(VideoJob("a fox", images=[Image(rocket)]), "fal/veo-3.1")
    initiate, put, order = sandbox.requests

    assert task.status == Status.QUEUED
    assert initiate.headers["authorization"].startswith("Key ")
    assert "authorization" not in put.headers
    assert (put.headers["content-type"], put.body) == ("image/jpeg", rocket.read_bytes())
    assert b'"image_url":"https://v3.fal.media/files/' in order.body


async def test_both_clients_make_the_same_film(sandbox_vendors, tmp_path):
    with Sandbox(vendors=sandbox_vendors, speed=1000) as sandbox:
        rocket = Image(PHOTO.with_name("rocket-1280x720.jpg"))
        job = VideoJob("a fox", seconds=4, images=[rocket])
        with Client(sandbox=sandbox, journal=None) as client:
            one = client.generate(job, tmp_path / "one.mp4", "fal/veo-3.1")
        async with AsyncClient(sandbox=sandbox, journal=None) as client:
            other = await client.generate(job, tmp_path / "other.mp4", "fal/veo-3.1")

    assert one.path.read_bytes() == other.path.read_bytes()
    assert (one.facts.seconds, one.facts.width) == (4, 1280)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("fail-at=50", "server", "runner_disconnected"),
        ("moderated=50", "content_policy", "content_policy_violation"),
        ("no-url", "server", None),
    ],
)
def test_a_job_that_fails_says_why(sandbox, user, fault, kind, code):
    task = user.submit(VideoJob(f"a fox [fault:{fault}]"), "fal/veo-3.1")
    sandbox.advance(4)
    failed = user.status(task)

    assert (failed.status, failed.error.kind, failed.error.code) == (Status.FAILED, kind, code)


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("no-money", "insufficient_funds"),
        ("moderated", "content_policy"),
        ("429=9", "rate_limited"),
    ],
)
def test_refusals_are_understood(user, fault, kind):
    with pytest.raises(ProviderError) as caught:
        user.submit(VideoJob(f"a fox [fault:{fault}]"), "fal/veo-3.1")

    assert caught.value.kind == kind


@pytest.mark.parametrize("fault", ["503", "truncated", "drop-after-accept", "502-after-accept"])
def test_a_job_that_may_exist_is_not_sent_again(sandbox, user, fault):
    with pytest.raises(AmbiguousSubmitError):
        user.submit(VideoJob(f"a fox [fault:{fault}]"), "fal/veo-3.1")

    assert len(sandbox.posts("fal")) == 1


@pytest.mark.parametrize("seconds", [0, 1])
def test_a_job_that_was_cancelled_ends_so(sandbox, user, seconds):
    task = user.submit(VideoJob("a fox"), "fal/veo-3.1")
    sandbox.advance(seconds)
    asked = user.cancel(user.status(task))
    ended = user.status(asked)

    assert not asked.status.final
    assert (ended.status, ended.error.code) == (Status.CANCELLED, "client_cancelled")


def test_a_job_that_is_complete_cannot_be_cancelled(sandbox, user):
    task = user.submit(VideoJob("a fox"), "fal/veo-3.1")
    sandbox.advance(3)

    assert user.cancel(task).status == Status.SUCCEEDED


def test_an_expired_film_is_an_error_of_its_own(sandbox, user, tmp_path):
    task = user.submit(VideoJob("a fox [fault:expired]"), "fal/veo-3.1")
    sandbox.advance(3)

    with pytest.raises(ExpiredError):
        user.download(user.status(task), tmp_path / "fox.mp4")


def test_every_word_of_every_tier_is_taken(sandbox, user):
    live = [offer for offer in FAL.offers() if not offer.retired]
    jobs = [(offer, job) for offer in live for job in list_jobs(offer)]

    tasks = [user.submit(job, f"fal/{offer.model}", policy=ALLOW) for offer, job in jobs]

    assert len(tasks) > 200
    assert {task.status for task in tasks} == {Status.QUEUED}


def test_the_wire_knows_the_endpoints_of_the_offers_and_no_others():
    live = [offer for offer in FAL.offers() if not offer.retired]
    endpoints = {tier.wire_model or offer.wire_model for offer in live for tier in offer.tiers}

    assert endpoints == set(load_models("anyvideo_plugins.fal.sandbox", "models.toml"))
