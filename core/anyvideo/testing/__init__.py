"""For tests of adapters, and of programs that use anyvideo.

`Conformance` is the kit that checks an adapter. `drive` runs one flow against given answers, without
a network. `Server` is a local vendor. `VirtualClock` lets hours pass in milliseconds. pytest finds
the fixtures `sandbox` and `sandbox_client` by itself. Names are loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyvideo.sandbox.clock import VirtualClock
    from anyvideo.sandbox.http.messages import Call
    from anyvideo.testing.conformance import Conformance
    from anyvideo.testing.flows import adapter, drive
    from anyvideo.testing.journals import JournalLaws
    from anyvideo.testing.samples import draw_picture, make_film
    from anyvideo.testing.server import Server, answer
    from anyvideo.testing.twins import TwinJournal

_HOMES = {
    "Call": "anyvideo.sandbox.http.messages",
    "Conformance": "anyvideo.testing.conformance",
    "JournalLaws": "anyvideo.testing.journals",
    "Server": "anyvideo.testing.server",
    "TwinJournal": "anyvideo.testing.twins",
    "VirtualClock": "anyvideo.sandbox.clock",
    "adapter": "anyvideo.testing.flows",
    "answer": "anyvideo.testing.server",
    "draw_picture": "anyvideo.testing.samples",
    "drive": "anyvideo.testing.flows",
    "make_film": "anyvideo.testing.samples",
}

__all__ = [
    "Call",
    "Conformance",
    "JournalLaws",
    "Server",
    "TwinJournal",
    "VirtualClock",
    "adapter",
    "answer",
    "draw_picture",
    "drive",
    "make_film",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
