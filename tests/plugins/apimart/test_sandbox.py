"""APIMart's wire in the sandbox answers and refuses as the vendor's documents say."""

import re

import httpx
import pytest

from anyvideo.sandbox import load_models

SORA = {
    "model": "sora-2",
    "prompt": "A waterfall cascading down forming a rainbow",
    "duration": 5,
    "aspect_ratio": "16:9",
    "image_urls": ["https://example.com/image.png"],
}
IMAGE = "https://example.com/image.png"
FRAME = {"url": IMAGE, "role": "first_frame"}


def refusal(answer):
    error = answer.json()["error"]
    return answer.status_code, error["message"].split(":")[0]


@pytest.fixture
def post(client):
    return lambda fields: client.post("/apimart/v1/videos/generations", json=fields)


@pytest.fixture
def submit(post):
    def submit(fields):
        answer = post(fields)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"][0]["task_id"]

    return submit


@pytest.fixture
def show(client):
    return lambda task: client.get(f"/apimart/v1/tasks/{task}", params={"language": "en"})


@pytest.fixture
def make(sandbox, client, submit, show):
    """Order something and return the finished task and the film."""

    def make(fields):
        task = submit({"prompt": "x", **fields})
        sandbox.advance(3)
        data = show(task).json()["data"]
        return data, client.get(data["result"]["videos"][0]["url"][0]).text

    return make


class TestTasks:
    def test_the_documented_samples(self, sandbox, post, show):
        submitted = post(SORA).json()
        task = submitted["data"][0]["task_id"]
        assert re.fullmatch(r"task_[0-9A-HJKMNP-TV-Z]{26}", task)
        assert submitted == {"code": 200, "data": [{"status": "submitted", "task_id": task}]}
        common = {"id": task, "created": 1_800_000_000, "estimated_time": 600}
        pending = {**common, "status": "pending", "progress": 0}
        assert show(task).json() == {"code": 200, "data": pending}
        sandbox.advance(2.73)
        assert show(task).json()["data"] == {**common, "status": "processing", "progress": 91}
        sandbox.advance(1)
        url = f"{sandbox.url}/files/{task}.mp4"
        done = {
            **common,
            "status": "completed",
            "progress": 100,
            "actual_time": 3,
            "completed": 1_800_000_003,
            "result": {"videos": [{"expires_at": 1_800_086_403, "url": [url]}]},
            "cost": 0.4,
            "credits_cost": 4.0,
        }
        assert show(task).json() == {"code": 200, "data": done}
        assert httpx.get(url).text.startswith(f"{SORA['prompt']}|5|1280x720|")

    @pytest.mark.parametrize("task", ["task_none", "7"])
    def test_an_unknown_id(self, show, task):
        refused = show(task)
        assert refused.status_code == 400
        assert refused.json()["error"]["message"] == "无效的任务ID"

    def test_links_of_the_previews_live_three_days(self, make):
        data, _ = make({"model": "sora-2-preview"})
        video = data["result"]["videos"][0]
        assert video["expires_at"] - data["completed"] == 3 * 86_400
        assert "cost" not in data


