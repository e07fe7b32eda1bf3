"""The settings of `anyvideo serve`: who may use it, and how far."""

from __future__ import annotations

import re
from collections.abc import Mapping

from attrs import Attribute, field, frozen, validators

from anyvideo.journal.budget import Budget

_HASH = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}", re.ASCII)


def is_key_name(name: str) -> bool:
    """Say whether a text can be the name of a key."""
    return _NAME.fullmatch(name) is not None


def _check_hash(_: object, __: object, value: str) -> None:
    if not _HASH.fullmatch(value):  # which may be the key itself, and is not shown
        message = "'hash' takes what `anyvideo serve --new-key NAME` prints"
        raise ValueError(message)


def _check_names(_: object, __: object, keys: Mapping[str, object]) -> None:
    for name in keys:
        if not is_key_name(name):
            message = f"{name!r} is no name of a key; use small letters, digits, - and _"
            raise ValueError(message)


def _check_models(
    _: object, attribute: Attribute[tuple[str, ...]], models: tuple[str, ...]
) -> None:
    for model in models:
        if "/" not in model and model != "*":
            message = f"{attribute.name!r} takes offers such as 'apiyi/*', not {model!r}"
            raise ValueError(message)


@frozen
class ServeKey:
    """What the holder of one key may do.

    Attributes:
        hash: The hash of the key, as `anyvideo serve --new-key NAME` prints it.
        budget_a_day: What may be spent in a day (UTC); by default there is no limit.
        models: The offers that may be used, with wildcards.
        jobs_at_once: The most jobs under way at a time.
    """

    hash: str = field(validator=_check_hash, repr=False)
    budget_a_day: Budget = field(factory=Budget)
    models: tuple[str, ...] = field(default=("*",), validator=_check_models)
    jobs_at_once: int | None = field(default=None, validator=validators.optional(validators.ge(1)))


@frozen
class ServeConfig:
    """The settings of `anyvideo serve`.

    Attributes:
        keys: The keys of its clients, by name.
    """

    keys: Mapping[str, ServeKey] = field(factory=dict[str, ServeKey], validator=_check_names)
