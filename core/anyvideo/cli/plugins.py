"""`anyvideo plugins`: what is installed, where it is from, and whether it works."""

from __future__ import annotations

import click
from attrs import asdict

from anyvideo.adapters.registry import Plugin, load_registry
from anyvideo.cli import screen
from anyvideo.cli.options import config_option, json_option
from anyvideo.cli.run import Run
from anyvideo.config.load import load_config


@click.command("plugins")
@config_option
@json_option
@click.pass_obj
def command(run: Run, config: str | None) -> None:
    """Show which plugins are installed, what they offer, and whether they work."""
    run.listen()
    registry = load_registry(load_config(config).plugins.blocked)
    registry.check_offers()
    if run.json:
        plugins = [asdict(plugin) for plugin in registry.plugins]
        screen.show_json({"plugins": plugins, "clashes": registry.clashes})
        return
    rows = [_row(plugin) for plugin in registry.plugins]
    headings = ("plugin", "from", "module", "adapters", "state")
    screen.show_table(screen.Table(headings, rows, spare=("module", "from")))


def _row(plugin: Plugin) -> list[str]:
    colour = {
        "loaded": "green",
        "clash": "red",
        "failed": "red",
        "blocked": "yellow",
    }[plugin.state]
    state = screen.paint(plugin.error or plugin.state, colour)
    return [plugin.name, plugin.origin, plugin.module, " ".join(plugin.adapters), state]
