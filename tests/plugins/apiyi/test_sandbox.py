"""APIYI's wire in the sandbox answers and refuses as the vendor's documents say."""

import json

import httpx
import pytest

SORA = {
    "model": "sora-2",
    "prompt": "A golden retriever running on the beach at sunset, cinematic, golden hour",
    "seconds": "8",
    "size": "1280x720",
}
INVALID = "invalid_request_error"


@pytest.fixture
def post(client):
    return lambda **changes: client.post("/apiyi/v1/videos", json={**SORA, **changes})


@pytest.fixture
def send(client):
    def send(fields, *files):
        parts = [("input_reference", ("image.png", file, "image/png")) for file in files]
        nothing = [("file", ("", b""))]
        return client.post("/apiyi/v1/videos", data={**SORA, **fields}, files=parts or nothing)

    return send


@pytest.fixture
def get(client):
    return lambda video, tail="": client.get(f"/apiyi/v1/videos/{video}{tail}")


class TestSora:
    def test_the_documented_samples(self, sandbox, post, get):
        submitted = post()
        assert submitted.status_code == 200
        video = submitted.json()["id"]
        common = {
            "id": video,
            "object": "video",
            "model": "sora-2",
            "created_at": 1_800_000_000,
            "size": "1280x720",
            "seconds": "8",
        }
        queued = {"status": "queued", "progress": 0, "quality": "standard"}
        assert submitted.json() == {**common, **queued}
        sandbox.advance(1.35)
        assert get(video).json() == {**common, "status": "in_progress", "progress": 45}
        sandbox.advance(2)
        done = {"status": "completed", "progress": 100, "completed_at": 1_800_000_003}
        assert get(video).json() == {**common, **done}
        film = get(video, "/content")
        assert film.status_code == 200
        assert film.headers["content-type"] == "video/mp4"
        assert film.content.startswith(f"{SORA['prompt']}|8|1280x720".encode())

    def test_content_has_no_other_variant(self, sandbox, post, get):
        video = post().json()["id"]
        sandbox.advance(3)
        assert get(video, "/content?variant=video").headers["content-type"] == "video/mp4"
        for variant in ("thumbnail", "spritesheet"):
            refused = get(video, f"/content?variant={variant}")
            assert (refused.status_code, refused.json()["error"]["type"]) == (400, INVALID)

    def test_defaults(self, client):
        answer = client.post("/apiyi/v1/videos", json={"model": "sora-2-pro", "prompt": "a fox"})
        assert answer.json()["seconds"] == "4"
        assert answer.json()["size"] == "720x1280"
        assert answer.json()["quality"] == "high"

    def test_null_is_nothing(self, post):
        assert post(seconds=None).json()["seconds"] == "4"

    def test_every_answer_has_a_request_id(self, client, post):
        assert post().headers["x-oneapi-request-id"]
        assert client.get("/apiyi/v1/none").headers["x-oneapi-request-id"]

    def test_the_length_is_text(self, post):
        refused = post(seconds=8)
        assert refused.status_code == 400
        assert refused.json()["code"] == "parse_request_failed"
        assert "cannot unmarshal number into Go struct field" in refused.json()["message"]
        assert refused.json()["data"] is None

    @pytest.mark.parametrize(
        ("changes", "param"),
        [
            ({"seconds": "10"}, "seconds"),
            ({"seconds": "15"}, "seconds"),
            ({"size": "1920x1080"}, "size"),
            ({"size": "1792x1024"}, "size"),
            ({"model": "sora-2-pro", "size": "480x480"}, "size"),
            ({"prompt": ""}, "prompt"),
            ({"prompt": None}, "prompt"),
        ],
    )
    def test_values_that_are_not_sold(self, post, changes, param):
        refused = post(**changes)
        assert refused.status_code == 400
        assert refused.json()["error"]["type"] == INVALID
        assert refused.json()["error"]["param"] == param

    @pytest.mark.parametrize("size", ["1024x1792", "1792x1024", "1080x1920", "1920x1080"])
    def test_large_sizes_of_pro(self, post, size):
        assert post(model="sora-2-pro", size=size).json()["size"] == size

    @pytest.mark.parametrize("value", [True, [1], {"a": 1}, 1.5])
    def test_wrong_types(self, post, value):
        assert post(prompt=value).json()["code"] == "parse_request_failed"


