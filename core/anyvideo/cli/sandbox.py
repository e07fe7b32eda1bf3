"""`anyvideo sandbox`: the local stand-in for the vendors, until Ctrl-C."""

from __future__ import annotations

import sys
from threading import Event

import click

from anyvideo.cli import screen
from anyvideo.cli.options import json_option
from anyvideo.cli.run import Run
from anyvideo.errors import ConfigError
from anyvideo.sandbox import ADAPTERS, FAULTS, Sandbox


@click.command("sandbox")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="0: any free one."
)
@click.option("--duration", type=float, default=3.0, metavar="S", help="Seconds that a job takes.")
@click.option("--speed", type=float, default=1.0, metavar="X", help="How much faster time passes.")
@click.option("--fault", "faults", multiple=True, metavar="WORD", help="Misbehave at every job.")
@json_option
@click.pass_obj
def command(run: Run, port: int, duration: float, speed: float, faults: tuple[str, ...]) -> None:
    """Run the local server that speaks every vendor's wire, until Ctrl-C.

    It takes any key, costs nothing and delivers real films.
    """
    sandbox = _start(port, duration, speed, faults)
    try:
        if run.json:
            urls = {name: sandbox.base_url(name) for name in ADAPTERS}
            screen.show_json({"url": sandbox.url, "base_url": urls, "faults": list(FAULTS)})
        else:
            _show(sandbox)
        sys.stdout.flush()  # whoever started it waits for the address
        _wait()
    except KeyboardInterrupt:
        return  # that is how one ends it
    finally:
        sandbox.stop()


def _start(port: int, duration: float, speed: float, faults: tuple[str, ...]) -> Sandbox:
    try:
        return Sandbox(port, duration=duration, speed=speed, faults=faults).start()
    except ValueError as error:
        raise ConfigError(str(error)) from error
    except OSError as error:
        message = f"port {port} cannot be used: {error.strerror}; name another with --port"
        raise ConfigError(message) from error


def _show(sandbox: Sandbox) -> None:
    click.echo(f"The sandbox listens at {screen.paint(sandbox.url, bold=True)}; Ctrl-C ends it.")
    click.echo("\nBase URLs, for anyvideo.toml or any other client; any key will do:")
    screen.show_pairs((name, sandbox.base_url(name)) for name in ADAPTERS)
    click.echo(
        "\nIt misbehaves for a job whose prompt holds [fault:WORD], or for all with --fault WORD:"
    )
    for line in screen.fill(" ".join(FAULTS)):
        click.echo(f"  {line}")


def _wait() -> None:
    Event().wait()
