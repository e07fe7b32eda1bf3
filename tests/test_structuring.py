"""Data of our own is structured, or every mistake is named with its path."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from anyvideo import structuring, validation
from anyvideo.tasks.status import Status

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.decimals(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


def positive(_: object, attribute: Any, value: float) -> None:
    if value < 0:
        message = f"{attribute.name} is below 0"
        raise ValueError(message)


@frozen
class Part:
    name: str
    on: date | None = None


@frozen
class Thing:
    amount: Decimal
    length: float = field(default=1, validator=positive)
    count: int = 0
    flag: bool = False
    mode: Literal["one", "two"] = "one"
    parts: tuple[Part, ...] = ()
    names: frozenset[str] = frozenset()
    by_name: Mapping[str, Part] = field(factory=dict)
    free: Mapping[str, Any] = field(factory=dict)
    tags: list[str] = field(factory=list)
    kinds: Sequence[Status] = ()
    place: Path | None = None
    derived: str = field(default="", init=False)


def read(value):
    problems: list[str] = []
    return structuring.structure(value, Thing, "file.toml", problems), problems


def test_what_is_right_is_read():
    given_ = {
        "amount": "0.30", "length": Decimal("2.0"), "count": 2, "flag": True, "mode": "two",
        "parts": [{"name": "a", "on": date(2026, 1, 1)}], "names": ["x", "y"],
        "by_name": {"b": {"name": "b"}}, "free": {"any": [1, {"thing": None}]},
        "tags": ["t"], "kinds": ["failed"], "place": Path("a"),
    }  # fmt: skip
    thing, problems = read(given_)
    assert problems == []
    assert thing == Thing(
        Decimal("0.30"), 2, 2, True, "two", (Part("a", date(2026, 1, 1)),), frozenset("xy"),
        {"b": Part("b")}, {"any": [1, {"thing": None}]}, ["t"], (Status.FAILED,), Path("a"),
    )  # fmt: skip
    assert repr(thing.length) == "2"


def test_what_is_structured_already_passes():
    part = Part("a")
    thing, problems = read({"amount": 1, "parts": [part], "length": 2.5})
    assert (thing.parts[0] is part, thing.length, problems) == (True, 2.5, [])
    _, problems = read({"amount": "x", "parts": [part]})
    assert len(problems) == 1


def test_every_mistake_is_told_with_its_path():
    _, problems = read(
        {
            "amount": "-1", "length": "long", "count": True, "flag": 1, "mode": "three", "cuont": 1,
            "parts": [{"name": 3}, {"name": "a", "on": datetime(2026, 1, 1)}, "b", {}, {"nam": "c"}],  # noqa: DTZ001 (TOML's own)
            "names": "x", "by_name": {"b": {"name": 3}}, "free": 3,
            "tags": "t", "kinds": ["failed", "sad"], "place": "a",
        }
    )  # fmt: skip
    assert sorted(problems) == sorted([
        "file.toml: amount: expected an amount of 0 or more, such as '0.30', not '-1'",
        "file.toml: length: expected a number, not 'long'",
        "file.toml: count: expected a whole number, not True",
        "file.toml: flag: expected true or false, not 1",
        "file.toml: mode: expected one or two, not 'three'",
        "file.toml: unknown key 'cuont'; did you mean count?",
        "file.toml: parts[0].name: expected text, not 3",
        "file.toml: parts[1].on: expected a date such as 2026-11-20, not datetime.datetime(2026, 1, 1, 0, 0)",
        "file.toml: parts[2]: expected a table with the keys name, on",
        "file.toml: parts[3].name: is missing",
        "file.toml: parts[4].name: is missing",
        "file.toml: parts[4]: unknown key 'nam'; did you mean name?",
        "file.toml: names: expected a list, not 'x'",
        "file.toml: by_name.b.name: expected text, not 3",
        "file.toml: free: expected a table of keys",
        "file.toml: tags: expected a list, not 't'",
        "file.toml: kinds[1]: 'sad' is not a valid Status",
        "file.toml: place: expected a Path, not 'a'",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (3, "file.toml: expected a table with the keys amount, length, count, flag, mode, parts, names, by_name, free, tags, kinds, place"),
        ({"amount": 1, "length": -1}, "file.toml: length is below 0"),
        ({"amount": 1, "length": float("inf")}, "file.toml: length: expected a number, not inf"),
        ({"amount": 1, "derived": "x"}, "file.toml: unknown key 'derived'; it takes amount, length, count, flag, mode, parts, names, by_name, free, tags, kinds, place"),
        ({"amount": 0.3}, "file.toml: amount: expected an amount as text, such as '0.30', not 0.3"),
        ({"amount": "three"}, "file.toml: amount: expected an amount of 0 or more, such as '0.30', not 'three'"),
        ({"amount": Decimal("Infinity")}, "file.toml: amount: expected an amount of 0 or more, such as '0.30', not Decimal('Infinity')"),
        ({"amount": 1, "by_name": {3: {"name": "a"}}}, "file.toml: by_name: expected text, not 3"),
        ({"amount": 1, "by_name": [1]}, "file.toml: by_name: expected a table of keys"),
    ],
)  # fmt: skip
def test_single_mistakes(value, why):
    assert read(value) == (None, [why])


@given(st.dictionaries(st.sampled_from([*Thing.__annotations__]), VALUES) | VALUES)
def test_any_value_is_a_thing_or_a_list_of_lines(value):
    thing, problems = read(value)
    assert (thing is None) == bool(problems)
    assert all(line.startswith("file.toml") for line in problems)


def test_an_error_without_words_has_its_name():
    @frozen
    class Odd:
        x: int = field(default=0)

        def __attrs_post_init__(self) -> None:
            raise RuntimeError

    problems: list[str] = []
    assert structuring.structure({}, Odd, "file.toml", problems) is None
    assert problems == ["file.toml: RuntimeError"]


def test_paths_and_unknown_keys():
    assert validation.join_path("file.toml", "a", "b") == "file.toml: a.b"
    assert validation.join_path("file.toml: a", "b[0]") == "file.toml: a.b[0]"
    assert validation.join_path("file.toml", "") == "file.toml"
    assert validation.find_unknown({"a": 1, "lenght": 2}, {"a", "length"}, "here") == [
        "here: unknown key 'lenght'; did you mean length?"
    ]
