"""Reads our own data: what people write, strictly, and what anyvideo wrote itself, with cattrs.

Of settings and offers every mistake is reported with its path, and nothing is coerced.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import EnumMeta
from functools import cache, partial
from types import UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NoReturn,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from attrs import NOTHING, fields, has

from anyvideo.secret import Secret
from anyvideo.validation import (
    explain_unknown,
    is_list,
    is_number,
    is_object,
    is_text,
    join_path,
    show,
)

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")
Reader: TypeAlias = Callable[[Any], Any]
# The most digits of an amount of money, before and after the point.
MOST_DIGITS = 30
_PLAIN: dict[type, str] = {
    bool: "true or false",
    int: "a whole number",
    date: "a date such as 2026-11-20",
}


class MistakesError(ValueError):
    """Parts of a value are wrong: the path to each, such as `.parts[0]`, and why."""

    def __init__(self, mistakes: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path.lstrip('.')}: {why}" for path, why in mistakes))
        self.mistakes = mistakes


def structure(value: object, cls: type[T], path: str, problems: list[str]) -> T | None:
    """Return the value as `cls`, or None after adding one line for each mistake to `problems`.

    `path` names the value; each line continues it to the key that is wrong.
    """
    try:
        read: T = _reader_of(cls)(value)  # type: ignore[arg-type]  # a class can be hashed
    except Exception as error:  # noqa: BLE001 (converters and validators raise what they like)
        mistakes = _locate(error, "")
        problems += [f"{join_path(path, inner.lstrip('.'))}: {why}" for inner, why in mistakes]
        return None
    return read


def read_fields(value: object) -> dict[str, Any]:
    """Return the fields of one of our values, each read as data of its type is.

    Raises:
        MistakesError: fields hold values of other types.
    """
    readers = _list_readers(type(value))  # type: ignore[arg-type]  # a class can be hashed
    return _read_fields(readers, {name: getattr(value, name) for name in readers})


@cache
def _reader_of(kind: Any) -> Reader:  # noqa: ANN401 (a type such as tuple[int, ...])
    """Return what reads a value of a type, and raises an error if anything in it is wrong."""
    origin, arguments = get_origin(kind), get_args(kind)
    if has(kind):
        needed = [item.name for item in fields(kind) if item.init and item.default is NOTHING]
        return partial(_read_table, kind, _list_readers(kind), needed)
    if origin is Literal:
        return partial(_read_choice, arguments)
    if origin in {Union, UnionType}:
        inner = [one for one in arguments if one is not type(None)]
        # A union of several types, such as text or bytes, is checked by the class that has it.
        read = _reader_of(inner[0] if len(inner) == 1 else Any)
        return lambda value: None if value is None else read(value)
    if origin in {tuple, list, frozenset, set, Sequence}:
        made: Any = tuple if origin is Sequence else origin
        return partial(_read_list, made, _reader_of(arguments[0]))
    if arguments:
        return partial(_read_mapping, _reader_of(arguments[1]))
    leaves: dict[Any, Reader] = {str: _read_text, Decimal: _read_amount, float: _read_number}
    leaves |= {Any: lambda value: value, Secret: _read_secret}
    return leaves.get(kind) or (kind if isinstance(kind, EnumMeta) else partial(_read_plain, kind))


@cache
def _list_readers(kind: type) -> dict[str, Reader]:
    """Return what reads each field of a class."""
    hints = get_type_hints(kind, localns={"Sequence": Sequence})  # which `JSON` names
    return {item.name: _reader_of(hints[item.name]) for item in fields(kind) if item.init}


def _locate(error: Exception, path: str) -> list[tuple[str, str]]:
    """Return the mistakes that an error tells of, each with the path from the value around it."""
    if isinstance(error, MistakesError):
        return [(path + inner, why) for inner, why in error.mistakes]
    return [(path, str(error.args[0]) if error.args else type(error).__name__)]


def _read_each(read: Reader, items: Collection[Any], path: Callable[[int], str]) -> list[Any]:
    mistakes: list[tuple[str, str]] = []
    done: list[Any] = []
    for number, item in enumerate(items):
        try:
            done.append(read(item))
        except Exception as error:  # noqa: BLE001 (gathered, whatever it is)
            mistakes += _locate(error, path(number))
    if mistakes:
        raise MistakesError(mistakes)
    return done


def _read_list(kind: Callable[[list[Any]], Any], read: Reader, value: object) -> object:
    items = value if is_list(value) else _reject("a list", value)
    return kind(_read_each(read, items, "[{}]".format))


def _read_mapping(read: Reader, value: object) -> dict[str, Any]:
    table = _expect_table(value, "a table of keys")
    names: list[str] = _read_each(_read_text, table, lambda _: "")
    return dict(
        zip(
            names, _read_each(read, table.values(), lambda number: f".{names[number]}"), strict=True
        )
    )


def _read_table(
    kind: type[T], readers: Mapping[str, Reader], needed: Sequence[str], value: object
) -> T:
    if isinstance(value, kind):
        return value
    table = _expect_table(value, f"a table with the keys {', '.join(readers)}")
    return kind(**_read_fields(readers, table, needed))


def _expect_table(value: object, what: str) -> Mapping[str, Any]:
    """Return a table; an error does not show the value, which may be a key in the wrong place."""
    if not is_object(value):
        message = f"expected {what}"
        raise ValueError(message)
    return value


def _read_fields(
    readers: Mapping[str, Reader], table: Mapping[str, Any], needed: Sequence[str] = ()
) -> dict[str, Any]:
    mistakes = [(f".{name}", "is missing") for name in needed if name not in table]
    known: dict[str, Any] = {}
    for name, item in table.items():
        if name not in readers:
            mistakes.append(("", explain_unknown(name, [*readers])))
            continue
        try:
            known[name] = readers[name](item)
        except Exception as error:  # noqa: BLE001 (gathered, whatever it is)
            mistakes += _locate(error, f".{name}")
    if mistakes:
        raise MistakesError(mistakes)
    return known


def _reject(what: str, value: object) -> NoReturn:
    message = f"expected {what}, not {show(value)}"
    raise ValueError(message)


def _read_plain(kind: type[T], value: object) -> T:
    # Of our own types, exactly that one: True does not pass for 1, nor a time for a date.
    if type(value) is kind or (isinstance(value, kind) and kind not in _PLAIN):
        return value
    _reject(_PLAIN.get(kind, f"a {kind.__name__}"), value)


def _read_text(value: object) -> str:
    return value if is_text(value) else _reject("text", value)


def _read_secret(value: object) -> Secret:
    """Return a secret; an error does not show the value."""
    if not is_text(value):
        message = "expected text"
        raise ValueError(message)
    return Secret(value)


def _read_choice(choices: Sequence[str], value: object) -> object:
    return value if value in choices else _reject(" or ".join(choices), value)


def _read_amount(value: object) -> Decimal:
    """Return an amount of money; a binary float is refused, because it is not what was written."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        _reject("an amount as text, such as '0.30'", value)
    try:
        amount = Decimal(value)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        _reject("an amount of 0 or more, such as '0.30'", value)
    if abs(amount.adjusted()) > MOST_DIGITS or len(amount.as_tuple().digits) > MOST_DIGITS:
        _reject(f"an amount of at most {MOST_DIGITS} digits", value)
    return amount


