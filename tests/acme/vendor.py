"""Acme itself, in memory: it answers as a vendor does, unless a script says otherwise."""

import inspect
from collections import Counter, deque
from functools import lru_cache
from typing import Any

import httpx
from attrs import define, field

from anyvideo.sandbox.film.render import render
from anyvideo.tasks.task import Task
from tests.acme.adapter import ORIGIN, Acme
from tests.acme.plugin import Plugin

CDN = "https://cdn.acme.example"
URL = f"{CDN}/task-1.mp4"
DONE = Task("acme", "acme", ORIGIN, "task-1", "acme-1", "succeeded", video_url=URL)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000a0000000780802000000") + b"\0" * 40


@lru_cache
def make_film(size=(160, 120), seconds=4.0):
    return render("fox", seconds=seconds, width=size[0], height=size[1])


@define
class Vendor:
    """Answers as a vendor does, unless a script says otherwise for an operation.

    `script` maps "upload", "submit", "status", "content" or "file" to what the next calls come to:
    an `httpx.Response`, a mapping (JSON), an exception, or a function of the request.
    """

    polls: int = 1
    film: bytes = field(factory=make_film)
    etag: str | None = '"v1"'
    serves_file: bool = False
    ranges: bool = True
    script: dict[str, deque[Any]] = field(factory=dict)
    calls: list[httpx.Request] = field(factory=list)
    asked: Counter[str] = field(factory=Counter)
    plugin: Plugin = field(factory=lambda: Plugin(Acme()))

    @property
    def posts(self):
        """The paid requests that arrived."""
        return [call for call in self.calls if _name(call) == "submit"]

    def count(self, operation):
        return sum(_name(call) == operation for call in self.calls)

    def plan(self, operation, *answers):
        self.script.setdefault(operation, deque()).extend(answers)

    def __call__(self, request):
        request.read()
        self.calls.append(request)
        operation = _name(request)
        waiting = self.script.get(operation)
        answer = waiting.popleft() if waiting else getattr(self, f"answer_{operation}")(request)
        answer = answer(request) if inspect.isfunction(answer) else answer
        if isinstance(answer, BaseException):
            raise answer
        return httpx.Response(200, json=answer) if isinstance(answer, dict) else answer

    def answer_upload(self, _):
        return {"id": "file-1"}

    def answer_submit(self, _):
        return {"id": f"task-{len(self.posts)}", "status": "queued"}

    def answer_status(self, request):
        number = request.url.path.rpartition("/")[2]
        self.asked[number] += 1
        if self.asked[number] < self.polls:
            return {"id": number, "status": "running", "progress": 10 * self.asked[number]}
        url = f"{CDN}/{number}.mp4"
        done = {"id": number, "status": "completed", "progress": 100}
        return done if self.serves_file else {**done, "video_url": url}

    def answer_content(self, request):
        return self.answer_file(request)

    def answer_file(self, request):
        headers = {"content-type": "video/mp4", **({"etag": self.etag} if self.etag else {})}
        asked = request.headers.get("range")
        if not asked or not self.ranges or request.headers.get("if-range") != self.etag:
            return httpx.Response(200, headers=headers, content=self.film)
        start = int(asked.removeprefix("bytes=").rstrip("-"))
        total = len(self.film)
        if start >= total:
            return httpx.Response(416, headers={"content-range": f"bytes */{total}"})
        span = {"content-range": f"bytes {start}-{total - 1}/{total}"}
        return httpx.Response(206, headers={**headers, **span}, content=self.film[start:])


def _name(request):
    path = request.url.path
    if request.url.host.startswith("cdn."):
        return "file"
    if request.method == "POST":
        return "upload" if path.endswith("/files") else "submit"
    return "content" if path.endswith("/content") else "status"


def refuse(status=400, message="no", **headers):
    body = {"error": {"message": message}}
    return httpx.Response(
        status, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def cut(vendor, size):
    """The file's answer, broken off after `size` bytes of it."""

    def answer(request):
        whole = vendor.answer_file(request)
        stream = Pieces(whole.content[:size], httpx.ReadError("cut"))
        return httpx.Response(whole.status_code, headers=whole.headers, stream=stream)

    return answer


class Pieces(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A stream that says some things and then ends, or breaks."""

    def __init__(self, *pieces):
        self.pieces, self.closed = pieces, False

    def __iter__(self):
        for piece in self.pieces:
            if isinstance(piece, BaseException):
                raise piece
            yield piece

    async def __aiter__(self):
        for piece in self:
            yield piece

    def close(self):
        self.closed = True

    async def aclose(self):
        self.closed = True
