"""What each model of a vendor accepts, as data, and the check of a call against it.

A TOML file beside a vendor's wire holds the vendor's models, one table for each of its endpoints:

    [shared.models]                  # what every model of the table accepts
    prompt = { required = true }

    [[models]]
    names = ["acme-1", "acme-1-fast"]
    rate = 0.08                      # any other key is a fact for the wire
    [models.takes]
    seconds = [5, 10]                # short for { type = "integer", values = [5, 10] }
    seed = "integer"                 # short for { type = "integer" }
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal

from attrs import field, frozen

from anyvideo.sandbox.http.messages import is_list, is_object
from anyvideo.sandbox.http.multipart import File

_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_SPAN = re.compile(r"(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)")
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")
_RATIO = re.compile(r"([1-9]\d?):([1-9]\d?)")
_LONGEST = 3  # the long side of a film is at most this many times the short side


def _freeze(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(values)


@frozen
class Rule:
    """What one parameter accepts.

    Attributes:
        type: one of text, number, integer, boolean, url, urls, whole, json, span, size, ratio, object,
            objects, file, files.
        required: whether a call without the parameter is refused.
        values: the only values, where there are any.
        default: the value of a call without the parameter.
        min: the least number, length of a text or number of items.
        max: the largest number, length of a text or number of items.
        counts: the only numbers of items, where there are any.
        lines: the short sides that a size may have, in pixels.
    """

    type: str = "text"
    required: bool = False
    values: tuple[object, ...] = field(default=(), converter=_freeze)
    default: Any = None
    min: float | None = None
    max: float | None = None
    counts: tuple[int, ...] = field(default=(), converter=_freeze)
    lines: tuple[int, ...] = field(default=(), converter=_freeze)


@frozen
class Model:
    """One model at one endpoint: a rule for each parameter, and facts for the wire."""

    name: str
    takes: Mapping[str, Rule]
    facts: Mapping[str, Any]


@frozen
class Problem:
    """Why a call is refused: the parameter, its value, and the accepted values in words."""

    kind: Literal["missing", "type", "value", "unsupported"]
    param: str
    got: object = None
    accepted: str = ""


@lru_cache(maxsize=64)
def load_models(package: str, file: str, table: str = "models") -> Mapping[str, Model]:
    """Return the models of one endpoint by name, from a TOML file in a package."""
    data = tomllib.loads(files(package).joinpath(file).read_text("utf-8"))
    shared = data.get("shared", {}).get(table, {})
    models: dict[str, Model] = {}
    for row in data[table]:
        facts = {key: value for key, value in row.items() if key not in {"names", "takes"}}
        rules = {
            name: _read_rule(rule) for name, rule in {**shared, **row.get("takes", {})}.items()
        }
        models.update({name: Model(name, rules, facts) for name in row["names"]})
    return models


def _read_rule(rule: Any) -> Rule:  # noqa: ANN401 (what TOML holds)
    if isinstance(rule, str):
        return Rule(rule)
    if is_list(rule):
        return Rule("integer" if isinstance(rule[0], int) else "text", values=rule)
    return Rule(**rule)


def find_problem(
    fields: Mapping[str, Any], model: Model, vocabulary: Iterable[str]
) -> Problem | None:
    """Return the first problem of a call, None where the vendor accepts it.

    A parameter of `vocabulary` without a rule at this model is refused: vendors drop some of them
    silently. Any other unknown parameter is ignored, as vendors do.
    """
    for name, rule in model.takes.items():
        value = fields.get(name)
        if value is None or value == "":
            if rule.required:
                return Problem("missing", name)
        elif problem := check_value(name, value, rule):
            return problem
    for name in vocabulary:
        if fields.get(name) is not None and name not in model.takes:
            return Problem("unsupported", name, fields[name])
    return None


def check_value(name: str, value: object, rule: Rule) -> Problem | None:
    """Return the problem of one value, None where it is accepted."""
    fits, noun = _TYPES[rule.type]
    if not fits(value):
        return Problem("type", name, value, noun)
    accepted = _find_limit(value, rule)
    return Problem("value", name, value, accepted) if accepted else None


def _find_limit(value: Any, rule: Rule) -> str:  # noqa: ANN401 (a value of the rule's type)
    """Return in words the values that a rule accepts; an empty text where it accepts this one."""
    size = _measure(value)
    if rule.values and value not in rule.values:
        return " / ".join(map(str, rule.values))
    if rule.counts and size not in rule.counts:
        return " / ".join(map(str, rule.counts))
    if rule.min is not None and size < rule.min:
        return f"{rule.min:g} or more"
    if rule.max is not None and size > rule.max:
        return f"up to {rule.max:g}"
    if rule.lines and not _has_lines(value, rule.lines):
        return f"WIDTHxHEIGHT with {' or '.join(map(str, rule.lines))} lines"
    return ""


def _measure(value: object) -> float:
    if isinstance(value, int | float):
        return value
    return len(value) if isinstance(value, str) or is_list(value) else 1


def _has_lines(size: str, lines: tuple[int, ...]) -> bool:
    width, height = read_size(size)
    short, long = sorted((width, height))
    return short in lines and long <= _LONGEST * short


def read_size(size: str) -> tuple[int, int]:
    """Return the width and height of a size such as "1280x720"."""
    width, _, height = size.partition("x")
    return int(width), int(height)


def is_url(value: object) -> bool:
    """Say whether a value is an http(s) URL."""
    return isinstance(value, str) and bool(_URL.fullmatch(value))


def _is_span(value: object) -> bool:
    """Say whether a value is "start,end", from 1 to 3 seconds long."""
    match = _SPAN.fullmatch(value) if isinstance(value, str) else None
    return match is not None and 1 <= float(match[2]) - float(match[1]) <= 3


def _is_ratio(value: object) -> bool:
    match = _RATIO.fullmatch(value) if isinstance(value, str) else None
    sides = sorted(map(int, match.groups())) if match else [1, _LONGEST + 1]
    return value == "adaptive" or sides[1] <= _LONGEST * sides[0]


def _is_whole(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(r"[1-9]|[1-5]\d|60", value))


def _is_json_object(value: object) -> bool:
    try:
        return isinstance(value, str) and is_object(json.loads(value))
    except (ValueError, RecursionError):
        return False


def _is_list_of(kind: Callable[[object], bool]) -> Callable[[Any], bool]:
    return lambda value: is_list(value) and all(map(kind, value))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# For each type: its check, and how a refusal names it.
_TYPES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "text": (lambda value: isinstance(value, str), "string"),
    "number": (_is_number, "number"),
    "integer": (lambda value: _is_number(value) and isinstance(value, int), "integer"),
    "boolean": (lambda value: isinstance(value, bool), "boolean"),
    "url": (is_url, "http(s) URL"),
    "urls": (_is_list_of(is_url), "array of http(s) URLs"),
    "whole": (_is_whole, "whole number of seconds from 1 to 60, as text"),
    "json": (_is_json_object, "JSON object as text"),
    "span": (_is_span, '"start,end", 1 to 3 seconds apart'),
    "size": (lambda value: isinstance(value, str) and bool(_SIZE.fullmatch(value)), "WIDTHxHEIGHT"),
    "ratio": (_is_ratio, "ratio such as 16:9"),
    "object": (is_object, "object"),
    "objects": (_is_list_of(is_object), "array of objects"),
    "file": (lambda value: isinstance(value, File), "file"),
    "files": (lambda value: isinstance(value, File) or _is_list_of(_is_file)(value), "file"),
}


def _is_file(value: object) -> bool:
    return isinstance(value, File)
