"""Says in what a plan is no longer what would be sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from anyvideo.strict import is_list, is_table

_LONGEST = 60


def list_drift(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Return one line for each value that differs between the parts of two plans."""
    return list(dict.fromkeys(_compare("", before, now)))


def _compare(path: str, before: object, now: object) -> Iterator[str]:
    if is_table(before) and is_table(now):
        if "sha256" in before and before != now and before.get("name") == now.get("name"):
            yield f"the file {before['name']} is another one now"
            return
        for key in dict.fromkeys([*before, *now]):
            yield from _compare(f"{path}.{key}" if path else key, before.get(key), now.get(key))
    elif is_list(before) and is_list(now) and len(before) == len(now):
        for number, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from _compare(f"{path}[{number}]", one, other)
    elif before != now:
        yield f"{path} was {_show(before)} and is {_show(now)}"


def _show(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
