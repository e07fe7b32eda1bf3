"""Finds the vendors that plugins bring: the only module of the sandbox that knows the registry."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

from attrs import evolve

from anyvideo.adapters.registry import Plugin, Registry, load_registry, read_blocked
from anyvideo.sandbox.vendors.vendor import Vendor

logger = logging.getLogger("anyvideo")


def find_vendors(registry: Registry | None = None) -> tuple[Vendor, ...]:
    """Return the vendors that the hook `anyvideo_sandbox` of every plugin returns.

    Without a registry these are the installed plugins, except those in $ANYVIDEO_BLOCKED. A plugin
    whose hook fails is reported and left out. So is an adapter that two vendors claim; a built-in
    vendor claims none that another one has.
    """
    found = list(_list_vendors(registry or load_registry(read_blocked(os.environ))))
    claims: dict[str, list[Plugin]] = {}
    for plugin, vendor in found:
        for name in vendor.adapters:
            claims.setdefault(name, []).append(plugin)
    for name, plugins in claims.items():
        claims[name] = [item for item in plugins if not item.is_built_in] or plugins
        if len(claims[name]) > 1:
            origins = " and ".join(map(str, claims[name]))
            logger.warning("the sandbox leaves out %s: claimed by %s", name, origins)
    return tuple(
        evolve(vendor, adapters=tuple(n for n in vendor.adapters if claims[n] == [plugin]))
        for plugin, vendor in found
    )


def _list_vendors(registry: Registry) -> Iterator[tuple[Plugin, Vendor]]:
    """Yield each plugin with each of its vendors."""
    for plugin, brought in registry.ask_sandboxes():
        for thing in brought:
            if isinstance(thing, Vendor):
                yield plugin, thing
            else:
                kind = type(thing).__name__
                logger.warning(
                    "%s: anyvideo_sandbox holds %s; return a list of Vendor", plugin, kind
                )
