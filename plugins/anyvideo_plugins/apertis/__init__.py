"""Apertis: Veo and Sora on three wires, /v1/video/create, /v1/videos and /v1/chat/completions."""

from __future__ import annotations

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.apertis.chat import Chat
from anyvideo_plugins.apertis.create import Create
from anyvideo_plugins.apertis.videos import Videos


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return one adapter for each of the vendor's wires."""
    return [Create(), Videos(), Chat()]
