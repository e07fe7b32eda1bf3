"""An anyvideo plugin: the adapter `acme`."""

from anyvideo.plugin import Adapter, hookimpl
from anyvideo_acme.adapter import Acme

anyvideo_api = 1


@hookimpl
def anyvideo_adapters() -> list[Adapter]:
    """Return the adapters of this vendor, one for each of its wires."""
    return [Acme()]
