"""Plugins are loaded one by one: clashes, failures and blocks are named, and the others work."""

import pytest

from anyvideo.adapters.registry import load_registry
from anyvideo.client.sync import Client
from anyvideo.errors import ConfigError, PluginError
from tests.distributions import install, write_adapter


@pytest.fixture
def put(tmp_path, monkeypatch):
    """Install a plugin with the given source and return its entry point."""

    def put_one(source, **names):
        return install(tmp_path, monkeypatch, source, **names)

    return put_one


def load(*points, blocked=()):
    return load_registry(blocked, points)


def test_the_built_in_adapters_come_through_the_same_door():
    registry = load_registry()

    names = {"apertis-chat", "apertis-create", "apertis-videos", "apimart", "apiyi"}
    assert names <= set(registry.adapters)
    assert {plugin.distribution for plugin in registry.plugins} >= {"anyvideo"}
    assert registry.adapter("apiyi").name == "apiyi"


def test_a_plugin_is_known_with_its_distribution_version_and_hooks(put):
    registry = load(put(write_adapter("acme")))

    (plugin,) = registry.plugins
    assert (plugin.origin, plugin.state, plugin.error) == ("anyvideo-acme 1.0", "loaded", "")
    assert (plugin.adapters, plugin.hooks) == (("acme",), ("anyvideo_adapters",))
    assert str(plugin) == "plugin 'acme' of anyvideo-acme 1.0"


