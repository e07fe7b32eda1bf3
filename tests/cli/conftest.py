"""Runs commands in this process, on one clock for the client and the sandbox."""

import functools
import io
import json
import os
import sys
from datetime import UTC, datetime

import attrs
import pytest

import anyvideo.sandbox
from anyvideo.cli import main
from anyvideo.sandbox import Sandbox
from anyvideo.testing import VirtualClock

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
FOX = "a red fox"
GROK = "apiyi/grok-imagine-video-1.5"


@attrs.frozen
class Result:
    """The exit code of a command, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return self.out.splitlines()


@pytest.fixture
def home(monkeypatch, tmp_path):
    """An empty working folder, without any settings or keys of this machine."""
    for name in list(os.environ):
        if name.startswith("ANYVIDEO_") or name.endswith("_API_KEY"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("ANYVIDEO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def clock(monkeypatch):
    shared = VirtualClock(NOON.timestamp())
    for module in ("client.core", "cli.commands.jobs"):
        monkeypatch.setattr(f"anyvideo.{module}.SystemClock", lambda: shared)
    monkeypatch.setattr(anyvideo.sandbox, "Sandbox", functools.partial(Sandbox, clock=shared))
    return shared


@pytest.fixture
def call(home, clock, monkeypatch, capsys):
    """Run a command and return its result."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        return Result(int(ended.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def sandbox(clock):
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def account(call, sandbox, monkeypatch, tmp_path):
    """An anyvideo.toml whose providers are in the sandbox, with keys, and a journal on disk."""
    lines = [f'model = "{GROK}"']
    for name in ("apiyi", "apimart"):
        monkeypatch.setenv(f"{name.upper()}_API_KEY", "a-key")
        lines.append(f'[providers.{name}]\nbase_url = "{sandbox.base_url(name)}"')
    path = tmp_path / "anyvideo.toml"
    path.write_text("\n".join(lines), "utf-8")
    return path


@pytest.fixture
def lost(call, account, sandbox):
    """An ambiguous job with the key "lost", whose answer was lost; returns its id at the vendor."""
    ended = call("generate", f"{FOX} [fault:drop-after-accept]", "-o", "fox.mp4", "--key", "lost")
    assert ended.code == 5
    return sandbox.tasks[-1].id


@pytest.fixture
def terminal(monkeypatch):
    """Let stdout be a terminal of 100 columns, without colours."""
    for module in ("table", "progress"):
        monkeypatch.setattr(f"anyvideo.cli.views.{module}.is_interactive", lambda: True)
    for name, value in {"COLUMNS": "100", "TERM": "xterm", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("FORCE_COLOR", "1")  # to rich, what is captured is not a terminal otherwise
