"""OpenAI's own SDK against the gateway, with every call that it has for videos, at every vendor."""

import openai
import pytest

from anyvideo import Client, Image, Policy, VideoJob
from anyvideo.sandbox.discovery import find_vendors
from anyvideo.testing import draw_picture
from tests.gateway.running import CONFIG

pytestmark = pytest.mark.filterwarnings("ignore:The Sora API:DeprecationWarning")

ADAPTERS = sorted(name for vendor in find_vendors() for name in vendor.adapters)
MODEL = "apiyi/sora-2"


@pytest.fixture(scope="module")
def offers():
    """An offer of each adapter, and whether it needs an image."""
    picture = Image(draw_picture(1280, 720))
    found = {}
    with Client(CONFIG, sandbox=True, journal=None) as client:
        for adapter in ADAPTERS:
            for images in ((), (picture,)):
                compared = client.compare(
                    VideoJob("a fox", images=images), f"{adapter}/*", policy=Policy(retired="allow")
                )
                if compared.plans and adapter not in found:
                    found[adapter] = compared.plans[0].offer.name, bool(images)
    return found


@pytest.mark.parametrize("adapter", ADAPTERS)
def test_create_poll_and_download_at_every_vendor(sdk, gateway, offers, adapter):
    model, needs_image = offers[adapter]
    picture = ("a.png", draw_picture(1280, 720), "image/png")
    image = {"input_reference": picture} if needs_image else {}

    video = sdk.videos.create_and_poll(model=model, prompt="a fox", poll_interval_ms=20, **image)

    assert (video.status, video.progress, video.model, video.error) == (
        "completed",
        100,
        model,
        None,
    )
    assert video.completed_at >= video.created_at
    assert sdk.videos.download_content(video.id).read()[4:8] == b"ftyp"
    assert gateway.paid == 1


def test_list_remix_and_delete(sdk, gateway):
    model = "openai-videos/sora-2"
    first = sdk.videos.create_and_poll(model=model, prompt="a fox", poll_interval_ms=20)
    remix = sdk.videos.remix(first.id, prompt="a fox at night")
    assert remix.remixed_from_video_id == first.id
    assert gateway.paid == 2

    assert [video.id for video in sdk.videos.list(limit=1)][:2] == [remix.id, first.id]
    assert [video.id for video in sdk.videos.list(limit=1, order="asc")][-2:] == [
        first.id,
        remix.id,
    ]
    assert sdk.videos.retrieve(remix.id).remixed_from_video_id == first.id
    deleted = sdk.videos.delete(first.id)
    assert (deleted.id, deleted.deleted, deleted.object) == (first.id, True, "video.deleted")
    for call in (sdk.videos.retrieve, sdk.videos.delete, sdk.videos.download_content):
        with pytest.raises(openai.NotFoundError):
            call(first.id)
    assert first.id not in [video.id for video in sdk.videos.list()]


def test_an_image_and_fields_of_our_own_go_along(sdk, http, sandbox):
    own = {
        "seed": 7, "audio": False, "max_cost": "9.00", "metadata": {"order": "8"},
        "policy": {"metadata": "drop", "seed": "drop", "seconds": "up"},
    }  # fmt: skip
    picture = ("a.png", draw_picture(1280, 720), "image/png")
    video = sdk.videos.create(
        model="apimart/kling-v3", prompt="a fox", seconds="6", input_reference=picture,
        extra_body={"anyvideo": own},
    )  # fmt: skip
    told = video.to_dict()["anyvideo"]
    assert (told["state"], told["offer"]) == ("queued", "apimart/kling-v3")
    assert told["quote"]["confidence"] == "exact"
    assert "seed" in {item["field"] for item in told["adjustments"]}
    url = {"image_url": "https://pictures.example/fox.png"}
    body = {"model": "apimart/kling-v3", "prompt": "a fox", "input_reference": url}
    assert http.post("/videos", json=body).status_code == 200
    assert b"pictures.example/fox.png" in sandbox.posts("apimart")[-1].body


def test_models_are_what_a_create_takes(sdk):
    models = {model.id: model.owned_by for model in sdk.models.list()}
    assert models["apimart/kling-v3"] == "apimart"
    assert models["kling-v3"] == "anyvideo"
    assert sdk.models.retrieve("apimart/kling-v3").object == "model"
    with pytest.raises(openai.NotFoundError):
        sdk.models.retrieve("apimart/nothing")


def test_a_job_that_fails_says_why(sdk):
    video = sdk.videos.create_and_poll(
        model="openai-videos/sora-2", prompt="a fox [fault:moderated=50]", poll_interval_ms=20
    )
    assert (video.status, video.error.code) == ("failed", "moderation_blocked")
    with pytest.raises(openai.BadRequestError, match="not ready: it is failed"):
        sdk.videos.download_content(video.id)
