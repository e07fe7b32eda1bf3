"""Turns a step into a request of httpx, and what httpx raises into errors of anyvideo."""

from __future__ import annotations

import base64
from collections.abc import Callable, Generator, Mapping
from contextlib import AsyncExitStack, ExitStack, contextmanager
from functools import lru_cache
from typing import Any, BinaryIO

import httpx
from attrs import evolve

from anyvideo.adapters.checks import raise_plugin_error
from anyvideo.config.provider import Provider
from anyvideo.errors import AnyVideoError, DownloadError, JobError, ProviderError
from anyvideo.files.images import open_source
from anyvideo.limits import LONGEST_CONNECT, LONGEST_SILENCE, SLOWEST_FILE
from anyvideo.model.wire import Inline, Request, Response, Upload, list_files, replace_inline
from anyvideo.outcomes import LOST, UNCLEAR, UNREACHABLE, may_repeat
from anyvideo.secret import MASK, Secret
from anyvideo.transport.calls import HttpCall
from anyvideo.transport.destination import check_peer, check_url
from anyvideo.transport.heads import check_headers, find_url, merge_headers
from anyvideo.transport.masking import mask_headers, masked_logs
from anyvideo.transport.steps import Ask, Send, Sleep, Step, Work

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# httpx raises these before it writes anything of the request to a socket.
_UNREACHED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


def build_request(
    call: HttpCall, files: ExitStack | AsyncExitStack, now: Callable[[], float]
) -> httpx.Request:
    """Return a call as httpx sends it; the key goes to the provider's own origin only.

    All that can be known of a request is checked here, before it counts as sent.

    Raises:
        ConfigError: the base URL, the key or the user agent cannot be sent.
        DownloadError: the URL leads where nothing may be sent.
        JobError: a file cannot be read any more.
        ProviderError: a URL that the vendor gave cannot be used.
        PluginError: something in the request cannot be written as HTTP.
    """
    provider, request = call.provider, call.step.request
    check_url(provider, call.url)
    check_masked(call)
    url = find_url(call)
    key = call.key if provider.owns(call.url) else None
    headers = merge_headers(call, key)
    timeouts = _find_timeouts(provider.timeout, events=request.expects == "events")
    try:
        content = _encode_content(request, files) if isinstance(call.step, Send) else {}
        built = httpx.Request(
            request.method, url, headers=headers, extensions={"timeout": timeouts}, **content
        )
        if key is not None and provider.signs:
            whole = evolve(request, url=str(built.url), query={})
            signed = provider.authorize(whole, key, built.read(), now())
            check_headers(provider, signed)
            built.headers.update(signed)
        if built.url.userinfo:
            next(httpx.BasicAuth(built.url.username, built.url.password).auth_flow(built))
    except (httpx.InvalidURL, AttributeError, RecursionError, TypeError, ValueError) as error:
        fault = f"{request.method} {call.url} cannot be written as HTTP: {error}"
        raise_plugin_error(provider.adapter, fault, "nothing was sent", error)
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


@lru_cache(maxsize=64)
def _find_timeouts(seconds: float, *, events: bool) -> dict[str, float | None]:
    """Return the limits of the single steps of a request, all within that of the whole."""
    read = max(seconds, LONGEST_SILENCE) if events else seconds
    # A host that cannot be reached is known as that before the time for the whole is over.
    connect = min(LONGEST_CONNECT, seconds / 3)
    return httpx.Timeout(seconds, read=read, connect=connect).as_dict()


def _encode_content(request: Request, files: ExitStack | AsyncExitStack) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if request.query:
        content["params"] = dict(request.query)
    if request.form is not None or request.files:
        content["files"] = _list_parts(request, files)
    elif request.content is not None:
        content["content"] = _read_upload(request.content)
    elif request.json is not None:
        content["json"] = replace_inline(request.json, _encode_inline)
    return content


def _read_upload(upload: Upload) -> bytes:
    """Return the bytes of a local image.

    Raises:
        JobError: it cannot be read any more.
    """
    with ExitStack() as files:
        return _open_upload(upload, files).read()


def _open_upload(upload: Upload, files: ExitStack | AsyncExitStack) -> BinaryIO:
    try:
        return files.enter_context(open_source(upload.source))
    except OSError as error:
        why = error.strerror or error
        message = f"image {upload.name!r} cannot be read any more: {why}; nothing was sent"
        raise JobError(message) from error


def _encode_inline(item: Inline) -> str:
    text = base64.b64encode(_read_upload(item.upload)).decode()
    return text if item.bare else f"data:{item.upload.content_type};base64,{text}"


def _list_parts(request: Request, files: ExitStack | AsyncExitStack) -> list[tuple[str, Any]]:
    # Text fields travel as parts without a file name, so that the form is always multipart.
    parts: list[tuple[str, Any]] = [
        (name, (None, value.encode())) for name, value in (request.form or {}).items()
    ]
    for name, upload in list_files(request):
        stream = _open_upload(upload, files)
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
    if isinstance(step, Work | Ask | Sleep):
        return error
    if isinstance(error, AnyVideoError):
        error.mask(key.mask if key else str)
    elif isinstance(error, Exception):
        return error
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


@contextmanager
def httpx_errors(key: Secret | None, *, paid: bool, fetches: bool = False) -> Generator[None]:
    """Turn what httpx raises into errors of anyvideo, and mask the key in what it logs.

    `fetches` says that the answer is a file.
    """
    try:
        with masked_logs(key):
            yield
    except (httpx.TransportError, TimeoutError) as error:
        reached = not isinstance(error, _UNREACHED)
        retryable = may_repeat(LOST if reached else UNREACHABLE, paid=paid)
        if isinstance(error, httpx.TimeoutException | TimeoutError):
            message = "did not answer in time" if reached else "could not be reached in time"
            if reached and fetches:
                message += f", or sent less than {SLOWEST_FILE} bytes a second"
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
