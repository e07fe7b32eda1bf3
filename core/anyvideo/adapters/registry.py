"""Finds plugins; a broken one does not affect the others.

Entry points of the group `anyvideo` are loaded one by one, each with its distribution, so that a
failure, a clash or a misspelt hook names its plugin. Offers are read when they are first needed.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pluggy
from attrs import define, evolve, field, frozen

from anyvideo.adapters import hooks as specifications
from anyvideo.adapters.checks import (
    HOOKS,
    ask_adapters,
    ask_offers,
    can_be_shown,
    check_hooks,
    describe_error,
    pass_interrupt,
)
from anyvideo.adapters.discovery import EntryPoint, entry_points
from anyvideo.adapters.events import Event
from anyvideo.adapters.imports import import_plugin
from anyvideo.adapters.protocol import Adapter
from anyvideo.errors import AnyVideoError, ConfigError, PluginError
from anyvideo.model.plan import Plan
from anyvideo.printable import make_line
from anyvideo.validation import suggest

logger = logging.getLogger("anyvideo")

GROUP = "anyvideo"
State = Literal["loaded", "replaced", "clash", "failed", "blocked"]


@frozen
class Plugin:
    """One entry point: where it comes from, and what it provides.

    Attributes:
        name: The name of the entry point.
        module: The module that it names.
        distribution: The distribution that it belongs to.
        version: The version of that distribution.
        state: Whether it was loaded; a built-in one is replaced by another with its adapters.
        error: Why not; empty if it was loaded.
        adapters: The names of its adapters.
        hooks: The names of its hooks.
    """

    name: str
    module: str = ""
    distribution: str = "this program"
    version: str = ""
    state: State = "loaded"
    error: str = ""
    adapters: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """The distribution and its version, as errors name them."""
        return f"{self.distribution} {self.version}".strip()

    @property
    def is_built_in(self) -> bool:
        """Whether it comes with anyvideo."""
        return self.distribution == "anyvideo"

    def __str__(self) -> str:
        """Return "plugin 'acme' of anyvideo-acme 1.0"."""
        return f"plugin {self.name!r} of {self.origin}"


@define
class Registry:
    """The plugins, their adapters and their hooks.

    Attributes:
        plugins: The plugins in the order of loading, also those that failed.
        adapters: The adapters by name. A name that two plugins claim is not among them.
        claims: The plugins that claim a name.
        clashes: The message for each name that more than one plugin claims.
        manager: The hooks of all plugins.
    """

    plugins: list[Plugin] = field(factory=list[Plugin])
    adapters: dict[str, Adapter] = field(factory=dict[str, Adapter])
    claims: dict[str, list[Plugin]] = field(factory=dict[str, list[Plugin]])
    clashes: dict[str, str] = field(factory=dict[str, str])
    manager: pluggy.PluginManager = field(factory=lambda: _new_manager(), repr=False)  # noqa: PLW0108 (defined below the class)
    _running: _Running = field(factory=lambda: _Running(), init=False, repr=False, eq=False)  # noqa: PLW0108 (defined below the class)
    _reported: set[str] = field(factory=set[str], init=False, repr=False)

    def adapter(self, name: str) -> Adapter:
        """Return the adapter of that name.

        Raises:
            PluginError: two plugins claim the name, or the plugin that should have it failed.
            ConfigError: the name is unknown.
        """
        if name in self.adapters:
            return self.adapters[name]
        if name in self.clashes:
            raise PluginError(self.clashes[name])
        for item in self.plugins:
            if item.error and (name == item.name or name.startswith(f"{item.name}-")):
                message = f"there is no adapter {name!r}: {item.error}"
                raise PluginError(message)
        hint = suggest(name, self.adapters, f"there are {', '.join(sorted(self.adapters))}")
        message = f"unknown adapter {name!r}; {hint}"
        raise ConfigError(message)

    def add(self, module: object, item: Plugin | None = None) -> None:
        """Add a plugin: a module, or any object, with hooks; one that cannot be used is reported."""
        item = item or Plugin(getattr(module, "__name__", type(module).__name__))
        if self.manager.is_registered(module):
            message = f"it is {self.manager.get_name(module)} already; name each module once"
            self.fail(item, PluginError(message))
            return
        try:
            hooks = check_hooks(module)
            self.manager.register(module, name=str(item))
            self.manager.check_pending()
            offered = ask_adapters(module) if HOOKS[0] in hooks else []
        except BaseException as error:  # noqa: BLE001 (any error of a plugin is reported as the plugin's)
            pass_interrupt(error)
            if self.manager.is_registered(module):
                self.manager.unregister(module)
            self.fail(item, error)
            return
        names = tuple(adapter.name for adapter in offered)
        self.plugins.append(evolve(item, adapters=names, hooks=hooks))
        for adapter in offered:
            self._claim(adapter, self.plugins[-1])

    def fail(self, item: Plugin, error: BaseException) -> None:
        """Note and report why a plugin cannot be used."""
        own = isinstance(error, AnyVideoError) and can_be_shown(error)
        what = str(error) if own else describe_error(error)
        reason = make_line(f"{item} cannot be used: {what}")
        logger.warning("%s", reason)
        self.plugins.append(evolve(item, state="failed", error=reason))

    def check_offers(self) -> None:
        """Read the offers of every adapter, and note those that fail."""
        for name, adapter in self.adapters.items():
            try:
                ask_offers(adapter)
            except PluginError as error:
                self._mark(self.claims[name][0], "failed", str(error))

    def notify(self, event: Event) -> None:
        """Call every listener; one that raises is reported once, and the job goes on.

        A listener is not called with the events of what it does itself, such as another job.
        """
        for listener in reversed(self.manager.hook.anyvideo_event.get_hookimpls()):
            name = listener.plugin_name
            if name in self._running.listeners:
                continue
            try:
                self._running.listeners.add(name)
                _call(listener, event=event)
            except BaseException as error:
                pass_interrupt(error)
                if name not in self._reported:
                    self._reported.add(name)
                    logger.exception(
                        "%s failed over an event, and is not reported again; the job goes on", name
                    )
            finally:
                self._running.listeners.discard(name)

    def veto(self, plan: Plan) -> None:
        """Ask every plugin whether a plan may be sent.

        Raises:
            AnyVideoError: a plugin vetoes it.
            PluginError: the hook of a plugin fails, or sends a job itself.
        """
        for hook in reversed(self.manager.hook.anyvideo_before_submit.get_hookimpls()):
            name = hook.plugin_name
            if name in self._running.vetoes:
                message = f"{name}: anyvideo_before_submit sends a job itself; nothing was sent"
                raise PluginError(message)
            try:
                self._running.vetoes.add(name)
                _call(hook, plan=plan)
            except BaseException as error:
                pass_interrupt(error)
                if isinstance(error, AnyVideoError) and can_be_shown(error):
                    raise
                message = (
                    f"{name}: anyvideo_before_submit raised "
                    f"{describe_error(error)}; nothing was sent; raise an AnyVideoError to veto a "
                    "plan, or block the plugin with [plugins] blocked"
                )
                raise PluginError(message) from error
            finally:
                self._running.vetoes.discard(name)

    def ask_sandboxes(self) -> list[tuple[Plugin, list[Any]]]:
        """Return what each plugin's sandbox hook returns; one that fails is reported and left out."""
        brought: list[tuple[Plugin, list[Any]]] = []
        named = {str(item): item for item in self.plugins}
        for hook in self.manager.hook.anyvideo_sandbox.get_hookimpls():
            try:
                brought.append((named[hook.plugin_name], list(_call(hook))))
            except BaseException as error:  # noqa: BLE001 (any error of a plugin is reported as the plugin's)
                pass_interrupt(error)
                what = describe_error(error)
                logger.warning("%s: anyvideo_sandbox raised %s", hook.plugin_name, what)
        return brought

    def _claim(self, adapter: Adapter, item: Plugin) -> None:
        claims = self.claims.setdefault(adapter.name, [])
        claims.append(item)
        ours = next((claim for claim in claims if claim.is_built_in), None)
        if ours is not None and len(claims) > 1:
            claims.remove(ours)
            self._mark(ours, "replaced", f"adapter {adapter.name!r} is that of {claims[0].origin}")
            if ours is item:
                return
        if len(claims) == 1:
            self.adapters[adapter.name] = adapter
            return
        self.adapters.pop(adapter.name, None)
        origins = " and by ".join(claim.origin for claim in claims)
        message = (
            f"adapter {adapter.name!r} is claimed by {origins}; uninstall all but one, or block "
            "them with [plugins] blocked"
        )
        logger.warning("%s", message)
        self.clashes[adapter.name] = message
        for claim in claims:
            self._mark(claim, "clash", message)

    def _mark(self, item: Plugin, state: State, error: str) -> None:
        number = [str(plugin) for plugin in self.plugins].index(str(item))
        self.plugins[number] = evolve(self.plugins[number], state=state, error=error)