HOOK = "from anyvideo.plugin import hookimpl\n@hookimpl\ndef anyvideo_event(event): ...\n"
BROKEN = {
    "raises": ("raise ValueError('boom')", "ValueError: boom"),
    "imports": ("import no_such_module", "No module named 'no_such_module'"),
    "exits": ("import sys; sys.exit(3)", "SystemExit: 3"),
    "syntax": ("def", "SyntaxError"),
    "no hook": ("x = 1", "it has no hook"),
    "unmarked": ("def anyvideo_adapters(): return []", "write @hookimpl above it"),
    "misspelt": (
        "from anyvideo.plugin import hookimpl\n@hookimpl\ndef anyvideo_adaptors(): return []",
        "anyvideo_adaptors is not a hook; did you mean anyvideo_adapters?",
    ),
    "misspelt and unmarked": (
        "def anyvideo_adaptors(): return []",
        "did you mean anyvideo_adapters?",
    ),
    "foreign": (
        "from anyvideo.plugin import hookimpl\n@hookimpl\ndef videos(): return []",
        "videos is not a hook; the hooks are anyvideo_adapters",
    ),
    "argument": (
        "from anyvideo.plugin import hookimpl\n@hookimpl\ndef anyvideo_event(evnt): ...",
        "evnt",
    ),
    "wrapper": (
        HOOK.replace("hookimpl\n@hookimpl", "hookimpl\n@hookimpl(wrapper=True)"),
        "anyvideo_event is a wrapper",
    ),
    "version": (
        f"{HOOK}anyvideo_api = 2",
        "written for version 2 of anyvideo.plugin",
    ),
    "hook raises": (
        "from anyvideo.plugin import hookimpl\n@hookimpl\ndef anyvideo_adapters(): 1 / 0",
        "ZeroDivisionError: division by zero at plugin_",
    ),
    "no list": (
        "from anyvideo.plugin import hookimpl\n@hookimpl\ndef anyvideo_adapters(): return 5",
        "anyvideo_adapters returned int; return a list of adapters",
    ),
    "a class": (
        write_adapter("acme").replace("Acme()]", "Acme]"),
        "Acme is a class; return an adapter: Acme()",
    ),
    "incomplete": (
        write_adapter("acme").replace("asked = 0", "locate = property()"),
        "is not an adapter: it lacks locate",
    ),
    "name": (
        write_adapter("acme").replace('"acme",', '"Acme Inc",'),
        "the adapter's name 'Acme Inc' must be lower case",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_plugin_is_named_and_the_others_work(put, caplog, case):
    source, reason = BROKEN[case]
    registry = load(
        put(source, name="broken", version="2.1"), put(write_adapter("works"), name="works")
    )

    broken, works = registry.plugins
    assert broken.state == "failed"
    assert "plugin 'broken' of anyvideo-broken 2.1 cannot be used" in broken.error
    assert reason in broken.error
    assert broken.error in caplog.text
    assert (works.state, list(registry.adapters)) == ("loaded", ["works"])
    with pytest.raises(PluginError, match=r"no adapter 'broken-videos': plugin 'broken' of"):
        registry.adapter("broken-videos")


def test_helpers_that_are_called_like_hooks_are_let_alone(put):
    source = "import anyvideo as anyvideo_package\ndef anyvideo_time(): ...\n"
    source += "from anyvideo.plugin import anyvideo_before_submit\n"

    assert load(put(source + write_adapter("acme"))).plugins[0].state == "loaded"


def test_an_unknown_name_says_what_there_is(put):
    registry = load(put(write_adapter("acme")))

    with pytest.raises(ConfigError, match=r"unknown adapter 'acne'; did you mean acme\?"):
        registry.adapter("acne")
    with pytest.raises(ConfigError, match=r"unknown adapter 'zzz'; there are acme$"):
        registry.adapter("zzz")


def test_two_plugins_with_one_name_are_both_named_and_the_rest_works(put, caplog):
    both = write_adapter("acme").replace("[Acme()]", "[Acme(), Second()]")
    both = both.replace("@hookimpl", 'class Second(Acme):\n    name = "second"\n\n@hookimpl')
    registry = load(
        put(both, name="one", distribution="anyvideo-one"),
        put(write_adapter("acme"), name="two", distribution="anyvideo-two"),
    )

    assert list(registry.adapters) == ["second"]
    with pytest.raises(PluginError, match=r"claimed by anyvideo-one 1.0 and by anyvideo-two 1.0"):
        registry.adapter("acme")
    assert [plugin.state for plugin in registry.plugins] == ["clash", "clash"]
    assert "uninstall all but one" in registry.plugins[0].error
    assert "claimed by" in caplog.text


@pytest.mark.parametrize("ours", ["a-first", "z-last"])
def test_a_built_in_adapter_gives_way_to_an_installed_one(put, caplog, ours):
    built_in = put(write_adapter("acme"), name=ours, distribution="anyvideo")
    other = put(write_adapter("acme"), name="fox", distribution="anyvideo-fox")

    registry = load(built_in, other)

    states = {plugin.name: plugin.state for plugin in registry.plugins}
    assert states == {ours: "replaced", "fox": "loaded"}
    assert [claim.name for claim in registry.claims["acme"]] == ["fox"]
    assert type(registry.adapter("acme")).__module__ == other.value
    assert "adapter 'acme' is that of anyvideo-fox 1.0" in {item.error for item in registry.plugins}
    assert caplog.text == ""


def test_two_installed_ones_clash_all_the_same(put):
    built_in = put(write_adapter("acme"), name="m", distribution="anyvideo")
    registry = load(
        put(write_adapter("acme"), name="a", distribution="anyvideo-a"),
        built_in,
        put(write_adapter("acme"), name="z", distribution="anyvideo-z"),
    )

    assert {plugin.state for plugin in registry.plugins} == {"clash", "replaced"}
    with pytest.raises(PluginError, match=r"claimed by anyvideo-a 1.0 and by anyvideo-z 1.0"):
        registry.adapter("acme")


def test_a_clash_ends_when_one_is_blocked(put):
    one = put(write_adapter("acme"), name="one")
    two = put(write_adapter("acme"), name="two")

    registry = load(one, two, blocked=["one"])

    assert [plugin.state for plugin in registry.plugins] == ["blocked", "loaded"]
    assert registry.adapter("acme")


def test_one_module_under_two_names_is_said_to_be_loaded_already(put):
    one = put(write_adapter("acme"), name="one")
    other = type(one)("other", one.value, one.group)

    registry = load(one, other)

    assert [plugin.state for plugin in registry.plugins] == ["loaded", "failed"]
    assert "it is plugin 'one' of anyvideo-one 1.0 already" in registry.plugins[1].error
    assert registry.adapter("acme")


@pytest.mark.parametrize("name", ["acme", "anyvideo-acme", "Anyvideo_Acme"])
def test_a_blocked_plugin_is_not_even_imported(put, name):
    point = put("raise SystemExit('imported')")

    registry = load(point, blocked=[name])

    assert [plugin.state for plugin in registry.plugins] == ["blocked"]
    assert "blocked by [plugins] blocked or $ANYVIDEO_BLOCKED" in registry.plugins[0].error
    with pytest.raises(PluginError, match="blocked"):
        registry.adapter("acme")


def test_loading_asks_nobody_for_offers(put):
    points = [put(write_adapter(f"acme{number}"), name=f"acme{number}") for number in range(20)]

    registry = load(*points)

    assert len(registry.adapters) == 20
    assert {adapter.asked for adapter in registry.adapters.values()} == {0}


def test_check_offers_marks_the_adapters_that_cannot_say_what_they_sell(put):
    source = write_adapter("acme").replace('[Offer(adapter="acme", model="acme-1")]', "1 / 0")
    registry = load(put(source), put(write_adapter("works"), name="works"))

    registry.check_offers()

    acme, works = registry.plugins
    assert (acme.state, works.state) == ("failed", "loaded")
    assert "offers raised ZeroDivisionError" in acme.error
    assert "(anyvideo-acme 1.0)" in acme.error


def test_a_client_works_beside_a_broken_plugin_and_says_why_it_is_not_there(put):
    registry = load(
        put("import no_such_module", name="broken"), put(write_adapter("works"), name="works")
    )
    with Client({"providers": {"broken": {}}}, registry=registry, journal=None) as client:
        assert [offer.model for offer in client.offers("*")] == ["works-1"]
        with pytest.raises(
            PluginError, match=r"plugin 'broken' of anyvideo-broken 1.0 cannot be used"
        ):
            client.offers("broken/broken-1")
