"""The program: which commands there are, and the one place where every run ends."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, NoReturn

import click

from anyvideo.cli.outcomes import TerminatedError, choose_code, explain, to_json
from anyvideo.cli.run import Run

NAME = "anyvideo"
# Each is a module of this package; the help stands here so that --help loads none of them.
COMMANDS = {
    "generate": "Make a video: plan, submit once, wait, download.",
    "plan": "Show what would be sent for a job, and what it would cost.",
    "compare": "Put one job to every vendor: what each would do, for how much.",
    "models": "List what can be bought: limits, prices, usual times.",
    "providers": "Show which accounts are usable now, and what the others lack.",
    "plugins": "Show which plugins are installed, and whether they work.",
    "jobs": "List the jobs in the journal, or what they cost.",
    "resume": "Finish a job that was interrupted, or settle an ambiguous one.",
    "sandbox": "Run the local server that speaks every vendor's wire.",
    "lint": "Find what is wrong, retired or stale in the settings.",
    "new-adapter": "Write a distribution for a vendor of your own.",
}
_EPILOG = """\b
Exit codes:
  0  done
  1  lint found something
  2  the command, the job or a setting is wrong; nothing was sent
  3  refused by every offer, by a budget or by the vendor
  4  the vendor's job ended without a video
  5  the job may or may not exist; `anyvideo resume` settles it
  6  the deadline passed; `anyvideo resume` brings the video home
  7  the video could not be fetched; `anyvideo resume` tries again
  8  the vendor could not be reached or understood
"""


class Program(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (as click calls it)
        """Return the names of the commands in the order in which they are needed."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as click calls it)
        """Return a command; its module is imported now."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"anyvideo.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the arguments mean.

        Raises:
            UsageError: there is none of that name; says what is nearest.

        """
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            from difflib import get_close_matches  # noqa: PLC0415 (only where somebody mistyped)

            near = get_close_matches(name, COMMANDS, 1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
            ctx.fail(f"no command is called {name!r}; {hint}")
        return name, command, args[1:]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 (as click calls it)
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        from importlib.metadata import version  # noqa: PLC0415 (only here)

        click.echo(f"anyvideo {version('anyvideo')}")
        ctx.exit()


@click.group(cls=Program, invoke_without_command=True, epilog=_EPILOG)
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
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the program and exit; a failure is one line on stderr and a code, never a traceback."""
    if f"_{NAME.upper()}_COMPLETE" in os.environ:
        program(prog_name=NAME)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a prompt may hold what a terminal cannot show
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        with Run() as run:
            code = _perform(run, sys.argv[1:] if arguments is None else list(arguments))
    finally:
        signal.signal(signal.SIGTERM, before)
    sys.exit(code)


def _terminate(number: int, frame: Any) -> NoReturn:  # noqa: ANN401, ARG001 (as signal calls it)
    raise TerminatedError


def _perform(run: Run, arguments: list[str]) -> int:
    try:
        with program.make_context(NAME, arguments, obj=run) as context:
            program.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except BrokenPipeError:
        return _fall_silent()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 (nobody is to see a traceback)
        return _report(error, run)
    return 0


def _report(error: BaseException, run: Run) -> int:
    if os.environ.get("ANYVIDEO_TRACEBACK"):
        traceback.print_exception(error)
    lines = explain(error, run)
    if isinstance(error, KeyboardInterrupt) and _is_terminal():
        click.echo(err=True)  # the terminal has written ^C
    for line in lines:
        click.echo(f"{NAME}: {line}", err=True)
    if run.json:
        from anyvideo.cli.screen import show_json  # noqa: PLC0415 (only where a program reads along)

        show_json(to_json(error, lines, run.find_job()))
    return choose_code(error)


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _fall_silent() -> int:
    """Let nothing more be written where nobody reads; returns what a shell makes of SIGPIPE."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, sys.stdout.fileno())
    return 141
