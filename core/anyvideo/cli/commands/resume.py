"""`anyvideo resume`: finish jobs that were interrupted, resolve one that is ambiguous."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click
from attrs import evolve, frozen

from anyvideo.cli.commands.jobs import is_open
from anyvideo.cli.completion import complete_jobs
from anyvideo.cli.context import CliContext
from anyvideo.cli.destination import is_for_stdout
from anyvideo.cli.exits import ExitCode, exit_code, explain, short_ref, to_json
from anyvideo.cli.options import config_option, delivery_options, output_options
from anyvideo.cli.views import video as video_view
from anyvideo.cli.views.progress import report_progress
from anyvideo.cli.views.table import echo, print_json
from anyvideo.cli.views.text import format_path
from anyvideo.client.sync import Client
from anyvideo.errors import AnyVideoError, JournalError
from anyvideo.journal.entry import Entry
from anyvideo.run.records import explain_failure, require_journal
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, Video


@frozen
class _FinishOptions:
    """How jobs are finished; `output` is a folder if there are several."""

    output: str | None
    timeout: float | None
    overwrite: bool

    def find_target(self, task: Task, planned: str | None) -> str:
        """Return where a video goes: where it was planned, or a file named by the job."""
        passes = planned and ("://" in planned or is_for_stdout(Path(planned)))
        known = None if passes else planned
        to = self.output or known or f"{short_ref(task.ref) or 'video'}.mp4"
        # A slash at the end, which means a folder, must stay.
        return os.path.join(Path.cwd(), to)  # noqa: PTH118 (Path drops that slash)


@click.command("resume")
@click.argument("name", metavar="[ID]", required=False, shell_complete=complete_jobs)
@click.option("--all", "every", is_flag=True, help="Finish every job that is not finished.")
@click.option("--task-id", metavar="ID", help="The ambiguous job exists: its id at the vendor.")
@click.option("--not-created", is_flag=True, help="The ambiguous job does not exist at the vendor.")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    metavar="FILE",
    help="Where the video goes, if not where planned.",
)
@delivery_options
@config_option
@output_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    name: str | None,
    every: bool,
    task_id: str | None,
    not_created: bool,
    config: str | None,
    **given: Any,  # noqa: ANN401 (the fields of _FinishOptions)
) -> None:
    """Finish a job that was interrupted, or resolve an ambiguous one.

    ID is the job in `anyvideo jobs`, the vendor's id, or a handle as JSON; without it the only
    open job is taken.
    """
    if sum((every, task_id is not None, not_created)) > 1 or (every and name is not None):
        ctx.fail("--all goes without ID, and --all, --task-id and --not-created exclude each other")
    context: CliContext = ctx.obj
    client, options = context.open_client(config), _FinishOptions(**given)
    if every:
        ctx.exit(_finish_all(context, client, options))
    if name is not None and name.lstrip().startswith("{"):
        _finish_one(context, client, client.resume(name), None, options)
        return
    entry = _find(client, name)
    if not_created:
        task = client.resolve(entry.ref, None)
        _print_note(
            context, task, f"noted: job {short_ref(task.ref)} was not created and costs nothing"
        )
    elif task_id is not None:
        _finish_one(context, client, client.resolve(entry.ref, task_id), entry.path, options)
    elif entry.facts and entry.path and options.output is None and Path(entry.path).exists():
        note = f"{format_path(Path(entry.path))} is already downloaded; -o FILE downloads it again"
        _print_note(context, entry.task, note, path=entry.path)
    else:
        task, sent = _resume(context, client, entry)
        _finish_one(context, client, task, entry.path, options, sent=sent)


def _resume(context: CliContext, client: Client, entry: Entry) -> tuple[Task, bool]:
    """Return a job as it stands now, and whether it was sent only now."""
    context.task = entry.task
    unsent = entry.is_unsent(client.session.clock.now())
    task = client.resume(entry.task)
    return task, unsent and bool(task.id)


def _find(client: Client, name: str | None) -> Entry:
    """Return the entry of this name, or the only one that is open.

    Raises:
        JournalError: no entry matches, or several do.
    """
    journal = require_journal(client.session)
    if name is not None:
        entry = journal.find(name)
        if entry is None:
            message = f"no job, or more than one, matches {name!r}"
            raise JournalError(message, advice="list_jobs")
        return entry
    entries = [entry for entry in journal.entries() if is_open(entry)]
    if not entries:
        message = "no job is open"
        raise JournalError(message, advice="list_jobs")
    if len(entries) > 1:
        names = ", ".join(short_ref(entry.ref) for entry in entries)
        message = f"{len(entries)} jobs are open: {names}; name one, or use --all"
        raise JournalError(message)
    return entries[0]


def _finish(
    context: CliContext,
    client: Client,
    task: Task,
    path: str | None,
    options: _FinishOptions,
    *,
    sent: bool = False,
) -> Video:
    """Wait for a task and download its file; `sent` says whether this run sent the job.

    Raises:
        TaskFailedError: it ended without a video.
    """
    json, quiet = context.json, context.quiet
    with report_progress(client.session, json=json, quiet=quiet, sent=sent) as reporter:
        reporter(task)
        task = client.wait(task, options.timeout, reporter)
        if task.status != Status.SUCCEEDED:
            raise explain_failure(task)
        target = options.find_target(task, path)
        return client.download(task, target, overwrite=options.overwrite)


def _finish_one(
    context: CliContext,
    client: Client,
    task: Task,
    path: str | None,
    options: _FinishOptions,
    *,
    sent: bool = False,
) -> None:
    video = _finish(context, client, task, path, options, sent=sent)
    video_view.print_video(video, json=context.json, quiet=context.quiet)


def _finish_all(context: CliContext, client: Client, options: _FinishOptions) -> int:
    """Finish every open job; one that fails does not stop the others.

    Returns the exit code of the first that failed.
    """
    if options.output is not None:
        options = evolve(options, output=os.path.join(options.output, ""))  # noqa: PTH118 (a folder)
    entries = [entry for entry in require_journal(client.session).entries() if is_open(entry)]
    results: list[dict[str, Any]] = []
    code = ExitCode.DONE
    for entry in entries:
        try:
            task, sent = _resume(context, client, entry)
            video = _finish(context, client, task, entry.path, options, sent=sent)
        except AnyVideoError as error:
            lines = explain(error, context)
            code = code or exit_code(error)
            results.append({"ref": entry.ref, **to_json(error, lines, entry)})
            for line in lines:
                echo(f"{short_ref(entry.ref)}: {line}", err=True)
            continue
        results.append({"ref": entry.ref, "video": video_view.to_json(video)})
        if not context.json:
            video_view.print_video(video, json=False, quiet=context.quiet)
    if context.json:
        print_json(results)
    elif not entries:
        context.print_hint("no job is open")
    return code


def _print_note(context: CliContext, task: Task, note: str, **more: str) -> None:
    if context.json:
        print_json({**more, "task": json.loads(task.to_json())})
    else:
        echo(note)
