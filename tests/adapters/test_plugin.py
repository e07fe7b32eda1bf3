"""The authors' surface: its quick start passes the kit, its names are explained, requests may be signed."""

import hashlib
import hmac
import inspect
import sys
import textwrap
from types import ModuleType

import pytest

from anyvideo import plugin
from anyvideo.adapters.registry import Registry
from anyvideo.client.sync import Client
from anyvideo.errors import DownloadError, PluginError
from anyvideo.model.job import VideoJob
from anyvideo.plugin import Adapter, Report, Response, Status, Task, read_status
from anyvideo.tasks.status import find_status
from anyvideo.testing import Conformance, Server, VirtualClock, answer, drive
from tests.acme.sound import Kit, Signed, Sound, say
from tests.clients import KINDS

TASK = Task("acme", "acme", "https://api.acme.example", "1", "acme-1")


def run_quick_start():
    """The code of the module's docstring, as a module of its own."""
    lines = (plugin.__doc__ or "").splitlines()
    first = lines.index("    from anyvideo.plugin import (")
    last = lines.index("        return [Acme()]")
    source = textwrap.dedent("\n".join(lines[first : last + 1]))
    module = ModuleType("anyvideo_quick_start")
    sys.modules[module.__name__] = module
    exec(compile(source, "<quick start>", "exec"), vars(module))  # noqa: S102 (our own docstring)
    return module, source


MODULE, SOURCE = run_quick_start()


class TestQuickStart(Conformance):
    """The adapter of the docstring passes the kit."""

    adapter = MODULE.Acme()
    accepted = answer({"id": "clip-1", "state": "queued"})
    running = answer({"id": "clip-1", "state": "running", "progress": 40})
    succeeded = answer({"id": "clip-1", "state": "done", "url": "https://cdn.acme.example/1.mp4"})
    failed = answer({"id": "clip-1", "state": "failed", "error": {"message": "no foxes"}})


def test_the_quick_start_is_a_plugin_of_less_than_60_lines():
    registry = Registry()
    registry.add(MODULE)

    assert [item.state for item in registry.plugins] == ["loaded"]
    assert isinstance(registry.adapter("acme"), Adapter)
    assert len(SOURCE.splitlines()) < 60


def test_every_name_of_the_surface_is_there_once_and_explained():
    things = {name: getattr(plugin, name) for name in plugin.__all__}
    explained = filter(
        lambda thing: inspect.isclass(thing) or inspect.isfunction(thing), things.values()
    )

    assert sorted(plugin.__all__, key=str.lower) == sorted(set(plugin.__all__), key=str.lower)
    assert all(thing.__doc__ for thing in explained)


def test_a_task_without_url_is_not_located():
    with pytest.raises(DownloadError, match="task 1 is queued and carries no URL"):
        drive(plugin.locate_url(TASK), [])


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (("data", 0, "id"), 7),
        (("data", -1, "id"), 7),
        (("data", 1), None),
        (("data", -2), None),
        (("data", "id"), None),
        (("text", "x"), None),
        ((), {"data": [{"id": 7}], "text": "x"}),
    ],
)
def test_find_looks_into_an_answer_and_never_raises(path, found):
    assert answer({"data": [{"id": 7}], "text": "x"}).find(*path) == found
    assert Response(200, {}, b"<html>").find(*path) is None


@pytest.mark.parametrize(("given", "id"), [("a ", "a"), (7, "7"), (True, ""), (None, ""), ([], "")])
def test_a_report_has_an_id_or_none(given, id):  # noqa: A002 (the field's own name)
    assert Report(id=given).id == id


def test_a_vendors_own_words_are_looked_up_first():
    words = {"已完成": "succeeded", "ready": "running"}

    assert read_status("已完成 ", words) is Status.SUCCEEDED
    assert read_status("ready", words) is Status.RUNNING
    assert read_status("failed", words) is Status.FAILED
    assert read_status({"已完成"}, words) is Status.RUNNING
    assert find_status("no such word") is None


class TestSigned(Kit):
    """An adapter that signs passes the kit."""

    adapter = Signed()
    key = "account:secret"


class Strict:
    """Believes nobody without a proof."""

    url = ""

    def respond(self, call):
        text = f"{call.method} {self.url}{call.path} {call.headers['x-time']} ".encode() + call.body
        proof = hmac.new(b"secret", text, hashlib.sha256).hexdigest()
        if call.headers["x-proof"] != proof or "authorization" in call.headers:
            return answer({"error": {"message": "who are you?"}}, 401)
        return say(phase="排队中")


def configure(adapter, url):
    registry = Registry()
    registry.adapters["acme"] = adapter
    config = {"providers": {"acme": {"base_url": url, "api_key": "account:secret"}}}
    return {"config": config, "registry": registry, "journal": None, "clock": VirtualClock()}


@pytest.fixture
def vendor():
    strict = Strict()
    with Server(strict.respond) as server:
        strict.url = server.url
        yield server


def test_signed_requests_prove_who_is_asking(vendor, kind):
    with KINDS[kind](**configure(Signed(), vendor.url)) as client:
        task = client.submit(VideoJob("a fox"), "acme/acme-1")

    assert task.id == "clip-1"
    assert vendor.calls[0].headers["x-account"] == "account"


class Fails(Sound):
    def authorize(self, request, key, body, now):
        raise ValueError(key)


class SignsWithNumbers(Sound):
    def authorize(self, request, key, body, now):
        return {"x-time": now}


@pytest.mark.parametrize(
    ("adapter", "fault"),
    [
        (Fails(), "authorize raised ValueError"),
        (SignsWithNumbers(), "authorize did not return"),
    ],
)
def test_a_signature_that_fails_names_the_adapter_and_keeps_the_key(vendor, adapter, fault):
    with (
        Client(**configure(adapter, vendor.url)) as client,
        pytest.raises(PluginError, match=fault) as caught,
    ):
        client.submit(VideoJob("a fox"), "acme/acme-1")

    assert "secret" not in str(caught.getrepr())
    assert vendor.calls == []
