"""One app is moved across all three vendors by its config alone."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from anyvideo.client.sync import Client
from tests.examples.running import EXAMPLES

FOLDER = EXAMPLES / "switch_vendors"
VENDORS = {
    "apertis": ("apertis-create/veo-3-fast", "/v1/video/create"),
    "apimart": ("apimart/kling-v3", "/v1/videos/generations"),
    "apiyi": ("apiyi/grok-imagine-video-1.5", "/v1/videos"),
}


def test_there_is_a_config_for_every_vendor_and_the_app_names_none():
    assert {path.stem for path in FOLDER.glob("*.toml")} == {*VENDORS}
    code = (FOLDER / "app.py").read_text("utf-8").partition('"""\n\nimport')[2]
    assert code
    assert not any(vendor in code for vendor in VENDORS)


@pytest.mark.parametrize("vendor", [*VENDORS])
def test_the_app_runs_with_each_config(vendor, sandbox, sandbox_clock, tmp_path, capsys):
    offer, path = VENDORS[vendor]
    make = runpy.run_path(str(FOLDER / "app.py"))["make"]
    config = FOLDER / f"{vendor}.toml"
    with Client(config, sandbox=sandbox, journal=None, clock=sandbox_clock) as client:
        video = make(client, str(tmp_path / "fox.mp4"))

    assert video.path.read_bytes()[4:8] == b"ftyp"
    assert (video.task.provider, video.task.model) == tuple(offer.split("/"))
    assert [(post.adapter, post.path) for post in sandbox.posts()] == [(video.task.adapter, path)]
    assert capsys.readouterr().out.startswith(f"{offer} for ")


@pytest.mark.slow
def test_it_is_a_program(tmp_path):
    command: list[str | Path] = [
        sys.executable,
        FOLDER / "app.py",
        FOLDER / "apimart.toml",
        "fox.mp4",
        "--sandbox",
    ]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)

    assert done.stdout.splitlines() == ["apimart/kling-v3 for 0.336 USD", "fox.mp4"]
