"""xAI (https://docs.x.ai): Grok Imagine Video from its maker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.xai.videos import XAI

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to xAI."""
    return [XAI()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return xAI's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.xai.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
