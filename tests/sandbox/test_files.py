"""Finished films are served whole or in ranges, from their time to their end."""

import httpx
import pytest

from anyvideo.sandbox import Sandbox
from anyvideo.sandbox.http.messages import Call
from anyvideo.sandbox.http.ranges import serve

ORDER = {"model": "sora-2", "prompt": "a fox", "seconds": "8", "size": "1280x720"}


def order(client, **changes):
    answer = client.post("/apiyi/v1/videos", json={**ORDER, **changes})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


class TestFiles:
    @pytest.fixture
    def url(self, sandbox, client):
        answer = client.post(
            "/apimart/v1/videos/generations", json={"model": "sora-2", "prompt": "a fox"}
        )
        sandbox.advance(3)
        data = client.get(f"/apimart/v1/tasks/{answer.json()['data'][0]['task_id']}").json()["data"]
        return data["result"]["videos"][0]["url"][0]

    def test_the_whole_file_needs_no_key(self, url):
        answer = httpx.get(url)
        assert answer.status_code == 200
        assert answer.content == b"a fox|4|1280x720|" * 1000
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["content-length"] == "17000"

    def test_head(self, url):
        answer = httpx.head(url)
        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == "17000"

    @pytest.mark.parametrize(
        ("asked", "start", "stop"),
        [
            ("bytes=0-99", 0, 100),
            ("bytes=16900-", 16900, 17000),
            ("bytes=-50", 16950, 17000),
            ("bytes=100-99999", 100, 17000),
            ("bytes=-99999", 0, 17000),
        ],
    )
    def test_a_range(self, url, asked, start, stop):
        whole, part = httpx.get(url), httpx.get(url, headers={"range": asked})
        assert part.status_code == 206
        assert part.content == whole.content[start:stop]
        assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/17000"

    @pytest.mark.parametrize("asked", ["bytes=17000-", "bytes=9-5", "bytes=-0"])
    def test_a_range_that_is_not_there(self, url, asked):
        answer = httpx.get(url, headers={"range": asked})
        assert answer.status_code == 416
        assert answer.headers["content-range"] == "bytes */17000"

    @pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "lines=1-2", "bytes=a-b"])
    def test_a_range_that_is_not_understood(self, url, asked):
        assert httpx.get(url, headers={"range": asked}).status_code == 200

    def test_if_range(self, url):
        etag = httpx.get(url).headers["etag"]
        same = httpx.get(url, headers={"range": "bytes=1-2", "if-range": etag})
        other = httpx.get(url, headers={"range": "bytes=1-2", "if-range": '"other"'})
        assert (same.status_code, other.status_code) == (206, 200)

    def test_a_day_later_it_is_gone(self, sandbox, url):
        sandbox.advance(86_399)
        assert httpx.get(url).status_code == 200
        sandbox.advance(2)
        assert httpx.get(url).status_code == 410

    def test_no_file_before_its_time(self, client, sandbox):
        video = order(client)
        assert client.get(f"/files/{video}.mp4").status_code == 404
        assert client.get("/files/none.mp4").status_code == 404
        sandbox.advance(3)
        assert client.get(f"/files/{video}.mp4").status_code == 200

    def test_a_film_is_rendered_once(self, clock):
        rendered = []

        def render(prompt, *, seconds, width, height):
            rendered.append((prompt, seconds, width, height))
            return b"film"

        with (
            Sandbox(clock=clock, render=render) as sandbox,
            httpx.Client(base_url=sandbox.url, headers={"authorization": "Bearer k"}) as client,
        ):
            video = order(client)
            sandbox.advance(3)
            for _ in range(3):
                assert client.get(f"/apiyi/v1/videos/{video}/content").content == b"film"
        assert rendered == [("a fox", 8.0, 1280, 720)]

    def test_the_film_is_real(self, clock):
        with Sandbox(clock=clock) as sandbox:
            headers = {"authorization": "Bearer k"}
            with httpx.Client(base_url=sandbox.url, headers=headers) as client:
                video = order(client)
                sandbox.advance(3)
                film = client.get(f"/apiyi/v1/videos/{video}/content").content
        assert film[4:8] == b"ftyp"

    def test_an_empty_file(self):
        answer = serve(Call("GET", "/", headers={"range": "bytes=0-"}), b"", '"x"', "video/mp4")
        assert answer.status == 416
