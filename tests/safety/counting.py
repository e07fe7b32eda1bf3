"""A vendor on a socket that counts what is paid, and can kill whoever is calling."""

import json
import os
import signal
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.acme.vendor import make_film


class CountingServer:
    """Counts paid requests by prompt; `kill_at` names the operation at which `victim` is killed."""

    def __init__(self, kill_at="", pause=0.0):
        self.kill_at, self.victim, self.pause = kill_at, 0, pause
        self.posts, self.tasks, self.bytes = Counter[str](), dict[str, str](), 0
        self.film, self.closing, self._lock = make_film(), threading.Event(), threading.Lock()
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def kill(self, operation):
        """Kill the victim at an operation, once."""
        if operation == self.kill_at:
            self.kill_at = ""
            os.kill(self.victim, signal.SIGKILL)

    def create(self, prompt):
        """Create the task of a prompt; a second one would be a second charge."""
        with self._lock:
            self.posts[prompt] += 1
            number = f"task-{sum(self.posts.values())}"
            self.tasks[prompt] = number
        return number


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, owner):
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request, client_address):
        """Whoever was killed does not listen any more."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *args):
        """Say nothing."""

    def do_POST(self):
        owner = self.server.owner
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        number = owner.create(body["prompt"])
        owner.kill("submit")
        owner.closing.wait(owner.pause)
        self._answer(json.dumps({"id": number, "status": "queued"}).encode(), "application/json")

    def do_GET(self):
        owner = self.server.owner
        if self.path.endswith(".mp4"):
            self._send_film(owner)
            return
        owner.kill("status")
        number = self.path.rpartition("/")[2]
        done = {"id": number, "status": "completed", "video_url": f"{owner.url}/{number}.mp4"}
        self._answer(json.dumps(done).encode(), "application/json")

    def _send_film(self, owner):
        span = self.headers.get("range")
        start = int(span.removeprefix("bytes=").rstrip("-")) if span else 0
        rest = owner.film[start:]
        self.send_response(206 if span else 200)
        if span:
            self.send_header(
                "content-range", f"bytes {start}-{len(owner.film) - 1}/{len(owner.film)}"
            )
        self.send_header("etag", '"v1"')
        self.send_header("content-type", "video/mp4")
        self.send_header("content-length", str(len(rest)))
        self.end_headers()
        if owner.kill_at == "file":
            self.wfile.write(rest[:1000])
            owner.bytes += 1000
            owner.closing.wait(0.3)
            owner.kill("file")
            return
        self.wfile.write(rest)
        owner.bytes += len(rest)

    def _answer(self, body, kind):
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
