"""DashScope, the wire of Alibaba Cloud Model Studio: the Wan and HappyHorse video models, region by region."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.dashscope.tasks import DashScope

if TYPE_CHECKING:
    from anyvideo.sandbox import Vendor


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `dashscope`, which a provider's settings move to another region."""
    return [DashScope()]


@hookimpl
def anyvideo_sandbox() -> list[Vendor]:
    """Return DashScope's wire for the sandbox; it loads only where a sandbox runs."""
    from anyvideo_plugins.dashscope.sandbox.wire import VENDOR  # noqa: PLC0415 (clients need no wire)

    return [VENDOR]
