"""`anyvideo models`: the available models, with limits, prices and usual times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import click
from attrs import asdict

from anyvideo.cli.completion import complete_models
from anyvideo.cli.context import CliContext
from anyvideo.cli.options import config_option, output_options
from anyvideo.cli.views.notes import mark, print_notes
from anyvideo.cli.views.table import Table, print_json, print_table, style
from anyvideo.cli.views.text import format_few, format_numbers, format_switch, format_usual
from anyvideo.journal.history import Durations
from anyvideo.model.media import ROLES
from anyvideo.model.offer import Offer
from anyvideo.model.quote import STALE_AFTER_DAYS, Price, format_amount
from anyvideo.model.sizes import parse_lines

_HEADINGS = (
    "offer", "seconds", "resolution", "shape", "images", "sound", "price", "usual", "checked",
    "retired",
)  # fmt: skip
_LONGEST_LIST = 14


@click.command("models")
@click.argument("selectors", nargs=-1, metavar="[SELECTOR]...", shell_complete=complete_models)
@click.option("--all", "show_all", is_flag=True, help="Also those that are retired.")
@config_option
@output_options
@click.pass_obj
def command(
    context: CliContext, selectors: tuple[str, ...], show_all: bool, config: str | None
) -> None:
    """List the available models: limits, price, usual time to finish, date checked.

    SELECTOR limits the list: 'apiyi/*', 'kling*', sora-2, or a route's name.
    """
    client = context.open_client(config, sends=False)
    today = client.session.today
    offers = client.offers(",".join(selectors) or "*")
    live = [offer for offer in offers if not _is_retired(offer, today)]
    retired = [offer for offer in offers if _is_retired(offer, today)]
    hidden = len(retired) if live and not show_all else 0
    shown = live if hidden else live + retired
    durations = context.read_durations()
    if context.json:
        print_json([_to_json(offer, durations.get(offer.name)) for offer in shown])
        return
    rows = [_row(offer, today, durations.get(offer.name)) for offer in shown]
    spare = ("shape", "sound", "checked", "usual", "images", "resolution")
    print_table(Table(_HEADINGS, rows, spare=spare))
    print_notes(shown, show_all=show_all)
    if hidden:
        context.print_hint(f"{hidden} more are retired; --all shows them")


def _is_retired(offer: Offer, today: date) -> bool:
    return offer.retired is not None and offer.retired.on <= today


def _row(offer: Offer, today: date, own: Durations | None) -> list[str]:
    tiers = offer.tiers
    shapes = [item for tier in tiers for item in tier.shapes]
    lines = sorted({parse_lines(item.resolution) for item in shapes if item.resolution})
    sounds = sorted({value for tier in tiers for value in tier.audio}, reverse=True)
    return [
        mark(offer),
        _format_seconds(offer),
        format_few(map(str, lines)),
        format_few((item.aspect_ratio for item in shapes if item.aspect_ratio), 3),
        " ".join(_format_images(offer)),
        "/".join(map(format_switch, sounds)),
        format_prices(offer) or style("unknown", dim=True),
        format_usual(offer.finishes_in, own),
        _format_date(offer, today),
        style(str(offer.retired), "red") if offer.retired else "",
    ]


def _format_seconds(offer: Offer) -> str:
    lengths = {value for tier in offer.tiers for value in tier.seconds}
    fixed = {tier.usual_seconds for tier in offer.tiers if tier.usual_seconds is not None}
    words = format_numbers(lengths or fixed)
    return words if len(words) <= _LONGEST_LIST else f"{min(lengths):g} ... {max(lengths):g}"


def _format_images(offer: Offer) -> Iterator[str]:
    for role, word in zip(ROLES, ("first", "last", "ref"), strict=True):
        most = max(tier.images.limit(role) for tier in offer.tiers)
        if most:
            yield word if most == 1 else f"{most} {word}"


def format_prices(offer: Offer) -> str:
    """Return the lowest and the highest price of an offer: "0.07-0.43 USD/s"; "" if unknown."""
    prices = sorted(_find_prices(offer), key=lambda price: price.amount)
    if not prices:
        return ""
    ends = dict.fromkeys(format_amount(price.amount) for price in (prices[0], prices[-1]))
    currency, per = prices[-1].currency, prices[-1].per
    return f"{'-'.join(ends)} {currency}/{'s' if per == 'second' else per}"


def _find_prices(offer: Offer) -> list[Price]:
    return [tier.price for tier in offer.tiers if tier.price is not None]


def _format_date(offer: Offer, today: date) -> str:
    dates = [price.checked for price in _find_prices(offer) if price.checked]
    checked = min(dates, default=offer.checked)
    if checked is None:
        return ""
    stale = bool(dates) and (today - checked).days > STALE_AFTER_DAYS
    return f"{checked}{' stale' if stale else ''}"


def _to_json(offer: Offer, own: Durations | None) -> dict[str, Any]:
    known = asdict(offer, filter=lambda _, value: value not in (None, "", (), frozenset()))
    return {"name": offer.name, **known, "own_jobs": None if own is None else asdict(own)}
