"""`anyvideo lint`: what is wrong, retired or stale in the settings; for people and for CI."""

from __future__ import annotations

import click
from attrs import asdict

from anyvideo.cli import screen
from anyvideo.cli.findings import Finding, find_all, find_in_job
from anyvideo.cli.options import config_option, json_option
from anyvideo.cli.providers import say_source
from anyvideo.cli.run import Run
from anyvideo.errors import AnyVideoError, ConfigError

_COLOURS = {"stale": "yellow", "route": "yellow", "key": "yellow"}


@click.command("lint")
@click.argument("jobs", nargs=-1, metavar="[JOB.json]...")
@config_option
@json_option
@click.pass_context
def command(ctx: click.Context, jobs: tuple[str, ...], config: str | None) -> None:
    """Find what is wrong, retired or stale in the settings; the exit code is 1 if there is any.

    Looks for wrong keys, models that were or will soon be switched off, prices that nobody has
    checked for 90 days, routes whose later choices cannot do what the first can, and missing keys;
    and in files with jobs for vendor options that nobody takes, and jobs that the default refuses.
    """
    run: Run = ctx.obj
    source = ""
    try:
        session = run.open_client(config).session
        source = say_source(session)
        findings = [
            *find_all(session),
            *(item for job in jobs for item in find_in_job(session, job)),
        ]
    except AnyVideoError as error:
        problems = error.problems if isinstance(error, ConfigError) else (str(error),)
        findings = [Finding("wrong", "", problem) for problem in problems]
    if run.json:
        screen.show_json([asdict(finding) for finding in findings])
    elif findings:
        rows = [
            [screen.paint(item.kind, _COLOURS.get(item.kind, "red")), item.where, item.message]
            for item in findings
        ]
        screen.show_table(screen.Table(("finding", "where", "what to do"), rows))
    else:
        click.echo(screen.paint(f"nothing found: {source}", "green"))
    if findings:
        ctx.exit(1)
