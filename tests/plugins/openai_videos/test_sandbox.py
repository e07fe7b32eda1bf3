"""The wire of `openai-videos` in the sandbox answers and refuses as OpenAI documented."""

import asyncio

import pytest

from anyvideo import AsyncClient, Client, Image, ProviderError, VideoJob
from anyvideo.sandbox import Sandbox, VirtualClock, inspect_image

PATH = "/openai-videos/v1/videos"
MODEL = "mygateway/kling-v3"
PROVIDER = {"adapter": "openai-videos", "base_url": "https://gateway.example/v1"}
CONFIG = {
    "providers": {"mygateway": PROVIDER},
    "offers": [
        {
            "provider": "mygateway",
            "model": "kling-v3",
            "source": "https://gateway.example/docs",
            "seconds": [5, 10],
            "sizes": ["1280x720", "720x1280"],
            "images": {"first_frame": 1, "via": ["url", "file"]},
        }
    ],
}


@pytest.fixture
def post(client):
    return lambda **fields: client.post(PATH, json={"prompt": "a fox", **fields})


@pytest.fixture
def finish(sandbox, post):
    def finish(prompt="a fox", **fields):
        video = post(prompt=prompt, **fields).json()["id"]
        sandbox.advance(3)
        return video

    return finish


class TestClients:
    def test_a_provider_without_code(self, tmp_path, png):
        clock = VirtualClock()
        job = VideoJob("a fox", seconds=5, size="1280x720", images=[Image(png(1280, 720))])
        with (
            Sandbox(clock=clock) as sandbox,
            Client(CONFIG, sandbox=sandbox, journal=None, clock=clock) as client,
        ):
            video = client.generate(job, tmp_path / "fox.mp4", MODEL)
            again = client.remix(video.task, "a fox at night")
            assert client.wait(again).status == "succeeded"
            assert [post.path for post in sandbox.posts()] == [
                "/v1/videos",
                f"/v1/videos/{video.task.id}/remix",
            ]
        assert (video.facts.seconds, video.facts.width, video.differences) == (5, 1280, ())

    def test_the_same_with_asyncio(self, tmp_path):
        clock = VirtualClock()

        async def generate(sandbox):
            async with AsyncClient(CONFIG, sandbox=sandbox, journal=None, clock=clock) as client:
                return await client.generate("a fox", tmp_path / "fox.mp4", MODEL)

        with Sandbox(clock=clock) as sandbox:
            video = asyncio.run(generate(sandbox))
            assert len(sandbox.posts("openai-videos")) == 1
        assert video.facts.seconds == 4

    def test_words_of_a_provider_do_no_harm(self):
        settings = {"words": {"已完成": "succeeded"}, "seconds": "number"}
        clock = VirtualClock()
        config = {**CONFIG, "providers": {"mygateway": {**PROVIDER, "settings": settings}}}
        with (
            Sandbox(clock=clock) as sandbox,
            Client(config, sandbox=sandbox, journal=None, clock=clock) as client,
        ):
            task = client.submit(VideoJob("a fox", seconds=10), MODEL)
            assert client.wait(task).status == "succeeded"
            assert sandbox.tasks[0].order.seconds == 10

    @pytest.mark.parametrize(
        ("fault", "kind"),
        [
            ("429=9", "rate_limited"),
            ("no-money", "insufficient_funds"),
            ("moderated", "content_policy"),
        ],
    )
    def test_refusals_are_understood(self, fault, kind):
        clock = VirtualClock()
        with (
            Sandbox(clock=clock) as sandbox,
            Client(CONFIG, sandbox=sandbox, journal=None, clock=clock) as client,
            pytest.raises(ProviderError) as caught,
        ):
            client.submit(f"a fox [fault:{fault}]", MODEL)
        assert caught.value.kind == kind


