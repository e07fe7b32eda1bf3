"""`anyvideo completion`: the script that makes a shell complete commands, models and jobs."""

from __future__ import annotations

import click
from click.shell_completion import BashComplete, FishComplete, ZshComplete

_SHELLS = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}
# How each shell loads the script.
_SETUP = """\b
Load it:
  bash  eval "$(anyvideo completion bash)", in ~/.bashrc
  zsh   eval "$(anyvideo completion zsh)", in ~/.zshrc
  fish  anyvideo completion fish > ~/.config/fish/completions/anyvideo.fish
"""


@click.command("completion", epilog=_SETUP)
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that makes a shell complete commands, options, models and jobs."""
    program = ctx.find_root().command
    click.echo(_SHELLS[shell](program, {}, "anyvideo", "_ANYVIDEO_COMPLETE").source())  # noqa: TID251 (a script of click's)
