"""`anyvideo new-adapter`."""

import json
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from anyvideo.cli.commands.new_adapter import command, write_distribution
from anyvideo.cli.context import CliContext
from tests.distributions import build_and_install, run_python

FILES = {
    "pyproject.toml",
    "README.md",
    "src/anyvideo_acme_videos/__init__.py",
    "src/anyvideo_acme_videos/adapter.py",
    "src/anyvideo_acme_videos/offers.toml",
    "src/anyvideo_acme_videos/py.typed",
    "tests/test_adapter.py",
}


def run(*arguments):
    return CliRunner().invoke(command, arguments, obj=CliContext())


def test_a_whole_distribution_is_written_and_said_to_be(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    result = run("Anyvideo-Acme-Videos")

    folder = tmp_path / "anyvideo-acme-videos"
    written = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert written == FILES
    assert result.exit_code == 0
    assert "anyvideo-acme-videos/pyproject.toml\n" in result.output
    assert "pip install -e ." in result.output
    adapter = (folder / "src/anyvideo_acme_videos/adapter.py").read_text("utf-8")
    assert "class AcmeVideos:" in adapter
    assert 'key_env = "ACME_VIDEOS_API_KEY"' in adapter
    assert "$" not in adapter


@pytest.mark.parametrize("name", ["9acme", "acme_videos", "acme/videos", "-", "anyvideo-"])
def test_a_name_that_cannot_be_one_is_refused(name, tmp_path):
    result = run("--output-dir", str(tmp_path / "new"), "--", name)

    assert result.exit_code == 2
    assert "cannot be an adapter's name; write it like acme or acme-videos" in result.output
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_ever_overwritten(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", "utf-8")

    refused = run("acme", "--output-dir", str(tmp_path))

    assert "exists and is not empty; name another with --output-dir" in refused.output
    assert "not empty" in run("acme", "--output-dir", str(tmp_path / "mine.txt")).output
    assert run("acme", "--output-dir", str(tmp_path / "new")).exit_code == 0


def test_into_is_the_former_name_of_output_dir(tmp_path):
    assert run("acme", "--into", str(tmp_path / "new")).exit_code == 0
    assert (tmp_path / "new/pyproject.toml").exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "src").write_text("in the way", "utf-8")

    with pytest.raises(click.UsageError, match=r"__init__.py cannot be written: "):
        write_distribution("acme", tmp_path)


@pytest.mark.wheel
def test_what_is_written_passes_its_own_tests_and_is_found_once_installed(tmp_path):
    write_distribution("acme", tmp_path / "acme")
    site = build_and_install(tmp_path / "acme", tmp_path / "site")

    tests = run_python(site, "-m", "pytest", "-q", "-p", "no:asyncio", cwd=tmp_path / "acme")
    listed = run_python(site, "-m", "anyvideo.cli", "plugins", "--json", cwd=tmp_path)

    assert " passed" in tests.stdout
    plugins = {plugin["name"]: plugin for plugin in json.loads(listed.stdout)["plugins"]}
    assert plugins["acme"]["state"] == "loaded"
    assert plugins["acme"]["adapters"] == ["acme"]
    assert plugins["acme"]["distribution"] == "anyvideo-acme"


@pytest.mark.wheel
def test_the_types_of_what_is_written_are_right(tmp_path):
    write_distribution("acme", tmp_path)
    root = Path(__file__).parents[2]
    check = [sys.executable, "-m", "mypy", "--strict", "--config-file="]
    path = f"{tmp_path / 'src'}:{root / 'core'}"
    done = subprocess.run(
        [*check, "--follow-imports=silent", "src", "tests"],
        cwd=tmp_path,
        env={"MYPYPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("Success"), done.stdout
