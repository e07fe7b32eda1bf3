"""Providers: configured accounts at vendors, each an adapter with a base URL and a key."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from attrs import evolve, field, frozen

from anyvideo.adapters.checks import pass_interrupt, raise_plugin_error
from anyvideo.adapters.protocol import Adapter
from anyvideo.config.schema import Key
from anyvideo.errors import ConfigError
from anyvideo.model.wire import Request
from anyvideo.secret import Secret
from anyvideo.validation import is_header_value, is_object


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
        headers: More headers of every request to the vendor.
        body: More fields of the request that creates a job.
        expected_seconds: How long a job usually takes, where the offer's own time does not apply.
        is_sandbox: Whether the vendor is the local sandbox.
    """

    alias: str
    adapter: Adapter = field(repr=False, eq=False)
    base_url: str
    api_key: Key
    timeout: float = 60.0
    user_agent: str | None = None
    headers: Mapping[str, str] = field(factory=dict[str, str])
    body: Mapping[str, Any] = field(factory=dict[str, Any], eq=False)
    expected_seconds: float | None = None
    is_sandbox: bool = False

    def find_key(self, environ: Mapping[str, str] | None = None) -> Secret | None:
        """Return the key, or None if it is not set."""
        environ = os.environ if environ is None else environ
        return self.api_key.literal or Secret(environ.get(self.api_key.env, "")) or None

    def require_key(self) -> Secret:
        """Return the key, or raise a ConfigError that names the variable to set."""
        key = self.find_key()
        if key is None:
            message = f"no key for {self.alias}: set {self.api_key.env}"
            raise ConfigError(message, advice="set_key")
        if " " in key.reveal() or not is_header_value(key.reveal()):
            where = self.api_key.env or self.alias
            message = f"the key in {where} has blanks, control characters or non-ASCII letters"
            message += "; copy it again; nothing was sent"
            raise ConfigError(message)
        return key

    @property
    def signs(self) -> bool:
        """Whether the adapter authenticates requests itself, without `Authorization: Bearer`."""
        return hasattr(self.adapter, "authorize")

    def authorize(
        self, request: Request, key: Secret, body: bytes, now: float
    ) -> Mapping[str, str]:
        """Return the headers that authenticate a request; an error omits words that may hold the key."""
        sign: Any = getattr(self.adapter, "authorize", None)
        headers: Any = None
        fault = "authorize did not return texts by name"
        try:
            headers = sign(request, key.reveal(), body, now)
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
        """Say whether a URL is the provider's own, so that the key may go there.

        That is one with the origin of the base URL, or with another origin that the adapter names.
        """
        if url.startswith("/") or read_origin(url) == read_origin(self.base_url):
            return True
        return read_origin(url) in self._vendor_origins

    @cached_property
    def _vendor_origins(self) -> frozenset[tuple[str, str, int | None]]:
        """The origins at which the adapter's vendor answers, wherever this provider is."""
        named = (self.adapter.base_url, *getattr(self.adapter, "origins", ()))
        return frozenset(read_origin(url) for url in named if url)

    def complete(self, request: Request) -> Request:
        """Return a request of the adapter with the headers and fields that the config adds.

        The fields of a job come before those of the config, and the config's headers before the
        adapter's.
        """
        if not self.owns(request.url) or not (self.headers or self.body):
            return request
        headers = {**request.headers, **self.headers}
        if not request.paid or not self.body:
            return evolve(request, headers=headers)
        if request.form is not None:
            texts = {name: _write_text(value) for name, value in self.body.items()}
            return evolve(request, headers=headers, form={**texts, **request.form})
        body: Any = request.json if is_object(request.json) else {}
        return evolve(request, headers=headers, json={**self.body, **body})

    def resolve(self, url: str) -> str:
        """Return the absolute URL of a request.

        Where the base URL is not the vendor's, because it is a sandbox or a proxy, it stands for
        every origin of the vendor.
        """
        if url.startswith("/"):
            return self.base_url + url
        usual = trim_base_url(self.adapter.base_url)
        moved = self.base_url != usual and read_origin(url) in self._vendor_origins
        if not moved or read_origin(url) == read_origin(self.base_url):
            return url
        if url.startswith(f"{usual}/"):
            return self.base_url + url.removeprefix(usual)
        return self.base_url + urlunsplit(("", "", *urlsplit(url)[2:]))


def _write_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


@lru_cache(maxsize=256)
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
