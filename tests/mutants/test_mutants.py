"""The list of mutants fits the sources, and the script tells a mistake from none."""

import shutil

import pytest

from tests.mutants import MUTANTS
from tests.mutants.__main__ import SOURCES, main
from tests.mutants.mutant import ROOT, Mutant

VIDEOS = "plugins/anyvideo_plugins/apiyi/videos.py"
NOTICED = Mutant(VIDEOS, '"/v1/videos", json=', '"/v2/videos", json=', "the path", ("apiyi",))
UNNOTICED = Mutant(VIDEOS, "The adapter `apiyi`", "The Adapter `apiyi`", "nothing", ("apiyi",))


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        shutil.copytree(ROOT / name, folder / name)
    return folder


def test_every_mutant_changes_one_place(sources):
    for mutant in MUTANTS:
        path = sources / mutant.file
        before = path.read_text("utf-8")
        mutant.apply(sources)
        assert path.read_text("utf-8") != before
        path.write_text(before, "utf-8")


def test_no_two_mutants_are_the_same():
    assert len(set(MUTANTS)) == len(MUTANTS)


@pytest.mark.parametrize("old", ["def ", "no such text"])
def test_a_text_that_does_not_occur_once_is_an_error(sources, old):
    with pytest.raises(ValueError, match="times, and not once"):
        Mutant(VIDEOS, old, "", "nothing", ("apiyi",)).apply(sources)


@pytest.mark.slow
def test_a_mistake_is_killed_and_none_survives(capsys):
    assert main([NOTICED]) == 0
    assert main([UNNOTICED]) == 1

    shown = capsys.readouterr().out
    assert shown.count("\nSURVIVED ") == 1
    assert shown.startswith("killed ")
