"""APIMart (https://docs.apimart.ai): every model on one wire, and the names of its parameters in data."""

from __future__ import annotations

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_plugins.apimart.generations import Apimart


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the one adapter that speaks to APIMart."""
    return [Apimart()]
