"""How far each field of a job may be changed to fit an offer."""

from __future__ import annotations

from typing import Any, Literal, get_args

from attrs import Attribute, field, fields, frozen

from anyvideo.errors import ConfigError

Rule = Literal["exact", "nearest", "up", "down", "drop"]
Tolerance = Literal["refuse", "allow"]


def _check_rule(_: object, attribute: Attribute[Any], value: object) -> None:
    allowed = get_args(Tolerance if attribute.name == "retired" else Rule)
    if value not in allowed:
        message = f"policy {attribute.name} is {value!r}; it takes {', '.join(allowed)}"
        raise ConfigError(message)


@frozen(kw_only=True)
class Policy:
    """How far each field of a job may be changed to make it fit; by default not at all.

    `nearest`, `up` and `down` change a number or a format to an available one. For images,
    `nearest` keeps as many as the offer accepts; for audio, `up` only adds it and `down` only
    removes it. `drop` leaves out a field that is not available; it is the only change for all other
    fields. `retired` says whether offers that were switched off may still be used.

    Raises:
        ConfigError: a rule does not exist.
    """

    seconds: Rule = field(default="exact", validator=_check_rule)
    aspect_ratio: Rule = field(default="exact", validator=_check_rule)
    resolution: Rule = field(default="exact", validator=_check_rule)
    size: Rule = field(default="exact", validator=_check_rule)
    images: Rule = field(default="exact", validator=_check_rule)
    audio: Rule = field(default="exact", validator=_check_rule)
    negative_prompt: Rule = field(default="exact", validator=_check_rule)
    seed: Rule = field(default="exact", validator=_check_rule)
    enhance_prompt: Rule = field(default="exact", validator=_check_rule)
    upscale: Rule = field(default="exact", validator=_check_rule)
    watermark: Rule = field(default="exact", validator=_check_rule)
    private: Rule = field(default="exact", validator=_check_rule)
    style: Rule = field(default="exact", validator=_check_rule)
    character: Rule = field(default="exact", validator=_check_rule)
    metadata: Rule = field(default="exact", validator=_check_rule)
    retired: Tolerance = field(default="refuse", validator=_check_rule)


EXACT = Policy()
POLICY_FIELDS = tuple(attribute.name for attribute in fields(Policy))
