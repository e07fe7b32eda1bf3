"""JSON Schemas of attrs classes: what a model fills in, and what it gets back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, asdict, field, fields, has

from anyvideo.errors import JobError
from anyvideo.structuring import structure
from anyvideo.validation import is_object

T = TypeVar("T")
_SCHEMA = "schema"
_LEAVES: Mapping[Any, Mapping[str, Any]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"},
    datetime: {"type": "string", "format": "date-time"},
}
# How a value is measured by each bound of its schema, and what is said of one that passes it.
_SIZES = {"Length": "characters", "Items": "items"}


def describe(text: str, *, default: Any = NOTHING, **bounds: Any) -> Any:  # noqa: ANN401 (as `attrs.field`)
    """Return a field with its words for the schema, and the bounds that its values keep."""
    metadata = {_SCHEMA: {"description": text, **bounds}}
    return field(default=default, kw_only=True, metadata=metadata, validator=_check_bounds)


def _check_bounds(_: object, attribute: Attribute[Any], value: Any) -> None:  # noqa: ANN401 (of any field)
    if value is None:
        return
    known = attribute.metadata[_SCHEMA]
    for end, passes in (("minimum", lambda a, b: a < b), ("maximum", lambda a, b: a > b)):
        if end in known and passes(value, known[end]):
            message = f"{attribute.name}: the {end} is {known[end]:g}, and this is {value:g}"
            raise ValueError(message)
    for kind, word in _SIZES.items():
        least, most = known.get(f"min{kind}", 0), known.get(f"max{kind}")
        if len(value) < least if least else most is not None and len(value) > most:
            limit = f"at least {least}" if least else f"at most {most}"
            message = f"{attribute.name}: {limit} {word}, and this has {len(value)}"
            raise ValueError(message)
    if "pattern" in known and not re.fullmatch(known["pattern"], value):
        message = f"{attribute.name}: {value!r} is not written like {known['examples'][0]!r}"
        raise ValueError(message)


def make_schema(kind: type) -> dict[str, Any]:
    """Return the schema of an attrs class: an object without further keys."""
    hints = get_type_hints(kind)
    known = [item for item in fields(kind) if item.init]
    return {
        "type": "object",
        "properties": {item.name: _make_property(hints[item.name], item) for item in known},
        "required": [item.name for item in known if item.default is NOTHING],
        "additionalProperties": False,
    }


def _make_property(hint: Any, item: Attribute[Any]) -> dict[str, Any]:  # noqa: ANN401 (a type)
    made = {**_make(hint), **item.metadata.get(_SCHEMA, {})}
    if isinstance(item.default, str | int | float) and item.default != "":
        made["default"] = item.default
    return made


def _make(hint: Any) -> dict[str, Any]:  # noqa: ANN401 (a type)
    origin, arguments = get_origin(hint), get_args(hint)
    if has(hint):
        return make_schema(hint)
    if origin is Literal:
        return {"type": "string", "enum": list(arguments)}
    if origin in {Union, UnionType}:
        return _make(arguments[0])  # the other one is None, and a field that is None is left out
    if origin is tuple:
        return {"type": "array", "items": _make(arguments[0])}
    return dict(_LEAVES[hint])


def read_arguments(kind: type[T], given: Mapping[str, Any]) -> T:
    """Return a tool's arguments; null sets nothing.

    Raises:
        JobError: arguments are unknown, missing or wrong; lists all of them.
    """
    known = {name: _unfold(value) for name, value in given.items() if value is not None}
    problems: list[str] = []
    read = structure(known, kind, "", problems)
    if read is None:
        raise JobError("; ".join(problem.removeprefix(": ") for problem in problems))
    return read


def _unfold(value: Any) -> Any:  # noqa: ANN401 (any JSON)
    """Return a list or an object without the nulls in it."""
    if is_object(value):
        return {name: _unfold(item) for name, item in value.items() if item is not None}
    return [_unfold(item) for item in value] if isinstance(value, list) else value


def write_answer(answer: Any) -> dict[str, Any]:  # noqa: ANN401 (an attrs class)
    """Return an answer as plain JSON values, without the fields that are not known."""
    known = asdict(answer, filter=lambda _, value: value is not None)
    plain: dict[str, Any] = json.loads(json.dumps(known, default=_to_text))
    return plain


def _to_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else f"{value:f}"
