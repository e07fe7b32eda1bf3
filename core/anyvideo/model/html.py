"""HTML for notebooks: tables of escaped texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def render_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; every text is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in headings)
    return f"<table><tr>{head}</tr>{''.join(map(_render_row, rows))}</table>"


def render_pairs(pairs: Iterable[tuple[str, str]]) -> str:
    """Return a table of names and values, without the values that are empty."""
    rows = (
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in pairs
        if value
    )
    return f"<table>{''.join(rows)}</table>"


def _render_row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
