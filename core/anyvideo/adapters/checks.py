"""Checks that plugins and adapters keep their contract.

What one does wrong becomes a `PluginError` that names the adapter, the operation and the repair.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator, Sequence
from functools import lru_cache
from inspect import isroutine
from pathlib import Path
from typing import Any, NoReturn, cast

from anyvideo.adapters.hooks import API
from anyvideo.adapters.protocol import Adapter
from anyvideo.errors import AnyVideoError, PluginError
from anyvideo.model.offer import Offer
from anyvideo.validation import is_list, suggest

HOOKS = ("anyvideo_adapters", "anyvideo_before_submit", "anyvideo_event", "anyvideo_sandbox")
_NAME = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:[0-9]+)?", re.ASCII)
_PARTS = ("name", "base_url", "key_env", "offers", "submit", "status", "locate")


def check_hooks(module: object) -> tuple[str, ...]:
    """Return the hooks of a plugin, or raise a PluginError if one of them cannot be called."""
    wanted, known = getattr(module, "anyvideo_api", API), f"the hooks are {', '.join(HOOKS)}"
    if wanted != API:
        message = (
            f"it was written for version {wanted} of anyvideo.plugin, and this anyvideo has version "
            f"{API}; upgrade the older one"
        )
        raise PluginError(message)
    found: list[str] = []
    for name, marked in _list_candidates(module):
        if name in HOOKS and marked:
            found.append(name)
        elif name in HOOKS:
            message = f"{name} is not marked as a hook; write @hookimpl above it"
            raise PluginError(message)
        elif hint := suggest(name, HOOKS, known if marked else "", 0.8):
            message = f"{name} is not a hook; {hint}"
            raise PluginError(message)
    if not found:
        message = f"it has no hook; {known}; is the entry point the right module?"
        raise PluginError(message)
    return tuple(found)


def _list_candidates(module: object) -> Iterator[tuple[str, bool]]:
    """Yield the routines that are hooks or look like hooks, and whether each is marked as one."""
    for name in dir(module):
        thing = getattr(module, name, None)
        if isroutine(thing) and not hasattr(thing, "anyvideo_spec"):
            options = getattr(thing, "anyvideo_impl", None)
            if options and (options["wrapper"] or options["hookwrapper"]):
                message = f"{name} is a wrapper, which anyvideo does not call; write a plain hook"
                raise PluginError(message)
            if options is not None or name.startswith("anyvideo_"):
                yield name, options is not None


def ask_adapters(module: Any) -> list[Adapter]:  # noqa: ANN401 (any object with hooks)
    """Return the adapters that a plugin offers, or raise a PluginError if one is not an adapter."""
    offered: Any = module.anyvideo_adapters()
    if not isinstance(offered, Sequence) or isinstance(offered, str):
        message = f"anyvideo_adapters returned {_name_type(offered)}; return a list of adapters"
        raise PluginError(message)
    adapters: list[Adapter] = [*offered]
    for adapter in adapters:
        check_adapter(adapter)
    return adapters


def check_adapter(adapter: Any) -> None:  # noqa: ANN401 (whatever a plugin offers as one)
    """Check that an object has the attributes of an adapter, or raise a PluginError."""
    if isinstance(adapter, type):
        message = f"{adapter.__name__} is a class; return an adapter: {adapter.__name__}()"
        raise PluginError(message)
    if missing := [name for name in _PARTS if not hasattr(adapter, name)]:
        message = f"{adapter!r} is not an adapter: it lacks {', '.join(missing)}"
        raise PluginError(message)
    if not isinstance(adapter.name, str) or not _NAME.fullmatch(adapter.name):
        message = f"the adapter's name {adapter.name!r} must be lower case, such as 'acme-videos'"
        raise PluginError(message)
    origins: Any = getattr(adapter, "origins", ())
    if not is_list(origins) or not all(map(_is_origin, origins)):
        message = (
            f"the origins of {adapter.name} must be a list such as ['https://files.acme.example']"
        )
        raise PluginError(message)


def _is_origin(value: object) -> bool:
    return isinstance(value, str) and _ORIGIN.fullmatch(value) is not None


def ask_offers(adapter: Any) -> tuple[Offer, ...]:  # noqa: ANN401 (whatever a plugin offers as one)
    """Return the offers of an adapter, or raise a PluginError if they are wrong."""
    advice = "return a sequence of anyvideo.plugin.Offer, as load_offers() does"
    try:
        offers = tuple(adapter.offers())
    except AnyVideoError as error:
        missing = isinstance(error.__cause__, FileNotFoundError)
        advice = "pack it into the wheel" if missing else "correct the rows that are named"
        words = str(error) if can_be_shown(error) else describe_error(error)
        raise_plugin_error(adapter, f"offers cannot be read: {words}", advice, error)
    except BaseException as error:  # noqa: BLE001 (any error of a plugin is reported as the plugin's)
        pass_interrupt(error)
        raise_plugin_error(adapter, f"offers raised {describe_error(error)}", advice, error)
    models: set[str] = set()
    for offer in offers:
        if not isinstance(offer, Offer):
            raise_plugin_error(adapter, f"offers holds {_name_type(offer)}", advice)
        if offer.adapter != adapter.name:
            fault = f"the offer {offer.model} says adapter {offer.adapter!r}"
            raise_plugin_error(adapter, fault, f"it must say {adapter.name!r}")
        if offer.model in models:
            fault = f"offers has the model {offer.model} twice"
            raise_plugin_error(adapter, fault, "keep one; its other limits or prices are tiers")
        models.add(offer.model)
    return offers


def raise_plugin_error(
    adapter: object, fault: str, advice: str, cause: BaseException | None = None
) -> NoReturn:
    """Raise a PluginError that says what an adapter did wrong, and what is right."""
    name = getattr(adapter, "name", None) or _name_type(adapter)
    message = f"adapter {name} ({find_distribution(adapter)}): {fault}; {advice}"
    raise PluginError(message) from cause


def find_distribution(thing: object) -> str:
    """Return the distribution and version that a plugin's object comes from, or its module."""
    module = type(thing).__module__
    return _read_distribution(module.partition(".")[0]) or module


