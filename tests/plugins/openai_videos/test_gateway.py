"""A gateway that speaks /v1/videos is configured without code."""

import json

import pytest
from attrs import evolve

from anyvideo.client.aio import AsyncClient
from anyvideo.client.sync import Client
from anyvideo.errors import ConfigError, JobError, NegotiationError, ProviderError
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Character, Image
from anyvideo.plugin import Status, Task
from anyvideo.testing import Server, VirtualClock, answer, draw_picture, drive, make_film
from anyvideo_plugins.openai_videos.gateway import Gateway, GatewaySettings

PROVIDER = {
    "adapter": "openai-videos",
    "base_url": "https://gateway.example/v1",
    "api_key": {"env": "MYGATEWAY_KEY"},
}
ROW = {
    "provider": "mygateway",
    "model": "sora-2",
    "source": "https://gateway.example/docs",
    "required": ["seconds"],
    "seconds": [4, 8, 12],
    "sizes": ["1280x720", "720x1280"],
    "accepts": ["seed", "watermark", "metadata", "character"],
    "images": {"first_frame": 1, "reference": 3, "via": ["url", "file"], "mix": True},
    "price": {"amount": "0.10", "per": "second"},
}
WORDS = {"words": {"排队中": "queued", "生成中": "running", "已完成": "succeeded"}}
PLACES = {"fields": {"id": "data.0.task", "status": "data.0.state", "cost": "usage.cost"}}
TASK = Task("mygateway", "openai-videos", "https://gateway.example", "task 1", "sora-2")


def configure(provider=None, **row):
    return {
        "providers": {"mygateway": {**PROVIDER, **(provider or {})}},
        "offers": [{**ROW, **row}],
    }


@pytest.fixture
def plan():
    """Plan a job at a gateway that only the config knows."""

    def plan_job(job, provider=None, **row):
        with Client(configure(provider, **row), journal=None) as client:
            return client.plan(job, "mygateway/sora-2")

    return plan_job


def test_a_gateway_needs_only_config(plan):
    plan = plan(VideoJob("a fox", size="1280x720", seed=0, watermark=False, metadata={"a": "1"}))

    (request,) = plan.requests
    assert (request.method, request.url, request.paid) == ("POST", "/v1/videos", True)
    assert request.json == {
        "model": "sora-2",
        "prompt": "a fox",
        "seconds": "4",
        "size": "1280x720",
        "seed": 0,
        "watermark": False,
        "metadata": {"a": "1"},
    }
    assert str(plan.quote) == "0.40 USD"
    assert plan.origin == "https://gateway.example"


def test_lengths_travel_as_numbers_where_the_gateway_wants_that(plan):
    number = {"settings": {"seconds": "number"}}
    names = {"seconds": "duration"}

    assert plan(VideoJob("x", seconds=8), number).requests[0].json["seconds"] == 8
    assert plan(VideoJob("x", seconds=8), number, names=names).requests[0].json["duration"] == 8
    options = {"openai-videos": {"seconds": 4.5}}
    assert plan(VideoJob("x", options=options)).requests[0].json["seconds"] == 4.5


def test_local_images_make_it_a_form(plan):
    images = (Image(draw_picture(64, 64)), Image("https://x.example/1.png", "reference"))

    (request,) = plan(VideoJob("x", images=images, seed=0, metadata={"a": "1"})).requests

    assert request.json is None
    assert request.form["seed"] == "0"
    assert request.form["metadata"] == '{"a": "1"}'
    assert request.form["input_reference"] == "https://x.example/1.png"
    assert [upload.width for upload in request.files["input_reference"]] == [64]


def test_images_go_where_the_offer_says(plan):
    names = {"first_frame": "image", "reference": "images[]"}
    urls = [f"https://x.example/{number}.png" for number in range(3)]
    roles = ("first_frame", "reference", "reference")
    images = tuple(Image(url, role) for url, role in zip(urls, roles, strict=True))  # type: ignore[arg-type]  # roles as text

    body = plan(VideoJob("x", images=images), names=names).requests[0].json

    assert (body["image"], body["images"]) == (urls[0], urls[1:])


def test_a_character_is_refused_because_the_wire_has_none(plan):
    job = VideoJob("x", character=Character(from_task="t"))

    with pytest.raises((JobError, NegotiationError), match="no parameter for a character"):
        _ = plan(job).requests


def read(body, status=200, **settings):
    adapter = Gateway().configure(GatewaySettings(**settings))
    return drive(adapter.status(TASK), [answer(body, status)])


def test_answers_are_read_in_the_gateways_own_words():
    assert read({"id": "1", "status": "生成中"}, **WORDS).status is Status.RUNNING
    assert (
        read({"data": [{"task_id": "1", "status": "已完成"}]}, **WORDS).status is Status.SUCCEEDED
    )
    assert read({"id": "1", "status": "in_progress"}, **WORDS).status is Status.RUNNING


