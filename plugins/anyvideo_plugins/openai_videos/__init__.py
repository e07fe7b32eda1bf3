"""A vendor without code: any gateway that speaks /v1/videos, described in the config alone."""

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.openai_videos.gateway import Gateway

anyvideo_api = 1


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapter `openai-videos`."""
    return [Gateway()]
