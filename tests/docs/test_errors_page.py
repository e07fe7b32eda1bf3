"""The page on errors lists every error, kind, advice and exit code that there is."""

import re
from pathlib import Path
from typing import get_args

from click.testing import CliRunner

from anyvideo import errors
from anyvideo.cli.main import program

PAGE = (Path(__file__).parents[2] / "docs/errors.md").read_text("utf-8")
BRANCH = re.compile(r"^(?P<indent>[│ ]*)(?:├── |└── )(?P<name>\w+Error) ", re.MULTILINE)


def read_rows(title):
    """The cells of each row of the table after a header."""
    table = PAGE.partition(f"| {title} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in table.splitlines()[2:]]


def test_the_exit_codes_are_those_of_the_help():
    shown = CliRunner().invoke(program, ["--help"], prog_name="anyvideo").output
    codes = re.findall(r"^ +(\d+)  (.+)$", shown.partition("Exit codes:")[2], re.MULTILINE)

    assert codes
    assert [tuple(row) for row in read_rows("code | meaning")] == codes


def test_the_tree_has_every_error_below_its_own_parent():
    parents = [errors.AnyVideoError]
    shown = set()
    for branch in BRANCH.finditer(PAGE):
        depth = len(branch["indent"]) // 4 + 1
        error = getattr(errors, branch["name"])
        assert error.__bases__[0] is parents[depth - 1], branch["name"]
        parents[depth:] = [error]
        shown.add(error)

    assert shown | {errors.AnyVideoError} == {
        value for name, value in vars(errors).items() if name.endswith("Error")
    }


def test_every_kind_and_advice_has_a_row():
    kinds = [row[0].strip("`") for row in read_rows("kind | what to do")]
    advice = [row[0].strip("`") for row in read_rows("advice | what the caller can do")]

    assert kinds == list(get_args(errors.ErrorKind))
    assert advice == list(get_args(errors.Advice))
