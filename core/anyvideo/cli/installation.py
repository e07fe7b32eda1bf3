"""What this installation consists of, and whether each part works: the checks of `doctor`."""

from __future__ import annotations

import os
import platform
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from attrs import frozen

from anyvideo.adapters.registry import Registry, load_registry
from anyvideo.cli.commands.jobs import is_open
from anyvideo.cli.views.text import format_duration, format_moment, format_source
from anyvideo.config.accounts import find_providers
from anyvideo.config.load import load_config
from anyvideo.config.places import find_home, find_journal
from anyvideo.config.provider import Provider
from anyvideo.config.schema import Config
from anyvideo.errors import AnyVideoError, ConfigError
from anyvideo.journal.opening import is_address, open_journal
from anyvideo.session.clock import SystemClock

State = Literal["ok", "note", "problem"]
_PACKAGES = ("anyvideo", "attrs", "cattrs", "click", "httpx", "pluggy", "rich")
# Two clocks that agree to this many seconds count as one: some file systems keep whole seconds.
_TOLERANCE = 3.0
# How long a database is waited for, in seconds.
_PATIENCE = 2.0


@frozen
class Check:
    """One fact about the installation.

    Attributes:
        name: What was looked at.
        state: "note" for what is worth knowing and no problem.
        detail: What was found, and for a problem what to do.

    """

    name: str
    state: State
    detail: str


def check_installation(config: str | None) -> list[Check]:
    """Return what was found about versions, settings, plugins, keys, journal and clock."""
    checks = list(_check_versions())
    settings, problems = _read(lambda: load_config(config))
    checks += [Check("settings", "problem", problem) for problem in problems]
    if settings is not None:
        checks.append(Check("settings", "ok", format_source(settings)))
    registry = load_registry(settings.plugins.blocked if settings else ())
    registry.check_offers()
    checks += _check_plugins(registry)
    checks += _check_keys(settings or Config(), registry)
    folder = find_home()
    latest: list[float] = []
    checks += _check_journal(find_journal(settings.journal if settings else None), latest)
    checks += _check_clock(folder, max(latest, default=0.0))
    return checks


def _read(load: Callable[[], Config]) -> tuple[Config | None, tuple[str, ...]]:
    try:
        return load(), ()
    except ConfigError as error:
        return None, error.problems


def _check_versions() -> Iterator[Check]:
    python = f"{platform.python_implementation()} {platform.python_version()}"
    yield Check("python", "ok", f"{python} on {platform.system()} {platform.machine()}")
    yield Check("packages", "ok", ", ".join(f"{name} {version(name)}" for name in _PACKAGES))


def _check_plugins(registry: Registry) -> Iterator[Check]:
    for plugin in registry.plugins:
        if plugin.state in {"failed", "clash"}:
            yield Check("plugin", "problem", f"{plugin.name} ({plugin.origin}): {plugin.error}")
        else:
            state: State = "ok" if plugin.state == "loaded" else "note"
            adapters = ", ".join(plugin.adapters) or plugin.state
            yield Check("plugin", state, f"{plugin.name} ({plugin.origin}): {adapters}")


def _check_keys(config: Config, registry: Registry) -> Iterator[Check]:
    try:
        providers = find_providers(config, registry)
    except ConfigError as error:
        yield from (Check("key", "problem", problem) for problem in error.problems)
        return
    for provider in providers.values():
        yield _check_key(provider, named=provider.alias in config.providers)


def _check_key(provider: Provider, *, named: bool) -> Check:
    """Say where a provider's key is; a missing one is a problem if the settings name the provider."""
    variable = provider.api_key.env
    if provider.find_key() is None:
        state: State = "problem" if named else "note"
        return Check("key", state, f"{provider.alias}: not set; set {variable}")
    try:
        provider.require_key()
    except ConfigError as error:
        return Check("key", "problem", str(error))
    return Check(
        "key", "ok", f"{provider.alias}: set {f'in {variable}' if variable else 'in the settings'}"
    )


def _check_journal(place: str, latest: list[float]) -> Iterator[Check]:
    """Read every job; `latest` receives the last time that the journal holds."""
    path = Path(place)
    if not is_address(place) and not path.exists():
        folder = next(parent for parent in path.parents if parent.exists())
        if os.access(folder, os.W_OK):
            yield Check("journal", "ok", f"{path}: none yet; the first job makes it")
        else:
            yield Check(
                "journal", "problem", f"{path}: {folder} is not writable; set ANYVIDEO_HOME"
            )
        return
    try:
        with closing(open_journal(place, patience=_PATIENCE)) as journal:
            entries, shown = journal.entries(), getattr(journal, "path", place)
    except AnyVideoError as error:
        yield Check("journal", "problem", str(error))
        return
    latest += [max(entry.created, entry.updated) for entry in entries]
    open_jobs = sum(map(is_open, entries))
    yield Check("journal", "ok", f"{shown}: {len(entries)} jobs, {open_jobs} open")


def _check_clock(folder: Path, latest: float) -> Iterator[Check]:
    """Compare the system's clock with that of the journal's file system, and with the journal."""
    now = SystemClock().now()
    place = folder if folder.is_dir() and os.access(folder, os.W_OK) else None
    with tempfile.NamedTemporaryFile(dir=place) as file:
        written = os.fstat(file.fileno()).st_mtime
    moment = format_moment(datetime.fromtimestamp(now, UTC))
    if abs(written - now) > _TOLERANCE:
        words = f"the file system is {format_duration(abs(written - now))} off; correct its clock"
        yield Check("clock", "problem", f"{moment}: {words}")
    elif latest > now + _TOLERANCE:
        ahead = format_duration(latest - now)
        words = f"the journal's last time is {ahead} ahead; correct the system's clock"
        yield Check("clock", "problem", f"{moment}: {words}")
    else:
        yield Check("clock", "ok", f"{moment}; agrees with the file system and the journal")
