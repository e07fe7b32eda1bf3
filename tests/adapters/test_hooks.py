"""The hooks: listeners to events, and vetoes before a submit."""

import logging
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from attrs import evolve

from anyvideo.adapters.events import Event
from anyvideo.adapters.registry import Plugin, Registry
from anyvideo.errors import BudgetError, PluginError
from anyvideo.model.plan import Plan
from anyvideo.plugin import hookimpl

EVENT = Event("state", datetime(2026, 11, 20, tzinfo=UTC), "acme")


def make_module(**names):
    return SimpleNamespace(__name__="local", **names)


def test_a_listener_that_raises_is_reported_once_and_hurts_nobody(caplog):
    seen = []

    @hookimpl
    def anyvideo_event(event):
        seen.append(event)

    @hookimpl(specname=None)
    def broken(event):
        raise KeyError(event.kind)

    registry = Registry()
    registry.add(make_module(anyvideo_event=anyvideo_event), Plugin("good"))
    registry.add(make_module(anyvideo_event=broken), Plugin("bad"))
    with caplog.at_level(logging.ERROR, "anyvideo"):
        registry.notify(EVENT)
        registry.notify(EVENT)

    assert seen == [EVENT, EVENT]
    assert caplog.text.count("plugin 'bad' of this program failed over an event") == 1
    assert "KeyError: 'state'" in caplog.text


def test_a_hook_may_take_no_arguments():
    calls = []

    @hookimpl
    def anyvideo_event():
        calls.append(1)

    registry = Registry()
    registry.add(make_module(anyvideo_event=anyvideo_event))
    registry.notify(EVENT)

    assert calls == [1]
    assert registry.plugins[0].name == "local"


def test_a_veto_passes_as_it_is_and_a_broken_one_is_no_yes():
    @hookimpl
    def anyvideo_before_submit(plan):
        if isinstance(plan, Exception):
            raise plan

    registry = Registry()
    registry.add(make_module(anyvideo_before_submit=anyvideo_before_submit), Plugin("strict"))

    registry.veto(None)  # type: ignore[arg-type]  # the hook lets it pass
    with pytest.raises(BudgetError, match="too dear"):
        registry.veto(BudgetError("too dear"))  # type: ignore[arg-type]  # the hook raises its argument
    with pytest.raises(PluginError, match=r"'strict' of this program: anyvideo_before_submit.*Val"):
        registry.veto(ValueError("oops"))  # type: ignore[arg-type]  # the hook raises its argument


def test_an_object_can_be_a_plugin():
    class Listener:
        @hookimpl
        def anyvideo_event(self, event):
            self.event = event

    listener, registry = Listener(), Registry()
    registry.add(listener)
    registry.notify(EVENT)

    assert listener.event is EVENT
    assert registry.plugins[0].name == "Listener"


def test_events_do_not_change():
    event = Event("request", EVENT.at, "acme", details={"url": "/v1"})

    with pytest.raises(TypeError):
        event.details["url"] = "/v2"  # type: ignore[index]  # that is what is tested
    assert evolve(event, ref="x").details == {"url": "/v1"}


def test_hooks_run_in_the_order_of_pluggy():
    order = []

    def add(registry, name, **options):
        @hookimpl(**options)
        def anyvideo_event():
            order.append(name)

        @hookimpl(**options)
        def anyvideo_before_submit():
            order.append(name)

        module = make_module(
            anyvideo_event=anyvideo_event, anyvideo_before_submit=anyvideo_before_submit
        )
        registry.add(module, Plugin(name))

    registry = Registry()
    add(registry, "last", trylast=True)
    add(registry, "one")
    add(registry, "first", tryfirst=True)
    add(registry, "two")
    registry.notify(EVENT)
    registry.veto(cast(Plan, None))

    assert order == ["first", "two", "one", "last"] * 2
