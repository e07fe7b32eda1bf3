import json
import re

import httpx
import pytest

from anyvideo.sandbox import Sandbox, VirtualClock

IMAGE = "https://example.com/reference.jpg"
VEO = {
    "model": "veo3",
    "prompt": "A serene lake with mountains in the background at sunset",
    "enhance_prompt": True,
    "aspect_ratio": "16:9",
}
SORA = {
    "model": "sora-2",
    "prompt": "A cinematic scene of a person walking through a forest",
    "images": [IMAGE],
    "orientation": "landscape",
    "size": "large",
    "duration": 10,
    "watermark": True,
    "private": False,
}
FORM = {
    "model": "sora-2",
    "prompt": "A cinematic scene",
    "seconds": "10",
    "size": "1280x720",
    "watermark": "false",
    "private": "false",
}

CHAT = {
    "model": "sora-2",
    "stream": True,
    "messages": [
        {"role": "system", "content": "You make videos"},
        {"role": "user", "content": "Generate a video of a serene lake"},
    ],
}


def refusal(answer):
    error = answer.json()["error"]
    return answer.status_code, error["code"], error.get("param")


@pytest.fixture
def create(client):
    return lambda fields: client.post("/apertis-create/v1/video/create", json=fields)


@pytest.fixture
def query(client):
    return lambda video: client.get("/apertis-create/v1/video/query", params={"id": video})


@pytest.fixture
def send(client):
    def send(fields, image=None):
        parts = {"input_reference": ("reference.png", image, "image/png")} if image else {}
        texts = {name: (None, text) for name, text in fields.items()}
        return client.post("/apertis-videos/v1/videos", files={**texts, **parts})

    return send


@pytest.fixture
def get(client):
    return lambda video, tail="": client.get(f"/apertis-videos/v1/videos/{video}{tail}")


def film(url):
    return httpx.get(url).content


class TestCreate:
    def test_the_documented_samples(self, sandbox, create, query):
        made = create(VEO)
        assert made.status_code == 200
        video = made.json()["id"]
        assert re.fullmatch(r"veo3:\d{10}-\w{8}", video)
        better = f"{VEO['prompt']}, cinematic, in fine detail"
        start = 1_800_000_000
        assert made.json() == {
            "id": video,
            "status": "pending",
            "status_update_time": start,
            "enhanced_prompt": better,
        }
        common = {"id": video, "enhanced_prompt": better}
        url = f"{sandbox.url}/files/{video.replace(':', '%3A')}.mp4"
        seen = []
        for _ in range(3):
            seen.append(query(video).json())
            sandbox.advance(1.5)
        assert seen == [
            {**common, "status": "pending", "video_url": None, "status_update_time": start},
            {**common, "status": "processing", "video_url": None, "status_update_time": start},
            {**common, "status": "completed", "video_url": url, "status_update_time": start + 3},
        ]
        assert film(url).startswith(f"{VEO['prompt']}|8|1280x720|".encode())

    def test_rate_limit_headers(self, create):
        headers = create(VEO).headers
        assert headers["x-ratelimit-limit"] == "3000"
        assert headers["x-ratelimit-reset"] == "1800000060"

    @pytest.mark.parametrize(
        ("fields", "made"),
        [
            ({"model": "veo2"}, b"x|8|1280x720|"),
            ({"model": "veo3", "aspect_ratio": "9:16"}, b"x|8|720x1280|"),
            ({"model": "veo3.1", "enable_upsample": True}, b"x|8|1920x1080|"),
            ({"model": "veo2-fast-frames", "images": [IMAGE, IMAGE]}, b"x|8|1280x720|"),
            ({"model": "veo3-pro-frames", "images": [IMAGE]}, b"x|8|1280x720|"),
            ({"model": "veo2-fast-components", "images": [IMAGE] * 3}, b"x|8|1280x720|"),
            ({"model": "sora-2", "images": [IMAGE]}, b"x|10|1280x720|"),
            ({**SORA, "prompt": "x", "orientation": "portrait"}, b"x|10|1080x1920|"),
            (
                {**SORA, "prompt": "x", "model": "sora-2-pro", "duration": 25, "size": "small"},
                b"x|25|1280x720|",
            ),
        ],
    )
    def test_what_is_made(self, sandbox, create, query, fields, made):
        video = create({"prompt": "x", **fields}).json()["id"]
        sandbox.advance(3)
        assert film(query(video).json()["video_url"]).startswith(made)

    def test_the_sample_with_a_character(self, create):
        fields = {
            "model": "sora-2-pro",
            "prompt": "A character dancing in a studio",
            "images": [IMAGE],
            "orientation": "portrait",
            "size": "large",
            "duration": 15,
            "character_url": "https://example.com/character-video.mp4",
            "character_timestamps": "0,3",
        }
        assert create(fields).status_code == 200

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({}, (400, "missing_parameter", "model")),
            ({"model": 7}, (400, "missing_parameter", "model")),
            ({"model": "veo9"}, (404, "model_not_found", "model")),
            ({"model": "veo3"}, (400, "missing_parameter", "prompt")),
            ({**VEO, "aspect_ratio": "1:1"}, (400, "invalid_parameter", "aspect_ratio")),
            ({**VEO, "model": "veo2"}, (400, "invalid_parameter", "aspect_ratio")),
            ({**VEO, "enhance_prompt": "true"}, (400, "invalid_parameter", "enhance_prompt")),
            ({**VEO, "images": [IMAGE]}, (400, "invalid_parameter", "images")),
            (
                {**VEO, "model": "veo3-pro-frames", "images": [IMAGE] * 2},
                (400, "invalid_parameter", "images"),
            ),
            ({**VEO, "orientation": "landscape"}, (400, "invalid_parameter", "orientation")),
            ({**SORA, "images": []}, (400, "invalid_parameter", "images")),
            ({**SORA, "images": None}, (400, "missing_parameter", "images")),
            (
                {**SORA, "images": ["data:image/png;base64,AA"]},
                (400, "invalid_parameter", "images"),
            ),
            ({**SORA, "duration": "10"}, (400, "invalid_parameter", "duration")),
            ({**SORA, "duration": 12}, (400, "invalid_parameter", "duration")),
            ({**SORA, "watermark": "false"}, (400, "invalid_parameter", "watermark")),
            (
                {**SORA, "character_timestamps": "3,1"},
                (400, "invalid_parameter", "character_timestamps"),
            ),
            ({**SORA, "aspect_ratio": "16:9"}, (400, "invalid_parameter", "aspect_ratio")),
        ],
    )
    def test_what_is_refused(self, create, fields, expected):
        assert refusal(create(fields)) == expected

    def test_no_json(self, client):
        refused = client.post("/apertis-create/v1/video/create", content=b"{")
        assert refusal(refused) == (400, "invalid_request", None)

    def test_an_unknown_id(self, query, client):
        assert refusal(query("veo3:1-none")) == (404, "task_not_found", None)
        assert client.get("/apertis-create/v1/video/query").status_code == 404


