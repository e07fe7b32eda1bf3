"""APIMart (https://docs.apimart.ai): every model on one wire, and the names of its parameters in data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.apimart.generations import Apimart

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to APIMart."""
    return [Apimart()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return APIMart's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.apimart.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
