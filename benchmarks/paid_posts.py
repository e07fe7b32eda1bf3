"""How often each client sends the paid request when one submit call fails.

Installs each peer into a folder of its own, which is removed at the end, and calls its submit in a
new interpreter that sees nothing else. A local server fails in one way and counts the POSTs that
reach it. Settings are the defaults, except the address, the key and the time-out.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distributions, version
from itertools import product
from pathlib import Path
from typing import Self

TIMEOUT = 3
LIMIT = 300  # seconds for one call with all its retries
CALLS_AT_ONCE = 4  # most of their time is a pause between two tries
JSON = '{"error": {"message": "The server had an error.", "type": "server_error", "code": null}}'
LIMITED = '{"error": {"message": "Rate limit reached.", "type": "rate_limit_error", "code": "rate_limit_exceeded"}}'
NGINX = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr><center>nginx</center></body></html>"
CHANNEL = '{"error": {"message": "No channel now.", "type": "new_api_error", "code": "get_channel_failed"}}'
# Each failure with the status and body of its answer; without one the server reads the request and
# cuts the connection, or stays silent. The last three say that nothing was made.
FAILURES: dict[str, tuple[int, str]] = {
    "500": (500, JSON),
    "502": (502, JSON),
    "502 by nginx": (502, NGINX),
    "connection cut": (0, ""),
    "time-out": (0, ""),
    "429": (429, LIMITED),
    "503 with Retry-After": (503, JSON),
    "400 get_channel_failed": (400, CHANNEL),
}
PROVES_NOTHING = list(FAILURES)[:-3]
# The distribution, and the program that submits one video with it.
PEERS = {
    "openai": (
        "openai",
        """
import openai
client = openai.OpenAI(api_key="key", base_url=URL + "/v1", timeout=TIMEOUT)
client.videos.create(model="sora-2", prompt="a red fox")
""",
    ),
    "runwayml": (
        "runwayml",
        """
import runwayml
client = runwayml.RunwayML(api_key="key", base_url=URL, timeout=TIMEOUT)
client.text_to_video.create(model="veo3.1", prompt_text="a red fox", ratio="1280:720")
""",
    ),
    "fal-client": (
        "fal-client",
        """
import fal_client.client
fal_client.client.QUEUE_URL_FORMAT = URL + "/"
client = fal_client.SyncClient(key="key", default_timeout=TIMEOUT)
client.submit("fal-ai/kling-video", {"prompt": "a red fox"})
""",
    ),
    "replicate": (
        "replicate",
        """
import replicate  # which waits without a limit where `wait` is not given
client = replicate.Client(api_token="key", base_url=URL)
job = {"prompt": "a red fox"}
client.models.predictions.create("kwaivgi/kling-v2.1", job, wait=TIMEOUT)
""",
    ),
    "LiteLLM": (
        "litellm",
        """
import litellm
litellm.video_generation(
    model="openai/sora-2", prompt="a red fox", api_base=URL + "/v1", api_key="key", timeout=TIMEOUT
)
""",
    ),
    "LiteLLM Router": (
        "litellm",
        """
import litellm
parameters = {"model": "openai/sora-2", "api_base": URL + "/v1", "api_key": "key"}
router = litellm.Router([{"model_name": "video", "litellm_params": parameters}])
router.video_generation(model="video", prompt="a red fox", timeout=TIMEOUT)
""",
    ),
    "LiteLLM Router, async": (
        "litellm",
        """
import asyncio, litellm
parameters = {"model": "openai/sora-2", "api_base": URL + "/v1", "api_key": "key"}
router = litellm.Router([{"model_name": "video", "litellm_params": parameters}])
asyncio.run(router.avideo_generation(model="video", prompt="a red fox", timeout=TIMEOUT))
""",
    ),
}
OURS = """
import anyvideo
config = {"providers": {"apimart": {"base_url": URL, "api_key": "key", "timeout": TIMEOUT}}}
with anyvideo.Client(config) as client:
    client.submit(anyvideo.VideoJob("a red fox", seconds=5), "apimart/kling-v3")