class TestOrderOfChecks:
    def test_an_unknown_model_is_an_outage_even_without_a_prompt(self, client):
        refused = client.post("/apiyi/v1/videos", json={"model": "sora-9", "prompt": ""})
        assert refused.status_code == 503
        assert refused.json()["error"]["code"] == "model_not_found"
        assert "No available channel for model sora-9" in refused.json()["error"]["message"]

    @pytest.mark.parametrize("model", [None, "", 7])
    def test_no_model(self, client, model):
        refused = client.post("/apiyi/v1/videos", json={"model": model, "prompt": "a fox"})
        assert refused.status_code == 400
        assert refused.json()["error"]["type"] == "shell_api_error"

    @pytest.mark.parametrize("body", [b"{", b"[]", b""])
    def test_no_json(self, client, body):
        kind = {"content-type": "application/json"}
        assert client.post("/apiyi/v1/videos", content=body, headers=kind).status_code == 400

    def test_a_body_of_another_type_is_not_read(self, client):
        refused = client.post("/apiyi/v1/videos", content=json.dumps(SORA))
        assert "Model name not specified" in refused.json()["error"]["message"]

    def test_a_form_that_is_none(self, client):
        kind = {"content-type": "multipart/form-data; boundary=x"}
        refused = client.post("/apiyi/v1/videos", content=b"--y", headers=kind)
        assert refused.status_code == 400


class TestImages:
    def test_the_right_image(self, send, png):
        answer = send({}, png(1280, 720))
        assert answer.status_code == 200
        assert answer.json()["seconds"] == "8"

    def test_pixels_must_equal_the_size(self, send, png):
        refused = send({}, png(1280, 721))
        assert refused.status_code == 400
        assert refused.json() == {
            "error": {
                "message": "Inpaint image must match the requested width and height",
                "type": INVALID,
                "param": None,
                "code": None,
            }
        }

    def test_grok_animates_any_image(self, send, png):
        assert send({"model": "grok-imagine-video"}, png(5, 5)).status_code == 200

    def test_text_instead_of_a_file(self, post):
        refused = post(input_reference="data:image/png;base64,AAAA")
        assert refused.status_code == 400
        assert "expected a file, got a string" in refused.json()["error"]["message"]
        refused = post(input_reference={"image_url": "https://example.com/a.png"})
        assert "expected a file, got an object" in refused.json()["error"]["message"]

    def test_two_files(self, send, png):
        refused = send({}, png(1280, 720), png(1280, 720))
        assert "expected a file, got an array" in refused.json()["error"]["message"]

    @pytest.mark.parametrize("image", [b"GIF89a\x02\x00\x03\x00", b"text", b""])
    def test_other_files(self, send, image):
        refused = send({}, image)
        assert refused.status_code == 400
        assert "unsupported mimetype" in refused.json()["error"]["message"]

    def test_a_form_without_an_image(self, send):
        assert send({}).status_code == 200

    def test_a_field_that_comes_twice_is_an_array(self, client):
        refused = client.post(
            "/apiyi/v1/videos",
            files=[*((k, (None, v)) for k, v in SORA.items()), ("seconds", (None, "8"))],
        )
        assert refused.json()["code"] == "parse_request_failed"


