"""The async driver."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import httpx

from anyvideo.config.provider import Provider, read_origin
from anyvideo.model.wire import Response
from anyvideo.session.clock import Clock
from anyvideo.transport import requests as http
from anyvideo.transport.masking import mask_stream_async
from anyvideo.transport.receive import Body, Receiver
from anyvideo.transport.steps import Read, Send, Sleep, Step, Steps, Transfer, Work
from anyvideo.transport.sync import T


class _AsyncScope:
    def __init__(self) -> None:
        self.stack = AsyncExitStack()
        self.chunks: AsyncIterator[bytes] | None = None


class AsyncDriver:
    """Performs steps and lets other tasks run meanwhile; file chunks alone are written in place."""

    def __init__(self, clock: Clock, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._clock = clock
        self._transport = transport
        self._context: ssl.SSLContext | None = None
        self._clients: dict[tuple[str, bool], httpx.AsyncClient] = {}
        self._gates: dict[object, asyncio.Semaphore] = {}

    async def close(self) -> None:
        """Close all connections."""
        while self._clients:
            await self._clients.popitem()[1].aclose()

    async def run(self, steps: Steps[T]) -> T:
        """Perform all steps and return what they come to."""
        scope = _AsyncScope()
        try:
            step = next(steps)
            while True:
                try:
                    answer = await self._perform(step, scope)
                except BaseException as error:  # noqa: BLE001 (the steps decide what becomes of it)
                    step = steps.throw(error)
                else:
                    step = steps.send(answer)
        except StopIteration as stop:
            return stop.value  # type: ignore[no-any-return]  # the result of the steps
        finally:
            steps.close()
            await scope.stack.aclose()

    async def _perform(self, step: Step, scope: _AsyncScope) -> Any:  # noqa: ANN401 (each step has its own answer)
        match step:
            case Work(work):
                return await _finish_in_thread(work)
            case Read():
                with http.translated(paid=True):
                    return b"" if scope.chunks is None else await anext(scope.chunks, b"")
            case Sleep(seconds):
                await scope.stack.aclose()
                return await self._clock.sleep_async(seconds)
            case Send():
                await scope.stack.aclose()
                return await self._send(step, scope)
            case _:
                await scope.stack.aclose()
                return await self._transfer(step)

    def _client(self, provider: Provider, *, paid: bool) -> httpx.AsyncClient:
        name = (provider.alias, paid and self._transport is None)
        if name not in self._clients:
            with http.explained():
                self._context = self._context or httpx.create_ssl_context()
                settings = http.make_settings(provider, self._context, paid=name[1])
                client = httpx.AsyncClient(transport=self._transport, **settings)
            http.refuse_cookies(client)
            self._clients[name] = client
        return self._clients[name]

    def _gate(self, url: str) -> asyncio.Semaphore:
        """Return what lets only few connections to a vendor through."""
        origin = read_origin(url)
        if origin not in self._gates:
            self._gates[origin] = asyncio.Semaphore(http.MOST_CONNECTIONS)
        return self._gates[origin]

    async def _send(self, step: Send, scope: _AsyncScope) -> Response:
        provider, request, key = step.provider, step.request, step.provider.find_key()
        client = self._client(provider, paid=request.paid)
        with http.translated(paid=request.paid):
            async with AsyncExitStack() as stack:
                outgoing = http.prepare_call(provider, request, stack)
                built = http.build(client, outgoing, http.watch_peer_async(provider), self._clock)
                await stack.enter_async_context(self._gate(outgoing.url))
                if step.before is not None:
                    await _finish_in_thread(step.before)
                async with asyncio.timeout(provider.timeout):
                    answer = await client.send(built, stream=True)
                    stack.push_async_callback(answer.aclose)
                    headers = http.read_headers(answer, key)
                    if request.expects == "events" and answer.is_success:
                        scope.chunks = mask_stream_async(answer.aiter_bytes(), key)
                        scope.stack = stack.pop_all()
                        return Response(answer.status_code, headers)
                    body = Body()
                    async for chunk in answer.aiter_bytes():
                        body.add(chunk)
        return Response(answer.status_code, headers, body.finish(key))

    async def _transfer(self, step: Transfer) -> Response:
        provider, key = step.provider, step.provider.find_key()
        client = self._client(provider, paid=False)
        url = provider.resolve(step.request.url)
        for _ in range(http.MOST_REDIRECTS + 1):
            with http.translated(paid=False):
                async with AsyncExitStack() as stack:
                    outgoing = http.prepare_transfer(step, url)
                    built = http.build(
                        client, outgoing, http.watch_peer_async(provider), self._clock
                    )
                    await stack.enter_async_context(self._gate(url))
                    async with asyncio.timeout(provider.timeout):
                        answer = await client.send(built, stream=True)
                    stack.push_async_callback(answer.aclose)
                    target = http.find_redirect(answer, key)
                    if target is None:
                        return await self._receive(step, answer, key)
                    url = target
        raise http.explain_redirects(provider)

    @staticmethod
    async def _receive(step: Transfer, answer: httpx.Response, key: str | None) -> Response:
        with Receiver(step, answer.status_code, answer.headers) as receiver:
            async for chunk in answer.aiter_bytes():
                receiver.take(chunk)
            return receiver.finish(key)


async def _finish_in_thread(work: Callable[[], T]) -> T:
    """Do blocking work in a thread, to its end: cancelled half-way, nobody would know its outcome."""

    def finish() -> T:
        try:
            return work()
        except StopIteration as error:  # which no future carries
            raise RuntimeError from error

    future = asyncio.get_running_loop().run_in_executor(None, finish)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        while not future.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([future])
        raise
