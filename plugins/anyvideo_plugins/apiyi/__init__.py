"""APIYI's plugin: one wire, `/v1/videos`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.apiyi.videos import Videos

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `apiyi`."""
    return [Videos()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return APIYI's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.apiyi.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
