"""`anyvideo providers`: which accounts can be used now, and what the others lack."""

from __future__ import annotations

from pathlib import Path

import click

from anyvideo.cli import screen
from anyvideo.cli.options import config_option, json_option
from anyvideo.cli.run import Run
from anyvideo.config.provider import Provider
from anyvideo.errors import ConfigError
from anyvideo.session.session import Session


@click.command("providers")
@config_option
@json_option
@click.pass_obj
def command(run: Run, config: str | None) -> None:
    """Show which accounts are usable now, and what the others lack."""
    client = run.open_client(config, sends=False)
    providers = list(client.session.providers.values())
    if run.json:
        screen.show_json([_to_json(provider) for provider in providers])
        return
    rows: list[list[str]] = []
    for provider in providers:
        missing = find_missing(provider)
        state = screen.paint(missing, "yellow") if missing else screen.paint("usable", "green")
        key = provider.api_key.env or "in the config"
        rows.append([provider.alias, provider.adapter.name, provider.base_url, key, state])
    headings = ("provider", "adapter", "base URL", "key", "state")
    screen.show_table(screen.Table(headings, rows, spare=("adapter", "key")))
    click.echo(screen.paint(f"settings: {say_source(client.session)}", dim=True))


def say_source(session: Session) -> str:
    """Return the file that the settings are from, or that there is none."""
    source = session.config.source
    return source if Path(source).is_file() else "no config file, the defaults hold"


def find_missing(provider: Provider) -> str:
    """Return what a provider lacks, in words that say what to do; nothing if it is usable."""
    if provider.find_key() is None:
        return f"set {provider.api_key.env}"
    try:
        provider.require_key()
    except ConfigError as error:
        return str(error)
    return ""


def _to_json(provider: Provider) -> dict[str, object]:
    missing = find_missing(provider)
    return {
        "alias": provider.alias,
        "adapter": provider.adapter.name,
        "base_url": provider.base_url,
        "key_env": provider.api_key.env or None,
        "usable": not missing,
        "missing": missing or None,
    }
