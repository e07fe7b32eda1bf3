"""Providers: one per adapter or account, their addresses, keys and settings."""

import pytest
from attrs import frozen

from anyvideo.adapters.checks import check_adapter
from anyvideo.config.accounts import find_providers
from anyvideo.config.load import load_config
from anyvideo.config.provider import read_origin, trim_base_url
from anyvideo.errors import ConfigError, PluginError
from anyvideo.secret import Secret
from tests.acme.adapter import Clips
from tests.acme.plugin import make_registry, open_session


def find(config=None, *adapters, sandbox=None):
    registry = make_registry(*(adapters or [Clips()]))
    return find_providers(load_config(config or {}, {}), registry, sandbox)


def test_an_adapter_is_a_provider_of_the_same_name():
    provider = find()["acme"]
    assert (provider.alias, provider.base_url, provider.api_key.env) == (
        "acme",
        "https://api.acme.example",
        "ACME_API_KEY",
    )
    assert (provider.timeout, provider.user_agent, provider.plan_base_url) == (
        60,
        None,
        "https://api.acme.example",
    )


def test_several_accounts_at_one_vendor():
    config = {
        "providers": {
            "main": {
                "adapter": "acme",
                "api_key": {"env": "MAIN"},
                "timeout": 5,
                "user_agent": "me",
            },
            "spare": {
                "adapter": "acme",
                "base_url": "https://spare.example/v1/",
                "api_key": "literal",
            },
        }
    }
    found = find(config)
    assert [*found] == ["main", "spare", "acme"]
    assert (found["main"].timeout, found["main"].user_agent) == (5, "me")
    assert found["spare"].base_url == "https://spare.example"
    assert found["main"].find_key({"MAIN": "k"}) == Secret("k")
    assert found["main"].find_key({}) is None
    assert found["spare"].find_key({}) == Secret("literal")
    assert "literal" not in repr(found)


def test_in_the_sandbox_every_provider_lies_there():
    found = find(
        {"providers": {"main": {"adapter": "acme", "base_url": "https://x.example"}}},
        sandbox="http://127.0.0.1:9",
    )
    assert {provider.base_url for provider in found.values()} == {"http://127.0.0.1:9/acme"}
    assert {provider.plan_base_url for provider in found.values()} == {"sandbox:"}
    assert found["main"].require_key() == Secret("sandbox")


def test_every_alias_whose_adapter_does_not_exist_is_told_at_once():
    config = {"providers": {"main": {"adapter": "amce"}, "apiyi": {}, "acme": {}}}
    with pytest.raises(ConfigError) as caught:
        find(config)
    assert caught.value.problems == (
        "config: providers.main.adapter: unknown adapter 'amce'; did you mean acme?",
        "config: providers.apiyi: unknown adapter 'apiyi'; there are acme",
    )


@frozen
class Region:
    region: str = "eu"


class Regional(Clips):
    """An adapter with settings of its own."""

    Settings = Region

    def configure(self, settings):
        return Clips(base_url=f"https://{settings.region}.acme.example")


def test_an_adapter_is_configured_by_its_providers_own_settings():
    config = {"providers": {"us": {"adapter": "acme", "settings": {"region": "us"}}}}
    found = find(config, Regional())
    assert [found[alias].base_url for alias in ("us", "acme")] == [
        "https://us.acme.example", "https://api.acme.example",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("adapter", "provider", "why"),
    [
        (Regional(), {"settings": {"regon": "us"}}, "settings: unknown key 'regon'; did you mean region?"),
        (Clips(), {"settings": {"region": "us"}}, "settings: the adapter acme has no settings; remove them"),
        (Clips(base_url=""), {}, "base_url: acme has none of its own; set it here"),
    ],
)  # fmt: skip
def test_settings_that_the_adapter_does_not_take_are_told(adapter, provider, why):
    with pytest.raises(ConfigError) as caught:
        find({"providers": {"acme": provider}}, adapter)
    assert caught.value.problems[0] == f"config: providers.acme.{why}"


class Raising(Regional):
    def configure(self, settings):
        raise SystemExit(0)


class Confused(Regional):
    def configure(self, settings):
        return settings