class TestModels:
    def test_every_model_makes_a_film_from_a_prompt(self, make):
        for name, model in load_models("anyvideo_plugins.apimart.sandbox", "models.toml").items():
            required = {
                key: [IMAGE] if rule.type == "urls" else IMAGE
                for key, rule in model.takes.items()
                if rule.required and key != "prompt"
            }
            _, film = make({"model": name, **required})
            assert film.startswith("x|")

    @pytest.mark.parametrize(
        ("fields", "made", "cost"),
        [
            (
                {
                    "model": "sora-2-pro",
                    "duration": 4,
                    "resolution": "1080p",
                    "aspect_ratio": "9:16",
                },
                "x|4|1080x1920|",
                2.24,
            ),
            ({"model": "veo3.1-fast", "resolution": "4k"}, "x|8|3840x2160|", 0.64),
            (
                {
                    "model": "kling-v3",
                    "duration": 3,
                    "mode": "pro",
                    "aspect_ratio": "1:1",
                    "audio": True,
                },
                "x|3|1080x1080|",
                0.4032,
            ),
            (
                {"model": "kling-v3", "duration": 3, "mode": "4k", "audio": True},
                "x|3|3840x2160|",
                1.28568,
            ),
            ({"model": "kling-v3", "audio": False}, "x|5|1280x720|", 0.336),
            (
                {"model": "seedance-2.0", "size": "adaptive", "resolution": "480p"},
                "x|5|854x480|",
                0.33,
            ),
            (
                {"model": "grok-imagine-1.5-video-apimart", "resolution": "720p"},
                "x|6|1280x720|",
                0.11472,
            ),
            ({"model": "wan3.0", "duration": -1, "size": "4:3"}, "x|5|960x720|", None),
            ({"model": "MiniMax-Hailuo-02"}, "x|6|1366x768|", None),
            ({"model": "MiniMax-H3", "resolution": "2K"}, "x|5|2560x1440|", None),
        ],
    )
    def test_what_is_made_and_billed(self, make, fields, made, cost):
        data, film = make(fields)
        assert film.startswith(made)
        assert data.get("cost") == cost

    @pytest.mark.parametrize(
        "fields",
        [
            {"model": "veo3.1-fast", "generation_type": "frame", "image_urls": [IMAGE] * 2},
            {"model": "veo3.1-fast", "generation_type": "reference", "image_urls": [IMAGE] * 3},
            {
                "model": "veo3.1-fast-official",
                "first_frame_image": IMAGE,
                "last_frame_image": IMAGE,
                "seed": 0,
            },
            {"model": "kling-v2-6", "mode": "pro", "audio": True},
            {"model": "kling-v2-6", "mode": "std", "audio": False},
            {"model": "seedance-2.0", "image_with_roles": [FRAME, {**FRAME, "role": "last_frame"}]},
            {"model": "seedance-2.0", "tools": [{"type": "web_search"}], "generate_audio": False},
            {"model": "Omni-Flash-Ext", "image_urls": [IMAGE] * 3},
            {"model": "MiniMax-H3", "last_frame_image": IMAGE},
            {"model": "viduq3-pro", "image_urls": [IMAGE]},
            {"model": "seedance-2.5", "size": "adaptive", "image_with_roles": [FRAME]},
            {"model": "wan3.0", "generation_type": "frame", "image_with_roles": [FRAME]},
            {"model": "Omni-Flash-Ext", "video_urls": [IMAGE]},
            {
                "model": "sora-2",
                "webhook": "https://example.com",
                "language": "en",
                "unheard_of": 1,
            },
        ],
    )
    def test_what_is_taken(self, submit, fields):
        submit({"prompt": "x", **fields})

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"prompt": ""}, (400, "prompt is required")),
            ({"duration": "5"}, (400, "json")),
            ({"duration": 5.5}, (400, "json")),
            ({"image_urls": IMAGE}, (400, "json")),
            ({"image_urls": ["data:image/png;base64,AA"]}, (400, "json")),
            ({"duration": 7}, (500, "build_request_failed")),
            ({"aspect_ratio": "3:5"}, (500, "build_request_failed")),
            ({"resolution": "1080p"}, (500, "build_request_failed")),
            ({"image_urls": [IMAGE] * 2}, (500, "build_request_failed")),
            ({"size": "16:9"}, (500, "build_request_failed")),
            ({"model": "seedance-2.0"}, (500, "build_request_failed")),
            ({"model": "veo3.1-lite", "duration": 8}, (500, "build_request_failed")),
        ],
    )
    def test_what_is_refused(self, post, fields, expected):
        assert refusal(post({**SORA, **fields})) == expected

    @pytest.mark.parametrize(
        "fields",
        [
            {"model": "seedance-2.0", "image_urls": [IMAGE], "image_with_roles": [FRAME]},
            {"model": "seedance-2.0", "image_with_roles": [{"url": IMAGE, "role": "hero"}]},
            {"model": "seedance-2.0", "image_with_roles": [{"role": "first_frame"}]},
            {"model": "seedance-2.0-fast", "resolution": "4k"},
            {"model": "veo3.1-fast-official", "last_frame_image": IMAGE},
            {"model": "veo3.1-fast", "generation_type": "frame"},
            {"model": "veo3.1-fast", "generation_type": "frame", "image_urls": [IMAGE] * 3},
            {"model": "veo3.1-fast", "generation_type": "reference"},
            {"model": "viduq3-pro", "aspect_ratio": "16:9", "image_urls": [IMAGE]},
            {"model": "seedance-2.5", "size": "16:9", "image_with_roles": [FRAME]},
            {"model": "veo3.1-fast", "prompt": "x" * 1001},
            {"model": "kling-v2-6", "audio": True},
            {"model": "Omni-Flash-Ext", "image_urls": [IMAGE] * 2},
        ],
    )
    def test_combinations_that_are_refused(self, post, fields):
        assert refusal(post({"prompt": "x", **fields})) == (500, "build_request_failed")

    @pytest.mark.parametrize(
        "fields", [{"duration": 5}, {"video_urls": ["https://example.com/a.mp4"], "duration": 4}]
    )
    def test_lengths_of_omni_have_a_code_of_their_own(self, post, fields):
        refused = post({"model": "Omni-Flash-Ext", "prompt": "x", **fields})
        assert refused.status_code == 400
        assert refused.json()["error"]["code"] == "invalid_duration"

    def test_models(self, post):
        assert refusal(post({"prompt": "x"})) == (400, "model is required")
        unknown = post({"model": "sora-9", "prompt": "x"})
        assert unknown.status_code == 503
        assert unknown.json()["error"]["code"] == "model_not_found"

    def test_no_json(self, client):
        refused = client.post("/apimart/v1/videos/generations", content=b"[1]")
        assert refused.status_code == 400


