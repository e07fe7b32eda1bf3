"""Plugins that raise what ends a program: each hurts no other, wherever it does so."""

import asyncio
import sys
from typing import Any

import httpx
import pytest

from anyvideo.adapters.registry import Registry, load_registry
from anyvideo.client.sync import Client
from anyvideo.errors import AnyVideoError, BudgetError, PluginError
from anyvideo.plugin import hookimpl
from tests.acme.clients import JOB, open_client, read_row, read_task
from tests.acme.vendor import Vendor
from tests.distributions import install, write_adapter

MODEL = "acme/acme-1"


class MuteError(Exception):
    def __str__(self):
        raise ValueError


class MuteOwnError(BudgetError):
    def __str__(self):
        raise ValueError


def recurse():
    return recurse()


def throw(error) -> Any:
    """A function that raises an error whatever it is called with."""

    def raise_it(*_, **__):
        if error is RecursionError:
            recurse()
        raise error

    return raise_it


ERRORS = {
    "exit": SystemExit(0),
    "generator exit": GeneratorExit(),
    "cancelled": asyncio.CancelledError(),
    "group": BaseExceptionGroup("two", [SystemExit(1), ValueError("x")]),
    "stop": StopIteration(),
    "recursion": RecursionError,
    "memory": MemoryError(),
    "mute": MuteError(),
    "mute, of ours": MuteOwnError("x"),
}
each_error = pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)


@each_error
def test_a_listener_ends_no_job(kind, error, tmp_path, caplog):
    vendor = Vendor()
    vendor.plugin.events = type("Events", (), {"append": throw(error)})()
    with open_client(kind, vendor) as client:
        video = client.generate(JOB, tmp_path / "fox.mp4", MODEL)

    assert video.task.status == "succeeded"
    assert caplog.text.count("failed over an event") == 1


@each_error
def test_a_veto_that_breaks_sends_nothing(kind, error):
    vendor = Vendor()
    vendor.plugin.vetoes = type("Vetoes", (), {"__iter__": throw(error)})()
    with (
        open_client(kind, vendor) as client,
        pytest.raises(PluginError, match=r"anyvideo_before_submit raised .* nothing was sent"),
    ):
        client.submit(JOB, MODEL)

    assert vendor.calls == []


@each_error
def test_an_adapter_that_breaks_before_the_request_sends_nothing(kind, error, monkeypatch):
    vendor = Vendor()
    (adapter,) = vendor.plugin.adapters
    monkeypatch.setattr(type(adapter), "submit", throw(error))
    with open_client(kind, vendor) as client, pytest.raises(PluginError, match="acme"):
        client.submit(JOB, MODEL)

    assert vendor.calls == []


@each_error
def test_an_adapter_that_breaks_over_the_answer_loses_no_job(kind, error, monkeypatch):
    vendor = Vendor()
    (adapter,) = vendor.plugin.adapters
    submit = type(adapter).submit

    def break_at_the_end(self, plan):
        yield from submit(self, plan)
        throw(error)()

    monkeypatch.setattr(type(adapter), "submit", break_at_the_end)
    with open_client(kind, vendor) as client:
        with pytest.raises(AnyVideoError) as caught:
            client.submit(JOB, MODEL)
        row = read_row(client)

    assert (read_task(caught).ref, row.state, len(vendor.posts)) == (row.ref, "ambiguous", 1)


@each_error
def test_offers_that_break_are_those_of_one_adapter(kind, error, monkeypatch, caplog):
    vendor = Vendor()
    (adapter,) = vendor.plugin.adapters
    monkeypatch.setattr(type(adapter), "offers", throw(error))
    with open_client(kind, vendor) as client, pytest.raises(AnyVideoError, match="unknown model"):
        client.offers("*")

    assert "the other providers are used" in caplog.text


@pytest.fixture
def put(tmp_path, monkeypatch):
    return lambda source, **names: install(tmp_path, monkeypatch, source, **names)


