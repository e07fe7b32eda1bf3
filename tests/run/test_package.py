"""The operations load when they are first used."""

import subprocess
import sys

import pytest

from anyvideo import run


def test_a_module_loads_when_it_is_named():
    program = (
        "import sys; from anyvideo import run; before = 'anyvideo.run.poll' in sys.modules;"
        " run.poll; print(before, 'anyvideo.run.poll' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert done.stdout == "False True\n"


def test_what_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"'anyvideo\.run' has no attribute 'nothing'"):
        _ = run.nothing
