"""Vendors come from plugins or are given; one that fails takes no other down."""

import logging

import httpx
import pytest
from attrs import evolve

from anyvideo.adapters.discovery import EntryPoint
from anyvideo.adapters.registry import Plugin, Registry, load_registry, read_blocked
from anyvideo.plugin import hookimpl
from anyvideo.sandbox import Order, Route, Sandbox, Vendor, json_answer
from anyvideo.sandbox.discovery import find_vendors

REFUSALS = ("no-key", "wrong-key", "no-money", "no-task", "429", "503", "moderated")


def order(call):
    fields = call.http.read_json()
    film = Order("acme-1", fields["prompt"], 5, 64, 64)
    return call.accept(film, "clip-1", lambda task: json_answer({"id": task.id}))


def make_vendor(*adapters, name="acme"):
    return Vendor(
        name,
        adapters,
        (Route("POST", "/clips", "order", order),),
        {word: json_answer({"refused": word}, 400) for word in REFUSALS},
        lambda _: json_answer({"refused": "path"}, 404),
    )


class Bringing:
    """A plugin with a sandbox."""

    def __init__(self, *brought):
        self.brought = brought

    @hookimpl
    def anyvideo_sandbox(self):
        return list(self.brought)


class Failing:
    @hookimpl
    def anyvideo_sandbox(self):
        return 1 / 0


class Wordless:
    @hookimpl
    def anyvideo_sandbox(self):
        return None


def register(*plugins):
    registry = Registry()
    for number, plugin in enumerate(plugins):
        registry.add(plugin, Plugin(f"{type(plugin).__name__}-{number}"))
    return registry


def post(sandbox, path, **fields):
    headers = {"authorization": "Bearer k"}
    return httpx.post(f"{sandbox.url}{path}", json=fields, headers=headers)


class TestGiven:
    def test_given_vendors_are_the_only_ones(self):
        with Sandbox(vendors=[make_vendor("acme", "acme-2")]) as sandbox:
            made = post(sandbox, "/acme-2/clips", prompt="a fox")
            refused = post(sandbox, "/acme/clips", prompt="a fox [fault:429]")

        assert sandbox.adapters == ("acme", "acme-2")
        assert made.json() == {"id": "clip-1"}
        assert refused.json() == {"refused": "429"}
        assert [(task.adapter, task.vendor) for task in sandbox.tasks] == [("acme-2", "acme")]

    def test_two_vendors_at_one_adapter_are_an_error(self):
        vendors = [make_vendor("acme"), make_vendor("acme", name="other")]

        with pytest.raises(ValueError, match="acme and other both serve the adapter acme"):
            Sandbox(vendors=vendors)

    @pytest.mark.parametrize(
        ("authorization", "answered"),
        [
            ("Token k", {"id": "clip-1"}),
            ("token k", {"id": "clip-1"}),
            ("Bearer k", {"refused": "no-key"}),
            ("Token sandbox-401", {"refused": "wrong-key"}),
        ],
    )
    def test_a_vendor_may_have_its_own_word_before_the_key(self, authorization, answered):
        vendor = evolve(make_vendor("acme"), read_key=lambda call: call.read_key("Token"))
        with Sandbox(vendors=[vendor]) as sandbox:
            headers = {"authorization": authorization}
            answer = httpx.post(f"{sandbox.url}/acme/clips", json={"prompt": "p"}, headers=headers)

        assert answer.json() == answered

    @pytest.mark.parametrize(
        ("presigned", "answered"), [(True, {"id": "clip-1"}), (False, {"refused": "no-key"})]
    )
    def test_a_presigned_route_needs_no_key(self, presigned, answered):
        vendor = make_vendor("acme")
        routes = [evolve(route, presigned=presigned) for route in vendor.routes]
        with Sandbox(vendors=[evolve(vendor, routes=routes)]) as sandbox:
            answer = httpx.post(f"{sandbox.url}/acme/clips", json={"prompt": "p"})

        assert answer.json() == answered

    def test_an_error_in_a_wire_is_shown_to_its_author(self):
        with Sandbox(vendors=[make_vendor("acme")]) as sandbox:
            answer = post(sandbox, "/acme/clips")

        assert answer.status_code == 500
        message = "sandbox: the wire of acme raised KeyError: 'prompt'"
        assert answer.json()["error"]["message"] == message


