"""The sandbox speaks HTTP/1.1: bodies, chunks, and clients that hang up."""

import socket
import threading

import httpx
import pytest

from anyvideo.sandbox.http.connection import Listener
from anyvideo.sandbox.http.messages import Answer

ORDER = {"model": "sora-2", "prompt": "a fox", "seconds": "8", "size": "1280x720"}


class TestHttp:
    def talk(self, sandbox, *packets: bytes) -> bytes:
        host, port = sandbox.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=5) as connection:
            for packet in packets:
                connection.sendall(packet)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def test_one_connection_serves_many_calls(self, sandbox):
        call = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
        assert self.talk(sandbox, call + call).count(b"HTTP/1.1 200 OK") == 2

    def test_bodies_in_chunks(self, sandbox, client):
        def stream():
            yield b'{"model": "sora-2", '
            yield b'"prompt": "a fox"}'

        answer = client.post(
            "/apiyi/v1/videos", content=stream(), headers={"content-type": "application/json"}
        )
        assert answer.status_code == 200
        assert sandbox.requests[0].headers["transfer-encoding"] == "chunked"

    def test_trailers_after_chunks(self, sandbox):
        call = (
            b"POST /_sandbox/faults HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
            b'10;ext=1\r\n{"names": ["html"\r\n2\r\n]}\r\n0\r\nTrailer: 1\r\n\r\n'
        )
        answer = self.talk(sandbox, call.replace(b"10;", b"11;"))
        assert b'{"names": ["html"]}' in answer

    def test_the_client_is_told_to_go_on(self, sandbox):
        call = b"POST /x HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        assert self.talk(sandbox, call, b"{}").startswith(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404"
        )

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            (b"Content-Length: -1", b"400"),
            (b"Content-Length: x", b"400"),
            (b"Content-Length: 999999999999", b"413"),
            (b"Transfer-Encoding: chunked\r\n\r\nfffffffff", b"413"),
            (b"Transfer-Encoding: chunked\r\n\r\nzz", b"400"),
        ],
    )
    def test_bodies_that_cannot_be_read(self, sandbox, head, status):
        answer = self.talk(sandbox, b"POST / HTTP/1.1\r\n" + head + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 " + status)
        assert b"connection: close" in answer

    def test_a_client_that_hangs_up_within_a_body(self, sandbox):
        assert self.talk(sandbox, b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n{}") == b""
        assert httpx.get(sandbox.url).status_code == 200

    def test_a_connection_that_is_gone_before_it_is_closed(self):
        listener = Listener(0)
        listener.start(lambda _: Answer(hang_up=True))
        gone, ended = socket.socket(), threading.Thread()
        ended.start()
        listener._open[gone] = ended  # noqa: SLF001 (the moment between two lines of `close`)
        gone.close()
        listener.close()
        with pytest.raises(httpx.ConnectError):
            httpx.get(listener.url)

    def test_a_body_that_ends_before_its_first_byte_still_has_a_head(self, capsys):
        listener = Listener(0)
        listener.start(lambda _: Answer(body=iter(()), headers={"content-length": "9"}))
        with httpx.stream("GET", listener.url) as answer:
            assert (answer.status_code, answer.headers["content-length"]) == (200, "9")
            with pytest.raises(httpx.RemoteProtocolError):
                answer.read()
        listener.close()
        assert capsys.readouterr().err == ""

    def test_what_a_client_that_is_gone_cannot_take_is_dropped(self, capsys):
        asked, gone = threading.Event(), threading.Event()

        def respond(_):
            asked.set()
            gone.wait(5)
            return Answer(body=b"x" * 1000)

        listener = Listener(0)
        listener.start(respond)
        connection = socket.create_connection(("127.0.0.1", listener.server_port))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
        asked.wait(5)
        connection.close()
        gone.set()
        listener.close()
        assert capsys.readouterr().err == ""

    def test_a_client_that_resets_the_connection(self, sandbox):
        host, port = sandbox.url.removeprefix("http://").split(":")
        connection = socket.create_connection((host, int(port)))
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.sendall(b"GET / HT")
        connection.close()
        assert httpx.get(sandbox.url).status_code == 200
