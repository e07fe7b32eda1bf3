"""The page on architecture shows the layers, the folders and the walks that the code has."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text("utf-8")
PICTURE = (ROOT / "docs/images/architecture.svg").read_text("utf-8")
FOLDERS = {path.parent.name for path in (ROOT / "core/anyvideo").glob("*/__init__.py")}
MODULES = {path.stem for path in (ROOT / "core/anyvideo").glob("*.py")} - {"__init__"}
WALKS = ("generate", "compare", "resume")
SERVE_MOST_STEPS = {"model", "tasks", "session", "config", "dialects"}
# Runs the three calls in a process of its own, and notes the folders whose functions are called.
PROGRAM = """
import json, sys, tempfile
from pathlib import Path
import anyvideo, anyvideo.sandbox
from anyvideo.testing import VirtualClock

CORE, MODEL = Path(anyvideo.__file__).parent, "apimart/kling-v3"
job, clock, walks = anyvideo.VideoJob("a fox", seconds=5), VirtualClock(), {}

def trace(name, call):
    entered = walks[name] = []
    def note(frame, event, _):
        path = Path(frame.f_code.co_filename)
        if event == "call" and frame.f_code.co_name != "<module>" and CORE in path.parents:
            entered.append(path.relative_to(CORE).parts[0])
    sys.setprofile(note)
    try:
        return call()
    finally:
        sys.setprofile(None)
        walks[name] = sorted({part for part in entered if not part.endswith(".py")} - {"sandbox"})

with tempfile.TemporaryDirectory() as folder, anyvideo.sandbox.Sandbox(clock=clock) as sandbox:
    journal = Path(folder, "journal.sqlite")
    with anyvideo.Client({}, sandbox, journal=journal, clock=clock) as client:
        client.compare(job)
        trace("compare", lambda: client.compare(job))
        trace("generate", lambda: client.generate(job, Path(folder, "fox.mp4"), MODEL))
        handle = client.submit(job, MODEL).to_json()
        trace("resume", lambda: client.resume(handle))
print(json.dumps(walks))
"""


def read_contract():
    data = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (layers,) = (
        contract["layers"]
        for contract in data["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    return layers


def list_names(layers):
    return [name for layer in layers for name in layer.split(" | ")]


def test_the_layers_are_those_of_the_contract():
    (shown,) = re.findall(r"^```text\n(.*?)```", PAGE, re.MULTILINE | re.DOTALL)

    assert shown.splitlines() == read_contract()


def test_the_picture_shows_the_layers_from_top_to_bottom():
    shown = re.findall(r'class="name"[^>]*>([\w.]+)<', PICTURE)

    assert shown == [*list_names(read_contract()), "plugins", "plugin.py"]


def test_each_folder_has_its_paragraph_in_the_order_of_the_layers():
    described = re.findall(r"^\*\*`(\w+)`\*\* ", PAGE, re.MULTILINE)

    assert described == [name for name in list_names(read_contract()) if name in FOLDERS]
    assert set(described) == FOLDERS
    assert [name for name in sorted(MODULES) if f"`{name}`" not in PAGE] == ["__main__", "plugin"]
    assert "`anyvideo.plugin` stands outside the layers" in PAGE


def read_walk(name):
    section = PAGE.partition(f"### `client.{name}`\n")[2].partition("\n#")[0]
    return re.findall(r"^\d\. `(\w+)` ", section, re.MULTILINE)


@pytest.fixture(scope="module")
def entered():
    """Return the folders that each of the three calls enters."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], check=True, capture_output=True, text=True, timeout=100
    )
    return json.loads(done.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", WALKS)
def test_a_walk_names_the_folders_that_the_call_enters(name, entered):
    walk = read_walk(name)

    assert len(walk) == len(set(walk)) <= 8
    assert set(walk) == set(entered[name]) - SERVE_MOST_STEPS
