"""The config is found, read from file and environment, and refused with every mistake and its path."""

import os
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anyvideo.config.load import load_config
from anyvideo.config.places import find_home
from anyvideo.config.schema import Config, Key, ProviderConfig, RouteConfig
from anyvideo.errors import ConfigError
from anyvideo.journal.budget import Budget
from anyvideo.negotiation.policy import Policy

FULL = """
model = "hero"

[providers.apiyi]
base_url = "https://vip.apiyi.com"
api_key = { env = "APIYI_API_KEY" }
timeout = 90
user_agent = "mine"

[providers.spare]
adapter = "apiyi"
api_key = { env = "SPARE_KEY" }
settings = { region = "eu", retries = 2.5 }

[routes.hero]
models = ["apiyi/grok-imagine-video-1.5", "apimart/kling-v3"]
prefer = "cheapest"
max_cost = "2.00"

[policy]
seconds = "up"
watermark = "drop"
retired = "allow"

[plugins]
blocked = ["apertis"]

[budget]
money = "10.00"
seconds = 60.5
clips = 3

[[offers]]
provider = "apiyi"
model = "new"
price = { amount = 0.30 }
"""


CURE = (
    'others can read this file; put the key into a variable and write { env = "VARIABLE" }, or run:'
)


def write(folder, text, mode=0o600):
    path = folder / "anyvideo.toml"
    path.write_text(text, "utf-8")
    path.chmod(mode)
    return path


def fail(config, environ=None):
    with pytest.raises(ConfigError) as caught:
        load_config(config, environ or {})
    return list(caught.value.problems)


def test_every_key_is_read(tmp_path):
    config = load_config(write(tmp_path, FULL, 0o644), {})
    assert config.model == "hero"
    assert config.providers == {
        "apiyi": ProviderConfig(None, "https://vip.apiyi.com", Key("APIYI_API_KEY"), 90, "mine"),
        "spare": ProviderConfig(
            "apiyi", None, Key("SPARE_KEY"), settings={"region": "eu", "retries": Decimal("2.5")}
        ),
    }
    assert config.routes["hero"] == RouteConfig(
        ("apiyi/grok-imagine-video-1.5", "apimart/kling-v3"), "cheapest", Decimal("2.00")
    )
    assert config.policy == Policy(seconds="up", watermark="drop", retired="allow")
    assert config.plugins.blocked == ("apertis",)
    assert config.budget == Budget(Decimal("10.00"), 60.5, 3)
    assert config.offers[0]["price"] == {"amount": Decimal("0.30")}
    assert config.source == str(tmp_path / "anyvideo.toml")


def test_a_mapping_of_the_same_shape_will_do():
    config = load_config({"providers": {"a": {"adapter": "acme", "api_key": "secret"}}}, {})
    assert config.providers["a"].api_key == Key(literal="secret")
    assert "secret" not in repr(config)
    assert config.source == "config"


@pytest.mark.parametrize("place", ["variable", "here", "user", "nowhere"])
def test_the_file_is_looked_for_in_this_order(place, tmp_path, monkeypatch):
    places = {"variable": tmp_path / "v", "here": tmp_path / "h", "user": tmp_path / "u"}
    for name, folder in places.items():
        folder.mkdir()
        if [*places, "nowhere"].index(place) <= [*places].index(name):
            write(folder, f'model = "{name}"')
    monkeypatch.chdir(places["here"])
    monkeypatch.setattr("platformdirs.user_config_dir", lambda _: str(places["user"]))
    named = places["variable"] / "anyvideo.toml"
    environ = {"ANYVIDEO_CONFIG": str(named) if place == "variable" else ""}
    assert load_config(None, environ).model == (None if place == "nowhere" else place)


def test_a_home_folder_may_be_written_as_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    write(tmp_path, 'model = "mine"')
    assert load_config("~/anyvideo.toml", {}).model == "mine"


def test_the_environment_is_read_unless_another_is_given(monkeypatch):
    monkeypatch.setenv("ANYVIDEO_MODEL", "theirs")
    assert load_config({"model": "mine"}).model == "theirs"


