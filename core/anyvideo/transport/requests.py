"""What both drivers hand to httpx and take from it: settings, arguments, errors, checks."""

from __future__ import annotations

import ssl
from collections.abc import Awaitable, Callable, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import httpx
from attrs import evolve, frozen

from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError, DownloadError, JobError, PluginError, ProviderError
from anyvideo.files.images import open_source
from anyvideo.model.wire import Request, list_files
from anyvideo.session.clock import Clock
from anyvideo.transport.deadline import BoundedBackend, Deadline
from anyvideo.transport.destination import check_peer, check_url, needs_peer_check
from anyvideo.transport.masking import mask_headers
from anyvideo.transport.receive import read_range
from anyvideo.transport.steps import STREAM_READ_TIMEOUT, Transfer

MOST_CONNECTIONS = 8
MOST_REDIRECTS = 5
_USER_AGENT = "anyvideo/0.1"
_LONGEST_CONNECT = 15.0
# Raised before anything of the request was written to a socket.
_UNSENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@frozen
class Outgoing:
    """One request to a whole URL, as httpx takes it; the key is there if it goes to the provider."""

    provider: Provider
    request: Request
    url: str
    key: str | None
    arguments: Mapping[str, Any]


def make_settings(provider: Provider, context: ssl.SSLContext, *, paid: bool) -> dict[str, Any]:
    """Return the settings of a client.

    A paid request goes over a connection of its own: one that was kept alive may be closed by the
    vendor at that very moment, and the outcome would be unknown for nothing.
    """
    return {
        "limits": httpx.Limits(
            max_keepalive_connections=0 if paid else MOST_CONNECTIONS, keepalive_expiry=30.0
        ),
        "headers": {"user-agent": provider.user_agent or _USER_AGENT, "accept": "*/*"},
        "follow_redirects": False,
        "verify": context,
    }


@contextmanager
def explained() -> Generator[None]:
    """Turn what is wrong with the environment's proxies and certificates into an error of ours."""
    try:
        yield
    except (OSError, ValueError, ImportError) as error:
        message = f"the proxies or certificates that the environment names cannot be used: {error}"
        raise ConfigError(message) from error


class NoCookies(httpx.Cookies):
    """Keeps none: they are nothing but a way for what a vendor echoes to get about."""

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave the answer's cookies where they are."""


def refuse_cookies(client: httpx.Client | httpx.AsyncClient) -> None:
    """Let a client keep no cookies; looking for them is an eighth of what a call costs, too."""
    client._cookies = NoCookies()  # noqa: SLF001 (there is no public way)  # pyright: ignore[reportPrivateUsage]


def bind(client: httpx.Client, deadline: Deadline) -> None:
    """Let all connections of a client know the deadline; a transport of the caller's has its own."""
    transports = (client._transport, *client._mounts.values())  # noqa: SLF001 (there is no public way)  # pyright: ignore[reportPrivateUsage]
    for transport in transports:
        if isinstance(transport, httpx.HTTPTransport):
            pool = transport._pool  # noqa: SLF001 (there is no public way)  # pyright: ignore[reportPrivateUsage]
            pool._network_backend = BoundedBackend(pool._network_backend, deadline)  # noqa: SLF001 (there is no public way)  # pyright: ignore[reportPrivateUsage]


def prepare_call(
    provider: Provider, request: Request, files: ExitStack | AsyncExitStack
) -> Outgoing:
    """Return an adapter's request with its files opened.

    Raises:
        JobError: a file has vanished since the plan was made.

    """
    arguments: dict[str, Any] = {"headers": request.headers}
    if request.query:
        arguments["params"] = dict(request.query)
    if request.form is not None or request.files:
        arguments["files"] = _list_parts(request, files)
    elif request.json is not None:
        arguments["json"] = request.json
    return _address(provider, request, provider.resolve(request.url), arguments)


def prepare_transfer(step: Transfer, url: str) -> Outgoing:
    """Return the request for a file, or for the rest of it."""
    headers = {**step.request.headers, **read_range(step)}
    return _address(step.provider, step.request, url, {"headers": headers})


def _address(provider: Provider, request: Request, url: str, arguments: dict[str, Any]) -> Outgoing:
    """Check where a request goes; the key goes along to the provider's own origin alone."""
    arguments["timeout"] = _find_timeout(provider.timeout, events=request.expects == "events")
    if not url.startswith(f"{provider.base_url}/"):
        check_url(provider, url)
    key = provider.find_key() if provider.owns(url) else None
    if key is not None and not provider.signs:
        arguments["headers"] = {**arguments["headers"], "authorization": f"Bearer {key}"}
    return Outgoing(provider, request, url, key, arguments)


