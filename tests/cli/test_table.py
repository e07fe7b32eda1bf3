"""Tables, pairs and JSON, on a terminal and in a pipe."""

import sys

import click
import pytest

from anyvideo.cli.views.table import Table, print_json, print_pairs, print_table, style, wrap

TABLE = Table(
    ("offer", "cost", "nothing"), [["a/b", "1.00", ""], ["long/name", "12.00", ""]], ["cost"]
)


@pytest.mark.parametrize(
    ("tty", "term", "no_color", "coloured"),
    [
        (True, "xterm", "", True),
        (True, "xterm", "1", False),
        (True, "dumb", "", False),
        (False, "xterm", "", False),
    ],
)
def test_colours_are_for_terminals_unless_no_color_is_set(
    monkeypatch, tty, term, no_color, coloured
):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: tty)
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("NO_COLOR", no_color)

    assert style("x", "red") == ("\x1b[31mx\x1b[0m" if coloured else "x")


def test_pairs_are_two_columns_and_a_repeated_name_is_printed_once(capsys):
    print_pairs([("a", "1"), ("long", "2"), ("long", "3")])
    print_pairs([])

    assert capsys.readouterr().out == "  a     1\n  long  2\n        3\n"


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (40, ["  prompt  word word word word word word", "          word word word"]),
        (20, ["  prompt  word word word word word word word word word"]),
    ],
)
def test_long_values_are_broken_to_the_terminal(monkeypatch, terminal, capsys, columns, lines):
    monkeypatch.setenv("COLUMNS", str(columns))
    print_pairs([("prompt", "word " * 8 + "word"), ("empty", "")])

    assert capsys.readouterr().out.splitlines() == [*lines, "  empty"]


def test_a_table_is_aligned_and_leaves_out_empty_columns(capsys):
    print_table(TABLE)
    print_table(Table(("offer",), []))

    assert capsys.readouterr().out == "offer       cost\na/b         1.00\nlong/name  12.00\n"


def test_a_table_on_a_terminal_keeps_its_colours(monkeypatch, terminal, capsys):
    monkeypatch.delenv("NO_COLOR")
    print_table(Table(("offer", "cost", "nothing"), [[style("a/b", "green"), "1.00", ""]]))

    out = capsys.readouterr().out
    assert "\x1b[32ma/b\x1b[0m" in out
    assert "nothing" not in out


@pytest.mark.parametrize(
    ("columns", "headings", "note"),
    [
        (60, "offer  note         source", ""),
        (24, "offer  note", "a wider terminal shows source too"),
        (10, "offer", "a wider terminal shows source, note too"),
    ],
)
def test_spare_columns_are_left_out_until_a_table_fits(
    monkeypatch, terminal, capsys, columns, headings, note
):
    monkeypatch.setenv("COLUMNS", str(columns))
    row = ["a/b", "a few words", "a page of a vendor", ""]
    spare = ("nothing", "source", "note")  # an empty column is dropped first, and not named
    print_table(Table(("offer", "note", "source", "nothing"), [row], spare=spare))

    shown = click.unstyle(capsys.readouterr().out).splitlines()
    assert shown[0].rstrip() == headings
    assert ("\n".join(shown[2:])) == note


def test_json_has_text_for_types_that_it_does_not_know(capsys):
    print_json({"a": frozenset({"y", "x"}), "b": b"123", "c": 1.5})

    assert capsys.readouterr().out == (
        '{\n  "a": [\n    "x",\n    "y"\n  ],\n  "b": "<3 bytes>",\n  "c": 1.5\n}\n'
    )


def test_a_text_is_wrapped_at_78_characters(terminal):
    assert max(map(len, wrap("word " * 40))) <= 78