def test_variables_have_the_last_word():
    environ = {
        "ANYVIDEO_MODEL": "acme/clip", "ANYVIDEO_BLOCKED": "one, two three", "ANYVIDEO_POLICY_SECONDS": "down",
        "ANYVIDEO_POLICY_RETIRED": "allow", "ANYVIDEO_POLICY_SEED": "", "OTHER": "x",
    }  # fmt: skip
    given_ = {
        "model": "x",
        "plugins": {"blocked": ["zero"]},
        "policy": {"seconds": "up", "seed": "drop"},
    }
    config = load_config(given_, environ)
    assert config.model == "acme/clip"
    assert config.plugins.blocked == ("zero", "one", "two", "three")
    assert config.policy == Policy(seconds="down", seed="drop", retired="allow")
    assert config.source == "config"


def test_every_mistake_is_told_at_once_with_its_path(tmp_path):
    path = write(tmp_path, """
        colour = 3
        [providers.apiyi]
        base_url = "ftp://x"
        api_key = "sk-123"
        timout = 3
        [providers."a/b"]
        timeout = -1
        [providers.x]
        api_key = { env = "sk-abc" }
        [providers.y]
        api_key = {}
        [routes.hero]
        models = ["x"]
        prefer = "best"
        max_cost = "much"
        [routes."*"]
        models = []
        [policy]
        secnds = "up"
        watermark = "maybe"
        [budget]
        clips = -1
        [[offers]]
        model = "x"
        secnds = [3]
    """, 0o640)  # fmt: skip
    problems = fail(
        path, {"ANYVIDEO_POLICY_SEED": "x", "ANYVIDEO_POLICY_SED": "up", "ANYVIDEO_POLICY_Q": "up"}
    )
    assert sorted(line.removeprefix(f"{path}: ") for line in problems) == sorted([
        "providers.apiyi: unknown key 'timout'; did you mean timeout?",
        "providers.a/b: 'timeout' takes seconds above 0, 3600 at most, not -1",
        "routes.hero.prefer: expected order or cheapest or fastest, not 'best'",
        "routes.hero.max_cost: expected an amount of 0 or more, such as '0.30', not 'much'",
        "providers.a/b: a name has no / and is not *; choose another",
        "routes.*: a name has no / and is not *; choose another",
        "routes.*: Length of 'models' must be >= 1: 0",
        "policy.watermark: expected exact or nearest or up or down or drop, not 'maybe'",
        "policy: unknown key 'secnds'; did you mean seconds?",
        "budget: 'clips' must be >= 0: -1",
        "unknown key 'colour'; it takes model, journal, retries, providers, routes, policy, plugins, budget, currencies, serve, offers",
        "providers.apiyi.base_url: 'ftp://x' is not an http(s) URL",
        f"providers.apiyi.api_key: {CURE} chmod 600 {path}",
        'providers.x.api_key: write { env = "VARIABLE" }, with the name of a variable',
        'providers.y.api_key: write { env = "VARIABLE" }',
        "offers[0] (x): unknown key 'secnds'; did you mean seconds?",
        "offers[0] (x): names no provider and no adapter to offer it",
        "$ANYVIDEO_POLICY_SEED: policy seed is 'x'; it takes exact, nearest, up, down, drop",
        "$ANYVIDEO_POLICY_SED: there is no policy for 'sed'; did you mean seed?",
        f"$ANYVIDEO_POLICY_Q: there is no policy for 'q'; it takes {', '.join(Policy.__annotations__)}",
    ])  # fmt: skip
    assert not any("sk-" in line for line in problems)


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"providers": {"a/b": {}}}, "config: providers.a/b: a name has no / and is not *; choose another"),
        ({"routes": {"*": {"models": ["x"]}}}, "config: routes.*: a name has no / and is not *; choose another"),
        ({"providers": {"a": {"api_key": {"literal": 5}}}}, "config: providers.a.api_key.literal: expected text"),
        ({"providers": {"a": {"base_url": "https://u:p@x"}}}, "config: providers.a.base_url: it takes no user, query or fragment; the key goes into api_key"),
        ({"providers": {"a": {"base_url": "https://x?k=1"}}}, "config: providers.a.base_url: it takes no user, query or fragment; the key goes into api_key"),
        ({"providers": {"a": {"base_url": "http://[x"}}}, "config: providers.a.base_url: it cannot be read as a URL"),
        ({"providers": {"a": {"base_url": "https://"}}}, "config: providers.a.base_url: 'https://' is not an http(s) URL"),
        ({"providers": {"a": {"base_url": ""}}}, "config: providers.a.base_url: '' is not an http(s) URL"),
        ({"providers": 3}, "config: providers: expected a table of keys"),
        ({"offers": 3}, "config: offers: expected a list, not 3"),
        ({"routes": {"a": {"models": ["m"], "currency": "yuan"}}}, "config: routes.a: 'yuan' is not a currency; write its code, such as USD or CNY"),
        ({"currencies": {"usd": {"CNY": "0"}}}, "config: currencies: the rate of CNY is 0; write what 1 CNY is worth in USD"),
        ({"currencies": {"usd": {"cny": "0.14"}}}, "config: currencies: 'cny' is not a currency; write its code, such as USD or CNY"),
        ({"source": "x"}, "config: unknown key 'source'; it takes model, journal, retries, providers, routes, policy, plugins, budget, currencies, serve, offers"),
    ],
)  # fmt: skip
def test_single_mistakes(config, why):
    assert fail(config) == [why]


