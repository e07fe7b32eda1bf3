"""Google's Gemini API (https://ai.google.dev/gemini-api/docs/omni): Gemini Omni by the Interactions API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.gemini.interactions import Gemini

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to the Gemini API."""
    return [Gemini()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Google's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.gemini.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
