"""MCP over streamable HTTP: on this machine, or anywhere with a key."""

from __future__ import annotations

import asyncio
import hmac
import socket
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from attrs import frozen

from anyvideo.errors import ConfigError
from anyvideo.service.listener import listen

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.server.transport_security import TransportSecuritySettings
    from starlette.types import ASGIApp, Receive, Scope, Send

PATH = "/mcp"
_SHORTEST_KEY = 16
# How long open streams of clients may delay the end, in seconds.
_GRACE = 2


@frozen
class Address:
    """Where the server listens, and the key that clients need there.

    Attributes:
        host: A name or an IP address.
        port: The port; 0 for any that is free.
        key: The key; None on this machine alone.
    """

    host: str
    port: int
    key: str | None = None

    def check(self) -> None:
        """Raise a ConfigError if others could use the server without a key, or guess it."""
        if self.key is None and not self.is_local:
            message = (
                f"--http {self.host}: other machines could spend your money; name a file with a key in"
                " --key-file, or listen on 127.0.0.1"
            )
            raise ConfigError(message)
        if self.key is not None and (len(self.key) < _SHORTEST_KEY or not self.key.isascii()):
            message = f"the key for --http needs {_SHORTEST_KEY} characters of ASCII or more"
            raise ConfigError(message)

    @property
    def is_local(self) -> bool:
        """Whether only programs of this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    def find_url(self, port: int) -> str:
        """Return where clients find the server, once its port is known."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{port}{PATH}"

    def open(self) -> socket.socket:
        """Return a socket that listens, or raise a ConfigError that says why it cannot."""
        try:
            return listen(self.host, self.port)
        except OSError as error:
            reason = (error.strerror or str(error)).partition(" (while")[0]
            message = f"--http {self.host}:{self.port}: {reason}; name another address"
            raise ConfigError(message) from error


async def serve_http(
    server: Server[Any],
    address: Address,
    stop: asyncio.Event,
    on_begin: Callable[[str], object],
) -> None:
    """Serve any number of clients until `stop` is set; `on_begin` gets the URL.

    Raises:
        ConfigError: the address cannot be used.
    """
    import uvicorn  # noqa: PLC0415 (an extra)

    listener = address.open()
    app = server.streamable_http_app(
        streamable_http_path=PATH, host=address.host, transport_security=_secure(address)
    )
    config = uvicorn.Config(
        app if address.key is None else KeyCheck(app, address.key.encode()),
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_GRACE,
    )
    listening = uvicorn.Server(config)

    async def watch() -> None:
        await stop.wait()
        listening.should_exit = True

    watching = asyncio.create_task(watch())
    on_begin(address.find_url(listener.getsockname()[1]))
    try:
        await listening.serve(sockets=[listener])
    finally:
        watching.cancel()
        listener.close()


def _secure(address: Address) -> TransportSecuritySettings:
    """Return which Host and Origin are let in: those of this machine, or any with the key."""
    from mcp.server.transport_security import (  # noqa: PLC0415 (an extra)
        TransportSecuritySettings,
    )

    if not address.is_local:  # under any name, but a page of a browser does not have the key
        return TransportSecuritySettings(enable_dns_rebinding_protection=False)
    hosts = ["127.0.0.1:*", "localhost:*", "[::1]:*"]
    origins = [f"http://{host}" for host in hosts]
    return TransportSecuritySettings(allowed_hosts=hosts, allowed_origins=origins)


@frozen
class KeyCheck:
    """Lets only requests with the right bearer key through to an application."""

    app: ASGIApp
    key: bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 401."""
        if scope["type"] == "http" and not self._has_key(scope):
            from starlette.responses import PlainTextResponse  # noqa: PLC0415 (an extra)

            text, headers = "the bearer key is missing or wrong", {"WWW-Authenticate": "Bearer"}
            await PlainTextResponse(text, 401, headers)(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _has_key(self, scope: Scope) -> bool:
        given: bytes = dict(scope["headers"]).get(b"authorization", b"")
        kind, _, key = given.partition(b" ")
        return hmac.compare_digest(key.strip(), self.key) and kind.lower() == b"bearer"