class TestGrok:
    @pytest.mark.parametrize(
        ("model", "sizes"),
        [
            ("grok-imagine-video", ("854x480", "1280x720", "720x720")),
            ("grok-imagine-video-1.5", ("480x854", "720x1280", "1920x1080")),
            ("grok-imagine-video-1.5-lite", ("1280x720",)),
        ],
    )
    def test_sizes(self, post, model, sizes):
        assert [post(model=model, size=size).json()["size"] for size in sizes] == list(sizes)

    @pytest.mark.parametrize("seconds", ["1", "15"])
    def test_lengths(self, post, seconds):
        assert post(model="grok-imagine-video", seconds=seconds).json()["seconds"] == seconds

    @pytest.mark.parametrize(
        "changes",
        [
            {"seconds": "16"},
            {"seconds": "0"},
            {"size": "1920x1080"},
            {"size": "720p"},
            {"seconds": 5},
        ],
    )
    def test_what_is_not_sold(self, post, changes):
        assert post(**{"model": "grok-imagine-video", **changes}).status_code == 400


class TestVeo:
    @pytest.fixture
    def veo(self, client):
        fields = {"model": "veo-3.1-fast-generate-preview", "prompt": "a fox"}
        return lambda **more: client.post("/apiyi/v1/videos", json={**fields, **more})

    def test_its_answers(self, sandbox, veo, get):
        submitted = veo(seconds="4", size="720x1280").json()
        video = submitted["id"]
        assert video.startswith("task_")
        assert len(video) == len("task_") + 32
        common = {
            "id": video,
            "task_id": video,
            "object": "video",
            "model": "veo-3.1-fast-generate-preview",
            "created_at": 1_800_000_000,
        }
        assert submitted == {**common, "status": "queued", "progress": 0}
        seen = []
        for _ in range(3):
            sandbox.advance(1)
            seen.append(get(video).json()["progress"])
        assert seen == [0, 50, 100]
        assert get(video).json() == {**common, "status": "completed", "progress": 100}
        assert get(video, "/content").content.startswith(b"a fox|4|720x1280")

    @pytest.mark.parametrize(
        ("fields", "film"),
        [
            ({}, b"a fox|8|1280x720"),
            ({"duration": 6}, b"a fox|4|1280x720"),  # dropped without a word
            (
                {"metadata": {"resolution": "1080p", "aspectRatio": "9:16", "seed": 0}},
                b"a fox|8|1080x1920",
            ),
            ({"resolution": "4k"}, b"a fox|8|3840x2160"),
            ({"size": "1920x1080"}, b"a fox|8|1920x1080"),
        ],
    )
    def test_what_is_made(self, sandbox, veo, get, fields, film):
        video = veo(**fields).json()["id"]
        sandbox.advance(3)
        assert get(video, "/content").content.startswith(film)

    @pytest.mark.parametrize("fields", [{"size": "1920x1080"}, {"metadata": {"resolution": "4k"}}])
    def test_more_lines_need_eight_seconds(self, veo, fields):
        refused = veo(seconds="4", **fields)
        assert refused.status_code == 400
        assert "but got 4" in refused.json()["error"]["message"]

    @pytest.mark.parametrize(
        "fields", [{"generateAudio": True}, {"metadata": {"generateAudio": False}}]
    )
    def test_sound_is_refused_within_a_wrapped_answer(self, veo, fields):
        refused = veo(**fields)
        assert refused.status_code == 400
        assert refused.json()["code"] == "fail_to_fetch_task"
        assert json.loads(refused.json()["message"])["error"]["status"] == "INVALID_ARGUMENT"

    @pytest.mark.parametrize(
        "fields",
        [
            {"seconds": 8},
            {"seconds": "12"},
            {"metadata": "720p"},
            {"metadata": {"resolution": "9k"}},
        ],
    )
    def test_what_is_refused(self, veo, fields):
        assert veo(**fields).status_code == 400

    def test_more_images_than_one_are_dropped(self, send, png):
        fields = {"model": "veo-3.1-generate-preview", "aspectRatio": "16:9", "seed": "7"}
        assert send(fields, png(9, 9), png(9, 9)).status_code == 200


