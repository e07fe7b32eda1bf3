"""The hook specifications of plugins."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from anyvideo.adapters.events import Event
from anyvideo.adapters.protocol import Adapter
from anyvideo.model.plan import Plan

API = 1
"""The version of this surface.

A plugin may say `anyvideo_api = 1` beside its hooks; a later version that breaks it then refuses it
by name.
"""

hookspec = pluggy.HookspecMarker("anyvideo")
hookimpl = pluggy.HookimplMarker("anyvideo")
"""Marks a function of a plugin as a hook; takes `tryfirst` and the other options of pluggy."""


@hookspec
def anyvideo_adapters() -> Sequence[Adapter]:  # type: ignore[empty-body]  # a specification has no body
    """Return the adapters that this plugin offers."""


@hookspec
def anyvideo_before_submit(plan: Plan) -> None:
    """Inspect a plan just before it is sent; raise an `AnyVideoError` to veto it."""


@hookspec
def anyvideo_event(event: Event) -> None:
    """Observe a request, a change of state, a retry or a download."""


@hookspec
def anyvideo_sandbox() -> Sequence[object]:  # type: ignore[empty-body]  # a specification has no body
    """Return the `anyvideo.sandbox.Vendor`s that the sandbox serves; import them inside the hook."""
