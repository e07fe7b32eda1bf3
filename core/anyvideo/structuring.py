"""Reads our own data strictly: every mistake, each with its path, and nothing coerced.

Data without a mistake is read with attrs alone. Only where something is wrong, cattrs reads the data
again and gathers every mistake: its import takes longer than reading all offers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeVar, Union, get_args, get_origin

from attrs import fields, has, resolve_types

from anyvideo.validation import explain_unknown, is_list, is_object, join_path

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")
_KEY = re.compile(r"\['([^']*)'\]")
_PLAIN: dict[type, str] = {
    bool: "true or false",
    str: "text",
    int: "a whole number",
    date: "a date such as 2026-11-20",
}


def structure(value: object, cls: type[T], path: str, problems: list[str]) -> T | None:
    """Return the value as `cls`, or None after adding one line for each mistake to `problems`.

    `path` says where the value stands; each line continues it to the key that is wrong.
    """
    try:
        read: T = _reader_of(cls)(value)  # type: ignore[arg-type]  # a class can be hashed
    except Exception:  # noqa: BLE001 (whatever the readers and validators raise is told below)
        return _explain(value, cls, path, problems)
    return read


@cache
def _reader_of(kind: Any) -> Callable[[Any], Any]:  # noqa: ANN401 (a type such as tuple[int, ...])
    """Return what reads a value of a type, and raises anything over anything that is wrong."""
    if (leaf := _find_leaf(kind)) is not None:
        return leaf
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in {Union, UnionType}:
        (inner,) = (one for one in arguments if one is not type(None))
        read = _reader_of(inner)
        return lambda value: None if value is None else read(value)
    if origin in {tuple, frozenset}:
        read = _reader_of(arguments[0])
        return lambda value: origin([read(one) for one in _expect_list(value)])
    if has(kind):
        resolve_types(kind)
        readers = {item.name: _reader_of(item.type) for item in fields(kind) if item.init}
        return partial(_read_table, kind, readers)
    read_key, read_value = map(_reader_of, arguments)
    return lambda value: {read_key(key): read_value(item) for key, item in value.items()}


def _read_table(kind: type[T], readers: Mapping[str, Callable[[Any], Any]], value: Any) -> T:  # noqa: ANN401 (whatever stands in the file)
    if isinstance(value, kind):
        return value
    return kind(**{key: readers[key](item) for key, item in value.items()})


def _find_leaf(kind: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401 (a type)
    """Return what reads a value that holds no other."""
    if kind in _PLAIN:
        return partial(_read_plain, kind)
    if get_origin(kind) is Literal:
        return partial(_read_choice, get_args(kind))
    return {Decimal: read_decimal, float: _read_number, Mapping[str, Any]: _read_free_form}.get(
        kind
    )


def _expect(what: str, value: object) -> NoReturn:
    message = f"expected {what}, not {value!r}"
    raise ValueError(message)


def _expect_list(value: object) -> Sequence[Any]:
    return value if is_list(value) else _expect("a list", value)


def _read_plain(kind: type[T], value: object) -> T:
    if type(value) is kind:  # also keeps True from passing for 1, and a time for a date
        return value
    _expect(_PLAIN[kind], value)


def _read_choice(choices: Sequence[str], value: object) -> object:
    return value if value in choices else _expect(" or ".join(choices), value)


def _read_free_form(value: object) -> dict[str, Any]:
    return dict(value) if is_object(value) else _expect("a table of keys", value)


def read_decimal(value: object) -> Decimal:
    """Return an amount of money given as text, a whole number or a TOML decimal.

    Raises:
        ValueError: it is anything else, a binary float among others.

    """
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        _expect("an amount as text, such as '0.30'", value)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        _expect("an amount of 0 or more, such as '0.30'", value)
    return amount


def _read_number(value: object) -> float:
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        _expect("a number", value)
    number = float(value)
    if number - number != 0:  # infinite or none at all
        _expect("a finite number", value)
    return int(number) if number.is_integer() else number


def _explain(value: object, cls: type[T], path: str, problems: list[str]) -> T | None:
    from cattrs import transform_error  # noqa: PLC0415 (slow to import)

    try:
        return _make_converter().structure(value, cls)
    except Exception as error:  # noqa: BLE001 (cattrs gathers whatever the hooks raise)
        for line in transform_error(error, path="", format_exception=_describe):
            text, _, inner = line.rpartition(" @ ")
            inner = _KEY.sub(r".\1", inner).removeprefix(".")
            problems.append(f"{join_path(path, inner)}: {text}")
        return None


@cache
def _make_converter() -> Converter:
    """Return a converter that reads as the readers above do, and gathers every mistake."""
    from cattrs import Converter  # noqa: PLC0415 (slow to import)

    converter = Converter()
    for kind in (*_PLAIN, Decimal, float):  # which cattrs has hooks of its own for
        converter.register_structure_hook(kind, _make_leaf_hook(kind))
    converter.register_structure_hook_factory(_is_other_leaf, _make_leaf_hook)
    converter.register_structure_hook_factory(has, _make_table_hook)
    converter.register_structure_hook_factory(_is_list_type, _make_list_hook)
    return converter


def _is_other_leaf(kind: object) -> bool:
    return kind == Mapping[str, Any] or get_origin(kind) is Literal


def _is_list_type(kind: object) -> bool:
    origin: Any = get_origin(kind)
    return origin in {tuple, frozenset}


def _make_leaf_hook(kind: Any) -> Callable[[Any, Any], Any]:  # noqa: ANN401 (a type)
    read: Any = _find_leaf(kind)
    return lambda value, _: read(value)


def _make_table_hook(cls: type[T], converter: Converter) -> Callable[[Any, Any], T]:
    """Return the hook for one of our values; what is one already passes as it is."""
    from cattrs.gen import make_dict_structure_fn  # noqa: PLC0415 (slow to import)

    read = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True)
    return lambda value, kind: value if isinstance(value, cls) else read(value, kind)


def _make_list_hook(kind: Any, converter: Converter) -> Callable[[Any, Any], Any]:  # noqa: ANN401 (a type)
    """Return the hook for a list; cattrs' own takes text for a list of letters."""
    made, item = get_origin(kind), get_args(kind)[0]
    read = converter.get_structure_hook(item)
    return lambda value, _: made(_read_each(_expect_list(value), item, read))


