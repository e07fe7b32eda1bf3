"""The list of mutants fits the sources, and the script tells a mistake from none."""

import shutil

import pytest

from tests.mutants import MUTANTS, __main__
from tests.mutants.__main__ import SOURCES, main
from tests.mutants.mutant import ROOT, Mutant

GATEWAY = "plugins/anyvideo_plugins/openai_videos/gateway.py"
ADAPTERS = ("openai-videos",)
NOTICED = Mutant(GATEWAY, '"/v1/videos", json=', '"/v2/videos", json=', "the path", ADAPTERS)
UNNOTICED = Mutant(GATEWAY, "Make a new task from", "Make a task from", "nothing", ADAPTERS)


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
        Mutant(GATEWAY, old, "", "nothing", ADAPTERS).apply(sources)


@pytest.mark.slow
def test_a_mistake_is_killed_and_none_survives(capsys):
    assert main([NOTICED, UNNOTICED]) == 1

    killed, survived, summary = capsys.readouterr().out.splitlines()
    assert killed.startswith("killed ")
    assert survived.startswith("SURVIVED ")
    assert summary == "1 of 2 killed"


@pytest.mark.parametrize(
    ("plays", "only", "code"),
    [([True, False], "", 0), ([False], "", 1), ([True], "no such place", 1)],
)
def test_nothing_is_shown_by_cassettes_that_do_not_play(monkeypatch, plays, only, code):
    results = iter(plays)
    monkeypatch.setattr(__main__, "play", lambda adapters, mutant=None: next(results))

    assert main([NOTICED], only) == code
