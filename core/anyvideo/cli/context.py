"""What the commands of one run share, and what is closed at its end."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self

import click

if TYPE_CHECKING:
    from anyvideo.client.sync import Client
    from anyvideo.journal.entry import Entry
    from anyvideo.tasks.task import Task


class CliContext:
    """One run of the program; leaving it closes the client with its journal and its sandbox.

    A plain class, because attrs would take a third of the time of `anyvideo --help`.

    Attributes:
        json: Whether the output is JSON for a program.
        sandbox: Whether the jobs run in the local sandbox.
        client: The client, once a command has opened it.
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

    def show_warnings(self) -> None:
        """Write what anyvideo logs, such as a plugin that is left out, to stderr, a line each."""
        logger, handler = logging.getLogger("anyvideo"), _StderrLog(logging.WARNING)
        logger.addHandler(handler)
        self._stack.callback(logger.removeHandler, handler)

    def open_client(
        self, config: str | None, *, sandbox: bool = False, sends: bool = True
    ) -> Client:
        """Return a client that closes with the run; one that sends nothing needs no journal.

        Raises:
            ConfigError: a setting is wrong; lists every problem.
            JournalError: the journal cannot be used.
        """
        from anyvideo.client.sync import Client  # noqa: PLC0415 (httpx is not needed for --help)

        self.show_warnings()
        self.sandbox = sandbox
        self.client = Client(config, sandbox=sandbox, journal="default" if sends else None)
        self._stack.callback(self.client.close)
        return self.client

    def find_entry(self, error: BaseException) -> Entry | None:
        """Return the journal's entry of the job that an error concerns, if there is one."""
        task: Task | None = getattr(error, "task", None)
        journal = self.client.session.journal if self.client else None
        return journal.get(task.ref) if journal is not None and task is not None else None


class _StderrLog(logging.Handler):
    """Writes one line for each record, without a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        reason = f" ({type(error).__name__}: {error})" if error else ""
        click.echo(f"anyvideo: {' '.join(record.getMessage().split())}{reason}", err=True)
