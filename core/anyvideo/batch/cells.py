"""Reads a table of jobs (CSV): its columns are the fields of a job, its cells are read by their type."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from typing import Any

from attrs import fields

from anyvideo.errors import JobError
from anyvideo.model.job import VideoJob
from anyvideo.validation import explain_unknown

_WORDS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


def read_table(
    text: str, extras: Sequence[str]
) -> Iterator[tuple[int, Mapping[str, Any] | JobError]]:
    """Yield the jobs of a CSV text, with the line where each begins; an empty cell is not given.

    The first line names the columns: the fields of a job and `extras`. A mistake in it is yielded
    as that line's, and no other line is read then.
    """
    kinds = {item.name: str(item.type) for item in fields(VideoJob)} | dict.fromkeys(extras, "str")
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    names: list[str] | None = None
    while True:
        number = rows.line_num + 1
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield number, JobError(f"it is not valid CSV: {error}")
            return
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        if names is not None:
            yield number, _read_row(names, row, kinds)
            continue
        names = [cell.strip() for cell in row]
        if mistake := _check_header(names, list(kinds)):
            yield number, JobError(mistake)
            return


def _check_header(names: Sequence[str], known: Sequence[str]) -> str:
    unknown = [explain_unknown(name, known) for name in names if name not in known]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems = [text.replace("key", "column", 1) for text in unknown]
    problems += [f"two columns are called {name!r}" for name in twice]
    if "prompt" not in names:
        problems.append("no column is called 'prompt'")
    return "; ".join(problems)


def _read_row(
    names: Sequence[str], row: Sequence[str], kinds: Mapping[str, str]
) -> Mapping[str, Any] | JobError:
    if len(row) > len(names):
        return JobError(f"it has {len(row)} cells, and the table has {len(names)} columns")
    given = [(name, cell) for name, cell in zip(names, row, strict=False) if cell.strip()]
    try:
        return {name: _read_cell(name, cell, kinds[name]) for name, cell in given}
    except JobError as error:
        return error


def _read_cell(name: str, cell: str, kind: str) -> object:
    if kind.startswith("str"):
        return cell
    text = cell.strip()
    if kind.startswith("bool"):
        if text.lower() not in _WORDS:
            message = f"{name}: expected true or false, not {cell!r}"
            raise JobError(message)
        return _WORDS[text.lower()]
    if name == "images" and text[0] not in "[{":
        return text
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        what = "a number" if kind.startswith(("float", "int")) else "JSON"
        message = f"{name}: expected {what}, not {cell!r}"
        raise JobError(message) from error
