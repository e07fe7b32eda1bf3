"""Every request that Replicate's pages show, produced to the byte, and what each model is sent."""

import json
from typing import Any

import pytest
from attrs import evolve

from anyvideo.errors import ProviderError
from anyvideo.model.media import Image
from anyvideo.plugin import Inline, Request
from anyvideo.testing import adapter, answer, draw_picture, drive
from anyvideo_plugins import replicate
from anyvideo_plugins.replicate.predictions import Replicate, encode
from tests.plugins.replicate.answers import (
    FIRST,
    ID,
    LAST,
    NO_MONEY,
    REFERENCES,
    REPLICATE,
    STARTING,
    URLS,
    input_for,
    plan_for,
    request_for,
    task_of,
)

PNG = draw_picture(64, 64)
F, L = FIRST.source, LAST.source
R = [image.source for image in REFERENCES]


def test_the_plugin_offers_its_adapter_and_its_wire():
    (offered,) = replicate.anyvideo_adapters()
    (vendor,) = replicate.anyvideo_sandbox()

    assert (offered.name, offered.key_env) == ("replicate", "REPLICATE_API_TOKEN")
    assert offered.base_url == "https://api.replicate.com"
    assert type(adapter("replicate")) is Replicate
    assert vendor.adapters == ("replicate",)


# ---- Inputs of the examples on the models' own pages, replicate.com/{model}/llms.txt

SAMPLES: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "seedance-2.0",
        "/v1/models/bytedance/seedance-2.0/predictions",
        "A cozy cabin in a snowy forest at night",
        {"seconds": 7, "aspect_ratio": "16:9", "resolution": "720p", "audio": True, "seed": 99},
        {
            "seed": 99,
            "prompt": "A cozy cabin in a snowy forest at night",
            "duration": 7,
            "resolution": "720p",
            "aspect_ratio": "16:9",
            "generate_audio": True,
        },
    ),
    (
        "kling-v3",
        "/v1/models/kwaivgi/kling-v3-video/predictions",
        "Bamse, the world's strongest bear",
        {"seconds": 10, "aspect_ratio": "16:9", "resolution": "1080p", "audio": True},
        {
            "mode": "pro",
            "prompt": "Bamse, the world's strongest bear",
            "duration": 10,
            "aspect_ratio": "16:9",
            "generate_audio": True,
        },
    ),
    (
        "veo-3.1-fast",
        "/v1/models/google/veo-3.1-fast/predictions",
        "The camera zooms right into her eye",
        {
            "seconds": 8,
            "resolution": "720p",
            "aspect_ratio": "16:9",
            "audio": True,
            "images": [FIRST, LAST],
        },
        {
            "image": F,
            "prompt": "The camera zooms right into her eye",
            "duration": 8,
            "last_frame": L,
            "resolution": "720p",
            "aspect_ratio": "16:9",
            "generate_audio": True,
        },
    ),
]


@pytest.mark.parametrize(("model", "path", "prompt", "wishes", "sample"), SAMPLES)
def test_a_sample_is_produced_exactly(model, path, prompt, wishes, sample):
    request = request_for(model, prompt, **wishes)

    assert (request.method, request.url, request.paid) == ("POST", path, True)
    assert json.dumps(request.json, sort_keys=True) == json.dumps({"input": sample}, sort_keys=True)
    assert (request.query, request.headers, request.form, request.files) == ({}, {}, None, {})
    assert (request.reference, request.idempotency) == ("", "")


# ---- One line for each tier or word: the input but for the prompt

