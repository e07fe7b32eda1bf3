"""Words switch faults on, with or without an argument; a fault counts how often it triggers."""

import re

import pytest

from anyvideo.sandbox import FAULTS
from anyvideo.sandbox.faults import Faults, find_words, read_words


def test_every_fault_can_be_asked_for():
    for name, fault in FAULTS.items():
        word = name if fault.argument is not None else f"{name}=5"
        assert list(read_words([word])) == [name]


def test_arguments():
    words = ["429", "429-retry-after=2.5", "content-400", "cut-download=9", "slow-download"]
    assert read_words(words) == {
        "429": 1,
        "429-retry-after": 2.5,
        "content-400": 2,
        "cut-download": 9,
        "slow-download": 0.1,
    }


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("no", "unknown fault 'no'; known: 429, "),
        ("stuck=1", "takes no argument"),
        ("fail-at", "needs a number, such as fail-at=80, not ''"),
        ("fail-at=", "needs a number"),
        ("fail-at=-1", "needs a number"),
        ("slow-accept=x", "needs a number"),
    ],
)
def test_words_that_mean_nothing(word, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        read_words([word])


def test_words_in_a_prompt():
    assert find_words("a [fault:stuck] fox [fault:fail-at=80][x]") == ["stuck", "fail-at=80"]


def test_a_switch_forgets():
    faults = Faults(["429"])
    active = faults.list("")
    assert faults.triggers("429", "x", active)
    assert not faults.triggers("429", "x", active)
    assert faults.triggers("429", "y", active)
    faults.switch(["429=2"])
    assert [faults.triggers("429", "x", faults.list("")) for _ in range(3)] == [True, True, False]
