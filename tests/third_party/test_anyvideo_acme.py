"""The tutorial's distribution: the same files as in the tutorial, installed, and at work."""

import difflib
import json
import re
import sys
from pathlib import Path

import pytest

from anyvideo.adapters.registry import load_registry
from anyvideo.client.sync import Client
from anyvideo.model.job import VideoJob
from anyvideo.model.media import Image
from anyvideo.sandbox import Sandbox
from anyvideo.sandbox.discovery import find_vendors
from anyvideo.testing import Server, VirtualClock, draw_picture
from tests.distributions import build_and_install, load_file, run_python

HERE = Path(__file__).parent / "anyvideo_acme"
DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(
    r'^(?P<fence>`{3,4})\w+ title="(?P<name>[^"]+)"\n(?P<text>.*?)^(?P=fence)$',
    re.MULTILINE | re.DOTALL,
)


def list_blocks(page):
    return {
        found["name"]: found["text"] for found in BLOCK.finditer((DOCS / page).read_text("utf-8"))
    }


TUTORIAL = list_blocks("tutorial.md")
BLOCKS = {**TUTORIAL, **list_blocks("authors/sandbox.md")}  # the second page adds to a file
LOCAL = {"anyvideo.toml"}  # the reader's own, beside the distribution


def list_files():
    found = (path for path in HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(HERE).as_posix() for path in found} - {"src/anyvideo_acme/py.typed"}


def test_the_pages_show_every_file():
    assert BLOCKS.keys() - LOCAL == list_files()


@pytest.mark.parametrize("name", sorted(BLOCKS.keys() - LOCAL))
def test_the_pages_show_the_files_as_they_are(name):
    assert BLOCKS[name] == (HERE / name).read_text("utf-8")


@pytest.mark.parametrize("name", sorted(TUTORIAL.keys() - LOCAL))
def test_the_sandbox_only_adds_to_the_tutorials_files(name):
    changes = difflib.ndiff(TUTORIAL[name].splitlines(), BLOCKS[name].splitlines())

    assert [line for line in changes if line[0] in "-?"] == []


def test_an_adapter_with_an_upload_is_under_60_lines_of_code():
    text = re.sub(r'""".*?"""', "", BLOCKS["src/anyvideo_acme/adapter.py"], flags=re.DOTALL)
    code = [line for line in text.splitlines() if line.strip() and not line.strip().startswith("#")]

    assert len(code) < 60


@pytest.fixture
def acme(monkeypatch):
    """Import the plugin from its source, and its vendor."""
    monkeypatch.syspath_prepend(HERE / "src")
    yield load_file(HERE / "vendor.py", "acme_vendor")
    for name in [name for name in sys.modules if name.startswith("anyvideo_acme")]:
        del sys.modules[name]


def test_a_local_picture_becomes_a_film(acme, tmp_path):
    vendor = acme.Vendor()
    job = VideoJob("a fox", seconds=5, images=(Image(draw_picture(64, 64)),))
    with Server(vendor.respond) as server:
        vendor.url = server.url
        registry = load_registry(found=[_point()])
        config = {"providers": {"acme": {"base_url": server.url, "api_key": "acme-key"}}}
        with Client(config, registry=registry, journal=None, clock=VirtualClock()) as client:
            plan = client.plan(job, "acme/acme-1")
            video = client.generate(job, tmp_path / "fox.mp4", "acme/acme-1")

    assert str(plan.quote) == "0.40 USD"
    assert [request.url for request in plan.requests] == ["/v1/files", "/v1/clips"]
    assert video.facts.seconds == 5
    assert [call.path for call in server.calls][:2] == ["/v1/files", "/v1/clips"]
    assert server.calls[1].json()["input"]["picture"] == f"{server.url}/films/1"


def test_the_sandbox_serves_the_plugins_wire(acme, tmp_path):
    registry = load_registry(found=[_point()])
    job = VideoJob("a fox", seconds=10, images=(Image(draw_picture(64, 64)),))
    clock = VirtualClock()
    with (
        Sandbox(vendors=find_vendors(registry), clock=clock) as sandbox,
        Client({}, sandbox=sandbox, registry=registry, journal=None, clock=clock) as client,
    ):
        video = client.generate(job, tmp_path / "fox.mp4", "acme/acme-1")

    assert sandbox.adapters == ("acme",)
    assert video.facts.seconds == 10
    assert [call.path for call in sandbox.posts("acme")] == ["/v1/clips"]


def _point():
    from importlib.metadata import EntryPoint

    return EntryPoint("acme", "anyvideo_acme", "anyvideo")


@pytest.mark.wheel
def test_installed_it_is_found_tested_and_at_work(acme, tmp_path):
    site = build_and_install(HERE, tmp_path / "site")
    own = ("-m", "pytest", "-q", "-p", "no:asyncio", "-p", "no:cacheprovider", HERE / "tests")
    tests = run_python(site, *own, "-c", HERE / "pyproject.toml", cwd=tmp_path)
    listed = run_python(site, "-m", "anyvideo.cli", "plugins", "--json", cwd=tmp_path)
    with Server(acme.Vendor().respond) as server:
        config = f'[providers.acme]\nbase_url = "{server.url}"\n'
        (tmp_path / "anyvideo.toml").write_text(config, "utf-8")
        order = ("-m", "anyvideo.cli", "plan", "a red fox", "-m", "acme/acme-1", "--json")
        shown = run_python(site, *order, cwd=tmp_path)

    assert "23 passed" in tests.stdout
    (acme,) = [
        plugin for plugin in json.loads(listed.stdout)["plugins"] if plugin["name"] == "acme"
    ]
    assert (acme["state"], acme["distribution"], acme["version"]) == (
        "loaded",
        "anyvideo-acme",
        "0.1.0",
    )
    assert "acme-1" in shown.stdout
