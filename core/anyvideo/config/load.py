"""Reads anyvideo.toml, or a mapping of the same shape, and the environment.

The file is `$ANYVIDEO_CONFIG`, else `./anyvideo.toml`, else `anyvideo.toml` in the user's config
folder; without a file, the defaults apply. `$ANYVIDEO_MODEL`, `$ANYVIDEO_BLOCKED` (names of plugins)
and `$ANYVIDEO_POLICY_<FIELD>` override it. Every mistake is reported at once, with its path.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import tomli
from attrs import evolve

from anyvideo.adapters.registry import read_blocked
from anyvideo.catalog.read import find_row_problems
from anyvideo.config.places import find_config
from anyvideo.config.schema import Config, PluginsConfig
from anyvideo.errors import ConfigError
from anyvideo.files.texts import read_text
from anyvideo.negotiation.policy import POLICY_FIELDS, Policy
from anyvideo.structuring import structure
from anyvideo.validation import find_excess, is_list, is_object, suggest

# The largest file of settings, in bytes.
MOST_SETTINGS = 1 << 20
# The most rows of [[offers]]; each is compared with every offer of its adapter.
MOST_ROWS = 1000
_PREFIX = "ANYVIDEO_POLICY_"


def load_config(
    config: str | os.PathLike[str] | Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Return the settings from a path, a mapping, or the usual places.

    Raises:
        ConfigError: the file cannot be read, or something in it is wrong; lists every problem.
    """
    environ = os.environ if environ is None else environ
    if isinstance(config, Mapping):
        return read_config(config, "config", environ=environ)
    path: object = config
    try:
        path = Path(config).expanduser() if config is not None else find_config(environ)
        if path is None:
            return read_config({}, "config", environ=environ)
        data = tomli.loads(read_text(path, limit=MOST_SETTINGS), parse_float=Decimal)
        shared = _is_shared(path)
    except OSError as error:
        message = f"{path or error.filename} cannot be read: {error.strerror}"
        raise ConfigError(message) from error
    except (ValueError, RecursionError) as error:
        message = f"{path}: not valid TOML: {error}"
        raise ConfigError(message) from error
    except RuntimeError as error:  # of a home that cannot be found
        message = f"{path} cannot be read: {error}"
        raise ConfigError(message) from error
    return read_config(data, str(path), shared=shared, environ=environ)


def read_config(
    data: Mapping[str, Any],
    where: str,
    *,
    shared: bool = False,
    environ: Mapping[str, str] | None = None,
) -> Config:
    """Return the settings in a mapping; `shared` says that other users can read its file."""
    if excess := find_excess(data, where):
        raise ConfigError(excess)
    problems: list[str] = []
    spelled = _spell_out(data)
    read = structure(spelled, Config, where, problems)
    problems.extend(_find_problems(spelled, where, shared=shared))
    changes = _read_environment(environ or {}, problems)
    if problems or read is None:
        raise ConfigError(problems)
    blocked = (*read.plugins.blocked, *changes.pop("blocked", ()))
    policy = evolve(read.policy, **changes.pop("policy", {}))
    read = evolve(read, plugins=PluginsConfig(blocked), policy=policy, **changes)
    object.__setattr__(read, "source", where)  # not a setting, so no key of the file may fill it
    return read


def _spell_out(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the data with literal keys in the long form."""
    providers = data.get("providers")
    if not is_object(providers):
        return data
    spelled = {alias: _spell_keys(item) for alias, item in providers.items()}
    return {**data, "providers": spelled}


def _spell_keys(provider: object) -> object:
    """Return a provider's settings with each key and secret as a table."""
    spelled = _spell_key(provider, "api_key")
    if not is_object(spelled) or "webhook" not in spelled:
        return spelled
    return {**spelled, "webhook": _spell_key(spelled["webhook"], "secret")}


def _spell_key(table: object, name: str) -> object:
    if not is_object(table) or not isinstance(table.get(name), str):
        return table
    return {**table, name: {"literal": table[name]}}


def _find_problems(data: Mapping[str, Any], where: str, *, shared: bool) -> Iterator[str]:
    """Yield the mistakes in values that are well-formed."""
    for kind in ("providers", "routes"):
        for name in _read_table(data, kind):
            if "/" in name or name in {"", "*"}:
                yield f"{where}: {kind}.{name}: a name has no / and is not *; choose another"
    for alias, provider in _read_table(data, "providers").items():
        yield from _find_provider_problems(
            provider, f"{where}: providers.{alias}", where, shared=shared
        )
    rows = data.get("offers")
    if is_list(rows) and len(rows) > MOST_ROWS:
        yield f"{where}: offers: {len(rows)} rows; there are at most {MOST_ROWS}"
        return
    for number, row in enumerate(rows if is_list(rows) else ()):
        if is_object(row):
            yield from find_row_problems(row, where, f"offers[{number}]")


def _find_provider_problems(
    provider: object, place: str, where: str, *, shared: bool
) -> Iterator[str]:
    base_url = provider.get("base_url") if is_object(provider) else None
    if isinstance(base_url, str) and (line := _check_url(base_url)):
        yield f"{place}.base_url: {line}"
    keys = {
        "api_key": _read_table(provider, "api_key"),
        "webhook.secret": _read_table(_read_table(provider, "webhook"), "secret"),
    }
    for name, key in keys.items():
        if shared and key.get("literal"):
            yield (
                f"{place}.{name}: others can read this file; put the key into a "
                f'variable and write {{ env = "VARIABLE" }}, or run: chmod 600 {where}'
            )


def _check_url(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in {"http", "https"} and parts.hostname and (parts.port or True)
        (parts.hostname or "").encode("idna")  # as it is sent, and looked up
    except ValueError:
        return "it cannot be read as a URL"
    if not url.isprintable() or " " in url:
        return "it has blanks or control characters"
    if not known:
        return f"{url!r} is not an http(s) URL"
    if parts.username is not None or parts.query or parts.fragment:
        return "it takes no user, query or fragment; the key goes into api_key"
    return None


def _read_table(data: object, key: str) -> Mapping[str, Any]:
    table = data.get(key) if is_object(data) else None
    return table if is_object(table) else {}


def _is_shared(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _read_environment(environ: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
    """Return the settings that variables override; an empty variable is ignored."""
    changes: dict[str, Any] = {}
    if model := environ.get("ANYVIDEO_MODEL"):
        changes["model"] = model
    if blocked := read_blocked(environ):
        changes["blocked"] = blocked
    rules: dict[str, str] = {}
    for variable, rule in environ.items():
        name = variable.removeprefix(_PREFIX).lower()
        if not variable.startswith(_PREFIX) or not rule:
            continue
        if name not in POLICY_FIELDS:
            hint = suggest(name, POLICY_FIELDS, f"it takes {', '.join(POLICY_FIELDS)}")
            problems.append(f"${variable}: there is no policy for {name!r}; {hint}")
            continue
        try:
            Policy(**{name: rule})  # type: ignore[arg-type]  # the policy checks its rules itself
            rules[name] = rule
        except ConfigError as error:
            problems.append(f"${variable}: {error}")
    return {**changes, "policy": rules}
