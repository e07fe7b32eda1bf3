"""Vidu's own API (https://platform.vidu.com/docs): a path for each way to make a video."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.vidu.videos import Vidu

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor

anyvideo_api = 1


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to Vidu."""
    return [Vidu()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Vidu's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.vidu.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
