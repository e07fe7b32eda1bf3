"""A round of each kind, and a violation that is reported."""

import pytest

from tests.soak.__main__ import main, make_names
from tests.soak.kinds import KINDS
from tests.soak.planted import PLANTED
from tests.soak.round import play_round

# Quick ones.
SEEDS = {"kills": 14, "signals": 1, "disk": 5, "answers": 100, "commands": 4}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_round_of_each_kind_violates_nothing(kind):
    result = play_round(f"{kind}-{SEEDS[kind]}", KINDS[kind])

    assert result.violations == ()
    assert result.checks > 3


@pytest.mark.slow
def test_a_violation_is_reported_with_its_round_and_the_exit_code(capsys):
    assert main(iter(["well-1", "badly-2", "wrongly-3"]), PLANTED) == 1

    lines = capsys.readouterr().out.splitlines()
    assert "VIOLATION in badly-2: a planted one" in lines
    assert "Play it again: python -m tests.soak badly-2" in lines
    assert "ZeroDivisionError" in lines
    table = {line.split()[0]: line.split()[1:4] for line in lines[-4:]}
    assert table == {
        "well": ["1", "1", "0"],
        "badly": ["1", "1", "1"],
        "wrongly": ["1", "1", "1"],
        "all": ["3", "3", "2"],
    }


@pytest.mark.slow
def test_rounds_without_a_violation_end_with_0(capsys):
    assert main(iter(["well-1"]), PLANTED) == 0


def test_no_round_begins_after_the_time():
    assert list(make_names(KINDS, 0)) == []
    assert next(make_names(["kills"], 1)).startswith("kills-")
