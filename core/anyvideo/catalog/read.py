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
from pkgutil import get_data
from typing import Any

import tomli

from anyvideo.catalog.checks import check_offer
from anyvideo.catalog.short_forms import expand_row
from anyvideo.errors import ConfigError
from anyvideo.model.offer import Offer
from anyvideo.structuring import structure
from anyvideo.validation import find_unknown, is_list, is_object, join_path


@lru_cache(maxsize=64)
def load_offers(package: str, adapter: str, file: str = "offers.toml") -> tuple[Offer, ...]:
    """Return the offers of one adapter from a TOML file beside its package, which is read once.

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
    except (tomli.TOMLDecodeError, RecursionError) as error:
        message = f"{where}: not valid TOML: {error}"
        raise ConfigError(message) from error
    rows = data.pop("offers", [])
    if problems := find_unknown(data, {"offers"}, where):
        raise ConfigError(problems)
    if not is_list(rows) or not all(map(is_object, rows)):
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
    known, problems = expand_row({key: row[key] for key in row if key != "provider"}, path)
    if owner is None:
        problems.append(f"{path}: names no provider and no adapter to offer it")
    structure({**known, "adapter": owner or ""}, Offer, path, problems)
    return problems


def _read_row(
    row: Mapping[str, Any], where: str, place: str, problems: list[str]
) -> Iterator[Offer]:
    path = join_path(where, f"{place} ({row.get('model', '?')})")
    known, unknown = expand_row(row, path)
    problems.extend(unknown)
    offer = structure(known, Offer, path, problems)
    if offer is not None:
        problems.extend(f"{path}.{line}" for line in check_offer(offer))
        yield offer