class TestUploads:
    @pytest.fixture
    def upload(self, client):
        return lambda body, name="image.png": client.post(
            "/apimart/v1/uploads/images", files={"file": (name, body, "image/png")}
        )

    def test_the_documented_sample(self, sandbox, upload, submit, png):
        answer = upload(png(3, 4)).json()
        assert answer == {
            "url": answer["url"],
            "filename": "image.png",
            "content_type": "image/png",
            "bytes": len(png(3, 4)),
            "created_at": 1_800_000_000,
        }
        assert re.fullmatch(sandbox.url + r"/files/\w{16}\.png", answer["url"])
        submit({**SORA, "image_urls": [answer["url"]]})

    def test_no_upload_is_paid_for(self, sandbox, upload, png):
        upload(png(1, 1))
        assert sandbox.posts() == []

    def test_what_is_refused(self, client, upload, png):
        assert refusal(upload(b"text"))[0] == 400
        assert refusal(client.post("/apimart/v1/uploads/images", json={}))[0] == 400
        nothing = {"file": (None, "text")}
        assert refusal(client.post("/apimart/v1/uploads/images", files=nothing))[0] == 400
        assert refusal(upload(png(1, 1).ljust(20_000_001, b"\0")))[0] == 413

    def test_uploads_that_no_model_takes(self, sandbox, upload, post, png):
        gif = upload(b"GIF89a\x02\x00\x03\x00").json()["url"]
        large = upload(png(1, 1).ljust(10_000_001, b"\0")).json()["url"]
        for url in (gif, large, f"{sandbox.url}/files/none.png"):
            assert refusal(post({**SORA, "image_urls": [url]})) == (500, "build_request_failed")
        frames = {"model": "veo3.1-fast-official", "prompt": "x", "first_frame_image": gif}
        assert refusal(post(frames)) == (500, "build_request_failed")


class TestRemix:
    @pytest.fixture
    def remix(self, client):
        return lambda task, **fields: client.post(f"/apimart/v1/videos/{task}/remix", json=fields)

    def test_veo_grows_to_fifteen_seconds(self, sandbox, make, show, remix):
        data, _ = make({"model": "veo3.1-fast", "aspect_ratio": "9:16"})
        answer = remix(data["id"], model="veo3.1-fast", prompt="go on", resolution="1080p").json()
        sandbox.advance(3)
        done = show(answer["data"][0]["task_id"]).json()["data"]
        film = httpx.get(done["result"]["videos"][0]["url"][0]).text
        assert film.startswith("go on|15|1080x1920|")

    @pytest.mark.parametrize(("duration", "length"), [(None, 10), (8, 8)])
    def test_sora_makes_a_new_film(self, sandbox, make, remix, duration, length):
        data, _ = make({"model": "sora-2", "duration": 10})
        assert remix(data["id"], model="sora-2", prompt="y", duration=duration).status_code == 200
        assert sandbox.tasks[-1].order.seconds == length

    def test_what_is_refused(self, make, submit, remix):
        kling, _ = make({"model": "kling-v3"})
        veo = submit({"model": "veo3.1-fast", "prompt": "x"})
        assert refusal(remix("task_none", model="veo3.1-fast", prompt="x"))[0] == 400
        assert refusal(remix(veo, prompt="x")) == (400, "model is required")
        assert "match" in refusal(remix(veo, model="sora-2", prompt="x"))[1]
        assert "not completed" in refusal(remix(veo, model="veo3.1-fast", prompt="x"))[1]
        assert "not support" in refusal(remix(kling["id"], model="kling-v3", prompt="x"))[1]


class TestKeys:
    @pytest.mark.parametrize(
        ("key", "status", "kind"),
        [
            ("", 401, "apimart_error"),
            ("sandbox-401", 401, "apimart_error"),
            ("sandbox-402", 402, "payment_required"),
        ],
    )
    def test_refused_keys(self, sandbox, key, status, kind):
        headers = {"authorization": f"Bearer {key}"} if key else {}
        refused = httpx.get(f"{sandbox.url}/apimart/v1/tasks/x", headers=headers)
        assert (refused.status_code, refused.json()["error"]["type"]) == (status, kind)

    def test_an_unknown_path(self, client):
        refused = client.get("/apimart/v1/images/generations/x")
        assert refusal(refused)[0] == 404
