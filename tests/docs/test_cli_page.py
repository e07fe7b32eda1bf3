"""The page on the command line says what the program says."""

import runpy
from pathlib import Path

from anyvideo.cli.main import COMMANDS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_what_the_program_says():
    tool = runpy.run_path(str(DOCS / ".tools/cli_page.py"))

    page = tool["render_page"]()
    assert (DOCS / "cli.md").read_text("utf-8") == page, "run `make docs`, which writes the page"
    assert all(f"\n## {name}\n" in page for name in COMMANDS)


def test_markup_in_a_help_text_is_escaped():
    escape = runpy.run_path(str(DOCS / ".tools/cli_page.py"))["escape"]

    assert escape("'kling*', `a_b*`, [0<=x]") == r"'kling\*', `a_b*`, \[0&lt;=x\]"
