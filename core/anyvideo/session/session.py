"""What a client knows and all its operations share: settings, plugins, providers, clock, journal.

Nothing here does network I/O: operations are generators of steps (see `policy`).
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from functools import partial
from typing import Any, TypeVar

from attrs import define, evolve, field

from anyvideo.adapters.calls import ask_plugin, start_flow
from anyvideo.adapters.events import Event, EventKind
from anyvideo.adapters.registry import Registry
from anyvideo.config.provider import Provider, trim_base_url
from anyvideo.config.schema import Config
from anyvideo.errors import ConfigError, JournalError, PluginError, ProviderError
from anyvideo.files import images
from anyvideo.journal.database import Journal
from anyvideo.model.job import VideoJob
from anyvideo.model.offer import Offer
from anyvideo.model.plan import Plan
from anyvideo.model.wire import Flow, Request, Response
from anyvideo.negotiation.policy import Policy
from anyvideo.run.attempt import Trace
from anyvideo.session.clock import Clock, read_moment
from anyvideo.session.waiting import Poll, Retry
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Call, Send, Sleep, Steps, Transfer

logger = logging.getLogger("anyvideo")


T = TypeVar("T")
# How long a schedule of polls holds before the journal is asked again, in seconds.
_SCHEDULE_HOLDS = 60.0


@define
class Session:
    """The shared state of one client; its values are set once and its caches only grow."""

    config: Config
    registry: Registry
    providers: Mapping[str, Provider]
    clock: Clock
    journal: Journal | None = None
    retry: Retry = field(factory=Retry)
    limit: int = 4 << 30
    fences: dict[str, int] = field(factory=dict[str, int])
    catalogs: dict[str, tuple[Offer, ...]] = field(factory=dict[str, tuple[Offer, ...]])
    schedules: dict[str, tuple[float, Poll]] = field(factory=dict[str, tuple[float, Poll]])

    @property
    def now(self) -> datetime:
        """The time as a moment in UTC."""
        return read_moment(self.clock)

    @property
    def today(self) -> date:
        """The date in UTC."""
        return self.now.astimezone(UTC).date()

    def provider(self, alias: str) -> Provider:
        """Return a provider by its alias.

        Raises:
            ConfigError: there is none of that name.

        """
        if alias not in self.providers:
            message = f"no provider is called {alias!r}; there are {', '.join(self.providers)}"
            raise ConfigError(message)
        return self.providers[alias]

    def provider_of(self, task: Task) -> Provider:
        """Return the provider that a task runs at.

        Raises:
            ConfigError: the task's provider is now another adapter or another host.

        """
        provider = self.provider(task.provider or task.adapter)
        same = provider.base_url == trim_base_url(task.base_url)
        if provider.adapter.name != task.adapter or not same:
            message = (
                f"task {task.id or task.ref} runs at {task.adapter} on {task.base_url}, but the "
                f"provider {provider.alias!r} is {provider.adapter.name} on {provider.base_url}; "
                "name that account in the config under its own alias"
            )
            raise ConfigError(message)
        return provider

    def policy(self, policy: Policy | None) -> Policy:
        """Return the policy of a call: its own, or the config's."""
        return self.config.policy if policy is None else policy

    def emit(self, kind: EventKind, task: Task | None, provider: str, **details: object) -> None:
        """Tell the plugins that listen what happened; one that raises is reported, no more."""
        hook = self.registry.manager.hook.anyvideo_event
        if not hook.get_hookimpls():
            return
        known = {"task_id": task.id, "ref": task.ref, "model": task.model} if task else {}
        self.registry.notify(Event(kind, self.now, provider, details=details, **known))

    def exchange(self, provider: Provider, flow: Flow[T], trace: Trace) -> Steps[T]:
        """Run one flow of an adapter: send what it yields, hand it what came.

        Raises:
            ProviderError: from the flow or the way to the vendor, with the provider's name.
            PluginError: the flow failed, yielded something else than a request, or never ends.

        """
        try:
            request = ask_plugin(provider.adapter, trace.operation, lambda: next(flow))
            while True:
                wanted = trace.check(provider, request)
                response: Response = yield from self.send(provider, wanted, trace)
                request = ask_plugin(provider.adapter, trace.operation, flow.send, response)
                trace.passed = trace.paid_out
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]  # a flow's own result
        except ProviderError as error:
            error.provider = error.provider or provider.alias
            raise
        finally:
            ask_plugin(provider.adapter, trace.operation, flow.close)

    def send(self, provider: Provider, request: Request, trace: Trace) -> Steps[Response]:
        """Send one request, and tell who listens what came of it."""
        before = trace.leave if request.paid else None
        return (yield from self.perform(Send(provider, request, before), trace))

    def perform(self, step: Send | Transfer, trace: Trace) -> Steps[Response]:
        """Perform a step that asks a server, and tell who listens what came of it."""
        provider, request, started = step.provider, step.request, self.clock.now()
        trace.request, trace.response = request, None
        try:
            response: Response = yield step
            trace.response = response
        finally:
            details: dict[str, object] = {
                "method": request.method,
                "url": request.url.partition("?")[0],  # what follows may open a file to anybody
                "paid": request.paid,
                "status": None if trace.response is None else trace.response.status,
                "seconds": self.clock.now() - started,
            }
            self.emit("request", trace.task, provider.alias, **details)
        return response

    def repeat(self, provider: Provider, attempt: Callable[[], Steps[T]], trace: Trace) -> Steps[T]:
        """Make an attempt, and others after pauses as long as its errors may be repeated."""
        waited, number = 0.0, 0
        while True:
            number += 1
            trace.restart()
            try:
                return (yield from attempt())
            except ProviderError as error:
                pause = self.retry.pause(number, waited, error)
                if pause is None or not trace.may_repeat(error):
                    raise
                waited += pause
                self.emit("retry", trace.task, provider.alias, reason=str(error), seconds=pause)
            if trace.paid_out:
                yield Call(partial(trace.rest, pause))
            yield Sleep(pause)

    def plan_polls(self, provider: Provider, task: Task) -> Steps[Poll]:
        """Return when to ask about a task: from its offer's past, or from what is usual."""
        name, now = f"{provider.alias}/{task.model}", self.clock.now()
        holds, schedule = self.schedules.get(name, (now, None))
        if schedule is None or holds <= now:
            offer = self.find_offer(provider, task.model)
            usual = provider.pace or (offer.finishes_in if offer else None) or Poll().usual
            known: list[float] = yield Call(lambda: self._read_finishes(name))
            schedule = Poll(usual, known)
            self.schedules[name] = (now + _SCHEDULE_HOLDS, schedule)
        return schedule

    def _read_finishes(self, name: str) -> list[float]:
        try:
            return self.journal.finishes(name) if self.journal else []
        except JournalError as error:
            logger.warning("%s; polls go by what is usual", error)
            return []

    def offers_of(self, provider: Provider) -> tuple[Offer, ...]:
        """Return what a provider sells: its adapter's offers under the config's overlay."""
        from anyvideo.session.offers import lay_over  # noqa: PLC0415 (only where offers are asked for)

        if provider.alias not in self.catalogs:
            self.catalogs[provider.alias] = lay_over(provider, self.config)
        return self.catalogs[provider.alias]

    def find_offer(self, provider: Provider, model: str) -> Offer | None:
        """Return the provider's offer of a model, by its canonical or its own name."""
        return next((item for item in self.offers_of(provider) if item.answers_to(model)), None)

    def read_uploads(self, job: VideoJob) -> dict[Any, Any]:
        """Return what the job's local images are."""
        return images.read_uploads(job)

    def rehearse(self, plan: Plan) -> tuple[Request, ...]:
        """Return the requests that a submit would send, by running it with assumed answers.

        Raises:
            PluginError: the adapter fails over the plan, or asks for nothing that is paid.

        """
        provider = self.provider(plan.provider)
        flow = start_flow(provider.adapter, "submit", provider.adapter.submit, plan)
        trace, requests = Trace("submit", pays=True), list[Request]()
        try:
            request = ask_plugin(provider.adapter, "submit", lambda: next(flow))
            while True:
                requests.append(trace.check(provider, request))
                if requests[-1].paid or requests[-1].rehearsal is None:
                    return tuple(requests)
                answer = Response(200, {}, json.dumps(requests[-1].rehearsal).encode())
                request = ask_plugin(provider.adapter, "submit", flow.send, answer)
        except StopIteration:
            message = f"adapter {provider.adapter.name}: submit ended without a paid request"
            raise PluginError(message) from None
        finally:
            ask_plugin(provider.adapter, "submit", flow.close)

    def keep(self, task: Task, **changes: Any) -> Steps[Task]:  # noqa: ANN401 (fields of an entry)
        """Write a task to the journal, if it has a row there that is nobody else's."""
        if self.journal is not None and task.ref:
            yield Call(lambda: self.record(task, **changes))
        return task

    def record(self, task: Task, **changes: Any) -> None:  # noqa: ANN401 (fields of an entry)
        """Write a task to the journal at once; what is paid for goes on though it cannot be noted."""
        journal, now = self.journal, self.clock.now()
        if journal is None or not task.ref:
            return
        try:
            if task.ref not in self.fences and (claimed := journal.claim(task.ref, now)):
                self.fences[task.ref] = claimed.fence
            journal.advance(task.ref, self.fences.get(task.ref, 0), task, now, **changes)
        except JournalError as error:
            logger.warning("%s. Job %s goes on; its handle: %s", error, task.ref, _name(task))


def _name(task: Task) -> str:
    return evolve(task, raw=None).to_json()
