"""A vendor on loopback whose jobs take a fixed time; it counts the paid requests of each prompt."""

import asyncio
import json
import re
import sys
import time

from anyvideo.sandbox.film.render import render

_PROMPT, _LENGTH = re.compile(rb"job-\d+"), re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Vendor:
    """Answers `/v1/videos` in one event loop, so that it takes little of the machine."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.film = seconds, render("a fox", seconds=4.0, width=64, height=64, fps=4)
        self.posts: dict[str, int] = {}
        self.times: list[float] = []
        self.born: list[float] = []
        self.ends: list[float] = []

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
        if path == "/counts":
            return _json({
                "posts": len(self.born),
                "twice": sum(count > 1 for count in self.posts.values()),
                "most_in_a_minute": most_within(self.times, 60.0),
                "most_at_once": most_at_once(self.born, self.seconds),
                "span": self.times[-1] - self.times[0] if self.times else 0.0,
            })  # fmt: skip
        if method == "POST":
            found = _PROMPT.search(body)
            prompt = found[0].decode() if found else "?"
            self.posts[prompt] = self.posts.get(prompt, 0) + 1
            self.times.append(time.time())
            self.born.append(time.time())
            return _json(
                {"id": f"task-{len(self.born) - 1}", "status": "queued", "object": "video"}
            )
        number, _, rest = path.removeprefix("/v1/videos/task-").partition("/")
        if rest.startswith("content"):
            return 200, "video/mp4", self.film
        done = time.time() - self.born[int(number)] >= self.seconds
        status = "completed" if done else "in_progress"
        return _json({"id": f"task-{number}", "status": status, "object": "video"})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                method, path, *_ = head.decode().split(" ", 2)
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1])) if length else b""
                status, kind, answer = self.answer(method, path, body)
                writer.write(
                    f"HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\n"
                    f"content-length: {len(answer)}\r\n\r\n".encode()
                    + answer
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


def most_within(times: list[float], seconds: float) -> int:
    """The most moments that lie in one span of time."""
    first, most = 0, 0
    for last, moment in enumerate(times):
        while moment - times[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most


def most_at_once(born: list[float], seconds: float) -> int:
    """The most jobs that ran at one time."""
    return most_within(sorted(born), seconds)


def _json(value: object) -> tuple[int, str, bytes]:
    return 200, "application/json", json.dumps(value).encode()


async def main() -> None:
    vendor = Vendor(float(sys.argv[1]))
    server = await asyncio.start_server(vendor.serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201 (a program, whose parent reads that)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
