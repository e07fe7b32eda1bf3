"""For everybody's own tests: hold adapters to the kit, run flows without a network, play a vendor.

`Conformance` is the kit, `drive` runs one flow against given answers, `Server` is a local vendor,
`VirtualClock` lets hours pass in milliseconds, and pytest finds the fixtures `sandbox` and
`sandbox_client` by itself. Names are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anyvideo.testing.clock import VirtualClock
    from anyvideo.testing.conformance import Conformance
    from anyvideo.testing.driving import adapter, drive
    from anyvideo.testing.pictures import draw_picture, make_film
    from anyvideo.testing.server import Call, Server, answer

_MODULES = {
    "Call": "server",
    "Conformance": "conformance",
    "Server": "server",
    "VirtualClock": "clock",
    "adapter": "driving",
    "answer": "server",
    "draw_picture": "pictures",
    "drive": "driving",
    "make_film": "pictures",
}

__all__ = [
    "Call",
    "Conformance",
    "Server",
    "VirtualClock",
    "adapter",
    "answer",
    "draw_picture",
    "drive",
    "make_film",
]


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
