"""The page on limits has every limit of the code, with its value."""

import re
from pathlib import Path

import pytest

from anyvideo import limits

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/limits.md").read_text("utf-8")
SOURCE = Path(limits.__file__).read_text("utf-8")
ROWS = re.findall(r"^\| `(\w+)` \| ([\d,]+) ([\w/]+) \|", PAGE, re.MULTILINE)
CONSTANTS = {name: value for name, value in vars(limits).items() if name.isupper()}


def test_the_page_has_each_limit_once_with_its_value():
    shown = {name: float(number.replace(",", "")) for name, number, _ in ROWS}

    assert len(ROWS) == len(shown)
    assert shown == CONSTANTS


@pytest.mark.parametrize("name", CONSTANTS)
def test_each_limit_has_a_sentence(name):
    assert re.search(rf"^# [A-Z].*\.\n{name} = ", SOURCE, re.MULTILINE)


@pytest.mark.parametrize(("name", "number", "unit"), ROWS)
def test_the_unit_stands_in_both_places(name, number, unit):
    (sentence,) = re.findall(rf"^# (.*)\n{name} = ", SOURCE, re.MULTILINE)
    words = {"s": "in seconds", "bytes/s": "bytes per second"}

    assert words.get(unit, unit) in sentence
