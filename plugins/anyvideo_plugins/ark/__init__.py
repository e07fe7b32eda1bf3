"""BytePlus ModelArk and Volcengine Ark, the makers' own API of Seedance: one wire, two regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.ark.tasks import Ark

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `ark`, which a provider's settings move to the other region."""
    return [Ark()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return Ark's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.ark.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
