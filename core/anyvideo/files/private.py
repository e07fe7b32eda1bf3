"""Files that only their owner can read, whatever the umask; Windows has no such permissions."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

_OTHERS = 0o077


def open_private(path: Path, mode: str, encoding: str | None = None) -> IO[Any]:
    """Open a file as `open` does: a new one is 0600 from its first moment, an older one from now."""
    return open(path, mode, encoding=encoding, opener=_open)


def _open(path: str, flags: int) -> int:
    tighten(Path(path))
    return os.open(path, flags, 0o600)


def create_private(path: Path) -> None:
    """Create an empty file with 0600, unless there is one.

    It is closed before it gets its name: whoever closes a file gives up every lock that its process
    holds on it, and another thread may use the file at once.
    """
    if path.exists():
        return
    import tempfile  # noqa: PLC0415 (only for the first job of an installation)

    descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
    os.close(descriptor)
    try:
        # Another process was first, or the disk has no links; then it has no permissions either.
        with suppress(OSError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def tighten(path: Path) -> None:
    """Take all rights on a file or folder from others, if it is there and ours."""
    if os.name == "posix":
        with suppress(FileNotFoundError, PermissionError):
            mode = path.stat().st_mode
            if mode & _OTHERS and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                path.chmod(mode & 0o700)


def tighten_folder(folder: Path, own: Iterable[str]) -> None:
    """Take all rights on a folder from others, if it holds nothing but our own files."""
    with suppress(PermissionError):
        if set(os.listdir(folder)) <= set(own):  # noqa: PTH208 (only the names are of interest)
            tighten(folder)


def loosen(path: Path) -> None:
    """Give a file the permissions that a new one gets beside it, by the umask and the folder."""
    probe = path.with_name(f"{path.name}.new")
    probe.open("wb").close()
    usual = stat.S_IMODE(probe.stat().st_mode)
    probe.unlink()
    if usual != stat.S_IMODE(path.stat().st_mode):
        path.chmod(usual)
