"""Finds the vendors that plugins bring: the only module of the sandbox that knows the registry."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

from attrs import evolve

from anyvideo.adapters.registry import Registry, load_registry, read_blocked
from anyvideo.sandbox.vendors.vendor import Vendor

logger = logging.getLogger("anyvideo")


def find_vendors(registry: Registry | None = None) -> tuple[Vendor, ...]:
    """Return the vendors that the hook `anyvideo_sandbox` of every plugin returns.

    Without a registry these are the installed plugins, except those in $ANYVIDEO_BLOCKED. A plugin
    whose hook fails is reported and left out. So is an adapter that two vendors claim.
    """
    found = list(_list_vendors(registry or load_registry(read_blocked(os.environ))))
    claims: dict[str, list[str]] = {}
    for plugin, vendor in found:
        for name in vendor.adapters:
            claims.setdefault(name, []).append(plugin)
    for name, plugins in claims.items():
        if len(plugins) > 1:
            logger.warning("the sandbox leaves out %s: claimed by %s", name, " and ".join(plugins))
    return tuple(
        evolve(vendor, adapters=tuple(name for name in vendor.adapters if len(claims[name]) == 1))
        for _, vendor in found
    )


def _list_vendors(registry: Registry) -> Iterator[tuple[str, Vendor]]:
    """Yield the name of each plugin with each of its vendors."""
    for plugin, brought in registry.ask_sandboxes():
        for thing in brought:
            if isinstance(thing, Vendor):
                yield plugin, thing
            else:
                kind = type(thing).__name__
                logger.warning(
                    "%s: anyvideo_sandbox holds %s; return a list of Vendor", plugin, kind
                )
