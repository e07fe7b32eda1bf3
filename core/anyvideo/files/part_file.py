"""The unfinished file beside the target: what has arrived, and of what it is a part."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from attrs import frozen

from anyvideo.errors import DownloadError
from anyvideo.model.wire import Response
from anyvideo.tasks.task import Task

# Windows has no such locks; there, two downloads to one file are the user's to avoid.
_LOCKS: Any = import_module("fcntl") if find_spec("fcntl") else None
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@frozen
class PartFile:
    """Where a download is gathered: `.part` for the bytes, `.part.json` for what they belong to."""

    target: Path

    @property
    def path(self) -> Path:
        """Where the bytes are."""
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def note(self) -> Path:
        """Where it is written what they belong to."""
        return self.target.with_name(f"{self.target.name}.part.json")

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return self.path.stat().st_size if self.path.exists() else 0

    def read(self, task: Task) -> tuple[int, str | None]:
        """Return how much of this task's file is here and its ETag; nothing without a strong one."""
        try:
            note: Any = json.loads(self.note.read_text("utf-8"))
            etag = note["etag"] if note["of"] == _name(task) else None
            size = self.size
        except (OSError, ValueError, LookupError, TypeError):
            return 0, None
        return (size, etag) if isinstance(etag, str) and size else (0, None)

    def lock(self) -> BinaryIO:
        """Keep other processes from writing the part, until `release` is called with the result.

        Raises:
            DownloadError: another one is writing it.

        """
        while True:
            file = self.path.open("ab")
            if _LOCKS is None:
                file.close()
                return file
            try:
                _LOCKS.flock(file, _LOCKS.LOCK_EX | _LOCKS.LOCK_NB)
            except OSError as error:
                file.close()
                message = f"another process is downloading to {self.target}; wait for it"
                raise DownloadError(message) from error
            # Whoever had it until now may have made it the target meanwhile.
            if self._is(file):
                return file
            file.close()

    def _is(self, file: BinaryIO) -> bool:
        with suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(file.fileno()), self.path.stat())
        return False

    def release(self, lock: BinaryIO) -> None:
        """Let others write the part; one that is empty goes."""
        if not self.size:
            self.path.unlink(missing_ok=True)
        lock.close()

    def remember(self, task: Task, response: Response) -> None:
        """Note what the bytes belong to; a weak ETag cannot join two parts, nor can encoded ones."""
        etag = response.headers.get("etag", "")
        plain = response.headers.get("content-encoding", "identity") == "identity"
        strong = etag if etag and not etag.startswith("W/") and plain else None
        self.note.write_text(json.dumps({"of": _name(task), "etag": strong}), "utf-8")

    def forget(self) -> None:
        """Let the next attempt begin anew."""
        self.note.unlink(missing_ok=True)

    def finish(self, *, overwrite: bool) -> None:
        """Make the part the target, durably.

        Raises:
            DownloadError: somebody else has made the target meanwhile.

        """
        with self.path.open("r+b") as file:
            os.fsync(file.fileno())
        if not overwrite and holds_something(self.target):
            message = f"{self.target} was written by another program meanwhile; download again to"
            message += f" another file, or use {self.path}"
            raise DownloadError(message)
        self.path.replace(self.target)
        self.forget()
        _sync_folder(self.target.parent)


def _name(task: Task) -> str:
    return f"{task.id} at {task.base_url}"


def _sync_folder(folder: Path) -> None:
    """Make a rename durable where folders can be synced."""
    with suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def holds_something(path: Path) -> bool:
    """Say whether a file exists and is not empty."""
    return path.exists() and path.stat().st_size > 0


def prepare(to: str | os.PathLike[str], *, overwrite: bool = False, name: str = "video") -> Path:
    """Return the path of the file to write, after checking that it can be written.

    A folder gets a file called after `name`; folders that are missing are made.

    Raises:
        DownloadError: it exists and holds something, or cannot be written.

    """
    target = Path(to)
    try:
        if target.is_dir() or str(to).endswith(os.sep):
            target /= f"{''.join(c if c.isalnum() else '-' for c in name)}.mp4"
        if not overwrite and holds_something(target):
            message = f"{target} exists; name another file, or allow overwriting"
            raise DownloadError(message, advice="overwrite")
        target.parent.mkdir(parents=True, exist_ok=True)
        part = PartFile(target).path
        if part.exists():
            part.open("ab").close()
        else:
            part.open("xb").close()
            part.unlink()
    except (OSError, ValueError) as error:
        raise DownloadError(explain(target, error)) from error
    return target


def explain(target: Path, error: Exception) -> str:
    """Return why a file could not be written, and what to do about it."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return f"no space left for {target}; make room and download it again"
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"{target} cannot be written ({reason}); name another file"
