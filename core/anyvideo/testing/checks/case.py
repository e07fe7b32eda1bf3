"""An adapter under test with its recorded answers, and how the checks run it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from anyvideo.adapters.checks import ask_offers, raise_plugin_error
from anyvideo.errors import PluginError
from anyvideo.files.images import read_uploads
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer, Tier
from anyvideo.model.plan import Plan, Refusal
from anyvideo.model.wire import Request, Response, describe_request
from anyvideo.negotiation.negotiate import negotiate
from anyvideo.negotiation.policy import Policy
from anyvideo.plugin import Adapter
from anyvideo.tasks.report import Report
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, advance
from anyvideo.testing.checks.jobs import list_jobs
from anyvideo.testing.server import answer

T = TypeVar("T")
_ANY = Policy(retired="allow")
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_MOST_ANSWERS = 20


@frozen
class Case:
    """What `Conformance` was given.

    Attributes:
        adapter: the adapter under test.
        accepted: answers to the paid request.
        running: status answers of a running task.
        succeeded: status answers of a completed task.
        failed: status answers of a failed task.
        refused: errors that the vendor documents.
        uploaded: answers to the requests before the paid one, where not their `rehearsal`.
        results: answers to what a status call asks once the job has ended.
        located: answers to the requests of `locate`.
        words: the vendor's status words, each with ours.
        key: a key that `authorize` can sign with.
    """

    adapter: Adapter
    accepted: tuple[Response, ...]
    running: tuple[Response, ...]
    succeeded: tuple[Response, ...]
    failed: tuple[Response, ...]
    refused: tuple[Response, ...] = ()
    uploaded: tuple[Response, ...] = ()
    results: tuple[Response, ...] = ()
    located: tuple[Response, ...] = ()
    words: Mapping[str, str] = field(factory=dict[str, str])
    key: str = "kit-key"

    @property
    def name(self) -> str:
        """The adapter's name."""
        return self.adapter.name

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """What the adapter sells."""
        return ask_offers(self.adapter)

    def task(self, **known: Any) -> Task:  # noqa: ANN401 (fields of a task)
        """Return a task as the adapter would be asked about it."""
        model = self.offers[0].model if self.offers else ""
        report = self.accepted_report
        task = Task(self.name, self.name, self.adapter.base_url, report.id, model, Status.RUNNING)
        return evolve(task, extra=report.extra, **known)

    @cached_property
    def accepted_report(self) -> Report:
        """What the recorded answer to a submit says, or nothing but an id."""
        with suppress(Exception):  # another check says what is wrong with it
            report = self.submit(next(self.plans()), self.accepted[0])
            return report if report.id else evolve(report, id="task-1")
        return Report("task-1")

    def finish(self, report: Report) -> Task:
        """Return a task as it stands after a report of its success."""
        return evolve(advance(self.task(), report, _THEN), status=Status.SUCCEEDED)

    def plans(self) -> Iterator[Plan]:
        """Yield plans for the simplest job of each offer, and for one with a local image."""
        for offer in self.offers:
            jobs = list_jobs(offer.tiers[0])
            answers = [plan_for(offer, offer.tiers[0], job) for job in jobs]
            yield from (answer for answer in answers if isinstance(answer, Plan))

    def encode(self, plan: Plan) -> list[Request]:
        """Return the requests of a submit up to the paid one, or to one that has no rehearsal.

        Raises:
            Exception: what the adapter raises.
        """
        requests: list[Request] = []
        flow = self.adapter.submit(plan)
        try:
            request = next(flow)
            while True:
                if not isinstance(request, Request):
                    fault = f"submit yielded {type(request).__name__}"
                    raise_plugin_error(
                        self.adapter, fault, "yield anyvideo.plugin.Request values only"
                    )
                requests.append(request)
                rehearsed = request.rehearsal is not None or len(requests) <= len(self.uploaded)
                if request.paid or not rehearsed or len(requests) > _MOST_ANSWERS:
                    return requests
                request = flow.send(self.answer_early(request, len(requests) - 1))
        except StopIteration:
            return requests
        finally:
            flow.close()

    def answer_early(self, request: Request, number: int) -> Response:
        """Return the answer to a request before the paid one: the recorded or the assumed one."""
        if number < len(self.uploaded):
            return self.uploaded[number]
        return answer({} if request.rehearsal is None else request.rehearsal)

    def submit(self, plan: Plan, response: Response) -> Report:
        """Run a submit whose paid request gets this answer; raise what the adapter raises."""
        early = [self.answer_early(request, i) for i, request in enumerate(self.encode(plan)[:-1])]
        return run(self.adapter.submit(plan), [*early, response])

    def status(self, response: Response, **known: Any) -> Report:  # noqa: ANN401 (fields of a task)
        """Run a status call that gets this answer; raise what the adapter raises."""
        task = self.task(**known)
        return run(self.adapter.status(task), [response, *self.results])

    def record_all(self) -> list[Request]:
        """Return every request that the adapter makes for its offers, a status and a file."""
        done = self.task(status=Status.SUCCEEDED)
        found = [request for plan in self.plans() for request in self.encode(plan)]
        found += record(self.adapter.status(self.task()), self.running[:1])
        return found + record(self.adapter.locate(done), self.located[:1])

    def locate(self, task: Task, answers: Sequence[Response]) -> Request | Report | bytes:
        """Run a locate flow to the request whose body is the file, the file, or a failure."""
        return run(self.adapter.locate(task), answers)


def run(flow: Generator[Any, Any, T], answers: Sequence[Response]) -> T:
    """Run a flow and return its result; after the last answer, every request gets the last again.

    A request for the file itself after the last answer is the flow's result.

    Raises:
        PluginError: the flow does not end.
        Exception: what the flow raises.
    """
    left = list(answers)
    try:
        request = next(flow)
        for _ in range(_MOST_ANSWERS):
            if not left and getattr(request, "expects", "") == "video":
                return request  # type: ignore[no-any-return]  # a locate flow's own result
            request = flow.send(left.pop(0) if left else answers[-1] if answers else answer({}))
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # a flow's own result
    finally:
        flow.close()
    message = f"it asks without end, last for {request!r}; return once it is done"
    raise PluginError(message)


def record(flow: Generator[Any, Any, object], answers: Sequence[Response]) -> list[Request]:
    """Return the requests of a flow that gets these answers, up to an error of the flow."""
    requests: list[Request] = []
    left = list(answers)
    with suppress(Exception), closing(flow):
        request = next(flow)
        while len(requests) < _MOST_ANSWERS:
            requests.append(request)
            request = flow.send(left.pop(0) if left else answer({}))
    return requests


def plan_for(offer: Offer, tier: Tier, job: VideoJob) -> Plan | Refusal:
    """Return what negotiation answers to a job at one tier of an offer alone."""
    only: Any = (tier,)
    return negotiate(job, evolve(offer, tiers=only), _ANY, uploads=read_uploads(job))


def describe(requests: Sequence[Request]) -> list[dict[str, Any]]:
    """Return requests as plain values that can be compared."""
    return [describe_request(request) for request in requests]
