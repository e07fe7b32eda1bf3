"""Reads anyvideo.toml, or a mapping of the same shape, and the environment.

The file is `$ANYVIDEO_CONFIG`, else `./anyvideo.toml`, else `anyvideo.toml` in the user's config
folder; without any, the defaults hold. `$ANYVIDEO_MODEL`, `$ANYVIDEO_BLOCKED` (names of plugins) and
`$ANYVIDEO_POLICY_<FIELD>` have the last word. Every mistake is reported at once, with its path.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import tomli
from attrs import evolve, fields

from anyvideo.catalog.read import find_row_problems
from anyvideo.config.places import find_config
from anyvideo.config.schema import Config, Key, PluginsConfig, ProviderConfig, RouteConfig
from anyvideo.errors import ConfigError
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy
from anyvideo.validation import is_list, is_object, structure

_PREFIX = "ANYVIDEO_POLICY_"
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def load_config(
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Return the settings from a path, a mapping, or the usual places.

    Raises:
        ConfigError: the file cannot be read, or anything in it is wrong; lists all of it.

    """
    environ = os.environ if environ is None else environ
    if isinstance(config, Mapping):
        return read_config(config, "config", environ=environ)
    path = Path(config).expanduser() if config is not None else find_config(environ)
    if path is None:
        return read_config({}, "config", environ=environ)
    try:
        data = tomli.loads(path.read_text("utf-8"), parse_float=Decimal)
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror}"
        raise ConfigError(message) from error
    except ValueError as error:
        message = f"{path}: not valid TOML: {error}"
        raise ConfigError(message) from error
    return read_config(data, str(path), shared=_is_shared(path), environ=environ)


def read_config(
    data: Mapping[str, Any],
    where: str,
    *,
    shared: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Return the settings in a mapping; `shared` says that others can read the file it is from."""
    problems: list[str] = []
    spelled = _spell_out(data)
    read = structure(spelled, Config, where, problems)
    problems.extend(_find_problems(read or _salvage(spelled), where, shared=shared))
    changes = _read_environment(environ or {}, problems)
    if problems or read is None:
        raise ConfigError(problems)
    blocked = (*read.plugins.blocked, *changes.pop("blocked", ()))
    policy = evolve(read.policy, **changes.pop("policy", {}))
    read = evolve(read, plugins=PluginsConfig(blocked), policy=policy, **changes)
    object.__setattr__(read, "source", where)  # not a setting, so no key of the file may fill it
    return read


def _spell_out(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data with literal keys in the long form, so that one shape is checked."""
    providers = data.get("providers")
    if not is_object(providers):
        return data
    spelled = {
        alias: {**item, "api_key": {"literal": item["api_key"]}}
        if is_object(item) and isinstance(item.get("api_key"), str)
        else item
        for alias, item in providers.items()
    }
    return {**data, "providers": spelled}


def _salvage(data: Mapping[str, Any]) -> Config:
    """Return what can be read of settings that are wrong somewhere, to look at the rest as well."""
    rows = data.get("offers")
    return Config(
        providers=_salvage_tables(data.get("providers"), ProviderConfig),
        routes=_salvage_tables(data.get("routes"), RouteConfig),
        offers=tuple(filter(is_object, rows)) if is_list(rows) else (),
    )


Table = TypeVar("Table", ProviderConfig, RouteConfig)


def _salvage_tables(section: object, cls: type[Table]) -> dict[str, Table]:
    tables: Mapping[str, Any] = section if is_object(section) else {}
    names = {attribute.name for attribute in fields(cls)}
    found: dict[str, Table] = {}
    for key, item in tables.items():
        known = {name: item[name] for name in item.keys() & names} if is_object(item) else item
        read = structure(known, cls, "", [])
        if read is not None:
            found[key] = read
    return found


def _find_problems(read: Config, where: str, *, shared: bool) -> Iterator[str]:
    for kind, names in (("providers", read.providers), ("routes", read.routes)):
        for name in names:
            if "/" in name or name in {"", "*"}:
                yield f"{where}: {kind}.{name}: a name has no / and is not *; choose another"
    for alias, provider in read.providers.items():
        place = f"{where}: providers.{alias}"
        if provider.base_url is not None and (line := _check_url(provider.base_url)):
            yield f"{place}.base_url: {line}"
        if provider.api_key is not None:
            yield from _check_key(provider.api_key, f"{place}.api_key", where if shared else None)
    for number, row in enumerate(read.offers):
        yield from find_row_problems(row, where, f"offers[{number}]")


def _check_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
    except ValueError:
        return "it cannot be read as a URL"
    if not known:
        return f"{url!r} is no http(s) URL"
    if parts.username is not None or parts.query or parts.fragment:
        return "it takes no user, query or fragment; the key goes into api_key"
    return None


def _check_key(key: Key, place: str, shared_file: str | None) -> Iterator[str]:
    cure = f'{place}: write {{ env = "VARIABLE" }}'
    if key.env and not _VARIABLE.fullmatch(key.env):
        yield f"{cure}, with the name of a variable; that is none"  # and may be the key itself
    elif not key.env and not key.literal:
        yield cure
    if key.literal and shared_file is not None:
        yield (
            f"{place}: others can read this file; put the key into a variable and "
            f'write {{ env = "VARIABLE" }}, or run: chmod 600 {shared_file}'
        )


def _is_shared(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _read_environment(environ: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    """Return the settings that variables change; an empty variable is none."""
    changes: dict[str, Any] = {}
    if model := environ.get("ANYVIDEO_MODEL"):
        changes["model"] = model
    if blocked := environ.get("ANYVIDEO_BLOCKED"):
        changes["blocked"] = tuple(filter(None, blocked.replace(",", " ").split()))
    rules: dict[str, str] = {}
    for variable, rule in environ.items():
        name = variable.removeprefix(_PREFIX).lower()
        if not variable.startswith(_PREFIX) or not rule:
            continue
        if name not in POLICY_FIELDS:
            near = get_close_matches(name, POLICY_FIELDS, 1)
            hint = (
                f"did you mean ${_PREFIX}{near[0].upper()}?" if near else ", ".join(POLICY_FIELDS)
            )
            problems.append(f"${variable}: there is no policy for {name!r}; {hint}")
            continue
        try:
            changes["policy"] = rules = {**rules, **_check_rule(name, rule)}
        except ConfigError as error:
            problems.append(f"${variable}: {error}")
    return changes


def _check_rule(name: str, rule: str) -> dict[str, str]:
    Policy(**{name: rule})  # type: ignore[arg-type]  # the policy checks its rules itself
    return {name: rule}
