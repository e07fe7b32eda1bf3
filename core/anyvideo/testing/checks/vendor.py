"""A vendor that answers with what was recorded, at a local server."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from attrs import define, field

from anyvideo.config.provider import Provider
from anyvideo.config.schema import Key
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Request, Response
from anyvideo.sandbox.http.messages import Call
from anyvideo.testing.checks.case import Case, record
from anyvideo.testing.checks.mutations import change, walk
from anyvideo.testing.samples import make_film
from anyvideo.testing.server import answer

_FILM = "/anyvideo-kit/film.mp4"


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
        film_path: where `locate` says the file is, if that is at the vendor.
        later: what is left of the recorded answers to the rest of a poll, and to `locate`.
        strange: the calls that nothing of the above answers.
    """

    case: Case
    early: Sequence[Request]
    paid: Request
    status: Request
    film_url: str | None = None
    url: str = ""
    polls: int = 0
    uploads: int = 0
    film_path: str = _FILM
    later: list[Response] = field(factory=list[Response])
    strange: list[str] = field(factory=list[str])

    def respond(self, call: Call) -> Response:
        """Answer a call."""
        if call.method == "GET" and call.path in {_FILM, self.film_path} and not self._waits(call):
            return _deliver()
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
        self.strange.append(f"{call.method} {call.path}")
        return answer({"error": {"message": f"the kit has no answer to {call.path}"}}, 404)

    def _waits(self, call: Call) -> bool:
        """Say whether a recorded answer comes before the file at the same path."""
        return call.path == self.film_path and bool(self.later)

    @property
    def _provider(self) -> Provider:
        return Provider(self.case.name, self.case.adapter, self.url, Key("KIT"))

    def find_path(self, url: str) -> str:
        """Return the path at which this server gets a request for a URL."""
        return urlsplit(self._provider.resolve(url)).path

    def _is(self, call: Call, request: Request) -> bool:
        return (call.method, call.path) == (request.method, self.find_path(request.url))

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


def _deliver() -> Response:
    return answer(make_film(), headers={"content-type": "video/mp4"})


def play(case: Case) -> Vendor:
    """Return the vendor of one journey."""
    plan = choose(case)
    requests, accepted = case.encode(plan), case.submit(plan, case.accepted[0])
    report = case.status(case.succeeded[0])
    done = case.finish(report)
    found = case.locate(done, case.located)
    url = found.url if isinstance(found, Request) else ""
    film_url = url if "://" in url else report.video_url
    status = record(case.adapter.status(case.task(extra=accepted.extra)), ())[0]
    later = [*case.results, *case.located]
    path = "" if "://" in url else url.partition("?")[0]
    return Vendor(case, requests[:-1], requests[-1], status, film_url, film_path=path, later=later)


def choose(case: Case) -> Plan:
    """Return the plan of the journey: one with a local image where there is one."""
    plans = list(case.plans())
    return next((plan for plan in plans if plan.uploads), plans[0])
