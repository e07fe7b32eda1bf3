"""The files of a journal: for no other eyes, and still those that were opened.

SQLite goes on writing to a file that no longer has a name, and nobody would find what it writes. A
write-ahead log without its index, or the other way round, shares nothing with other processes.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from attrs import field, frozen

from anyvideo.errors import JournalError
from anyvideo.files.private import tighten, tighten_folder

logger = logging.getLogger("anyvideo")


@frozen
class OpenFiles:
    """The files of a journal as they were when it was opened; none for a journal in memory.

    They are the file, its write-ahead log and the index of that: https://sqlite.org/walformat.html
    """

    identities: Mapping[Path, tuple[int, int]] = field(factory=dict[Path, tuple[int, int]])

    def check(self) -> None:
        """Check that each name still leads to the file that is open.

        Raises:
            JournalError: one does not.
        """
        for place, identity in self.identities.items():
            if _identify(place) != identity:
                message = (
                    f"journal file {place} was removed or replaced while it was open; nothing is "
                    "sent without it. Put the file back, or open another client to begin a new "
                    "journal"
                )
                raise JournalError(message)


def find_files(path: Path | str) -> OpenFiles:
    """Return the files of a journal that was just opened."""
    if path == ":memory:":
        return OpenFiles()
    # A symbolic link may be turned to another file; the log lies beside the file itself.
    whole, named = Path(path).resolve(), Path(path).absolute()
    places = [named, *(whole.with_name(whole.name + suffix) for suffix in ("-wal", "-shm"))]
    found = {place: _identify(place) for place in places}
    return OpenFiles({place: known for place, known in found.items() if known is not None})


def _identify(place: Path) -> tuple[int, int] | None:
    try:
        found = place.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def tighten_files(path: Path) -> None:
    """Take the journal from the eyes of others: its files, and a folder that holds nothing else."""
    names = [f"{path.name}{end}" for end in ("", "-wal", "-shm")]
    for name in names:
        tighten(path.with_name(name))
    tighten_folder(path.parent, names)


def check_empty(path: Path | str) -> None:
    """Report an empty file where a journal is to be opened: what it held before is lost.

    Raises:
        JournalError: its write-ahead log has entries, which SQLite would delete.
    """
    try:
        whole = Path(path).resolve(strict=True)
        if whole.stat().st_size:
            return
        log = whole.with_name(f"{whole.name}-wal")
        written = log.stat().st_size if log.exists() else 0
    except FileNotFoundError:
        return
    if written:
        message = (
            f"journal {path} is empty, and its log {log.name} is not; restore the file, or move both"
            " to begin a new journal"
        )
        raise JournalError(message)
    logger.warning("journal %s is an empty file; a new journal begins in it", path)


def retry_while_locked(work: Callable[[], object], patience: float) -> None:
    """Do what SQLite does not wait for by itself while another process creates the same file."""
    deadline = time.monotonic() + patience
    while True:
        try:
            work()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
