"""`anyvideo models`: what can be bought, with limits, prices and usual times."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import click
from attrs import asdict

from anyvideo.cli import screen
from anyvideo.cli.options import config_option, json_option
from anyvideo.cli.run import Run
from anyvideo.cli.wording import say_duration, say_few, say_numbers, say_switch
from anyvideo.model.media import ROLES
from anyvideo.model.offer import Offer
from anyvideo.model.quote import STALE_AFTER_DAYS, Price
from anyvideo.model.sizes import parse_lines

_HEADINGS = (
    "offer", "seconds", "resolution", "shape", "images", "sound", "price", "usual", "checked",
    "retired",
)  # fmt: skip
_LONGEST_LIST = 14


@click.command("models")
@click.argument("selector", default="*", required=False)
@click.option("--all", "show_all", is_flag=True, help="Also those that were switched off.")
@config_option
@json_option
@click.pass_obj
def command(run: Run, selector: str, show_all: bool, config: str | None) -> None:
    """List what can be bought: limits, price, usual time to finish, date checked.

    SELECTOR narrows it down: apiyi/*, sora-2, or a route's name.
    """
    client = run.open_client(config, sends=False)
    today = client.session.today
    offers = sorted(client.offers(selector), key=lambda offer: is_retired(offer, today))
    retired = [offer for offer in offers if is_retired(offer, today)]
    hidden = retired if not show_all and len(retired) < len(offers) else []
    shown = offers[: len(offers) - len(hidden)]
    if run.json:
        screen.show_json([to_json(offer) for offer in shown])
        return
    rows = [_row(offer, today) for offer in shown]
    spare = ("shape", "sound", "checked", "usual", "images", "resolution")
    screen.show_table(screen.Table(_HEADINGS, rows, spare=spare))
    if hidden:
        words = f"{len(hidden)} more are retired; --all shows them"
        click.echo(screen.paint(words, dim=True))


def is_retired(offer: Offer, today: date) -> bool:
    """Say whether an offer was switched off before or today."""
    return offer.retired is not None and offer.retired.on <= today


def _row(offer: Offer, today: date) -> list[str]:
    tiers = offer.tiers
    shapes = [item for tier in tiers for item in tier.shapes]
    lines = sorted({parse_lines(item.resolution) for item in shapes if item.resolution})
    sounds = sorted({value for tier in tiers for value in tier.audio}, reverse=True)
    return [
        offer.name,
        _say_seconds(offer),
        say_few(map(str, lines)),
        say_few((item.aspect_ratio for item in shapes if item.aspect_ratio), 3),
        " ".join(_say_images(offer)),
        "/".join(map(say_switch, sounds)),
        say_prices(offer) or screen.paint("unknown", dim=True),
        say_duration(offer.finishes_in) if offer.finishes_in else "",
        _say_date(offer, today),
        screen.paint(str(offer.retired), "red") if offer.retired else "",
    ]


def _say_seconds(offer: Offer) -> str:
    lengths = {value for tier in offer.tiers for value in tier.seconds}
    fixed = {tier.usual_seconds for tier in offer.tiers if tier.usual_seconds is not None}
    words = say_numbers(lengths or fixed)
    return words if len(words) <= _LONGEST_LIST else f"{min(lengths):g} ... {max(lengths):g}"


def _say_images(offer: Offer) -> Iterator[str]:
    for role, word in zip(ROLES, ("first", "last", "ref"), strict=True):
        most = max(tier.images.limit(role) for tier in offer.tiers)
        if most:
            yield word if most == 1 else f"{most} {word}"


def say_prices(offer: Offer) -> str:
    """Return the lowest and the highest price of an offer: "$0.07-0.43/s"; nothing if unknown."""
    prices = sorted(_find_prices(offer), key=lambda price: price.amount)
    if not prices:
        return ""
    ends = dict.fromkeys(f"{price.amount:f}" for price in (prices[0], prices[-1]))
    currency, per = prices[-1].currency, prices[-1].per
    sign = "$" if currency == "USD" else f"{currency} "
    return f"{sign}{'-'.join(ends)}/{'s' if per == 'second' else per}"


def _find_prices(offer: Offer) -> list[Price]:
    return [tier.price for tier in offer.tiers if tier.price is not None]


def _say_date(offer: Offer, today: date) -> str:
    dates = [price.checked for price in _find_prices(offer) if price.checked]
    checked = min(dates, default=offer.checked)
    if checked is None:
        return ""
    stale = bool(dates) and (today - checked).days > STALE_AFTER_DAYS
    return f"{checked}{' stale' if stale else ''}"


def to_json(offer: Offer) -> dict[str, Any]:
    """Return an offer as plain values, without what was not said."""
    known = asdict(offer, filter=lambda _, value: value not in (None, "", (), frozenset()))
    return {"name": offer.name, **known}
