"""Reads the text files that people write: settings, jobs and plans."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# The largest file of settings, a job or a plan, in bytes. A job may hold its images as data: URLs.
MOST_TEXT = 64 << 20


def read_text(path: Path, encoding: str = "utf-8", limit: int = MOST_TEXT) -> str:
    """Return the text of a regular file of at most `limit` bytes.

    Raises:
        OSError: it cannot be read, is no file (such as a pipe or a device), or is too large.
        UnicodeDecodeError: it is not text in this encoding.
    """
    # A pipe without a writer would be waited for, so it is opened without blocking.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 (a descriptor has no path)
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no file", str(path))
        text = file.read(limit + 1)
    if len(text) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit} bytes", str(path))
    return text.decode(encoding)
