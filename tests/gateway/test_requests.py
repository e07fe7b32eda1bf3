"""What the gateway refuses, and how: OpenAI's envelope, the right status, nothing sent."""

import asyncio
import json
import socket
import time

import httpx
import pytest

from anyvideo.errors import DownloadError, ExpiredError, JournalError
from anyvideo.gateway.bodies import MOST_BYTES
from anyvideo.gateway.keys import hash_key
from tests.gateway.running import CONFIG, Running
from tests.sandbox.fixtures import NO_TLS

ORDER = {"model": "openai-videos/sora-2", "prompt": "a fox"}


def read_error(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return error


@pytest.mark.parametrize(
    ("changes", "param", "words"),
    [
        ({"prompt": ""}, "prompt", "missing"),
        ({"model": 7}, "model", "takes a text"),
        ({"model": "apiyi/*"}, "model", "names several models"),
        ({"model": "nothing"}, "model", "unknown model 'nothing'"),
        ({"model": ""}, None, "operator"),
        ({"seconds": "soon"}, "seconds", "takes a number"),
        ({"seconds": 4.5, "size": "1x"}, None, "size"),
        ({"colour": "red"}, "colour", "unknown field 'colour'"),
        ({"seed": 7}, "seed", "anyvideo.seed is its place"),
        ({"anyvideo": 7}, "anyvideo", "takes an object"),
        ({"anyvideo": {"sed": 7}}, "anyvideo.sed", "seed"),
        ({"anyvideo": {"prompt": "a"}}, "anyvideo.prompt", "given twice"),
        ({"anyvideo": {"policy": 7}}, "anyvideo.policy", "takes an object"),
        ({"anyvideo": {"policy": {"seconds": "never"}}}, "anyvideo.policy", "never"),
        ({"anyvideo": {"policy": {"sec": "up"}}}, "anyvideo.policy.sec", "seconds"),
        ({"anyvideo": {"max_cost": "much"}}, "anyvideo.max_cost", "takes an amount"),
        ({"anyvideo": {"max_cost": True}}, "anyvideo.max_cost", "takes an amount"),
        ({"anyvideo": {"images": "/etc/passwd"}}, "input_reference", "an image is a file"),
        ({"input_reference": {"file_id": "f"}}, "input_reference.file_id", "not kept here"),
        ({"input_reference": {"image_url": "file:///x"}}, "input_reference", "an image is a file"),
    ],
)
def test_a_body_that_cannot_be_meant(http, gateway, changes, param, words):
    answer = http.post("/videos", json={**ORDER, **changes})
    error = read_error(answer, {"nothing": 404, "": 500}.get(changes.get("model"), 400))
    assert error["param"] == param
    assert words in error["message"]
    assert answer.headers["x-should-retry"] == "false"
    assert gateway.paid == 0


@pytest.mark.parametrize(
    ("kind", "body", "status", "code"),
    [
        ("text/plain", b"a fox", 415, "unsupported_media_type"),
        ("application/json", b"{", 400, "invalid_json"),
        ("application/json", b"[]", 400, "invalid_json"),
        ("application/json", b'{"a":' * 200 + b"1" + b"}" * 200, 400, "invalid_json"),
        ("multipart/form-data", b"x", 400, "invalid_form"),
        ("multipart/form-data; boundary=b", b"x", 400, "invalid_form"),
        ("application/json", b" " * (MOST_BYTES + 1), 413, "request_too_large"),
    ],
)
def test_a_body_that_cannot_be_read(http, kind, body, status, code):
    answer = http.post("/videos", content=body, headers={"content-type": kind})
    assert read_error(answer, status)["code"] == code


def test_a_body_without_a_length_is_bounded_too(http):
    pieces = iter([b" " * (1 << 20)] * 40)
    try:
        answer = http.post("/videos", content=pieces, headers={"content-type": "application/json"})
    except (httpx.WriteError, httpx.ReadError):  # it hung up in the middle
        return
    assert read_error(answer, 413)["code"] == "request_too_large"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"anyvideo": "{"}, "not valid JSON"),
        ({"anyvideo[images][][source]": "x"}, "send 'anyvideo' as JSON text"),
        ({"a[b": "x"}, "cannot be read"),
        ({"prompt": ["a", "b"]}, "stands twice"),
    ],
)
def test_a_form_that_cannot_be_meant(http, fields, words):
    answer = http.post("/videos", data=fields, files={"input_reference": b""})
    assert words in read_error(answer, 400)["message"]


