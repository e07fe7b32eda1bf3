"""The rules of the house that no linter knows."""

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"anyvideo": ROOT / "core", "anyvideo_plugins": ROOT / "plugins"}
SOURCES = sorted(path for folder in PACKAGES.values() for path in folder.rglob("*.py"))
FOLDERS = ("benchmarks", "cassettes", "core", "docs", "examples", "plugins", "tests")
TEXTS = ("*.md", "*.toml", "Makefile", *(f"{folder}/**/*.*" for folder in FOLDERS), ".ci/*")
CHECKERS = ("[[tool.mypy.overrides]]", "[tool.pyright]")

MARKER = re.compile(r"#\s*(?:noqa|type: ignore|pyright: ignore|pragma: no \w+)(?P<rest>.*)")
RULES = re.compile(r"\[[\w, -]*\]|\b[A-Z]+[0-9]+\b")
REASON = re.compile(r"[a-z]{4,}", re.IGNORECASE)


def read_name(path):
    return path.relative_to(ROOT).as_posix()


def list_ignores_in_config(text):
    """Each line of pyproject.toml that lets something pass: a rule, or a strictness switched off."""
    table = ""
    for line in text.splitlines():
        if line.startswith("["):
            table = line
        rule = table.startswith("[tool.ruff.lint") and re.match(r'\s+"[A-Z]+\d*"', line)
        switch = table in CHECKERS and re.search(r" = (?:false|true)", line)
        if rule or switch:
            yield line


def test_every_ignore_in_the_configuration_has_a_reason():
    ignores = list(list_ignores_in_config((ROOT / "pyproject.toml").read_text("utf-8")))

    assert ignores
    assert [line for line in ignores if not REASON.search(line.partition("#")[2])] == []


@pytest.mark.parametrize("path", [*SOURCES, *sorted((ROOT / "tests").rglob("*.py"))], ids=read_name)
def test_every_ignore_in_the_code_has_a_reason(path):
    bare = []
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        if token.type == tokenize.COMMENT and (marker := MARKER.search(token.string)):
            reason = RULES.sub("", marker["rest"])
            if not REASON.search(reason):
                bare.append(f"{token.start[0]}: {token.string}")

    assert bare == []


@pytest.mark.parametrize("path", SOURCES, ids=read_name)
def test_files_and_functions_are_short(path):
    text = path.read_text("utf-8")
    functions = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert len(text.splitlines()) <= 300
    assert {name: length for name, length in functions.items() if length > 40} == {}


def test_no_file_names_a_machine_of_ours():
    folder = re.compile(rb"(?<![\w.:/])/(?:home/\w+|root|Users/\w+|work)/")
    paths = {path for pattern in TEXTS for path in ROOT.glob(pattern) if path.is_file()}
    found = [read_name(path) for path in paths if folder.search(path.read_bytes())]

    assert [name for name in found if not name.endswith(".pyc")] == []


@pytest.mark.wheel
def test_the_wheel_holds_every_file_of_both_packages(tmp_path):
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*build, "--outdir", tmp_path, ROOT], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    expected = {
        path.relative_to(folder).as_posix()
        for package, folder in PACKAGES.items()
        for path in (folder / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}

    assert held == expected
    assert {f"{package}/py.typed" for package in PACKAGES} <= held


def test_the_entry_points_are_the_adapters_that_exist():
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    named = tomllib.loads(text)["project"]["entry-points"]["anyvideo"].values()
    there = (ROOT / "plugins/anyvideo_plugins").glob("*/__init__.py")

    assert set(named) == {f"anyvideo_plugins.{path.parent.name}" for path in there}
