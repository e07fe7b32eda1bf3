"""The unfinished file beside the target, and what it is a part of."""

from __future__ import annotations

import errno
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from anyvideo.errors import DownloadError
from anyvideo.files.private import loosen, open_private
from anyvideo.files.spans import read_total
from anyvideo.model.wire import Response
from anyvideo.tasks.task import Task

if TYPE_CHECKING:
    from filelock import FileLock

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@frozen
class PartFile:
    """The files of an unfinished download.

    `.part` has the bytes, `.part.json` says what they belong to, and `.part.lock` is locked.
    """

    target: Path

    @property
    def path(self) -> Path:
        """The file with the bytes."""
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def note(self) -> Path:
        """The file that says what the bytes belong to."""
        return self.target.with_name(f"{self.target.name}.part.json")

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return self.path.stat().st_size if self.path.exists() else 0

    def read(self, task: Task) -> tuple[int, str | None, int | None]:
        """Return how much of this task's file has arrived, its ETag, and how long the whole is.

        That is nothing without a strong ETag; the length may be unknown.
        """
        nothing = (0, None, None)
        try:
            note: Any = json.loads(self.note.read_text("utf-8"))
            etag = note["etag"] if note["of"] == _name(task) else None
            total, size = note.get("total"), self.size
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return nothing
        if not isinstance(etag, str) or not size:
            return nothing
        return size, etag, total if isinstance(total, int) else None

    def write(self, data: bytes) -> None:
        """Write a file that came whole, inside an answer."""
        self.forget()
        with open_private(self.path, "wb") as file:
            file.write(data)

    def lock(self) -> FileLock:
        """Keep other downloads from writing the part, until `release` is called with the result.

        Raises:
            DownloadError: another download is writing it.
        """
        from filelock import FileLock, Timeout  # noqa: PLC0415 (slow to import)

        # The async client locks and releases in different threads.
        lock = FileLock(f"{self.path}.lock", timeout=0, mode=0o600, thread_local=False)
        try:
            lock.acquire()
        except Timeout as error:
            message = f"another process is downloading to {self.target}; wait for it"
            raise DownloadError(message) from error
        return lock

    def release(self, lock: FileLock) -> None:
        """Let others write the part; remove it if it is empty."""
        if not self.size:
            self.path.unlink(missing_ok=True)
        with suppress(PermissionError):  # Windows removes no file that is open
            Path(lock.lock_file).unlink(missing_ok=True)  # before another download can hold it
        lock.release()

    def remember(self, task: Task, response: Response) -> None:
        """Note what the bytes belong to; only a strong ETag of unencoded bytes can join two parts."""
        etag = response.headers.get("etag", "")
        plain = response.headers.get("content-encoding", "identity") == "identity"
        strong = etag if etag and not etag.startswith("W/") and plain else None
        note = {"of": _name(task), "etag": strong, "total": read_total(response)}
        with open_private(self.note, "w", "utf-8") as file:
            json.dump(note, file)

    def forget(self) -> None:
        """Make the next attempt start from the beginning."""
        self.note.unlink(missing_ok=True)

    def finish(self, *, overwrite: bool) -> None:
        """Make the part the target, durably and with the permissions of any new file.

        Raises:
            DownloadError: another program has written the target meanwhile.
        """
        with self.path.open("r+b") as file:
            os.fsync(file.fileno())
        if not overwrite and holds_something(self.target):
            message = f"{self.target} was written by another program meanwhile; download again to"
            message += f" another file, or use {self.path}"
            raise DownloadError(message)
        loosen(self.path)
        self.path.replace(self.target)
        self.forget()
        _sync_folder(self.target.parent)


def _name(task: Task) -> str:
    return f"{task.id} at {task.base_url}"


def _sync_folder(folder: Path) -> None:
    """Make a rename durable, where the system can sync folders."""
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

    A folder gets a file named after `name`; missing folders are created.

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
            open_private(part, "ab").close()
        else:
            open_private(part, "xb").close()
            part.unlink()
    except (OSError, ValueError) as error:
        raise DownloadError(explain(target, error)) from error
    return target


def explain(target: Path, error: Exception) -> str:
    """Return why a file cannot be written, and what to do about it."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return f"no space left for {target}; make room and download it again"
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return f"{target} cannot be written ({reason}); name another file"
