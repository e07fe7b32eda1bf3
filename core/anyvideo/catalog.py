"""Reads offers.toml: strict, with every mistake and its path in one error.

A tier inherits whatever it does not say itself from its offer. Three short forms save writing:
`seconds = { min = 4, max = 15 }` is every whole second from 4 to 15; `sizes` is a list of shapes
by their size; `aspect_ratios` and `resolutions` together mean every combination, and may map the
canonical value to the vendor's word: `resolutions = { 720p = "std", 1080p = "pro" }`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import product
from pkgutil import get_data
from typing import Any

import tomli
from attrs import fields

from anyvideo.errors import ConfigError
from anyvideo.offer import Images, Offer, Shape, Tier
from anyvideo.soundness import check_offer
from anyvideo.strict import find_unknown, is_list, is_table, join_path, structure

_SHORT = {"sizes", "aspect_ratios", "resolutions"}
_LONG_KEYS = {attribute.name for attribute in fields(Tier)}
_TIER_KEYS = _LONG_KEYS | _SHORT
_SHARED_KEYS = _TIER_KEYS - {"name", "wire"}
_OFFER_KEYS = {attribute.name for attribute in fields(Offer)} - {"provider"}
_ROW_KEYS = _OFFER_KEYS | _SHARED_KEYS


def load_offers(package: str, adapter: str, file: str = "offers.toml") -> tuple[Offer, ...]:
    """Return the offers of one adapter from a TOML file beside its package.

    Raises:
        ConfigError: there is no such file, it is not TOML or a row is wrong; names each row and key.

    """
    return _pick(_load(package, file), adapter, f"{package}/{file}")


@lru_cache(maxsize=32)
def _load(package: str, file: str) -> list[dict[str, Any]]:
    """Read a file once, however many adapters have their offers in it."""
    where = f"{package}/{file}"
    try:
        data = get_data(package, file)  # in a tenth of the time that importlib.resources takes
        text = "" if data is None else data.decode()
    except (OSError, ImportError, UnicodeDecodeError) as error:
        message = f"{where} cannot be read: {error}"
        raise ConfigError(message) from error
    if data is None:
        message = f"{where} cannot be read: there is no such package"
        raise ConfigError(message)
    return _parse(text, where)


def read_offers(text: str, adapter: str, *, where: str = "offers.toml") -> tuple[Offer, ...]:
    """Return the offers of one adapter from TOML text; rows may name another with `adapter`.

    Raises:
        ConfigError: the text is not TOML or a row is wrong; names each row and key.

    """
    return _pick(_parse(text, where), adapter, where)


def _parse(text: str, where: str) -> list[dict[str, Any]]:
    try:
        data = tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as error:
        message = f"{where}: not valid TOML: {error}"
        raise ConfigError(message) from error
    rows = data.pop("offers", [])
    if problems := find_unknown(data, {"offers"}, where):
        raise ConfigError(problems)
    if not is_list(rows) or not all(map(is_table, rows)):
        message = f"{where}: offers is a list of tables; write [[offers]] above each"
        raise ConfigError(message)
    return list(rows)


def _pick(rows: list[dict[str, Any]], adapter: str, where: str) -> tuple[Offer, ...]:
    own = [
        (f"offers[{number}]", {**row, "adapter": adapter})
        for number, row in enumerate(rows)
        if row.get("adapter", adapter) == adapter
    ]
    return structure_offers(own, where)


def structure_offers(
    rows: Iterable[tuple[str, Mapping[str, Any]]], where: str
) -> tuple[Offer, ...]:
    """Turn rows, each with its place in the file, into offers.

    Raises:
        ConfigError: with one line for every wrong key or value in any row.

    """
    problems: list[str] = []
    offers = [offer for place, row in rows for offer in _read_row(row, where, place, problems)]
    seen: set[str] = set()
    for offer in offers:
        if offer.name in seen:
            problems.append(f"{where}: {offer.name} is offered twice; keep one row")
        seen.add(offer.name)
    if problems:
        raise ConfigError(problems)
    return tuple(offers)


def find_row_problems(row: Mapping[str, Any], where: str, place: str) -> list[str]:
    """Return what is wrong with a row by itself, which may say only what it changes of an offer."""
    path = join_path(where, f"{place} ({row.get('model', '?')})")
    owner = row.get("provider", row.get("adapter"))
    known, problems = _expand({key: row[key] for key in row if key != "provider"}, path)
    if owner is None:
        problems.append(f"{path}: names no provider and no adapter to offer it")
    structure({**known, "adapter": owner or ""}, Offer, path, problems)
    return problems


def _read_row(
    row: Mapping[str, Any], where: str, place: str, problems: list[str]
) -> Iterator[Offer]:
    path = join_path(where, f"{place} ({row.get('model', '?')})")
    known, unknown = _expand(row, path)
    problems.extend(unknown)
    offer = structure(known, Offer, path, problems)
    if offer is not None:
        problems.extend(f"{path}.{line}" for line in check_offer(offer))
        yield offer


def _expand(row: Mapping[str, Any], path: str) -> tuple[dict[str, Any], list[str]]:
    """Return a row whose tiers are complete and written out, and what is wrong with its keys."""
    problems = find_unknown(row, _ROW_KEYS, path)
    own = {key: value for key, value in row.items() if key in _OFFER_KEYS}
    shared = {key: value for key, value in row.items() if key in _SHARED_KEYS}
    if "images" in shared:  # read once for all tiers
        shared["images"] = structure(shared["images"], Images, "", []) or shared["images"]
    problems += _check_short(shared, path)
    given = own.get("tiers", [{}])
    if not is_list(given):
        return own, problems
    tiers = own["tiers"] = list(given)
    for number, tier in enumerate(given):
        if is_table(tier):
            problems += find_unknown(tier, _TIER_KEYS, f"{path}.tiers[{number}]")
            problems += _check_short(tier, f"{path}.tiers[{number}]")
            tiers[number] = _expand_tier({**shared, **tier}, own, first=number == 0)
    return own, problems


def _check_short(tier: Mapping[str, Any], path: str) -> list[str]:
    return [
        f"{path}.{key}: expected a list of texts, or a table from them to the vendor's words"
        for key in sorted(tier.keys() & _SHORT)
        if not _is_short(tier[key])
    ]


def _is_short(value: object) -> bool:
    words = [*value, *value.values()] if is_table(value) else value
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
    if is_table(price := tier.get("price")):
        source = {key: offer[key] for key in ("source", "checked") if key in offer}
        tier["price"] = {**source, **price}
    return tier


def _list_seconds(value: object) -> object:
    if not is_table(value) or not value.keys() <= {"min", "max", "step"}:
        return value
    span: list[Any] = [value.get("min"), value.get("max"), value.get("step", 1)]
    if not all(isinstance(item, int) for item in span):
        return value
    least, most, step = span
    return list(range(least, most + 1, step)) if step > 0 and most >= least else value


def _list_shapes(short: Mapping[str, Any], names: object, *, loose: bool) -> Iterator[object]:
    """Yield the shapes that the short forms stand for; `loose` ratios also without a resolution."""
    known: Mapping[str, Any] = names if is_table(names) else {}
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


_NONE: list[tuple[str | None, tuple[str, str]]] = [(None, ("", ""))]


def _words(
    value: Mapping[str, str] | Iterable[str], name: str
) -> list[tuple[str | None, tuple[str, str]]]:
    """Return each value with the request parameter that asks for it."""
    pairs = value.items() if is_table(value) else zip(value, value, strict=True)
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
