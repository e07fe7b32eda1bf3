"""Runs the flows of an adapter: sends what they yield, hands them what comes, and tries again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from anyvideo.adapters.calls import call_adapter, start_flow
from anyvideo.config.provider import Provider
from anyvideo.errors import ProviderError
from anyvideo.model.wire import Flow, Request, Response
from anyvideo.run.attempt import Attempt
from anyvideo.session.session import Session
from anyvideo.transport.steps import Send, Sleep, Steps, Transfer, Work

T = TypeVar("T")


def run_operation(
    session: Session,
    provider: Provider,
    attempt: Attempt,
    operation: Callable[..., object],
    *args: object,
) -> Steps[Any]:
    """Run an operation of an adapter to its result, again after errors where that is safe.

    Raises:
        ProviderError: from the flow or the way to the vendor, with the provider's name.
        PluginError: the adapter broke its contract.
    """
    once = partial(run_once, session, provider, attempt, operation, *args)
    return (yield from retry(session, provider, attempt, once))


def run_once(
    session: Session,
    provider: Provider,
    attempt: Attempt,
    operation: Callable[..., object],
    *args: object,
) -> Steps[Any]:
    """Run an operation of an adapter to its result, once."""
    flow = start_flow(provider.adapter, attempt.operation, operation, *args)
    return (yield from _drive(session, provider, attempt, flow))


def _drive(session: Session, provider: Provider, attempt: Attempt, flow: Flow[T]) -> Steps[T]:
    adapter, name = provider.adapter, attempt.operation
    try:
        request = call_adapter(adapter, name, lambda: next(flow))
        while True:
            step = make_send(provider, attempt.take(adapter, request), attempt)
            response = yield from perform(session, step, attempt)
            request = call_adapter(adapter, name, flow.send, response)
            attempt.understood = attempt.paid_sent
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # a flow's own result
    except ProviderError as error:
        error.provider = error.provider or provider.alias
        raise
    finally:
        call_adapter(adapter, name, flow.close)


def make_send(provider: Provider, request: Request, attempt: Attempt) -> Send:
    """Return the step that sends a request; a paid one is marked just before it leaves."""
    return Send(provider, request, attempt.mark_sent if request.paid else None)


def perform(session: Session, step: Send | Transfer, attempt: Attempt) -> Steps[Response]:
    """Perform a step that asks a server, and tell the listeners what came of it."""
    provider, request, started = step.provider, step.request, session.clock.now()
    attempt.request, attempt.response = request, None
    try:
        response: Response = yield step
        attempt.response = response
    finally:
        details: dict[str, object] = {
            "method": request.method,
            "url": request.url.partition("?")[0],  # a signed query opens the file to anybody
            "paid": request.paid,
            "status": None if attempt.response is None else attempt.response.status,
            "seconds": session.clock.now() - started,
        }
        session.emit("request", attempt.task, provider.alias, **details)
    return response


def retry(
    session: Session, provider: Provider, attempt: Attempt, work: Callable[[], Steps[T]]
) -> Steps[T]:
    """Do a piece of work, again after pauses as long as its errors allow that."""
    waited, number = 0.0, 0
    while True:
        number += 1
        attempt.restart()
        try:
            return (yield from work())
        except ProviderError as error:
            pause = session.retry.pause(number, waited, error)
            if pause is None or not attempt.may_retry(error):
                raise
            waited += pause
            session.emit("retry", attempt.task, provider.alias, reason=str(error), seconds=pause)
        if attempt.paid_sent:
            yield Work(partial(attempt.mark_unsent, pause))
        yield Sleep(pause)