class TestOrders:
    def test_what_openai_documents(self, sandbox, client, post):
        made = post(seconds="8", size="1280x720")
        body = {
            "id": made.json()["id"],
            "object": "video",
            "created_at": 1_800_000_000,
            "completed_at": None,
            "error": None,
            "expires_at": None,
            "model": "sora-2",
            "progress": 0,
            "prompt": "a fox",
            "remixed_from_video_id": None,
            "status": "queued",
            "seconds": "8",
            "size": "1280x720",
        }
        assert (made.status_code, made.json()) == (200, body)
        assert made.headers["x-request-id"].startswith("req_")
        sandbox.advance(1.5)
        shown = client.get(f"{PATH}/{body['id']}").json()
        assert shown == {**body, "status": "in_progress", "progress": 50}
        sandbox.advance(2)
        done = {"completed_at": 1_800_000_003, "expires_at": 1_800_086_403}
        shown = client.get(f"{PATH}/{body['id']}").json()
        assert shown == {**body, "status": "completed", "progress": 100, **done}

    @pytest.mark.parametrize(
        ("fields", "seconds", "size"),
        [
            ({}, "4", "720x1280"),
            ({"model": "kling-v3", "seconds": "10", "size": "1920x1080"}, "10", "1920x1080"),
            ({"model": "kling-v3", "seconds": 5}, "5", "720x1280"),
            ({"input_reference": "https://a.b/c.png"}, "4", "720x1280"),
            ({"input_reference": {"image_url": "https://a.b/c.png"}}, "4", "720x1280"),
            ({"watermark": False}, "4", "720x1280"),
        ],
    )
    def test_what_is_taken(self, post, fields, seconds, size):
        made = post(**fields).json()
        assert (made["seconds"], made["size"]) == (seconds, size)

    @pytest.mark.parametrize(
        ("fields", "param", "code"),
        [
            ({"prompt": ""}, "prompt", "missing_required_parameter"),
            ({"prompt": 7}, "prompt", "invalid_type"),
            ({"model": 7}, "model", "invalid_type"),
            ({"seconds": "5"}, "seconds", "invalid_value"),
            ({"seconds": 4}, "seconds", "invalid_type"),
            ({"size": "1920x1080"}, "size", "invalid_value"),
            ({"model": "m", "seconds": True}, "seconds", "invalid_type"),
            ({"model": "m", "size": "8x9000"}, "size", "invalid_value"),
            ({"model": "m", "size": "9000x8"}, "size", "invalid_value"),
            ({"model": "m", "size": "720x9000"}, "size", "invalid_value"),
            ({"input_reference": 7}, "input_reference", "invalid_type"),
        ],
    )
    def test_what_is_refused(self, sandbox, post, fields, param, code):
        refused = post(**fields)
        error = refused.json()["error"]
        assert (refused.status_code, error["param"], error["code"]) == (400, param, code)
        assert sandbox.tasks == ()

    def test_images(self, client, png):
        def send(model, body):
            data, files = {"model": model, "prompt": "a fox"}, {"input_reference": ("a.png", body)}
            return client.post(PATH, data=data, files=files)

        assert send("sora-2", png(720, 1280)).status_code == 200
        assert send("kling-v3", png(64, 64)).status_code == 200
        assert "must match" in send("sora-2", png(64, 64)).text
        assert send("kling-v3", b"GIF89a..").json()["error"]["code"] == "unsupported_file_mimetype"
        assert "text/plain" not in send("kling-v3", b"no image").text

    def test_no_json_and_no_such_path(self, client):
        kind = {"content-type": "application/json"}
        assert client.post(PATH, content=b"{", headers=kind).status_code == 400
        assert client.get("/openai-videos/v1/none").json()["error"]["message"] == (
            "Invalid URL (GET /v1/none)"
        )


