"""The first line and the headers of a request, checked before it counts as sent.

What httpcore refuses while it sends leaves open whether something left, and a paid job would be
ambiguous for a typing error.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import NoReturn

import httpx

from anyvideo.adapters.checks import raise_plugin_error
from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError, ProviderError
from anyvideo.secret import Secret
from anyvideo.transport.calls import HttpCall
from anyvideo.transport.decoding import ACCEPTED
from anyvideo.transport.receive import read_range
from anyvideo.transport.steps import Transfer
from anyvideo.validation import is_header_value, is_token

_USER_AGENT = "anyvideo/0.1"
# How a body is delimited follows from the body; a wrong word breaks the request half-way.
_FRAMING = frozenset({"content-length", "transfer-encoding"})


def find_url(call: HttpCall) -> httpx.URL:
    """Return the URL of a request.

    Raises:
        ConfigError: the provider's base URL cannot be used.
        PluginError: the adapter made a URL or a method that cannot be sent.
        ProviderError: the vendor gave a URL that cannot be used.
    """
    request = call.step.request
    if not is_token(request.method):
        fault = f"{request.method!r} is not the method of a request"
        advice = "write one such as 'POST'; nothing was sent"
        raise_plugin_error(call.provider.adapter, fault, advice)
    try:
        return _parse_url(call.url)
    except (httpx.InvalidURL, ValueError) as error:
        _explain_url(call, error)


def _explain_url(call: HttpCall, error: Exception) -> NoReturn:
    """Raise the error of whoever gave a URL that cannot be used."""
    provider = call.provider
    if not call.step.request.url.startswith("/"):
        message = f"the URL cannot be used: {error}; nothing was sent there"
        raise ProviderError(kind="malformed", message=message) from error
    try:
        _parse_url(provider.base_url)
    except (httpx.InvalidURL, ValueError):
        message = f"{provider.alias}: base_url cannot be used: {error}; correct it"
        message += "; nothing was sent"
        raise ConfigError(message) from error
    advice = "quote what goes into it; nothing was sent"
    raise_plugin_error(provider.adapter, f"its URL cannot be used: {error}", advice, error)


@lru_cache(maxsize=256)
def _parse_url(url: str) -> httpx.URL:
    """Return a URL whose host a resolver takes too."""
    parsed = httpx.URL(url)
    for host in (parsed.host, parsed.raw_host.decode("ascii")):
        host.encode("idna")
    return parsed


def merge_headers(call: HttpCall, key: Secret | None) -> httpx.Headers:
    """Return the headers of a request, with the key if there is one.

    Raises:
        ConfigError: the key or the user agent cannot be sent.
        PluginError: a header of the adapter cannot be sent.
    """
    provider, request = call.provider, call.step.request
    agent = provider.user_agent or _USER_AGENT
    for name, value in (("user_agent", agent), ("the key", key.reveal() if key else "")):
        if not is_header_value(value):
            message = f"{provider.alias}: {name} cannot be sent; write printable ASCII"
            message += "; nothing was sent"
            raise ConfigError(message)
    check_headers(provider, request.headers)
    headers = httpx.Headers({**_DEFAULTS, "user-agent": agent})
    if request.content is not None:
        headers["content-type"] = request.content.content_type
    headers.update(request.headers)
    if isinstance(call.step, Transfer):
        headers.update(read_range(call.step))
    if key is not None and not provider.signs:
        headers["authorization"] = f"Bearer {key.reveal()}"
    return headers


# Those of httpx, but with the encodings that are decoded within a budget.
_DEFAULTS = {"accept": "*/*", "accept-encoding": ACCEPTED, "connection": "keep-alive"}


def check_headers(provider: Provider, headers: Mapping[str, str]) -> None:
    """Check the headers of an adapter; the error names one that cannot be sent, not its value."""
    for name, value in headers.items():
        if not is_token(name) or not is_header_value(value):
            fault = f"the header {name!r} cannot be sent"
            advice = "write a token as its name and printable ASCII as its value"
            raise_plugin_error(provider.adapter, fault, f"{advice}; nothing was sent")
        if name.lower() in _FRAMING:
            fault = f"the header {name!r} is not the adapter's to set"
            raise_plugin_error(provider.adapter, fault, "leave it out; nothing was sent")
