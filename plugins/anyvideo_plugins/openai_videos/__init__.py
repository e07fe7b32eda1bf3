"""A vendor without code: any gateway that speaks /v1/videos, described in the config alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.openai_videos.gateway import Gateway

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor

anyvideo_api = 1


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `openai-videos`."""
    return [Gateway()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return OpenAI's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.openai_videos.sandbox.wire import (  # noqa: PLC0415 (clients need no wire)
        VENDOR,
    )

    return [VENDOR]