class TestTasks:
    def test_a_vendor_may_find_its_tasks_itself(self):
        def show(call):
            return json_answer({"id": call.task.id})

        def find(world, route, call):
            tasks = world.tasks.list()
            return next((task for task in tasks if task.id == f"clip-{call.query['n']}"), None)

        vendor = evolve(
            make_vendor("acme"),
            routes=(*make_vendor("acme").routes, Route("GET", "/clips", "poll", show)),
            find_task=lambda *given: None if given[1].kind == "order" else find(*given),
        )
        with Sandbox(vendors=[vendor]) as sandbox:
            post(sandbox, "/acme/clips", prompt="a fox")
            headers = {"authorization": "Bearer k"}
            known, unknown = (
                httpx.get(f"{sandbox.url}/acme/clips", params={"n": n}, headers=headers)
                for n in (1, 2)
            )

        assert known.json() == {"id": "clip-1"}
        assert unknown.json() == {"refused": "no-task"}


class TestFound:
    def test_a_vendor_may_have_its_key_in_another_header(self):
        vendor = evolve(
            make_vendor("acme"), read_key=lambda call: call.headers.get("x-goog-api-key", "")
        )
        with Sandbox(vendors=[vendor]) as sandbox:
            url, keys = f"{sandbox.url}/acme/clips", ("sk-1", "sandbox-401")
            bearer = httpx.post(url, json={"prompt": "x"}, headers={"authorization": "Bearer sk-1"})
            taken, wrong = (
                httpx.post(url, json={"prompt": "x"}, headers={"x-goog-api-key": key})
                for key in keys
            )

        assert bearer.json() == {"refused": "no-key"}
        assert taken.json() == {"id": "clip-1"}
        assert wrong.json() == {"refused": "wrong-key"}

    def test_installed_plugins_are_asked(self):
        assert set(Sandbox().adapters) > {"apertis-chat", "apimart", "apiyi", "openai-videos"}

    def test_blocked_plugins_are_not(self, monkeypatch):
        served = set(Sandbox().adapters)
        monkeypatch.setenv("ANYVIDEO_BLOCKED", "apimart,openai-videos")

        assert served - set(Sandbox().adapters) == {"apimart", "openai-videos"}
        assert read_blocked({}) == ()

    def test_a_plugin_that_fails_takes_no_other_down(self, caplog):
        registry = register(Failing(), Wordless(), Bringing(make_vendor("acme"), "acme-2"))

        assert [vendor.adapters for vendor in find_vendors(registry)] == [("acme",)]
        failed, wordless, foreign = [record.getMessage() for record in caplog.records]
        assert "Failing" in failed
        assert "anyvideo_sandbox raised ZeroDivisionError: division by zero" in failed
        assert "'NoneType' object is not iterable" in wordless
        assert foreign.endswith("anyvideo_sandbox holds str; return a list of Vendor")

    def test_an_adapter_that_two_plugins_claim_is_left_out(self, caplog):
        one, other = make_vendor("acme", "acme-2"), make_vendor("acme", name="other")
        found = find_vendors(register(Bringing(one), Bringing(other)))

        assert [(vendor.name, vendor.adapters) for vendor in found] == [
            ("acme", ("acme-2",)),
            ("other", ()),
        ]
        assert (
            "the sandbox leaves out acme: claimed by plugin 'Bringing-0' of this program and plugin 'Bringing-1'"
            in caplog.text
        )

    def test_the_hook_is_listed_and_loads_no_wire(self, caplog):
        caplog.set_level(logging.WARNING)
        point = EntryPoint("apiyi", "anyvideo_plugins.apiyi", None)

        (plugin,) = load_registry(found=[point]).plugins
        assert plugin.hooks == ("anyvideo_adapters", "anyvideo_sandbox")
        assert caplog.records == []


def test_a_client_without_a_sandbox_loads_no_wire():
    import subprocess
    import sys

    code = "import anyvideo, sys; anyvideo.Client({}, journal=None).close(); print([n for n in sys.modules if 'sandbox' in n])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stdout == "[]\n"


def test_a_route_may_refuse_in_words_of_its_own():
    vendor = make_vendor("acme")
    old = Route(
        "POST", "/v1/clips", "order", order, refusals={"no-money": json_answer({"code": 1008})}
    )
    with Sandbox(vendors=[evolve(vendor, routes=(*vendor.routes, old))]) as sandbox:
        answers = [
            httpx.post(f"{sandbox.url}/acme{path}", headers={"authorization": f"Bearer {key}"})
            for path in ("/clips", "/v1/clips")
            for key in ("sandbox-402", "sandbox-401")
        ]

    assert [answer.json() for answer in answers] == [
        {"refused": "no-money"},
        {"refused": "wrong-key"},
        {"code": 1008},
        {"refused": "wrong-key"},
    ]
