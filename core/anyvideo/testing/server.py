"""A local HTTP server that answers as a test tells it to: a vendor, as far as an adapter can see.

def answer_call(call: Call) -> Response:
    return answer({"id": "1"}) if call.method == "POST" else answer({"error": "gone"}, 404)

with Server(answer_call) as server:
    client = Client({"providers": {"acme": {"base_url": server.url, "api_key": "any"}}})
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Self, cast
from urllib.parse import parse_qsl, urlsplit

from attrs import field, frozen

from anyvideo.model.wire import Response

# What only concerns one connection is this server's own business.
_OWN = frozenset({"content-length", "transfer-encoding", "connection", "content-encoding"})


@frozen
class Call:
    """One request that came in; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str] = field(factory=dict[str, str])
    headers: Mapping[str, str] = field(factory=dict[str, str], repr=False)
    body: bytes = field(default=b"", repr=False)

    def json(self) -> Any:  # noqa: ANN401 (whatever the adapter sent)
        """Return the decoded JSON body.

        Raises:
            ValueError: it is none.

        """
        return json.loads(self.body)


def answer(
    body: object = None, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a vendor's answer: bytes and text as they are, anything else as JSON."""
    if isinstance(body, str):
        return Response(status, {"content-type": "text/html", **(headers or {})}, body.encode())
    if isinstance(body, bytes):
        return Response(status, headers or {}, body)
    text = json.dumps(body, ensure_ascii=False)
    return Response(status, {"content-type": "application/json", **(headers or {})}, text.encode())


class Server:
    """Listens on 127.0.0.1 while its with statement lasts; `calls` holds what came in.

    Port 0 is any that is free. A function that raises is answered with HTTP 500 and its error as text.
    """

    def __init__(self, respond: Callable[[Call], Response], port: int = 0) -> None:
        self._respond = respond
        self._lock = Lock()
        self._server = _Listener(("127.0.0.1", port), _Handler)
        self._server.owner = self
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.calls: list[Call] = []

    @property
    def url(self) -> str:
        """The base URL, such as "http://127.0.0.1:40001"."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def respond(self, call: Call) -> Response:
        """Note a call and answer it; one at a time."""
        with self._lock:
            self.calls.append(call)
            try:
                return self._respond(call)
            except Exception as error:  # noqa: BLE001 (the client is to see what went wrong here)
                return answer(f"{type(error).__name__}: {error}", 500)


class _Listener(ThreadingHTTPServer):
    owner: Server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes, and the second would wait 40 ms

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        call = Call(
            self.command,
            parts.path,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(int(self.headers.get("content-length", 0))),
        )
        response = cast("_Listener", self.server).owner.respond(call)
        self.send_response(response.status)
        for name, value in response.headers.items():
            if name not in _OWN:
                self.send_header(name, value)
        self.send_header("content-length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_POST = do_PUT = do_DELETE = do_HEAD = do_GET  # noqa: N815 (named by the standard library)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (named by the standard library)
        """Say nothing: `calls` holds it all."""
