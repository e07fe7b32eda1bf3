"""`anyvideo sandbox`: the local stand-in for the vendors, until Ctrl-C."""

from __future__ import annotations

import sys
from threading import Event

import click

from anyvideo.adapters.registry import load_registry
from anyvideo.cli.context import CliContext
from anyvideo.cli.options import output_options
from anyvideo.cli.views.table import echo, print_json, print_pairs, style, wrap
from anyvideo.config.load import load_config
from anyvideo.errors import ConfigError
from anyvideo.sandbox import FAULTS, Sandbox
from anyvideo.sandbox.discovery import find_vendors


@click.command("sandbox")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    show_default=True,
    metavar="N",
    help="The port; 0 takes a free one.",
)
@click.option(
    "--duration",
    type=float,
    default=3.0,
    show_default=True,
    metavar="S",
    help="Seconds that a job takes.",
)
@click.option(
    "--speed",
    type=float,
    default=1.0,
    show_default=True,
    metavar="X",
    help="How much faster time passes.",
)
@click.option("--fault", "faults", multiple=True, metavar="WORD", help="Misbehave at every job.")
@output_options
@click.pass_obj
def command(
    context: CliContext, port: int, duration: float, speed: float, faults: tuple[str, ...]
) -> None:
    """Run the local server that speaks every vendor's wire, until Ctrl-C.

    It accepts any key, costs nothing and delivers playable videos.
    """
    context.show_warnings()
    sandbox = _start(port, duration, speed, faults)
    try:
        if context.json:
            urls = {name: sandbox.base_url(name) for name in sandbox.adapters}
            print_json({"url": sandbox.url, "base_url": urls, "faults": list(FAULTS)})
        elif context.quiet:
            echo(sandbox.url)
        else:
            _print(sandbox)
        sys.stdout.flush()  # the program that started it waits for the address
        _wait()
    except KeyboardInterrupt:
        return  # this is how it is stopped
    finally:
        sandbox.stop()


def _start(port: int, duration: float, speed: float, faults: tuple[str, ...]) -> Sandbox:
    vendors = find_vendors(load_registry(load_config().plugins.blocked))
    try:
        sandbox = Sandbox(port, vendors=vendors, duration=duration, speed=speed, faults=faults)
        return sandbox.start()
    except ValueError as error:
        raise ConfigError(str(error)) from error
    except OSError as error:
        message = f"port {port} cannot be used: {error.strerror}; name another with --port"
        raise ConfigError(message) from error


def _print(sandbox: Sandbox) -> None:
    echo("The sandbox listens at ", style(sandbox.url, bold=True), "; Ctrl-C stops it.")
    echo()
    echo("Base URLs, for anyvideo.toml or any other client; any key is accepted:")
    print_pairs((name, sandbox.base_url(name)) for name in sandbox.adapters)
    echo()
    echo("A job with [fault:WORD] in its prompt misbehaves; with --fault WORD every job does:")
    for line in wrap(" ".join(FAULTS)):
        echo("  ", line)


def _wait() -> None:
    Event().wait()
