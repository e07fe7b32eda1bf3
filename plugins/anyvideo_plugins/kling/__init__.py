"""Kling's own API (https://kling.ai/document-api): a path for each way to make a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.kling.videos import Kling

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor

anyvideo_api = 1


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to Kling."""
    return [Kling()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Kling's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.kling.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
