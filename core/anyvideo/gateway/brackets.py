"""Reads the names of a form: OpenAI's SDKs write `{"a": {"b": [1]}}` as `a[b][]=1`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, cast

from anyvideo.gateway.failures import refuse

OWN = "anyvideo"
_NAME = re.compile(r"(?P<first>[^\[\]]+)(?P<rest>(?:\[[^\[\]]*\])*)")
# What stays a text, below `anyvideo`; the rest is JSON where it can be read as such.
_TEXTS = frozenset({
    "prompt", "aspect_ratio", "resolution", "size", "negative_prompt", "style", "max_cost", "images",
    "policy", "metadata", "character",
})  # fmt: skip


def unfold(pairs: Iterable[tuple[str, str | bytes]]) -> dict[str, Any]:
    """Return the fields of a form; `anyvideo` may be one field of JSON, or one field for each part.

    Raises:
        RefusedError: a name cannot be read, or a field stands twice.
    """
    data: dict[str, Any] = {}
    for name, value in pairs:
        found = _NAME.fullmatch(name)
        if found is None:
            refuse(f"the field {name[:80]!r} cannot be read", param=name[:80])
        path = [found["first"], *re.findall(r"\[([^\[\]]*)\]", found["rest"])]
        _put(data, path, _read(path, value), name)
    return data


def _read(path: list[str], value: str | bytes) -> object:
    if isinstance(value, bytes) or path[0] != OWN:
        return value
    if len(path) == 1:
        try:
            return json.loads(value)
        except (ValueError, RecursionError) as error:
            refuse(f"'{OWN}' is not valid JSON: {error}", param=OWN)
    if path[1] in _TEXTS and path[-1] != "timestamps":
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _put(data: dict[str, Any], path: list[str], value: object, name: str) -> None:
    place: dict[str, Any] | list[Any] = data
    for step, following in pairwise(path):
        kind = dict if following else list
        inner: Any = None if isinstance(place, list) else place.setdefault(step, kind())
        if type(inner) is not kind:
            message = f"the field {name[:80]!r} does not fit the others; send '{OWN}' as JSON text"
            refuse(message, param=name[:80])
        place = cast("dict[str, Any] | list[Any]", inner)
    if isinstance(place, list):
        place.append(value)
    elif path[-1] in place:
        refuse(f"the field {name[:80]!r} stands twice", param=name[:80])
    else:
        place[path[-1]] = value
