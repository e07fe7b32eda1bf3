"""Runway (https://docs.dev.runwayml.com): its own models, and those of others on the same wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.runway.tasks import Runway

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to Runway."""
    return [Runway()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Runway's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.runway.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