class TestReverse:
    def test_its_content_is_json(self, sandbox, client, get):
        fields = {"model": "veo-3.1-landscape-fast", "prompt": "a fox"}
        submitted = client.post("/apiyi/v1/videos", json=fields).json()
        video = submitted["id"]
        assert submitted == {
            "id": video,
            "object": "video",
            "created": 1_800_000_000,
            "status": "queued",
            "model": "veo-3.1-landscape-fast",
        }
        sandbox.advance(2)
        assert get(video).json()["status"] == "processing"
        sandbox.advance(1)
        content = get(video, "/content").json()
        assert content == {
            "status": "completed",
            "url": f"{sandbox.url}/files/{video}.mp4",
            "duration": 8,
            "resolution": "1280x720",
        }
        assert httpx.get(content["url"]).content.startswith(b"a fox|8|1280x720")

    def test_first_and_last_frame(self, send, png):
        fields = {"model": "veo-3.1-fl"}
        assert send(fields).status_code == 400
        assert send(fields, png(1, 1)).status_code == 200
        assert send(fields, png(1, 1), png(1, 1)).status_code == 200
        assert send(fields, png(1, 1), png(1, 1), png(1, 1)).status_code == 400


class TestTasks:
    def test_an_unknown_id(self, get):
        refused = get("video_none")
        assert refused.status_code == 400
        assert refused.json() == {
            "code": "task_not_exist",
            "message": "task_not_exist",
            "data": None,
        }

    def test_another_vendors_id(self, client, get):
        made = client.post(
            "/apertis-create/v1/video/create", json={"model": "veo3", "prompt": "a fox"}
        )
        assert get(made.json()["id"]).status_code == 400

    def test_content_before_the_end(self, sandbox, post, get):
        video = post().json()["id"]
        sandbox.advance(1)
        refused = get(video, "/content")
        assert refused.status_code == 400
        message = "Task is not completed yet, current status: in_progress"
        assert refused.json() == {"error": {"message": message, "type": INVALID}}

    def test_content_of_an_unknown_id(self, get):
        assert get("video_none", "/content").status_code == 404

    def test_content_is_kept_for_a_day(self, sandbox, post, get):
        video = post().json()["id"]
        sandbox.advance(3 + 86_399)
        assert get(video, "/content").status_code == 200
        sandbox.advance(2)
        assert get(video, "/content").status_code == 404
        assert get(video).json()["status"] == "completed"

    def test_head_and_range_of_content(self, sandbox, client, post):
        video = post().json()["id"]
        sandbox.advance(3)
        head = client.head(f"/apiyi/v1/videos/{video}/content")
        part = client.get(f"/apiyi/v1/videos/{video}/content", headers={"range": "bytes=2-5"})
        assert head.status_code == 200
        assert head.headers["etag"] == part.headers["etag"]
        assert (part.status_code, part.content) == (206, b"gold")


class TestKeys:
    @pytest.mark.parametrize("header", [None, "Bearer", "sk-1", "Basic sk-1"])
    @pytest.mark.parametrize("path", ["", "/video_1", "/video_1/content"])
    def test_no_key(self, sandbox, header, path):
        headers = {"authorization": header} if header else {}
        method = "GET" if path else "POST"
        refused = httpx.request(method, f"{sandbox.url}/apiyi/v1/videos{path}", headers=headers)
        assert refused.status_code == 401
        assert refused.json()["error"]["type"] == "shell_api_error"

    def test_a_wrong_key(self, client):
        refused = client.post("/apiyi/v1/videos", headers={"authorization": "Bearer sandbox-401"})
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "invalid_api_key"

    def test_an_empty_account(self, client):
        refused = client.post("/apiyi/v1/videos", headers={"authorization": "Bearer sandbox-402"})
        assert refused.status_code == 403
        assert refused.json()["code"] == "insufficient_user_quota"

    def test_the_proxy_in_front(self, client):
        refused = client.post("/apiyi/v1/videos", headers={"authorization": "Bearer sandbox-403"})
        assert (refused.status_code, refused.text) == (403, "error code: 1010")

    def test_an_unknown_path(self, client):
        refused = client.delete("/apiyi/v1/videos/video_1")
        assert refused.status_code == 404
        assert refused.json()["error"]["message"] == "Invalid URL (DELETE /v1/videos/video_1)"