class TestVideos:
    def test_the_veo_samples(self, sandbox, send, get, png):
        fields = {"model": "veo_3_1", "prompt": "A serene lake", "seconds": "5", "size": "16x9"}
        made = send(fields, png(1, 1)).json()
        video = made["id"]
        assert re.fullmatch(r"video_[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", video)
        assert made == {
            "id": video,
            "object": "video",
            "model": "veo_3_1",
            "status": "queued",
            "progress": 0,
            "created_at": 1_800_000_000,
            "seconds": 5,
            "size": "16x9",
        }
        assert get(video).json()["status"] == "queued"
        assert refusal(get(video, "/content")) == (400, "invalid_request", None)
        sandbox.advance(3)
        done = get(video).json()
        assert done == {
            "id": video,
            "status": "completed",
            "progress": 100,
            "video_url": f"{sandbox.url}/files/{video}.mp4",
            "enhanced_prompt": "A serene lake",
            "status_update_time": 1_800_000_003,
        }
        assert film(done["video_url"]).startswith(b"A serene lake|5|1280x720")
        content = get(video, "/content")
        assert content.headers["content-type"] == "video/mp4"
        assert content.content == film(done["video_url"])

    def test_the_sora_samples(self, sandbox, send, get):
        made = send(FORM).json()
        video = made["id"]
        assert re.fullmatch(r"sora-2:\d{10}-\w{8}", video)
        common = {"id": video, "model": "sora-2", "seconds": 10, "size": "1280x720"}
        started = {
            "object": "video",
            "status": "pending",
            "progress": 0,
            "created_at": 1_800_000_000,
        }
        assert made == {**common, **started}
        sandbox.advance(1.5)
        running = {"status": "processing", "progress": 50, "video_url": None}
        assert get(video).json() == {**common, **running}
        sandbox.advance(1.5)
        url = f"{sandbox.url}/files/{video.replace(':', '%3A')}.mp4"
        done = {"status": "completed", "progress": 100, "video_url": url}
        assert get(video.replace(":", "%3A")).json() == {**common, **done}
        assert get(video, "/content").json() == {
            "id": video,
            "status": "completed",
            "video_url": url,
            "enhanced_prompt": FORM["prompt"],
            "status_update_time": 1_800_000_003,
        }

    def test_everything_that_sora_takes(self, sandbox, send, png):
        base = send(FORM).json()["id"]
        sandbox.advance(3)
        more = {
            "style": "noir",
            "metadata": '{"order": "7"}',
            "character_url": "https://example.com/character.mp4",
            "character_timestamps": "1,3",
            "character_from_task": base,
            "character_create": '{"create_self_portrait": true, "save_to_library": false}',
        }
        assert (
            send({**FORM, **more, "size": "480x480", "seconds": "25"}, png(4, 4)).status_code == 200
        )

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"model": "veo3"}, (404, "model_not_found", "model")),
            ({"model": "veo_3_1", "size": "16x9"}, (400, "missing_parameter", "input_reference")),
            ({"seconds": ""}, (400, "missing_parameter", "seconds")),
            ({"size": ""}, (400, "missing_parameter", "size")),
            ({"seconds": "5"}, (400, "invalid_parameter", "seconds")),
            ({"size": "1920x1080"}, (400, "invalid_parameter", "size")),
            ({"watermark": "no"}, (400, "invalid_parameter", "watermark")),
            ({"metadata": "order 7"}, (400, "invalid_parameter", "metadata")),
            ({"character_from_task": "sora-2:1-none"}, (404, "task_not_found", None)),
            (
                {"input_reference": "https://example.com/a.png"},
                (400, "invalid_parameter", "input_reference"),
            ),
        ],
    )
    def test_what_is_refused(self, send, changes, expected):
        assert refusal(send({**FORM, **changes})) == expected

    def test_images_that_are_none_or_too_large(self, send, png):
        assert refusal(send(FORM, b"text")) == (400, "invalid_image", "input_reference")
        large = png(1, 1).ljust(20_000_001, b"\0")
        assert refusal(send(FORM, large)) == (400, "invalid_image", "input_reference")

    def test_json_is_refused(self, client):
        assert refusal(client.post("/apertis-videos/v1/videos", json=FORM))[:2] == (
            400,
            "invalid_request",
        )

    def test_a_character_from_an_unfinished_task(self, send):
        video = send(FORM).json()["id"]
        refused = send({**FORM, "character_from_task": video})
        assert refusal(refused) == (400, "invalid_parameter", "from_task")

    def test_the_other_endpoints_show_the_same_task(self, sandbox, create, get, query, send):
        video = create({"model": "sora-2", "prompt": "x", "images": [IMAGE]}).json()["id"]
        sandbox.advance(3)
        assert get(video).json()["size"] == "1280x720"
        other = send(FORM).json()["id"]
        assert query(other).json()["status"] == "pending"

    def test_an_unknown_id(self, get):
        assert refusal(get("sora-2:1-none")) == (404, "task_not_found", None)
        assert refusal(get("sora-2:1-none", "/content")) == (404, "task_not_found", None)

    def test_a_day_later_the_content_is_gone(self, sandbox, send, get):
        video = send(FORM).json()["id"]
        sandbox.advance(3 + 86_400)
        assert refusal(get(video, "/content")) == (404, "video_not_found", None)


