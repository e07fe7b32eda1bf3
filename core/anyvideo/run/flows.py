"""Runs the flows of an adapter: sends what they yield, returns the answers, and tries again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from anyvideo.errors import ProviderError
from anyvideo.model.wire import Request, Response
from anyvideo.run.attempt import Attempt
from anyvideo.transport.steps import Send, Sleep, Steps, Transfer

T = TypeVar("T")


def run_operation(attempt: Attempt, operation: Callable[..., object], *args: object) -> Steps[Any]:
    """Run an operation of an adapter to its result, again after errors where that is safe."""
    return (yield from retry(attempt, partial(run_once, attempt, operation, *args)))


def run_once(attempt: Attempt, operation: Callable[..., object], *args: object) -> Steps[Any]:
    """Run an operation of an adapter to its result, once."""
    return (yield from drive(attempt, partial(send, attempt), operation, *args))


def drive(
    attempt: Attempt,
    ask: Callable[[Request], Steps[Response]],
    operation: Callable[..., object],
    *args: object,
) -> Steps[Any]:
    """Run an operation of an adapter; `ask` performs each of its requests."""
    flow, response = attempt.start(operation, *args), None
    try:
        while True:
            wanted = attempt.call(flow.send, response)
            attempt.understood = attempt.paid_sent
            response = yield from ask(attempt.take(wanted))
    except StopIteration as stop:
        return stop.value
    except ProviderError as error:
        error.provider = error.provider or attempt.provider.alias
        raise
    finally:
        attempt.call(flow.close)


def send(attempt: Attempt, request: Request) -> Steps[Response]:
    """Send a request; a paid one is marked just before it leaves."""
    before = attempt.mark_sent if request.paid else None
    return (yield from perform(attempt, Send(attempt.provider, request, before)))


def perform(attempt: Attempt, step: Send | Transfer) -> Steps[Response]:
    """Perform a step that asks a server, and tell the listeners how it ended."""
    session, request, started = attempt.session, step.request, attempt.session.clock.now()
    attempt.response = None
    try:
        response: Response = yield step
        attempt.response = response
    finally:
        details: dict[str, object] = {
            "method": request.method,
            "url": request.url.partition("?")[0],  # a signed query opens the file without a key
            "paid": request.paid,
            "status": None if attempt.response is None else attempt.response.status,
            "seconds": session.clock.now() - started,
        }
        session.emit("request", attempt.task, attempt.provider.alias, **details)
    return response


def retry(attempt: Attempt, work: Callable[[], Steps[T]]) -> Steps[T]:
    """Do a piece of work, again after pauses as long as its errors allow that."""
    waited, number = 0.0, 0
    while True:
        number += 1
        attempt.restart()
        try:
            return (yield from work())
        except ProviderError as error:
            again = attempt.may_retry(error)
            pause = attempt.session.retry.pause(number, waited, error) if again else None
            if pause is None:
                raise
            waited += pause
            attempt.emit_retry(error, pause)
        if attempt.paid_sent:
            yield from attempt.mark_unsent(pause)
        yield Sleep(pause)
