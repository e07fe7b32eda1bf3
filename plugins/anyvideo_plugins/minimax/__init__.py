"""MiniMax, the maker's own API of Hailuo and H3: two wires, two regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.minimax.videos import MiniMax

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `minimax`, which a provider's settings move to the other region."""
    return [MiniMax()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return MiniMax's wires for the sandbox; they load only where a sandbox runs."""
    from anyvideo_plugins.minimax.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
