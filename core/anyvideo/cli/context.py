"""What the commands of one run share, and what is closed at its end."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from traceback import format_exception_only
from typing import TYPE_CHECKING, Self, TypeVar

import click

from anyvideo.cli.exits import short_ref
from anyvideo.errors import JournalError
from anyvideo.printable import make_line

if TYPE_CHECKING:
    from anyvideo.client.sync import Client
    from anyvideo.journal.entry import Entry
    from anyvideo.journal.history import Durations
    from anyvideo.tasks.task import Task

T = TypeVar("T")
_REF = re.compile(r"\b[0-9a-f]{32}\b")


class CliContext:
    """One run of the program; leaving it closes the client with its journal and its sandbox.

    A plain class, because attrs would take a third of the time of `anyvideo --help`.

    Attributes:
        json: Whether the output is JSON for a program.
        quiet: Whether only results and errors are printed.
        sandbox: Whether the jobs run in the local sandbox.
        attempts: How many plans went on to be sent.
        client: The client, once a command has opened it.
        task: The job that the command resumes, once it is known.
        stdout: Standard output as the run found it.
    """

    def __init__(self) -> None:
        self.json = False
        self.quiet = False
        self.sandbox = False
        self.attempts = 0
        self.client: Client | None = None
        self.task: Task | None = None
        self.stdout = sys.stdout
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def enter(self, manager: AbstractContextManager[T]) -> T:
        """Enter a context that is left at the end of the run."""
        return self._stack.enter_context(manager)

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

    def read_durations(self) -> Mapping[str, Durations]:
        """Return how long the journal's jobs took, by offer."""
        from anyvideo.config.places import find_journal  # noqa: PLC0415 (not for --help)
        from anyvideo.journal.history import read_durations  # noqa: PLC0415 (the same)

        named = self.client.session.config.journal if self.client else None
        return read_durations(find_journal(named))

    def print_hint(self, text: str) -> None:
        """Print a line that is not a result: where the rest is, or what to do next."""
        if not self.quiet:
            from anyvideo.cli.views.table import echo, style  # noqa: PLC0415 (attrs, not for --help)

            echo(style(text, dim=True))

    def find_entry(self, error: BaseException) -> Entry | None:
        """Return the journal's entry of the job that an error concerns, if there is one.

        Raises:
            JournalError: the journal cannot be read.
        """
        task: Task | None = getattr(error, "task", None) or self.task
        if task is None or self.client is None or (journal := self.client.session.journal) is None:
            return None
        return journal.get(task.ref)

    def shorten_refs(self, text: str) -> str:
        """Return a text in which the generated refs of the journal's jobs are short."""
        journal = self.client.session.opened_journal if self.client else None
        if journal is None:
            return text
        try:
            known = {ref for ref in _REF.findall(text) if journal.get(ref) is not None}
        except JournalError:  # a ref is as good as its start
            return text
        return _REF.sub(lambda found: short_ref(found[0]) if found[0] in known else found[0], text)


class _StderrLog(logging.Handler):
    """Writes one line for each record, without a traceback."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        # Unlike str, it writes an error whose message cannot be shown.
        reason = f" ({format_exception_only(error)[-1].strip()})" if error else ""
        line = make_line(f"anyvideo: {record.getMessage()}{reason}")
        click.echo(line, err=True)  # noqa: TID251 (made printable)
