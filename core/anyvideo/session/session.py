"""What one client knows and all its operations share: settings and caches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from attrs import define, field

from anyvideo.adapters.events import Event, EventKind
from anyvideo.adapters.registry import Registry
from anyvideo.config.provider import Provider, trim_base_url
from anyvideo.config.schema import Config
from anyvideo.errors import ConfigError
from anyvideo.journal.budget import Share
from anyvideo.limits import MOST_FILE_BYTES
from anyvideo.model.offer import Offer
from anyvideo.session.clock import Clock, read_moment
from anyvideo.session.waiting import Poll, Retry
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from anyvideo.journal.protocol import JournalLike
    from anyvideo.model.wire import Response


@define
class Session:
    """The shared state of one client; its settings are set once and its caches only grow.

    Attributes:
        config: What the user wrote.
        registry: The plugins.
        providers: The accounts, by alias.
        clock: The source of the time.
        open_journal: Opens the journal, once, when it is first needed.
        retry: When a call is made again.
        limit: The largest video that is downloaded, in bytes.
        shares: What may be spent in a day by those whose jobs' refs begin with a text.
        fences: The fences under which this process writes to the journal, by ref.
        catalogs: The offers of each provider, by alias.
        schedules: When to poll, by offer, and until when (Unix time) that is used.
        webhook_keys: What vendors sign webhooks with, by URL, and until when (Unix time) it is used.
        clock_reported: Whether it was reported that the clock is behind the journal.
    """

    config: Config
    registry: Registry
    providers: Mapping[str, Provider]
    clock: Clock
    open_journal: Callable[[], JournalLike | None] = field(default=lambda: None)
    retry: Retry = field(factory=Retry)
    limit: int = MOST_FILE_BYTES
    shares: tuple[Share, ...] = ()
    fences: dict[str, int] = field(factory=dict[str, int])
    catalogs: dict[str, tuple[Offer, ...]] = field(factory=dict[str, tuple[Offer, ...]])
    schedules: dict[str, tuple[float, Poll]] = field(factory=dict[str, tuple[float, Poll]])
    webhook_keys: dict[str, tuple[float, Response]] = field(
        factory=dict[str, "tuple[float, Response]"]
    )
    clock_reported: bool = False
    _opened: list[JournalLike | None] = field(
        factory=list["JournalLike | None"], init=False, repr=False
    )
    _lock: threading.Lock = field(factory=threading.Lock, init=False, repr=False)

    @property
    def journal(self) -> JournalLike | None:
        """The journal, which opens when it is first needed; None for a client without one.

        Raises:
            JournalError: it cannot be opened.
        """
        with self._lock:
            if not self._opened:
                self._opened.append(self.open_journal())
        return self._opened[0]

    @property
    def opened_journal(self) -> JournalLike | None:
        """The journal if it is open."""
        return self._opened[0] if self._opened else None

    @property
    def row_time(self) -> float:
        """The Unix time by the clock that judges the journal's leases."""
        now = self.clock.now()
        return now if self.journal is None else self.journal.adjust(now)

    @property
    def now(self) -> datetime:
        """The time, in UTC."""
        return read_moment(self.clock)

    @property
    def today(self) -> date:
        """The date in UTC."""
        return self.now.astimezone(UTC).date()

    def provider(self, alias: str) -> Provider:
        """Return a provider by its alias, or raise a ConfigError."""
        if alias not in self.providers:
            message = f"unknown provider {alias!r}; there are {', '.join(self.providers)}"
            raise ConfigError(message)
        return self.providers[alias]

    def provider_of(self, task: Task) -> Provider:
        """Return the provider that a task runs at, or raise a ConfigError if it has changed."""
        provider = self.provider(task.provider or task.adapter)
        same = provider.base_url == trim_base_url(task.base_url)
        if provider.adapter.name != task.adapter or not same:
            message = (
                f"task {task.id or task.ref} runs at {task.adapter} on {task.base_url}, but the "
                f"provider {provider.alias!r} is {provider.adapter.name} on {provider.base_url}; "
                "name that account in the config under its own alias"
            )
            raise ConfigError(message)
        return provider

    def emit(self, kind: EventKind, task: Task | None, provider: str, **details: object) -> None:
        """Call the plugins that listen to events."""
        hook = self.registry.manager.hook.anyvideo_event
        if not hook.get_hookimpls():
            return
        known = {"task_id": task.id, "ref": task.ref, "model": task.model} if task else {}
        self.registry.notify(Event(kind, self.now, provider, details=details, **known))
