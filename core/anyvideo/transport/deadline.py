"""The time limit for a whole blocking request; httpx limits each read by itself only.

Each connection keeps to the deadline of the thread that uses it. The async driver does not need
this, because a task can be cancelled.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx


class Deadline(threading.local):
    """When the request that this thread sends must end, on the monotonic clock; None for never."""

    moment: float | None = None
    seconds: float = 0.0

    @contextmanager
    def within(self, seconds: float) -> Generator[None]:
        """Limit what is sent and received in a with statement to so many seconds from now."""
        self.seconds = seconds
        self.renew()
        try:
            yield
        finally:
            self.moment = None

    def renew(self) -> None:
        """Begin the time of the with statement anew."""
        self.moment = time.monotonic() + self.seconds

    def bound(self, timeout: float | None, error: type[Exception]) -> float | None:
        """Return how many seconds one read or write may take; raise the error if none are left."""
        if self.moment is None:
            return timeout
        left = self.moment - time.monotonic()
        if left <= 0:
            message = "the time for the whole request is over"
            raise error(message)
        return left if timeout is None else min(left, timeout)


class BoundedStream(httpcore.NetworkStream):
    """A connection whose reads and writes keep to the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there."""
        timeout = self._deadline.bound(timeout, httpcore.ReadTimeout)
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it."""
        self._stream.write(buffer, self._deadline.bound(timeout, httpcore.WriteTimeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Go on in TLS."""
        timeout = self._deadline.bound(timeout, httpcore.ConnectTimeout)
        stream = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 (httpcore's own signature)
        """Return what the connection knows."""
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore.NetworkBackend):
    """Opens connections that keep to the deadline."""

    def __init__(self, backend: httpcore.NetworkBackend, deadline: Deadline) -> None:
        self._backend = backend
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect."""
        timeout = self._deadline.bound(timeout, httpcore.ConnectTimeout)
        stream = self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        return BoundedStream(stream, self._deadline)


class BoundedTransport(httpx.HTTPTransport):
    """An HTTP transport whose requests keep to the deadline of their thread.

    It is an `httpx.HTTPTransport` because vcrpy, pytest-httpx and OpenTelemetry patch the
    `handle_request` of that class; with another class, a test that replays answers would reach a
    vendor. httpx takes no pool as an argument, so the pool is set as httpx itself sets it.
    """

    def __init__(
        self,
        deadline: Deadline,
        context: ssl.SSLContext,
        limits: httpx.Limits,
        proxy: httpx.Proxy | None = None,
    ) -> None:
        settings: dict[str, Any] = {
            "ssl_context": context,
            "max_connections": limits.max_connections,
            "max_keepalive_connections": limits.max_keepalive_connections,
            "keepalive_expiry": limits.keepalive_expiry,
            "network_backend": BoundedBackend(httpcore.SyncBackend(), deadline),
        }
        if proxy is None:
            self._pool = httpcore.ConnectionPool(**settings)
            return
        socks = proxy.url.scheme.startswith("socks")
        pool = httpcore.SOCKSProxy if socks else httpcore.HTTPProxy
        self._pool = pool(proxy_url=str(proxy.url), proxy_auth=proxy.raw_auth, **settings)
