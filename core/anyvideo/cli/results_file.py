"""The table of results of a batch: a line of JSON or CSV for each job, written as the jobs end."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from anyvideo.batch.result import JobResult
from anyvideo.errors import JobError

COLUMNS = (
    *("number", "key", "state", "model", "quoted", "billed", "currency", "seconds", "path"),
    *("error", "message", "task_id"),
)


def describe_result(result: JobResult) -> dict[str, Any]:
    """Return a result as plain JSON values by column; money is text, what is not known is None."""
    task, plan, error = result.task, result.plan, result.error
    quote = task.quote if task and task.quote else plan.quote if plan else None
    place = (
        f"{task.provider}/{task.model}" if task else plan and f"{plan.provider}/{plan.offer.model}"
    )
    return {
        "number": result.number,
        "key": result.key or None,
        "state": result.state,
        "model": place,
        "quoted": None if quote is None or quote.amount is None else str(quote.amount),
        "billed": None if task is None or task.cost is None else str(task.cost),
        "currency": quote.currency if quote else None,
        "seconds": round(result.seconds, 1),
        "path": str(result.video.path) if result.video else None,
        "error": (getattr(error, "kind", None) or type(error).__name__) if error else None,
        "message": str(error) if error else None,
        "task_id": (task.id or None) if task else None,
    }


class ResultsFile:
    """The file of --results; it is begun anew by each run, and every line is written at once.

    A file that cannot be written any more stops no job: `problem` says why it is not whole.
    """

    def __init__(self, name: str | None) -> None:
        self.problem: OSError | None = None
        self._file: IO[str] | None = None
        self._table: csv.DictWriter[str] | None = None
        if name is not None:
            self._file = _open(Path(name))
            if name.lower().endswith(".csv"):
                self._table = csv.DictWriter(self._file, COLUMNS)
                self._write(dict(zip(COLUMNS, COLUMNS, strict=True)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):  # a line that could not be written is tried once more
                self._file.close()

    def add(self, result: JobResult) -> None:
        """Write the line of a result."""
        self._write(describe_result(result))

    def _write(self, row: Mapping[str, Any]) -> None:
        if self._file is None or self.problem is not None:
            return
        try:
            if self._table is not None:
                self._table.writerow(row)
            else:
                self._file.write(json.dumps(row) + "\n")
            self._file.flush()
        except OSError as error:
            self.problem = OSError(error.errno, error.strerror, self._file.name)


def _open(path: Path) -> IO[str]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        message = f"the results {path} cannot be written: {error.strerror}; nothing was sent"
        raise JobError(message) from error
