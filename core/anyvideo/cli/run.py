"""One run of the program: what its commands share, and what must be closed at its end."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from anyvideo.client.sync import Client
    from anyvideo.journal.entry import Entry


class Run:
    """What is known of a run: `json` if a program reads along, `sandbox` if nothing is real.

    Leaving it closes the client, its connections, its journal and its sandbox. A plain class, because attrs would take a third of the time of `anyvideo --help`.
    """

    def __init__(self) -> None:
        self.json = False
        self.sandbox = False
        self.client: Client | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def listen(self) -> None:
        """Show what anyvideo logs, such as a plugin that is left out: a line on stderr for each."""
        logger, handler = logging.getLogger("anyvideo"), _LineHandler(logging.WARNING)
        logger.addHandler(handler)
        self._stack.callback(logger.removeHandler, handler)

    def open_client(
        self, config: str | None, *, sandbox: bool = False, sends: bool = True
    ) -> Client:
        """Return a client that is closed with the run; one that sends nothing needs no journal.

        Raises:
            ConfigError: something in the settings is wrong; lists all of it.
            JournalError: the journal cannot be used.

        """
        from anyvideo.client.sync import Client  # noqa: PLC0415 (httpx is not needed for --help)

        self.listen()
        self.sandbox = sandbox
        self.client = Client(config, sandbox=sandbox, journal="default" if sends else None)
        self._stack.callback(self.client.close)
        return self.client

    def find_job(self) -> Entry | None:
        """Return the journal's entry of the job that this run worked on last, if it did on any."""
        session = self.client.session if self.client else None
        if session is None or session.journal is None or not session.fences:
            return None
        return session.journal.find(list(session.fences)[-1])


class _LineHandler(logging.Handler):
    """Writes one line for each record, and never a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        reason = f" ({type(error).__name__}: {error})" if error else ""
        click.echo(f"anyvideo: {' '.join(record.getMessage().split())}{reason}", err=True)