def _read_each(value: Sequence[object], item: Any, read: Callable[[Any, Any], Any]) -> list[Any]:  # noqa: ANN401 (a type)
    from cattrs import IterableValidationError, IterableValidationNote  # noqa: PLC0415 (slow to import)

    done: list[Any] = []
    errors: list[Exception] = []
    for number, one in enumerate(value):
        try:
            done.append(read(one, item))
        except Exception as error:  # noqa: BLE001 (whatever the hooks and validators raise)
            error.add_note(IterableValidationNote(f"item {number}", number, item))
            errors.append(error)
    if errors:
        message = "wrong items"
        raise IterableValidationError(message, errors, list)  # pyright: ignore[reportCallIssue]  # cattrs adds the class
    return done


def _describe(error: BaseException, kind: type | None) -> str:
    extra = getattr(error, "extra_fields", None)
    if extra:
        known = [attribute.name for attribute in fields(error.cl) if attribute.init]  # type: ignore[attr-defined]  # cattrs.ForbiddenExtraKeysError
        return ", ".join(explain_unknown(key, known) for key in sorted(extra))
    if isinstance(error, KeyError):
        return "is missing"
    if isinstance(error, TypeError | AttributeError):
        name = f" for {kind.__name__}" if isinstance(kind, type) else ""
        return f"expected a table of keys{name}"
    return str(error.args[0]) if error.args else type(error).__name__
