"""What it costs to bring a file home: throughput beside raw httpx, and memory.

256 MiB by default, 1 GiB with ANYVIDEO_BENCH_FULL=1. The server is a process of its own.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import httpx

import anyvideo
from anyvideo.sandbox.film.render import render

SIZE = (1024 if os.environ.get("ANYVIDEO_BENCH_FULL") else 256) << 20
KEY = "sk-0123456789abcdef"
SERVER = """
import os, socket, sys

folder = sys.argv[1]
server = socket.create_server(("127.0.0.1", 0), backlog=16)
print(server.getsockname()[1], flush=True)
while True:
    connection, _ = server.accept()
    if os.fork():
        connection.close()
        continue
    path = os.path.join(folder, connection.recv(65536).split()[1].decode().lstrip("/"))
    size = os.path.getsize(path)
    head = f"HTTP/1.1 200 OK\\r\\ncontent-type: video/mp4\\r\\ncontent-length: {size}\\r\\n\\r\\n"
    connection.sendall(head.encode())
    with open(path, "rb") as file:
        connection.sendfile(file)
    os._exit(0)
"""


def write_film(path: Path) -> None:
    """Write a film that is as large as it should be: a real one, and a box of nothing.

    The real one lies beside it, as small.mp4.
    """
    film = render("fox", seconds=4, width=320, height=240)
    path.with_name("small.mp4").write_bytes(film)
    with path.open("wb") as file:
        file.write(film + (SIZE - len(film)).to_bytes(4, "big") + b"free")
        file.truncate(SIZE)


def fetch_raw(url: str, path: Path) -> None:
    """What one would write with httpx alone, as safe against a power cut as ours is."""
    with httpx.Client() as client, client.stream("GET", url) as answer, path.open("wb") as file:
        for chunk in answer.iter_bytes():
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def fetch(url: str, path: Path) -> None:
    base_url = url.rpartition("/")[0]
    task = anyvideo.Task(
        "apiyi", "apiyi", base_url, "task-1", "m", anyvideo.Status.SUCCEEDED, video_url=url
    )
    config = {"providers": {"apiyi": {"api_key": KEY, "base_url": base_url}}}
    with anyvideo.Client(config, journal=None) as client:
        client.download(task, path, overwrite=True)


def fetch_and_weigh(url: str, path: Path) -> None:
    """Print by how much a large film makes the process larger than a small one did, in MiB."""
    fetch(url.replace("film.mp4", "small.mp4"), path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fetch(url, path)
    print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)


def time_one(work: Callable[[str, Path], None], url: str, path: Path) -> float:
    path.unlink(missing_ok=True)
    os.sync()
    started = time.perf_counter()
    work(url, path)
    return time.perf_counter() - started


def measure() -> Iterator[tuple[str, float, str, float]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_film(folder / "film.mp4")
        command = [sys.executable, "-c", SERVER, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 (our own command)
            assert server.stdout is not None
            url = f"http://127.0.0.1:{server.stdout.readline().strip()}/film.mp4"
            pairs = []
            for _ in range(7):
                raw = time_one(fetch_raw, url, folder / "film-here.mp4")
                pairs.append(raw / time_one(fetch, url, folder / "film-here.mp4"))
            program = "import sys; from pathlib import Path; from benchmarks.download import *;"
            program += "fetch_and_weigh(sys.argv[1], Path(sys.argv[2]))"
            weigh = [sys.executable, "-c", program, url, str(folder / "film-here.mp4")]
            memory = float(subprocess.check_output(weigh))  # noqa: S603 (our own command)
            server.kill()
    size = f"{SIZE >> 20} MiB"
    yield f"throughput of a download of {size}", median(pairs), "of httpx", 0.9
    yield f"memory that it takes for {size}", memory, "MiB", 8
