"""What the README shows is run, and what it points to is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.slow
def test_its_example_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (example,) = EXAMPLES

    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 (the README is ours)

    shown = capsys.readouterr().out
    assert "apimart/kling-v3 0.336 USD" in shown
    assert "retired on 2026-09-24" in shown
    assert (tmp_path / "fox.mp4").read_bytes()[4:8] == b"ftyp"


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)", README))))
def test_what_it_links_to_is_there(target):
    assert (ROOT / target).exists()


def read_table(path):
    """The table of paid POSTs on a page: for each client the value under each title."""
    text = (ROOT / path).read_text("utf-8")
    table = re.findall(r"^\| (.*) \|$", text[text.index("| client | version |") :], re.MULTILINE)
    titles, *rows = [row.split(" | ") for row in table]
    return {row[0]: dict(zip(titles, row, strict=False)) for row in rows}


def test_its_table_is_that_of_the_page_on_money():
    shown, whole = read_table("README.md"), read_table("docs/money.md")

    assert len(shown) == 8
    assert all(row.items() <= whole[client].items() for client, row in shown.items())


def test_its_commands_are_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text("utf-8")

    for target in re.findall(r"```\nmake (\w+)\n```", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
