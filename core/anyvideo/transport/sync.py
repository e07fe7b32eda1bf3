"""The blocking driver: performs the steps of an operation, one after the other."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any, TypeVar

import httpx

from anyvideo.config.provider import Provider
from anyvideo.limits import LONGEST_SILENCE
from anyvideo.model.wire import Response
from anyvideo.secret import Secret
from anyvideo.session.clock import Clock
from anyvideo.tasks.task import Task
from anyvideo.transport import requests
from anyvideo.transport.calls import HttpCall, start_call
from anyvideo.transport.connections import Connections, check_process
from anyvideo.transport.deadline import BoundedTransport, Deadline
from anyvideo.transport.decoding import iter_body
from anyvideo.transport.masking import mask_stream
from anyvideo.transport.receive import open_receiver
from anyvideo.transport.steps import (
    Ask,
    Hold,
    Read,
    Sleep,
    Step,
    Steps,
    Work,
    attach_held,
    throw_into,
)

T = TypeVar("T")


class _Scope:
    """What one run of steps has open: the key and the stream of its last request, if any."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.key: Secret | None = None
        self.chunks: Iterator[bytes] = iter(())
        self.task: Task | None = None


class Driver:
    """Performs steps, blocking; several threads may share it."""

    def __init__(self, clock: Clock, transport: httpx.BaseTransport | None = None) -> None:
        self._clock = clock
        self._deadline = Deadline()
        self._process = os.getpid()
        self._connections = Connections(
            transport, partial(BoundedTransport, self._deadline), threading.Semaphore
        )

    def close(self) -> None:
        """Close all connections."""
        for transport in self._connections.drain():
            transport.close()

    def run(self, steps: Steps[T]) -> T:
        """Perform all steps and return their result; an interrupt carries the job that exists."""
        check_process(self._process)
        scope = _Scope()
        try:
            return self._run(steps, scope)
        except BaseException as error:
            attach_held(error, scope.task)
            raise

    def _run(self, steps: Steps[T], scope: _Scope) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    answer = self._perform(step, scope)
                except BaseException as error:  # noqa: BLE001 (the steps decide what becomes of it)
                    step = steps.throw(requests.seal(error, step, scope.key))
                else:
                    step = steps.send(answer)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]  # the result of the steps
        except BaseException as error:
            throw_into(steps, error)
            raise
        finally:
            steps.close()
            scope.stack.close()

    def _perform(self, step: Step, scope: _Scope) -> Any:  # noqa: ANN401 (each step has its own answer)
        if isinstance(step, Work | Ask):
            return step.do()
        if isinstance(step, Hold):
            scope.task = step.task
            return None
        if isinstance(step, Read):
            with (
                requests.httpx_errors(scope.key, paid=True),
                self._deadline.within(LONGEST_SILENCE),
            ):
                return next(scope.chunks, b"")
        scope.stack.close()
        if isinstance(step, Sleep):
            return self._clock.sleep(step.seconds)
        call = start_call(step)
        scope.key = call.key
        while redirected := call.follow(response := self._exchange(call, scope)):
            call = redirected
        return response

    def _exchange(self, call: HttpCall, scope: _Scope) -> Response:
        errors = requests.httpx_errors(call.key, paid=call.paid, fetches=call.fetches)
        with errors, ExitStack() as stack:
            request = requests.build_request(call, stack, self._clock.now)
            transport = self._connections.find_transport(call, request.url)
            if self._connections.needs_peer_check(call.provider, request.url):
                request.extensions["trace"] = partial(_check_peer_on_connect, call.provider)
            stack.enter_context(self._connections.find_gate(call.url))
            if call.step.before is not None:
                self._run(call.step.before(), _Scope())
            with self._deadline.within(call.provider.timeout):
                answer = transport.handle_request(request)
                stack.callback(answer.close)
                head = requests.read_head(answer, call.key)
                if call.opens_stream(head):
                    scope.chunks = mask_stream(iter_body(answer), call.key)
                    scope.stack = stack.pop_all()
                if not call.reads_body(head):
                    return head
                renew = self._deadline.renew
                receiver = open_receiver(call.step, head, call.key, stack, renew)
                for chunk in iter_body(answer):
                    receiver.take(chunk)
                return receiver.finish()


def _check_peer_on_connect(provider: Provider, event: str, info: dict[str, Any]) -> None:
    """Close a new connection to an address that is not public before anything is sent over it."""
    if stranger := requests.find_stranger(provider, event, info):
        info["return_value"].close()
        raise stranger
