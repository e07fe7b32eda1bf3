"""Where `anyvideo generate` puts the video: a chosen name, standard output."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from anyvideo.cli.context import CliContext
from anyvideo.files.mp4 import read
from anyvideo.sandbox import Sandbox

FOX = "A red fox, at dawn!"
CONFIG = """
model = "apiyi/grok-imagine-video-1.5"
[providers.apiyi]
base_url = "%s"
[[offers]]
adapter = "apiyi"
model = "grok-imagine-video-1.5"
finishes_in = 1
"""


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        (FOX, "a-red-fox-at-dawn.mp4"),
        ("A red fox runs through fresh snow at dawn in winter", "a-red-fox-runs-through-fresh-snow-at.mp4"),
        ("红狐在雪地里", "红狐在雪地里.mp4"),
        ("x" * 90, f"{'x' * 40}.mp4"),
        ("🦊 ...", "grok-imagine-video-1-5.mp4"),
    ],
)  # fmt: skip
def test_the_file_is_named_by_the_prompt_or_else_by_the_model(call, account, prompt, name):
    result = call("generate", prompt)

    assert result.code == 0, result.err
    assert f"  file    {name}\n" in result.out
    assert result.lines[-1].startswith(f"{name}: ")
    assert Path(name).exists()


def test_a_chosen_name_never_overwrites(call, account, tmp_path):
    (tmp_path / "a-red-fox-at-dawn.mp4").write_text("", "utf-8")
    (tmp_path / "a-red-fox-at-dawn-2.mp4.part").write_text("x", "utf-8")
    late = call("generate", FOX, "--timeout", 0.001)
    result = call("generate", FOX, "--json")

    assert "  file    a-red-fox-at-dawn-3.mp4\n" in late.out
    assert late.code == 6
    assert result.json["path"] == str(tmp_path / "a-red-fox-at-dawn-4.mp4")
    assert call("resume").lines[-1].startswith("a-red-fox-at-dawn-3.mp4: ")


def test_a_repeated_key_keeps_its_file(call, account):
    assert call("generate", FOX, "--key", "k", "--timeout", 0.001).code == 6
    again, third = call("generate", FOX, "--key", "k"), call("generate", FOX, "--key", "k")

    assert again.lines[-1].startswith("a-red-fox-at-dawn.mp4: ")
    assert third.lines[-1].startswith("a-red-fox-at-dawn-2.mp4: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--overwrite"], "--overwrite needs -o FILE"), (["-o", "-", "--json"], "drop one")],
)
def test_contradictory_options_send_nothing(call, account, sandbox, arguments, says):
    result = call("generate", FOX, *arguments)

    assert (result.code, result.err.count("\n"), sandbox.posts()) == (2, 1, [])
    assert says in result.err


def test_quiet_prints_the_path_alone_and_differences_to_stderr(call, account):
    plain = call("generate", FOX, "-o", "fox.mp4", "-q")
    other = call("generate", f"{FOX} [fault:wrong-size]", "-o", "b.mp4", "-q", "--seconds", 4)

    assert (plain.out, plain.err) == ("fox.mp4\n", "")
    assert other.out == "b.mp4\n"
    assert other.err.startswith("not as ordered: size ordered ")


class Output(io.TextIOWrapper):
    """A standard output that keeps its bytes, and may be a terminal."""

    terminal = False

    def isatty(self):
        return self.terminal


@pytest.fixture
def pipe(monkeypatch):
    """The standard output of a run; all that is written to it stays readable."""
    output, init = Output(io.BytesIO(), write_through=True), CliContext.__init__

    def make(context):
        init(context)
        context.stdout = output

    monkeypatch.setattr(CliContext, "__init__", make)
    return output


def test_a_dash_writes_the_video_to_standard_output(call, account, pipe, tmp_path):
    result = call("generate", f"{FOX} [fault:wrong-size]", "-o", "-", "--seconds", 4, "--key", "k")

    assert (result.code, result.out) == (0, "")
    assert "sent to apiyi/" in result.err
    assert "not as ordered: size ordered " in result.err
    (tmp_path / "copy.mp4").write_bytes(pipe.buffer.getvalue())
    assert read(tmp_path / "copy.mp4").seconds == pytest.approx(4, abs=0.1)
    (row,) = call("jobs", "--all").lines[1:]
    assert row.endswith("standard output")
    assert "\nk.mp4: " in call("resume", "k").out


def test_a_video_does_not_go_to_a_terminal(call, account, sandbox, pipe):
    pipe.terminal = True
    result = call("generate", FOX, "-o", "-")

    assert (result.code, result.err.count("\n"), sandbox.posts()) == (2, 1, [])
    assert "standard output is a terminal" in result.err


@pytest.mark.slow
def test_a_reader_that_is_gone_can_have_the_video_again(home, monkeypatch):
    monkeypatch.setenv("APIYI_API_KEY", "a-key")
    with Sandbox(duration=0.1) as sandbox:
        config = CONFIG % sandbox.base_url("apiyi")
        (home / "anyvideo.toml").write_text(config, "utf-8")
        own, none = run_without_reader(), run_without_reader("--sandbox")

    again = "anyvideo: the reader closed the pipe; download again: anyvideo resume "
    assert own.returncode == none.returncode == 141
    assert own.stderr.startswith(again)
    assert none.stderr == ""


def run_without_reader(*arguments):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "anyvideo", "generate", FOX, "-q", "-o", "-", *arguments]
    with os.fdopen(write, "wb") as output:
        return subprocess.run(
            command, stdout=output, stderr=subprocess.PIPE, text=True, check=False, timeout=60
        )