BODIES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("veo-3.1", {}, {}),
    ("veo-3.1", {"size": "720x1280", "seconds": 4}, {"aspect_ratio": "9:16", "resolution": "720p", "duration": 4}),
    ("veo-3.1", {"images": [FIRST, LAST], "audio": False}, {"image": F, "last_frame": L, "generate_audio": False}),
    ("veo-3.1", {"images": REFERENCES, "negative_prompt": "fog"}, {"reference_images": R, "negative_prompt": "fog"}),
    ("seedance-2.5", {"resolution": "480p", "seconds": 30}, {"resolution": "480p", "duration": 30}),
    ("seedance-2.5", {"images": [FIRST]}, {"image": F, "aspect_ratio": "adaptive"}),
    ("seedance-2.5", {"images": [FIRST, LAST], "resolution": "1080p"}, {"image": F, "last_frame_image": L, "aspect_ratio": "adaptive", "resolution": "1080p"}),
    ("seedance-2.5", {"images": REFERENCES, "aspect_ratio": "4:3", "watermark": False}, {"reference_images": R, "aspect_ratio": "4:3", "resolution": "720p", "watermark": False}),
    ("seedance-2.0", {"resolution": "4k", "aspect_ratio": "9:21"}, {"resolution": "4k", "aspect_ratio": "9:21"}),
    ("seedance-2.0", {"images": [FIRST], "resolution": "480p"}, {"image": F, "aspect_ratio": "adaptive", "resolution": "480p"}),
    ("seedance-2.0-fast", {"resolution": "480p", "seed": 0}, {"resolution": "480p", "seed": 0}),
    ("seedance-1-5-pro", {"audio": True, "seconds": 12, "aspect_ratio": "3:4"}, {"generate_audio": True, "duration": 12, "aspect_ratio": "3:4"}),
    ("seedance-1-5-pro", {"images": [FIRST, LAST]}, {"image": F, "last_frame_image": L}),
    ("seedance-1-0-pro", {"resolution": "480p", "seconds": 2}, {"resolution": "480p", "duration": 2}),
    ("seedance-1-0-pro-fast", {"images": [FIRST], "resolution": "720p"}, {"image": F, "resolution": "720p"}),
    ("kling-v3", {"resolution": "4k"}, {"mode": "4k"}),
    ("kling-v3", {"images": [FIRST, LAST], "resolution": "720p"}, {"start_image": F, "end_image": L, "mode": "standard"}),
    ("kling-v3-omni", {"images": REFERENCES, "seconds": 3}, {"reference_images": R, "duration": 3}),
    ("kling-v3-omni", {"images": [FIRST], "audio": True}, {"start_image": F, "generate_audio": True}),
    ("kling-video-o1", {"seconds": 10, "aspect_ratio": "1:1"}, {"duration": 10, "aspect_ratio": "1:1"}),
    ("kling-video-o1", {"images": [FIRST, LAST]}, {"start_image": F, "end_image": L}),
    ("kling-v2-6", {}, {"duration": 5, "generate_audio": True}),
    ("kling-v2-6", {"images": [FIRST], "audio": False}, {"start_image": F, "duration": 5, "generate_audio": False}),
    ("kling-v2-5-turbo", {"images": [FIRST, LAST]}, {"start_image": F, "end_image": L}),
    ("kling-v2-1-master", {"images": [FIRST], "seconds": 10}, {"start_image": F, "duration": 10}),
    ("kling-v2-1", {"images": [FIRST], "resolution": "720p"}, {"start_image": F, "mode": "standard"}),
    ("kling-v2-1", {"images": [FIRST, LAST]}, {"start_image": F, "end_image": L, "mode": "pro"}),
    ("pixverse-v6", {}, {"generate_audio_switch": False}),
    ("pixverse-v6", {"resolution": "1080p", "audio": True, "seconds": 15}, {"quality": "1080p", "generate_audio_switch": True, "duration": 15}),
    ("pixverse-v6", {"images": [FIRST, LAST], "resolution": "360p"}, {"image": F, "last_frame_image": L, "quality": "360p", "generate_audio_switch": False}),
    ("vidu-q3-pro", {"resolution": "540p", "seconds": 16, "audio": False}, {"resolution": "540p", "duration": 16, "audio": False}),
    ("vidu-q3-pro", {"images": [FIRST, LAST]}, {"start_image": F, "end_image": L}),
    ("hailuo-2.3", {"seconds": 10, "enhance_prompt": False}, {"duration": 10, "prompt_optimizer": False}),
    ("hailuo-2.3", {"images": [FIRST], "resolution": "1080p"}, {"first_frame_image": F, "resolution": "1080p"}),
    ("hailuo-2.3-fast", {"images": [FIRST], "resolution": "768p"}, {"first_frame_image": F, "resolution": "768p"}),
    ("hailuo-02", {"images": [FIRST, LAST], "resolution": "512p"}, {"first_frame_image": F, "last_frame_image": L, "resolution": "512p"}),
    ("wan2.6", {"size": "1080x1920", "seconds": 15, "enhance_prompt": False}, {"size": "1080*1920", "duration": 15, "enable_prompt_expansion": False}),
    ("wan2.5", {"images": [FIRST], "resolution": "480p"}, {"image": F, "resolution": "480p"}),
    ("grok-imagine-video", {"aspect_ratio": "3:2", "resolution": "480p", "seconds": 1}, {"aspect_ratio": "3:2", "resolution": "480p", "duration": 1}),
    ("grok-imagine-video-1.5", {"images": [FIRST], "seconds": 15}, {"image": F, "duration": 15}),
    ("runway-gen-4.5", {"images": [FIRST], "aspect_ratio": "21:9", "seed": 7}, {"image": F, "aspect_ratio": "21:9", "seed": 7}),
    ("ltx-2.3", {"resolution": "1440p", "aspect_ratio": "9:16"}, {"resolution": "2k", "aspect_ratio": "9:16"}),
    ("ltx-2.3", {"images": [FIRST], "resolution": "4k"}, {"image": F, "task": "image_to_video", "resolution": "4k"}),
    ("ltx-2.3-fast", {"seconds": 20, "audio": False}, {"duration": 20, "generate_audio": False}),
    ("ltx-2.3-fast", {"seconds": 10, "resolution": "4k", "images": [FIRST, LAST]}, {"duration": 10, "resolution": "4k", "image": F, "last_frame_image": L}),
    ("luma-ray-2", {"seconds": 9, "aspect_ratio": "9:21", "images": [FIRST, LAST]}, {"duration": 9, "aspect_ratio": "9:21", "start_image": F, "end_image": L}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "wishes", "words"), BODIES)
