import pytest
from attrs import evolve

from anyvideo.cli import screen


@pytest.mark.parametrize(
    ("tty", "term", "watched"),
    [(True, "xterm", True), (True, "dumb", False), (False, "xterm", False)],
)
def test_a_person_looks_on_at_a_terminal_that_can_draw(monkeypatch, tty, term, watched):
    monkeypatch.setattr("sys.stdout.isatty", lambda: tty)
    monkeypatch.setenv("TERM", term)

    assert screen.is_watched() is watched


def test_colours_are_for_terminals_and_for_those_who_want_them(monkeypatch, terminal):
    assert screen.paint("x", "red") == "\x1b[31mx\x1b[0m"
    monkeypatch.setenv("NO_COLOR", "1")
    assert screen.paint("x", "red") == "x"
    monkeypatch.undo()
    assert screen.paint("x", "red") == "x"


def test_pairs_stand_in_two_columns(capsys):
    screen.show_pairs([("a", "1"), ("long", "2"), ("long", "3")])
    screen.show_pairs([])

    assert capsys.readouterr().out == "  a     1\n  long  2\n        3\n"


def test_long_values_are_broken_to_the_terminal(monkeypatch, terminal, capsys):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    screen.show_pairs([("prompt", "word " * 12), ("empty", "")])
    narrow = capsys.readouterr().out.splitlines()
    monkeypatch.setenv("COLUMNS", "20")
    screen.show_pairs([("prompt", "word " * 12)])

    assert narrow[:2] == [
        "  prompt  word word word word word word",
        "          word word word word word word",
    ]
    assert narrow[2:] == ["  empty"]
    assert len(capsys.readouterr().out.splitlines()) == 1


TABLE = screen.Table(
    ("offer", "cost", "nothing"), [["a/b", "1.00", ""], ["long/name", "12.00", ""]], ["cost"]
)


def test_a_table_is_aligned_and_drops_what_is_empty(capsys):
    screen.show_table(TABLE)

    assert capsys.readouterr().out == "offer       cost\na/b         1.00\nlong/name  12.00\n"


def test_a_table_on_a_terminal_is_drawn_with_its_colours(terminal, capsys):
    screen.show_table(evolve(TABLE, rows=[[screen.paint("a/b", "green"), "1.00", ""]]))

    out = capsys.readouterr().out
    assert "a/b" in out
    assert "1.00" in out
    assert "nothing" not in out


def test_a_table_without_rows_is_nothing(capsys):
    screen.show_table(screen.Table(("offer",), []))

    assert capsys.readouterr().out == ""


def test_json_takes_what_the_model_is_made_of(capsys):
    screen.show_json({"a": frozenset({"y", "x"}), "b": b"123", "c": 1.5, "d": TABLE.headings})
    assert '"<3 bytes>"' in capsys.readouterr().out


def test_a_text_is_filled_to_the_width(terminal):
    assert max(map(len, screen.fill("word " * 40))) <= 78


@pytest.mark.parametrize(
    ("columns", "left_out"), [(60, ()), (24, ("source",)), (10, ("source", "note"))]
)
def test_spare_columns_go_one_by_one_until_a_table_fits(
    monkeypatch, terminal, capsys, columns, left_out
):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", str(columns))
    table = screen.Table(
        ("offer", "note", "source"), [["a/b", "a few words", "a page of a vendor"]]
    )
    screen.show_table(evolve(table, spare=("source", "note")))

    shown = capsys.readouterr().out
    assert ("a wider terminal shows" in shown) is bool(left_out)
    assert shown.rstrip().endswith(f"{', '.join(left_out)} too" if left_out else "vendor")
