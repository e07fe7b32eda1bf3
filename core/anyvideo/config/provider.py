"""Providers: configured accounts at vendors, each an adapter with a base URL and a key."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from attrs import field, frozen

from anyvideo.adapters.checks import raise_plugin_error
from anyvideo.adapters.protocol import Adapter
from anyvideo.config.schema import Key
from anyvideo.errors import ConfigError
from anyvideo.model.wire import Request
from anyvideo.validation import is_object


@frozen
class Provider:
    """A configured account at a vendor. The key is looked up when a request is sent, never kept.

    `expected_seconds` is the usual time to finish where it is not the offer's own: a sandbox is
    quicker.
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
        """Return the key, or None where there is none."""
        environ = os.environ if environ is None else environ
        return self.api_key.literal or environ.get(self.api_key.env) or None

    def require_key(self) -> str:
        """Return the key.

        Raises:
            ConfigError: there is none; says which variable to set.
        """
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
        """Whether the adapter proves in its own way who is asking, and not as a bearer of a key."""
        return hasattr(self.adapter, "authorize")

    def authorize(self, request: Request, key: str, body: bytes, now: float) -> Mapping[str, str]:
        """Return the headers that prove who is asking.

        `request` has its whole URL, and `body` is what will be sent; see `plugin.Adapter`.

        Raises:
            PluginError: the adapter fails over it; its words are kept back, they could hold the key.
        """
        sign: Any = getattr(self.adapter, "authorize", None)
        headers: Any = None
        fault = "authorize returned something else than texts by name"
        try:
            headers = sign(request, key, body, now)
        except Exception as error:  # noqa: BLE001 (whatever a plugin raises stays its own)
            fault = f"authorize raised {type(error).__name__}"
        if not is_object(headers) or not all(isinstance(word, str) for word in headers.values()):
            raise_plugin_error(
                self.adapter, fault, "return headers, such as {'authorization': 'Bearer ...'}"
            )
        return headers

    @property
    def plan_base_url(self) -> str:
        """The base URL as plans name it; a sandbox has another port each time."""
        return "sandbox:" if self.is_sandbox else self.base_url

    def owns(self, url: str) -> bool:
        """Say whether a URL lies at this provider's own origin: same scheme, host and port."""
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
    """Return a base URL without the slash and the /v1 that people put at its end."""
    return base_url.rstrip("/").removesuffix("/v1").rstrip("/")
