"""Structures our own data, strictly: every mistake, each with its path, and nothing coerced."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    NoReturn,
    TypeGuard,
    TypeVar,
    get_args,
    get_origin,
)

from attrs import fields, has, resolve_types

from anyvideo.errors import JobError

if TYPE_CHECKING:
    from cattrs import Converter

T = TypeVar("T")
_LONGEST = 80


def is_number(value: object) -> bool:
    """Say whether a value is a finite number; `True` is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


def check_text(name: str, value: str) -> None:
    """Check that a text can be sent: half a surrogate pair cannot.

    Raises:
        JobError: it cannot.

    """
    try:
        value.encode()
    except UnicodeEncodeError as error:
        message = f"{name} has a character that is no text at position {error.start}"
        raise JobError(message) from error


def show(value: object) -> str:
    """Return a value as it is shown in an error: its repr, cut where it is long."""
    try:
        text = repr(value)
    except ValueError:  # a whole number with more digits than Python prints
        return f"a huge {type(value).__name__}"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


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
        # Finding every mistake costs twice the time, so it is done only where there is one.
        return _converter(detailed=False).structure(value, cls)
    except Exception:  # noqa: BLE001 (whatever the hooks and validators raise is told below)
        return _explain(value, cls, path, problems)


def _explain(value: object, cls: type[T], path: str, problems: list[str]) -> T | None:
    from cattrs import transform_error  # noqa: PLC0415 (slow to import)

    try:
        return _converter(detailed=True).structure(value, cls)
    except Exception as error:  # noqa: BLE001 (cattrs gathers whatever the hooks raise)
        for line in transform_error(error, path="", format_exception=_describe):
            text, _, inner = line.rpartition(" @ ")
            inner = _KEY.sub(r".\1", inner).removeprefix(".")
            problems.append(f"{join_path(path, inner)}: {text}")
        return None


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Say whether a decoded value of JSON or TOML is an object (a table)."""
    return isinstance(value, dict | Mapping)  # dict first: it is quicker to tell


def is_list(value: object) -> TypeGuard[Sequence[Any]]:
    """Say whether a decoded value of JSON or TOML is a list."""
    return isinstance(value, list | tuple)


def join_path(*parts: str) -> str:
    """Return the path "file: a.b" from its parts, leaving out the empty ones."""
    file, *keys = parts
    inner = ".".join(filter(None, keys))
    return f"{file}: {inner}" if inner and ": " not in file else ".".join(filter(None, parts))


def find_unknown(data: Mapping[str, object], known: AbstractSet[str], path: str) -> list[str]:
    """Return one line for each key that does not exist."""
    wrong = sorted(data.keys() - known)
    return [f"{path}: {explain_unknown(key, sorted(known))}" for key in wrong]


def explain_unknown(key: str, known: list[str]) -> str:
    """Return what to say about a key that does not exist: the nearest one, or all of them."""
    near = get_close_matches(key, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known)}"
    return f"unknown key {key!r}; {hint}"


def _describe(error: BaseException, kind: type | None) -> str:
    extra = getattr(error, "extra_fields", None)
    if extra:
        known = [attribute.name for attribute in fields(error.cl) if attribute.init]  # type: ignore[attr-defined]  # cattrs.ForbiddenExtraKeysError
        return ", ".join(explain_unknown(key, known) for key in sorted(extra))
    if isinstance(error, KeyError):
        return "is missing"
    if isinstance(error, TypeError | AttributeError):
        return (
            f"expected a table of keys{f' for {kind.__name__}' if isinstance(kind, type) else ''}"
        )
    return str(error.args[0]) if error.args else type(error).__name__


@lru_cache(maxsize=2)
def _converter(*, detailed: bool) -> Converter:
    from cattrs import Converter  # noqa: PLC0415 (slow to import, and not needed to look at a job)

    converter = Converter(detailed_validation=detailed)
    for kind in _PLAIN:
        converter.register_structure_hook(kind, _demand)
    converter.register_structure_hook(Decimal, lambda value, _: read_decimal(value))
    converter.register_structure_hook(float, _read_number)
    converter.register_structure_hook_func(_is_free_form, _demand_mapping)
    converter.register_structure_hook_func(_is_choice, _demand_choice)
    converter.register_structure_hook_factory(has, partial(_read_table, detailed=detailed))
    converter.register_structure_hook_factory(_is_list, partial(_read_list, detailed=detailed))
    return converter


def _read_table(cls: type[T], converter: Converter, *, detailed: bool) -> Callable[[Any, Any], T]:
    """Return the hook for one of our values; what is one already passes as it is."""
    if not detailed:
        return _read_quickly(cls, converter)
    from cattrs.gen import make_dict_structure_fn  # noqa: PLC0415 (slow to import)

    read = make_dict_structure_fn(cls, converter, _cattrs_forbid_extra_keys=True)
    return lambda value, kind: value if isinstance(value, cls) else read(value, kind)


def _read_quickly(cls: type[T], converter: Converter) -> Callable[[Any, Any], T]:
    """Return a hook that raises anything over anything that is wrong, but needs no compiling."""
    known: Any = resolve_types(cls)  # type: ignore[type-var]  # has() said that attrs made it
    readers = {
        item.name: (converter.get_structure_hook(item.type), item.type)
        for item in fields(known)
        if item.init
    }

    def hook(value: Any, _: object) -> T:  # noqa: ANN401 (whatever stands in the file)
        if isinstance(value, cls):
            return value
        given: dict[str, Any] = {}
        for key, item in value.items():
            read, kind = readers[key]
            given[key] = read(item, kind)
        return cls(**given)

    return hook


def _is_free_form(kind: object) -> bool:
    return kind == Mapping[str, Any]


def _is_choice(kind: object) -> bool:
    return get_origin(kind) is Literal


def _demand_choice(value: object, kind: Any) -> object:  # noqa: ANN401 (a type such as Literal["a", "b"])
    if value not in get_args(kind):
        _expect(" or ".join(get_args(kind)), value)
    return value


def _is_list(kind: object) -> bool:
    return get_origin(kind) in {tuple, frozenset}


def _read_list(kind: Any, converter: Converter, *, detailed: bool) -> Callable[[Any, Any], Any]:  # noqa: ANN401 (a type such as tuple[int, ...])
    """Return the hook for a list; cattrs' own takes text for a list of letters."""
    made, item = get_origin(kind), get_args(kind)[0]
    read = converter.get_structure_hook(item)

    def hook(value: object, _: object) -> object:
        if not is_list(value):
            _expect("a list", value)
        if not detailed:
            return made([read(one, item) for one in value])
        return made(_read_each(value, item, read))

    return hook


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


def _expect(what: str, value: object) -> NoReturn:
    message = f"expected {what}, not {value!r}"
    raise ValueError(message)


def _demand(value: object, kind: type[T]) -> T:
    if type(value) is kind:  # also keeps True from passing for 1, and a time for a date
        return value
    _expect(_PLAIN[kind], value)


def _demand_mapping(value: object, _: object) -> dict[str, Any]:
    if not is_object(value):
        _expect("a table of keys", value)
    return dict(value)


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


def _read_number(value: object, _: object) -> float:
    if type(value) is int:
        return value
    if isinstance(value, bool) or not isinstance(value, int | Decimal | float):
        _expect("a number", value)
    number = float(value)
    if number - number != 0:  # infinite or none at all
        _expect("a finite number", value)
    return int(number) if number.is_integer() else number
