"""Small checks of decoded data, and the words for what is wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any, TypeGuard

from anyvideo.limits import MOST_JSON_DEPTH, MOST_JSON_VALUES

_LONGEST = 80
# Strings are skipped as a whole, also one without an end, so that no text costs a second look.
_BRACKETS = re.compile(r'[\[{}\]]|"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_TOKEN = re.compile(r"[-!#$%&'*+.^`|~\w]+", re.ASCII)
_HEADER_VALUE = re.compile(r"(?:[!-~](?:[ -~]*[!-~])?)?")
# What data that people write may hold: levels, values, and numbers that a float can be.
MOST_LEVELS = 64
MOST_VALUES = 200_000
_LARGEST_POWER = 308
_MOST_BITS = 1023


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Say whether a decoded value of JSON or TOML is an object (a table)."""
    return isinstance(value, (dict, Mapping))  # dict first: it is quicker to tell


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Say whether a decoded value of JSON or TOML is a list."""
    return isinstance(value, (list, tuple))


def is_number(value: object) -> TypeGuard[float]:
    """Say whether a value is a finite number; a boolean is not."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond every float
        return False


def is_text(value: object) -> TypeGuard[str]:
    """Say whether a value is text that can be sent; text with half a surrogate pair cannot."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def check_extent(text: str) -> None:
    """Check that a JSON text unfolds to a bounded number of values and levels.

    Raises:
        ValueError: it has more; two bytes of JSON are 64 bytes in memory, or more.
    """
    if sum(map(text.count, "[{,")) > MOST_JSON_VALUES:
        message = f"JSON has more than {MOST_JSON_VALUES} values"
        raise ValueError(message)
    if text.count("[") + text.count("{") <= MOST_JSON_DEPTH:
        return
    depth = 0
    for found in _BRACKETS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > MOST_JSON_DEPTH:
            message = f"JSON is nested deeper than {MOST_JSON_DEPTH} levels"
            raise ValueError(message)


def is_token(value: object) -> TypeGuard[str]:
    """Say whether a value can be the method of a request or the name of a header.

    https://www.rfc-editor.org/rfc/rfc9110#name-tokens
    """
    return isinstance(value, str) and _TOKEN.fullmatch(value) is not None


def is_header_value(value: object) -> TypeGuard[str]:
    """Say whether a value can be sent in a header: printable ASCII without blanks at its ends."""
    return isinstance(value, str) and _HEADER_VALUE.fullmatch(value) is not None


def show(value: object) -> str:
    """Return a value as errors show it: its repr, cut where it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer with more digits than Python prints
        return f"a huge {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def find_excess(data: object, path: str) -> str:
    """Return the place of what no settings hold, and why; empty for data that can be read.

    A key is text, and there is a limit of levels, of values and of the size of a number.
    """
    level, count = [(path, data)], 1
    for _ in range(MOST_LEVELS + 1):
        below: list[tuple[str, object]] = []
        for place, value in level:
            if is_object(value):
                if odd := [key for key in value if not is_text(key)]:
                    return f"{place}: a key is text, not {show(odd[0])}"
                items = [(key, item) for key, item in value.items() if not isinstance(item, str)]
                below += [(join_path(place, key), item) for key, item in items]
                count += len(value)
            elif is_list(value):
                below += [
                    (f"{place}[{number}]", item)
                    for number, item in enumerate(value)
                    if not isinstance(item, str)
                ]
                count += len(value)
            elif is_huge(value):
                return f"{place}: the number is too large"
        if count > MOST_VALUES:
            return f"{path}: it holds more than {MOST_VALUES} values"
        level = below
    return _explain_depth(level[0][0]) if level else ""


def _explain_depth(place: str) -> str:
    return f"{place[:_LONGEST]}...: it is nested more than {MOST_LEVELS} levels deep"


def is_huge(value: object) -> bool:
    """Say whether a value is a number that no float can be; writing it out could take for ever."""
    if isinstance(value, Decimal):
        return value.is_finite() and abs(value.adjusted()) > _LARGEST_POWER
    return isinstance(value, int) and value.bit_length() > _MOST_BITS


def join_path(*parts: str) -> str:
    """Return the path "file: a.b" from its parts, leaving out the empty ones."""
    file, *keys = parts
    inner = ".".join(filter(None, keys))
    return f"{file}: {inner}" if inner and ": " not in file else ".".join(filter(None, parts))


def suggest(word: str, known: Iterable[str], otherwise: str, cutoff: float = 0.6) -> str:
    """Return "did you mean X?" for the nearest known word, or other advice if none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 (slow to import, and only for errors)

    near = get_close_matches(word, list(known), 1, cutoff)
    return f"did you mean {near[0]}?" if near else otherwise


def find_unknown(data: Mapping[str, object], known: AbstractSet[str], path: str) -> list[str]:
    """Return one line for each unknown key."""
    wrong = sorted(data.keys() - known, key=str)
    return [f"{path}: {explain_unknown(key, sorted(known))}" for key in wrong]


def explain_unknown(key: object, known: Sequence[str]) -> str:
    """Return what is wrong with an unknown key, and the nearest known key or all of them."""
    if not is_text(key):
        return f"a key is text, not {show(key)}"
    everything = f"it takes {', '.join(known)}"
    return f"unknown key {key!r}; {suggest(key, known, everything)}"
