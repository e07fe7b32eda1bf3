"""Imports plugins so that none changes what the others import."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from types import ModuleType

from anyvideo.errors import PluginError

_LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 (pathlib has no part in a start)
# setuptools brings this one itself: https://setuptools.pypa.io/en/latest/deprecated/distutils-legacy.html
_OTHERS = frozenset({"distutils"})


def import_plugin(load: Callable[[], object]) -> object:
    """Return what `load` imports; the modules and the order of the standard library stay as they are.

    Raises:
        PluginError: the plugin put another module in the place of one of the standard library.
    """
    paths, before = list(sys.path), _list_library()
    try:
        loaded = load()
    finally:
        # What a plugin puts before the standard library would be imported in its place.
        sys.path[:] = [*paths, *(path for path in sys.path if path not in paths)]
        shadowed = _restore(before)
    if shadowed:
        message = f"it puts modules of its own in the place of {', '.join(shadowed)}; rename them"
        raise PluginError(message)
    return loaded


def _list_library() -> dict[str, ModuleType]:
    return {name: sys.modules[name] for name in sys.stdlib_module_names & sys.modules.keys()}


def _restore(before: Mapping[str, ModuleType]) -> list[str]:
    """Put the modules of the standard library back, and return the names of those that had gone."""
    after = _list_library()
    gone = {name for name, module in before.items() if after.get(name) is not module}
    foreign = {name for name in after.keys() - before.keys() if _is_foreign(after[name])}
    for name in foreign - _OTHERS:
        del sys.modules[name]
    sys.modules.update({name: before[name] for name in gone})
    return sorted(gone | foreign - _OTHERS)


def _is_foreign(module: object) -> bool:
    origin = getattr(getattr(module, "__spec__", None), "origin", None)
    return origin not in {"built-in", "frozen"} and not str(origin).startswith(_LIBRARY)
