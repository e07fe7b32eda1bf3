"""One job from plan to file, through a real local HTTP server and both clients."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import httpx

from anyvideo.adapters.checks import describe_error
from anyvideo.adapters.registry import Plugin, Registry
from anyvideo.client.aio import AsyncClient
from anyvideo.client.sync import Client
from anyvideo.sandbox.http.messages import Call
from anyvideo.tasks.task import Video
from anyvideo.testing.checks.case import Case
from anyvideo.testing.checks.vendor import Vendor, choose, play
from anyvideo.testing.clock import VirtualClock
from anyvideo.testing.server import Server

_BOUNDARY = re.compile(rb"--[0-9a-f]{32}")


def check_sync(case: Case) -> Iterator[str]:
    """Yield what fails between plan and file with the sync client."""
    yield from _check(case, run_sync)


def check_async(case: Case) -> Iterator[str]:
    """Yield what fails between plan and file with the async client."""
    yield from _check(case, run_async)


def _check(case: Case, journey: Callable[[Vendor], list[str]]) -> Iterator[str]:
    strange: list[str] = []
    try:
        vendor = play(case)
        strange = vendor.strange
        journey(vendor)
    except Exception as error:  # noqa: BLE001 (every error is shown to the author)
        yield f"the client raises {describe_error(error)}"
    for call in dict.fromkeys(strange):
        yield (
            f"{call} has no recorded answer; give the one of a poll's later requests in `results`, "
            "and of those before the file in `located`"
        )


def check_agreement(case: Case) -> Iterator[str]:
    """Yield the first request in which the two clients differ."""
    yield from _compare(run_sync(play(case)), run_async(play(case)))


def _compare(one: list[str], other: list[str]) -> Iterator[str]:
    for first, second in zip_longest(one, other):
        if first != second:
            yield f"the sync client sends {first}, the async client {second}; keep no state"
            return


def _show(call: Call) -> str:
    """Return a call without what differs from one HTTP client to the next."""
    body = _BOUNDARY.sub(b"", call.body).decode("utf-8", "replace")
    return f"{call.method} {call.path} {body}"


class _Home(httpx.HTTPTransport):
    """Sends every request to the kit's own server, whatever host its URL names."""

    def __init__(self, url: str) -> None:
        super().__init__(trust_env=False)
        self._url = url

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to this machine."""
        return super().handle_request(_redirect(request, self._url))


class _AsyncHome(httpx.AsyncHTTPTransport):
    """The same for the async client."""

    def __init__(self, url: str) -> None:
        super().__init__(trust_env=False)
        self._url = url

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to this machine."""
        return await super().handle_async_request(_redirect(request, self._url))


def _redirect(request: httpx.Request, url: str) -> httpx.Request:
    home = httpx.URL(url)
    request.url = request.url.copy_with(scheme=home.scheme, host=home.host, port=home.port)
    return request


def run_sync(vendor: Vendor) -> list[str]:
    """Make one video with the sync client."""
    case = vendor.case
    with Server(vendor.respond) as server, tempfile.TemporaryDirectory() as folder:
        vendor.url, home = server.url, _Home(server.url)
        with Client(_configure(case, server), transport=home, **_options(case)) as client:
            plan, film = choose(case), Path(folder) / "film.mp4"
            video = client.generate(plan.asked, film, plan.offer.name)
            return _summarise(video, server)


def run_async(vendor: Vendor) -> list[str]:
    """Make one video with the async client."""
    return asyncio.run(_run_async(vendor))


async def _run_async(vendor: Vendor) -> list[str]:
    case = vendor.case
    with Server(vendor.respond) as server, tempfile.TemporaryDirectory() as folder:
        vendor.url, home = server.url, _AsyncHome(server.url)
        settings = _configure(case, server)
        async with AsyncClient(settings, transport=home, **_options(case)) as client:
            plan, film = choose(case), Path(folder) / "film.mp4"
            video = await client.generate(plan.asked, film, plan.offer.name)
            return _summarise(video, server)


def _configure(case: Case, server: Server) -> dict[str, Any]:
    provider = {"base_url": server.url, "api_key": case.key}
    return {"providers": {case.name: provider}, "policy": {"retired": "allow"}}


def _options(case: Case) -> dict[str, Any]:
    registry = Registry()
    registry.adapters[case.name] = case.adapter
    registry.plugins.append(Plugin(case.name, adapters=(case.name,)))
    return {"registry": registry, "clock": VirtualClock(), "journal": None}


def _summarise(video: Video, server: Server) -> list[str]:
    """Return every call of a journey, and the last state of its task; its drawn name is left out."""
    named = video.task.reference
    calls = [_show(call).replace(named, "REFERENCE") for call in server.calls]
    return [*calls, f"{video.task.id} {video.task.status}"]
