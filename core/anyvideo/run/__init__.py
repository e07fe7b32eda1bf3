"""A paid job from submit to file: generators of steps, no I/O. Each module loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from anyvideo.run import download, lookups, optional, poll, resume, route, webhooks

__all__ = ["download", "lookups", "optional", "poll", "resume", "route", "webhooks"]


def __getattr__(name: str) -> ModuleType:
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return import_module(f"{__name__}.{name}")