@pytest.mark.parametrize(
    ("adapter", "why"),
    [(Raising(), "configure raised SystemExit: 0 at"), (Confused(), "is not an adapter: it lacks")],
)
def test_an_adapter_that_cannot_be_configured_is_told_with_its_place(adapter, why):
    with pytest.raises(ConfigError, match=rf"providers\.acme\.settings: .*{why}"):
        find({"providers": {"acme": {"settings": {"region": "us"}}}}, adapter)


def test_an_adapter_without_an_address_is_no_provider_until_it_gets_one():
    nowhere = Clips(base_url="")
    assert [*find({}, nowhere)] == []
    assert [*find({"providers": {"acme": {"base_url": "https://x.example"}}}, nowhere)] == ["acme"]
    assert [*find({}, nowhere, sandbox="http://127.0.0.1:9")] == ["acme"]


def test_a_key_that_is_missing_or_mangled_is_told(monkeypatch):
    provider = find()["acme"]
    monkeypatch.delenv("ACME_API_KEY", raising=False)
    with pytest.raises(ConfigError, match=r"no key for acme: set ACME_API_KEY$"):
        provider.require_key()
    for wrong in ("two words", "schlüssel", "line\n", "esc\x1b[0m"):
        monkeypatch.setenv("ACME_API_KEY", wrong)
        with pytest.raises(ConfigError, match="the key in ACME_API_KEY has blanks, control"):
            provider.require_key()
    monkeypatch.setenv("ACME_API_KEY", "good")
    assert provider.require_key() == Secret("good")


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("/v1/clips", True), ("https://api.acme.example/x", True), ("https://API.acme.example:443/x", True),
        ("http://api.acme.example/x", False), ("https://api.acme.example:8443/x", False),
        ("https://evil.example/x", False), ("https://api.acme.example.evil.example/x", False), ("https://api.acme.example:x/", False),
    ],
)  # fmt: skip
def test_a_provider_owns_its_own_origin_alone(url, own):
    assert find()["acme"].owns(url) is own


def test_urls_are_joined_and_trimmed():
    provider = find()["acme"]
    assert provider.resolve("/v1/clips") == "https://api.acme.example/v1/clips"
    assert provider.resolve("https://x.example/y") == "https://x.example/y"
    assert [trim_base_url(url) for url in ("https://x/v1", "https://x/v1/", "https://x/", "https://x/api/v1")] == [
        "https://x", "https://x", "https://x", "https://x/api",
    ]  # fmt: skip
    assert read_origin("http://[x") == ("", "http://[x", None)
    assert read_origin("file:///x") == ("file", "", None)


def test_a_session_finds_its_providers():
    assert open_session().provider("acme").alias == "acme"


class Spread(Clips):
    """Acme with its uploads at a host of their own."""

    origins = ("https://files.acme.example",)


@pytest.mark.parametrize(
    ("url", "moved"),
    [
        ("/v1/x", "https://proxy.example/acme/v1/x"),
        ("https://api.acme.example/v1/x?a=1", "https://proxy.example/acme/v1/x?a=1"),
        ("https://files.acme.example/up?a=1", "https://proxy.example/acme/up?a=1"),
        ("https://cdn.acme.example/x", "https://cdn.acme.example/x"),
        ("https://proxy.example/acme/v1/x", "https://proxy.example/acme/v1/x"),
    ],
)
def test_a_proxy_stands_for_every_origin_of_the_vendor(url, moved):
    moving = {"providers": {"acme": {"base_url": "https://proxy.example/acme"}}}
    provider, usual = find(moving, Spread())["acme"], find({}, Spread())["acme"]

    assert provider.resolve(url) == moved
    assert usual.resolve(url) == (f"https://api.acme.example{url}" if url[0] == "/" else url)
    assert provider.owns(url) == ("cdn" not in url)
    assert usual.owns(url) == ("cdn" not in url and "proxy" not in url)


@pytest.mark.parametrize(
    "origins", ["https://x.example", ["http://x.example"], ["https://x.example/up"], [1], 3]
)
def test_origins_are_origins(origins):
    adapter = Clips(origins=origins)
    with pytest.raises(PluginError, match="origins of acme must be a list"):
        check_adapter(adapter)