def test_rows_that_are_no_tables_are_told_beside_the_rest():
    assert fail({"offers": [3, {"model": "x"}], "providers": {"a": 3}}) == [
        "config: offers[0]: expected a table of keys",
        "config: providers.a: expected a table with the keys adapter, base_url, api_key, timeout, user_agent, headers, body, settings, webhook, jobs_at_once, submits_per_minute",
        "config: offers[1] (x): names no provider and no adapter to offer it",
    ]


@pytest.mark.parametrize(
    ("mode", "taken"), [(0o600, True), (0o400, True), (0o640, False), (0o604, False)]
)
def test_a_literal_key_is_taken_only_from_a_file_that_nobody_else_can_read(mode, taken, tmp_path):
    path = write(tmp_path, '[providers.apiyi]\napi_key = "sk-123"', mode)
    if taken:
        assert load_config(path, {}).providers["apiyi"].api_key == Key(literal="sk-123")
    else:
        assert "chmod 600" in fail(path)[0]


def test_files_that_cannot_be_read_are_told(tmp_path):
    missing = tmp_path / "none.toml"
    assert fail(missing) == [f"{missing} cannot be read: No such file or directory"]
    assert fail(None, {"ANYVIDEO_CONFIG": str(missing)}) == [
        f"{missing} cannot be read: No such file or directory"
    ]
    broken = write(tmp_path, "model = ")
    assert fail(str(broken))[0].startswith(f"{broken}: not valid TOML: ")
    broken.write_bytes(b"\xff")
    assert fail(broken)[0].startswith(f"{broken}: not valid TOML: ")


def test_the_home_is_the_variable_or_the_users_state_folder(monkeypatch):
    assert find_home({"ANYVIDEO_HOME": "/x"}) == Path("/x")
    monkeypatch.setattr("platformdirs.user_state_dir", lambda name: f"/state/{name}")
    assert find_home({}) == Path("/state/anyvideo")
    monkeypatch.setitem(os.environ, "ANYVIDEO_HOME", "/y")
    assert find_home() == Path("/y")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from([*Config.__annotations__]), VALUES))
def test_any_mapping_is_a_config_or_a_typed_error(data):
    with suppress(ConfigError):
        load_config(data, {})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"headers": {"Authorization": "x"}},
            "Authorization cannot be set here; the key goes into",
        ),
        ({"headers": {"User-Agent": "x"}}, "User-Agent cannot be set here; write user_agent"),
        ({"headers": {"Host": "x"}}, "Host cannot be set here"),
        ({"headers": {"a b": "x"}}, "'a b' is no name of a header"),
        ({"headers": {"a": "x\ny"}}, "a has a value that no header can hold"),
        ({"headers": {"a": 1}}, "headers"),
        ({"body": {"a": float("nan")}}, "a field holds what JSON cannot"),
        ({"body": {"a": {1, 2}}}, "a field holds what JSON cannot"),
    ],
)
def test_what_no_request_can_carry_is_refused(settings, words):
    with pytest.raises(ConfigError) as caught:
        load_config({"providers": {"apiyi": settings}}, {})
    assert words in str(caught.value)
