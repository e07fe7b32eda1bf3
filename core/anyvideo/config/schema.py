"""The settings that a user can write, as attrs classes with their validators."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import urlsplit

from attrs import Attribute, field, frozen, validators

from anyvideo.journal.budget import Budget
from anyvideo.limits import LONGEST_TIMEOUT, MOST_RETRIES
from anyvideo.model.currency import Rates, check_currency
from anyvideo.negotiation.policy import Policy
from anyvideo.secret import Secret
from anyvideo.validation import is_header_value, is_token

Prefer = Literal["order", "cheapest", "fastest"]
# Headers that are set elsewhere, each with the place.
_TAKEN = {
    "authorization": "; the key goes into api_key",
    "x-api-key": "; the key goes into api_key",
    "user-agent": "; write user_agent",
    **dict.fromkeys(("content-length", "content-type", "cookie", "host", "transfer-encoding"), ""),
}
_AT_LEAST_1 = validators.optional(validators.ge(1))
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@frozen
class Key:
    """Where a key is.

    Attributes:
        env: The name of the variable that holds it.
        literal: The key itself, which is never shown; a text in the file in place of a table.
    """

    env: str = ""
    literal: Secret = field(factory=Secret, converter=Secret, repr=False)

    def __attrs_post_init__(self) -> None:
        repair = 'write { env = "VARIABLE" }'
        if self.env and not _VARIABLE.fullmatch(self.env):  # which may be the key itself
            message = f"{repair}, with the name of a variable"
            raise ValueError(message)
        if not self.env and not self.literal:
            raise ValueError(repair)


def _check_timeout(_: object, __: object, value: float) -> None:
    if not 0 < value <= LONGEST_TIMEOUT:
        message = f"'timeout' takes seconds above 0, {LONGEST_TIMEOUT:g} at most, not {value:g}"
        raise ValueError(message)


def _check_user_agent(_: object, __: object, value: str | None) -> None:
    if value is not None and not is_header_value(value):
        message = "'user_agent' takes one line of printable ASCII"
        raise ValueError(message)


def _check_headers(_: object, __: Attribute[Any], headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        if not is_token(name):
            message = f"{name!r} is no name of a header"
            raise ValueError(message)
        if (place := _TAKEN.get(name.lower())) is not None:
            message = f"{name} cannot be set here{place}"
            raise ValueError(message)
        if not is_header_value(value):
            message = f"{name} has a value that no header can hold"
            raise ValueError(message)


def _check_body(_: object, __: Attribute[Any], body: Mapping[str, Any]) -> None:
    try:
        json.dumps(body, allow_nan=False)
    except (TypeError, ValueError) as error:
        message = f"a field holds what JSON cannot: {error}"
        raise ValueError(message) from error


def _check_webhook(_: object, __: object, url: str) -> None:
    try:
        parts = urlsplit(url)
        good = parts.scheme == "https" and bool(parts.hostname) and not parts.fragment
    except ValueError:
        good = False
    if not good or not url.isascii() or not is_header_value(url) or " " in url:
        message = "'url' takes the https URL at which the app gets webhooks"
        raise ValueError(message)


@frozen
class WebhookConfig:
    """Where a vendor reports that a job has ended.

    Attributes:
        url: The URL that the vendor is told; the app passes what arrives there to `handle_webhook`.
        secret: Where the secret is that the vendor signs with; None where it has none.
    """

    url: str = field(validator=_check_webhook)
    secret: Key | None = None


@frozen
class ProviderConfig:
    """One account at a vendor.

    Attributes:
        adapter: The name of the adapter; the alias by default.
        base_url: The URL of the vendor's API; the adapter's by default.
        api_key: Where the key is; in the adapter's variable by default.
        timeout: The limit for one whole request, in seconds, an hour at most.
        user_agent: The User-Agent header, in printable ASCII.
        headers: More headers of every request to the vendor, such as one that switches retries off.
        body: More fields of the request that creates a job.
        settings: The adapter's own settings.
        webhook: Where the vendor reports that a job has ended.
        jobs_at_once: The most jobs that a fleet has at the account, over all of its workers.
        submits_per_minute: The most that a fleet submits there in any minute, over all workers.
    """

    adapter: str | None = None
    base_url: str | None = None
    api_key: Key | None = None
    timeout: float = field(default=60.0, validator=_check_timeout)
    user_agent: str | None = field(default=None, validator=_check_user_agent)
    headers: Mapping[str, str] = field(factory=dict[str, str], validator=_check_headers)
    body: Mapping[str, Any] = field(factory=dict[str, Any], validator=_check_body)
    settings: Mapping[str, Any] = field(factory=dict[str, Any])
    webhook: WebhookConfig | None = None
    jobs_at_once: int | None = field(default=None, validator=_AT_LEAST_1)
    submits_per_minute: int | None = field(default=None, validator=_AT_LEAST_1)


@frozen
class RouteConfig:
    """Several offers under one name, tried in turn.

    Attributes:
        models: The selectors of the offers.
        prefer: The order: as written, by cost, or by the usual time to finish.
        max_cost: The most that a job may cost.
        currency: The currency of `max_cost`.
    """

    models: tuple[str, ...] = field(validator=validators.min_len(1))
    prefer: Prefer = "order"
    max_cost: Decimal | None = None
    currency: str = field(default="USD", validator=check_currency)


@frozen
class PluginsConfig:
    """Which plugins are loaded.

    Attributes:
        blocked: Those that are not, by the name of their entry point or distribution.
    """

    blocked: tuple[str, ...] = ()


@frozen
class Config:
    """All settings.

    Attributes:
        model: The default selector.
        journal: The path of the journal, or its address in Postgres.
        retries: How often a call is made again that may be repeated safely; 0 for never.
        providers: The accounts, by alias.
        routes: Several offers under one name.
        policy: How far each field of a job may change.
        plugins: Which plugins are loaded.
        budget: What may be spent in a day.
        currencies: The rates at which costs are compared.
        offers: The overrides as they stand in the file.
        source: The file.
    """

    model: str | None = None
    journal: str | None = field(default=None, repr=False)  # an address may hold a password
    retries: int = field(default=4, validator=[validators.ge(0), validators.le(MOST_RETRIES)])
    providers: Mapping[str, ProviderConfig] = field(factory=dict[str, ProviderConfig])
    routes: Mapping[str, RouteConfig] = field(factory=dict[str, RouteConfig])
    policy: Policy = field(factory=Policy)
    plugins: PluginsConfig = field(factory=PluginsConfig)
    budget: Budget = field(factory=Budget)
    currencies: Rates = field(factory=Rates)
    offers: tuple[Mapping[str, Any], ...] = ()
    source: str = field(default="", init=False)
