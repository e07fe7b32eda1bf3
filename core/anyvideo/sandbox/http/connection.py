"""HTTP/1.1 on the standard library: reads bytes into calls, and writes answers as bytes."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Event, Lock, Thread
from typing import Any, cast
from urllib.parse import parse_qsl

from anyvideo.sandbox.http.messages import Answer, Call, HungUpError, html_answer

_LARGEST_BODY = 128 << 20  # bytes
_HOST = "127.0.0.1"


class TooLargeError(ValueError):
    """A body is larger than any vendor accepts."""


class Connection(BaseHTTPRequestHandler):
    """One connection of a client, and the calls that come over it."""

    protocol_version = "HTTP/1.1"
    wbufsize = 1 << 16  # an answer's head and body leave in one packet
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Serve until the client closes the connection."""
        with suppress(ConnectionError):
            super().handle()

    def finish(self) -> None:
        """Close the connection, also where the client is gone and cannot take the rest."""
        with suppress(ConnectionError):
            super().finish()

    def handle_expect_100(self) -> bool:
        """Tell the client to continue at once, before the answer."""
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the standard library's name)
        """Log nothing: the owner of the listener records the calls."""

    def _serve(self) -> None:
        try:
            body = self._read_body()
        except TooLargeError:
            self._refuse(413, "413 Request Entity Too Large")
            return
        except ValueError:
            self._refuse(400, "400 Bad Request")
            return
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        pairs = dict(parse_qsl(query, keep_blank_values=True))
        call = Call(self.command, path, pairs, headers, body)
        self._write(cast("Listener", self.server).respond(call))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 (the standard library's names)

    def _refuse(self, status: int, title: str) -> None:
        """Refuse a body that was not read; no other call on this connection can be read either."""
        self.close_connection = True
        self._write(html_answer(title, status).with_headers({"connection": "close"}))

    def _read_body(self) -> bytes:
        if self.headers.get("transfer-encoding", "").lower() == "chunked":
            return b"".join(self._read_chunks())
        length = int(self.headers.get("content-length", "0"))
        if length < 0:
            raise ValueError
        if length > _LARGEST_BODY:
            raise TooLargeError
        return self._read(length)

    def _read_chunks(self) -> Iterable[bytes]:
        total = 0
        while length := int(self.rfile.readline(64).split(b";")[0], 16):
            total += length
            if total > _LARGEST_BODY:
                raise TooLargeError
            yield self._read(length)
            self.rfile.readline(64)
        while self.rfile.readline(1024).strip():
            pass  # trailers

    def _read(self, length: int) -> bytes:
        body = self.rfile.read(length)
        if len(body) < length:
            message = "the client hung up within a body"
            raise ConnectionAbortedError(message)
        return body

    def _write(self, answer: Answer) -> None:
        if answer.hang_up:
            self._hang_up()
            return
        headers = {name.lower(): value for name, value in answer.headers.items()}
        whole = answer.body if isinstance(answer.body, bytes) else None
        if whole is not None:
            headers["content-length"] = str(len(whole))
        elif "content-length" not in headers:
            headers["transfer-encoding"] = "chunked"
        self.send_response_only(answer.status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if whole is not None:
            self.wfile.write(whole)
        else:
            self._stream(answer.body, headers.get("content-length"))

    def _stream(self, pieces: Iterable[Any], length: str | None) -> None:
        """Send a body piece by piece, each at once; cut the connection if it ends too early."""
        sent = 0
        with suppress(HungUpError):
            for piece in pieces:
                sent += len(piece)
                frame = piece if length else b"%x\r\n%b\r\n" % (len(piece), piece)
                self.wfile.write(frame)
                self.wfile.flush()
            if length is None:
                self.wfile.write(b"0\r\n\r\n")
                return
        if length is None or sent < int(length):
            self.wfile.flush()
            self._hang_up()

    def _hang_up(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)


class Listener(ThreadingHTTPServer):
    """Listens on this machine only, with one thread for each connection."""

    daemon_threads = True
    request_queue_size = 128

    respond: Callable[[Call], Answer]

    def __init__(self, port: int) -> None:
        self._open: dict[socket.socket, Thread] = {}
        self._lock = Lock()
        self._closing = Event()
        self._thread = Thread(target=self._accept, daemon=True)
        super().__init__((_HOST, port), Connection)

    def server_bind(self) -> None:
        """Bind without the name server query of the original."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = _HOST, self.server_address[1]

    @property
    def url(self) -> str:
        """The address, such as "http://127.0.0.1:9000"."""
        return f"http://{_HOST}:{self.server_port}"

    def start(self, respond: Callable[[Call], Answer]) -> None:
        """Serve until `close` is called; any thread calls `respond`, which must not raise."""
        self.respond = respond
        self._thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            self.handle_request()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 (the standard library's types)
        """Serve a connection in a thread of its own, and keep both for `close`."""
        thread = Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        with self._lock:
            self._open[request] = thread
        thread.start()

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 (the standard library's type)
        """Close a connection."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def verify_request(self, request: Any, client_address: Any) -> bool:  # noqa: ANN401, ARG002 (the standard library's types)
        """Accept no connection once the listener closes."""
        return not self._closing.is_set()

    def close(self) -> None:
        """Stop listening and end every connection."""
        self._closing.set()
        with suppress(OSError), socket.create_connection((_HOST, self.server_port), timeout=1):
            self._thread.join(timeout=1)  # this connection wakes `_accept`
        self.server_close()
        with self._lock:
            connections = dict(self._open)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in connections.values():
            thread.join(timeout=1)
