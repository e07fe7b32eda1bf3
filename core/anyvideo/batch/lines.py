"""Reads a list of jobs, a line of JSON or CSV for each, and gives every job a key of its own.

The key of a line depends on its job alone, not on its place. So a file that is run again, also with
lines added or moved, finds the jobs that it sent before.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from attrs import define, field, frozen

from anyvideo.batch.cells import read_table
from anyvideo.errors import JobError
from anyvideo.files import texts
from anyvideo.model.job import VideoJob
from anyvideo.printable import make_printable
from anyvideo.validation import is_object, is_text, show

# What a line holds beside the fields of its job.
EXTRAS = ("key", "model", "to")
_LONGEST_KEY = 200
# So the second attempt of a route is called.
_ATTEMPT = re.compile(r"/\d+$", re.ASCII)
_ODD = re.compile(r"[^\w.-]+")


@frozen
class JobLine:
    """One line of a list of jobs.

    Attributes:
        number: The number of the line in its file, from 1.
        key: The name under which the job is sent once.
        job: The job.
        model: The line's own selector; None takes that of the whole list.
        to: The line's own file; None takes that of the whole list.
    """

    number: int
    key: str
    job: VideoJob
    model: str | None = None
    to: str | None = None


@frozen
class JobFile:
    """A list of jobs as it was read.

    Attributes:
        name: What the generated keys begin with.
        lines: The lines that hold a job, in their order.
        mistakes: What is wrong with the other lines, by number.
    """

    name: str
    lines: tuple[JobLine, ...]
    mistakes: Mapping[int, str]


def read_job_file(
    source: str | os.PathLike[str] | IO[str] | IO[bytes], name: str | None = None
) -> JobFile:
    """Return the jobs of a file or stream: CSV if the file is called so, otherwise lines of JSON.

    `name` is what the generated keys begin with; by default the file's name without its suffix.

    Raises:
        JobError: the file cannot be read, or is not UTF-8 text.
    """
    if isinstance(source, str | os.PathLike):
        path = Path(source)
        text, table = _read_path(path), path.suffix.lower() == ".csv"
        name = name or path.stem
    else:
        text, table, name = _decode(source.read(texts.MOST_TEXT + 1)), False, name or "jobs"
    reader = _Reader(_ODD.sub("-", name))
    for number, read in read_table(text, EXTRAS) if table else _read_lines(text):
        reader.add(number, read)
    return JobFile(reader.name, tuple(reader.lines), reader.mistakes)


def number_jobs(jobs: Iterable[VideoJob | JobLine | str], name: str) -> JobFile:
    """Return jobs as the lines of a list, with the keys that a file of them has."""
    reader = _Reader(_ODD.sub("-", name))
    for number, job in enumerate(jobs, 1):
        reader.add(number, _read_prompt(job) if isinstance(job, str) else job)
    return JobFile(reader.name, tuple(reader.lines), reader.mistakes)


def _read_prompt(prompt: str) -> VideoJob | JobError:
    try:
        return VideoJob(prompt)
    except JobError as error:
        return error


def _read_path(path: Path) -> str:
    try:
        return texts.read_text(path, "utf-8-sig")
    except OSError as error:
        message = f"the list of jobs {path} cannot be read: {error.strerror}"
        raise JobError(message) from error
    except ValueError as error:
        message = f"the list of jobs {path} is not UTF-8 text"
        raise JobError(message) from error


def _decode(data: str | bytes) -> str:
    if len(data) > texts.MOST_TEXT:
        message = f"the list of jobs is larger than {texts.MOST_TEXT} bytes; split it"
        raise JobError(message)
    try:
        return data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "the list of jobs is not UTF-8 text"
        raise JobError(message) from error


def _read_lines(text: str) -> Iterator[tuple[int, Mapping[str, Any] | JobError]]:
    # Not splitlines: a prompt in JSON may hold other line separators than this one.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield number, _read_object(line)


def _read_object(line: str) -> Mapping[str, Any] | JobError:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        return JobError(f"it is not valid JSON: {error}")
    return data if is_object(data) else JobError("it is not a JSON object")


@define
class _Reader:
    """Makes lines of what was read, and notes what is wrong with the others."""

    name: str
    lines: list[JobLine] = field(factory=list[JobLine])
    mistakes: dict[int, str] = field(factory=dict[int, str])
    _places: dict[str, int] = field(factory=dict[str, int])
    _same: Counter[str] = field(factory=Counter[str])

    def add(self, number: int, read: Mapping[str, Any] | VideoJob | JobLine | JobError) -> None:
        try:
            line = self._make_line(number, read)
        except JobError as error:
            self.mistakes[number] = str(error)
            return
        if (first := self._places.setdefault(line.key, number)) == number:
            self.lines.append(line)
        else:
            self.mistakes[number] = (
                f"the key {line.key!r} is that of line {first} too; give each its own"
            )

    def _make_line(
        self, number: int, read: Mapping[str, Any] | VideoJob | JobLine | JobError
    ) -> JobLine:
        if isinstance(read, JobError):
            raise read
        if isinstance(read, JobLine):
            return JobLine(number, _check_key(read.key), read.job, read.model, read.to)
        if isinstance(read, VideoJob):
            return JobLine(number, self._make_key(read, None), read)
        key, model, to = (_read_extra(read, name) for name in EXTRAS)
        job = VideoJob.from_json({name: read[name] for name in read.keys() - set(EXTRAS)})
        made = self._make_key(job, model) if key is None else _check_key(key)
        return JobLine(number, made, job, model, to)

    def _make_key(self, job: VideoJob, model: str | None) -> str:
        known = json.dumps([job.to_mapping(), model], sort_keys=True, default=str)
        key = f"{self.name}-{hashlib.sha256(known.encode()).hexdigest()[:12]}"
        self._same[key] += 1
        return key if self._same[key] == 1 else f"{key}-{self._same[key]}"


def _read_extra(data: Mapping[str, Any], name: str) -> str | None:
    value = data.get(name)
    if value is None or (is_text(value) and value.strip() and value == make_printable(value)):
        return value
    message = f"{name}: expected text on one line, not {show(value)}"
    raise JobError(message)


def _check_key(key: str) -> str:
    if len(key) > _LONGEST_KEY:
        message = f"key: it has {len(key)} characters; the most are {_LONGEST_KEY}"
        raise JobError(message)
    if _ATTEMPT.search(key):
        message = (
            f"key {key!r}: a slash and a number name the attempts of a route; end it otherwise"
        )
        raise JobError(message)
    return key
