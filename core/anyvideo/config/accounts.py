"""The providers by alias: those of the config, and one for each adapter."""

from __future__ import annotations

from attrs import evolve

from anyvideo.adapters.calls import call_adapter
from anyvideo.adapters.checks import check_adapter
from anyvideo.adapters.protocol import Adapter
from anyvideo.adapters.registry import Registry
from anyvideo.config.provider import Provider, trim_base_url
from anyvideo.config.schema import Config, Key, ProviderConfig
from anyvideo.errors import ConfigError, PluginError
from anyvideo.structuring import structure

# How long a job in the sandbox usually takes, in seconds.
_SANDBOX_SECONDS = 3.0


def find_providers(
    config: Config, registry: Registry, sandbox_url: str | None = None
) -> dict[str, Provider]:
    """Return the providers by alias: those of the config, then every adapter under its own name.

    A provider whose plugin failed is left out; the registry reports the failure.

    Raises:
        ConfigError: providers of the config are wrong; lists every problem.
    """
    problems: list[str] = []
    settings = {**config.providers}
    for name in sorted(registry.adapters):
        settings.setdefault(name, ProviderConfig())
    found: dict[str, Provider] = {}
    for alias, setting in settings.items():
        place = f"{config.source}: providers.{alias}"
        try:
            adapter = registry.adapter(setting.adapter or alias)
        except PluginError:
            continue
        except ConfigError as error:
            problems.append(f"{place}.adapter: {error}" if setting.adapter else f"{place}: {error}")
            continue
        adapter = _configure(adapter, setting, place, problems)
        if setting.webhook and not hasattr(adapter, "webhook"):
            problems.append(
                f"{place}.webhook: the adapter {adapter.name} reads no webhooks; remove it"
            )
        if setting.base_url or adapter.base_url or sandbox_url:
            found[alias] = _make(alias, adapter, setting, sandbox_url)
        elif alias in config.providers:
            problems.append(f"{place}.base_url: {adapter.name} has none of its own; set it here")
    if problems:
        raise ConfigError(problems)
    return found


def _configure(
    adapter: Adapter, setting: ProviderConfig, place: str, problems: list[str]
) -> Adapter:
    """Return the adapter with the provider's own settings."""
    if not setting.settings:
        return adapter
    wanted, configure = getattr(adapter, "Settings", None), getattr(adapter, "configure", None)
    if wanted is None or configure is None:
        problems.append(
            f"{place}.settings: the adapter {adapter.name} has no settings; remove them"
        )
        return adapter
    settings = structure(setting.settings, wanted, f"{place}.settings", problems)
    if settings is None:
        return adapter
    try:
        configured: Adapter = call_adapter(adapter, "configure", configure, settings)
        check_adapter(configured)
    except (PluginError, ConfigError) as error:
        problems.append(f"{place}.settings: {error}")
        return adapter
    return configured


def _make(
    alias: str, adapter: Adapter, setting: ProviderConfig, sandbox_url: str | None
) -> Provider:
    provider = Provider(
        alias=alias,
        adapter=adapter,
        base_url=trim_base_url(setting.base_url or adapter.base_url),
        api_key=setting.api_key or Key(env=adapter.key_env),
        timeout=setting.timeout,
        user_agent=setting.user_agent,
        headers=setting.headers,
        body=setting.body,
        webhook=setting.webhook,
    )
    if sandbox_url is None:
        return provider
    return evolve(
        provider,
        base_url=f"{sandbox_url}/{adapter.name}",
        api_key=Key(literal="sandbox"),
        expected_seconds=_SANDBOX_SECONDS,
        is_sandbox=True,
        webhook=None,
    )
