"""The short forms of offers.toml written out: `sizes`, `aspect_ratios`, `resolutions`, `seconds = {min, max}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import lru_cache
from itertools import product
from typing import Any

from attrs import fields

from anyvideo.model.offer import Images, Offer, Shape, Tier
from anyvideo.structuring import structure
from anyvideo.validation import find_unknown, is_list, is_object

# How many lengths a span may stand for, and how many tiers and formats an offer may have in all.
MOST_LENGTHS = 3600
MOST_TIERS = 256
MOST_SHAPES = 20_000
_SHORT = {"sizes", "aspect_ratios", "resolutions"}
_LONG_KEYS = {attribute.name for attribute in fields(Tier)}
_TIER_KEYS = _LONG_KEYS | _SHORT
_SHARED_KEYS = _TIER_KEYS - {"name", "wire", "wire_model"}
_OFFER_KEYS = {attribute.name for attribute in fields(Offer)} - {"provider"}
_ROW_KEYS = _OFFER_KEYS | _SHARED_KEYS
_NONE: list[tuple[str | None, tuple[str, str]]] = [(None, ("", ""))]


def expand_row(row: Mapping[str, Any], path: str) -> tuple[dict[str, Any], list[str]]:
    """Return a row whose tiers are complete and written out, and what is wrong with its keys."""
    problems = find_unknown(row, _ROW_KEYS, path)
    own = {key: value for key, value in row.items() if key in _OFFER_KEYS}
    if "remix_price" in own:
        own["remix_price"] = _expand_price(own["remix_price"], own)
    shared = {key: value for key, value in row.items() if key in _SHARED_KEYS}
    if "images" in shared:  # read once for all tiers
        shared["images"] = structure(shared["images"], Images, "", []) or shared["images"]
    problems += _check_short(shared, path)
    given = own.get("tiers", [{}])
    if not is_list(given):
        return own, problems
    if excess := list(_find_excess(given, shared, path)):
        return {key: value for key, value in own.items() if key != "tiers"}, problems + excess
    tiers = own["tiers"] = list(given)
    for number, tier in enumerate(given):
        if is_object(tier):
            problems += find_unknown(tier, _TIER_KEYS, f"{path}.tiers[{number}]")
            problems += _check_short(tier, f"{path}.tiers[{number}]")
            tiers[number] = _expand_tier({**shared, **tier}, own, first=number == 0)
    return own, problems


def _find_excess(tiers: Sequence[Any], shared: Mapping[str, Any], path: str) -> Iterator[str]:
    """Yield a line for each short form that stands for more than an offer may have."""
    if len(tiers) > MOST_TIERS:
        yield f"{path}.tiers: {len(tiers)} tiers; an offer has at most {MOST_TIERS}"
        return
    shapes = 0
    for number, tier in enumerate(tiers):
        whole = {**shared, **tier} if is_object(tier) else {}
        shapes += _count_shapes(whole)
        span = _read_span(whole.get("seconds"))
        if span is not None and len(span) > MOST_LENGTHS:
            yield (
                f"{path}.tiers[{number}].seconds: {span[0]} to {span[-1]} are more than "
                f"{MOST_LENGTHS} lengths; name fewer, or a larger step"
            )
    if shapes > MOST_SHAPES:
        yield f"{path}: the tiers have {shapes} formats; an offer has at most {MOST_SHAPES}"


def _count_shapes(tier: Mapping[str, Any]) -> int:
    counts = {key: len(tier[key]) for key in tier.keys() & _SHORT if _is_short(tier[key])}
    ratios, resolutions = counts.get("aspect_ratios", 0), counts.get("resolutions", 0)
    listed = tier.get("shapes")
    own = len(listed) if is_list(listed) else 0
    return own + counts.get("sizes", 0) + (ratios + 1) * (resolutions + 1)


def _check_short(tier: Mapping[str, Any], path: str) -> list[str]:
    return [
        f"{path}.{key}: expected a list of texts, or a table from them to the vendor's words"
        for key in sorted(tier.keys() & _SHORT)
        if not _is_short(tier[key])
    ]


def _is_short(value: object) -> bool:
    words = [*value, *value.values()] if is_object(value) else value
    return is_list(words) and all(isinstance(word, str) for word in words)


def _expand_tier(
    given: Mapping[str, Any], offer: Mapping[str, Any], *, first: bool
) -> dict[str, Any]:
    """Return a tier in full; what is malformed is left for `structure` to complain about."""
    tier = {key: value for key, value in given.items() if key in _LONG_KEYS}
    if "seconds" in tier:
        tier["seconds"] = _list_seconds(tier["seconds"])
    short = {key: given[key] for key in given.keys() & _SHORT if _is_short(given[key])}
    if short and is_list(shapes := tier.get("shapes", [])):
        # Where nothing has to be sent, only what was asked for is; but a tier that is not the
        # vendor's default needs the words of its shapes.
        loose = first and "shape" not in offer.get("required", ())
        tier["shapes"] = [*shapes, *_list_shapes(short, offer.get("names"), loose=loose)]
    if "price" in tier:
        tier["price"] = _expand_price(tier["price"], offer)
    return tier


def _expand_price(price: object, offer: Mapping[str, Any]) -> object:
    """Return a price with the source of its offer, and with its credits as money.

    `credits` and `credit_price` stand for `amount`.
    """
    if not is_object(price):
        return price
    source = {key: offer[key] for key in ("source", "checked") if key in offer}
    whole = {**source, **price}
    if "amount" not in whole and {"credits", "credit_price"} <= whole.keys():
        with suppress(ArithmeticError, ValueError, TypeError):  # `structure` says what is wrong
            unit = Decimal(str(whole["credit_price"]))
            whole["amount"] = unit * Decimal(str(whole["credits"]))
            del whole["credit_price"]
    return whole


def _list_seconds(value: object) -> object:
    span = _read_span(value)
    return value if span is None else list(span)


def _read_span(value: object) -> range | None:
    """Return the lengths that `{min, max, step}` stands for, or None if it is no such table."""
    if not is_object(value) or not value.keys() <= {"min", "max", "step"}:
        return None
    span: list[Any] = [value.get("min"), value.get("max"), value.get("step", 1)]
    if not all(isinstance(item, int) for item in span):
        return None
    least, most, step = span
    return range(least, most + 1, step) if step > 0 and most >= least else None


def _list_shapes(short: Mapping[str, Any], names: object, *, loose: bool) -> Iterator[object]:
    """Yield the shapes that the short forms stand for; `loose` ratios also without a resolution."""
    known: Mapping[str, Any] = names if is_object(names) else {}
    word = known.get("size", "size")
    for size in short.get("sizes", ()):
        yield _make_shape(None, None, size, ((word, size),))
    ratios = _words(short.get("aspect_ratios", ()), known.get("aspect_ratio", "aspect_ratio"))
    resolutions = _words(short.get("resolutions", ()), known.get("resolution", "resolution"))
    if ratios or resolutions:
        for (ratio, one), (lines, other) in product(ratios or _NONE, resolutions or _NONE):
            yield _make_shape(ratio, lines, None, (one, other))
    if loose and ratios and resolutions and all(name for _, (name, _) in (*ratios, *resolutions)):
        yield from (_make_shape(ratio, None, None, (one,)) for ratio, one in ratios)
        yield from (_make_shape(None, lines, None, (one,)) for lines, one in resolutions)


def _words(
    value: Mapping[str, str] | Iterable[str], name: str
) -> list[tuple[str | None, tuple[str, str]]]:
    """Return each value with the request parameter that asks for it."""
    pairs = value.items() if is_object(value) else zip(value, value, strict=True)
    return [(key, (name, word)) for key, word in pairs]


@lru_cache(maxsize=1024)
def _make_shape(
    ratio: str | None, lines: str | None, size: str | None, words: tuple[tuple[str, str], ...]
) -> object:
    """Return a shape, or what `structure` will complain about."""
    wire = {name: word for name, word in words if name and word}
    try:
        return Shape(ratio, lines, size, wire)
    except (ValueError, TypeError):
        return {"aspect_ratio": ratio, "resolution": lines, "size": size, "wire": wire}
