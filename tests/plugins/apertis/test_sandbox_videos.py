"""Apertis' /v1/videos, remixes and characters in the sandbox follow the vendor's page."""

import re

import pytest

from tests.plugins.apertis.samples import FORM, IMAGE, VEO, film, refusal


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

    def test_content_has_no_other_variant(self, sandbox, send, get, png):
        fields = {"model": "veo_3_1", "prompt": "a fox", "seconds": "5", "size": "16x9"}
        video = send(fields, png(1, 1)).json()["id"]
        sandbox.advance(3)
        assert get(video, "/content?variant=video").headers["content-type"] == "video/mp4"
        for variant in ("thumbnail", "spritesheet"):
            refused = refusal(get(video, f"/content?variant={variant}"))
            assert refused == (400, "invalid_parameter", "variant")

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