def test_a_form_has_one_file_and_texts(http, gateway):
    answer = http.post("/videos", data=ORDER, files={"prompt2": b"x"})
    assert "the only file" in read_error(answer, 400)["message"]
    own = {"policy": {"seconds": "up"}, "character": None}
    fields = {**ORDER, "model": "apiyi/sora-2", "seconds": "4", "anyvideo": json.dumps(own)}
    form = {name: (None, text) for name, text in fields.items()}
    assert http.post("/videos", files=form).json()["seconds"] == "4"
    names = ["anyvideo[images][]", "anyvideo[options][openai-videos][quality]", "anyvideo[seed]"]
    urls = {
        names[0]: (None, "https://a.example/a.png"),
        names[1]: (None, "high"),
        names[2]: (None, "7"),
    }
    answer = http.post("/videos", files={**form, "anyvideo": (None, "{}"), **urls})
    assert answer.status_code in {200, 400}
    assert gateway.paid >= 1


def test_a_body_that_is_cut_off_sends_nothing(gateway):
    host, _, port = gateway.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /v1/videos HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b'content-length: 99\r\n\r\n{"prompt": '
        )
    sample = 'requests_total{method="POST",route="/v1/videos",status="400"} '
    while sample not in httpx.get(f"{gateway.url}/metrics", verify=NO_TLS).text:
        time.sleep(0.01)
    assert httpx.get(f"{gateway.url}/healthz", verify=NO_TLS).text == "ok\n"
    assert gateway.paid == 0


def test_pages_and_ids_that_do_not_exist(http):
    assert read_error(http.get("/videos/video_x"), 404)["param"] == "video_id"
    assert read_error(http.get("/videos/video_" + "x" * 99), 404)["code"] == "not_found"
    assert read_error(http.get("/videos/7"), 404)["code"] == "not_found"
    assert read_error(http.post("/videos/7/remix", json={"prompt": "x"}), 404)
    for query, param in (("limit=0", "limit"), ("limit=x", "limit"), ("order=up", "order")):
        assert read_error(http.get(f"/videos?{query}"), 400)["param"] == param
    assert read_error(http.get("/videos?after=video_no"), 404)["param"] == "after"
    assert read_error(http.get("/videos?after=no"), 404)["param"] == "after"
    assert read_error(http.get("/nothing"), 404)["code"] == "unknown_url"
    assert read_error(http.put("/videos"), 405)["code"] == "unknown_url"


