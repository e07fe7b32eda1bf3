"""Where a video goes: the named file, a file named after the prompt, or standard output."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Container
from contextlib import redirect_stdout
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from attrs import frozen

from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import short_ref
from anyvideo.cli.planned_job import PlannedJob
from anyvideo.cli.views.table import echo
from anyvideo.cli.views.text import format_path
from anyvideo.files.part_file import PartFile
from anyvideo.journal.protocol import JournalLike
from anyvideo.run.records import require_journal
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Video

_STDOUT = "-"
_FOLDER = "anyvideo-stdout-"
_WORD = re.compile(r"[^\W_]+")
_LONGEST_NAME = 40


@frozen
class Destination:
    """Where the video of one run goes.

    Attributes:
        path: The file to write. A slash at its end means a folder.
        chosen: The file's name if it was chosen here; "" if the user named it.
        to_stdout: Whether the file is only a stop on the way to standard output.

    """

    path: str
    chosen: str = ""
    to_stdout: bool = False

    def deliver(self, context: CliContext, video: Video) -> None:
        """Write the video to standard output, if it goes there.

        Raises:
            BrokenPipeError: the reader is gone; the line on stderr says how to get the video.

        """
        try:
            with video.path.open("rb") as file:
                shutil.copyfileobj(file, context.stdout.buffer)
            context.stdout.buffer.flush()
        except BrokenPipeError:
            if not context.sandbox:
                ref = short_ref(video.task.ref)
                again = f"anyvideo resume {ref} -o FILE"
                echo(f"anyvideo: the reader closed the pipe; download again: {again}", err=True)
            raise


def check_output(context: CliContext, output: str | None, *, overwrite: bool) -> None:
    """Check -o before anything is planned; for standard output, send all other output to stderr.

    Raises:
        UsageError: standard output is a terminal or is for JSON, or --overwrite has no file.

    """
    problem = ""
    if output is None and overwrite:
        problem = "--overwrite needs -o FILE; a name that is chosen for you never overwrites"
    elif output == _STDOUT and context.json:
        problem = "-o - and --json both write to standard output; drop one"
    elif output == _STDOUT and context.stdout.isatty():
        problem = "-o - writes a video, and standard output is a terminal; name a file or a pipe"
    if problem:
        raise click.UsageError(problem, click.get_current_context())
    if output == _STDOUT:
        context.enter(redirect_stdout(sys.stderr))


def choose_destination(
    context: CliContext, output: str | None, planned: PlannedJob, key: str | None
) -> Destination:
    """Return where the video goes; a repeated `key` keeps the file that its job was to write.

    The journal keeps the path, so it is absolute.
    """
    if output == _STDOUT:
        folder = context.enter(TemporaryDirectory(prefix=_FOLDER, ignore_cleanup_errors=True))
        return Destination(os.path.join(folder, "video.mp4"), to_stdout=True)  # noqa: PTH118 (as below)
    if output is not None:
        return Destination(os.path.join(Path.cwd(), output))  # noqa: PTH118 (keeps a slash at the end)
    journal = require_journal(planned.client.session)
    path = _find_planned(journal, key) or _choose_path(planned, _list_planned(journal))
    return Destination(str(path), chosen=format_path(path))


def is_for_stdout(path: Path) -> bool:
    """Say whether a path of the journal was only a stop on the way to standard output."""
    return path.parent.name.startswith(_FOLDER)


def _find_planned(journal: JournalLike, key: str | None) -> Path | None:
    """Return the file that the job of a key was to write and has not written."""
    entry = journal.get(key) if key else None
    path = Path(entry.path) if entry and entry.path else None
    return None if path is None or is_for_stdout(path) or path.exists() else path


def _list_planned(journal: JournalLike) -> set[str]:
    """Return the files that unfinished jobs are to write."""
    open_states = [status for status in Status if not status.final]
    return {entry.path for entry in journal.entries(open_states) if entry.path}


def _choose_path(planned: PlannedJob, planned_files: Container[str]) -> Path:
    """Return a file named by the prompt, or else the model, that no file and no open job has."""
    plan, number = planned.plan, 1
    stem = _shorten(plan.job.prompt) or _shorten(plan.offer.model)
    while True:
        path = Path.cwd() / f"{stem}{f'-{number}' if number > 1 else ''}.mp4"
        used = path.exists() or PartFile(path).path.exists()
        if not used and str(path) not in planned_files:
            return path
        number += 1


def _shorten(text: str) -> str:
    """Return the first words of a text, joined by dashes."""
    name = ""
    for word in _WORD.findall(text.lower()):
        longer = f"{name}-{word}" if name else word[:_LONGEST_NAME]
        if len(longer) > _LONGEST_NAME:
            break
        name = longer
    return name
