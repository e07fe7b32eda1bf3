"""Where the videos of a fleet go: a folder, or any place that fsspec reaches."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import uuid4

from anyvideo.errors import ConfigError, DownloadError


def is_url(place: str) -> bool:
    """Say whether a place is reached through fsspec, and is not a path of this machine."""
    return "://" in place


def join_place(base: str, target: str) -> str:
    """Return where a video goes: its own URL or absolute path, or else a place below the base."""
    if is_url(target) or Path(target).is_absolute():
        return target
    return f"{base.rstrip('/')}/{target}" if is_url(base) else str(Path(base, target))


def check_place(place: str) -> None:
    """Check that videos can be written to a folder or URL.

    Raises:
        ConfigError: they cannot; for a URL, its driver is missing or does not take it.
    """
    if is_url(place):
        _open_place(place)
        return
    try:
        Path(place).mkdir(parents=True, exist_ok=True)
        writable = os.access(place, os.W_OK)
        reason = "it is read-only"
    except OSError as error:
        writable, reason = False, error.strerror or str(error)
    if not writable:
        message = f"{place} cannot hold the results ({reason}); name another folder"
        raise ConfigError(message)


def _open_place(url: str) -> tuple[Any, str]:
    core: Any = import_module("fsspec.core")  # of an extra, without types
    try:
        found: tuple[Any, str] = core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        message = f"{hide_secrets(url)}: {error}"
        raise ConfigError(message) from error
    return found


def hide_secrets(url: str) -> str:
    """Return a URL without a user and a query, which may hold keys."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("?")[0].partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def exists(place: str) -> bool:
    """Say whether there is something at the place of a video.

    Raises:
        DownloadError: the place does not answer.
    """
    if not is_url(place):
        return Path(place).exists()
    try:
        system, path = _open_place(place)
        return bool(system.exists(path))
    except Exception as error:
        raise _explain(place, error) from error


def publish(local: Path, url: str) -> None:
    """Move a checked file to a URL, where it appears whole: it is written under another name first.

    Raises:
        DownloadError: it could not be written.
    """
    try:
        system, path = _open_place(url)
        parent, _, name = path.rpartition("/")
        system.makedirs(parent or "/", exist_ok=True)
        _put(system, local, f"{parent}/.{name}.{uuid4().hex[:8]}.part", path)
    except Exception as error:
        raise _explain(url, error) from error
    local.unlink(missing_ok=True)


def _put(system: Any, local: Path, unfinished: str, path: str) -> None:  # noqa: ANN401 (fsspec has no types)
    """Write a file under a passing name, check its size, and give it its own name."""
    try:
        system.put_file(str(local), unfinished)
        size, whole = system.info(unfinished)["size"], local.stat().st_size
        if size != whole:
            message = f"{size} of {whole} bytes arrived"
            raise OSError(message)  # noqa: TRY301 (what was written is removed below)
        system.mv(unfinished, path)
    except BaseException:
        with suppress(Exception):  # the error that came first is the one to explain
            system.rm_file(unfinished)
        raise


def _explain(url: str, error: Exception) -> DownloadError:
    reason = str(error) or type(error).__name__
    return DownloadError(f"{hide_secrets(url)} cannot be written: {reason}")
