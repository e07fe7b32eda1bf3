"""An anyvideo plugin: the adapter `acme`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_acme.adapter import Acme

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor

anyvideo_api = 1


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapters of this vendor, one for each of its wires."""
    return [Acme()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return the vendor that the sandbox serves; it loads only where a sandbox runs."""
    from anyvideo_acme.sandbox import VENDOR

    return [VENDOR]
