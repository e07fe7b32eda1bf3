"""Turns a step into a request of httpx, and what httpx raises into errors of anyvideo."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin

import httpx
from attrs import evolve, frozen

from anyvideo.config.provider import Provider
from anyvideo.errors import AnyVideoError, DownloadError, JobError, PluginError, ProviderError
from anyvideo.files.images import open_source
from anyvideo.model.wire import Request, Response, list_files
from anyvideo.outcomes import LOST, UNCLEAR, UNREACHABLE, may_repeat
from anyvideo.secret import MASK, Secret
from anyvideo.transport.destination import check_peer, check_url
from anyvideo.transport.masking import mask_headers, masked_logs
from anyvideo.transport.receive import read_range
from anyvideo.transport.steps import STREAM_READ_TIMEOUT, Send, Sleep, Step, Transfer, Work

MOST_REDIRECTS = 5
_USER_AGENT = "anyvideo/0.1"
_LONGEST_CONNECT = 15.0
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# httpx raises these before it writes anything of the request to a socket.
_UNREACHED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


@frozen
class HttpCall:
    """One HTTP request of a step; its URL is that of the step, or of a redirect."""

    step: Send | Transfer
    url: str
    key: Secret | None
    redirects: int = MOST_REDIRECTS

    @property
    def provider(self) -> Provider:
        """The account that the request is for."""
        return self.step.provider

    @property
    def fetches(self) -> bool:
        """Whether the answer is a file, which may take longer than a request."""
        return isinstance(self.step, Transfer)

    @property
    def paid(self) -> bool:
        """Whether the request may create a job that costs money."""
        return not self.fetches and self.step.request.paid

    def opens_stream(self, head: Response) -> bool:
        """Say whether later steps read the body piece by piece."""
        return not self.fetches and self.step.request.expects == "events" and head.ok

    def is_redirect(self, head: Response) -> bool:
        """Say whether the answer only names another URL of a file."""
        return self.fetches and head.status in _REDIRECTS and "location" in head.headers

    def reads_body(self, head: Response) -> bool:
        """Say whether the body belongs to the answer: not that of a stream or a redirect."""
        return not self.opens_stream(head) and not self.is_redirect(head)

    def follow(self, response: Response) -> HttpCall | None:
        """Return the request that a redirect asks for, or None if the answer is final."""
        if not self.is_redirect(response):
            return None
        if not self.redirects:
            most, alias = MOST_REDIRECTS, self.provider.alias
            message = f"{alias}: the video's URL leads through more than {most} redirects"
            raise DownloadError(message)
        try:
            url = urljoin(self.url, response.headers["location"])
        except ValueError as error:
            message = f"the video's URL leads to one that cannot be read ({error}); nothing was sent there"
            raise DownloadError(message) from error
        return evolve(self, url=url, redirects=self.redirects - 1)


def start_call(step: Send | Transfer) -> HttpCall:
    """Return the first request of a step."""
    return HttpCall(step, step.provider.resolve(step.request.url), step.provider.find_key())


def build_request(
    call: HttpCall, files: ExitStack | AsyncExitStack, now: Callable[[], float]
) -> httpx.Request:
    """Return a call as httpx sends it; the key goes to the provider's own origin only.

    Raises:
        DownloadError: the URL leads where nothing may be sent.
        JobError: a file cannot be read any more.
        ProviderError: the URL cannot be used.
        PluginError: something in the request cannot be written as HTTP.
    """
    provider, request, url = call.provider, call.step.request, call.url
    check_url(provider, url)
    check_masked(call)
    key = call.key if provider.owns(url) else None
    content = _encode_content(request, files) if isinstance(call.step, Send) else {}
    timeouts = _find_timeouts(provider.timeout, events=request.expects == "events")
    try:
        built = httpx.Request(
            request.method,
            _parse_url(url),
            headers=_merge_headers(call, key),
            extensions={"timeout": timeouts},
            **content,
        )
        if key is not None and provider.signs:
            whole = evolve(request, url=str(built.url), query={})
            built.headers.update(provider.authorize(whole, key, built.read(), now()))
        if built.url.userinfo:
            next(httpx.BasicAuth(built.url.username, built.url.password).auth_flow(built))
    except (httpx.InvalidURL, UnicodeError) as error:
        message = f"the URL cannot be used: {error}"
        raise ProviderError(kind="malformed", message=message) from error
    except (TypeError, ValueError) as error:
        message = f"{request.method} {url} cannot be written as HTTP: {error}"
        raise PluginError(message) from error
    return built


def check_masked(call: HttpCall) -> None:
    """Check that a URL does not hold the key where others see it, or where it was masked."""
    url, key = call.url, call.key
    shown = key is not None and not call.provider.owns(url) and key.mask(url) != url
    if shown or (call.fetches and MASK in url):
        message = (
            "the vendor put the key into the URL of the video; it was masked, so the video cannot be"
            " fetched, and nothing was sent. Report it to the vendor, and replace the key"
        )
        raise DownloadError(message)


def _merge_headers(call: HttpCall, key: Secret | None) -> httpx.Headers:
    headers = httpx.Headers(_default_headers(call.provider.user_agent or _USER_AGENT))
    headers.update(call.step.request.headers)
    if isinstance(call.step, Transfer):
        headers.update(read_range(call.step))
    if key is not None and not call.provider.signs:
        headers["authorization"] = f"Bearer {key.reveal()}"
    return headers


_parse_url = lru_cache(maxsize=256)(httpx.URL)


@lru_cache(maxsize=64)
def _default_headers(user_agent: str) -> httpx.Headers:
    """Return the headers of httpx's own client, which name the encodings that it can decode."""
    headers = httpx.Client(transport=httpx.BaseTransport()).headers
    headers["user-agent"] = user_agent
    return headers