IMPORTS = {
    "exit": "raise SystemExit(0)",
    "generator exit": "raise GeneratorExit",
    "group": "raise BaseExceptionGroup('two', [SystemExit(1), ValueError('x')])",
    "recursion": "def recurse(): recurse()\nrecurse()",
    "mute": "class Mute(Exception):\n    def __str__(self): raise ValueError\nraise Mute",
    "a module of ours": "import sys, types\nsys.modules['json'] = types.ModuleType('json')",
    "a module taken away": "import sys\nsys.modules['json'] = None",
    "a new module": "import sys, types\nsys.modules['wave'] = types.ModuleType('wave')",
}


@pytest.mark.parametrize("source", IMPORTS.values(), ids=IMPORTS)
def test_an_import_that_breaks_is_named_and_the_others_work(put, source, monkeypatch):
    monkeypatch.delitem(sys.modules, "wave", raising=False)
    json = sys.modules["json"]
    registry = load_registry((), [put(source, name="bad"), put(write_adapter("good"), name="good")])

    bad, good = registry.plugins
    assert (bad.state, good.state, list(registry.adapters)) == ("failed", "loaded", ["good"])
    assert sys.modules["json"] is json
    assert "wave" not in sys.modules
    if "sys.modules" in source:
        assert "in the place of" in bad.error


def test_a_folder_that_a_plugin_puts_first_comes_last(put):
    path = list(sys.path)
    source = "import sys\nsys.path.insert(0, '/no/such/folder')\n" + write_adapter("acme")
    registry = load_registry((), [put(source)])

    assert registry.plugins[0].state == "loaded"
    assert sys.path[-1] == "/no/such/folder"
    assert sys.path[: len(path)] != ["/no/such/folder"]
    sys.path.remove("/no/such/folder")


def test_ctrl_c_in_a_plugin_is_the_users(put):
    registry = Registry()
    listen = staticmethod(hookimpl(throw(KeyboardInterrupt())))
    registry.add(type("Local", (), {"anyvideo_event": listen}))
    with pytest.raises(KeyboardInterrupt):
        registry.notify(None)  # type: ignore[arg-type]  # the listener does not look
    with pytest.raises(KeyboardInterrupt):
        load_registry((), [put("raise KeyboardInterrupt")])
    with pytest.raises(BaseExceptionGroup):
        load_registry((), [put("raise BaseExceptionGroup('x', [KeyboardInterrupt()])")])


def test_a_listener_that_submits_is_not_told_of_its_own_job(kind):
    vendor = Vendor()
    with (
        open_client(kind, vendor) as client,
        Client(
            {"providers": {"acme": {"api_key": "k"}}},
            registry=client.session.registry,
            journal=None,
            transport=httpx.MockTransport(vendor),
        ) as other,
    ):
        seen = []

        def listen(event):
            seen.append(event.kind)
            if event.kind == "state" and len(seen) < 9:
                other.submit(JOB, MODEL)

        vendor.plugin.events = type("Events", (), {"append": staticmethod(listen)})()
        client.submit(JOB, MODEL)

    assert (seen, len(vendor.posts)) == (["request", "state"], 2)


def test_a_veto_that_submits_is_refused(kind):
    vendor = Vendor()
    with (
        open_client(kind, vendor) as client,
        Client(
            {"providers": {"acme": {"api_key": "k"}}},
            registry=client.session.registry,
            journal=None,
            transport=httpx.MockTransport(vendor),
        ) as other,
    ):

        class Vetoes:
            def __iter__(self):
                other.submit(JOB, MODEL)
                return iter(())

        vendor.plugin.vetoes = Vetoes()  # type: ignore[assignment]  # whose iteration sends a job
        with pytest.raises(PluginError, match="anyvideo_before_submit sends a job itself"):
            client.submit(JOB, MODEL)

    assert vendor.calls == []
