"""The pages say what is true: their programs run, their settings are read, their commands exist."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path

import click
import pytest

from anyvideo import Client
from anyvideo.catalog.read import read_offers
from anyvideo.cli.main import Program, program
from anyvideo.config.load import read_config

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(
    r"^(?P<fence>`{3,4})(?P<kind>\w+)(?P<title>[^\n]*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
PAGES = sorted(DOCS.rglob("*.md"))
ROOT = DOCS.parent
SHOWN = [ROOT / "README.md", *ROOT.glob("cassettes/*.md"), *ROOT.glob("core/anyvideo/**/*.txt")]


def find_blocks(kind):
    """Each block of a kind, except the tutorial's files, which have tests of their own."""
    for path in PAGES:
        for number, block in enumerate(BLOCK.finditer(path.read_text("utf-8"))):
            if block["kind"] == kind and "title=" not in block["title"]:
                name = f"{path.relative_to(DOCS).as_posix()}-{number}"
                yield pytest.param(block["text"], id=name)


@pytest.mark.slow
@pytest.mark.parametrize("code", [*find_blocks("python")])
def test_programs_run(code, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path))
    names = {"__name__": "page"}

    exec(compile(code, "page", "exec"), names)  # noqa: S102 (our own pages)

    for thing in names.values():
        if isinstance(thing, Client):
            thing.close()


@pytest.mark.parametrize("text", [*find_blocks("toml")])
def test_settings_are_read(text):
    data = tomllib.loads(text, parse_float=Decimal)

    if data.keys() == {"offers"} and not any("provider" in row for row in data["offers"]):
        assert read_offers(text, "acme")
    else:
        assert read_config(data, "page").source == "page"


def list_commands():
    for block in find_blocks("sh"):
        for line in block.values[0].splitlines():
            if line.startswith("anyvideo "):
                yield pytest.param(line.removeprefix("anyvideo "), id=f"{block.id} {line}")


@pytest.mark.parametrize("line", [*list_commands()])
def test_commands_exist(line):
    name, *arguments = [word.strip('"') for word in re.findall(r'"[^"]*"|\S+', line)]
    command = Program("anyvideo").get_command(click.Context(Program("anyvideo")), name)

    assert command is not None
    # A command keeps the help option that it made first, with the names in its context.
    context = click.Context(command, **program.context_settings)
    command.make_parser(context).parse_args(arguments)


@pytest.mark.parametrize("path", [*PAGES, *SHOWN], ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_can_be_copied_and_run(path):
    text = path.read_text("utf-8")

    assert re.findall(r"^\s*(?:[$%]|>>>) .*", text, re.MULTILINE) == []
    assert re.findall(r"pip install anyvideo\b(?!-)|pypi\.org/project/anyvideo", text) == []


def test_every_page_is_in_the_navigation():
    text = (DOCS.parent / ".zensical.toml").read_text("utf-8")
    named = set(re.findall(r'"([\w/-]+\.md)"', text))

    assert {path.relative_to(DOCS).as_posix() for path in PAGES} <= named
