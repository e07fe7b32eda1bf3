"""The package's public names: each is there, and none is loaded before it is used."""

import subprocess
import sys

import pytest

import anyvideo


@pytest.mark.parametrize("name", anyvideo.__all__)
def test_every_name_is_there(name):
    assert getattr(anyvideo, name).__name__ == name


def test_its_names_are_sorted_and_all_there_is_to_see():
    assert sorted(anyvideo.__all__) == anyvideo.__all__
    assert dir(anyvideo) == anyvideo.__all__


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="has no attribute 'Studio'"):
        _ = anyvideo.Studio


def test_importing_it_loads_nothing_else():
    program = "import sys, anyvideo; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    loaded = set(found.stdout.decode().split())

    assert not loaded & {"httpx", "attr", "attrs", "pluggy", "click", "rich"}
