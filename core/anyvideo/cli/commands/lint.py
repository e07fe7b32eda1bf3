"""`anyvideo lint`: what is wrong, retired or stale in the settings; for people and for CI."""

from __future__ import annotations

import click
from attrs import asdict

from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import ExitCode, explain
from anyvideo.cli.lint.settings import Finding, check_job_file, check_journal, check_settings
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import Table, echo, print_json, print_table, style
from anyvideo.cli.views.text import format_source
from anyvideo.errors import AnyVideoError

_HEADINGS = ("finding", "where", "what to do")
_COLOURS = {"stale": "yellow", "route": "yellow", "key": "yellow"}


@click.command("lint")
@click.argument("jobs", nargs=-1, metavar="[JOB.json]...")
@config_option
@output_options
@click.pass_context
def command(ctx: click.Context, jobs: tuple[str, ...], config: str | None) -> None:
    """Find what is wrong, retired or stale in the settings; the exit code is 1 if there is any.

    Looks for wrong keys, a journal on a network file system, models that are or will soon be retired, prices not checked for 90 days,
    routes whose later choices cannot do what the first can, and missing keys; in job files for
    vendor options of unknown adapters, and jobs that the default model refuses.
    """
    context: CliContext = ctx.obj
    source = ""
    try:
        session = context.open_client(config).session
        source = format_source(session.config)
        findings = [*check_journal(session), *check_settings(session)]
        for job in jobs:
            findings.extend(check_job_file(session, job))
    except AnyVideoError as error:
        findings = [Finding("wrong", "", line) for line in explain(error, context)]
    if context.json:
        print_json([asdict(finding) for finding in findings])
    elif findings:
        print_table(Table(_HEADINGS, [_row(finding) for finding in findings]))
    elif not context.quiet:
        echo(style(f"no problems found ({source})", "green"))
    if findings:
        ctx.exit(ExitCode.PROBLEMS)


def _row(finding: Finding) -> list[str]:
    kind = style(finding.kind, _COLOURS.get(finding.kind, "red"))
    return [kind, finding.where, finding.message]
