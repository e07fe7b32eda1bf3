"""fal's wire in the sandbox answers and refuses as the vendor's documents say."""

import base64
from pathlib import Path

import httpx
import pytest

from anyvideo_plugins.fal.sandbox.wire import VENDOR

PHOTO = Path(__file__).parents[2] / "images/plain-1280x720.png"
VEO = "/fal/fal-ai/veo3.1"
PROMPT = {"prompt": "a fox"}


@pytest.fixture
def sandbox_vendors():
    return [VENDOR]


@pytest.fixture
def post(sandbox):
    def post(path, fields, **more):
        headers = {"authorization": "Key id:secret", **more.pop("headers", {})}
        return httpx.post(f"{sandbox.url}/fal/{path}", json=fields, headers=headers, **more)

    return post


@pytest.fixture
def call(sandbox):
    def call(method, url, key="Key id:secret"):
        return httpx.request(method, url, headers={"authorization": key} if key else {})

    return call


def test_the_documented_answers(sandbox, post, call):
    submitted = post("fal-ai/veo3.1/fast/image-to-video", {**PROMPT, "image_url": "https://a.b/c"})
    body = submitted.json()
    root = f"{sandbox.url}{VEO}/requests/{body['request_id']}"
    urls = {"response_url": root, "status_url": f"{root}/status", "cancel_url": f"{root}/cancel"}

    assert body == {
        "status": "IN_QUEUE",
        "request_id": body["request_id"],
        "queue_position": 0,
        **urls,
    }
    waiting, early = call("GET", urls["status_url"]), call("GET", root)
    assert (waiting.status_code, waiting.json()["status"]) == (202, "IN_QUEUE")
    assert (early.status_code, early.json()) == (400, {"detail": "Request is still in progress"})
    sandbox.advance(1)
    assert call("GET", urls["status_url"]).json()["status"] == "IN_PROGRESS"
    sandbox.advance(2)
    done = call("GET", urls["status_url"])
    assert (done.status_code, done.json()["status"]) == (200, "COMPLETED")
    film = call("GET", root).json()["video"]
    assert film["content_type"] == "video/mp4"
    assert httpx.get(film["url"]).text.startswith("a fox|8|1280x720")
    assert done.headers["x-fal-request-id"]


PHOTO_URL = "data:image/png;base64," + base64.b64encode(PHOTO.read_bytes()).decode()
SEEDANCE, KLING = "bytedance/seedance-2.0", "fal-ai/kling-video/v3"
OMNI = {"image_url": "https://a.b/c", "end_image_url": "https://a.b/d", **PROMPT, "duration": 15}
WRONG = [
    ("google/gemini-omni-flash/v1.2/image-to-video", OMNI, "duration", "value_error"),
    ("google/gemini-omni-flash/v1.1/text-to-video", {**PROMPT, "duration": 15}, "duration", "value_error"),
    ("lightricks/ltx-2.5/text-to-video/fast", {**PROMPT, "duration": 20, "resolution": "1440p"}, "duration", "value_error"),
    ("alibaba/wan-3.0/image-to-video", {"image_url": "https://a.b/c"}, "start_image_url", "missing"),
    ("fal-ai/veo3.1", {}, "prompt", "missing"),
    ("fal-ai/veo3.1", {**PROMPT, "duration": 8}, "duration", "string_type"),
    ("fal-ai/veo3.1", {**PROMPT, "duration": "8"}, "duration", "value_error"),
    ("fal-ai/veo3.1", {**PROMPT, "generate_audio": "true"}, "generate_audio", "bool_type"),
    ("fal-ai/veo3.1", {**PROMPT, "image_url": "https://a.b/c"}, "image_url", "extra_forbidden"),
    ("fal-ai/veo3.1/image-to-video", PROMPT, "image_url", "missing"),
    ("fal-ai/veo3.1/lite", {**PROMPT, "resolution": "4k"}, "resolution", "value_error"),
    (f"{SEEDANCE}/text-to-video", {**PROMPT, "duration": 5}, "duration", "string_type"),
    (f"{SEEDANCE}/text-to-video", {**PROMPT, "duration": "5s"}, "duration", "value_error"),
    (f"{SEEDANCE}/text-to-video", {**PROMPT, "seed": 7}, "seed", "extra_forbidden"),
    (f"{SEEDANCE}/fast/text-to-video", {**PROMPT, "resolution": "1080p"}, "resolution", "value_error"),
    (f"{SEEDANCE}/image-to-video", {**PROMPT, "image_url": "c.png"}, "image_url", "url_parsing"),
    (f"{SEEDANCE}/image-to-video", {**PROMPT, "image_url": "data:image/png;base64,!"}, "image_url", "image_load_error"),
    (f"{SEEDANCE}/image-to-video", {**PROMPT, "image_url": "data:image/png;base64,aGk="}, "image_url", "image_load_error"),
    (f"{SEEDANCE}/image-to-video", {**PROMPT, "image_url": PHOTO_URL.replace("png", "jpeg", 1)}, "image_url", "image_load_error"),
    (f"{SEEDANCE}/reference-to-video", {**PROMPT, "image_urls": ["https://a.b/c"] * 10}, "image_urls", "value_error"),
    (f"{SEEDANCE}/reference-to-video", {**PROMPT, "image_urls": "https://a.b/c"}, "image_urls", "list_type"),
    (f"{KLING}/pro/image-to-video", {**PROMPT, "image_url": "https://a.b/c"}, "start_image_url", "missing"),
    (f"{KLING}/pro/text-to-video", {**PROMPT, "duration": "16"}, "duration", "value_error"),
    ("minimax/h3/text-to-video", {**PROMPT, "duration": "5"}, "duration", "int_type"),
    ("minimax/h3/text-to-video", {**PROMPT, "resolution": "768P"}, "resolution", "value_error"),
    ("fal-ai/minimax/hailuo-2.3/pro/text-to-video", {**PROMPT, "duration": "6"}, "duration", "extra_forbidden"),
    ("fal-ai/wan/v2.7/text-to-video", {"prompt": "x" * 5001}, "prompt", "value_error"),
    ("fal-ai/pixverse/v6/text-to-video", {**PROMPT, "duration": 16}, "duration", "value_error"),
    ("fal-ai/ltx-2.3/text-to-video/fast", {**PROMPT, "duration": 12, "resolution": "1440p"}, "duration", "value_error"),
    ("luma/agent/ray/v3.2/image-to-video", {**PROMPT, "duration": "10s"}, "duration", "value_error"),
]  # fmt: skip


