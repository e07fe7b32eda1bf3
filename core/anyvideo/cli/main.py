"""The program: its commands, and the one place where every run ends."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.exits import ExitCode, TerminatedError, exit_code, explain, to_json
from anyvideo.errors import JournalError

NAME = "anyvideo"
# Each is a module of `commands`; the help stands here so that --help loads none of them.
COMMANDS = {
    "generate": "Make a video: plan, submit once, wait, download.",
    "batch": "Make the videos of a list of jobs, each once, side by side.",
    "bakeoff": "Make one job at many vendors, and a page that compares the clips.",
    "plan": "Show what would be sent for a job, and what it would cost.",
    "compare": "Show what each vendor would do for a job, and for how much.",
    "models": "List the available models: limits, prices, usual times.",
    "providers": "Show which accounts are usable, and what the others lack.",
    "plugins": "Show which plugins are installed, and whether they work.",
    "jobs": "List the jobs in the journal, or what they cost.",
    "resume": "Finish a job that was interrupted, or resolve an ambiguous one.",
    "enqueue": "Put a list of jobs before the workers of a fleet.",
    "worker": "Make the videos of the fleet's list, together with other workers.",
    "serve": "Serve OpenAI's /v1/videos in front of every vendor.",
    "mcp": "Offer the tools to an agent over MCP, with a limit on what it spends.",
    "cancel": "Ask the vendor to stop a job.",
    "sandbox": "Run the local server that speaks every vendor's wire.",
    "doctor": "Check this installation: settings, keys, journal, plugins, clock.",
    "lint": "Find what is wrong, retired or stale in the settings.",
    "new-adapter": "Write a distribution for a vendor of your own.",
    "completion": "Print the script that lets a shell complete commands and models.",
}
_CODES = "\n".join(f"  {code:>3}  {code.meaning}" for code in ExitCode)


class Program(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (as click calls it)
        """Return the names of the commands in the order in which they are needed."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as click calls it)
        """Return a command; its module is imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"anyvideo.cli.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments name.

        Raises:
            UsageError: no command has this name; names the nearest.
        """
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            from anyvideo.cli.views.text import format_nearest  # noqa: PLC0415 (only after a typo)

            hint = format_nearest(name, COMMANDS) or f"there are {', '.join(COMMANDS)}"
            ctx.fail(f"unknown command {name!r}; {hint}")
        return name, command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as click calls it)
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version  # noqa: PLC0415 (only here)

        click.echo(f"anyvideo {version('anyvideo')}")  # noqa: TID251 (our own text)
        ctx.exit()


@click.group(
    cls=Program,
    invoke_without_command=True,
    epilog=f"\b\nExit codes:\n{_CODES}",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version,
    help="Show the version and exit.",
)  # fmt: skip
@click.pass_context
def program(ctx: click.Context) -> None:
    """One video job, any vendor: negotiated before it is paid, submitted at most once.

    Begin with: anyvideo generate "a red fox in fresh snow" --sandbox -o fox.mp4
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())  # noqa: TID251 (our own text)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit; a failure is one line on stderr and a code, never a traceback."""
    if f"_{NAME.upper()}_COMPLETE" in os.environ:
        program(prog_name=NAME)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a prompt may hold what a terminal cannot show
    before = signal.signal(signal.SIGTERM, _terminate)
    code = int(ExitCode.INTERRUPTED)
    try:
        # An interrupt while the client closes changes nothing: how the run ended is printed already.
        with suppress(KeyboardInterrupt), CliContext() as context:
            code = _run(context, sys.argv[1:] if arguments is None else list(arguments))
    finally:
        signal.signal(signal.SIGTERM, before)
    sys.exit(code)


def _terminate(number: int, frame: Any) -> NoReturn:  # noqa: ANN401, ARG001 (as signal calls it)
    raise TerminatedError


def _run(context: CliContext, arguments: list[str]) -> int:
    try:
        with program.make_context(NAME, arguments, obj=context) as parsed:
            program.invoke(parsed)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:
        return _discard_output(context)
    except BaseException as error:  # noqa: BLE001 (users never see a traceback)
        return _report(error, context)
    return ExitCode.DONE


def _report(error: BaseException, context: CliContext) -> ExitCode:
    if os.environ.get("ANYVIDEO_TRACEBACK"):
        traceback.print_exception(error)
    lines = explain(error, context)
    if isinstance(error, KeyboardInterrupt) and sys.stderr.isatty():
        click.echo(err=True)  # noqa: TID251 (the terminal has written ^C)
    for line in lines:
        click.echo(f"{NAME}: {line}", err=True)  # noqa: TID251 (made printable by `explain`)
    if context.json:
        from anyvideo.cli.views.table import print_json  # noqa: PLC0415 (only with --json)

        entry = None
        with suppress(JournalError):
            entry = context.find_entry(error)
        print_json(to_json(error, lines, entry))
    return exit_code(error)


def _discard_output(context: CliContext) -> ExitCode:
    """Discard what is still buffered for a closed pipe, which would raise at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), context.stdout.fileno())
    return ExitCode.UNREAD
