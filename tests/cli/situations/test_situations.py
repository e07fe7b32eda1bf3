"""What a person sees in each situation, against a text that was read and approved.

`pytest tests/cli/situations --approve` writes the texts anew; read the difference before it is kept.
"""

from pathlib import Path

import pytest

from tests.cli.situations.scenes import SCENES
from tests.cli.situations.stage import Stage

APPROVED = Path(__file__).parent / "approved"


@pytest.fixture
def stage(call, clock, sandbox, account, monkeypatch):
    return Stage(call, clock, sandbox, account, monkeypatch)


@pytest.mark.parametrize("name", SCENES)
def test_a_person_sees_what_was_approved(name, stage, pytestconfig):
    SCENES[name](stage)
    path = APPROVED / f"{name}.txt"
    if pytestconfig.getoption("approve"):
        path.write_text(stage.read(), "utf-8")

    assert stage.read() == path.read_text("utf-8")


def test_every_approved_text_has_its_situation():
    assert {path.stem for path in APPROVED.iterdir()} == set(SCENES)
    assert len(SCENES) >= 40
