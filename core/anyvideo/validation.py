"""Small checks of decoded data, and the words for what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeGuard

_LONGEST = 80


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


def show(value: object) -> str:
    """Return a value as errors show it: its repr, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # an integer with more digits than Python prints
        return f"a huge {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


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
    wrong = sorted(data.keys() - known)
    return [f"{path}: {explain_unknown(key, sorted(known))}" for key in wrong]


def explain_unknown(key: str, known: Sequence[str]) -> str:
    """Return what is wrong with an unknown key, and the nearest known key or all of them."""
    everything = f"it takes {', '.join(known)}"
    return f"unknown key {key!r}; {suggest(key, known, everything)}"
