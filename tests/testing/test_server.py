"""The test server passes calls to a function, and its answers back."""

import httpx
import pytest

from anyvideo.testing import Server, answer


def test_a_call_arrives_and_is_answered():
    with Server(lambda call: answer({"n": call.json()["n"]}, 201, {"x-id": "1"})) as server:
        response = httpx.post(f"{server.url}/v1/clips?a=1&b=", json={"n": 7}, headers={"X-A": "b"})

    assert (response.status_code, response.json(), response.headers["x-id"]) == (201, {"n": 7}, "1")
    (call,) = server.calls
    assert (call.method, call.path, call.query) == ("POST", "/v1/clips", {"a": "1", "b": ""})
    assert call.headers["x-a"] == "b"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_every_method_is_answered(method):
    with Server(lambda _: answer("text", headers={"content-length": "99"})) as server:
        response = httpx.request(method, server.url)

    assert response.text == ("" if method == "HEAD" else "text")
    assert response.headers["content-type"] == "text/html"
    assert server.calls[0].path == "/"


def test_a_function_that_raises_is_seen_by_the_client():
    with Server(lambda call: call.json()) as server:
        response = httpx.get(server.url)

    assert response.status_code == 500
    assert response.text.startswith("JSONDecodeError: ")


def test_answers_are_json_text_or_bytes():
    assert answer({"a": "狐"}).body == '{"a": "狐"}'.encode()
    assert answer().json() is None
    assert answer("page").media_type == "text/html"
    assert answer(b"\0", 206, {"content-type": "video/mp4"}).body == b"\0"
