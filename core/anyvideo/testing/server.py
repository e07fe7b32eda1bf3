"""A local HTTP server that answers as a test tells it to: a vendor, as an adapter sees one.

def answer_call(call: Call) -> Response:
    return answer({"id": "1"}) if call.method == "POST" else answer({"error": "gone"}, 404)

with Server(answer_call) as server:
    client = Client({"providers": {"acme": {"base_url": server.url, "api_key": "any"}}})
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Self

from anyvideo.model.wire import Response
from anyvideo.sandbox.http.connection import Listener
from anyvideo.sandbox.http.messages import Answer, Call

# The listener itself decides about these headers: they concern one connection only.
_OWN = frozenset({"content-length", "transfer-encoding", "connection", "content-encoding"})


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
    """Listens on 127.0.0.1 while its with statement lasts; `calls` holds the calls so far.

    Args:
        respond: answers one call at a time; where it raises, the answer is HTTP 500 with the error.
        port: 0 for any free one.
    """

    def __init__(self, respond: Callable[[Call], Response], port: int = 0) -> None:
        self._respond = respond
        self._lock = Lock()
        self._listener = Listener(port)
        self.url = self._listener.url
        self.calls: list[Call] = []

    def __enter__(self) -> Self:
        self._listener.start(self._answer)
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def _answer(self, call: Call) -> Answer:
        response = self.respond(call)
        headers = {name: text for name, text in response.headers.items() if name not in _OWN}
        return Answer(response.status, response.body, headers)

    def respond(self, call: Call) -> Response:
        """Keep a call in `calls` and answer it."""
        with self._lock:
            self.calls.append(call)
            try:
                return self._respond(call)
            except Exception as error:  # noqa: BLE001 (the client is to see what went wrong here)
                return answer(f"{type(error).__name__}: {error}", 500)
