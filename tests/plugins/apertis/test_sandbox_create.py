"""Apertis' /v1/video/create in the sandbox answers and refuses as the vendor's page says."""

import re

import httpx
import pytest

from tests.plugins.apertis.samples import IMAGE, SORA, VEO, film, refusal


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
