"""The stand-in server: it speaks each client's wire on loopback, counts, and fails where it should.

A path begins with who asks and with what shall happen: `/openai/30/v1/videos` makes a job of about
30 s. The second part is a length in seconds, `never`, or one of FAILURES.
"""

import asyncio
import json
import resource
import socket
import struct
import threading
import time
from collections import Counter, defaultdict
from contextlib import suppress
from typing import Self
from urllib.parse import unquote

from benchmarks.peers.answers import ERROR, State, answer, find_job

JOBS = 8  # of one length, which lie evenly within a tenth to both sides
AGE = 30  # seconds of a job that nobody submitted here, when it is asked for first
FAILURES = ("reset", "500", "429", "429 with Retry-After", "time-out", "cut answer")


class StandIn:
    """The server, in a thread of its own.

    Attributes:
        url: Its address, while it runs.
        posts: The submits that were read, by who asks and what shall happen.
        polls: All other requests, likewise.
        moments: When those came (Unix time), likewise.
        asked: The same for each job, by its id.
        born: When each job was submitted (Unix time), by who asks and its id.
        ends: When each job ends (Unix time), by its id.
        open: The connections.
    """

    def __init__(self) -> None:
        self.moments: dict[tuple[str, str], list[float]] = defaultdict(list)
        self.posts: Counter[tuple[str, str]] = Counter()
        self.polls: Counter[tuple[str, str]] = Counter()
        self.asked: Counter[str] = Counter()
        self.ends: dict[str, float] = {}
        self.born: dict[tuple[str, str], float] = {}
        self.url = ""
        self._made: dict[tuple[str, str], int] = defaultdict(int)
        self.open: set[asyncio.Transport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        allow_many_files()
        self._thread.start()
        starting = self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=4096)
        self._server = asyncio.run_coroutine_threadsafe(starting, self._loop).result()
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._close)
        self._thread.join()
        self._loop.close()

    def _close(self) -> None:
        self._server.close()
        for transport in self.open:
            transport.abort()
        self._loop.call_later(0.01, self._loop.stop)  # what was aborted is closed a step later

    def submit(self, who: str, what: str) -> str:
        """Make a job and return its id."""
        number = self._made[who, what]
        self._made[who, what] += 1
        job = f"{who}-{what}-{number}"
        self.born[who, job] = time.time()
        if what != "never":
            share = 0.9 + 0.2 * (number % JOBS + 0.5) / JOBS
            self.ends[job] = time.time() + float(what) * share
        return job


class _Connection(asyncio.Protocol):
    def __init__(self, server: StandIn) -> None:
        self.server, self.buffer = server, b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.server.open.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's own signature)
        self.server.open.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            line, *lines = self.buffer[:end].decode("latin-1").split("\r\n")
            pairs = (text.split(":", 1) for text in lines)
            headers = {name.lower(): value.strip() for name, value in pairs}
            size = end + 4 + int(headers.get("content-length", 0))
            if len(self.buffer) < size:
                return
            self.buffer = self.buffer[size:]
            method, target, _ = line.split(" ")
            self.respond(method, target.partition("?")[0], headers.get("host", ""))

    def respond(self, method: str, target: str, host: str) -> None:
        _, who, spelled, rest = target.split("/", 3)
        what, path = unquote(spelled), f"/{rest}"
        server, job = self.server, find_job(path)
        state: State = "running"
        if method == "POST" and job is None:
            server.posts[who, what] += 1
            if what in FAILURES:
                self.fail(what)
                return
            job, state = server.submit(who, what), "new"
        else:
            job = job or ""
            server.polls[who, what] += 1
            server.moments[who, what].append(time.time())
            server.asked[job] += 1
            if server.ends.get(job, float("inf")) <= time.time():
                state = "done"
        born = server.born.setdefault((who, job), time.time() - AGE)
        self.send(*answer(path, job, f"http://{host}/{who}/{spelled}", born, state))

    def send(self, status: int, body: bytes, *headers: str) -> None:
        extra = "".join(f"{header}\r\n" for header in headers)
        head = f"HTTP/1.1 {status} Said\r\ncontent-type: application/json\r\n{extra}content-length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)

    def fail(self, what: str) -> None:
        """Fail a submit whose body was read."""
        body = json.dumps({"error": ERROR}).encode()
        if what == "reset":
            linger = struct.pack("ii", 1, 0)  # close with RST
            self.transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, linger
            )
            self.transport.abort()
        elif what == "cut answer":
            self.transport.write(b"HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\n" + body)
            self.transport.close()
        elif what != "time-out":
            hint = ("retry-after: 1",) if "Retry-After" in what else ()
            self.send(int(what[:3]), body, *hint)


def allow_many_files() -> None:
    """Raise the limit of open files as far as the system lets a process."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(
        ValueError, OSError
    ):  # where the hard limit is "unlimited", which no kernel keeps
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
