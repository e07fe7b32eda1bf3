"""Luma (https://docs.agents.lumalabs.ai): Ray from its maker, by the Luma Agents API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.luma.generations import Luma

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to Luma."""
    return [Luma()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Luma's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.luma.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
