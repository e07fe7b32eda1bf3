"""Decoded JSON, looked at without trust: whatever is not what it should be counts as empty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast


def as_object(value: object) -> Mapping[str, Any]:
    """Return the value if it is an object."""
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def as_list(value: object) -> Sequence[Any]:
    """Return the value if it is a list."""
    return cast("Sequence[Any]", value) if isinstance(value, list) else []
