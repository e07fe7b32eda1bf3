"""`anyvideo doctor`: whether this installation works."""

from __future__ import annotations

import click
from attrs import asdict

from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import ExitCode
from anyvideo.cli.installation import Check, check_installation
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import Table, print_json, print_table, style

_HEADINGS = ("check", "state", "found")
_COLOURS = {"ok": "green", "note": "yellow", "problem": "red"}


@click.command("doctor")
@config_option
@output_options
@click.pass_context
def command(ctx: click.Context, config: str | None) -> None:
    """Check this installation; the exit code is 1 if there is a problem.

    Looks at versions, settings, plugins, keys (never shown), the journal and the clock. `anyvideo
    lint` looks at the models and prices that the settings name.
    """
    context: CliContext = ctx.obj
    checks = check_installation(config)
    problems = [check for check in checks if check.state == "problem"]
    shown = problems if context.quiet else checks
    if context.json:
        print_json({"ok": not problems, "checks": [asdict(check) for check in shown]})
    else:
        print_table(Table(_HEADINGS, list(map(_row, shown))))
    if problems:
        ctx.exit(ExitCode.PROBLEMS)


def _row(check: Check) -> list[str]:
    return [check.name, style(check.state, _COLOURS[check.state]), check.detail]
