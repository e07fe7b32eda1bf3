"""Takes a vendor's own report as a hint: the job is asked for sooner, and the answer to that counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from anyvideo.adapters.calls import find_operation
from anyvideo.config.provider import Provider
from anyvideo.dialects.diagnosis import diagnose
from anyvideo.errors import ConfigError, UnsupportedError, WebhookError
from anyvideo.journal.entry import Entry
from anyvideo.limits import MOST_ANSWER_BYTES
from anyvideo.model.wire import Request, Response
from anyvideo.run.attempt import Attempt
from anyvideo.run.flows import drive, send
from anyvideo.run.poll import poll
from anyvideo.run.records import require_journal
from anyvideo.session.session import Session
from anyvideo.tasks.task import Task
from anyvideo.transport.steps import Ask, Steps

Headers: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]
"""The headers of a request, as web frameworks have them."""
# How long the keys that a vendor publishes are used, in seconds.
_KEYS_HOLD = 600.0


def handle(
    session: Session, headers: Headers, body: bytes, alias: str | None = None
) -> Steps[Task]:
    """Check a delivery, and return its task as the vendor says that it stands when asked.

    Raises:
        WebhookError: the delivery is not genuine, or is about no job of the journal.
        ConfigError: no provider has a webhook, or there is no such provider.
        ProviderError: the vendor did not say how the job stands; carries the task.
    """
    delivery = _read_delivery(headers, body)
    problems: list[WebhookError] = []
    for provider in _list_providers(session, alias):
        try:
            entry = yield from _find_entry(session, provider, delivery)
        except WebhookError as error:
            problems.append(error)
            continue
        task = entry.task
        return task if task.status.final else (yield from poll(session, task))
    if len(problems) == 1:
        raise problems[0]
    message = f"no provider takes the delivery: {'; '.join(map(str, problems))}"
    raise WebhookError(message)


def _read_delivery(headers: Headers, body: bytes) -> Response:
    if not isinstance(body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]  # or a mistake
        message = (
            f"the body is {type(body).__name__}; pass the bytes as they came, which are signed"
        )
        raise WebhookError(message)
    if len(body) > MOST_ANSWER_BYTES:
        message = f"the body has {len(body)} bytes, and {MOST_ANSWER_BYTES} are the most"
        raise WebhookError(message)
    return Response(200, dict(headers), body)


def _list_providers(session: Session, alias: str | None) -> Sequence[Provider]:
    """Return the provider of a name, or all that have a webhook.

    Raises:
        ConfigError: there is none.
    """
    if alias is not None:
        return (session.provider(alias),)
    found = [item for item in session.providers.values() if item.webhook is not None]
    if not found:
        message = "no provider has a webhook; set providers.NAME.webhook, or name the provider"
        raise ConfigError(message)
    return found


def _find_entry(session: Session, provider: Provider, delivery: Response) -> Steps[Entry]:
    """Return the journal's row of the job that a delivery is about, once its signature is checked.

    Raises:
        UnsupportedError: the adapter reads no webhooks.
        WebhookError: the delivery is not genuine, or is about no job of the journal.
    """
    operation = find_operation(provider.adapter, "webhook")
    if operation is None:
        message = f"{provider.alias} reads no webhooks; its jobs are polled"
        raise UnsupportedError(message)
    secret = provider.find_webhook_secret().reveal()
    attempt = Attempt(session, provider, "webhook")
    ask = partial(_ask, session, attempt)
    try:
        named = yield from drive(attempt, ask, operation, delivery, secret, session.clock.now())
    except WebhookError as error:
        message = f"{provider.alias}: {error.message}"
        raise WebhookError(message) from error
    if not isinstance(named, str) or not named:
        message = f"{provider.alias}: the delivery names no task"
        raise WebhookError(message)
    journal = require_journal(session)
    entry: Entry | None = yield Ask(journal, lambda journal: journal.find(named, provider.alias))
    if entry is None:
        message = f"{provider.alias}: the journal has no job with the id {named!r}"
        raise WebhookError(message)
    return entry


def _ask(session: Session, attempt: Attempt, request: Request) -> Steps[Response]:
    """Return the keys that a vendor signs with, asked for once in ten minutes."""
    now = session.clock.now()
    expires, response = session.webhook_keys.get(request.url, (now, None))
    if response is not None and now < expires:
        return response
    response = yield from send(attempt, request)
    if not response.ok:
        raise diagnose(response)
    session.webhook_keys[request.url] = (now + _KEYS_HOLD, response)
    return response
