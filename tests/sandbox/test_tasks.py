"""A task's state follows from its age, its timing and its faults."""

import pytest

from anyvideo.sandbox.tasks import Phase, State, Timing, state_at


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (0, State(Phase.QUEUED, 0, 0)),
        (1.9, State(Phase.QUEUED, 0, 0)),
        (2, State(Phase.RUNNING, 20, 2)),
        (9.99, State(Phase.RUNNING, 99, 2)),
        (10, State(Phase.SUCCEEDED, 100, 10)),
        (1e9, State(Phase.SUCCEEDED, 100, 10)),
    ],
)
def test_state_at(age, expected):
    assert state_at(age, 10) == expected


def test_state_at_with_faults():
    assert state_at(1e9, 10, stuck=True) == State(Phase.QUEUED, 0, 0)
    assert state_at(7.9, 10, fails_at=80) == State(Phase.RUNNING, 79, 2)
    assert state_at(8, 10, fails_at=80) == State(Phase.FAILED, 80, 8)
    assert state_at(0, 0) == State(Phase.SUCCEEDED, 100, 0)


def test_timing():
    assert Timing(6, 3).done_at == 2
