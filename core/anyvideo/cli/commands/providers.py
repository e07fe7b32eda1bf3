"""`anyvideo providers`: which accounts are usable, and what the others lack."""

from __future__ import annotations

import click

from anyvideo.cli.context import CliContext
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.table import Table, print_json, print_table, style
from anyvideo.cli.views.text import format_source
from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError

_HEADINGS = ("provider", "adapter", "base URL", "key", "state")


@click.command("providers")
@config_option
@output_options
@click.pass_obj
def command(context: CliContext, config: str | None) -> None:
    """Show which accounts are usable, and what the others lack."""
    session = context.open_client(config, sends=False).session
    providers = list(session.providers.values())
    if context.json:
        print_json([_to_json(provider) for provider in providers])
        return
    rows = [_row(provider) for provider in providers]
    print_table(Table(_HEADINGS, rows, spare=("adapter", "key")))
    context.print_hint(f"settings: {format_source(session.config)}")


def _row(provider: Provider) -> list[str]:
    missing = _find_missing(provider)
    state = style(missing, "yellow") if missing else style("usable", "green")
    key = provider.api_key.env or "in the config"
    return [provider.alias, provider.adapter.name, provider.base_url, key, state]


def _find_missing(provider: Provider) -> str:
    """Return what a provider lacks, in words that say what to do; nothing if it is usable."""
    if provider.find_key() is None:
        return f"set {provider.api_key.env}"
    try:
        provider.require_key()
    except ConfigError as error:
        return str(error)
    return ""


def _to_json(provider: Provider) -> dict[str, object]:
    missing = _find_missing(provider)
    return {
        "alias": provider.alias,
        "adapter": provider.adapter.name,
        "base_url": provider.base_url,
        "key_env": provider.api_key.env or None,
        "usable": not missing,
        "missing": missing or None,
    }