class TestRemix:
    @pytest.fixture
    def remix(self, client):
        return lambda video, **fields: client.post(
            f"/apertis-videos/v1/videos/{video}/remix", json=fields
        )

    def test_the_documented_sample(self, sandbox, send, get, remix):
        video = send({**FORM, "seconds": "15", "size": "720x1280"}).json()["id"]
        sandbox.advance(3)
        made = remix(video, prompt="Add dramatic lighting", size="1280x720").json()
        assert re.fullmatch(r"sora-2:remix-\d{10}-\w{3}", made["id"])
        assert made == {"id": made["id"], "object": "video", "status": "pending", "progress": 0}
        sandbox.advance(3)
        url = get(made["id"]).json()["video_url"]
        assert film(url).startswith(b"Add dramatic lighting|15|1280x720|")
        same = remix(video, prompt="Again").json()["id"]
        assert get(same).json()["size"] == "720x1280"

    def test_what_is_refused(self, sandbox, create, send, remix):
        veo = create(VEO).json()["id"]
        sora = send(FORM).json()["id"]
        assert refusal(remix("sora-2:1-none", prompt="x")) == (404, "task_not_found", None)
        assert refusal(remix(sora, prompt="x")) == (400, "invalid_parameter", "from_task")
        sandbox.advance(3)
        assert refusal(remix(veo, prompt="x")) == (400, "invalid_parameter", "id")
        assert refusal(remix(sora)) == (400, "missing_parameter", "prompt")
        assert refusal(remix(sora, prompt="x", size="1x1")) == (400, "invalid_parameter", "size")


