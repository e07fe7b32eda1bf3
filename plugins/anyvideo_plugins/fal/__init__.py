"""fal (https://fal.ai): one queue for the video models of every maker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.fal.queue import Fal

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to fal."""
    return [Fal()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return fal's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.fal.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
