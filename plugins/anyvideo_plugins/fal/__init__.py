"""fal: to be written."""

from __future__ import annotations

from anyvideo.plugin import Adapter, hookimpl


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapters of this vendor."""
    return []
