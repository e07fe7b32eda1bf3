"""Providers: configured accounts at vendors, each an adapter with a base URL and a key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from anyvideo.adapters.checks import pass_interrupt, raise_plugin_error
from anyvideo.adapters.protocol import Adapter
from anyvideo.config.schema import Key
from anyvideo.errors import ConfigError
from anyvideo.model.wire import Request
from anyvideo.validation import is_object


@frozen
class Provider:
    """A configured account at a vendor. The key is read when a request is sent, and never kept.

    Attributes:
        alias: The name in the config and in selectors.
        adapter: The adapter that speaks the vendor's wire format.
        base_url: The URL of the vendor's API, without /v1.
        api_key: Where the key is.
        timeout: The limit for one whole request, in seconds.
        user_agent: The User-Agent header; None for anyvideo's own.
        expected_seconds: How long a job usually takes, where the offer's own time does not apply.
        is_sandbox: Whether the vendor is the local sandbox.
    """

    alias: str
    adapter: Adapter = field(repr=False, eq=False)
    base_url: str
    api_key: Key
    timeout: float = 60.0
    user_agent: str | None = None
    expected_seconds: float | None = None
    is_sandbox: bool = False

    def find_key(self, environ: Mapping[str, str] | None = None) -> str | None:
        """Return the key, or None if it is not set."""
        environ = os.environ if environ is None else environ
        return self.api_key.literal or environ.get(self.api_key.env) or None

    def require_key(self) -> str:
        """Return the key, or raise a ConfigError that names the variable to set."""
        key = self.find_key()
        if key is None:
            message = f"no key for {self.alias}: set {self.api_key.env}"
            raise ConfigError(message, advice="set_key")
        if not key.isascii() or any(character.isspace() for character in key):
            message = f"the key in {self.api_key.env or self.alias} has blanks or non-ASCII letters"
            raise ConfigError(message)
        return key

    @property
    def signs(self) -> bool:
        """Whether the adapter authenticates requests itself, without `Authorization: Bearer`."""
        return hasattr(self.adapter, "authorize")

    def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]:
        """Return the headers that authenticate a request; an error omits words that may hold the key."""
        sign: Any = getattr(self.adapter, "authorize", None)
        headers: Any = None
        fault = "authorize did not return texts by name"
        try:
            headers = sign(request, key, body, now)
        except BaseException as error:  # noqa: BLE001 (any error of a plugin is reported as the plugin's)
            pass_interrupt(error)
            fault = f"authorize raised {type(error).__name__}"
        if not is_object(headers) or not all(isinstance(word, str) for word in headers.values()):
            advice = "return headers, such as {'authorization': 'Bearer ...'}"
            raise_plugin_error(self.adapter, fault, advice)
        return headers

    @property
    def plan_base_url(self) -> str:
        """The base URL in plans, without the port of a sandbox, which changes."""
        return "sandbox:" if self.is_sandbox else self.base_url

    def owns(self, url: str) -> bool:
        """Say whether a URL has this provider's origin: the same scheme, host and port."""
        return url.startswith("/") or read_origin(url) == read_origin(self.base_url)

    def resolve(self, url: str) -> str:
        """Return the absolute URL of a request."""
        return self.base_url + url if url.startswith("/") else url


@lru_cache(maxsize=1024)
def read_origin(url: str) -> tuple[str, str, int | None]:
    """Return the scheme, host and port of a URL; a URL that cannot be read has no origin."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return ("", url, None)
    return (parts.scheme, (parts.hostname or "").lower(), port)


def trim_base_url(base_url: str) -> str:
    """Return a base URL without a slash or /v1 at its end."""
    return base_url.rstrip("/").removesuffix("/v1").rstrip("/")
