"""Every vendor's files in the sandbox are late, cut, moved or gone on request."""

import httpx
import pytest

from tests.plugins.wires import CONTENT, find_id


class TestFiles:
    def finish(self, sandbox, wire, word):
        video = find_id(wire.order(f"a fox [fault:{word}]"))
        sandbox.advance(3)
        return video

    def test_content_is_late(self, sandbox, client, apiyi):
        video = find_id(apiyi.order("a fox [fault:content-400]"))
        assert "not completed" in client.get(apiyi.url(video)).text
        sandbox.advance(3)
        assert [client.get(apiyi.url(video)).status_code for _ in range(3)] == [400, 400, 200]

    def test_expired(self, sandbox, client, wire):
        video = self.finish(sandbox, wire, "expired")
        assert client.get(wire.url(video)).status_code == (404 if wire.adapter in CONTENT else 410)

    def test_the_first_url_is_dead(self, sandbox, client, apimart):
        video = self.finish(sandbox, apimart, "expired-url")
        first = apimart.url(video)
        assert apimart.url(video) == first
        assert [client.get(first).status_code for _ in range(2)] == [403, 403]
        second = apimart.url(video)
        assert second != first
        assert client.get(second).status_code == 200

    def test_the_url_is_on_another_origin(self, sandbox, apimart):
        video = self.finish(sandbox, apimart, "foreign-url")
        url = apimart.url(video)
        assert url.startswith("http://localhost:")
        assert httpx.get(url).status_code == 200
        assert sandbox.requests[-1].headers["host"].startswith("localhost:")

    def test_a_redirect_to_another_origin(self, sandbox, client, wire):
        video = self.finish(sandbox, wire, "redirect")
        moved = client.get(wire.url(video))
        assert moved.status_code == 302
        assert moved.headers["location"].startswith("http://localhost:")
        followed = client.get(wire.url(video), follow_redirects=True)
        assert followed.content.startswith(b"a fox")
        assert "authorization" not in sandbox.requests[-1].headers

    @pytest.mark.parametrize(
        ("fields", "size"),
        [
            ({}, "640x360"),
            ({"resolution": "1080p", "aspect_ratio": "9:16"}, "720x1280"),
            ({"resolution": "1080p"}, "1280x720"),
        ],
    )
    def test_a_smaller_picture(self, sandbox, client, apimart, fields, size):
        fields = {"model": "sora-2-pro", "prompt": "a fox [fault:wrong-size]", **fields}
        video = find_id(client.post("/apimart/v1/videos/generations", json=fields))
        sandbox.advance(3)
        assert f"|{size}|" in client.get(apimart.url(video)).text

    def test_a_slow_file(self, sandbox, client, clock, wire):
        video = self.finish(sandbox, wire, "slow-download=60")
        begin = clock.now()
        film = client.get(wire.url(video))
        assert len(film.content) == int(film.headers["content-length"]) > 16_384
        assert clock.now() - begin >= 120

    def test_a_file_that_breaks_off_and_is_resumed(self, sandbox, client, wire):
        video = self.finish(sandbox, wire, "cut-download=5000")
        got, total, etag = b"", 1, ""
        rounds = 0
        while len(got) < total:
            headers = {"range": f"bytes={len(got)}-", **({"if-range": etag} if etag else {})}
            with client.stream("GET", wire.url(video), headers=headers) as answer:
                etag, total = (
                    answer.headers["etag"],
                    int(answer.headers["content-range"].split("/")[1]),
                )
                try:
                    for block in answer.iter_bytes():
                        got += block
                except httpx.RemoteProtocolError:
                    rounds += 1
        sandbox.misbehave()
        assert rounds == total // 5000
        assert len(got) == total
