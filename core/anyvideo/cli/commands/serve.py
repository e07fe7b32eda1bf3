"""`anyvideo serve`: OpenAI's `/v1/videos` in front of every vendor, until Ctrl-C."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import echo, print_json, style
from anyvideo.config.serve import is_key_name
from anyvideo.gateway.keys import hash_key, make_key
from anyvideo.gateway.server import Gateway


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, metavar="HOST", help="Where it listens."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8080,
    show_default=True,
    metavar="N",
    help="The port; 0 takes a free one.",
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("videos"),
    show_default=True,
    metavar="DIR",
    help="Where the files go.",
)
@click.option("--sandbox", is_flag=True, help="Run the jobs in a sandbox, which costs nothing.")
@click.option("--no-keys", is_flag=True, help="Listen to other machines without keys.")
@click.option(
    "--new-key", metavar="NAME", help="Print a new key and the lines for the config, and end."
)
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    host: str,
    port: int,
    folder: Path,
    sandbox: bool,
    no_keys: bool,
    new_key: str | None,
    config: str | None,
) -> None:
    """Serve OpenAI's /v1/videos in front of every vendor, until SIGTERM or Ctrl-C.

    Any OpenAI SDK is its client. A create is paid once however often it is repeated, and paid requests
    in flight are waited for at the end.
    """
    context.show_warnings()
    if new_key is not None:
        _print_key(context, new_key)
        return
    gateway = Gateway(folder, config, host, port, sandbox, no_keys, on_begin=_Begin(context))
    asyncio.run(gateway.run())


class _Begin:
    """Says where the gateway listens."""

    def __init__(self, context: CliContext) -> None:
        self._context = context

    def __call__(self, url: str) -> None:
        """Print the URL, at once: the program that started the gateway waits for it."""
        if self._context.json:
            print_json({"url": url, "base_url": f"{url}/v1"})
        elif self._context.quiet:
            echo(f"{url}/v1")
        else:
            echo("Listening; the base URL for any OpenAI SDK is ", style(f"{url}/v1", bold=True))
            self._context.print_hint("Ctrl-C or SIGTERM stops it once paid requests are answered")
        sys.stdout.flush()


def _print_key(context: CliContext, name: str) -> None:
    """Print a new key, which is kept nowhere, and the lines that let it in."""
    if not is_key_name(name):
        message = "a name has small letters, digits, - and _, 32 characters at most"
        raise click.BadParameter(message, param_hint="--new-key")
    key = make_key()
    if context.json:
        print_json({"name": name, "key": key, "hash": hash_key(key)})
        return
    if context.quiet:
        echo(key)
        return
    echo("The key, which is shown this once:")
    echo("  ", style(key, bold=True))
    echo()
    echo("For anyvideo.toml; the gateway reads it when it starts:")
    echo(f"  [serve.keys.{name}]")
    echo(f'  hash = "{hash_key(key)}"')