def test_each_tier_has_its_words(model, wishes, words):
    assert input_for(model, **wishes) == {"prompt": "a fox", **words}


def test_lengths_are_whole_numbers():
    assert '"duration": 4}' in json.dumps(input_for("veo-3.1", seconds=4.0))


# ---- Local images


def test_a_small_local_image_goes_into_the_input_as_a_data_url():
    local, end = Image(PNG), Image(PNG, "last_frame")
    plan = plan_for("kling-v3", images=[local, end])
    body: Any = encode(plan, {}).json

    assert body["input"]["start_image"] == Inline(plan.uploads[local])
    assert body["input"]["end_image"] == Inline(plan.uploads[end])


def large_plan(*roles):
    """Return a plan whose one local image is beyond 256 kB."""
    images = [Image(PNG, role) for role in roles]
    plan = plan_for("seedance-2.0", images=images)
    uploads = {image: evolve(upload, size=256_001) for image, upload in plan.uploads.items()}
    return evolve(plan, uploads=uploads)


def stored(name: str, status: int = 201):
    return answer(
        {"id": name, "urls": {"get": f"https://api.replicate.com/v1/files/{name}"}}, status
    )


def test_a_large_local_image_is_stored_once_and_named_by_its_url():
    flow = REPLICATE.submit(large_plan("first_frame", "last_frame"))
    first = next(flow)
    second: Any = flow.send(stored("a"))

    assert (first.method, first.url, first.paid) == ("POST", "/v1/files", False)
    assert list(first.files) == ["content"]
    assert second.paid
    url = "https://api.replicate.com/v1/files/a"
    assert second.json["input"]["image"] == second.json["input"]["last_frame_image"] == url


