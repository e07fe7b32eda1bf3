"""Finds installed plugins by their entry points, in the files that installers write.

`importlib.metadata` finds the same, but its import takes a tenth of the time of a whole comparison.
It is used where distributions may lie elsewhere than in folders.

Source: https://packaging.python.org/en/latest/specifications/entry-points/
"""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from configparser import ConfigParser
from configparser import Error as ConfigParserError
from importlib import import_module
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Protocol

from attrs import frozen

from anyvideo.errors import ConfigError

logger = logging.getLogger("anyvideo")

_EXHAUSTED = frozenset({errno.EMFILE, errno.ENFILE})
_METADATA = {".dist-info": "METADATA", ".egg-info": "PKG-INFO"}


class Distribution(Protocol):
    """A distribution, as far as plugins are concerned."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def version(self) -> str:
        """Its version."""
        ...


@frozen
class _Named:
    name: str
    version: str


@frozen
class EntryPoint:
    """One entry point.

    `name` is that of the plugin, `value` that of its module, and `dist` the distribution it is from.
    """

    name: str
    value: str
    dist: Distribution | None

    def load(self) -> object:
        """Import the plugin: a module, or something in one."""
        module, _, attributes = self.value.partition("[")[0].strip().partition(":")
        loaded: object = import_module(module.strip())
        for attribute in filter(None, attributes.strip().split(".")):
            loaded = getattr(loaded, attribute)
        return loaded


def entry_points(group: str) -> Sequence[EntryPoint]:
    """Return the entry points of a group, each distribution's once.

    Raises:
        ConfigError: too many files are open to look for them.
    """
    if _needs_library():
        from importlib import metadata  # noqa: PLC0415 (slow to import, rarely needed)

        points = metadata.entry_points(group=group)
        return [EntryPoint(point.name, point.value, point.dist) for point in points]
    found: dict[str, list[EntryPoint]] = {}
    for folder in _list_folders():
        name = folder.name.partition("-")[0].lower()
        if name not in found:
            found[name] = list(_read(folder, group))
    return [point for points in found.values() for point in points]


def _needs_library() -> bool:
    """Say whether distributions may lie in an archive, or be known to another finder."""
    others = any(
        hasattr(item, "find_distributions") for item in sys.meta_path if item != PathFinder
    )
    # A folder that is closed to us has no archive for us either; the method of Path raises.
    return others or any(os.path.isfile(place) for place in sys.path)  # noqa: PTH113 (see above)


def _list_folders() -> Iterator[Path]:
    for place in sys.path:
        try:
            names = os.listdir(place or ".")  # noqa: PTH208 (a Path for each name takes far longer)
        except OSError as error:
            if error.errno in _EXHAUSTED:  # a folder that is missing or closed to us has no plugins
                message = f"plugins cannot be looked for in {place}: {error.strerror}"
                raise ConfigError(message) from error
            continue
        found = sorted(name for name in names if name.endswith(tuple(_METADATA)))
        yield from (Path(place or ".", name) for name in found)


def _read(folder: Path, group: str) -> Iterator[EntryPoint]:
    """Yield the entry points of a distribution; one that cannot be read is reported and left out."""
    try:
        # Nearly all of a hundred distributions have no such group, or no such file.
        with open(f"{folder}/entry_points.txt", "rb") as file:  # noqa: PTH123 (faster than a Path's)
            written = file.read()
    except OSError:
        return
    if f"[{group}]".encode() not in written:
        return
    text = written.decode("utf-8", "replace")
    try:
        yield from _parse(folder, group, text)
    except (OSError, ValueError, LookupError, ConfigParserError) as error:
        logger.warning("%s cannot be read: %s: %s", folder, type(error).__name__, error)


def _parse(folder: Path, group: str, text: str) -> Iterator[EntryPoint]:
    head = (folder / _METADATA[folder.suffix]).read_text("utf-8").partition("\n\n")[0]
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    distribution = _Named(fields["Name"], fields["Version"])
    parser = ConfigParser(delimiters=("=",), interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]  # names keep their case
    parser.read_string(text)
    for name, value in parser.items(group):
        yield EntryPoint(name, value, distribution)
