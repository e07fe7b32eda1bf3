"""One job from plan to file, through a real local HTTP server and both clients."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from attrs import define, field

from anyvideo.adapters.checks import describe_error
from anyvideo.adapters.registry import Plugin, Registry
from anyvideo.client.aio import AsyncClient
from anyvideo.client.sync import Client
from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, Response
from anyvideo.sandbox.http.messages import Call
from anyvideo.tasks.task import Video
from anyvideo.testing.checks.case import Case, record
from anyvideo.testing.checks.mutations import change, walk
from anyvideo.testing.clock import VirtualClock
from anyvideo.testing.samples import make_film
from anyvideo.testing.server import Server, answer

_FILM = "/anyvideo-kit/film.mp4"
_BOUNDARY = re.compile(rb"--[0-9a-f]{32}")


@define
class Vendor:
    """Plays the vendor: each kind of request gets its recorded answer, in any order.

    Attributes:
        case: the adapter and its recorded answers.
        early: the requests before the paid one.
        paid: the paid request.
        status: the request of a status call.
        film_url: where the recorded answers say the file is; the answers name this server instead.
        url: of this server.
        polls: the number of status calls so far.
        uploads: the number of early requests so far.
        later: what is left of the recorded answers to the rest of a poll, and to `locate`.
    """

    case: Case
    early: Sequence[Request]
    paid: Request
    status: Request
    film_url: str | None = None
    url: str = ""
    polls: int = 0
    uploads: int = 0
    later: list[Response] = field(factory=list[Response])

    def respond(self, call: Call) -> Response:
        """Answer a call."""
        if call.path == _FILM:
            return answer(make_film(), headers={"content-type": "video/mp4"})
        if self._is(call, self.paid):
            return self._move(self.case.accepted[0])
        if any(self._is(call, request) for request in self.early):
            self.uploads += 1
            return self.case.answer_early(self.early[self.uploads - 1], self.uploads - 1)
        if self._is(call, self.status):
            self.polls += 1
            recorded = self.case.running if self.polls == 1 else self.case.succeeded
            return self._move(recorded[0])
        if self.later:
            return self._move(self.later.pop(0))
        return answer(make_film(), headers={"content-type": "video/mp4"})

    def _is(self, call: Call, request: Request) -> bool:
        provider = Provider(self.case.name, self.case.adapter, self.url, Key("KIT"))
        path = urlsplit(provider.resolve(request.url)).path
        return (call.method, call.path) == (request.method, path)

    def _move(self, response: Response) -> Response:
        """Return a recorded answer with the file's URL moved to this server."""
        if self.film_url is None:
            return response
        here = f"{self.url}{_FILM}"
        try:
            body = response.json()
        except ValueError:
            text = response.text.replace(self.film_url, here)
            return Response(response.status, response.headers, text.encode())
        for path, value in walk(body):
            if isinstance(value, str) and self.film_url in value:
                body = change(body, path, value.replace(self.film_url, here))
        return answer(body, response.status, response.headers)


def check_sync(case: Case) -> Iterator[str]:
    """Yield what fails between plan and file with the sync client."""
    yield from _check(case, run_sync)


def check_async(case: Case) -> Iterator[str]:
    """Yield what fails between plan and file with the async client."""
    yield from _check(case, run_async)


def _check(case: Case, journey: Callable[[Case], list[str]]) -> Iterator[str]:
    try:
        journey(case)
    except Exception as error:  # noqa: BLE001 (every error is shown to the author)
        yield f"the client raises {describe_error(error)}"


def check_agreement(case: Case) -> Iterator[str]:
    """Yield the first request in which the two clients differ."""
    yield from _compare(run_sync(case), run_async(case))


def _compare(one: list[str], other: list[str]) -> Iterator[str]:
    for first, second in zip_longest(one, other):
        if first != second:
            yield f"the sync client sends {first}, the async client {second}; keep no state"
            return


def _show(call: Call) -> str:
    """Return a call without what differs from one HTTP client to the next."""
    body = _BOUNDARY.sub(b"", call.body).decode("utf-8", "replace")
    return f"{call.method} {call.path} {body}"


def run_sync(case: Case) -> list[str]:
    """Make one video with the sync client."""
    vendor = _set_up(case)
    with Server(vendor.respond) as server, tempfile.TemporaryDirectory() as folder:
        vendor.url = server.url
        with Client(_configure(case, server), **_options(case)) as client:
            plan, film = _choose(case), Path(folder) / "film.mp4"
            video = client.generate(plan.asked, film, plan.offer.name)
            return _summarise(video, server)


def run_async(case: Case) -> list[str]:
    """Make one video with the async client."""
    return asyncio.run(_run_async(case))


async def _run_async(case: Case) -> list[str]:
    vendor = _set_up(case)
    with Server(vendor.respond) as server, tempfile.TemporaryDirectory() as folder:
        vendor.url = server.url
        async with AsyncClient(_configure(case, server), **_options(case)) as client:
            plan, film = _choose(case), Path(folder) / "film.mp4"
            video = await client.generate(plan.asked, film, plan.offer.name)
            return _summarise(video, server)


def _set_up(case: Case) -> Vendor:
    requests = case.encode(_choose(case))
    report = case.status(case.succeeded[0])
    done = case.finish(report)
    found = case.locate(done, case.located)
    url = found.url if isinstance(found, Request) else ""
    film_url = url if "://" in url else report.video_url
    status = record(case.adapter.status(case.task()), ())[0]
    later = [*case.results, *case.located]
    return Vendor(case, requests[:-1], requests[-1], status, film_url, later=later)


def _configure(case: Case, server: Server) -> dict[str, Any]:
    provider = {"base_url": server.url, "api_key": case.key}
    return {"providers": {case.name: provider}, "policy": {"retired": "allow"}}


def _options(case: Case) -> dict[str, Any]:
    registry = Registry()
    registry.adapters[case.name] = case.adapter
    registry.plugins.append(Plugin(case.name, adapters=(case.name,)))
    return {"registry": registry, "clock": VirtualClock(), "journal": None}


def _choose(case: Case) -> Plan:
    """Return the plan of the journey: one with a local image where there is one."""
    plans = list(case.plans())
    return next((plan for plan in plans if plan.uploads), plans[0])


def _summarise(video: Video, server: Server) -> list[str]:
    """Return every call of a journey, and the last state of its task."""
    return [*map(_show, server.calls), f"{video.task.id} {video.task.status}"]
