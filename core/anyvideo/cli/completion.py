"""What a shell completes: models, routes and jobs. A failure completes nothing and prints nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from anyvideo.cli.exits import short_ref
from anyvideo.errors import AnyVideoError
from anyvideo.printable import make_printable
from anyvideo.tasks.status import Status

# How long a database is waited for while the shell waits, in seconds.
_PATIENCE = 0.5
# How many jobs are looked at, the latest first.
_MOST_JOBS = 1000


def complete_models(
    ctx: click.Context, _: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the selectors that begin with the last of the given ones: offers, models, routes."""
    from anyvideo.client.sync import Client  # noqa: PLC0415 (only while a shell completes)

    before, comma, last = incomplete.rpartition(",")
    _silence_warnings()
    try:
        with Client(ctx.params.get("config"), journal=None) as client:
            live = [
                offer
                for offer in client.offers()
                if offer.retired is None or offer.retired.on > client.session.today
            ]
            routes = list(client.session.config.routes)
    except AnyVideoError:
        return []
    names = [*routes, *(offer.model for offer in live), *(offer.name for offer in live)]
    return [CompletionItem(f"{before}{comma}{name}") for name in _select(names, last)]


def complete_jobs(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the jobs that begin with a text, the latest first, each with its offer and state."""
    from anyvideo.config.load import load_config  # noqa: PLC0415 (only while a shell completes)
    from anyvideo.config.places import find_journal  # noqa: PLC0415 (the same)
    from anyvideo.journal.opening import is_address, open_journal  # noqa: PLC0415 (the same)

    _silence_warnings()
    try:
        place = find_journal(load_config(ctx.params.get("config")).journal)
        if not is_address(place) and not Path(place).is_file():
            return []
        with closing(open_journal(place, patience=_PATIENCE)) as journal:
            entries = journal.page([*Status], "*", _MOST_JOBS, None)
    except AnyVideoError:
        return []
    told = {short_ref(entry.ref): f"{entry.offer} {entry.state}" for entry in entries}
    return [
        CompletionItem(ref, help=make_printable(told[ref])) for ref in _select(told, incomplete)
    ]


def _select(names: Iterable[str], start: str) -> list[str]:
    """Return the names that begin with a text, each once; without a text, those without a slash.

    A name that cannot be printed is left to the user to write.
    """
    seen = (name for name in names if name == make_printable(name))
    found = dict.fromkeys(name for name in seen if name.startswith(start))
    return [name for name in found if start or "/" not in name]


def _silence_warnings() -> None:
    """Keep warnings off the line that the shell is editing."""
    logging.getLogger("anyvideo").addHandler(logging.NullHandler())
