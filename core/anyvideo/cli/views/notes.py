"""What the rows of the offers say beside limits and prices: doubts, and what a job needs."""

from __future__ import annotations

from collections.abc import Iterable

from anyvideo.cli.views.table import print_wrapped, style
from anyvideo.model.offer import Offer

# A note that begins so concerns every job; the others are about options.
_FOR_ALL = ("in doubt", "needs")
_MARK = " *"


def mark(offer: Offer) -> str:
    """Return the name of an offer, with a mark if its note concerns every job."""
    return offer.name + (style(_MARK, "yellow") if _concerns_all(offer) else "")


def print_notes(offers: Iterable[Offer], *, show_all: bool = False) -> None:
    """Print the notes of offers below their table, each once; with `show_all` also on options."""
    names: dict[str, list[str]] = {}
    for offer in offers:
        if offer.note and (show_all or _concerns_all(offer)):
            names.setdefault(offer.note, []).append(offer.name)
    for note, named in names.items():
        print_wrapped(f"* {', '.join(named)}: {note}")


def _concerns_all(offer: Offer) -> bool:
    return offer.note.startswith(_FOR_ALL)