@pytest.mark.parametrize(("more", "requests"), [(0, 1), (1, 2)])
def test_what_is_stored_is_larger_than_256_kilobytes(more, requests):
    plan = large_plan("reference")
    uploads = {image: evolve(item, size=256_000 + more) for image, item in plan.uploads.items()}
    plan = evolve(plan, uploads=uploads)
    flow, count = REPLICATE.submit(plan), 1
    request = next(flow)
    while not request.paid:
        request, count = flow.send(stored("a")), count + 1

    assert count == requests


@pytest.mark.parametrize(
    "told", [answer(NO_MONEY, 402), answer({"id": "a"}, 201), stored("a", 500), answer(b"", 201)]
)
def test_an_image_that_is_not_stored_ends_the_submit_before_anything_is_paid(told):
    flow = REPLICATE.submit(large_plan("first_frame"))
    next(flow)
    with pytest.raises(ProviderError):
        flow.send(told)


# ---- Options and webhooks


def test_options_are_fields_of_the_input_and_null_removes():
    options = {"replicate": {"duration": -1, "aspect_ratio": None, "model": "x", "fps": 24}}
    given = input_for("seedance-2.0", images=[FIRST], options=options)

    assert given == {"prompt": "a fox", "image": F, "duration": -1, "model": "x", "fps": 24}


def test_a_webhook_is_asked_for_the_end_alone():
    plan = evolve(plan_for("veo-3.1"), callback="https://app.example/hooks/replicate")

    assert encode(plan, {}).json == {
        "input": {"prompt": "a fox"},
        "webhook": "https://app.example/hooks/replicate",
        "webhook_events_filter": ["completed"],
    }


# ---- The other calls


def paths(task):
    asked = (REPLICATE.status(task), REPLICATE.locate(task), REPLICATE.cancel(task))
    return [(request.method, request.url, request.paid) for request in map(next, asked)]


USUAL = [
    ("GET", f"/v1/predictions/{ID}", False),
    ("GET", f"/v1/predictions/{ID}", False),
    ("POST", f"/v1/predictions/{ID}/cancel", False),
]


@pytest.mark.parametrize(
    "extra",
    [
        URLS,
        {},
        {
            "get": f"https://evil.example/v1/predictions/{ID}",
            "cancel": "https://api.replicate.com.x/",
        },
        {"get": 7, "cancel": None},
    ],
)
def test_calls_stay_at_the_vendor(extra):
    assert paths(task_of(extra=extra)) == USUAL


def test_the_urls_that_the_vendor_gave_are_called():
    other = {
        "get": "https://api.replicate.com/v1/deployments/a/b/predictions/1",
        "cancel": "https://api.replicate.com/v1/deployments/a/b/predictions/1/cancel",
    }
    path = "/v1/deployments/a/b/predictions/1"
    assert [url for _, url, _ in paths(task_of(extra=other))] == [path, path, f"{path}/cancel"]
    proxied = task_of(
        base_url="https://proxy.example/r", extra={"get": "https://proxy.example/r/x"}
    )
    assert next(REPLICATE.status(proxied)) == Request("GET", "/x")


def test_an_id_is_one_segment_of_a_path():
    assert next(REPLICATE.status(task_of(id="a/b", extra={}))).url == "/v1/predictions/a%2Fb"


def test_the_urls_of_an_answer_are_kept_with_the_task():
    report = drive(REPLICATE.submit(plan_for("veo-3.1")), [answer(STARTING, 201)])
    assert report.extra == URLS

    long = {"urls": {"get": "https://api.replicate.com/" + "x" * 600, "cancel": URLS["cancel"]}}
    report = drive(REPLICATE.submit(plan_for("veo-3.1")), [answer({**STARTING, **long}, 201)])
    assert (report.id, report.extra) == (ID, {"cancel": URLS["cancel"]})
