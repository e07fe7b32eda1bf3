"""APIYI's plugin: one wire, `/v1/videos`."""

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.apiyi.videos import Videos


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `apiyi`."""
    return [Videos()]
