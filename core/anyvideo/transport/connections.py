"""The open connections of one driver: a transport for each route, a limit for each origin."""

from __future__ import annotations

import os
import ssl
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

import httpx
from attrs import define, field

from anyvideo.config.provider import Provider, read_origin
from anyvideo.errors import ConfigError
from anyvideo.limits import MOST_CONNECTIONS
from anyvideo.transport.calls import HttpCall
from anyvideo.transport.masking import mask_logs
from anyvideo.transport.proxies import ProxyRule, find_proxy, read_proxy_rules

_IDLE_SECONDS = 30.0

Transport = TypeVar("Transport")
Gate = TypeVar("Gate")
Route = tuple[str, bool, bool, "httpx.Proxy | None"]
Opener = Callable[[ssl.SSLContext, httpx.Limits, "httpx.Proxy | None"], Transport]


@define
class Connections(Generic[Transport, Gate]):
    """Opens transports and gates when they are first needed; several threads may share it.

    If the caller gave a transport, it serves all routes. A gate is a semaphore.
    """

    given: Transport | None
    open_transport: Opener[Transport]
    open_gate: Callable[[int], Gate]
    _lock: threading.Lock = field(factory=threading.Lock, init=False)
    _context: ssl.SSLContext | None = field(default=None, init=False)
    _rules: tuple[ProxyRule, ...] | None = field(default=None, init=False)
    _transports: dict[Route, Transport] = field(factory=dict[Route, Transport], init=False)
    _gates: dict[object, Gate] = field(factory=dict[object, Gate], init=False)

    def __attrs_post_init__(self) -> None:
        mask_logs()

    def find_transport(self, call: HttpCall, url: httpx.URL) -> Transport:
        """Return the transport for a request.

        A paid request has a connection of its own: the vendor may close one that was kept alive
        just when the request is sent, and the outcome would be unknown.

        Raises:
            ConfigError: the environment's proxies or certificates cannot be used.
        """
        if self.given is not None:
            return self.given
        with self._lock:
            proxy, secure = find_proxy(self._find_rules(), url), url.scheme == "https"
            route = (call.provider.alias, call.paid, secure, proxy)
            if route not in self._transports:
                self._transports[route] = self._open(route)
            return self._transports[route]

    def needs_peer_check(self, provider: Provider, url: httpx.URL) -> bool:
        """Say whether the address of a URL's host must be public; behind a proxy it need not be."""
        return not provider.owns(str(url)) and find_proxy(self._find_rules(), url) is None

    def find_gate(self, url: str) -> Gate:
        """Return the semaphore that limits the requests at once to a URL's origin."""
        origin = read_origin(url)
        with self._lock:
            if origin not in self._gates:
                self._gates[origin] = self.open_gate(MOST_CONNECTIONS)
            return self._gates[origin]

    def drain(self) -> Iterator[Transport]:
        """Yield every open transport and drop it; the caller's too."""
        if self.given is not None:
            yield self.given
        while self._transports:
            yield self._transports.popitem()[1]

    def _find_rules(self) -> tuple[ProxyRule, ...]:
        if self._rules is None:
            with environment_errors():
                self._rules = read_proxy_rules()
        return self._rules

    def _open(self, route: Route) -> Transport:
        _, paid, secure, proxy = route
        kept = 0 if paid else MOST_CONNECTIONS
        limits = httpx.Limits(max_keepalive_connections=kept, keepalive_expiry=_IDLE_SECONDS)
        with environment_errors():
            return self.open_transport(self._find_context(secure=secure), limits, proxy)

    def _find_context(self, *, secure: bool) -> ssl.SSLContext:
        """Return the certificates that a route trusts, which take a while to read; plain HTTP needs none."""
        if not secure:
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._context = self._context or httpx.create_ssl_context()
        return self._context


def check_process(process: int) -> None:
    """Check that this is the process that opened the connections.

    Raises:
        ConfigError: it was forked since; its locks may be held by threads that it does not have.
    """
    if os.getpid() != process:
        message = "this client was used before a fork; open another one after it"
        raise ConfigError(message)


@contextmanager
def environment_errors() -> Generator[None]:
    """Turn errors in the environment's proxies and certificates into a ConfigError."""
    try:
        yield
    except (OSError, ValueError, ImportError, RuntimeError, httpx.InvalidURL) as error:
        message = f"the proxies or certificates that the environment names cannot be used: {error}"
        raise ConfigError(message) from error
