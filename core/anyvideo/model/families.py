"""The family of a model, read from its canonical name; docs/offers.md has the rule for these names."""

from __future__ import annotations

import re

_JOINED = re.compile(r"([a-z]+)(\d[\d.]*)")
_VERSION = re.compile(r"[a-z]?\d[\d.]*")


def find_family(model: str) -> str:
    """Return the family of a canonical name: the maker's name of it, and its version.

    It ends with the version, written with a dot: "kling-v3-omni" is of "kling-v3", "kling-v2-6" of
    "kling-v2.6", "wan2.7-r2v" of "wan-2.7", "seedance-2.0-fast" of "seedance-2". A name without a
    version is its own family.
    """
    parts = _JOINED.sub(r"\1-\2", model, count=1) if _is_joined(model) else model
    words = parts.split("-")
    first = next((n for n, word in enumerate(words) if n and _VERSION.fullmatch(word)), None)
    if first is None:
        return model
    last = first
    while last + 1 < len(words) and words[last + 1].isdigit():
        last += 1
    version = ".".join(words[first : last + 1]).removesuffix(".0")
    return "-".join([*words[:first], version])


def _is_joined(model: str) -> bool:
    return _JOINED.fullmatch(model.partition("-")[0]) is not None