def test_answers_are_read_where_the_settings_say():
    body = {"id": "request-7", "data": [{"task": 9, "state": "done"}], "usage": {"cost": 0.4}}

    report = read(body, **PLACES)

    assert (report.id, report.status, str(report.cost)) == ("9", Status.SUCCEEDED, "0.4")


@pytest.mark.parametrize("body", [{"error": {"message": "no task"}}, b"<html>", {"data": []}])
def test_an_answer_without_what_the_settings_name_is_an_error(body):
    with pytest.raises(ProviderError):
        read(body, **PLACES)
    with pytest.raises(ProviderError, match="no money"):
        read({"error": {"message": "no money"}}, 402, **PLACES, **WORDS)


def test_remix_is_read_like_a_submit():
    flow = Gateway().remix(TASK, "a cat", "720x1280")
    request = next(flow)

    assert (request.url, request.paid) == ("/v1/videos/task%201/remix", True)
    assert drive(Gateway().remix(TASK, "a cat"), [answer({"id": "2"})]).id == "2"


BAD = {
    "word": ({"words": {"x": "finished"}}, r"unknown finished; a status is one of submitting, "),
    "field": ({"fields": {"url": "a.b"}}, r"unknown url; a field is one of id, status, "),
    "kind": ({"seconds": "text or so"}, "settings.seconds"),
    "key": ({"sekonds": "text"}, "did you mean seconds"),
}


@pytest.mark.parametrize("case", BAD)
def test_settings_that_cannot_be_used_name_their_place(case):
    settings, message = BAD[case]

    with pytest.raises(ConfigError, match=message) as caught:
        Client(configure({"settings": settings}), journal=None)
    assert "providers.mygateway.settings" in str(caught.value)


def test_an_adapter_without_settings_says_so():
    with pytest.raises(
        ConfigError, match=r"providers.apiyi.settings: the adapter apiyi has no settings"
    ):
        Client({"providers": {"apiyi": {"settings": {"words": {}, "x": 1}}}}, journal=None)


def test_a_provider_without_base_url_is_asked_for_it_and_the_bare_adapter_is_no_provider():
    bare = {key: value for key, value in PROVIDER.items() if key != "base_url"}

    with pytest.raises(ConfigError, match=r"providers.mygateway.base_url: openai-videos has none"):
        Client({"providers": {"mygateway": bare}}, journal=None)
    with Client({}, journal=None) as client:
        assert "openai-videos" not in client.session.providers


class Vendor:
    """A gateway with Chinese words and its own envelope."""

    def __init__(self):
        self.words = iter(["排队中", "生成中", "已完成", "已完成"])

    def respond(self, call):
        if call.path.endswith("/content"):
            return answer(make_film(), headers={"content-type": "video/mp4"})
        return answer({"data": [{"task": 17, "state": next(self.words)}]})


def local(server):
    return configure({"base_url": server.url, "api_key": "k", "settings": {**WORDS, **PLACES}})


def test_a_video_comes_home_with_the_sync_client(tmp_path):
    with (
        Server(Vendor().respond) as server,
        Client(local(server), journal=None, clock=VirtualClock()) as client,
    ):
        video = client.generate(VideoJob("a fox"), tmp_path / "fox.mp4", "mygateway/sora-2")

    assert (video.task.id, video.task.status) == ("17", Status.SUCCEEDED)
    assert json.loads(server.calls[0].body)["prompt"] == "a fox"


async def test_a_video_comes_home_with_the_async_client(tmp_path):
    with Server(Vendor().respond) as server:
        async with AsyncClient(local(server), journal=None, clock=VirtualClock()) as client:
            video = await client.generate(VideoJob("a fox"), tmp_path / "a.mp4", "mygateway/sora-2")

    assert (video.task.id, video.task.status) == ("17", Status.SUCCEEDED)


def test_locate_finds_the_file_behind_content():
    task = evolve(TASK, video_url="https://x.example/1.mp4")

    assert drive(Gateway().locate(TASK), []).url == "/v1/videos/task%201/content"
    assert drive(Gateway().locate(task), []).url == "https://x.example/1.mp4"


def test_a_proxy_is_told_not_to_repeat_the_paid_request(plan):
    (as_json,) = plan(VideoJob("a fox")).requests
    (as_form,) = plan(VideoJob("a fox", images=draw_picture(64, 64))).requests
    (own,) = plan(VideoJob("a fox"), {"headers": {"x-litellm-num-retries": "2"}}).requests
    again = next(Gateway().remix(TASK, "in autumn"))

    once = {"x-litellm-num-retries": "0"}
    assert as_json.headers == as_form.headers == again.headers == once
    assert own.headers == {"x-litellm-num-retries": "2"}