@pytest.mark.parametrize(("endpoint", "fields", "name", "kind"), WRONG)
def test_a_wrong_field_is_refused_as_fastapi_does(post, endpoint, fields, name, kind):
    refused = post(endpoint, fields)
    (item,) = refused.json()["detail"]

    assert (refused.status_code, item["loc"], item["type"]) == (422, ["body", name], kind)
    assert item["msg"]


def test_images_are_taken_as_urls_and_as_data_urls(post):
    for image in (PHOTO_URL, "https://example.com/a.png"):
        fields = {**PROMPT, "image_url": image}
        assert post(f"{SEEDANCE}/image-to-video", fields).status_code == 200


def test_a_large_image_is_refused(post):
    body = PHOTO.read_bytes() + bytes(10_000_001)
    url = "data:image/png;base64," + base64.b64encode(body).decode()
    refused = post("alibaba/happy-horse/image-to-video", {**PROMPT, "image_url": url})

    assert refused.json()["detail"][0]["type"] == "file_too_large"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"{", "application/json"), (b"[]", "application/json"), (b"prompt=x", "text/plain")],
)
def test_a_body_that_is_no_json_object_is_refused(sandbox, content, kind):
    headers = {"authorization": "Key id:secret", "content-type": kind}
    refused = httpx.post(f"{sandbox.url}{VEO}", content=content, headers=headers)

    assert refused.status_code == 422


@pytest.mark.parametrize("key", [None, "Bearer id:secret", "Key", "id:secret"])
def test_another_scheme_is_no_key(sandbox, key):
    headers = {"authorization": key} if key else {}
    refused = httpx.post(f"{sandbox.url}{VEO}", json=PROMPT, headers=headers)

    assert refused.status_code == 401
    assert refused.json() == {"detail": "Authentication is required to access this application."}


@pytest.mark.parametrize(
    ("key", "status", "words"),
    [("sandbox-401", 401, "Key ID"), ("sandbox-402", 403, "Exhausted balance")],
)
def test_keys_that_are_refused(post, key, status, words):
    refused = post("fal-ai/veo3.1", PROMPT, headers={"authorization": f"Key {key}"})

    assert refused.status_code == status
    assert words in refused.json()["detail"]


INITIATE = "storage/upload/initiate?storage_type=fal-cdn-v3"
FILE = {"file_name": "a b.png", "content_type": "image/png"}


def test_a_file_is_stored(post):
    slot = post(INITIATE, FILE).json()
    stored = httpx.put(
        slot["upload_url"], content=PHOTO.read_bytes(), headers={"content-type": "image/png"}
    )

    assert slot.keys() == {"upload_url", "file_url"}
    assert slot["file_url"].startswith("https://v3.fal.media/files/")
    assert stored.status_code == 200


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("storage/upload/initiate", FILE),
        ("storage/upload/initiate?storage_type=s3", FILE),
        (INITIATE, {"file_name": "a.png"}),
        (INITIATE, {"file_name": 7, "content_type": "image/png"}),
        (INITIATE, [FILE]),
    ],
)
def test_a_wrong_request_to_store_is_refused(post, path, fields):
    assert post(path, fields).status_code == 422


def test_storing_needs_the_key(sandbox):
    assert httpx.post(f"{sandbox.url}/fal/{INITIATE}", json=FILE).status_code == 401


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (PHOTO.read_bytes(), {"content-type": "image/png", "authorization": "Key id:secret"}, 400),
        (PHOTO.read_bytes(), {"content-type": "image/jpeg"}, 403),
        (PHOTO.read_bytes(), {}, 403),
        (b"", {"content-type": "image/png"}, 400),
    ],
)
def test_the_storage_takes_what_was_announced_without_a_key(post, content, headers, status):
    url = post(INITIATE, FILE).json()["upload_url"]

    assert httpx.put(url, content=content, headers=headers).status_code == status


def test_what_is_not_there_is_not_found(sandbox, post, call):
    root = f"{sandbox.url}{VEO}/requests/none"

    assert post("fal-ai/veo9", PROMPT).status_code == 404
    assert call("GET", f"{root}/status").json() == {"detail": "Request not found"}
    assert call("GET", root).status_code == 404
    assert call("PUT", f"{root}/cancel").json() == {"status": "NOT_FOUND"}
    assert call("DELETE", root).status_code == 404


def test_a_request_is_cancelled_once(sandbox, post, call):
    urls = post("fal-ai/veo3.1", PROMPT).json()
    first, second = (call("PUT", urls["cancel_url"]) for _ in range(2))
    lost = call("GET", urls["response_url"])

    assert (first.status_code, first.json()["status"]) == (202, "CANCELLATION_REQUESTED")
    assert (second.status_code, second.json()["status"]) == (400, "ALREADY_COMPLETED")
    assert call("GET", urls["status_url"]).json()["error_type"] == "client_cancelled"
    assert (lost.status_code, lost.headers["x-fal-error-type"]) == (499, "client_cancelled")
