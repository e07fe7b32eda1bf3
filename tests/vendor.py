"""A vendor that lives in memory, the adapter that speaks to it, and both clients used alike."""

import asyncio
import inspect
import json
from collections import Counter, deque
from functools import lru_cache
from typing import Any

import httpx
from attrs import define, field

from anyvideo import AsyncClient, Client, VideoJob
from anyvideo.adapters.registry import Registry
from anyvideo.dialects import openai_videos
from anyvideo.dialects.reports import read_report
from anyvideo.plugin import Request, hookimpl, read_offers
from anyvideo.sandbox.film.render import render
from anyvideo.tasks.task import Task
from anyvideo.testing.clock import VirtualClock

ORIGIN = "https://api.acme.example"
CDN = "https://cdn.acme.example"
KEY = "sk-acme-0123456789abcdef"
CONFIG = {"providers": {"acme": {"api_key": KEY, "timeout": 60}}}
JOB = VideoJob("a red fox in fresh snow", seconds=4, size="160x120")
URL = f"{CDN}/task-1.mp4"
DONE = Task("acme", "acme", ORIGIN, "task-1", "acme-1", "succeeded", video_url=URL)
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000a0000000780802000000") + b"\0" * 40
OFFERS = """
[[offers]]
model = "acme-1"
source = "https://docs.acme.example"
checked = 2026-11-20
finishes_in = 100
failures_billed = false
seconds = [4, 8]
default_seconds = 4
sizes = ["160x120", "320x240"]
required = ["seconds", "shape"]
images = { first_frame = 1, via = ["file"] }
price = { amount = "0.10", per = "second" }
"""


@lru_cache
def make_film(size=(160, 120), seconds=4.0):
    return render("fox", seconds=seconds, width=size[0], height=size[1])


class Acme:
    """The simplest adapter: an upload where there is an image, one paid request, the public dialect."""

    def __init__(self, name="acme", offers=OFFERS):
        self.name, self.base_url, self.key_env = name, ORIGIN.replace("acme", name), "ACME_API_KEY"
        self._offers = read_offers(offers, name)

    def offers(self):
        return self._offers

    def submit(self, plan):
        uploads = dict(enumerate(plan.uploads.values()))
        if uploads:
            files = {"file": uploads[0]}
            yield Request("POST", "/v1/uploads", files=files, form={}, rehearsal={"id": "file-1"})
        body = {"prompt": plan.job.prompt, "seconds": plan.job.seconds}
        response = yield Request("POST", "/v1/videos", json=body, paid=True)
        return read_report(response, paid=True)

    def status(self, task):
        return openai_videos.status(task)

    def locate(self, task):
        return openai_videos.locate(task)

    def remix(self, task, prompt, size):
        return openai_videos.remix(task, prompt, size)


class Plugin:
    def __init__(self, *adapters):
        self.adapters, self.events, self.vetoes = list(adapters), [], []

    @hookimpl
    def anyvideo_adapters(self):
        return self.adapters

    @hookimpl
    def anyvideo_event(self, event):
        self.events.append(event)

    @hookimpl
    def anyvideo_before_submit(self, plan):
        for veto in self.vetoes:
            raise veto


@define
class Vendor:
    """Answers as a vendor does, unless a script says otherwise for an operation.

    `script` maps "upload", "submit", "status", "content" or "file" to what the next calls come to:
    an `httpx.Response`, a mapping (JSON), an exception, or a function of the request.
    """

    polls: int = 1
    film: bytes = field(factory=make_film)
    etag: str | None = '"v1"'
    at_home: bool = False
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
        answer = waiting.popleft() if waiting else getattr(self, f"_{operation}")(request)
        answer = answer(request) if inspect.isfunction(answer) else answer
        if isinstance(answer, BaseException):
            raise answer
        return httpx.Response(200, json=answer) if isinstance(answer, dict) else answer

    def _upload(self, _):
        return {"id": "file-1"}

    def _submit(self, _):
        return {"id": f"task-{len(self.posts)}", "status": "queued"}

    def _status(self, request):
        number = request.url.path.rpartition("/")[2]
        self.asked[number] += 1
        if self.asked[number] < self.polls:
            return {"id": number, "status": "running", "progress": 10 * self.asked[number]}
        url = f"{CDN}/{number}.mp4"
        done = {"id": number, "status": "completed", "progress": 100}
        return done if self.at_home else {**done, "video_url": url}

    def _content(self, request):
        return self._file(request)

    def _file(self, request):
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
        return "upload" if path.endswith("/uploads") else "submit"
    return "content" if path.endswith("/content") else "status"


def refuse(status=400, message="no", **headers):
    body = {"error": {"message": message}}
    return httpx.Response(
        status, json=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


def cut(vendor, size):
    """The file's answer, broken off after `size` bytes of it."""

    def answer(request):
        whole = vendor._file(request)
        stream = Pieces(whole.content[:size], httpx.ReadError("cut"))
        return httpx.Response(whole.status_code, headers=whole.headers, stream=stream)

    return answer


class Blocking:
    """An `AsyncClient` that is used like a `Client`, so that one test is about both."""

    def __init__(self, *args, **options):
        self._runner = asyncio.Runner()
        self._client = AsyncClient(*args, **options)

    def __getattr__(self, name):
        member = getattr(self._client, name)
        if inspect.isasyncgenfunction(member):
            return lambda *args, **kwargs: self._iterate(member(*args, **kwargs))
        if not inspect.iscoroutinefunction(member):
            return member
        return lambda *args, **kwargs: self._runner.run(member(*args, **kwargs))

    def _iterate(self, iterator):
        while True:
            try:
                yield self._runner.run(anext(iterator))
            except StopAsyncIteration:
                return

    def __enter__(self):
        self._runner.run(self._client.__aenter__())
        return self

    def __exit__(self, *raised):
        self._runner.run(self._client.__aexit__(*raised))
        self._runner.close()


KINDS = {"sync": Client, "async": Blocking}


def open_client(kind, vendor=None, config=None, **options):
    """A client over a vendor in memory, with an hour's patience that takes no time."""
    defaults = {"clock": VirtualClock(), "journal": ":memory:"}
    if vendor is not None:
        registry = Registry()
        registry.add(vendor.plugin)
        defaults |= {"registry": registry, "transport": httpx.MockTransport(vendor)}
    return KINDS[kind](CONFIG if config is None else config, **{**defaults, **options})


def read_body(request):
    return json.loads(request.content)


def read_row(client):
    """The only row of a client's journal."""
    (row,) = client.session.journal.entries()
    return row


def read_task(caught):
    """The handle that an error carries."""
    return caught.value.task


def list_ranges(vendor):
    return [call.headers.get("range") for call in vendor.calls if call.url.path.endswith("mp4")]


class Fetch:
    """Fetches a task's file with a client of its own, and remembers how long that waited."""

    def __init__(self, kind):
        self.kind, self.sleeps = kind, []

    def __call__(self, vendor, target, task=DONE, **options):
        with open_client(self.kind, vendor) as client:
            self.sleeps = client.session.clock.sleeps
            return client.download(task, target, **options)


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
