"""Tables, pairs and JSON on stdout: with colours on a terminal, as plain lines in a pipe.

rich is imported only to draw a table on a terminal.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Container, Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, cast

import click
from attrs import evolve, frozen

from anyvideo.printable import escape_json, make_printable

_GAP = "  "
_LONGEST = 36


def is_interactive() -> bool:
    """Say whether stdout is a terminal that can draw."""
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


class Shown(str):
    """A text that is printed as it is: it was made printable, and may hold colours."""

    __slots__ = ()


def show(text: str) -> Shown:
    """Return a text from outside as characters that can be seen; its escapes are no colours."""
    return text if isinstance(text, Shown) else Shown(make_printable(text))


def style(text: str, colour: str | None = None, *, bold: bool = False, dim: bool = False) -> Shown:
    """Return the text in a colour on a terminal, unless $NO_COLOR is set (https://no-color.org)."""
    shown = show(text)
    if not text or not is_interactive() or os.environ.get("NO_COLOR"):
        return shown
    return Shown(click.style(shown, fg=colour, bold=bold or None, dim=dim or None))


def echo(*pieces: str, err: bool = False) -> None:
    """Print a line of pieces; those that are not styled are from anywhere, and made printable."""
    click.echo("".join(map(show, pieces)), err=err)  # noqa: TID251 (made printable)


def format_json(text: str, indent: str = "") -> Shown:
    """Return JSON of the same values in which every character can be seen."""
    return Shown(escape_json(text).replace("\n", f"\n{indent}"))


def print_json(value: object) -> None:
    """Print a value as JSON; types that JSON does not have become text."""
    echo(format_json(json.dumps(value, ensure_ascii=False, indent=2, default=_plain)))


def _plain(value: object) -> object:
    if isinstance(value, bytes):
        return f"<{len(value)} bytes>"
    if isinstance(value, AbstractSet):
        return sorted(map(str, cast("AbstractSet[object]", value)))
    return str(value)


def print_pairs(pairs: Iterable[tuple[str, str]], indent: str = _GAP) -> None:
    """Print names and values in two columns; a repeated name is printed once."""
    listed = list(pairs)
    width = max((len(name) for name, _ in listed), default=0)
    room = shutil.get_terminal_size().columns if is_interactive() else 0
    last = ""
    for name, value in listed:
        head = "" if name == last else name
        lines = _wrap_value(show(value), room - len(indent) - width - len(_GAP))
        for number, line in enumerate(lines):
            label = style(f"{head if number == 0 else '':<{width}}", dim=True)
            echo(Shown(f"{indent}{label}{_GAP}{line}".rstrip()))
        last = name


def wrap(text: str) -> list[str]:
    """Break a text into lines of at most 78 characters, or of the terminal's width."""
    return textwrap.wrap(text, min(78, shutil.get_terminal_size().columns - 2))


def print_wrapped(text: str) -> None:
    """Print a text, broken between words on a terminal; a command to copy is printed whole."""
    room = shutil.get_terminal_size().columns if is_interactive() else 0
    shown = show(text)
    for line in textwrap.wrap(shown, room, subsequent_indent=_GAP) if room else [shown]:
        echo(line)


def _wrap_value(text: str, room: int) -> list[str]:
    """Break a text to a terminal's width; in a pipe, and with colours, it stays whole."""
    if room < 20 or text != click.unstyle(text):
        return [text]
    return textwrap.wrap(text, room, break_on_hyphens=False) or [""]


@frozen
class Table:
    """A table of texts.

    Attributes:
        headings: The names of the columns.
        rows: The cells, row by row; they may hold colours.
        right: The columns that are aligned to the right, for numbers.
        spare: The columns to leave out on a narrow terminal, in this order.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[str] = ()
    spare: Sequence[str] = ()

    def without(self, names: Container[str]) -> Table:
        """Return the table without the columns of these names."""
        kept = [number for number, name in enumerate(self.headings) if name not in names]
        headings = [self.headings[number] for number in kept]
        return evolve(
            self, headings=headings, rows=[[row[number] for number in kept] for row in self.rows]
        )

    @property
    def trimmed(self) -> Table:
        """The table without its empty columns."""
        columns = zip(self.headings, *self.rows, strict=True)
        return self.without({heading for heading, *cells in columns if not any(cells)})

    @property
    def widths(self) -> list[int]:
        """The width of each column if no cell is broken."""
        columns = zip(self.headings, *self.rows, strict=True)
        return [max(len(click.unstyle(cell)) for cell in column) for column in columns]


def print_table(table: Table) -> None:
    """Print a table without its empty columns; a table without rows prints nothing."""
    if not table.rows:
        return
    trimmed = table.trimmed
    table = evolve(trimmed, rows=[list(map(show, row)) for row in trimmed.rows])
    if is_interactive():
        _print_drawn(table, shutil.get_terminal_size().columns)
    else:
        _print_plain(table)


def has_room(table: Table, name: str) -> bool:
    """Say whether a column of a table is shown where the table is printed."""
    if not is_interactive():
        return True
    return name in _narrow(table.trimmed, shutil.get_terminal_size().columns)[0].headings


def _print_plain(table: Table) -> None:
    widths = table.widths
    for row in (table.headings, *table.rows):
        cells = [
            cell.rjust(width) if heading in table.right else cell.ljust(width)
            for heading, cell, width in zip(table.headings, row, widths, strict=True)
        ]
        echo(Shown(_GAP.join(cells).rstrip()))


def _print_drawn(table: Table, room: int) -> None:
    from rich.console import Console  # noqa: PLC0415 (only on a terminal)
    from rich.table import Table as Drawn  # noqa: PLC0415 (the same)
    from rich.text import Text  # noqa: PLC0415 (the same)

    table, left_out = _narrow(table, room)
    drawn = Drawn(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for number, title in enumerate(table.headings):
        justify: Any = "right" if title in table.right else "left"
        drawn.add_column(title, justify=justify, overflow="fold", no_wrap=number == 0)
    for row in table.rows:
        drawn.add_row(*map(Text.from_ansi, row))
    Console(highlight=False, width=room).print(drawn)
    if left_out:
        echo(style(f"a wider terminal shows {', '.join(left_out)} too", dim=True))


def _narrow(table: Table, room: int) -> tuple[Table, list[str]]:
    """Leave out spare columns until a table fits; returns it with their names. Long texts can break."""
    left_out: list[str] = []
    for name in table.spare:
        needed = sum(min(width, _LONGEST) for width in table.widths)
        if needed + len(_GAP) * (len(table.headings) - 1) <= room:
            break
        if name in table.headings:
            table = table.without({name})
            left_out.append(name)
    return table, left_out