class TestContent:
    def test_the_film_and_two_pictures(self, client, finish):
        video = finish(seconds="8", size="1280x720")
        film = client.get(f"{PATH}/{video}/content")
        assert film.content.startswith(b"a fox|8|1280x720")
        assert client.get(f"{PATH}/{video}/content?variant=video").content == film.content
        for variant, kind in (("thumbnail", "image/webp"), ("spritesheet", "image/jpeg")):
            answer = client.get(f"{PATH}/{video}/content?variant={variant}")
            picture = inspect_image(answer.content)
            assert answer.headers["content-type"] == kind
            assert picture is not None
            assert (picture.content_type, picture.width, picture.height) == (kind, 1280, 720)

    def test_refusals(self, sandbox, client, post, finish):
        video = post().json()["id"]
        assert client.get(f"{PATH}/{video}/content").status_code == 400
        sandbox.advance(3)
        wrong = client.get(f"{PATH}/{video}/content?variant=gif").json()["error"]
        assert (wrong["param"], wrong["code"]) == ("variant", "invalid_value")
        sandbox.advance(86_400)
        assert client.get(f"{PATH}/{video}/content").status_code == 404
        assert client.get(f"{PATH}/video_none/content").status_code == 404
        lost = finish("a fox [fault:no-url]")
        for variant in ("video", "thumbnail"):
            answer = client.get(f"{PATH}/{lost}/content?variant={variant}")
            assert (answer.status_code, answer.json()["error"]["code"]) == (500, "server_error")


class TestOthers:
    def test_a_list_has_the_newest_first(self, client, post, finish):
        ids = [finish(f"fox {number}") for number in range(3)]
        page = client.get(f"{PATH}?limit=2").json()
        assert [video["id"] for video in page["data"]] == [ids[2], ids[1]]
        assert page["object"] == "list"
        assert (page["first_id"], page["last_id"], page["has_more"]) == (ids[2], ids[1], True)
        assert [video["status"] for video in page["data"]] == ["completed"] * 2
        rest = client.get(f"{PATH}?after={ids[1]}").json()
        assert ([video["id"] for video in rest["data"]], rest["has_more"]) == ([ids[0]], False)
        oldest = client.get(f"{PATH}?order=asc&limit=1").json()
        assert [video["id"] for video in oldest["data"]] == [ids[0]]
        assert client.get(f"{PATH}?limit=0").json()["first_id"] is None
        client.post("/apiyi/v1/videos", json={"model": "sora-2", "prompt": "another vendor's"})
        assert len(client.get(PATH).json()["data"]) == 3

    @pytest.mark.parametrize("query", ["limit=101", "limit=x", "after=video_none"])
    def test_a_list_that_cannot_be(self, client, query):
        assert client.get(f"{PATH}?{query}").json()["error"]["param"] == query.partition("=")[0]

    def test_a_deleted_video_is_gone(self, sandbox, client, post, finish):
        running = post().json()["id"]
        assert client.delete(f"{PATH}/{running}").json()["error"]["param"] == "video_id"
        for video in (finish(), finish("a fox [fault:fail-at=50]")):
            gone = client.delete(f"{PATH}/{video}").json()
            assert gone == {"id": video, "object": "video.deleted", "deleted": True}
            assert client.get(f"{PATH}/{video}").status_code == 404
            assert client.get(f"{PATH}/{video}/content").status_code == 404
        assert [video["id"] for video in client.get(PATH).json()["data"]] == [running]
        assert len(sandbox.tasks) == 3

    def test_a_remix_has_the_length_and_size_of_its_source(self, client, post, finish):
        source = finish(seconds="8", size="1280x720")
        made = client.post(f"{PATH}/{source}/remix", json={"prompt": "at night"}).json()
        assert made["remixed_from_video_id"] == source
        assert (made["status"], made["seconds"], made["size"]) == ("queued", "8", "1280x720")
        early = client.post(f"{PATH}/{made['id']}/remix", json={"prompt": "at noon"})
        assert (early.status_code, early.json()["error"]["param"]) == (400, "video_id")
        empty = client.post(f"{PATH}/{source}/remix", json={})
        assert empty.json()["error"]["code"] == "missing_required_parameter"

    @pytest.mark.parametrize(
        ("fault", "code"),
        [("fail-at=50", "video_generation_failed"), ("moderated=50", "moderation_blocked")],
    )
    def test_why_a_job_failed(self, client, finish, fault, code):
        video = client.get(f"{PATH}/{finish(f'a fox [fault:{fault}]')}").json()
        assert (video["status"], video["error"]["code"]) == ("failed", code)
