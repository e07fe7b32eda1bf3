"""The async driver: performs the steps of an operation and lets other tasks run meanwhile."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

import httpx

from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError
from anyvideo.limits import LONGEST_SILENCE
from anyvideo.model.wire import Response
from anyvideo.secret import Secret
from anyvideo.session.clock import Clock
from anyvideo.tasks.task import Task
from anyvideo.transport import requests
from anyvideo.transport.calls import HttpCall, start_call
from anyvideo.transport.connections import Connections, check_process
from anyvideo.transport.decoding import iter_body_async
from anyvideo.transport.finish import finish, finish_in_thread
from anyvideo.transport.masking import mask_stream_async
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

if TYPE_CHECKING:
    from anyvideo.journal.protocol import AsyncJournalLike, JournalLike

T = TypeVar("T")


class _Scope:
    """What one run of steps has open: the key and the stream of its last request, if any."""

    def __init__(self) -> None:
        self.stack = AsyncExitStack()
        self.key: Secret | None = None
        self.chunks: AsyncIterator[bytes] | None = None
        self.task: Task | None = None


class AsyncDriver:
    """Performs steps in tasks of one event loop; only the chunks of a file are written in it.

    `journal` is the twin of the session's journal whose methods are coroutines, if there is one;
    without it, the journal is asked in a thread. The driver closes it.
    """

    def __init__(
        self,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None = None,
        journal: AsyncJournalLike | None = None,
    ) -> None:
        self._clock = clock
        self._journal = journal
        self._process = os.getpid()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connections = Connections(transport, _open_transport, asyncio.Semaphore)

    def _check_loop(self) -> None:
        """Check that this is the event loop of the connections, or raise a ConfigError."""
        check_process(self._process)
        running = asyncio.get_running_loop()
        self._loop = self._loop or running
        if running is not self._loop:
            message = "this AsyncClient was used in another event loop; open one in each loop"
            raise ConfigError(message)

    async def close(self) -> None:
        """Close all connections."""
        self._check_loop()
        try:
            for transport in self._connections.drain():
                await transport.aclose()
        finally:
            if self._journal is not None:
                await finish(self._journal.close())

    async def run(self, steps: Steps[T]) -> T:
        """Perform all steps and return their result; an interrupt carries the job that exists."""
        self._check_loop()
        if self._journal is not None:
            await finish(self._journal.prepare())
        scope = _Scope()
        try:
            return await self._run(steps, scope)
        except BaseException as error:
            attach_held(error, scope.task)
            raise

    async def _run(self, steps: Steps[T], scope: _Scope) -> T:
        try:
            step = next(steps)
            while True:
                try:
                    answer = await self._perform(step, scope)
                # After any other interrupt, nothing can be awaited for certain.
                except (Exception, asyncio.CancelledError) as error:  # noqa: BLE001 (the steps decide what becomes of it)
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
            await scope.stack.aclose()

    async def _perform(self, step: Step, scope: _Scope) -> Any:  # noqa: ANN401 (each step has its own answer)
        if isinstance(step, Ask) and self._journal is not None:
            return await finish(step.ask(cast("JournalLike", self._journal)))
        if isinstance(step, Work | Ask):
            return await finish_in_thread(step.do)
        if isinstance(step, Hold):
            scope.task = step.task
            return None
        if isinstance(step, Read):
            with requests.httpx_errors(scope.key, paid=True):
                async with asyncio.timeout(LONGEST_SILENCE):
                    return b"" if scope.chunks is None else await anext(scope.chunks, b"")
        await scope.stack.aclose()
        if isinstance(step, Sleep):
            return await self._clock.sleep_async(step.seconds)
        call = start_call(step)
        scope.key = call.key
        while redirected := call.follow(response := await self._exchange(call, scope)):
            call = redirected
        return response

    async def _exchange(self, call: HttpCall, scope: _Scope) -> Response:
        with requests.httpx_errors(call.key, paid=call.paid, fetches=call.fetches):
            async with AsyncExitStack() as stack:
                request = requests.build_request(call, stack, self._clock.now)
                transport = self._connections.find_transport(call, request.url)
                if self._connections.needs_peer_check(call.provider, request.url):
                    request.extensions["trace"] = partial(_check_peer_on_connect, call.provider)
                await stack.enter_async_context(self._connections.find_gate(call.url))
                if call.step.before is not None:
                    await self._run(call.step.before(), _Scope())
                async with asyncio.timeout(call.provider.timeout) as limit:
                    answer = await transport.handle_async_request(request)
                    stack.push_async_callback(answer.aclose)
                    head = requests.read_head(answer, call.key)
                    if call.opens_stream(head):
                        scope.chunks = mask_stream_async(iter_body_async(answer), call.key)
                        scope.stack = stack.pop_all()
                    if not call.reads_body(head):
                        return head
                    renew = partial(_renew, limit, call.provider.timeout)
                    receiver = open_receiver(call.step, head, call.key, stack, renew)
                    async for chunk in iter_body_async(answer):
                        receiver.take(chunk)
                    return receiver.finish()


def _open_transport(
    context: ssl.SSLContext, limits: httpx.Limits, proxy: httpx.Proxy | None
) -> httpx.AsyncHTTPTransport:
    return httpx.AsyncHTTPTransport(verify=context, limits=limits, proxy=proxy)


def _renew(limit: asyncio.Timeout, seconds: float) -> None:
    """Begin the time of a file anew."""
    limit.reschedule(asyncio.get_running_loop().time() + seconds)


async def _check_peer_on_connect(provider: Provider, event: str, info: dict[str, Any]) -> None:
    """Close a new connection to an address that is not public before anything is sent over it."""
    if stranger := requests.find_stranger(provider, event, info):
        await info["return_value"].aclose()
        raise stranger