class _Running(threading.local):
    """The plugins whose hooks run in this thread."""

    def __init__(self) -> None:
        self.listeners, self.vetoes = set[str](), set[str]()


def _new_manager() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("anyvideo")
    manager.add_hookspecs(specifications)
    return manager


def _call(hook: Any, **given: object) -> Any:  # noqa: ANN401 (pluggy's HookImpl, and what it returns)
    """Call one hook with the arguments that it names, which may be fewer than are given."""
    return hook.function(*(given[name] for name in hook.argnames))


def _normalise(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def read_blocked(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names in $ANYVIDEO_BLOCKED, which commas or blanks separate."""
    return tuple(environ.get("ANYVIDEO_BLOCKED", "").replace(",", " ").split())


def load_registry(
    blocked: Iterable[str] = (), found: Iterable[EntryPoint] | None = None
) -> Registry:
    """Load every plugin that is installed and not blocked by its name or its distribution's."""
    registry, unwanted = Registry(), set(map(_normalise, blocked))
    points = entry_points(group=GROUP) if found is None else found
    for point in sorted(points, key=lambda point: (point.name, point.value)):
        item = Plugin(point.name, point.value)
        if point.dist:
            item = evolve(item, distribution=point.dist.name, version=point.dist.version)
        if unwanted & {_normalise(item.name), _normalise(item.distribution)}:
            reason = f"{item} is blocked by [plugins] blocked or $ANYVIDEO_BLOCKED"
            registry.plugins.append(evolve(item, state="blocked", error=reason))
            continue
        try:
            module = import_plugin(point.load)
        except BaseException as error:  # noqa: BLE001 (any error of an import is the plugin's)
            pass_interrupt(error)
            registry.fail(item, error)
        else:
            registry.add(module, item)
    return registry