@lru_cache(maxsize=64)
def _find_timeout(seconds: float, *, events: bool) -> httpx.Timeout:
    """Return the limits of the single steps of a request, all within that of the whole."""
    read = max(seconds, STREAM_READ_TIMEOUT) if events else seconds
    # A host that cannot be reached is known as that before the time for the whole is over.
    return httpx.Timeout(seconds, read=read, connect=min(_LONGEST_CONNECT, seconds / 3))


def _list_parts(request: Request, files: ExitStack | AsyncExitStack) -> list[tuple[str, Any]]:
    # Text fields travel as parts without a file name, so that the form is always multipart.
    parts: list[tuple[str, Any]] = [
        (name, (None, value.encode())) for name, value in (request.form or {}).items()
    ]
    for name, upload in list_files(request):
        try:
            stream = files.enter_context(open_source(upload.source))
        except OSError as error:
            message = f"image {upload.name!r} cannot be read any more: {error.strerror or error}"
            message += "; nothing was sent"
            raise JobError(message) from error
        parts.append((name, (upload.name, stream, upload.content_type)))
    return parts


def watch_peer(provider: Provider) -> Callable[[str, dict[str, Any]], None]:
    """Return the trace that closes a new connection to a stranger before anything is sent over it."""

    def watch(event: str, info: dict[str, Any]) -> None:
        if stranger := _find_stranger(provider, event, info):
            info["return_value"].close()
            raise stranger

    return watch


def watch_peer_async(provider: Provider) -> Callable[[str, dict[str, Any]], Awaitable[None]]:
    """Return the same for the async client."""

    async def watch(event: str, info: dict[str, Any]) -> None:
        if stranger := _find_stranger(provider, event, info):
            await info["return_value"].aclose()
            raise stranger

    return watch


def _find_stranger(provider: Provider, event: str, info: dict[str, Any]) -> DownloadError | None:
    if event != "connection.connect_tcp.complete":
        return None
    try:
        check_peer(provider, info["return_value"].get_extra_info("server_addr"))
    except DownloadError as error:
        return error
    return None


def build(
    client: httpx.Client | httpx.AsyncClient,
    outgoing: Outgoing,
    trace: Callable[..., Any],
    clock: Clock,
) -> httpx.Request:
    """Return the request of httpx; `trace` sees its connection where the peer must be checked.

    Raises:
        ProviderError: the URL cannot be used.
        PluginError: something in it cannot be written as HTTP.

    """
    provider, request, key = outgoing.provider, outgoing.request, outgoing.key
    extensions = {"trace": trace} if needs_peer_check(provider, outgoing.url) else {}
    try:
        built = client.build_request(
            request.method, outgoing.url, extensions=extensions, **outgoing.arguments
        )
        if key is not None and provider.signs:
            whole = evolve(request, url=str(built.url), query={})
            built.headers.update(provider.authorize(whole, key, built.read(), clock.now()))
    except (httpx.InvalidURL, UnicodeError) as error:
        message = f"the URL cannot be used: {error}"
        raise ProviderError(kind="malformed", message=message) from error
    except (TypeError, ValueError) as error:
        message = f"{request.method} {outgoing.url} cannot be written as HTTP: {error}"
        raise PluginError(message) from error
    return built


@contextmanager
def translated(*, paid: bool) -> Generator[None]:
    """Turn what httpx raises into errors of ours; only what was never sent may be paid again."""
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as error:
        unsent = isinstance(error, _UNSENT)
        what = "could not be reached in time" if unsent else "did not answer in time"
        raise ProviderError(kind="timeout", message=what, retryable=unsent or not paid) from error
    except httpx.TransportError as error:
        unsent = isinstance(error, _UNSENT)
        what = f"could not be reached: {error}" if unsent else f"the connection broke: {error}"
        raise ProviderError(kind="server", message=what, retryable=unsent or not paid) from error
    except (httpx.DecodingError, httpx.StreamError) as error:
        message = f"the answer is garbled: {error}"
        raise ProviderError(kind="malformed", message=message, retryable=not paid) from error
    except (ValueError, OverflowError) as error:
        message = f"the URL cannot be used: {error}"
        raise ProviderError(kind="malformed", message=message) from error


def read_headers(answer: httpx.Response, key: str | None) -> Mapping[str, str]:
    """Return an answer's headers without the key in them, the last of those with one name."""
    raw = {name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers.raw}
    return mask_headers(raw, key)


def explain_redirects(provider: Provider) -> DownloadError:
    """Return the error for a URL that leads nowhere."""
    most = f"more than {MOST_REDIRECTS} redirects"
    return DownloadError(f"{provider.alias}: the video's URL leads through {most}")


def find_redirect(answer: httpx.Response, key: str | None) -> str | None:
    """Return where an answer redirects to; the key does not travel in a URL either."""
    if not answer.has_redirect_location:
        return None
    return urljoin(str(answer.url), mask_headers(answer.headers, key)["location"])
