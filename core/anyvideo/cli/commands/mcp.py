"""`anyvideo mcp`: the tools of agents, over standard input and output or over HTTP."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import click

from anyvideo.agents.folder import Folder
from anyvideo.agents.guard import Allowance
from anyvideo.agents.http import Address
from anyvideo.agents.process import AgentServer, require_extra
from anyvideo.cli.context import CliContext
from anyvideo.cli.cost_limit import CostLimit, read_limit
from anyvideo.cli.exits import exit_code
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import echo
from anyvideo.errors import ConfigError

_ADDRESS = re.compile(r"(?P<host>\[[0-9a-fA-F:.]+\]|[^:\[\]]+):(?P<port>\d{1,5})", re.ASCII)
_KEY = "ANYVIDEO_MCP_KEY"


@click.command("mcp")
@click.option(
    "--max-cost",
    "limit",
    callback=read_limit,
    metavar="AMOUNT",
    help="The most that is spent without asking, such as 5 or '5 USD'. Without it, each job is asked"
    " about.",
)
@click.option(
    "--max-jobs",
    type=click.IntRange(min=0),
    metavar="N",
    help="The most jobs that are sent without asking.",
)
@click.option(
    "--folder",
    default=".",
    metavar="FOLDER",
    help="The only folder that images are read from and videos are written to; the working folder by"
    " default.",
)
@click.option(
    "--http",
    metavar="HOST:PORT",
    help="Listen there in place of standard input and output, such as 127.0.0.1:8765.",
)
@click.option(
    "--key-file",
    type=click.Path(),
    metavar="FILE",
    help=f"The bearer key that HTTP clients send; otherwise ${_KEY}. Needed beyond this machine.",
)
@click.option(
    "--sandbox", is_flag=True, help="Use a local stand-in for the vendors: no key, no cost."
)
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext,
    /,
    *,
    limit: CostLimit | None,
    max_jobs: int | None,
    folder: str,
    http: str | None,
    key_file: str | None,
    sandbox: bool,
    config: str | None,
) -> None:
    """Offer the tools compare, quote, generate, status, list_jobs, download and models to an agent.

    An agent's program starts this command and speaks MCP with it. What the agent may spend is set
    here: past it, the person is asked, or the job is refused.
    """
    context.show_warnings()
    require_extra()
    server = AgentServer(
        config,
        Folder.open(folder),
        _read_allowance(limit, max_jobs),
        sandbox,
        _read_address(http, key_file) if http is not None else None,
        # Standard output is the protocol's.
        on_begin=lambda place: None if context.quiet else _print_place(place),
    )
    try:
        asyncio.run(server.run())
    except KeyboardInterrupt as interrupt:
        # The second signal, or one before the server was ready.
        after = (
            "the sandbox ends" if sandbox else "what was sent goes on; the next start takes it up"
        )
        echo(f"anyvideo: interrupted; {after}", err=True)
        raise click.exceptions.Exit(exit_code(interrupt)) from interrupt


def _read_allowance(limit: CostLimit | None, jobs: int | None) -> Allowance:
    if limit is None:
        return Allowance(jobs=jobs)
    return Allowance(limit.amount, limit.currency, jobs)


def _read_address(text: str, key_file: str | None) -> Address:
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        message = f"--http {text!r} is no address; write it as 127.0.0.1:8765"
        raise ConfigError(message)
    return Address(found["host"].strip("[]"), int(found["port"]), _read_key(key_file))


def _read_key(file: str | None) -> str | None:
    if file is None:
        return os.environ.get(_KEY) or None
    try:
        return Path(file).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        message = f"--key-file {file}: {reason}"
        raise ConfigError(message) from error


def _print_place(place: str) -> None:
    echo(f"anyvideo: MCP on {place}; Ctrl-C or SIGTERM stops in order", err=True)
