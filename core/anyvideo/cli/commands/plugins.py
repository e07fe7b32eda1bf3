"""`anyvideo plugins`: what is installed, where it is from, and whether it works."""

from __future__ import annotations

import click
from attrs import asdict

from anyvideo.adapters.registry import Plugin, load_registry
from anyvideo.cli.context import CliContext
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import Table, print_json, print_table, style
from anyvideo.config.load import load_config

_HEADINGS = ("plugin", "from", "module", "adapters", "state")
_COLOURS = {
    "loaded": "green",
    "replaced": "yellow",
    "blocked": "yellow",
    "clash": "red",
    "failed": "red",
}


@click.command("plugins")
@config_option
@output_options
@click.pass_obj
def command(context: CliContext, config: str | None) -> None:
    """Show which plugins are installed, what they offer, and whether they work."""
    context.show_warnings()
    registry = load_registry(load_config(config).plugins.blocked)
    registry.check_offers()
    if context.json:
        plugins = [asdict(plugin) for plugin in registry.plugins]
        print_json({"plugins": plugins, "clashes": registry.clashes})
        return
    rows = [_row(plugin) for plugin in registry.plugins]
    print_table(Table(_HEADINGS, rows, spare=("module", "from")))


def _row(plugin: Plugin) -> list[str]:
    state = style(plugin.error or plugin.state, _COLOURS[plugin.state])
    return [plugin.name, plugin.origin, plugin.module, " ".join(plugin.adapters), state]
