"""The two drivers: they perform steps over httpx, one blocking, one async. All I/O is here."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, TypeVar

import httpx

from anyvideo.config.provider import Provider, read_origin
from anyvideo.model.wire import Response
from anyvideo.session.clock import Clock
from anyvideo.transport import requests as http
from anyvideo.transport.deadline import Deadline
from anyvideo.transport.masking import mask_stream
from anyvideo.transport.receive import Body, Receiver
from anyvideo.transport.steps import Read, Send, Sleep, Step, Steps, Transfer, Work

T = TypeVar("T")


class _Scope:
    """What one run of steps has open: at most the stream of its last request."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.chunks: Iterator[bytes] = iter(())


class Driver:
    """Performs steps, blocking; several threads may share it."""

    def __init__(self, clock: Clock, transport: httpx.BaseTransport | None = None) -> None:
        self._clock = clock
        self._transport = transport
        self._deadline = Deadline()
        self._lock = threading.Lock()
        self._context: ssl.SSLContext | None = None
        self._clients: dict[tuple[str, bool], httpx.Client] = {}
        self._gates: dict[object, threading.Semaphore] = {}

    def close(self) -> None:
        """Close all connections."""
        while self._clients:
            self._clients.popitem()[1].close()

    def run(self, steps: Steps[T]) -> T:
        """Perform all steps and return what they come to."""
        scope = _Scope()
        try:
            step = next(steps)
            while True:
                try:
                    answer = self._perform(step, scope)
                except BaseException as error:  # noqa: BLE001 (the steps decide what becomes of it)
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]  # the result of the steps
        finally:
            steps.close()
            scope.stack.close()

    def _perform(self, step: Step, scope: _Scope) -> Any:  # noqa: ANN401 (each step has its own answer)
        match step:
            case Work(work):
                return work()
            case Read():
                with http.translated(paid=True):
                    return next(scope.chunks, b"")
            case Sleep(seconds):
                scope.stack.close()
                return self._clock.sleep(seconds)
            case Send():
                scope.stack.close()
                return self._send(step, scope)
            case _:
                scope.stack.close()
                return self._transfer(step)

    def _client(self, provider: Provider, *, paid: bool) -> httpx.Client:
        name = (provider.alias, paid and self._transport is None)
        with self._lock:
            if name not in self._clients:
                with http.explained():
                    self._context = self._context or httpx.create_ssl_context()
                    settings = http.make_settings(provider, self._context, paid=name[1])
                    client = httpx.Client(transport=self._transport, **settings)
                http.refuse_cookies(client)
                http.bind(client, self._deadline)
                self._clients[name] = client
            return self._clients[name]

    def _enter_gate(self, url: str, stack: ExitStack) -> None:
        """Wait for one of the few connections that a vendor gets."""
        origin = read_origin(url)
        with self._lock:
            if origin not in self._gates:
                self._gates[origin] = threading.Semaphore(http.MOST_CONNECTIONS)
        stack.enter_context(self._gates[origin])

    def _send(self, step: Send, scope: _Scope) -> Response:
        provider, request, key = step.provider, step.request, step.provider.find_key()
        client = self._client(provider, paid=request.paid)
        with http.translated(paid=request.paid), ExitStack() as stack:
            outgoing = http.prepare_call(provider, request, stack)
            built = http.build(client, outgoing, http.watch_peer(provider), self._clock)
            self._enter_gate(outgoing.url, stack)
            if step.before is not None:
                step.before()
            with self._deadline.within(provider.timeout):
                answer = client.send(built, stream=True)
                stack.callback(answer.close)
                headers = http.read_headers(answer, key)
                if request.expects == "events" and answer.is_success:
                    scope.chunks = mask_stream(answer.iter_bytes(), key)
                    scope.stack = stack.pop_all()
                    return Response(answer.status_code, headers)
                body = Body()
                for chunk in answer.iter_bytes():
                    body.add(chunk)
        return Response(answer.status_code, headers, body.finish(key))

    def _transfer(self, step: Transfer) -> Response:
        provider, key = step.provider, step.provider.find_key()
        client = self._client(provider, paid=False)
        url = provider.resolve(step.request.url)
        for _ in range(http.MOST_REDIRECTS + 1):
            with http.translated(paid=False), ExitStack() as stack:
                outgoing = http.prepare_transfer(step, url)
                built = http.build(client, outgoing, http.watch_peer(provider), self._clock)
                self._enter_gate(url, stack)
                with self._deadline.within(provider.timeout):
                    answer = client.send(built, stream=True)
                stack.callback(answer.close)
                target = http.find_redirect(answer, key)
                if target is None:
                    return self._receive(step, answer, key)
                url = target
        raise http.explain_redirects(provider)

    @staticmethod
    def _receive(step: Transfer, answer: httpx.Response, key: str | None) -> Response:
        with Receiver(step, answer.status_code, answer.headers) as receiver:
            for chunk in answer.iter_bytes():
                receiver.take(chunk)
            return receiver.finish(key)
