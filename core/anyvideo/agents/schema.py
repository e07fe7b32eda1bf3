"""JSON Schemas of attrs classes: what a model fills in, and what it gets back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, Attribute, asdict, field, fields, has

from anyvideo.errors import JobError
from anyvideo.structuring import structure
from anyvideo.validation import is_list, is_object, show

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
_SIZES = {"Length": " characters", "Items": " items"}


def describe(text: str, *, default: Any = NOTHING, **bounds: Any) -> Any:  # noqa: ANN401 (as `attrs.field`)
    """Return a field with its words for the schema, and the bounds that its values keep."""
    metadata = {_SCHEMA: {"description": text, **bounds}}
    return field(default=default, kw_only=True, metadata=metadata, validator=_check_bounds)


def _check_bounds(_: object, attribute: Attribute[Any], value: Any) -> None:  # noqa: ANN401 (of any field)
    if value is None:
        return
    known = attribute.metadata[_SCHEMA]
    problems = [*_list_excesses(value, known)]
    if "pattern" in known and not re.fullmatch(known["pattern"], value):
        problems.append(f"{show(value)} is not written like {known['examples'][0]!r}")
    if problems:
        message = f"{attribute.name}: {problems[0]}"
        raise ValueError(message)


def _list_excesses(value: Any, known: Mapping[str, Any]) -> Iterator[str]:  # noqa: ANN401 (of any field)
    for name, bound in known.items():
        end, word = name[:3], _SIZES.get(name[3:], "")
        measured = len(value) if word else value
        if end == "min" and measured < bound:
            yield f"at least {bound:g}{word} expected, not {measured:g}"
        if end == "max" and measured > bound:
            yield f"at most {bound:g}{word} expected, not {measured:g}"


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
    return [_unfold(item) for item in value] if is_list(value) else value


def write_answer(answer: Any) -> dict[str, Any]:  # noqa: ANN401 (an attrs class)
    """Return an answer as plain JSON values, without the fields that are not known."""
    known = asdict(answer, filter=lambda _, value: value is not None)
    plain: dict[str, Any] = json.loads(json.dumps(known, default=_to_text))
    return plain


def _to_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else f"{value:f}"