class TestCharacters:
    @pytest.fixture
    def make(self, client):
        return lambda **fields: client.post("/apertis-videos/sora/v1/characters", json=fields)

    def test_from_a_url(self, make):
        made = make(url="https://example.com/character-video.mp4", timestamps="1,3").json()
        assert list(made) == ["id", "username", "permalink", "profile_picture_url"]
        assert made["id"].startswith("char_")
        assert made["username"] in made["permalink"]

    def test_from_a_task(self, sandbox, make, send):
        video = send(FORM).json()["id"]
        assert refusal(make(from_task=video)) == (400, "invalid_parameter", "from_task")
        sandbox.advance(3)
        assert make(from_task=video, timestamps="0,2").status_code == 200

    def test_what_is_refused(self, make):
        url = "https://example.com/a.mp4"
        assert refusal(make()) == (400, "missing_parameter", "url")
        assert refusal(make(url=url, from_task="x")) == (400, "missing_parameter", "url")
        assert refusal(make(url=url, timestamps="0,9")) == (400, "invalid_parameter", "timestamps")
        assert refusal(make(from_task="sora-2:1-none")) == (404, "task_not_found", None)


class TestChat:
    PATH = "/apertis-chat/v1/chat/completions"

    def test_the_documented_stream(self, sandbox, client):
        answer = client.post(self.PATH, json=CHAT)
        assert answer.headers["content-type"] == "text/event-stream"
        *events, end, rest = answer.text.split("\n\n")
        assert (end, rest) == ("data: [DONE]", "")
        texts = [
            json.loads(event.removeprefix("data: "))["choices"][0]["delta"]["content"]
            for event in events
        ]
        (task,) = sandbox.tasks
        url = f"{sandbox.url}/files/{task.id.replace(':', '%3A')}.mp4"
        assert texts == [
            f"task_id: {task.id}",
            "progress: 25%",
            "progress: 50%",
            "progress: 75%",
            "progress: 100%",
            f"video_url: {url}",
        ]
        assert film(url).startswith(b"Generate a video of a serene lake|10|1280x720")

    def test_facts_come_when_they_happen(self):
        clock = VirtualClock(patient=True)
        with (
            Sandbox(clock=clock) as sandbox,
            httpx.Client(base_url=sandbox.url, headers={"authorization": "Bearer k"}) as client,
            client.stream("POST", self.PATH, json=CHAT) as answer,
        ):
            lines = answer.iter_lines()
            assert "task_id" in next(lines)
            sandbox.advance(0.75)
            assert (next(lines), "25%" in next(lines)) == ("", True)
            video = sandbox.tasks[0].id
            asked = client.get("/apertis-chat/v1/video/query", params={"id": video})
            assert asked.json()["status"] == "processing"
            sandbox.advance(60)
            assert list(lines)[-2:] == ["data: [DONE]", ""]

    def test_without_a_stream(self, client):
        answer = client.post(self.PATH, json={**CHAT, "stream": False}).json()
        first, *_, last = answer["choices"][0]["message"]["content"].splitlines()
        assert first.startswith("task_id: sora-2:")
        assert last.startswith("video_url: http")

    def test_a_prompt_in_parts(self, sandbox, client):
        parts = [
            {"type": "text", "text": "a "},
            {"type": "text", "text": "fox"},
            "?",
            {"type": "image_url"},
        ]
        message = {"role": "user", "content": parts}
        client.post(self.PATH, json={**CHAT, "messages": [message]})
        assert sandbox.tasks[0].order.prompt == "a fox"

    @pytest.mark.parametrize(
        ("changes", "expected"),
        [
            ({"model": "veo3"}, (404, "model_not_found", "model")),
            ({"messages": None}, (400, "missing_parameter", "messages")),
            ({"messages": []}, (400, "invalid_parameter", "messages")),
            ({"messages": ["hi"]}, (400, "invalid_parameter", "messages")),
            (
                {"messages": [{"role": "system", "content": "hi"}]},
                (400, "invalid_parameter", "messages"),
            ),
            (
                {"messages": [{"role": "user", "content": ""}]},
                (400, "invalid_parameter", "messages"),
            ),
            ({"stream": "yes"}, (400, "invalid_parameter", "stream")),
        ],
    )
    def test_what_is_refused(self, client, changes, expected):
        assert refusal(client.post(self.PATH, json={**CHAT, **changes})) == expected


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "expected"),
        [
            ("", (401, "missing_api_key")),
            ("sandbox-401", (401, "invalid_api_key")),
            ("sandbox-402", (402, "insufficient_balance")),
        ],
    )
    def test_refused_keys(self, sandbox, key, expected):
        headers = {"authorization": f"Bearer {key}"} if key else {}
        refused = httpx.post(f"{sandbox.url}/apertis-create/v1/video/create", headers=headers)
        assert refusal(refused)[:2] == expected

    def test_the_proxy_in_front(self, client):
        headers = {"authorization": "Bearer sandbox-403"}
        assert client.get("/apertis-videos/v1/videos/x", headers=headers).text == "error code: 1010"

    def test_an_unknown_path(self, client):
        assert refusal(client.get("/apertis-chat/v1/nothing")) == (404, "endpoint_not_found", None)
