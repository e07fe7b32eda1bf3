"""What the blocking and the async driver know of one database: its address, its clock, its errors."""

from __future__ import annotations

import logging
import math
import os
import re
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit, urlunsplit

from anyvideo.errors import ConfigError, JournalError

# How long the distance of two clocks is used before it is measured again, in seconds.
_MEASURED_HOLDS = 30.0
MOST_CONNECTIONS = 8
# How often a server that does not answer is tried again while it is opened, in seconds.
TRY_AGAIN = 0.2
# What a server says that takes no connection at this moment. It refuses all others for good.
_PASSING = ("the database system is", "too many", "remaining connection slots")
# What stands before the reason; the message has the address already, but not that of a socket.
_FRAME = re.compile(
    r"^(connection (failed|is bad): )?"
    r"(connection to server (at .*? failed: |.*? failed: (?=FATAL)))?(FATAL: +)?"
)
_SECRETS = ("password", "sslpassword")


class Database:
    """One database that holds a journal; `patience` is how long it is waited for, in seconds.

    Raises:
        ConfigError: the extra `postgres` is not installed.
    """

    def __init__(self, url: str, patience: float) -> None:
        try:
            import psycopg  # noqa: PLC0415 (an extra)
            from psycopg_pool import PoolTimeout  # noqa: PLC0415 (the same)
        except ImportError as error:
            message = (
                "a journal in Postgres needs the extra postgres: pip install 'anyvideo[postgres]'"
            )
            raise ConfigError(message) from error
        self.url, self.path, self.patience = url, hide_password(url), patience
        # Each failed connection is a line of its log; without a handler, Python would print it.
        logging.getLogger("psycopg.pool").addHandler(logging.NullHandler())
        self._errors = (psycopg.Error, OSError, ValueError)
        self._timeout = PoolTimeout
        self._lost = psycopg.OperationalError
        self._unprivileged = psycopg.errors.InsufficientPrivilege
        self._process = os.getpid()
        self._offset = 0.0
        self._measured: float | None = None

    @property
    def connection_options(self) -> dict[str, Any]:
        """How a connection is opened."""
        return {
            "autocommit": True,
            "application_name": "anyvideo",
            "connect_timeout": max(2, math.ceil(self.patience)),
        }

    @property
    def pool_options(self) -> dict[str, Any]:
        """How a pool of connections is opened."""
        return {
            "min_size": 0,
            "max_size": MOST_CONNECTIONS,
            "timeout": self.patience,
            "reconnect_timeout": self.patience,
            "kwargs": self.connection_options,
            "open": False,
        }

    @property
    def is_own(self) -> bool:
        """Whether this is the process that opened the journal."""
        return os.getpid() == self._process

    def check_process(self) -> None:
        """Check that this is the process that opened the journal, or raise a JournalError."""
        if not self.is_own:
            message = f"journal {self.path} was opened before a fork; open another client after it"
            raise JournalError(message)

    @property
    def was_measured(self) -> bool:
        """Whether the distance of the clocks has ever been known."""
        return self._measured is not None

    @property
    def is_measured(self) -> bool:
        """Whether the distance of the clocks is known well enough."""
        measured = self._measured
        return measured is not None and time.monotonic() - measured < _MEASURED_HOLDS

    def note_clock(self, moment: float) -> None:
        """Note the database's time, as it is now."""
        self._offset, self._measured = moment - time.time(), time.monotonic()

    def adjust(self, now: float) -> float:
        """Return the time by the database's clock at a moment of the system's clock."""
        return now + self._offset

    def may_pass(self, error: Exception, deadline: float) -> bool:
        """Say whether a connection that failed is tried again: not where the server refuses it."""
        return time.monotonic() + TRY_AGAIN < deadline and not _is_refused(str(error))

    def may_write_again(self, error: JournalError, deadline: float) -> bool:
        """Say whether a write is made again that can be made twice: where its connection was lost."""
        lost = isinstance(error.__cause__, self._lost)
        return lost and self.may_pass(error, deadline)

    @contextmanager
    def guard(self) -> Generator[None]:
        """Turn what psycopg raises into a JournalError of one line, without the password."""
        try:
            yield
        except self._errors as error:
            reason = self._read_reason(error)
            advice = "see that the server runs and its address is right"
            if isinstance(error, self._unprivileged):
                advice = (
                    "grant its user SELECT, INSERT and UPDATE on the tables anyvideo_job and"
                    " anyvideo_version, and to make them, CREATE on the schema"
                )
            elif _is_refused(str(error)):
                advice = "correct the address, or what the server allows its user"
            message = f"journal {self.path}: {reason}; {advice}"
            raise JournalError(message) from error

    def _read_reason(self, error: Exception) -> str:
        """Return the first line of an error; libpq quotes an address that it cannot read."""
        if isinstance(error, self._timeout):
            return f"no connection within {self.patience:g} s"
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        reason = _FRAME.sub("", lines[0]) if lines else type(error).__name__
        for secret in (self.url, *_find_secrets(self.url)):
            reason = reason.replace(secret, self.path if secret == self.url else "***")
        return reason


def _is_refused(said: str) -> bool:
    """Say whether the server refused a connection for good."""
    return "FATAL" in said and not any(words in said for words in _PASSING)


def hide_password(url: str) -> str:
    """Return an address without its password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "postgresql://..."
    host = parts.netloc.rpartition("@")[2]
    user = f"{parts.username}@" if parts.username else ""
    return urlunsplit((parts.scheme, f"{user}{host}", parts.path, "", ""))


def _find_secrets(url: str) -> set[str]:
    """Return the passwords of an address, as they are written and as they are meant."""
    login = url.partition("://")[2].rpartition("@")[0]
    written = {login.partition(":")[2]}
    for name, values in parse_qs(url.partition("?")[2]).items():
        written.update(values if name in _SECRETS else ())
    return {*written, *map(unquote, written)} - {""}
