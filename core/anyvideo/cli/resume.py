"""`anyvideo resume`: finish what was interrupted, settle what is ambiguous."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import click
from attrs import frozen

from anyvideo.cli import screen, video_view
from anyvideo.cli.jobs import is_open
from anyvideo.cli.options import config_option, json_option
from anyvideo.cli.outcomes import choose_code, explain, name_job, to_json
from anyvideo.cli.progress import narrate
from anyvideo.cli.run import Run
from anyvideo.client.sync import Client
from anyvideo.errors import AnyVideoError, JournalError
from anyvideo.journal.entry import Entry
from anyvideo.run.records import require_journal
from anyvideo.run.route import explain_failure
from anyvideo.tasks.status import Status
from anyvideo.tasks.task import Task, Video


@frozen
class _Wish:
    """How jobs are to be finished; `output` is a folder where there are several."""

    output: str | None = None
    timeout: float | None = None
    overwrite: bool = False


@click.command("resume")
@click.argument("name", metavar="[ID]", required=False)
@click.option("--all", "take_all", is_flag=True, help="Finish every job that is not at home yet.")
@click.option("--task-id", metavar="ID", help="The ambiguous job exists: its id at the vendor.")
@click.option("--not-created", is_flag=True, help="The ambiguous job does not exist at the vendor.")
@click.option("-o", "--output", metavar="FILE", help="Where the video goes, if not where planned.")
@click.option("--timeout", type=float, metavar="S", help="Seconds to wait; an hour by default.")
@click.option("--overwrite", is_flag=True, help="Replace a file that is there already.")
@config_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    *,
    name: str | None,
    take_all: bool,
    task_id: str | None,
    not_created: bool,
    output: str | None,
    timeout: float | None,
    overwrite: bool,
    config: str | None,
) -> None:
    """Finish a job that was interrupted, or settle an ambiguous one.

    ID is the job in `anyvideo jobs`, the vendor's id, or a handle as JSON; it can be left out if
    only one job is open.
    """
    if sum((take_all, task_id is not None, not_created)) > 1 or (take_all and name is not None):
        ctx.fail("--all goes without ID, and --all, --task-id and --not-created exclude each other")
    run: Run = ctx.obj
    client = run.open_client(config)
    wish = _Wish(output, timeout, overwrite)
    if take_all:
        ctx.exit(_finish_all(run, client, wish))
    if name is not None and name.lstrip().startswith("{"):
        _show_video(run, _bring_home(run, client, client.resume(name), None, wish))
        return
    entry = _find(client, name)
    if not_created:
        _show_settled(run, client.settle(entry.ref, None))
    elif task_id is not None:
        task = client.settle(entry.ref, task_id)
        _show_video(run, _bring_home(run, client, task, entry.path, wish))
    elif entry.facts is not None and entry.path and output is None and Path(entry.path).exists():
        _show_home(run, entry)
    else:
        _show_video(run, _finish(run, client, entry, wish))


def _find(client: Client, name: str | None) -> Entry:
    """Return the entry that is meant: by its name, or as the only one that is open.

    Raises:
        JournalError: there is none, or there are several.

    """
    journal = require_journal(client.session)
    if name is not None:
        entry = journal.find(name)
        if entry is None:
            message = (
                f"no job, or more than one, is called {name!r}; `anyvideo jobs --all` lists them"
            )
            raise JournalError(message)
        return entry
    entries = [entry for entry in journal.entries() if is_open(entry)]
    if len(entries) != 1:
        names = ", ".join(name_job(entry.ref) for entry in entries)
        message = f"{len(entries)} jobs are open: {names}; name one, or take --all"
        raise JournalError(
            message if entries else "no job is open; `anyvideo jobs --all` lists all"
        )
    return entries[0]


def _finish(run: Run, client: Client, entry: Entry, wish: _Wish) -> Video:
    return _bring_home(run, client, client.resume(entry.task), entry.path, wish)


def _bring_home(run: Run, client: Client, task: Task, path: str | None, wish: _Wish) -> Video:
    """Wait for a task and fetch its file.

    Raises:
        TaskFailedError: it ended without a video.

    """
    to = wish.output or path or f"{name_job(task.ref) or 'video'}.mp4"
    with narrate(client.session, json=run.json) as narration:
        narration(task)
        task = client.wait(task, wish.timeout, narration)
        if task.status != Status.SUCCEEDED:
            raise explain_failure(task)
        # A slash at the end, which means a folder, must stay.
        there = os.path.join(Path.cwd(), to)  # noqa: PTH118 (Path drops that slash)
        return client.download(task, there, overwrite=wish.overwrite)


def _finish_all(run: Run, client: Client, wish: _Wish) -> int:
    """Finish every open job; one that cannot be finished does not stop the others.

    Returns the exit code of the first that could not.
    """
    if wish.output is not None:
        wish = _Wish(os.path.join(wish.output, ""), wish.timeout, wish.overwrite)  # noqa: PTH118 (a folder)
    entries = [entry for entry in require_journal(client.session).entries() if is_open(entry)]
    results: list[dict[str, Any]] = []
    code = 0
    for entry in entries:
        try:
            video = _finish(run, client, entry, wish)
        except AnyVideoError as error:
            lines = explain(error, run)
            code = code or choose_code(error)
            results.append({"ref": entry.ref, **to_json(error, lines, entry)})
            for line in lines:
                click.echo(f"{name_job(entry.ref)}: {line}", err=True)
            continue
        results.append({"ref": entry.ref, "video": video_view.to_json(video)})
        if not run.json:
            video_view.show_video(video)
    if run.json:
        screen.show_json(results)
    elif not entries:
        click.echo("no job is open")
    return code


def _show_video(run: Run, video: Video) -> None:
    if run.json:
        screen.show_json(video_view.to_json(video))
    else:
        video_view.show_video(video)


def _show_settled(run: Run, task: Task) -> None:
    if run.json:
        screen.show_json({"task": json.loads(task.to_json())})
    else:
        click.echo(f"noted: job {name_job(task.ref)} was not created, and costs nothing")


def _show_home(run: Run, entry: Entry) -> None:
    path = Path(entry.path or "")
    if run.json:
        screen.show_json({"path": str(path), "task": json.loads(entry.task.to_json())})
    else:
        click.echo(f"{video_view.say_path(path)} is at home already; -o FILE fetches it again")
