"""Installed plugins are found as importlib.metadata finds them."""

import errno
import os
import sys
import zipfile
from importlib import metadata
from importlib.machinery import PathFinder

import pytest

from anyvideo.adapters import discovery
from anyvideo.adapters.discovery import entry_points
from anyvideo.errors import ConfigError

POINTS = """
[console_scripts]
acme = acme.main:run

[anyvideo]
Acme-One = acme_one
two = acme_two.plugins:Plugin.make [extra]
"""


def describe(points):
    return sorted(
        (point.name, point.value, point.dist.name, point.dist.version) for point in points
    )


def install(
    place, name="Acme.Videos", version="1.0", folder="acme_videos-1.0.dist-info", file="METADATA"
):
    (place / folder).mkdir(parents=True)
    (place / folder / file).write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nName: no\n"
    )
    (place / folder / "entry_points.txt").write_text(POINTS)


@pytest.mark.parametrize("group", ["anyvideo", "pytest11", "console_scripts", "nothing"])
def test_what_is_installed_here_is_found_as_the_library_finds_it(group):
    assert describe(entry_points(group)) == describe(metadata.entry_points(group=group))


def test_distributions_and_eggs_are_read_and_the_first_of_a_name_counts(tmp_path, monkeypatch):
    install(tmp_path / "first")
    install(tmp_path / "second", version="0.9", folder="acme_videos-0.9.dist-info")
    install(tmp_path / "second", "acme-egg", "2", "acme_egg.egg-info", "PKG-INFO")
    (tmp_path / "second" / "no_points-1.dist-info").mkdir()
    monkeypatch.setattr(sys, "path", [str(tmp_path / name) for name in ("first", "second", "gone")])

    assert describe(entry_points("anyvideo")) == [
        ("Acme-One", "acme_one", "Acme.Videos", "1.0"),
        ("Acme-One", "acme_one", "acme-egg", "2"),
        ("two", "acme_two.plugins:Plugin.make [extra]", "Acme.Videos", "1.0"),
        ("two", "acme_two.plugins:Plugin.make [extra]", "acme-egg", "2"),
    ]


def test_a_plugin_is_a_module_or_something_in_one(tmp_path, monkeypatch):
    install(tmp_path)
    (tmp_path / "acme_one.py").write_text("")
    (tmp_path / "acme_two").mkdir()
    (tmp_path / "acme_two" / "plugins.py").write_text("class Plugin:\n    make = 7\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    found = {point.name: point.load() for point in entry_points("anyvideo")}

    assert getattr(found["Acme-One"], "__name__", "") == "acme_one"
    assert found["two"] == 7


def test_an_archive_or_another_finder_is_left_to_the_library(tmp_path, monkeypatch):
    install(tmp_path / "inside")
    archive = tmp_path / "acme.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in (tmp_path / "inside").rglob("*"):
            if path.is_file():
                file.write(path, path.relative_to(tmp_path / "inside"))
    monkeypatch.setattr(sys, "path", [str(archive)])
    names = {point.name for point in entry_points("anyvideo")}

    class Finder(PathFinder):
        pass

    monkeypatch.setattr(sys, "path", [str(tmp_path / "inside")])
    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])

    assert names == {"Acme-One", "two"} == {point.name for point in entry_points("anyvideo")}


def test_a_place_that_cannot_be_looked_at_has_no_plugins(tmp_path, monkeypatch):
    install(tmp_path)
    monkeypatch.setattr(sys, "path", ["x" * 300, str(tmp_path)])  # longer than a name can be

    assert {point.name for point in entry_points("anyvideo")} == {"Acme-One", "two"}


def test_too_many_open_files_are_not_taken_for_no_plugins(monkeypatch):
    def refuse(_):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(discovery, "_needs_library", lambda: False)
    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(ConfigError, match=r"plugins cannot be looked for in .*: Too many open"):
        entry_points("anyvideo")


BROKEN = {
    "no name": ("Version: 1", "[anyvideo]\nx = y\n"),
    "no INI": ("Name: x\nVersion: 1", "[anyvideo]\n[anyvideo]\n"),
    "no metadata": (None, "[anyvideo]\nx = y\n"),
}


@pytest.mark.parametrize(("metadata", "points"), BROKEN.values(), ids=BROKEN)
def test_a_distribution_that_cannot_be_read_hurts_no_other(
    tmp_path, monkeypatch, caplog, metadata, points
):
    for name, text in (("bad", metadata), ("good", "Name: good\nVersion: 1")):
        folder = tmp_path / f"{name}-1.dist-info"
        folder.mkdir()
        if text is not None:
            (folder / "METADATA").write_text(f"{text}\n\n")
        (folder / "entry_points.txt").write_text(points if name == "bad" else "[anyvideo]\ng = h\n")
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.setattr(discovery, "_needs_library", lambda: False)

    assert [point.name for point in entry_points("anyvideo")] == ["g"]
    assert "bad-1.dist-info cannot be read" in caplog.text