def test_content_comes_in_ranges(http, gateway):
    video = http.post("/videos", json={**ORDER, "prompt": "a fox in parts"}).json()
    url = f"/videos/{video['id']}/content"
    assert read_error(http.get(f"{url}?variant=thumbnail"), 400)["code"] == "unsupported_variant"
    while http.get(f"/videos/{video['id']}").json()["status"] != "completed":
        assert http.get(url).status_code in {200, 400}
    whole = http.get(url)
    part = http.get(url, headers={"range": "bytes=4-7", "if-range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, b"ftyp")
    head = http.head(url)
    assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")
    assert http.get(url, headers={"range": "bytes=99999999-"}).status_code == 416

    # A file that was lost is fetched again, and what goes wrong then is said.
    job = gateway.call(gateway.service.record("serve.local", video["id"].removeprefix("video_")))
    job.file.unlink()
    assert http.get(url).content == whole.content
    job.file.unlink()
    client = gateway.service.client
    for error, status in ((DownloadError("full"), 502), (ExpiredError("gone"), 404)):

        async def fail(*_, error=error, **__):
            raise error

        client.download = fail
        read_error(http.get(url), status)
    del client.download


def test_quotes_send_nothing(http, gateway):
    quote = http.post("/videos/quote", json={"prompt": "a fox", "model": "openai-videos/*"}).json()
    assert [plan["offer"] for plan in quote["plans"]] == ["openai-videos/sora-2"]
    assert quote["plans"][0]["quote"]["amount"] is not None
    assert http.post("/videos/quote", json={"prompt": "a fox"}).json()["refusals"]
    assert gateway.paid == 0


def test_health_and_metrics(http, gateway, monkeypatch):
    def read(path):
        return httpx.get(f"{gateway.url}{path}", verify=NO_TLS)

    http.get("/videos/video_x")
    http.post("/videos", json={**ORDER, "prompt": "[fault:poll-503] a measured fox"})
    text = read("/metrics").text
    assert '_http_requests_total{method="GET",route="/v1/videos/{video_id}",status="404"}' in text
    assert (
        'anyvideo_vendor_requests_total{paid="yes",provider="openai-videos",status="200"}' in text
    )
    assert "# TYPE anyvideo_jobs gauge" in text
    assert read("/readyz").text == "ok\n"

    async def fail(_):
        message = "the database is away"
        raise JournalError(message)

    monkeypatch.setattr(gateway.service.client, "find", fail)
    assert read("/readyz").status_code == 503
    error = read_error(http.get("/videos/video_x"), 500)
    assert "database" not in error["message"]
    monkeypatch.undo()
    monkeypatch.setattr(gateway.service, "closing", True)
    assert read("/readyz").text == "closing\n"
    assert read_error(http.post("/videos", json=ORDER), 503)["code"] == "closing"
    monkeypatch.undo()

    async def break_down(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(gateway.service.client, "find", break_down)
    assert read_error(http.get("/videos/video_x"), 500)["code"] == "internal_error"


def test_pages_of_other_origins_spend_nothing(http, gateway):
    foreign = {"origin": "https://evil.example"}
    assert read_error(http.post("/videos", json=ORDER, headers=foreign), 403)
    own = {"origin": gateway.url}
    assert http.get("/videos", headers=own).status_code == 200
    odd = {"host": "[x", "origin": "null"}
    assert http.get("/videos", headers=odd).status_code in {400, 403}
    rebound = {"host": "evil.example", "origin": "https://evil.example"}
    assert read_error(http.get("/videos", headers=rebound), 403)


@pytest.fixture(scope="module")
def guarded(world, tmp_path_factory):
    keys = {
        "app": {"hash": hash_key("av-1"), "jobs_at_once": 1},
        "poor": {"hash": hash_key("av-2"), "budget_a_day": {"money": "0.15"}},
        "narrow": {"hash": hash_key("av-3"), "models": ["apimart/*"]},
    }
    config = {**CONFIG, "serve": {"keys": keys}}
    folder = tmp_path_factory.mktemp("guarded")
    with Running(world.sandbox, world.clock, folder, config) as running:
        yield running


def call(running, method, path, key, **options):
    headers = {"authorization": f"Bearer {key}"} if key else {}
    url = f"{running.url}/v1{path}"
    return httpx.request(method, url, headers=headers, verify=NO_TLS, **options)


def test_a_key_sees_its_own_jobs(guarded, gateway):
    for wrong in (None, "", "av-9"):
        answer = call(guarded, "POST", "/videos", wrong, json=ORDER)
        assert read_error(answer, 401)["code"] == "invalid_api_key"
    basic = httpx.get(f"{guarded.url}/v1/videos", auth=("a", "av-1"), verify=NO_TLS)
    assert basic.status_code == 401
    video = call(guarded, "POST", "/videos", "av-2", json=ORDER).json()["id"]
    assert call(guarded, "GET", f"/videos/{video}", "av-2").status_code == 200
    for method, path in (("GET", ""), ("DELETE", ""), ("GET", "/content")):
        assert read_error(call(guarded, method, f"/videos/{video}{path}", "av-3"), 404)
    assert call(guarded, "GET", "/videos", "av-3").json()["data"] == []
    assert len(call(guarded, "GET", "/videos", "av-2").json()["data"]) == 1


def test_a_key_has_limits(guarded, gateway):
    spent = call(guarded, "POST", "/videos", "av-2", json={**ORDER, "prompt": "another"})
    spent = call(guarded, "POST", "/videos", "av-2", json={**ORDER, "prompt": "a third"})
    assert read_error(spent, 429)["code"] == "insufficient_quota"
    assert spent.headers["x-should-retry"] == "false"
    forbidden = call(guarded, "POST", "/videos", "av-3", json=ORDER)
    assert read_error(forbidden, 403)["code"] == "model_not_allowed"
    models = call(guarded, "GET", "/models", "av-3").json()["data"]
    assert {model["id"].partition("/")[0] for model in models if "/" in model["id"]} == {"apimart"}
    quote = call(guarded, "POST", "/videos/quote", "av-3", json={"prompt": "a fox"}).json()
    assert {plan["offer"].partition("/")[0] for plan in quote["plans"]} == {"apimart"}

    clock, gateway.service.client.session.clock = gateway.clock, gateway.clock

    async def stand_still(seconds):
        await asyncio.sleep(0.05)

    original, clock.sleep_async = clock.sleep_async, stand_still
    try:
        first = call(
            guarded, "POST", "/videos", "av-1", json={**ORDER, "prompt": "[fault:stuck] 1"}
        )
        crowded = call(guarded, "POST", "/videos", "av-1", json={**ORDER, "prompt": "2"})
        assert read_error(crowded, 429)["code"] == "rate_limit_exceeded"
        assert (crowded.headers["x-should-retry"], crowded.headers["retry-after"]) == ("true", "5")
        call(guarded, "DELETE", f"/videos/{first.json()['id']}", "av-1")
    finally:
        clock.sleep_async = original
