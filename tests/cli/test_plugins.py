"""`anyvideo plugins`."""

from importlib import metadata
from importlib.metadata import EntryPoint

import anyvideo.adapters.registry


def add_plugins(monkeypatch, *points):
    """Let more be installed than there is."""

    def entry_points(group):
        return [*metadata.entry_points(group=group), *points]

    monkeypatch.setattr(anyvideo.adapters.registry, "entry_points", entry_points)


def test_what_works_is_listed_with_its_origin(call):
    result = call("plugins")

    assert result.code == 0
    (row,) = [line for line in result.lines if line.startswith("apiyi ")]
    assert row.split() == [
        "apiyi",
        "anyvideo",
        "0.1.0",
        "anyvideo_plugins.apiyi",
        "apiyi",
        "loaded",
    ]


def test_a_plugin_that_cannot_be_imported_is_named_and_the_others_work_on(call, monkeypatch):
    add_plugins(monkeypatch, EntryPoint("acme", "anyvideo_acme", "anyvideo"))
    listed, used = call("plugins", "--json"), call("models", "apiyi/*")

    states = {plugin["name"]: plugin["state"] for plugin in listed.json["plugins"]}
    assert states.pop("acme") == "failed"
    assert set(states.values()) == {"loaded"}
    assert used.code == 0
    assert used.err.count("\n") == 1
    assert used.err.startswith("anyvideo: plugin 'acme' of ")
    assert "No module named 'anyvideo_acme'" in used.err


def add_twins(monkeypatch, count):
    """Other plugins with the adapter of the built-in one."""
    import anyvideo_plugins.apiyi

    names = [f"twin{number}" for number in range(count)]
    for name in names:
        twin = type("Twin", (), {"__name__": name})()
        twin.anyvideo_adapters = anyvideo_plugins.apiyi.anyvideo_adapters
        monkeypatch.setattr(anyvideo_plugins.apiyi, name, twin, raising=False)
    add_plugins(
        monkeypatch,
        *(EntryPoint(name, f"anyvideo_plugins.apiyi:{name}", "anyvideo") for name in names),
    )


def test_two_plugins_with_one_name_are_both_named(call, monkeypatch):
    add_twins(monkeypatch, 2)
    result = call("generate", "a fox", "-m", "apiyi/grok-imagine-video-1.5", "-o", "x.mp4")

    assert result.code != 0
    assert "claimed by" in result.err


def test_a_built_in_one_that_is_replaced_is_shown_as_such(call, monkeypatch):
    add_twins(monkeypatch, 1)
    shown = call("plugins")

    assert "adapter 'apiyi' is that of this program" in shown.out
    assert "claimed by" not in shown.err


def test_a_blocked_plugin_is_shown_as_such(call, monkeypatch):
    monkeypatch.setenv("ANYVIDEO_BLOCKED", "apiyi")
    result = call("plugins")

    assert "is blocked by" in result.out
