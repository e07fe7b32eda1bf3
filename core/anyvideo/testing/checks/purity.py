"""Checks that an adapter does no I/O, reads no clock and no randomness, and keeps no state or key."""

from __future__ import annotations

import ast
import inspect
import os
import sys
from collections.abc import Iterator
from importlib.util import resolve_name
from pathlib import Path
from unittest import mock

from anyvideo.model.wire import describe_request
from anyvideo.testing.checks.case import Case, describe

_FORBIDDEN = frozenset(
    (
        *("aiohttp", "asyncio", "concurrent", "ftplib", "http", "httpx", "logging"),
        *("multiprocessing", "os", "pathlib", "random", "requests", "secrets", "select"),
        *("selectors", "shutil", "socket", "ssl", "subprocess", "tempfile", "threading"),
        *("time", "urllib3"),
    )
)
_FORBIDDEN_PARTS = frozenset({"urllib.request"})
_CALLS = {"open": "opens a file", "input": "asks for input", "print": "prints"}
_METHODS = {"now": "reads the clock", "utcnow": "reads the clock", "today": "reads the clock"}
_SENTINEL = "kit-sentinel-key"


def check_imports(case: Case) -> Iterator[str]:
    """Yield the places in the adapter's modules where it does what only the core does."""
    for name, tree in _parse_all(case.adapter):
        for node in ast.walk(tree):
            if fault := _judge(node):
                line = getattr(node, "lineno", "?")
                yield f"{name}:{line} {fault}; yield a Request, and leave the rest to the core"


def _parse_all(adapter: object) -> Iterator[tuple[str, ast.Module]]:
    """Yield the modules of an adapter's classes, and those of its package that they import."""
    waiting = [cls.__module__ for cls in type(adapter).__mro__ if cls is not object]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        module = sys.modules.get(name)
        if module is None or name in seen:
            continue
        seen.add(name)
        try:
            tree = ast.parse(inspect.getsource(module))
        except (OSError, TypeError):
            continue
        yield Path(module.__file__ or name).name, tree
        top = name.partition(".")[0]
        imported = _list_imports(tree, module.__package__ or "")
        waiting += [found for found in imported if found.partition(".")[0] == top]


def _list_imports(tree: ast.Module, package: str) -> Iterator[str]:
    """Yield the full names of what a module imports; some are names inside modules.

    The wire that the hook `anyvideo_sandbox` imports is left out: it is a vendor, not an adapter.
    """
    for node in _walk_adapter(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = resolve_name("." * node.level + (node.module or ""), package)
            yield from (source, *(f"{source}.{alias.name}" for alias in node.names))


def _walk_adapter(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef) or child.name != "anyvideo_sandbox":
            yield child
            yield from _walk_adapter(child)


def _judge(node: ast.AST) -> str | None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            names = [] if node.level else [str(node.module)]
        wrong = [n for n in names if n.partition(".")[0] in _FORBIDDEN or n in _FORBIDDEN_PARTS]
        return f"imports {wrong[0]}" if wrong else None
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Name):
            return _CALLS.get(node.func.id)
        return _METHODS.get(getattr(node.func, "attr", ""))
    return None


def check_repeatable(case: Case) -> Iterator[str]:
    """Yield the plans for which the adapter does not make the same requests each time."""
    first, again = describe(case.record_all()), describe(case.record_all())
    for one, other in zip(first, again, strict=True):
        if one != other:
            yield (
                f"the same call results first in {one}, then in {other}; use no clock, no randomness and "
                "no state, so that a reviewed plan is what is sent"
            )
            return


def check_key(case: Case) -> Iterator[str]:
    """Yield the requests that hold a key: the core alone adds it, and to the vendor's host only."""
    with mock.patch.dict(os.environ, {case.adapter.key_env: _SENTINEL}):
        for request in case.record_all():
            if _SENTINEL in str(describe_request(request)):
                yield f"{request.method} {request.url} holds the key; leave it to the core"
