"""Where the videos of a list go: a folder, a template, or the file that a line names itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from attrs import frozen

from anyvideo.batch.lines import JobLine
from anyvideo.errors import ConfigError, JobError
from anyvideo.model.plan import Plan
from anyvideo.validation import suggest

# What a template may name.
FIELDS = ("key", "number", "name", "model", "provider")
_ODD = re.compile(r"[^\w.-]+")
_SAMPLE: Mapping[str, str | int] = {name: 1 if name == "number" else "x" for name in FIELDS}


@frozen
class Targets:
    """Names a file for each line.

    Attributes:
        folder: The folder that no file of a line leaves.
        template: The path of a file, with fields in braces.
        name: The name of the list.
    """

    folder: Path
    template: str
    name: str

    def find(self, line: JobLine, plan: Plan) -> Path:
        """Return the file of a line, as an absolute path.

        Raises:
            JobError: the line names a file outside of the folder.
        """
        if line.to is not None:
            return self._find_own(line.to)
        path = fill_template(self.template, self.name, line, plan)
        return Path(os.path.abspath(path))  # noqa: PTH100 (no symlink is followed)

    def _find_own(self, to: str) -> Path:
        path = Path(os.path.abspath(self.folder / to))  # noqa: PTH100 (the same)
        if to.endswith("/") or path == self.folder or not self._holds(path):
            message = f"to: {to!r} is no file inside of {self.folder}; name one"
            raise JobError(message)
        return path

    def _holds(self, path: Path) -> bool:
        inside = path.is_relative_to(self.folder)
        return inside and path.resolve().is_relative_to(self.folder.resolve())


def read_targets(to: str | os.PathLike[str], name: str) -> Targets:
    """Return where the files go: a folder, or a path with fields such as "clips/{number:03}.mp4".

    A line's own file is inside of the folder, or of the template's part before its first field.

    Raises:
        ConfigError: the template names an unknown field, or does not end.
    """
    text = os.fspath(to)
    fixed, fields = read_template(text)
    if not fields and not text.endswith(".mp4"):
        return Targets(_absolute(fixed), os.path.join(text, "{key}.mp4"), name)  # noqa: PTH118 (a text)
    return Targets(_absolute(os.path.dirname(fixed)), text, name)  # noqa: PTH120 (a text)


def read_template(text: str) -> tuple[str, list[str]]:
    """Return the part of a template before its first field, and its fields.

    Raises:
        ConfigError: the template names an unknown field, or does not end.
    """
    try:
        pieces = list(Formatter().parse(text))
        fields = [(field, conversion) for _, field, _, conversion in pieces if field is not None]
        unknown = [field for field, conversion in fields if conversion or field not in _SAMPLE]
        if not unknown:
            text.format(**_SAMPLE)
    except (ValueError, IndexError) as error:
        message = f"{text}: {error}; write a brace that is meant as one twice"
        raise ConfigError(message) from error
    if unknown:
        everything = f"a file's name takes {', '.join(f'{{{item}}}' for item in FIELDS)}"
        message = f"{text}: unknown field {unknown[0]!r}; {suggest(unknown[0], FIELDS, everything)}"
        raise ConfigError(message)
    return pieces[0][0] if pieces else "", [field for field, _ in fields]


def fill_template(template: str, name: str, line: JobLine, plan: Plan) -> str:
    """Return the path or URL of a line's video; no field leads to another folder."""
    values = {"key": line.key, "name": name, "model": plan.offer.model, "provider": plan.provider}
    plain = {field: _make_name(value) for field, value in values.items()}
    return template.format(**plain, number=line.number)


def _absolute(folder: str) -> Path:
    return Path(os.path.abspath(folder))  # noqa: PTH100 (no symlink is followed)


def _make_name(text: str) -> str:
    """Return a text as a part of a file's name: it leads to no other folder."""
    return _ODD.sub("-", text).lstrip(".") or "-"
