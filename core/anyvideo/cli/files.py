"""The small text files that a caller names: jobs, plans, lists of jobs."""

from __future__ import annotations

from pathlib import Path

from anyvideo.errors import JobError


def read_text(name: str, what: str) -> str:
    """Return the text of a file; `what` says in errors what it should hold.

    Raises:
        JobError: it cannot be read.

    """
    try:
        return Path(name).read_text("utf-8-sig")
    except OSError as error:
        message = f"{what} {name} cannot be read: {error.strerror}"
        raise JobError(message) from error
    except UnicodeDecodeError as error:
        message = f"{what} {name} is not UTF-8 text"
        raise JobError(message) from error


def write_text(name: str, text: str) -> None:
    """Write a file, in a folder that is made if it is missing.

    Raises:
        JobError: it cannot be written.

    """
    path = Path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        message = f"{name} cannot be written: {error.strerror}; name another file"
        raise JobError(message) from error