"""


class FailingServer(ThreadingHTTPServer):
    """Fails every request in one way, and counts the POSTs whose body it has read."""

    daemon_threads = True

    def __init__(self, failure: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.failure, self.posts = failure, 0
        self.closing, self.lock = threading.Event(), threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: FailingServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        with self.server.lock:
            self.server.posts += 1
        self.close_connection = True
        if self.server.failure == "time-out":
            self.server.closing.wait(LIMIT)
            return
        status, body = FAILURES[self.server.failure]
        if status:
            self.send_response(status)
            kind = "text/html" if body.startswith("<") else "application/json"
            self.send_header("content-type", kind)
            if status == 503:
                self.send_header("retry-after", "1")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())


def install(name: str, folder: Path) -> str:
    """Install a peer into a folder, and return its version; "" if that is not possible."""
    pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    command = [*pip, "--target", folder, name]
    done = subprocess.run(command, check=False, capture_output=True, text=True)  # noqa: S603 (our own names)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        return ""
    (found,) = distributions(name=name, path=[str(folder)])
    return found.version


def count_posts(program: str, failure: str, packages: str, *flags: str) -> int:
    """Run a program in a new interpreter against a server that fails, and count its POSTs."""
    with FailingServer(failure) as server, tempfile.TemporaryDirectory() as home:
        url = f"http://127.0.0.1:{server.server_address[1]}"
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": home,
            "ANYVIDEO_HOME": home,
            "PYTHONPATH": packages,
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",  # otherwise it fetches its prices first
        }
        text = f"URL, TIMEOUT = {url!r}, {TIMEOUT}\n{program}"
        done = subprocess.run(  # noqa: S603 (our own programs)
            [sys.executable, *flags, "-c", text],
            check=False, capture_output=True, text=True, env=environ, timeout=LIMIT,
        )  # fmt: skip
        if not done.returncode or not server.posts:
            message = f"the call did not fail at the server: {done.stderr or program}"
            raise RuntimeError(message)
        return server.posts


def count_all(folder: Path) -> Iterator[tuple[str, str, list[int]]]:
    """Yield each client with its version and the POSTs after each failure; none if it is not there."""
    versions = {name: install(name, folder / name) for name in {name for name, _ in PEERS.values()}}
    clients = {"anyvideo": (version("anyvideo"), OURS, os.pathsep.join(sys.path), ())}
    for client, (name, program) in PEERS.items():
        clients[client] = (versions[name], program, str(folder / name), ("-S",))
    with ThreadPoolExecutor(CALLS_AT_ONCE) as pool:
        counts = {
            (client, failure): pool.submit(count_posts, program, failure, packages, *flags)
            for (client, (found, program, packages, flags)), failure in product(
                clients.items(), FAILURES
            )
            if found
        }
        for client, (found, *_) in clients.items():
            done = [counts[client, failure].result() for failure in FAILURES if found]
            yield client, found, done


def measure() -> Iterator[tuple[str, float, str, float]]:
    titles = ["client", "version", *FAILURES]
    print(f"Measured on {datetime.now(UTC):%Y-%m-%d}; time-outs of {TIMEOUT} s:\n")
    print(f"| {' | '.join(titles)} |\n|{'---|' * len(titles)}")
    ours: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        for client, found, counts in count_all(Path(folder)):
            cells = counts or ["not measured"] * len(FAILURES)
            print(f"| {client} | {found or 'not installed'} | {' | '.join(map(str, cells))} |")
            ours = ours or dict(zip(FAILURES, counts, strict=True))
    print()
    most = max(ours[failure] for failure in PROVES_NOTHING)
    yield "POSTs of anyvideo for a job that may exist", most, "x", 1
