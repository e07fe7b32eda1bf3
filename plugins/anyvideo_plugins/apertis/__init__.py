"""Apertis: Veo and Sora on three wires, /v1/video/create, /v1/videos and /v1/chat/completions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.apertis.chat import Chat
from anyvideo_plugins.apertis.create import Create
from anyvideo_plugins.apertis.videos import Videos

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return one adapter for each of the vendor's wires."""
    return [Create(), Videos(), Chat()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Apertis's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.apertis.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