@lru_cache(maxsize=64)
def _find_timeouts(seconds: float, *, events: bool) -> dict[str, float | None]:
    """Return the limits of the single steps of a request, all within that of the whole."""
    read = max(seconds, STREAM_READ_TIMEOUT) if events else seconds
    # A host that cannot be reached is known as that before the time for the whole is over.
    connect = min(_LONGEST_CONNECT, seconds / 3)
    return httpx.Timeout(seconds, read=read, connect=connect).as_dict()


def _encode_content(request: Request, files: ExitStack | AsyncExitStack) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if request.query:
        content["params"] = dict(request.query)
    if request.form is not None or request.files:
        content["files"] = _list_parts(request, files)
    elif request.json is not None:
        content["json"] = request.json
    return content


def _list_parts(request: Request, files: ExitStack | AsyncExitStack) -> list[tuple[str, Any]]:
    # Text fields travel as parts without a file name, so that the form is always multipart.
    parts: list[tuple[str, Any]] = [
        (name, (None, value.encode())) for name, value in (request.form or {}).items()
    ]
    for name, upload in list_files(request):
        try:
            stream = files.enter_context(open_source(upload.source))
        except OSError as error:
            why = error.strerror or error
            message = f"image {upload.name!r} cannot be read any more: {why}; nothing was sent"
            raise JobError(message) from error
        parts.append((name, (upload.name, stream, upload.content_type)))
    return parts


def find_stranger(provider: Provider, event: str, info: Mapping[str, Any]) -> DownloadError | None:
    """Return the error for a connection that was just opened to an address that is not public.

    `event` and `info` are those of the trace extension:
    https://www.encode.io/httpcore/extensions/#trace
    """
    if event != "connection.connect_tcp.complete":
        return None
    try:
        check_peer(provider, info["return_value"].get_extra_info("server_addr"))
    except DownloadError as error:
        return error
    return None


def seal(error: BaseException, step: Step, key: Secret | None) -> BaseException:
    """Return an error of a request without its causes and frames, and with the key masked.

    They belong to libraries that quote what came, and whose variables hold what was sent. An
    unexpected error keeps them.
    """
    if isinstance(step, Work | Sleep):
        return error
    if isinstance(error, AnyVideoError):
        error.mask(key.mask if key else str)
    elif isinstance(error, Exception):
        return error
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


@contextmanager
def httpx_errors(key: Secret | None, *, paid: bool) -> Generator[None]:
    """Turn what httpx raises into errors of anyvideo, and mask the key in what it logs."""
    try:
        with masked_logs(key):
            yield
    except (httpx.TransportError, TimeoutError) as error:
        reached = not isinstance(error, _UNREACHED)
        retryable = may_repeat(LOST if reached else UNREACHABLE, paid=paid)
        if isinstance(error, httpx.TimeoutException | TimeoutError):
            message = "did not answer in time" if reached else "could not be reached in time"
            raise ProviderError(kind="timeout", message=message, retryable=retryable) from error
        message = f"the connection broke: {error}" if reached else f"could not be reached: {error}"
        raise ProviderError(kind="server", message=message, retryable=retryable) from error
    except (httpx.DecodingError, httpx.StreamError) as error:
        message, retryable = f"the answer is garbled: {error}", may_repeat(UNCLEAR, paid=paid)
        raise ProviderError(kind="malformed", message=message, retryable=retryable) from error
    except (ValueError, OverflowError) as error:
        message = f"the URL cannot be used: {error}"
        raise ProviderError(kind="malformed", message=message) from error


def read_head(answer: httpx.Response, key: Secret | None) -> Response:
    """Return an answer without its body and the key; of headers with one name the last counts."""
    headers = {
        name.decode("latin-1"): value.decode("latin-1") for name, value in answer.headers.raw
    }
    return Response(answer.status_code, mask_headers(headers, key))