@lru_cache
def _read_distribution(package: str) -> str:
    from importlib.metadata import (  # noqa: PLC0415 (slow to import, and only for errors)
        PackageNotFoundError,
        packages_distributions,
        version,
    )

    for name in packages_distributions().get(package, ()):
        try:
            return f"{name} {version(name)}"
        except PackageNotFoundError:  # it was uninstalled meanwhile
            continue
    return ""


def pass_interrupt(error: BaseException) -> None:
    """Raise an error of a plugin's code again if it may be Ctrl-C; every other is the plugin's.

    `SystemExit`, `GeneratorExit` and a cancellation that come out of a plugin's function were raised
    by it, because nothing else raises them there.
    """
    if _is_interrupt(error):
        raise error


def _is_interrupt(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        group = cast("BaseExceptionGroup[BaseException]", error)
        return any(map(_is_interrupt, group.exceptions))
    return isinstance(error, KeyboardInterrupt)


def can_be_shown(error: BaseException) -> bool:
    """Say whether an error has a message; one of a plugin's own may raise another instead."""
    return _read_message(error) is not None


def describe_error(error: BaseException) -> str:
    """Return an error in one line, with the file and line that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    message = _read_message(error)
    return f"{type(error).__name__}: {'no message' if message is None else message}{place}"


def _read_message(error: BaseException) -> str | None:
    try:
        return str(error)
    except BaseException as other:  # noqa: BLE001 (a plugin's own error may raise what it likes)
        pass_interrupt(other)
        return None


def _name_type(value: object) -> str:
    return type(value).__name__