def _read_number(value: object) -> float:
    if type(value) is int:
        return value
    number = float(value) if isinstance(value, Decimal) else value
    if not is_number(number):
        _reject("a number", value)
    return int(number) if isinstance(number, float) and number.is_integer() else number


def restore(data: Mapping[str, Any], cls: type[T]) -> T:
    """Return a value from the JSON that anyvideo wrote; fields of a later version are left out.

    Raises:
        ValueError: the data is not such JSON.
    """
    from cattrs.errors import CattrsError  # noqa: PLC0415 (slow to import, and not needed to plan)

    if not is_object(data):
        _reject("a table of keys", data)
    known = {name: item for name, item in data.items() if item is not None}
    try:
        return _make_converter().structure(known, cls)
    except (CattrsError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        message = f"{type(error).__name__}: {error}"
        raise ValueError(message) from error


@cache
def _make_converter() -> Converter:
    from cattrs import Converter  # noqa: PLC0415 (slow to import, and not needed to plan)

    converter = Converter(detailed_validation=False, prefer_attrib_converters=True)
    readers: dict[type, Reader] = {
        str: _read_text,
        bool: partial(_read_plain, bool),
        Decimal: Decimal,
        date: date.fromisoformat,
    }
    for kind, read in readers.items():
        converter.register_structure_hook(kind, partial(_ignore_type, read))
    return converter


def _ignore_type(read: Reader, value: object, _: object) -> object:
    return read(value)
