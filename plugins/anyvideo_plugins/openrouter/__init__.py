"""OpenRouter (https://openrouter.ai): the models of many vendors on one asynchronous wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.openrouter.videos import OpenRouter

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to OpenRouter."""
    return [OpenRouter()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return OpenRouter's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.openrouter.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
